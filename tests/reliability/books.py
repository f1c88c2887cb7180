"""What a bot's store says, read beside it by plain SQL, and changed in one way: it grows older."""

import asyncio
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

_DELIVERIES = """SELECT d.id, d.kind, d.state, d.digest_id, d.channel_id, d.card_id, d.attempts,
    d.unverified, d.error, d.facts FROM delivery d ORDER BY d.number"""
_CARDS = "SELECT id, channel_id, ts, wanted, shown, lost_at FROM card ORDER BY id"
_WATCHES = """SELECT w.card_id, w.channel_id, w.ended_at IS NOT NULL AS has_ended, t.provider,
    t.account, t.task_id FROM watch w JOIN task t ON t.id = w.task_id ORDER BY w.id"""
PENDING, SENDING, SENT, DEAD, MERGED, SUPERSEDED = range(6)
"""States of a delivery, as they are stored."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery, as it is stored."""

    id: str
    kind: str
    state: int
    teller_id: str
    """The delivery that tells it: itself, or the group or digest it went into."""
    channel_id: str
    card_id: int | None
    attempts: int
    is_unverified: bool
    error: str | None
    ref: str | None
    """The task it is about; None where it is about none, or several."""
    happening: str | None


@dataclass(frozen=True, slots=True)
class Books:
    """All of a store that is looked at."""

    deliveries: tuple[Delivered, ...]
    cards: tuple[Row, ...]
    watches: tuple[Row, ...]

    @property
    def open_deliveries(self) -> int:
        """Count what is neither told nor dead."""
        return sum(one.state in {PENDING, SENDING} for one in self.deliveries)

    @property
    def stale_cards(self) -> int:
        """Count the cards that do not show the latest change."""
        return sum(row["wanted"] > row["shown"] and row["lost_at"] is None for row in self.cards)


async def read_books(url: str) -> Books:
    """Read a store, also while bots use it."""
    tables = await fetch(url, _DELIVERIES, _CARDS, _WATCHES)
    deliveries, cards, watches = tables
    tellers = {row["id"]: row["digest_id"] for row in deliveries}
    return Books(tuple(_read(row, tellers) for row in deliveries), tuple(cards), tuple(watches))


async def fetch(url: str, *queries: str) -> list[list[Row]]:
    """Run *queries*, each by itself."""
    if url.startswith("sqlite"):
        return await asyncio.to_thread(_fetch_file, Path(url.removeprefix("sqlite:///")), queries)
    connection = await asyncpg.connect(url, timeout=10, command_timeout=30)
    try:
        return [[dict(row) for row in await connection.fetch(query)] for query in queries]
    finally:
        await connection.close()


def grow_older(path: Path, seconds: float) -> None:
    """Let *seconds* pass for all sends of unknown fate, while no bot runs."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "UPDATE delivery SET not_before = not_before - ?, attempt_at = attempt_at - ?"
            " WHERE state = ?",
            (seconds, seconds, SENDING),
        )


def _fetch_file(path: Path, queries: Sequence[str]) -> list[list[Row]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as connection:
        connection.row_factory = sqlite3.Row
        return [[dict(row) for row in connection.execute(query)] for query in queries]


def _read(row: Row, tellers: Mapping[str, str | None]) -> Delivered:
    facts = json.loads(row["facts"])
    teller_id = row["id"]
    while (next_id := tellers.get(teller_id)) is not None:
        teller_id = next_id
    return Delivered(
        id=row["id"],
        kind=row["kind"],
        state=row["state"],
        teller_id=teller_id,
        channel_id=row["channel_id"],
        card_id=row["card_id"],
        attempts=row["attempts"],
        is_unverified=bool(row["unverified"]),
        error=row["error"],
        ref=facts.get("ref"),
        happening=facts.get("happening"),
    )
