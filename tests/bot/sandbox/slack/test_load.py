"""The load, the control routes and the process of its own that benchmarks use."""

import asyncio
import json
import signal
import sys
from typing import Any

import aiohttp
import pytest

from bot.sandbox.slack.__main__ import main
from bot.sandbox.slack.load import Load, quantiles, run_load, whole_interaction
from bot.sandbox.slack.server import LocalSlack
from tests.bot.sandbox.slack.listening_bot import ListeningBot


async def control(
    base: str, session: aiohttp.ClientSession, what: str, **body: Any
) -> dict[str, Any]:
    async with session.post(f"{base}control/{what}", json=body) as reply:
        answer: dict[str, Any] = await reply.json()
        return answer


async def test_a_load_is_typed_answered_and_reported(slack: LocalSlack, bot: ListeningBot) -> None:
    for _ in range(20):
        bot.will_answer({"text": "found"})

    report = await run_load(slack, Load(commands=20, per_second=2000))

    assert (report["commands"], report["errors"]) == (20, {})
    assert (report["unanswered"], report["answered_twice"]) == (0, 0)
    assert report["ack_ms"]["p50"] <= report["ack_ms"]["p99"] <= report["ack_ms"]["max"]
    assert {one.payload["text"] for one in bot.heard} == {f"tencent {n}" for n in range(20)}


async def test_a_load_may_ask_for_the_same_few_tasks_again_and_again(
    slack: LocalSlack, bot: ListeningBot
) -> None:
    for _ in range(6):
        bot.will_answer({"text": "found"})

    await run_load(slack, Load(commands=6, per_second=2000, tasks=2))

    asked = sorted(one.payload["text"] for one in bot.heard)
    assert asked == ["tencent 0"] * 3 + ["tencent 1"] * 3


async def test_who_is_not_answered_is_counted(slack: LocalSlack, bot: ListeningBot) -> None:
    bot.will_answer(status=500)

    report = await run_load(slack, Load(commands=3, per_second=2000, patience=0.2))

    assert report["errors"] == {"http_service_error": 1}
    assert report["unanswered"] == 2
    assert report["answer_ms"] == {}


async def test_what_was_not_delivered_is_no_load(slack: LocalSlack) -> None:
    with pytest.raises(ValueError, match="threads"):
        whole_interaction(await slack.command("help", thread_ts="1.0"))


def test_quantiles_of_a_hundred() -> None:
    assert quantiles([float(n) for n in range(101)]) == {
        "p50": 50,
        "p90": 90,
        "p99": 99,
        "max": 100,
    }


async def test_a_benchmark_steers_by_http(
    slack: LocalSlack, bot: ListeningBot, session: aiohttp.ClientSession
) -> None:
    url = slack.page_url
    bot.will_answer({"text": "found"})

    report = await control(url, session, "load", commands=1, per_second=10)
    await control(url, session, "limits", on=False)
    await control(url, session, "deliver_to", url=None)
    cut = await control(url, session, "cut", how="reset")
    await control(url, session, "trouble", method="response_url", trouble="http_500")
    wrong = await control(url, session, "load", songs=3)

    assert report["unanswered"] == 0
    assert slack.backend.limits.is_on is False
    assert cut == {"cut": 0}
    assert slack.backend.troubles.next("response_url") == "http_500"
    assert "songs" in wrong["error"]
    async with session.post(f"{url}control/dance", json={}) as reply:
        assert reply.status == 404


@pytest.mark.parametrize("ending", ["signal", "end of input"])
async def test_a_process_of_its_own_says_where_it_is_and_ends(
    ending: str, session: aiohttp.ClientSession
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot.sandbox.slack", "--no-limits", "--deliver-to", "http://127.0.0.1:9/"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    async with asyncio.timeout(20):
        told = json.loads(await process.stdout.readline())
        report = await control(told["page_url"], session, "load", commands=1, per_second=9)
        if ending == "signal":
            process.send_signal(signal.SIGTERM)
        else:
            process.stdin.close()
        status = await process.wait()

    assert report["errors"] == {"dispatch_failed": 1}
    assert status == 0


async def test_a_port_that_is_taken_ends_with_2(
    slack: LocalSlack, capsys: pytest.CaptureFixture[str]
) -> None:
    port = slack.page_url.rstrip("/").rpartition(":")[2]

    status = await asyncio.to_thread(main, ["--port", port])

    assert status == 2
    assert "address already in use" in capsys.readouterr().err
