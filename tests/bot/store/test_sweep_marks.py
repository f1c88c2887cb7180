from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.models import CheckOrder, Source
from bot.oncall import Swept
from bot.store.errors import StoreError
from bot.store.store import Store
from tests.bot.store.samples import NOW
from tests.bot.store.watch_samples import LANE, ref

HOUR = timedelta(hours=1)
LIST = "mpc@main"


def ask(task_id: str) -> CheckOrder:
    return CheckOrder(ref(task_id), LANE, Source.SWEEP)


async def test_a_list_that_was_never_looked_through_has_no_mark(store: Store) -> None:
    assert await store.marks.watermark(LIST) is None


async def test_a_mark_moves_forward_only(store: Store) -> None:
    await store.marks.move_watermark(LIST, NOW, NOW)
    await store.marks.move_watermark(LIST, NOW + HOUR, NOW + HOUR)
    await store.marks.move_watermark(LIST, NOW, NOW + 2 * HOUR)
    await store.marks.move_watermark("mpc@second", NOW, NOW)

    assert await store.marks.watermark(LIST) == NOW + HOUR
    assert await store.marks.watermark("mpc@second") == NOW


async def test_what_came_and_what_left_is_told(store: Store) -> None:
    first = await store.marks.replace_running(LANE, ["a", "b", "c"], NOW)
    second = await store.marks.replace_running(LANE, ["c", "d"], NOW)

    assert first == Swept(frozenset("abc"), frozenset())
    assert second == Swept(frozenset("d"), frozenset("ab"))
    assert await store.marks.running(LANE) == {"c", "d"}
    assert await store.marks.running("record@second") == set()


async def test_what_left_is_to_be_asked_about(store: Store) -> None:
    await store.marks.replace_running(LANE, ["a", "b", "c"], NOW, order=ask)
    assert await store.watches.count_checks() == {}

    await store.marks.replace_running(LANE, ["c"], NOW, order=ask)

    due = await store.watches.due(LANE, 10, now=NOW)
    assert {task.ref for task in due} == {ref("a"), ref("b")}


async def test_nothing_leaves_that_could_not_be_asked_about(store: Store) -> None:
    await store.marks.replace_running(LANE, ["a", "b"], NOW)
    await store._database.change(text("ALTER TABLE task RENAME TO gone"))  # noqa: SLF001  # a store in trouble

    with pytest.raises(StoreError):
        await store.marks.replace_running(LANE, ["b"], NOW, order=ask)

    assert await store.marks.running(LANE) == {"a", "b"}


async def test_many_run_and_leave_at_once(store: Store) -> None:
    names = [f"{number:04}" for number in range(1200)]
    await store.marks.replace_running(LANE, names, NOW)

    swept = await store.marks.replace_running(LANE, names[:10], NOW, order=ask)

    assert swept.left == frozenset(names[10:])
    assert await store.watches.count_checks() == {LANE: 1190}
