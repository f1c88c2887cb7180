"""A night with the bot on call: recordings fail, somebody's callback says so, files turn up."""

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from hashlib import sha1
from itertools import count
from typing import Any

import aiohttp

from bot.app import Bot
from bot.sandbox.clouds import VendorClouds
from bot.sandbox.scenario import File, Step, Task, Word
from bot.sandbox.slack.entities import Message
from bot.sandbox.slack.server import LocalSlack
from providers.clock import Clock, SystemClock
from tests.fakes.person import Person

ONCALL = "C0ONCALL"
TOLD_WITHIN_S = 30.0
ROUTE = {
    "provider": ["record"],
    "room": ["lesson-*"],  # the scenario has a failure of its own
    "channel": ONCALL,
    "notify": ["S0ONCALL"],
}
_SECRET = "callback-secret"
_numbers = count(1)

ShiftWith = Callable[..., AbstractAsyncContextManager["Shift"]]


def with_callbacks(clouds: VendorClouds) -> dict[str, Any]:
    """The accounts, with a callback secret for ZEGO's."""
    accounts = clouds.accounts()
    accounts["main"] |= {"callback_secret": _SECRET}
    return accounts


@dataclass(frozen=True)
class Shift:
    """Everybody who takes part in a night."""

    bot: Bot
    clouds: VendorClouds
    slack: LocalSlack
    session: aiohttp.ClientSession
    clock: Clock = field(default_factory=SystemClock)
    """By which ZEGO says when it called."""

    async def fails(
        self, task_id: str, *, room: str = "lesson-7", word: Word = Word.FAILED
    ) -> None:
        """Let a recording nobody watches end badly, and ZEGO say so."""
        self._put(task_id, room, word)
        await self._call_back(task_id)

    async def recovers(self, task_id: str, *, room: str = "lesson-7") -> None:
        """Let its file turn up after all, and ZEGO say so."""
        await self.fails(task_id, room=room, word=Word.SUCCEEDED)

    async def alert(self, task_id: str = "Night1") -> Message:
        """Let a recording fail; the message that says so, once everybody sees it."""
        before = len(self.alerts)
        await self.fails(task_id)
        await self.slack.wait_for(lambda: len(self.alerts) > before, TOLD_WITHIN_S)
        return self.alerts[-1]

    @property
    def alerts(self) -> list[Message]:
        """The messages of the channel for alerts, without what stands in threads."""
        found = self.slack.messages(ONCALL)
        return [one for one in found if one.is_bot and not one.is_reply]

    def thread(self, message: Message) -> list[Message]:
        """What stands below a message."""
        found = self.slack.messages(message.channel)
        return [one for one in found if one.is_reply and one.thread_ts == message.ts]

    async def sees(self, told: Callable[[], Any]) -> None:
        """Wait until something is so."""
        await self.slack.wait_for(told, TOLD_WITHIN_S)

    def person(self, user: str = "U0ALICE", channel: str = ONCALL) -> Person:
        return Person(self.slack, user=user, channel=channel)

    def _put(self, task_id: str, room: str, word: Word) -> None:
        lost = (File(name="b.mp4", kept="lost"),) if word is Word.PARTIAL else ()
        end = Step(at=0, say=word, files=(File(name="a.mp4"), *lost))
        steps = (Step(at=-600, say=Word.RUNNING), end)
        self.clouds.put_task(Task(provider="record", id=task_id, room=room, steps=steps))

    async def _call_back(self, task_id: str) -> None:
        stamp, nonce = str(int(self.clock.now().timestamp())), str(next(_numbers))
        proof = sha1("".join(sorted([_SECRET, stamp, nonce])).encode(), usedforsecurity=False)
        body = {
            "app_id": self.clouds.scenario.keys.zego.app_id,
            "task_id": task_id,
            "event_type": 1,
            # Two callbacks that say the very same are one.
            "detail": {"upload_status": 2, "file_info": [{"file_id": nonce}]},
            "timestamp": stamp,
            "nonce": nonce,
            "signature": proof.hexdigest(),
        }
        url = f"http://127.0.0.1:{self.bot.port}/callbacks/main"
        async with self.session.post(url, data=json.dumps(body)) as answer:
            assert answer.status == 200
