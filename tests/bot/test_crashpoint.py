"""Moments at which a process dies on order."""

import subprocess
import sys

import pytest

from bot.crashpoint import CrashPoint, arm, reach

_PROGRAM = """
import sys
from bot.crashpoint import CrashPoint, arm, reach
arm(sys.argv[1])
for number in range(3):
    reach(CrashPoint.AFTER_OK)
    reach(CrashPoint.AFTER_CLAIM)
    print(number, flush=True)
"""


@pytest.mark.parametrize(
    ("order", "status", "printed"),
    [
        ("", 0, "0\n1\n2\n"),
        ("after_claim", 137, ""),
        ("after_claim:2", 137, "0\n"),
        ("after_claim:4", 0, "0\n1\n2\n"),
        ("inside_finish", 0, "0\n1\n2\n"),
    ],
)
def test_a_process_dies_where_it_was_ordered_to_and_nowhere_else(
    order: str, status: int, printed: str
) -> None:
    ended = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", _PROGRAM, order], capture_output=True, text=True, check=False
    )

    assert (ended.returncode, ended.stdout) == (status, printed)


@pytest.mark.parametrize("order", ["after_lunch", "after_claim:0", "after_claim:often"])
def test_an_order_nobody_understands_is_refused(order: str) -> None:
    with pytest.raises(ValueError, match=r"after_lunch|number|often"):
        arm(order)
    arm("")


def test_points_are_passed_and_counted_down(monkeypatch: pytest.MonkeyPatch) -> None:
    died: list[int] = []
    monkeypatch.setattr("bot.crashpoint.os._exit", died.append)
    arm("after_slot:2")

    for point in (CrashPoint.AFTER_SLOT, CrashPoint.AFTER_OK, CrashPoint.AFTER_SLOT):
        reach(point)
    arm("")

    assert died == [137]
