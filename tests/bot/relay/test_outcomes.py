"""What follows from what Slack says."""

from datetime import UTC, datetime

import pytest

from bot.models import Delivery, Priority
from bot.relay.outcomes import (
    Manner,
    Outcome,
    Reading,
    Settlement,
    UncertainSends,
    is_last_try,
    judge,
    judge_code,
    manner_of,
    notice_of,
    refusal,
    settle,
)
from bot.slack_link import SlackRefusedError, SlackUnreachableError, SlackUnsentError

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def delivery(error: str | None) -> Delivery:
    return Delivery(
        "d1", "news:1:1:finished", "T1", "news", "C1", Priority.TERMINAL, NOW, NOW, error=error
    )


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("ratelimited", Outcome.RATE_LIMITED),
        ("message_limit_exceeded", Outcome.RATE_LIMITED),
        ("invalid_blocks", Outcome.CONTENT),
        ("msg_too_long", Outcome.CONTENT),
        ("msg_blocks_too_long", Outcome.CONTENT),
        ("a_word_nobody_knows_yet", Outcome.CONTENT),
        ("thread_not_found", Outcome.THREAD),
        ("cannot_reply_to_message", Outcome.THREAD),
        ("channel_not_found", Outcome.PLACE),
        ("is_archived", Outcome.PLACE),
        ("not_in_channel", Outcome.PLACE),
        ("restricted_action", Outcome.PLACE),
        ("token_revoked", Outcome.WORKSPACE),
        ("account_inactive", Outcome.WORKSPACE),
        ("invalid_auth", Outcome.WORKSPACE),
        ("internal_error", Outcome.UNKNOWN),
        ("fatal_error", Outcome.UNKNOWN),
        ("service_unavailable", Outcome.UNKNOWN),
    ],
)
def test_an_error_code_says_what_became_of_the_message(code: str, outcome: Outcome) -> None:
    assert judge_code(code) is outcome
    assert judge(SlackRefusedError(code)) is outcome


def test_without_a_connection_nothing_was_posted_and_without_an_answer_nobody_knows() -> None:
    assert judge(SlackUnsentError("no connection")) is Outcome.UNSENT
    assert judge(SlackUnreachableError("no answer")) is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("error", "manner"),
    [
        (None, Manner.WHOLE),
        ("no answer of Slack's", Manner.WHOLE),
        (refusal("invalid_blocks"), Manner.PLAIN),
        (refusal("invalid_blocks", Manner.PLAIN), Manner.TEXT),
        (refusal("thread_not_found"), Manner.CHANNEL),
        (refusal("is_archived"), Manner.WHOLE),
    ],
)
def test_a_refusal_decides_how_it_is_sent_the_next_time(error: str | None, manner: Manner) -> None:
    assert manner_of(delivery(error)) is manner
    assert is_last_try(delivery(error)) is (manner in {Manner.TEXT, Manner.CHANNEL})


def test_an_archived_channel_has_a_notice_of_its_own() -> None:
    assert notice_of("is_archived") == "channel_archived"
    assert notice_of("not_in_channel") == "bot_removed"


@pytest.mark.parametrize("rule", ["repeat", "leave"])
@pytest.mark.parametrize(
    ("reading", "minutes", "by_rule"),
    [
        (Reading.FOUND, 1, Settlement.SENT),
        (Reading.ABSENT, 1, Settlement.REPEAT),
        (Reading.FAILED, 1, Settlement.LATER),
        (Reading.FAILED, 16, None),
        (Reading.REFUSED, 1, None),
    ],
)
def test_a_send_of_unknown_fate_is_settled_by_what_reading_finds_or_by_the_rule(
    reading: Reading, minutes: int, by_rule: Settlement | None, rule: UncertainSends
) -> None:
    unread = Settlement.REPEAT_UNVERIFIED if rule == "repeat" else Settlement.LEAVE

    settlement = settle(reading, minutes * 60, rule)

    assert settlement is (by_rule or unread)
