"""What the documents promise is there, and what the house forbids is not."""

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.cli import main
from bot.doctor import REQUIRED_SCOPES
from bot.settings.load import Settings
from providers.models import Reason, TaskState
from tests.fakes.source import (
    ROOT,
    calls_of,
    definitions,
    events_logged,
    listened_to,
    manifest,
    methods_named,
    metrics_of,
    modules,
    table_rows,
    text_of,
)

OPERATIONS = "docs/operations.md"
MOST_LINES = 400
MOST_REQUIRED_SCOPES = 8
BANNED = {"utils", "helpers", "common", "misc", "manager", "handler", "data", "info", "process"}

EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
}
"""The scope each event needs; those that are not listed need none (Slack docs, events)."""
METHOD_SCOPES = {
    "chat_postMessage": "chat:write",
    "chat_postEphemeral": "chat:write",
    "chat_update": "chat:write",
    "chat_delete": "chat:write",
    "conversations_history": "channels:history",
    "conversations_info": "channels:read",
    "conversations_open": "im:write",
    "conversations_replies": "channels:history",
    "files_info": "files:read",
    "files_getUploadURLExternal": "files:write",
    "files_completeUploadExternal": "files:write",
    "files_upload_v2": "files:write",
    "usergroups_users_list": "usergroups:read",
    "users_info": "users:read",
    "users_list": "users:read",
}
"""The scope each Web API method needs; views and functions need none (Slack docs, methods)."""
KINDS_OF_METHODS = ("chat", "conversations", "files", "usergroups", "users")
TOLERATED = {"files:read"}
"""What may be asked for and need not be: bot/uploads.py waits blindly where it cannot look."""
SIBLINGS = {
    "channels:history": {"groups:history", "im:history"},
    "channels:read": {"groups:read"},
    "users:read": {"users:read.email"},
}
"""What the same call needs in private channels, and to tell people's addresses."""


# ---- The documents ----


def show_default(field: FieldInfo) -> str:
    """Write a default as docs/operations.md does."""
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True)
    if default is None:
        return "none"
    return f"`{json.dumps(_plain(default))}`"


def _plain(value: Any) -> Any:
    match value:
        case SecretStr():
            return value.get_secret_value()
        case timedelta():
            seconds = int(value.total_seconds())
            units = (("d", 86400), ("h", 3600), ("m", 60))
            fitting = (f"{seconds // n}{unit}" for unit, n in units if not seconds % n and n != 60)
            return next(fitting, f"{seconds // 60}m" if seconds > 60 else f"{seconds}s")
        case float():
            return round(value, 2)
        case _:
            return value


def every_key(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Go through every key of the configuration, with its default as it is documented."""
    for name, field in model.model_fields.items():
        key = f"{prefix}{name}{_many(field.annotation)}"
        inner = models_in(field.annotation)
        if not inner:
            yield key, show_default(field)
        for section in inner:
            yield from every_key(section, f"{key}.")


def _many(annotation: object) -> str:
    origin = get_origin(annotation)
    if origin is dict:
        return ".NAME"
    return "[]" if origin is tuple and models_in(annotation) else ""


def models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in models_in(inner)]


def test_every_setting_is_documented_with_its_default_and_nothing_else_is() -> None:
    rows = (row for row in table_rows(OPERATIONS) if re.fullmatch(r"`[\w.\[\]]+`", row[0]))

    documented = {(row[0].strip("`"), row[1]) for row in rows if "." in row[0]}

    assert documented == set(every_key(Settings))


def test_every_setting_says_what_it_means() -> None:
    rows = [row for row in table_rows(OPERATIONS) if re.fullmatch(r"`[\w\[\]]+\..+`", row[0])]

    assert [row[0] for row in rows if len(row) < 3 or not row[2].rstrip("|").strip()] == []


def commands(capsys: pytest.CaptureFixture[str]) -> set[str]:
    with pytest.raises(SystemExit):
        main(["--help"])
    return set(re.findall(r"^    ([a-z][a-z-]+)\b", capsys.readouterr().out, re.MULTILINE))


def test_every_command_is_in_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    named = set(re.findall(r"mediatask ([a-z][a-z-]+)", text_of("README.md")))

    missing = commands(capsys) - named

    assert missing == set(), "README.md has to show `mediatask <command>` for each"


def test_every_metric_is_documented_and_nothing_else_is() -> None:
    documented = {row[0].strip("`") for row in table_rows(OPERATIONS) if "mediatask_" in row[0]}

    assert documented == metrics_of("bot/")


def test_every_event_an_operator_may_worry_about_is_explained() -> None:
    explained = set(re.findall(r"`(\w+)`", text_of(OPERATIONS)))

    assert events_logged(("bot/", "providers/")) - explained == set()


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_explained(reason: Reason) -> None:
    assert f"`{reason}`" in text_of("docs/providers.md")


@pytest.mark.parametrize("state", TaskState)
def test_every_state_is_explained(state: TaskState) -> None:
    assert f"`{state}`" in text_of("docs/providers.md")


def links() -> list[tuple[str, str]]:
    names = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
    names += [str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")]
    pattern = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
    return [(name, link) for name in names for link in pattern.findall(text_of(name))]


def test_no_link_between_the_documents_is_dead() -> None:
    dead = [
        (name, link) for name, link in links() if not (ROOT / name).parent.joinpath(link).exists()
    ]

    assert dead == []


# ---- The Slack app ----


def subscribed(app: Any) -> set[str]:
    """The events Slack sends, as the manifest names them: ``message.im``."""
    return set(app["settings"].get("event_subscriptions", {}).get("bot_events", ()))


def in_manifest(app: Any) -> set[tuple[str, str]]:
    """What the manifest lets people and Slack do, as Bolt's word and the name."""
    features = app["features"]
    return {
        *(("command", one["command"]) for one in features.get("slash_commands", ())),
        *(("shortcut", one["callback_id"]) for one in features.get("shortcuts", ())),
        *(("event", event.partition(".")[0]) for event in subscribed(app)),
        *(("function", name) for name in app.get("functions", {})),
    }


def test_every_listener_has_its_place_in_the_manifest_and_the_other_way_round() -> None:
    words = {"global_shortcut": "shortcut", "message_shortcut": "shortcut"}
    heard = {(words.get(kind, kind), name) for kind, name in listened_to()}
    within_messages = {"action", "view", "options", "error", "use", "middleware"}
    told = {(kind, name) for kind, name in heard if kind not in within_messages}

    promised = in_manifest(manifest())

    assert told - {("event", "function_executed")} == promised - {("event", "function_executed")}


def test_buttons_and_modals_need_interactivity() -> None:
    kinds = {kind for kind, _ in listened_to()}

    assert kinds & {"action", "view"}
    assert manifest()["settings"]["interactivity"]["is_enabled"] is True


def scopes_needed() -> set[str]:
    """The scopes of what is listened to and of what is called."""
    heard = listened_to()
    needed = {"commands" for kind, _ in heard if kind in {"command", "shortcut"}}
    needed |= {EVENT_SCOPES[event] for event in subscribed(manifest()) if event in EVENT_SCOPES}
    called = calls_of("bot", KINDS_OF_METHODS) | methods_named("bot/relay/", KINDS_OF_METHODS)
    unknown = called - METHOD_SCOPES.keys()
    assert unknown == set(), "METHOD_SCOPES has to say which scope these need"
    needed |= {METHOD_SCOPES[method] for method in called}
    return needed | {sibling for scope in needed for sibling in SIBLINGS.get(scope, ())}


def scopes_asked() -> tuple[set[str], set[str]]:
    scopes = manifest()["oauth_config"]["scopes"]
    return set(scopes["bot"]), set(scopes.get("bot_optional", ()))


def test_every_scope_that_is_asked_for_is_needed_and_none_is_missing() -> None:
    required, optional = scopes_asked()

    assert required & optional == set()
    assert scopes_needed() - TOLERATED <= required | optional <= scopes_needed()


def test_at_most_eight_scopes_are_required() -> None:
    required, _ = scopes_asked()

    assert len(required) <= MOST_REQUIRED_SCOPES


def test_doctor_looks_for_the_scopes_that_are_required() -> None:
    required, _ = scopes_asked()

    assert required == REQUIRED_SCOPES


def test_every_scope_is_explained_in_the_readme() -> None:
    required, optional = scopes_asked()
    explained = {row[0].strip("`"): row[1] for row in table_rows("README.md") if len(row) >= 3}

    assert {scope: explained.get(scope) for scope in required | optional} == {
        **dict.fromkeys(required, "yes"),
        **dict.fromkeys(optional, "no"),
    }, "README.md has to have the row `| `scope` | yes or no | what for |` for each"


# ---- The code ----


@pytest.mark.parametrize("name", modules())
def test_no_module_is_too_long_to_read(name: str) -> None:
    assert len(text_of(name).splitlines()) <= MOST_LINES


def test_no_module_has_a_name_that_says_nothing() -> None:
    stems = {name: Path(name).stem for name in modules()}

    assert [name for name, stem in stems.items() if stem in BANNED] == []


def test_nothing_has_a_name_that_says_nothing() -> None:
    vague = re.compile(r"_?(do_\w+|Base[A-Z]\w*|Abstract\w+|\w+Impl|\w*(Manager|Helper|Utils?))")
    found = [
        f"{name}: {defined}"
        for name in modules()
        if "/web_api/" not in name  # its functions are called as Slack calls its methods
        for defined in definitions(name)
        if defined.strip("_") in BANNED or vague.fullmatch(defined)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("silencer", "reason"),
    [
        (r"pragma: no cover", r"pragma: no cover\s+(-|#|\()\s*\w+"),
        (r"# noqa", r"# noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*\s+(-|#)\s*\w+"),
        (r"# type: ignore", r"# type: ignore\[[\w, -]+\]\s+(-|#)\s*\w+"),
    ],
)
def test_whatever_silences_a_tool_says_why(silencer: str, reason: str) -> None:
    this = str(Path(__file__).relative_to(ROOT))
    lines = [
        f"{name}:{number}: {line.strip()}"
        for name in modules()
        if name != this
        for number, line in enumerate(text_of(name).splitlines(), 1)
        if re.search(silencer, line) and not re.search(reason, line)
    ]

    assert lines == []


# ---- The packaging ----


@pytest.mark.parametrize("name", [path.name for path in ROOT.glob("requirements*.lock")])
def test_the_locks_carry_hashes_and_no_address(name: str) -> None:
    text = text_of(name)

    assert "://" not in text
    assert not re.search(r"^(-i|--index-url|--extra-index-url|--find-links)", text, re.MULTILINE)
    pinned = re.findall(r"^[\w.\[\]-]+==", text, re.MULTILINE)
    assert len(pinned) == len(
        re.findall(r"^[\w.\[\]-]+==[^\n]*\\\n\s+--hash=sha256:", text, re.MULTILINE)
    )


def test_the_lock_of_the_page_carries_no_address() -> None:
    text = text_of("bot/sandbox/page/package-lock.json")
    lock = json.loads(text)

    assert "://" not in text
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def project() -> Any:
    return tomllib.loads(text_of("pyproject.toml"))["project"]


def test_every_dependency_has_a_range_and_a_reason() -> None:
    reasons = text_of("docs/decisions/0001-dependencies.md").lower()
    dependencies = [re.match(r"([\w-]+)(\[\w+\])?(.*)", one) for one in project()["dependencies"]]
    split = [(found[1], found[3]) for found in dependencies if found]

    assert [name for name, limits in split if ">=" not in limits or "<" not in limits] == []
    assert [name for name, _ in split if f"| {name}" not in reasons] == []


def test_the_vendors_sdks_are_for_the_tests_alone() -> None:
    extras = project()["optional-dependencies"]
    sdks = ("tencentcloud", "huaweicloud")

    assert not any(one.startswith(sdks) for one in project()["dependencies"])
    assert sum(one.startswith(sdks) for one in extras["test"]) == 2
