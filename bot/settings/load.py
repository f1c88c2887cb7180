"""Turn the sources into settings, or into one line per problem."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import Field, ValidationError, ValidationInfo, field_validator

from bot.policy import Rule
from bot.settings.references import broken_references
from bot.settings.sections import (
    AlertRoute,
    AnyAccount,
    AnyPager,
    FetchSettings,
    Name,
    OperatorsSettings,
    Rota,
    ServerSettings,
    SlackSettings,
    StoreSettings,
    SweepSettings,
    WatchSettings,
)
from bot.settings.sources import (
    Origins,
    Tree,
    UnreadableFileError,
    config_path,
    from_environment,
    merge,
    read_file,
)
from providers.account import Strict


class SettingsError(Exception):
    """The configuration is unusable; ``problems`` holds one safe line for each reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(Strict):
    """Everything that can be configured, checked."""

    slack: SlackSettings | None = None
    """None only for commands that do not speak to Slack."""
    server: ServerSettings = ServerSettings()
    store: StoreSettings = StoreSettings()
    accounts: dict[Name, AnyAccount] = Field(min_length=1)
    operators: OperatorsSettings = OperatorsSettings()
    fetch: FetchSettings = FetchSettings()
    watch: WatchSettings = WatchSettings()
    sweep: SweepSettings = SweepSettings()
    policy: tuple[Rule, ...] = ()
    """Who may do what; the first rule that fits decides, and without one everything is allowed."""
    alerts: tuple[AlertRoute, ...] = ()
    pagers: dict[Name, AnyPager] = Field(default={})
    rotas: dict[Name, Rota] = Field(default={})

    @field_validator("policy")
    @classmethod
    def _accounts_are_configured(
        cls, rules: tuple[Rule, ...], told: ValidationInfo
    ) -> tuple[Rule, ...]:
        """Refuse a rule for an account that is not there: it would silently never apply."""
        configured = tuple(told.data.get("accounts", ()))
        patterns = {pattern.partition("@")[2] for rule in rules for pattern in rule.provider}
        for pattern in sorted(patterns - {""}):
            if configured and not any(fnmatchcase(name, pattern) for name in configured):
                raise ValueError(f"accounts out of {', '.join(configured)}, not {pattern}")
        return rules


def load_settings(
    option: str | None, environ: Mapping[str, str], *, needs_slack: bool = True
) -> Settings:
    """Read and check the configuration.

    *option* is the path given on the command line. Without *needs_slack* the ``[slack]`` section
    is neither required nor looked at.

    Raises:
        SettingsError: with one line for every problem found.
    """
    path = config_path(option, environ)
    try:
        tree = read_file(path) if path else {}
    except UnreadableFileError as error:
        raise SettingsError([str(error)]) from None
    told, origins = from_environment(environ)
    return _validate(merge(tree, told), path, origins, needs_slack=needs_slack)


def _validate(tree: Tree, path: Path | None, origins: Origins, *, needs_slack: bool) -> Settings:
    if not needs_slack:
        tree.pop("slack", None)
    elif "slack" not in tree:
        tree["slack"] = {}
    where = str(path) if path else "environment"
    try:
        settings = Settings(**tree)
    except ValidationError as error:
        from bot.settings.problems import Told, describe_problems  # noqa: PLC0415  # only for bad news

        told = Told(tree, where, origins, Settings)
        raise SettingsError(describe_problems(error, told)) from None
    broken = broken_references(settings.alerts, settings.pagers, settings.rotas)
    if problems := [f"{where}: {'.'.join(key)}: {problem}" for key, problem in broken]:
        raise SettingsError(problems)
    return settings
