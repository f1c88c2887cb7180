"""``subscribe`` and ``unsubscribe`` are read, and refused with what would be right."""

import pytest

from bot.commands import Subscribe, Unsubscribe, UsageError, Wanted, parse_command
from bot.commands.watches import MOST_NOTIFIED
from tests.bot.commands.samples import ACCOUNTS, RECORD

FORM = (
    "subscribe <provider|all>[@account] [to failures|finished|all] [room <glob>] "
    "[notify @user|@group …]"
)
WHOSE = "Whose tasks? A provider is needed, or `all`: `tencent`, `huawei`, `record`, `mpc`."
LOOSE = "is meant for is not clear: options begin with `to`, `room` or `notify`."
TASK = "is a task; a subscription is to all of a provider's. `watch` follows one task."
NOBODY = "cannot be called. Choose a person or a group from the list that opens when you type `@`."
TO = "`to` needs one of `failures`, `finished`, `all` after it."
ROOM = "`room` needs one pattern after it, such as `lesson-*`."


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("subscribe mpc", Subscribe("mpc", None)),
        ("SUBSCRIBE All", Subscribe(None, None)),
        ("subscribe record@staging to finished", Subscribe("record", "staging", Wanted.FINISHED)),
        ("subscribe all@Main to all", Subscribe(None, "main", Wanted.ALL)),
        ("subscribe mpc to failed", Subscribe("mpc", None, Wanted.FAILURES)),
        ("<@U0MEDIATASK> subscribe mpc", Subscribe("mpc", None)),
        ("*subscribe* mpc", Subscribe("mpc", None)),
        ("subscribe,mpc", Subscribe("mpc", None)),
        ("/mediatask subscribe mpc room *-live", Subscribe("mpc", None, room="*-live")),
        ("subscribe “mpc” room `lesson-[0-9]*`", Subscribe("mpc", None, room="lesson-[0-9]*")),
        (
            "subscribe mpc room <http://live.example|live.example>",
            Subscribe("mpc", None, room="live.example"),
        ),
        (
            "subscribe mpc notify <@U0BOB|bob>, <!subteam^S0ONCALL|@oncall> notify @U0BOB",
            Subscribe("mpc", None, notify=("U0BOB", "S0ONCALL")),
        ),
        (
            "subscribe mpc notify <@W0EVE> room a to all",
            Subscribe("mpc", None, Wanted.ALL, "a", ("W0EVE",)),
        ),
    ],
)
def test_a_subscription_says_whose_tasks_which_news_which_rooms_and_whom_to_call(
    text: str, read: Subscribe
) -> None:
    assert parse_command(text, ACCOUNTS) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("unsubscribe all", Unsubscribe(everything=True)),
        ("unsubscribe mpc", Unsubscribe("mpc")),
        ("unsubscribe record@staging room a-*", Unsubscribe("record", "staging", "a-*")),
        ("unsubscribe room a-*", Unsubscribe(room="a-*")),
        ("unsubscribe all@staging", Unsubscribe(account="staging")),
    ],
)
def test_a_subscription_is_ended_by_what_it_is_to(text: str, read: Unsubscribe) -> None:
    assert parse_command(text, ACCOUNTS) == read


@pytest.mark.parametrize(
    ("text", "problem", "nearest"),
    [
        ("subscribe", WHOSE, "subscribe all"),
        ("subscribe room lesson-*", WHOSE, "subscribe all room lesson-*"),
        ("subscribe lesson-* to all", WHOSE, "subscribe all room lesson-* to all"),
        ("subscribe tencnet@main", "`tencnet@main` is no provider here.", "subscribe tencent@main"),
        (
            f"subscribe {RECORD}",
            f"`{RECORD}` {TASK}",
            f"watch {RECORD}",
        ),
        (
            "subscribe mpc:1 to all",
            f"`mpc:1` {TASK}",
            "watch mpc:1",
        ),
        ("subscribe mpc failures", f"What `failures` {LOOSE}", "subscribe mpc to failures"),
        ("subscribe mpc lesson-*", f"What `lesson-*` {LOOSE}", "subscribe mpc room lesson-*"),
        ("subscribe mpc <@U1|bob>", f"What `@U1` {LOOSE}", "subscribe mpc notify @U1"),
        (
            "subscribe mpc <@U1|bob> notify <@U2>",
            f"What `@U1` {LOOSE}",
            "subscribe mpc notify @U2 @U1",
        ),
        ("subscribe mpc record", f"What `record` {LOOSE}", "subscribe mpc"),
        ("subscribe mpc to", TO, "subscribe mpc to failures"),
        ("subscribe mpc to finish room a", TO, "subscribe mpc to finished room a"),
        ("subscribe mpc to all of it", TO, "subscribe mpc to all"),
        ("subscribe mpc room", ROOM, FORM),
        ("subscribe mpc room a b to all", ROOM, "subscribe mpc room a to all"),
        ("subscribe mpc notify", "`notify` needs people or groups behind it.", "subscribe mpc"),
        (
            "subscribe mpc notify <!here>",
            f"`@here` {NOBODY}",
            FORM,
        ),
        (
            "subscribe mpc to all to finished",
            "One of each is enough: `to finished` comes on top.",
            FORM,
        ),
        (
            "subscribe mpc@prod to all",
            "`mpc` has no account `prod` here; it has `transcode`.",
            "subscribe mpc@transcode to all",
        ),
        (
            "subscribe tiw",
            "`tiw` has no account here. Configured: `tencent`, `huawei`, `record`, `mpc`.",
            FORM,
        ),
        ("subscribe all@nobody", "No provider has an account `nobody` here.", "subscribe all@main"),
        ("subscibe mpc room a-*", "`subscibe` is no command.", "subscribe mpc room a-*"),
        (
            "unsubscribe",
            "From what? A provider or a room is needed, or `all`.",
            "unsubscribe all",
        ),
        (
            "unsubscribe mpc to all room a",
            "`unsubscribe` takes a provider and `room`, and no `to`.",
            "unsubscribe mpc room a",
        ),
        (
            "unsubscribe mpc notify <@U1>",
            "`unsubscribe` takes a provider and `room`, and no `notify`.",
            "unsubscribe mpc",
        ),
        ("unsubscribe mpc record", f"What `record` {LOOSE}", "unsubscribe mpc"),
    ],
)
def test_what_cannot_be_read_is_said_with_what_was_probably_meant(
    text: str, problem: str, nearest: str
) -> None:
    with pytest.raises(UsageError) as caught:
        parse_command(text, ACCOUNTS)

    assert caught.value.problem == problem
    assert caught.value.nearest == nearest


def test_a_refusal_says_what_was_understood_and_gives_a_form_that_works() -> None:
    with pytest.raises(UsageError) as caught:
        parse_command("subscribe mpc to nothing", {"mpc": ("a",)})

    assert caught.value.understood == "subscribe mpc"
    assert caught.value.example == "subscribe mpc to failures"


def test_where_nothing_is_configured_all_can_be_subscribed_to() -> None:
    with pytest.raises(UsageError) as whose:
        parse_command("subscribe", {})
    with pytest.raises(UsageError) as account:
        parse_command("subscribe all@main", {})

    assert whose.value.problem == "Whose tasks? A provider is needed, or `all`: `all`."
    assert whose.value.example == "subscribe all to failures"
    assert account.value.nearest == "subscribe all"


def test_twenty_people_are_the_most() -> None:
    people = " ".join(f"<@U{number}>" for number in range(MOST_NOTIFIED + 1))

    with pytest.raises(UsageError, match=r"usage\.watch_many_called"):
        parse_command(f"subscribe mpc notify {people}", ACCOUNTS)
