"""What could not be sent is an operator's to see and to send again, and nobody else's."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.asker import Asker
from bot.store.errors import StoreError
from bot.views.words import ENGLISH, Words
from bot.watchlists.dead_letters import DeadLetters

OPERATOR = Asker("T1", "U0OPS", "C1")
ALICE = Asker("T1", "U0ALICE", "C1")


@dataclass
class Outbox:
    """Has one dead letter, where it can be read at all."""

    fails: bool = False
    resent: list[tuple[str, str]] = field(default_factory=list)

    async def dead(self, team_id: str, limit: int) -> list[str]:
        self._check()
        return [f"{team_id}:{limit}"]

    async def resend(self, delivery_id: str, *, team_id: str) -> bool:
        self._check()
        self.resent.append((delivery_id, team_id))
        return delivery_id == "d1"

    def _check(self) -> None:
        if self.fails:
            raise StoreError("the disk is gone")


@dataclass
class Everything:
    """As much of the questions as is asked here: a store, and a language."""

    deliveries: Outbox

    @property
    def store(self) -> "Everything":
        return self

    @property
    def audience(self) -> "Everything":
        return self

    async def words(self, _asker: Asker) -> Words:
        return ENGLISH


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


@pytest.fixture
def woken() -> list[str]:
    return []


@pytest.fixture
def letters(outbox: Outbox, woken: list[str]) -> DeadLetters:
    questions: Any = Everything(outbox)
    return DeadLetters(questions, frozenset({"U0OPS"}), lambda: woken.append("now"))


async def test_an_operator_sees_those_of_their_workspace(letters: DeadLetters) -> None:
    assert [str(one) for one in await letters.of(OPERATOR)] == ["T1:10"]
    assert await letters.of(ALICE) == []


async def test_a_store_in_trouble_shows_none(letters: DeadLetters, outbox: Outbox) -> None:
    outbox.fails = True

    assert await letters.of(OPERATOR) == []


@pytest.mark.parametrize(
    ("delivery_id", "said"),
    [("d1", "note.resent"), ("d2", "note.not_resent")],
)
async def test_an_operator_sends_one_again_and_hears_whether_it_was_there(
    delivery_id: str, said: str, letters: DeadLetters, outbox: Outbox, woken: list[str]
) -> None:
    answer = await letters.resend(delivery_id, OPERATOR)

    assert answer.view.text == ENGLISH(said)
    assert outbox.resent == [(delivery_id, "T1")]
    assert woken == ["now"]


async def test_anybody_else_is_refused(letters: DeadLetters, outbox: Outbox) -> None:
    answer = await letters.resend("d1", ALICE)

    assert answer.view.text == ENGLISH("note.operators_only")
    assert outbox.resent == []


async def test_what_cannot_be_written_is_said(
    letters: DeadLetters, outbox: Outbox, woken: list[str]
) -> None:
    outbox.fails = True

    answer = await letters.resend("d1", OPERATOR)

    assert answer.view.text == ENGLISH("note.watch_not_saved")
    assert woken == []
