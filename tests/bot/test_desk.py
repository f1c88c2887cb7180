"""Whatever is begun at the desk ends in an answer, or in a reference to our own fault."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.desk import Desk
from bot.metrics import Metrics
from bot.replies import Answer
from bot.respond import Outcome
from bot.views.layout import View, section
from tests.fakes.clock import FakeClock

HELLO = Answer(View([section("hello")], "hello"))


@dataclass
class RecordingReply:
    """Keeps what is sent; ``outcome`` is what becomes of it."""

    outcome: Outcome = Outcome.SENT
    is_prepared: bool = False
    sent: list[tuple[Answer, bool]] = field(default_factory=list)

    async def prepare(self) -> None:
        self.is_prepared = True

    async def send(self, answer: Answer, *, replace: bool) -> Outcome:
        assert self.is_prepared
        self.sent.append((answer, replace))
        return self.outcome


@pytest.fixture
def desk() -> Desk:
    return Desk(FakeClock(), Metrics(), new_reference=lambda: "ab12cd34")


@pytest.fixture
def reply() -> RecordingReply:
    return RecordingReply()


async def answer(view: Answer, wait: Callable[[], Awaitable[object]] | None = None) -> Answer:
    """Work that takes as long as *wait* does."""
    if wait:
        await wait()
    return view


def counted(desk: Desk, name: str) -> dict[str, float]:
    families = text_string_to_metric_families(desk.metrics.render().decode())
    return {
        ",".join(sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
        if sample.name == f"mediatask_{name}"
    }


@pytest.mark.parametrize("replace", [False, True])
async def test_what_is_begun_is_answered_and_counted(
    *, replace: bool, desk: Desk, reply: RecordingReply
) -> None:
    desk.begin(answer(HELLO), reply, replace=replace)
    waiting = counted(desk, "open_questions")
    await desk.close(within_s=5)

    assert reply.sent == [(HELLO, replace)]
    assert waiting == {"": 1}
    assert counted(desk, "open_questions") == {"": 0}
    assert counted(desk, "answers_total") == {"sent": 1}


async def test_a_lost_answer_is_counted_as_lost(desk: Desk) -> None:
    desk.begin(answer(HELLO), RecordingReply(Outcome.LOST))
    await desk.close(within_s=5)

    assert counted(desk, "answers_total") == {"lost": 1}


async def test_work_that_has_answered_already_is_not_answered_again(
    desk: Desk, reply: RecordingReply
) -> None:
    async def answer_elsewhere() -> None:
        """Nothing more to say."""

    desk.begin(answer_elsewhere(), reply)
    await desk.close(within_s=5)

    assert reply.sent == []
    assert counted(desk, "answers_total") == {}


async def test_a_bug_is_answered_with_a_reference_that_the_log_has(
    desk: Desk, reply: RecordingReply, caplog: pytest.LogCaptureFixture
) -> None:
    async def stumble() -> Answer:
        raise KeyError("a view without words")

    desk.begin(stumble(), reply, replace=True)
    await desk.close(within_s=5)

    ((apology, replaces),) = reply.sent
    assert "ab12cd34" in apology.view.text
    assert not replaces
    assert caplog.messages[0] == "question_failed reference=ab12cd34"
    assert "a view without words" in caplog.text
    assert "a view without words" not in apology.view.text
    caplog.clear()


async def test_closing_lets_the_open_questions_be_answered_first(
    desk: Desk, reply: RecordingReply
) -> None:
    may_go_on = asyncio.Event()
    desk.begin(answer(HELLO, may_go_on.wait), reply)

    closing = asyncio.create_task(desk.close(within_s=5))
    may_go_on.set()
    await closing

    assert reply.sent == [(HELLO, False)]


async def test_closing_waits_no_longer_than_it_may(desk: Desk, reply: RecordingReply) -> None:
    desk.begin(answer(HELLO, asyncio.Event().wait), reply)

    await desk.close(within_s=0)

    assert reply.sent == []
    assert counted(desk, "open_questions") == {"": 0}


async def test_closing_an_idle_desk_is_nothing(desk: Desk) -> None:
    await desk.close(within_s=5)

    assert counted(desk, "answers_total") == {}
