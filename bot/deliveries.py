"""``mediatask deliveries``: what Slack has not been told yet, or will not take."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.models import Delivery
from bot.store.beside import open_deliveries

_MOST = 200
_HEADINGS = ("id", "state", "age", "channel", "kind", "attempts", "error")
_UNITS = (("d", 86400), ("h", 3600), ("m", 60))


async def list_deliveries(url: str, now: datetime, *, only_dead: bool) -> str:
    """Write a table of what is open or dead, or of what is dead alone, newest first.

    Raises:
        UnusableStoreError: the store cannot be opened.
        StoreError: it cannot be read.
    """
    async with open_deliveries(url) as deliveries:
        if only_dead:
            found = await deliveries.dead(None, _MOST)
        else:
            found = await deliveries.open_or_dead(_MOST)
    return render_table(found, now) if found else "nothing is waiting, and nothing is dead"


async def resend_delivery(url: str, delivery_id: str) -> str | None:
    """Let a dead delivery be sent again and say so; None where there is no such one.

    A running bot finds it within a second, the next one when it starts.

    Raises:
        UnusableStoreError: the store cannot be opened.
        StoreError: it cannot be changed.
    """
    async with open_deliveries(url) as deliveries:
        if not await deliveries.resend(delivery_id):
            return None
    return f"{delivery_id} is sent again"


def render_table(deliveries: Iterable[Delivery], now: datetime) -> str:
    """Write one line each, under headings, in columns."""
    rows = [_HEADINGS, *(_row(delivery, now) for delivery in deliveries)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    return "\n".join(_line(row, widths) for row in rows)


def _row(delivery: Delivery, now: datetime) -> tuple[str, ...]:
    return (
        delivery.id,
        delivery.state.name.lower(),
        _age(now - delivery.created_at),
        delivery.channel_id,
        delivery.kind,
        str(delivery.attempts),
        delivery.error or "-",
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
    return "  ".join(cells).rstrip()


def _age(age: timedelta) -> str:
    """Write the largest whole unit, as in ``3h``."""
    seconds = max(int(age.total_seconds()), 0)
    for unit, size in _UNITS:
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
