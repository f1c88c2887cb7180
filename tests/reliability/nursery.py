"""Starts bots without the second Python takes to import them: each is forked off this process.

Told one order a line, in JSON; answers with the pid of what was started, and later with its status:
negative where a signal ended it. It never has more than one. When its input ends it kills that one
and goes, so that nothing outlives whoever gives the orders.
"""

import gc
import json
import os
import select
import signal
import sys
from collections.abc import Mapping
from typing import NoReturn

import bot.app  # so that it is there in every fork
from bot.cli import main

_LOOK_EVERY_S = 0.02
_BUFFER = 1 << 16

__all__ = ["bot"]


def start(order: Mapping[str, str]) -> int:
    """Start ``mediatask serve``; give its pid."""
    if (pid := os.fork()) == 0:
        _serve(order)
    return pid


def _serve(order: Mapping[str, str]) -> NoReturn:
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    nothing = os.open(os.devnull, os.O_RDWR)
    for theirs, ours in ((nothing, 0), (nothing, 1), (log, 2)):
        os.dup2(theirs, ours)
    os.environ["MEDIATASK_CRASH_AT"] = order["crash_at"]  # noqa: TID251  # of the bot to be
    status = 70
    try:
        status = main(["--config", order["config"], "serve"])
    finally:
        os._exit(status)


def _tell(number: int) -> None:
    os.write(1, f"{number}\n".encode())


def _run() -> None:
    """Follow orders until there are no more."""
    gc.freeze()
    pid, told = 0, b""
    while True:
        readable, _, _ = select.select([0], [], [], _LOOK_EVERY_S)
        if readable and not (read := os.read(0, _BUFFER)):
            break
        told += read if readable else b""
        if pid and (ended := os.waitpid(pid, os.WNOHANG))[0]:
            pid = 0
            _tell(os.waitstatus_to_exitcode(ended[1]))
        if not pid and b"\n" in told:
            line, _, told = told.partition(b"\n")
            pid = start(json.loads(line))
            _tell(pid)
    if pid:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    _run()
    sys.exit(0)
