"""Ids are found in messages written for people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import MOST_IDS, Target, find_ids
from tests.bot.commands.samples import ACCOUNTS, MERGE, RECORD

Found = tuple[str | None, str | None, str]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Is {RECORD} done?", [(None, None, RECORD)]),
        (f"{RECORD} and again *{RECORD}*", [(None, None, RECORD)]),
        (f"task=record@staging:{RECORD} request_id=8825", [("record", "staging", RECORD)]),
        (f"record:{RECORD} is {RECORD}", [("record", "main", RECORD)]),
        (
            f"`mpc`: 22123973, 22123974; {RECORD}",
            [
                ("mpc", "transcode", "22123973"),
                ("mpc", "transcode", "22123974"),
                (None, None, RECORD),
            ],
        ),
        ("mpc task id = 22123973", [("mpc", "transcode", "22123973")]),
        ("mpc said so, 22123973", [(None, None, "22123973")]),
        ("to record 22123973", [(None, None, "22123973")]),
        ("tencent@staging 1400341231", [("tencent", "staging", "1400341231")]),
        ("mpc@prod 22123973", [(None, None, "22123973")]),
        ("mpc@prod:22123973", [(None, None, "22123973")]),
        ("tiw:ghucnligqtgtvk2624mb", [(None, None, "ghucnligqtgtvk2624mb")]),
        ("ghucnligqtgtvk2624mb", []),
        ("record:done mpc:7", [("mpc", "transcode", "7")]),
        (
            f'{{"RequestId":"8825148326593372160","Data":{{"TaskId":"{RECORD}"}}}}',
            [(None, None, RECORD)],
        ),
        ("<@U0123456> <#C0123456|123456> <!date^1605866400^{date}|20201120>", []),
        (f"<https://a.example/{MERGE}.mp4?t=1605866400|play> it", [(None, None, MERGE)]),
        ("<tel:22123973|22123973>", [(None, None, "22123973")]),
        (f"{RECORD}_room_my_out_VA_20200927154419775.mp4", [(None, None, RECORD)]),
        ("on 2026-11-20 at 10:00:00, 12345 of them", []),
        (f"mpc {'1' * 300}", []),
        ("", []),
    ],
)
def test_refs_and_known_shapes_are_found(text: str, found: list[Found]) -> None:
    assert find_ids(text, ACCOUNTS) == tuple(Target(*one) for one in found)


def test_no_more_is_found_than_a_command_takes() -> None:
    text = "\n".join(str(number) for number in range(100_000, 100_100))

    assert len(find_ids(text, ACCOUNTS)) == MOST_IDS


@given(st.text(max_size=300))
def test_any_text_can_be_searched(text: str) -> None:
    found = find_ids(f"{text} {RECORD}", ACCOUNTS)

    assert len(found) == len({target.task_id for target in found if not target.provider}) + len(
        {target for target in found if target.provider}
    )
