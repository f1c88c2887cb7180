"""``watch``, ``unwatch`` and ``watches`` are read, and refused with what would be right."""

import pytest

from bot.commands import Target, Unwatch, UsageError, Watch, Watches, Whose, parse_command
from bot.commands.asked import MOST_IDS
from bot.commands.watches import MOST_NOTIFIED
from tests.bot.commands.samples import ACCOUNTS, MERGE, RECORD

RECORDING = Target("record", "main", RECORD)
TRANSCODING = Target("mpc", "transcode", "22123973")
NOBODY = "cannot be called. Choose a person or a group from the list that opens when you type `@`."


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (f"watch record {RECORD}", (RECORDING,)),
        (f"WATCH {RECORD}", (Target(None, None, RECORD),)),
        (f"watch record@staging {RECORD}", (Target("record", "staging", RECORD),)),
        ("watch mpc:22123973 " + f"record:{RECORD}", (TRANSCODING, RECORDING)),
        ("/mediatask watch mpc 22123973 22123973", (TRANSCODING,)),
        ("<@U0MEDIATASK> watch mpc 22123973", (TRANSCODING,)),
    ],
)
def test_tasks_to_watch_are_named_like_tasks_to_show(
    text: str, targets: tuple[Target, ...]
) -> None:
    assert parse_command(text, ACCOUNTS) == Watch(targets)


@pytest.mark.parametrize(
    ("options", "only_failures", "notify"),
    [
        ("only failures", True, ()),
        ("Only failed", True, ()),
        ("notify <@U0BOB|bob>", False, ("U0BOB",)),
        ("notify <@U0BOB|bob>, <!subteam^S0ONCALL|@oncall>", False, ("U0BOB", "S0ONCALL")),
        ("notify <@W0EVE> <@W0EVE|eve> only failures", True, ("W0EVE",)),
        ("only failures notify @U0BOB notify <@U0EVE>", True, ("U0BOB", "U0EVE")),
    ],
)
def test_options_stand_behind_the_ids_in_any_order(
    options: str,
    only_failures: bool,  # noqa: FBT001  # a table's column
    notify: tuple[str, ...],
) -> None:
    read = parse_command(f"watch mpc 22123973 {options}", ACCOUNTS)

    assert read == Watch((TRANSCODING,), only_failures, notify)


@pytest.mark.parametrize(
    ("text", "problem", "nearest"),
    [
        (
            "watch",
            "`watch` needs a task: the id is missing.",
            "watch <id> [<id> …] [only failures] [notify @user|@group …]",
        ),
        (
            "watch only failures",
            "`watch` needs a task: the id is missing.",
            "watch <id> [<id> …] [only failures] [notify @user|@group …]",
        ),
        ("watch mpc", "Which task at `mpc`? An id is missing.", "watch mpc <id> [<id> …]"),
        (
            "watch mpc 22123973 only",
            "`only` goes with `failures`, behind the ids.",
            "watch mpc 22123973 only failures",
        ),
        (
            "watch failures 22123973",
            "`only` goes with `failures`, behind the ids.",
            "watch 22123973 only failures",
        ),
        (
            "watch mpc 22123973 notify",
            "`notify` needs people or groups behind it.",
            "watch mpc 22123973",
        ),
        (
            "watch mpc <@U0BOB|bob> 22123973",
            "Whom to call stands behind `notify`, at the end; `@U0BOB` stands among the ids.",
            "watch mpc 22123973 notify @U0BOB",
        ),
        (
            "watch mpc 22123973 notify @bob",
            f"`@bob` {NOBODY}",
            "watch <id> [<id> …] [only failures] [notify @user|@group …]",
        ),
        (
            "watch mpc 22123973 notify <!here>",
            f"`@here` {NOBODY}",
            "watch <id> [<id> …] [only failures] [notify @user|@group …]",
        ),
        (
            "watch mpc 22123973 notify <@U0BOB> 22123974",
            "`22123974` comes too late: the ids stand in front.",
            "watch mpc 22123973 22123974 notify @U0BOB",
        ),
        (
            "watch mpc 22123973 only failures mpc:22123974",
            "`mpc:22123974` comes too late: the ids stand in front.",
            "watch mpc 22123973 mpc:22123974 only failures",
        ),
        (
            "watch mpc@prod 22123973 notify <@U0BOB>",
            "`mpc` has no account `prod` here; it has `transcode`.",
            "watch mpc@transcode 22123973 notify @U0BOB",
        ),
        ("unwatch", "`unwatch` needs a task: the id is missing.", "unwatch <id> [<id> …] | all"),
        (
            "unwatch all mpc",
            "`unwatch all` takes nothing after it, not even `mpc`.",
            "unwatch all",
        ),
        (
            "unwatch tencnet 1",
            "`tencnet` is no provider here.",
            "unwatch tencent 1",
        ),
        ("watches mien", "`mien` is none of `here`, `mine`, `all`.", "watches mine"),
        ("watches everywhere", "`everywhere` is none of `here`, `mine`, `all`.", "watches mine"),
        (
            "watches here please",
            "`watches here` takes nothing after it, not even `please`.",
            "watches here",
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_what_was_probably_meant(
    text: str, problem: str, nearest: str
) -> None:
    with pytest.raises(UsageError) as caught:
        parse_command(text, ACCOUNTS)

    assert caught.value.problem == problem
    assert caught.value.nearest == nearest


@pytest.mark.parametrize(
    ("text", "understood", "example"),
    [
        ("watch", "watch", f"watch record {RECORD}"),
        ("watch mpc", "watch mpc", "watch mpc 22123973"),
        ("unwatch", "unwatch", f"unwatch record {RECORD}"),
        ("watches mien", "watches", "watches mine"),
    ],
)
def test_a_refusal_says_what_was_understood_and_gives_a_form_that_works(
    text: str, understood: str, example: str
) -> None:
    accounts = {name: ACCOUNTS[name] for name in ("record", "mpc")}

    with pytest.raises(UsageError) as caught:
        parse_command(text, accounts)

    assert caught.value.understood == understood
    assert caught.value.example == example


def test_where_nothing_is_configured_help_is_the_example() -> None:
    with pytest.raises(UsageError) as without_id:
        parse_command("watch", {})
    with pytest.raises(UsageError) as with_provider:
        parse_command("watch mpc 1", {})

    assert (without_id.value.example, with_provider.value.example) == ("help", "help")


def test_thirty_tasks_and_twenty_people_are_the_most() -> None:
    ids = " ".join(str(22_000_000 + number) for number in range(MOST_IDS + 1))
    people = " ".join(f"<@U{number}>" for number in range(MOST_NOTIFIED + 1))

    with pytest.raises(UsageError, match=r"usage\.too_many_ids"):
        parse_command(f"watch mpc {ids}", ACCOUNTS)
    with pytest.raises(UsageError, match=r"usage\.watch_many_called"):
        parse_command(f"watch mpc 1 notify {people}", ACCOUNTS)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("unwatch mpc 22123973", Unwatch((TRANSCODING,))),
        (f"unwatch {MERGE}", Unwatch((Target(None, None, MERGE),))),
        ("unwatch ALL", Unwatch(None)),
        ("watches", Watches(Whose.HERE)),
        ("watches mine", Watches(Whose.MINE)),
        ("Watches All", Watches(Whose.ALL)),
        ("watches here", Watches(Whose.HERE, 0)),
    ],
)
def test_watches_are_ended_and_listed(text: str, command: Unwatch | Watches) -> None:
    assert parse_command(text, ACCOUNTS) == command
