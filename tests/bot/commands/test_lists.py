"""``list``, its account and its options."""

from datetime import timedelta

import pytest

from bot.commands import (
    DEFAULT_SINCE,
    LISTABLE,
    LONGEST_SINCE,
    List,
    UsageError,
    parse_command,
)
from providers.huawei_mpc.mapping import FILTERS
from providers.models import TaskState
from providers.zego.listing import LIST_STATUS
from tests.bot.commands.samples import ACCOUNTS

HOUR = timedelta(hours=1)
STATES_OF_MPC = "`queued`, `running`, `succeeded`, `failed`, `canceled`, `review`"


def test_the_states_are_those_the_adapters_can_list_by() -> None:
    assert set(LISTABLE["mpc"]) == set(FILTERS)
    assert set(LISTABLE["record"]) == {state for state in LIST_STATUS if state}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("list mpc", List("mpc", "transcode", None, DEFAULT_SINCE, 1)),
        ("LIST Record@Staging", List("record", "staging", None, DEFAULT_SINCE, 1)),
        (
            "list mpc failed since 2h page 2",
            List("mpc", "transcode", TaskState.FAILED, 2 * HOUR, 2),
        ),
        (
            "list  page 12, Since 90s Failed mpc",
            List("mpc", "transcode", TaskState.FAILED, timedelta(seconds=90), 12),
        ),
        ("list mpc since 2 Hours", List("mpc", "transcode", None, 2 * HOUR, 1)),
        ("list mpc since 10 min", List("mpc", "transcode", None, timedelta(minutes=10), 1)),
        ("list record since 3d", List("record", "main", None, LONGEST_SINCE["record"], 1)),
        ("list mpc cancelled", List("mpc", "transcode", TaskState.CANCELED, DEFAULT_SINCE, 1)),
        ("list mpc waiting", List("mpc", "transcode", TaskState.QUEUED, DEFAULT_SINCE, 1)),
        ("list record done", List("record", "main", TaskState.SUCCEEDED, DEFAULT_SINCE, 1)),
        ("list record empty", List("record", "main", TaskState.EMPTY, DEFAULT_SINCE, 1)),
    ],
)
def test_the_options_of_a_list_come_in_any_order(text: str, expected: List) -> None:
    assert parse_command(text, ACCOUNTS) == expected


@pytest.mark.parametrize(
    ("text", "problem", "understood", "nearest"),
    [
        ("list", "Whose tasks? `list` needs a provider: `record`, `mpc`.", "list", "list record"),
        (
            "list failed",
            "Whose tasks? `list` needs a provider: `record`, `mpc`.",
            "list",
            "list record failed",
        ),
        (
            "list mcp failed",
            "Whose tasks? `list` needs a provider: `record`, `mpc`.",
            "list",
            "list mpc failed",
        ),
        (
            "list tencnet",
            "Whose tasks? `list` needs a provider: `record`, `mpc`.",
            "list",
            "list record|mpc [state] [since 2h] [page 2]",
        ),
        (
            "list tencent failed",
            "`tencent` cannot list its tasks; here this can: `record`, `mpc`.",
            "list",
            "list record failed",
        ),
        (
            "list mpc record failed",
            "`record` is one provider too many: one list at a time.",
            "list",
            "list mpc failed",
        ),
        (
            "list mpc@prod failed",
            "`mpc` has no account `prod` here; it has `transcode`.",
            "mpc",
            "list mpc@transcode failed",
        ),
        (
            "list record@staging queued",
            (
                "`record` cannot list by `queued`;"
                " it can by `running`, `succeeded`, `partial`, `empty`, `failed`."
            ),
            "list record@staging",
            "list record@staging",
        ),
        (
            "list mpc partial since 2h",
            f"`mpc` cannot list by `partial`; it can by {STATES_OF_MPC}.",
            "list mpc",
            "list mpc succeeded since 2h",
        ),
        (
            "list mpc page 2 faild",
            f"`faild` is no state, `since` or `page`. States of `mpc`: {STATES_OF_MPC}.",
            "list mpc page 2",
            "list mpc page 2 failed",
        ),
        (
            "list mpc sinse 2h",
            f"`sinse` is no state, `since` or `page`. States of `mpc`: {STATES_OF_MPC}.",
            "list mpc",
            "list mpc since 2h",
        ),
        (
            "list mpc 2h",
            f"`2h` is no state, `since` or `page`. States of `mpc`: {STATES_OF_MPC}.",
            "list mpc",
            "list mpc since 2h",
        ),
        (
            "list mpc 3",
            f"`3` is no state, `since` or `page`. States of `mpc`: {STATES_OF_MPC}.",
            "list mpc",
            "list mpc page 3",
        ),
        (
            "list mpc 22123973",
            f"`22123973` is no state, `since` or `page`. States of `mpc`: {STATES_OF_MPC}.",
            "list mpc",
            "mpc 22123973",
        ),
        (
            "list mpc everything",
            f"`everything` is no state, `since` or `page`. States of `mpc`: {STATES_OF_MPC}.",
            "list mpc",
            "list mpc [state] [since 2h] [page 2]",
        ),
        (
            "list mpc failed running",
            "One of each is enough: `running` comes on top.",
            "list mpc failed",
            "list mpc [state] [since 2h] [page 2]",
        ),
        (
            "list mpc since",
            "`since` needs a time such as `90s`, `10m`, `2h` or `7d` after it.",
            "list mpc",
            "list mpc since 2h",
        ),
        (
            "list mpc since yesterday failed",
            "`since` needs a time such as `90s`, `10m`, `2h` or `7d` after it.",
            "list mpc",
            "list mpc since 2h failed",
        ),
        (
            "list mpc since 0h",
            "`since` needs a time such as `90s`, `10m`, `2h` or `7d` after it.",
            "list mpc",
            "list mpc since 2h",
        ),
        (
            "list record since 73h",
            "A list of `record` goes back 3 days at most.",
            "list record",
            "list record since 3d",
        ),
        (
            "list mpc since 999999d",
            "A list of `mpc` goes back 365 days at most.",
            "list mpc",
            "list mpc since 365d",
        ),
        (
            "list mpc page",
            "`page` needs a number from 1 to 9999 after it.",
            "list mpc",
            "list mpc page 2",
        ),
        (
            "list mpc page 0 failed",
            "`page` needs a number from 1 to 9999 after it.",
            "list mpc",
            "list mpc page 2 failed",
        ),
    ],
)
def test_what_cannot_be_listed_says_why_and_what_can(
    text: str, problem: str, understood: str, nearest: str
) -> None:
    with pytest.raises(UsageError) as caught:
        parse_command(text, ACCOUNTS)

    assert caught.value.problem == problem
    assert caught.value.understood == understood
    assert caught.value.nearest == nearest


def test_where_nothing_can_be_listed_the_example_shows_a_task() -> None:
    with pytest.raises(UsageError) as caught:
        parse_command("list mpc", {"tiw": ("main",)})

    assert caught.value.problem == (
        "Only `mpc` and `record` can list tasks, and neither is configured."
    )
    assert caught.value.nearest == "<id> [<id> …]"
    assert caught.value.example == "tiw ghucnligqtgtvk2624mb"
