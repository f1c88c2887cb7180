"""Our bot as an operator runs it, a process between a local Slack and local vendor clouds."""

import json
import socket
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp

from providers.clock import SystemClock
from tests.bench.processes import BenchError, spawn, stop

_READY_WITHIN_S = 20.0
_LOOK_EVERY_S = 0.005
_LOG = "serve.log"

SLACK = ("-m", "bot.sandbox.slack", "--no-limits")
CLOUDS = ("-m", "bot.sandbox.clouds")


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot that is ready."""

    process: Process
    port: int
    ready_after_s: float
    """From its start to the first 200 of /readyz."""


def write_config(path: Path, sections: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write a configuration file; JSON's texts, numbers and lists are TOML too."""
    lines: list[str] = []
    for name, section in sections.items():
        lines += [f"[{name}]", *(f"{key} = {_write(value)}" for key, value in section.items())]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def _write(value: object) -> str:
    if not isinstance(value, dict):
        return json.dumps(value)
    return "{ " + ", ".join(f"{key} = {_write(inner)}" for key, inner in value.items()) + " }"


def account_sections(accounts: Mapping[str, Any], **other: object) -> dict[str, dict[str, Any]]:
    """Lay out the stand-ins' accounts as sections, each with *other* keys added."""
    return {f"accounts.{name}": {**told, **other} for name, told in accounts.items()}


def slack_section(slack: Mapping[str, Any], mode: str) -> dict[str, dict[str, Any]]:
    """Lay out the local Slack's section."""
    keys = ("bot_token", "api_url", "app_token" if mode == "socket" else "signing_secret")
    return {"slack": {"mode": mode, **{key: slack[key] for key in keys}}}


@asynccontextmanager
async def serving(folder: Path, sections: Mapping[str, Mapping[str, Any]]) -> AsyncIterator[Bot]:
    """Run ``mediatask serve`` for as long as the context lasts; it is ready when this yields."""
    port = _free_port()
    store = {"url": f"sqlite:///{folder / 'serve.db'}"}
    sections = {"store": store, **sections, "server": {"port": port}}
    path = write_config(folder / "serve.toml", sections)
    began = time.perf_counter()
    with (folder / _LOG).open("wb") as log:  # kept out of the tables
        process = await spawn(["-m", "bot", "--config", str(path), "serve"], stderr=log)
    try:
        if not await _becomes_ready(process, port):
            raise BenchError("the bot did not become ready:\n" + _read(folder / _LOG))
        yield Bot(process, port, time.perf_counter() - began)
    finally:
        await stop(process)


def _read(log: Path) -> str:
    return log.read_text("utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _becomes_ready(process: Process, port: int) -> bool:
    clock = SystemClock()
    give_up_at = time.perf_counter() + _READY_WITHIN_S
    async with aiohttp.ClientSession() as session:
        while not await _is_ready(session, port):
            if process.returncode is not None or time.perf_counter() > give_up_at:
                return False
            await clock.sleep(_LOOK_EVERY_S)
    return True


async def _is_ready(session: aiohttp.ClientSession, port: int) -> bool:
    try:
        async with session.get(f"http://127.0.0.1:{port}/readyz") as response:
            return response.status == HTTPStatus.OK
    except aiohttp.ClientError:
        return False
