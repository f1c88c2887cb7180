"""What we are held against, as a process: a Bolt app that does nothing but acknowledge.

It is served the way ours is: the aiohttp adapter of Bolt, without an access log. Prints one line
of JSON when it is ready and runs until it is terminated.
"""

import asyncio
import json
import signal
import sys
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


def _create_app(job: Mapping[str, Any]) -> AsyncApp:
    app = AsyncApp(
        client=AsyncWebClient(token=job["bot_token"], base_url=job["api_url"]),
        signing_secret=job["signing_secret"],
        process_before_response=job["inline"],
    )

    @app.command("/mediatask")
    async def on_command(ack: AsyncAck) -> None:
        await ack()

    return app


async def _serve_http(app: AsyncApp, stop: asyncio.Event) -> None:
    async def receive(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    web_app = web.Application()
    web_app.router.add_post("/slack/events", receive)
    runner = web.AppRunner(web_app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(json.dumps({"port": runner.addresses[0][1]}), flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()


async def _serve_socket(app: AsyncApp, app_token: str, stop: asyncio.Event) -> None:
    client = AsyncSocketModeHandler(app, app_token).client
    await client.connect()  # type: ignore[no-untyped-call]  # slack_sdk has no type
    print(json.dumps({"port": None}), flush=True)
    await stop.wait()
    await client.close()  # type: ignore[no-untyped-call]  # slack_sdk has no type


async def _main(job: Mapping[str, Any]) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    app = _create_app(job)
    if job["mode"] == "http":
        await _serve_http(app, stop)
    else:
        await _serve_socket(app, job["app_token"], stop)


if __name__ == "__main__":
    asyncio.run(_main(json.loads(sys.argv[1])))
