"""``silence`` and ``unsilence`` are read, and refused with what would be right."""

from datetime import timedelta

import pytest

from bot.commands import Silence, Unsilence, UsageError, parse_command
from tests.bot.commands.samples import ACCOUNTS, RECORD

FORM = "silence <provider|ref|room glob|all> for <duration> [because …]"
WHAT = "`silence` needs a provider, a ref, `room` with a pattern, or `all`."
HOW_LONG = "For how long? `for` needs a time such as `90s`, `10m`, `2h` or `7d` after it."
ROOM = "`room` needs one pattern after it, such as `lesson-*`."
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("target", "read"),
    [
        ("all", "all"),
        ("MPC", "mpc"),
        ("room lesson-*", "room lesson-*"),
        ("room Lesson-7", "room Lesson-7"),
        ("lesson-?", "room lesson-?"),
        (f"record {RECORD}", f"record@main:{RECORD}"),
        (f"record:{RECORD}", f"record@main:{RECORD}"),
        (f"record@staging:{RECORD}", f"record@staging:{RECORD}"),
    ],
)
def test_a_silence_is_of_a_provider_a_task_rooms_or_all(target: str, read: str) -> None:
    assert parse_command(f"silence {target} for 1h", ACCOUNTS) == Silence(read, HOUR)
    assert parse_command(f"unsilence {target}", ACCOUNTS) == Unsilence(read)


@pytest.mark.parametrize(
    ("text", "lasting"),
    [
        ("90s", timedelta(seconds=90)),
        ("30 min", timedelta(minutes=30)),
        ("2 Hours", timedelta(hours=2)),
        ("30d", timedelta(days=30)),
    ],
)
def test_a_silence_lasts_as_long_as_is_said(text: str, lasting: timedelta) -> None:
    assert parse_command(f"silence all for {text}", ACCOUNTS) == Silence("all", lasting)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("because the CDN, again; for 2h", "the CDN, again; for 2h"),
        ("Because <@U0BOB|bob> &amp; co. deploy", "@bob & co. deploy"),
        (
            "because of <#C1|general>, <!here>, <!subteam^S1|@oncall>",
            "of #general, @here, @oncall",
        ),
        ("because see <https://a.example/x|the ticket>", "see the ticket"),
        ("because", None),
    ],
)
def test_the_reason_is_kept_as_it_was_typed(typed: str, kept: str | None) -> None:
    read = parse_command(f"silence all for 1h {typed}", ACCOUNTS)

    assert read == Silence("all", HOUR, kept)


@pytest.mark.parametrize("text", ["unsilence 3", "unsilence #3"])
def test_a_silence_is_ended_by_its_number(text: str) -> None:
    assert parse_command(text, ACCOUNTS) == Unsilence(number=3)


@pytest.mark.parametrize(
    ("text", "problem", "nearest"),
    [
        ("silence", WHAT, FORM),
        ("silence for 2h", WHAT, "silence all for 2h"),
        ("silence lesson for 2h", WHAT, "silence room lesson for 2h"),
        ("silence mpc", HOW_LONG, "silence mpc for 2h"),
        ("silence mpc because x", HOW_LONG, "silence mpc for 2h because x"),
        ("silence mpc 30m because x", HOW_LONG, "silence mpc for 30m because x"),
        ("silence all for ever", HOW_LONG, "silence all for 2h"),
        ("silence all for 0h", HOW_LONG, "silence all for 2h"),
        ("silence all for 31d", "A silence lasts 30 days at most.", "silence all for 30d"),
        (
            "silence mpc@transcode for 2h",
            "`mpc@transcode` is one account; a silence is for a whole provider.",
            "silence mpc for 2h",
        ),
        (
            "silence 22123973 for 2h",
            "`22123973` may be a task of several providers; a ref says whose it is.",
            "silence huawei:22123973 for 2h",
        ),
        (
            "silence tencnet for 2h",
            "`tencnet` is no provider here.",
            "silence tencent for 2h",
        ),
        (
            "silence tencnet:1 for 2h",
            "`tencnet:1` is no provider here.",
            "silence tencent:1 for 2h",
        ),
        (
            "silence tiw for 2h",
            "`tiw` has no account here. Configured: `tencent`, `huawei`, `record`, `mpc`.",
            FORM,
        ),
        (
            "silence mpc@prod:1 for 2h",
            "`mpc` has no account `prod` here; it has `transcode`.",
            "silence mpc@transcode:1 for 2h",
        ),
        ("silence all mpc for 2h", "`silence` takes one thing at a time.", "silence all for 2h"),
        (
            "silence mpc 1 2 for 1h",
            "`silence` takes one thing at a time.",
            "silence mpc@transcode:1 for 1h",
        ),
        ("silence room for 1h", ROOM, FORM),
        ("silence room a b for 1h", ROOM, "silence room a for 1h"),
        ("silense room a-* for 1h", "`silense` is no command.", "silence room a-* for 1h"),
        ("unsilence", WHAT.replace("silence", "unsilence"), "unsilence all"),
        (
            "unsilence 22123973",
            "`22123973` may be a task of several providers; a ref says whose it is.",
            "unsilence huawei:22123973",
        ),
        ("unsilence 3 4", "`unsilence` takes one thing at a time.", "unsilence 3"),
    ],
)
def test_what_cannot_be_read_is_said_with_what_was_probably_meant(
    text: str, problem: str, nearest: str
) -> None:
    with pytest.raises(UsageError) as caught:
        parse_command(text, ACCOUNTS)

    assert caught.value.problem == problem
    assert caught.value.nearest == nearest


def test_a_refusal_says_what_was_understood() -> None:
    with pytest.raises(UsageError) as caught:
        parse_command("silence room a-* for ever", ACCOUNTS)

    assert caught.value.understood == "silence room a-*"
    assert caught.value.example == "silence all for 2h"


def test_every_topic_of_on_call_can_be_asked_about() -> None:
    asked = ("subscribe help", "help unsubscribe", "alerts help", "help silence", "unsilence help")

    topics = [parse_command(text, ACCOUNTS) for text in asked]

    assert [getattr(topic, "topic", None) for topic in topics] == [
        *("subscriptions", "subscriptions", "alerts", "silences", "silences"),
    ]
