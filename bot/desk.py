"""Where people's questions are worked on, after Slack has had its acknowledgement.

Every question becomes a task of its own that ends in an answer: a card, a usage error, or, where
the bot itself is at fault, a short reference that the log can be searched for.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from bot.metrics import Metrics
from bot.replies import Answer, Reply
from bot.turns import Turns
from bot.views.help import render_failure
from providers.clock import Clock

log = logging.getLogger(__name__)

Work = Coroutine[Any, Any, Answer | None]
"""What finds the answer; None where it has been given already, or there is none to give."""


@dataclass(slots=True)
class Desk:
    """Works on questions; nothing asked is left unanswered."""

    clock: Clock
    metrics: Metrics
    new_reference: Callable[[], str]
    turns: Turns = field(init=False)
    _open: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.turns = Turns(self.clock)

    def begin(self, work: Work, reply: Reply, *, replace: bool = False) -> None:
        """Start *work*, whose answer is sent by *reply*; returns at once.

        The work begins when no acknowledgement is more urgent. With *replace* the answer takes the
        place of the message the question came from; an apology or a refusal never does.
        """
        self.turns.note_request()
        task = asyncio.create_task(self._answer(work, reply, replace=replace))
        self._open.add(task)
        self.metrics.set_open_questions(len(self._open))
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._open.discard(task)
        self.metrics.set_open_questions(len(self._open))

    async def _answer(self, work: Work, reply: Reply, *, replace: bool) -> None:
        try:
            await reply.prepare()
            await self.turns.wait()
            answer = await work
        except Exception:
            reference = self.new_reference()
            log.exception("question_failed reference=%s", reference)
            answer, replace = Answer(render_failure(reference)), False
        finally:
            work.close()  # where it was stopped before its turn
        if answer is not None:
            is_in_place = replace and answer.may_replace
            self.metrics.count_answer(await reply.send(answer, replace=is_in_place))

    async def close(self, *, within_s: float) -> None:
        """Let open questions be answered, for at most *within_s* seconds."""
        if self._open:
            log.info("answering_last questions=%d", len(self._open))
            await asyncio.wait(self._open, timeout=within_s)
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
