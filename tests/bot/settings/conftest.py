from pathlib import Path

import pytest

from bot.settings.load import Settings, SettingsError, load_settings


class Writer:
    """Puts a configuration where it can be loaded from."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self, text: str, *, needs_slack: bool = True, **environ: str) -> Settings:
        self.path.write_text(text)
        return load_settings(str(self.path), environ, needs_slack=needs_slack)

    def problems(self, text: str, *, needs_slack: bool = True, **environ: str) -> list[str]:
        with pytest.raises(SettingsError) as caught:
            self.load(text, needs_slack=needs_slack, **environ)
        return [problem.replace(str(self.path), "FILE") for problem in caught.value.problems]


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    return Writer(tmp_path / "mediatask.toml")
