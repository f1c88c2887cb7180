"""One line an event, and no secret in any of them."""

import io
import logging
import sys
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from bot.logs import LEVELS, MaskingFormatter, configure_logging, secrets_of
from bot.settings.load import Settings

CANARY = "canary-secret-0123456789"


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, put back as it was in the end."""
    logger = logging.getLogger()
    handlers, level = logger.handlers[:], logger.level
    yield logger
    logger.handlers[:] = handlers
    logger.setLevel(level)


def record(message: str, *values: object) -> logging.LogRecord:
    made = logging.LogRecord("bot.desk", logging.WARNING, "desk.py", 1, message, values, None)
    made.created = 1795255200.25
    return made


def test_a_line_tells_when_how_grave_who_and_what() -> None:
    line = MaskingFormatter(()).format(record("vendor_unavailable gate=%s", "record@main"))

    assert line == "2026-11-21T10:00:00.250Z warning bot.desk vendor_unavailable gate=record@main"


def test_a_known_secret_is_masked_wherever_it_stands() -> None:
    formatter = MaskingFormatter([CANARY])

    line = formatter.format(record("told %s and %s", CANARY, f"<{CANARY}>"))

    assert line.endswith("told *** and <***>")


def test_a_longer_secret_is_masked_whole_where_a_shorter_one_begins_it() -> None:
    formatter = MaskingFormatter(["abcdef", "abcdefgh"])

    assert formatter.mask("abcdefgh") == "***"


def test_what_is_too_short_for_a_secret_stays() -> None:
    assert MaskingFormatter(["main"]).mask("record@main") == "record@main"


@pytest.mark.parametrize(
    "text",
    [
        "xoxb-1-2-abc",
        "xapp-1-A0-2-def",
        "Signature=0aF%2B",
        "AccessKeyId=AKIA0001",
        "SecretId=AKID0001",
        "ticket=0123-4567",
        "token=abc.def",
        "Credential=AKID/2026-11-21/tiw/tc3_request",
        "Authorization: TC3-HMAC-SHA256 Credential=AKID, SignedHeaders=host",
        "'X-Auth-Token': 'MIIF...'",
        '"X-Security-Token": "abc"',
    ],
)
def test_what_looks_like_a_secret_is_masked_too(text: str) -> None:
    masked = MaskingFormatter(()).mask(f"GET {text}")

    assert "***" in masked
    assert not any(part in masked for part in ("abc", "0aF", "AKI", "MIIF", "4567", "def"))


def test_a_stack_trace_follows_its_line_and_is_masked() -> None:
    made = record("question_failed reference=%s", "ab12")
    with pytest.raises(KeyError) as caught:
        {"": ""}[CANARY]
    made.exc_info = (caught.type, caught.value, caught.tb)

    text = MaskingFormatter([CANARY]).format(made)

    assert "question_failed reference=ab12\nTraceback" in text
    assert text.endswith("KeyError: '***'")


def test_every_secret_of_a_configuration_is_found_however_deep() -> None:
    settings = Settings.model_validate(
        {
            "slack": {"bot_token": "xoxb-1", "app_token": "xapp-1"},
            "accounts": {
                "main": {
                    "vendor": "zego",
                    "app_id": 1,
                    "server_secret": "zego-secret",
                    "obs": {"bucket": "b", "region": "r", "ak": "obs-ak", "sk": "obs-sk"},
                }
            },
            "pagers": {"main": {"kind": "pagerduty", "routing_key": "pager-key"}},
            "rotas": {"media": {"ical": "https://calendar/secret"}},
        }
    )

    found = secrets_of(settings)

    assert found == {
        "xoxb-1",
        "xapp-1",
        "zego-secret",
        "obs-ak",
        "obs-sk",
        "pager-key",
        "https://calendar/secret",
        "sqlite:///mediatask.db",
    }


def test_secrets_in_lists_are_found() -> None:
    class Listed(Settings):
        extra: tuple[SecretStr, ...] = ()

    listed = Listed.model_construct(accounts={}, extra=(SecretStr("in-a-tuple"),))

    assert "in-a-tuple" in secrets_of(listed)


def test_everything_goes_to_standard_error_and_third_parties_only_from_warning_on(
    root: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)

    configure_logging("debug", [CANARY])
    logging.getLogger("bot.desk").debug("ours %s", CANARY)
    logging.getLogger("slack_bolt.App").info("a request body")
    logging.getLogger("slack_bolt.App").warning("a warning")

    lines = [line.split(" ", 1)[1] for line in stream.getvalue().splitlines()]
    assert lines == ["debug bot.desk ours ***", "warning slack_bolt.App a warning"]
    assert len(root.handlers) == 1


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_can_be_set(level: str, root: logging.Logger) -> None:
    configure_logging(level, ())

    assert logging.getLevelName(root.level).lower() == level
