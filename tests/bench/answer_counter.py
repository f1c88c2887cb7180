"""Where answers arrive, as a process: stands behind every ``response_url`` and counts.

Prints one line of JSON with its address and runs until it is terminated. ``GET /`` tells how many
commands were answered so far, and how many answers came for one that already had its own.
"""

import asyncio
import json
import signal
from http import HTTPMethod

from aiohttp import web


class AnswerCounter:
    """Takes every answer, as Slack would take a good one."""

    def __init__(self) -> None:
        self._answered: set[str] = set()
        self._again = 0

    async def receive(self, request: web.BaseRequest) -> web.Response:
        """Take an answer, or tell the count."""
        if request.method == HTTPMethod.GET:
            return web.json_response({"answered": len(self._answered), "again": self._again})
        await request.read()
        self._again += request.path in self._answered
        self._answered.add(request.path)
        return web.Response(text="ok")


async def _main() -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    runner = web.ServerRunner(web.Server(AnswerCounter().receive, access_log=None))
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, shutdown_timeout=1).start()
        print(json.dumps({"url": f"http://127.0.0.1:{runner.addresses[0][1]}/"}), flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_main())
