"""How fast ``/mediatask`` is acknowledged in HTTP mode, and whether everybody is answered.

The load, the receiver of the answers, the local Slack and the vendor clouds are processes of their
own, so that the bot has a core to itself.
"""

import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from providers.clock import SystemClock
from tests.bench.processes import PROJECT, run_job, speaking
from tests.bench.report import Row, Table
from tests.bench.serving import CLOUDS, SLACK, account_sections, serving, slack_section
from tests.bench.slack_load import Load

_SHARE = 0.9
_P99_MS = 100.0
_UNPACED = 1_000_000
_WARM_UP_S = 0.5
_ANSWERED_WITHIN_S = 120.0
_COLUMNS = ("acks/s", "p50 ms", "p99 ms", "max ms", "answered")
_PROVIDERS = ("tencent", "huawei", "record", "mpc", "tiw")
_SCENARIO = PROJECT / "bot" / "sandbox" / "scenario.toml"


@dataclass(frozen=True, slots=True)
class _Street:
    """Everything around the bot that is measured."""

    slack: Mapping[str, Any]
    clouds: Mapping[str, Any]
    answers_url: str
    folder: Path

    def load(self, port: int, **other: Any) -> Load:
        texts = ("tiw {n}",)
        secret = self.slack["signing_secret"]
        return Load(port, secret, self.answers_url, **{"texts": texts, **other})


@asynccontextmanager
async def _street(*cloud_words: str) -> AsyncIterator[_Street]:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        _, slack = await stack.enter_async_context(speaking(SLACK))
        _, clouds = await stack.enter_async_context(speaking([*CLOUDS, *cloud_words]))
        _, counter = await stack.enter_async_context(speaking(["-m", "tests.bench.answer_counter"]))
        yield _Street(slack, clouds, counter["url"], Path(folder))


async def measure(seconds: float = 5, in_flight: Sequence[int] = (1, 20, 50)) -> Table:
    """Compare acknowledgements a second with those of a Bolt app that does nothing else."""
    async with _street("--no-limits", "--wildcard") as street:
        bare = await _measure_bare(street, seconds, in_flight, inline=False)
        inline = await _measure_bare(street, seconds, in_flight, inline=True)
        ours = await _measure_ours(street, seconds, in_flight)
    rows: list[Row] = []
    for together in in_flight:
        name = f"{together} in flight"
        share = ours[together]["per_second"] / bare[together]["per_second"]
        rows += [
            Row(f"{name}: bare Bolt", _figures(bare[together])),
            Row(f"{name}: bare Bolt, process_before_response", _figures(inline[together])),
            Row(
                f"{name}: ours, x{share:.2f}",
                _figures(ours[together]),
                f"x{_SHARE} of bare Bolt",
                share >= _SHARE,
            ),
        ]
    return Table(f"Acknowledging /mediatask, {seconds:g} s each", _COLUMNS, tuple(rows), _NOTES)


_NOTES = (
    "Every command we acknowledge is also looked up at a vendor and answered, about another task",
    "each time; answers give way to acknowledgements, and 'answered' tells when the last one came.",
)


async def _measure_bare(
    street: _Street, seconds: float, in_flight: Sequence[int], *, inline: bool
) -> dict[int, dict[str, Any]]:
    job = {"mode": "http", "inline": inline, **street.slack}
    found: dict[int, dict[str, Any]] = {}
    async with speaking(["-m", "tests.bench.bare_bolt", json.dumps(job)]) as (_, bare):
        await _load(street.load(bare["port"], seconds=_WARM_UP_S, in_flight=1))
        for together in in_flight:
            load = street.load(bare["port"], seconds=seconds, in_flight=together)
            found[together] = await _load(load)
    return found


async def _measure_ours(
    street: _Street, seconds: float, in_flight: Sequence[int]
) -> dict[int, dict[str, Any]]:
    accounts = account_sections(street.clouds["accounts"], rate=_UNPACED)
    sections = {**slack_section(street.slack, "http"), **accounts}
    found: dict[int, dict[str, Any]] = {}
    async with serving(street.folder, sections) as bot:
        typed = await _load_and_wait(street, street.load(bot.port, seconds=0.5, in_flight=1))
        first = int(typed["commands"])
        for together in in_flight:
            load = street.load(bot.port, seconds=seconds, in_flight=together, first=first)
            found[together] = await _load_and_wait(street, load)
            first += int(found[together]["commands"])
    return found


async def measure_outage(seconds: float = 30, per_second: float = 200, hang_s: float = 10) -> Table:
    """Let every vendor hang while commands arrive at a rate; nobody may stay without an answer."""
    with TemporaryDirectory() as folder:
        scenario = _write_outage(Path(folder) / "outage.toml", hang_s)
        async with _street("--scenario", str(scenario), "--wildcard") as street:
            accounts = account_sections(street.clouds["accounts"])
            sections = {**slack_section(street.slack, "http"), **accounts}
            async with serving(street.folder, sections) as bot:
                await _load_and_wait(
                    street, street.load(bot.port, seconds=0.5, in_flight=1, texts=("help",))
                )
                texts = tuple(f"{provider} {{n}}" for provider in _PROVIDERS)
                load = street.load(
                    bot.port, seconds=seconds, per_second=per_second, first=1_000_000, texts=texts
                )
                found = await _load_and_wait(street, load)
    is_met = found["p99_ms"] < _P99_MS and not found["refused"] and not found["unanswered"]
    aim = f"p99 < {_P99_MS:g} ms, all answered"
    row = Row("ours", _figures(found), aim, is_met)
    title = f"Every vendor hangs for {hang_s:g} s; {per_second:g} commands/s for {seconds:g} s"
    return Table(title, _COLUMNS, (row,))


def _write_outage(path: Path, hang_s: float) -> Path:
    spells = (
        f'[[weather]]\ncloud = "{cloud}"\nkind = "hang"\nseconds = {hang_s}\n'
        for cloud in ("rtc", "record", "mpc", "tiw")
    )
    path.write_text("\n".join([_SCENARIO.read_text("utf-8"), *spells]), "utf-8")
    return path


async def _load(load: Load) -> dict[str, Any]:
    return await run_job("tests.bench.slack_load", asdict(load))


async def _load_and_wait(street: _Street, load: Load) -> dict[str, Any]:
    """Type, then wait until everybody is answered; tell how long that took, and who is not."""
    async with aiohttp.ClientSession() as session:
        before = await _count(session, street)
        found = await _load(load)
        typed_at, clock = time.perf_counter(), SystemClock()
        while (answered := await _count(session, street) - before) < found["commands"]:
            if time.perf_counter() - typed_at > _ANSWERED_WITHIN_S:
                break
            await clock.sleep(0.05)
    late = time.perf_counter() - typed_at
    return {**found, "unanswered": found["commands"] - answered, "answered_after_s": late}


async def _count(session: aiohttp.ClientSession, street: _Street) -> int:
    async with session.get(street.answers_url) as response:
        document = await response.json()
    return int(document["answered"])


def _figures(found: Mapping[str, Any]) -> tuple[str, ...]:
    answered = "-"
    if "unanswered" in found:
        count = found["commands"] - found["unanswered"]
        answered = f"{count}/{found['commands']} +{found['answered_after_s']:.1f} s"
    waits = (f"{found[name]:.1f}" for name in ("p50_ms", "p99_ms", "max_ms"))
    return (f"{found['per_second']:.0f}", *waits, answered)
