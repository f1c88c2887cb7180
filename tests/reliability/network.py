"""A network of its own for each replica, whose cable can be pulled; needs root.

Everything the bot speaks to has one address, which is reached from each network namespace over a
pair of virtual cards. A pulled cable loses packets and breaks no connection.
"""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from subprocess import DEVNULL

from providers.clock import SystemClock
from tests.bench.processes import BenchError

_CHUNK = 1 << 16


def why_not() -> str | None:
    """Say why there can be no such network here; None where there can."""
    if os.geteuid() != 0:
        return "only root may make network namespaces"
    return None if shutil.which("ip") else "there is no program ip"


class Network:
    """The namespaces; made by ``open_network``."""

    def __init__(self, name: str, net: str) -> None:
        self._name, self._net = name, net
        self.host = f"{net}.0.1"
        """Where everything listens."""

    def within(self, number: int) -> Sequence[str]:
        """Give the command that runs another in a replica's namespace."""
        return "ip", "netns", "exec", f"{self._name}n{number}"

    def address(self, number: int) -> str:
        """Tell where a replica's own ports are reached."""
        return f"{self._net}.{number + 1}.2"

    async def pull(self, number: int, seconds: float) -> None:
        """Pull a replica's cable for so long."""
        await _ip("link", "set", self._card(number), "down")
        try:
            await SystemClock().sleep(seconds)
        finally:
            await _ip("link", "set", self._card(number), "up")

    async def connect(self, number: int) -> None:
        """Make a namespace and its cable."""
        space, card, other = f"{self._name}n{number}", self._card(number), f"{self._name}p{number}"
        ours, theirs = f"{self._net}.{number + 1}.1", self.address(number)
        await _ip("netns", "add", space)
        await _ip("link", "add", card, "type", "veth", "peer", "name", other, "netns", space)
        await _ip("addr", "add", f"{ours}/30", "dev", card)
        await _ip("link", "set", card, "up")
        await _ip("-n", space, "addr", "add", f"{theirs}/30", "dev", other)
        await _ip("-n", space, "link", "set", "lo", "up")
        await _ip("-n", space, "link", "set", other, "up")
        await _ip("-n", space, "route", "add", "default", "via", ours)

    async def disconnect(self, number: int) -> None:
        """Take both away."""
        await _ip("netns", "del", f"{self._name}n{number}")

    def _card(self, number: int) -> str:
        return f"{self._name}h{number}"


@asynccontextmanager
async def open_network(replicas: int) -> AsyncIterator[Network]:
    """Keep the namespaces for as long as the context lasts.

    Raises:
        BenchError: they cannot be made.
    """
    network = Network(f"mt{secrets.token_hex(3)}", f"10.{200 + secrets.randbelow(50)}")
    async with AsyncExitStack() as stack:
        await _ip("addr", "add", f"{network.host}/32", "dev", "lo")
        stack.push_async_callback(_ip, "addr", "del", f"{network.host}/32", "dev", "lo")
        for number in range(replicas):
            stack.push_async_callback(network.disconnect, number)
            await network.connect(number)
        yield network


@asynccontextmanager
async def forwarded(host: str, port: int) -> AsyncIterator[int]:
    """Let what listens on a loopback *port* be reached at *host*; give the port there."""
    lines: set[asyncio.Task[None]] = set()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        for ends in ((reader, back), (there, writer)):
            line = asyncio.create_task(_carry(*ends))
            lines.add(line)
            line.add_done_callback(lines.discard)

    server = await asyncio.start_server(connect, host, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for line in lines:
            line.cancel()
        await asyncio.gather(*lines, return_exceptions=True)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
    except ConnectionError:
        pass  # one end broke off, and so the other has to
    finally:
        writer.close()


async def _ip(*words: str) -> None:
    process = await asyncio.create_subprocess_exec("ip", *words, stdin=DEVNULL)
    if await process.wait() != 0:
        raise BenchError(f"ip {' '.join(words)} failed")
