"""Pushes ZEGO's callbacks at a bot at a steady rate, whatever it answers: a process of its own."""

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any

import aiohttp

from providers.clock import SystemClock

_STEP_S = 0.01
_RECORDINGS = 2_000
"""So many recordings have news; each callback says something else."""


@dataclass(slots=True)
class _Found:
    statuses: dict[str, int] = field(default_factory=dict)
    waits_s: list[float] = field(default_factory=list)
    accepted: list[int] = field(default_factory=list)


def callback(job: Mapping[str, Any], number: int) -> bytes:
    """Write a callback as ZEGO signs it; *number* tells it from all others."""
    stamp = str(int(SystemClock().now().timestamp()))
    text = "".join(sorted((job["secret"], stamp, "1")))
    said = {
        "app_id": job["app_id"],
        "task_id": f"R{number % _RECORDINGS:015}",
        "room_id": "bench",
        "event_type": 4,
        "message": "",
        "sequence": number,
        "detail": {},
        "timestamp": stamp,
        "nonce": "1",
        "signature": sha1(text.encode(), usedforsecurity=False).hexdigest(),
    }
    return json.dumps(said).encode()


async def push(job: Mapping[str, Any]) -> dict[str, Any]:
    """Push for so many seconds at so many a second; give what came of it."""
    found, clock = _Found(), SystemClock()
    sending: set[asyncio.Task[None]] = set()
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=15)
    ) as session:
        began, sent = time.perf_counter(), 0
        while (elapsed := time.perf_counter() - began) < job["seconds"]:
            while sent < elapsed * job["per_second"]:
                task = asyncio.create_task(_send(session, job, sent, found))
                sending.add(task)
                task.add_done_callback(sending.discard)
                sent += 1
            await clock.sleep(_STEP_S)
        await asyncio.gather(*sending)
        return _sum_up(found, sent, time.perf_counter() - began)


async def _send(
    session: aiohttp.ClientSession, job: Mapping[str, Any], number: int, found: _Found
) -> None:
    began, body = time.perf_counter(), callback(job, number)
    try:
        async with session.post(job["url"], data=body) as reply:
            await reply.read()
            status = str(reply.status)
    except (aiohttp.ClientError, TimeoutError):
        status = "none"
    found.waits_s.append(time.perf_counter() - began)
    found.statuses[status] = found.statuses.get(status, 0) + 1
    if status == "200":
        found.accepted.append(number)


def _sum_up(found: _Found, sent: int, seconds: float) -> dict[str, Any]:
    waits = sorted(found.waits_s)
    return {
        "sent": sent,
        "per_second": len(found.accepted) / seconds,
        "statuses": found.statuses,
        "accepted": found.accepted,
        "p50_ms": 1000 * waits[len(waits) // 2],
        "p99_ms": 1000 * waits[int(len(waits) * 0.99)],
        "max_ms": 1000 * waits[-1],
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(push(json.loads(sys.argv[1])))))
