"""A small disk of the store's own, which can be filled; needs root."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FILLER = "filler"
_CHUNK = bytes(1 << 12)


def why_not() -> str | None:
    """Say why there can be no such disk here; None where there can."""
    if os.geteuid() != 0:
        return "only root may mount a disk"
    return None if shutil.which("mount") else "there is no program mount"


@contextmanager
def small_disk(folder: Path, mib: int) -> Iterator[None]:
    """Mount an empty disk of so many MiB for as long as the context lasts."""
    folder.mkdir()
    _run("mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", str(folder))
    try:
        yield
    finally:
        _run("umount", str(folder))


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Leave no byte on a disk for as long as the context lasts."""
    filler = folder / _FILLER
    try:
        with filler.open("wb", buffering=0) as file:
            while True:
                file.write(_CHUNK)
    except OSError:
        pass  # that is how a full disk is known
    try:
        yield
    finally:
        filler.unlink()


def _run(*words: str) -> None:
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)  # noqa: S603  # ours, as root
