"""The statements of pages: what pagers have to be told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Executable,
    delete,
    exists,
    literal_column,
    or_,
    select,
    update,
)

from bot.store.oncall_tables import alerts, pages
from bot.store.statements import InsertInto

PAGE_PENDING, PAGE_SENT, PAGE_DEAD = 0, 2, 3
_IS_PENDING = pages.c.state == literal_column("0")
"""In the index's own words, or SQLite would not use it."""
_UNRESOLVED = alerts.c.resolved_at.is_(None)


def add_page(insert: InsertInto, values: Mapping[str, Any]) -> Executable:
    """Note what a pager has to be told; what has its key already is not told twice."""
    return insert(pages).values(values).on_conflict_do_nothing(index_elements=[pages.c.key])


def select_due_pages(now: datetime, limit: int) -> Executable:
    """Read what pagers have to be told now, oldest first.

    Nothing overtakes what the same pager was to be told before of the same alert and waits: an
    alert that was resolved would ring after all.
    """
    earlier = pages.alias()
    waits = exists().where(
        earlier.c.alert_id == pages.c.alert_id,
        earlier.c.pager == pages.c.pager,
        earlier.c.state == literal_column("0"),
        earlier.c.created_at < pages.c.created_at,
        earlier.c.not_before > now,
    )
    due = (
        _IS_PENDING,
        or_(pages.c.not_before.is_(None), pages.c.not_before <= now),
        ~waits,
    )
    return select(pages).where(*due).order_by(pages.c.created_at, pages.c.id).limit(limit)


def claim_page(page_id: str, attempts: int, not_before: datetime) -> Executable:
    """Begin to send a page that had *attempts*; gives a row to one of all who try."""
    still = (pages.c.id == page_id, pages.c.state == PAGE_PENDING, pages.c.attempts == attempts)
    begun = update(pages).where(*still).values(attempts=attempts + 1, not_before=not_before)
    return begun.returning(pages.c.id)


def settle_page(page_id: str, values: Mapping[str, Any]) -> Executable:
    """Note what became of a page."""
    return update(pages).where(pages.c.id == page_id).values(values)


def forget_pages(before: datetime, limit: int) -> Executable:
    """Delete some pages sent long ago, of alerts that are resolved; gives a row for each."""
    rings = exists().where(alerts.c.id == pages.c.alert_id, _UNRESOLVED)
    old = select(pages.c.id).where(pages.c.sent_at < before, ~rings).limit(limit)
    return delete(pages).where(pages.c.id.in_(old)).returning(pages.c.id)
