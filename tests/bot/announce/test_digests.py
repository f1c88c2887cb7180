"""Pages of a digest that was sent, for whoever turns them."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.announce import Announcements
from bot.asker import Asker
from bot.models import (
    NewDelivery,
    Priority,
)
from bot.store.errors import StoreError
from bot.store.store import Store
from tests.bot.announce.samples import facts_of
from tests.bot.views.samples import NOW, task


async def add_digest(store: Store) -> str:
    """Put twelve ends into one digest."""
    members = [task(task_id=f"task-{number:02}") for number in range(12)]
    for status in members:
        await store.deliveries.add(_new(f"news:{status.task_id}", facts_of(status)), NOW)
    waiting = await store.deliveries.waiting("C1", 50)
    new = _new("digest:1", {}, kind="digest")
    digest_id = await store.deliveries.fold(new, [one.id for one in waiting], NOW)
    assert digest_id is not None
    return digest_id


def _new(key: str, facts: Mapping[str, Any], kind: str = "news") -> NewDelivery:
    return NewDelivery(
        key=key,
        team_id="T1",
        kind=kind,
        channel_id="C1",
        priority=Priority.TERMINAL,
        happened_at=NOW,
        facts=facts,
    )


async def test_another_page_of_a_digest_shows_other_tasks(
    announcements: Announcements, store: Store
) -> None:
    digest_id = await add_digest(store)

    pages = [
        await announcements.turn_digest(digest_id, page, Asker("T1", "U1", "C1"))
        for page in range(2)
    ]

    first, second = (str(page.view.blocks) for page in pages if page)
    assert "task-00" in first
    assert "task-00" not in second
    assert "task-11" in second


async def test_a_digest_that_cannot_be_read_is_said_in_the_log(
    announcements: Announcements,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(*_: object) -> None:
        raise StoreError("the disk is gone")

    monkeypatch.setattr(store.deliveries, "find", fail)

    assert await announcements.turn_digest("d1", 0, Asker("T1", "U1", "C1")) is None
    assert caplog.messages == ["digest_unknown reason=the disk is gone"]


async def test_a_digest_is_nobody_elses(announcements: Announcements, store: Store) -> None:
    digest_id = await add_digest(store)

    assert await announcements.turn_digest(digest_id, 0, Asker("T2", "U1", "C1")) is None
    assert await announcements.turn_digest("gone", 0, Asker("T1", "U1", "C1")) is None
