"""The clouds as a process of their own: ``python -m bot.sandbox.clouds``, for benchmarks.

Prints one line of JSON with the addresses and accounts, and runs until SIGTERM, SIGINT or the end
of its standard input.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from bot.sandbox.clock import SystemClock
from bot.sandbox.clouds.fleet import VendorClouds
from bot.sandbox.scenario import Scenario, ScenarioError


def _read_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.clouds")
    parser.add_argument("--scenario", type=Path, help="default: the demo's")
    parser.add_argument("--port-base", type=int, default=0, help="0: free ports")
    parser.add_argument("--no-limits", action="store_true", help="answer however fast one asks")
    parser.add_argument("--wildcard", action="store_true", help="an unknown id is a finished task")
    return parser.parse_args(words)


def _load(arguments: argparse.Namespace) -> Scenario:
    scenario = Scenario.load(arguments.scenario)
    limits = scenario.limits and not arguments.no_limits
    wildcard = scenario.wildcard or arguments.wildcard
    return scenario.model_copy(update={"limits": limits, "wildcard": wildcard})


def _describe(clouds: VendorClouds) -> str:
    names = ("rtc", "record", "mpc", "iam", "tiw", "media", "obs")
    urls = {f"{name}_url": getattr(clouds, f"{name}_url") for name in names}
    return json.dumps({**urls, "accounts": clouds.accounts()})


def _wait_for_end_of_input(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    # os.read holds no lock of sys.stdin, which the interpreter would miss at its end.
    while os.read(0, 1024):
        pass
    loop.call_soon_threadsafe(stop.set)


async def _run(scenario: Scenario, port_base: int) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    threading.Thread(target=_wait_for_end_of_input, args=(loop, stop), daemon=True).start()
    clouds = await VendorClouds.start(scenario, clock=SystemClock(), port_base=port_base)
    async with clouds:
        sys.stdout.write(_describe(clouds) + "\n")
        sys.stdout.flush()
        await stop.wait()


def main(words: Sequence[str] | None = None) -> int:
    """Run; 2 where the scenario cannot be played or a port is taken."""
    arguments = _read_arguments(words)
    try:
        asyncio.run(_run(_load(arguments), arguments.port_base))
    except (ScenarioError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
