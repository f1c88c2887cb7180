"""The local Slack as a process of its own: ``python -m bot.sandbox.slack``.

Prints one line of JSON with the addresses and tokens, and runs until SIGTERM, SIGINT or the end of
its standard input.
"""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.sandbox.clock import SystemClock
from bot.sandbox.slack.server import LocalSlack


def _read_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.slack")
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--page-dir", type=Path, help="the built page; default: the plain one")
    parser.add_argument("--deliver-to", help="the app's URL; default: Socket Mode")
    parser.add_argument("--no-limits", action="store_true", help="answer however fast one asks")
    return parser.parse_args(words)


def _describe(slack: LocalSlack) -> str:
    names = ("api_url", "page_url", "bot_token", "app_token", "signing_secret")
    return json.dumps({name: getattr(slack, name) for name in names})


async def _wait_for_the_end() -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    ends = (asyncio.create_task(stop.wait()), asyncio.create_task(reader.read()))
    _, pending = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()


async def _run(arguments: argparse.Namespace) -> None:
    slack = await LocalSlack.start(
        clock=SystemClock(), port=arguments.port, page_dir=arguments.page_dir
    )
    async with slack:
        slack.backend.limits.is_on = not arguments.no_limits
        slack.deliver_to(arguments.deliver_to)
        sys.stdout.write(_describe(slack) + "\n")
        sys.stdout.flush()
        await _wait_for_the_end()


def main(words: Sequence[str] | None = None) -> int:
    """Run; 2 where the port is taken."""
    try:
        asyncio.run(_run(_read_arguments(words)))
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
