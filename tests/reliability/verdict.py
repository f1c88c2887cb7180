"""What became of all promises: judged by the messages in Slack, with the store as a key to them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.slack import seed
from bot.sandbox.slack.entities import Message
from tests.fakes.person import labels, prose
from tests.reliability.books import DEAD, SENT, Books, Delivered
from tests.reliability.promises import Promise

_FINISHED = "finished"
_STILL_WATCHED = "Unwatch"

Place = tuple[str, str]
"""A channel, and a task by its ref."""


@dataclass(slots=True)
class Verdict:
    """How it stands; what ``wrong`` gives has to be nothing."""

    tasks: int = 0
    """Watches the bot said it keeps."""
    messages: int = 0
    lost_watches: list[Place] = field(default_factory=list)
    """Promised, and not in the store."""
    lost: list[Place] = field(default_factory=list)
    """Promised, ended, and nobody was told."""
    duplicates: list[str] = field(default_factory=list)
    """Messages too many, by the delivery they bear."""
    told_twice: list[Place] = field(default_factory=list)
    """Ends told by more than one message."""
    early: list[Place] = field(default_factory=list)
    """Told before the vendor's end."""
    missing: list[str] = field(default_factory=list)
    """Deliveries taken for sent that are not in Slack."""
    strangers: list[str] = field(default_factory=list)
    """Messages of the bot's that no delivery accounts for, or that name others than they tell."""
    told_directly: list[Place] = field(default_factory=list)
    """Ends a person was told of in their conversation with the bot, for their channel was gone."""
    open: int = 0
    dead: list[str] = field(default_factory=list)
    untrue_cards: list[int] = field(default_factory=list)

    @property
    def wrong(self) -> dict[str, Any]:
        """Give what should be nothing and is something."""
        kept = {"tasks", "messages", "told_directly"}
        found = {name: getattr(self, name) for name in self.__slots__ if name not in kept}
        return {name: value for name, value in found.items() if value}


def judge(promises: Sequence[Promise], books: Books, messages: Iterable[Message]) -> Verdict:
    """Hold what is in Slack against what was promised."""
    posted = [one for one in messages if one.user == seed.BOT_USER]
    bearing = Counter(_delivery_id(message) for message in posted)
    finals = _finals(books)
    verdict = Verdict(messages=len(posted), open=books.open_deliveries)
    _count_messages(verdict, books, bearing, posted)
    _keep_word(verdict, promises, books, finals, bearing)
    _be_patient(verdict, promises, finals, posted)
    _read_conversations(verdict, promises, posted)
    _look_at_cards(verdict, books, {message.ts: message for message in posted})
    return verdict


def _delivery_id(message: Message) -> str:
    payload = (message.metadata or {}).get("event_payload", {})
    return str(payload.get("delivery_id", ""))


def _finals(books: Books) -> dict[Place, list[Delivered]]:
    found: dict[Place, list[Delivered]] = defaultdict(list)
    for one in books.deliveries:
        if one.kind == "news" and one.happening == _FINISHED and one.ref is not None:
            found[one.channel_id, one.ref].append(one)
    return found


def _count_messages(
    verdict: Verdict, books: Books, bearing: Mapping[str, int], posted: Sequence[Message]
) -> None:
    """Hold every sent delivery against its one message, and every message against its delivery."""
    sent = {one.id for one in books.deliveries if one.state == SENT}
    verdict.duplicates = [id_ for id_, number in bearing.items() if id_ and number > 1]
    verdict.missing = [id_ for id_ in sent if not bearing.get(id_)]
    verdict.strangers = [id_ for id_ in bearing if id_ not in sent]
    verdict.dead = [one.id for one in books.deliveries if one.state == DEAD]
    members: dict[str, set[str]] = defaultdict(set)
    for one in books.deliveries:
        if one.teller_id != one.id:
            members[one.teller_id].add(one.id)
    for message in posted:
        named = (message.metadata or {}).get("event_payload", {}).get("delivery_ids", [])
        if named and set(named) != members[_delivery_id(message)]:
            verdict.strangers.append(_delivery_id(message))


def _keep_word(
    verdict: Verdict,
    promises: Sequence[Promise],
    books: Books,
    finals: Mapping[Place, Sequence[Delivered]],
    bearing: Mapping[str, int],
) -> None:
    watched = {
        (row["channel_id"], f"{row['provider']}@{row['account']}:{row['task_id']}")
        for row in books.watches
    }
    for promise in promises:
        place = (promise.channel, promise.ref)
        told = sum(bearing.get(one.teller_id, 0) for one in finals.get(place, ()))
        if told > 1:
            verdict.told_twice.append(place)
        if promise.is_given:
            verdict.tasks += 1
            verdict.lost_watches += [] if place in watched else [place]
            verdict.lost += [] if told else [place]


def _be_patient(
    verdict: Verdict,
    promises: Sequence[Promise],
    finals: Mapping[Place, Sequence[Delivered]],
    posted: Sequence[Message],
) -> None:
    posted_at: dict[str, datetime] = {}
    for message in posted:
        posted_at.setdefault(_delivery_id(message), _instant(message.ts))
    for promise in promises:
        place = (promise.channel, promise.ref)
        told_at = [
            posted_at[one.teller_id] for one in finals.get(place, ()) if one.teller_id in posted_at
        ]
        if told_at and min(told_at) < promise.ends_at:
            verdict.early.append(place)


def _read_conversations(
    verdict: Verdict, promises: Sequence[Promise], posted: Sequence[Message]
) -> None:
    direct = "\n".join(prose(message) for message in posted if message.channel.startswith("D"))
    verdict.told_directly = [
        (promise.channel, promise.ref) for promise in promises if promise.task_id in direct
    ]


def _look_at_cards(verdict: Verdict, books: Books, messages: Mapping[str, Message]) -> None:
    going = {row["card_id"] for row in books.watches if not row["has_ended"]}
    for row in books.cards:
        message = messages.get(row["ts"] or "")
        is_behind = row["wanted"] > row["shown"] or message is None
        is_wrong = message is not None and (_STILL_WATCHED in labels(message)) != (
            row["id"] in going
        )
        if row["lost_at"] is None and (is_behind or is_wrong):
            verdict.untrue_cards.append(row["id"])


def _instant(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)
