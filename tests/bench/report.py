"""What a benchmark found, and on which machine, as tables for a terminal."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what was measured, its figures, the aim, and how it came out."""

    what: str
    figures: tuple[str, ...]
    aim: str = ""
    """Empty where the row is only there to be compared with."""
    is_met: bool | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The result of one benchmark."""

    title: str
    columns: tuple[str, ...]
    """Names of the figures, in the order of ``Row.figures``."""
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def render(table: Table) -> str:
    """Write a table in columns, aims and verdicts last."""
    head = ("", *table.columns, "aim", "")
    lines = [head, *(_cells(row) for row in table.rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    body = [_align(line, widths) for line in lines]
    return "\n".join([f"== {table.title}", *body, *(f"   {note}" for note in table.notes)])


def _cells(row: Row) -> tuple[str, ...]:
    verdict = {True: "met", False: "NOT MET", None: ""}[row.is_met]
    return (row.what, *row.figures, row.aim, verdict)


def _align(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *figures = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    ordered = [first, *(cell.strip().rjust(len(cell)) for cell in figures)]
    return "  ".join(ordered).rstrip()


def machine() -> str:
    """Name the machine: cores, processor, Python, kernel."""
    facts = (
        f"{os.cpu_count()} cores",
        _processor(),
        f"Python {platform.python_version()}",
        f"{platform.system()} {platform.release()}",
        f"load {os.getloadavg()[0]:.1f}",
    )
    return ", ".join(facts)


def _processor() -> str:
    lines = _CPUINFO.read_text("utf-8").splitlines() if _CPUINFO.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
