from pathlib import Path

import pytest

from bot.store.errors import UnusableStoreError
from bot.store.location import read_location


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///mediatask.db", Path("mediatask.db").resolve()),
        ("sqlite:////var/lib/m.db", Path("/var/lib/m.db")),
        ("sqlite:////var/lib/a b%20?c.db", Path("/var/lib/a b%20?c.db")),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
    ],
)
def test_an_address_names_a_file_or_memory(url: str, path: Path | None) -> None:
    assert read_location(url) == path


def test_two_names_of_one_file_are_one_store(tmp_path: Path) -> None:
    (tmp_path / "real.db").touch()
    (tmp_path / "link.db").symlink_to("real.db")

    assert read_location(f"sqlite:///{tmp_path}/link.db") == tmp_path / "real.db"


@pytest.mark.parametrize(
    "url", ["postgresql://bot:hunter2@db/media", "postgresql+asyncpg://bot:hunter2@db/media"]
)
def test_postgresql_is_said_to_come_later_without_its_password(url: str) -> None:
    with pytest.raises(UnusableStoreError, match="PostgreSQL comes with a later") as caught:
        read_location(url)

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mediatask.db",
        "sqlite:///",
        "sqlite:mediatask.db",
        "mysql://u:hunter2@db",
        "sqlite:///\0",
    ],
)
def test_any_other_address_is_told_what_is_wanted(url: str) -> None:
    with pytest.raises(UnusableStoreError, match="wanted sqlite:///") as caught:
        read_location(url)

    assert "hunter2" not in str(caught.value)
