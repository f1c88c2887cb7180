"""Every benchmark runs and has something to show; how fast it is, only ``make bench`` tells."""

from collections.abc import Awaitable, Callable

import pytest

from tests.bench import (
    ack,
    alert_flood,
    bursts,
    callbacks,
    contact_sheet,
    memory,
    polling,
    rendering,
    soak,
    start_up,
    vendor_queries,
    watch_store,
    watching,
)
from tests.bench.__main__ import BENCHES
from tests.bench.report import Row, Table, machine, render

TINY: dict[str, tuple[Callable[[], Awaitable[Table]], int]] = {
    "vendor_queries": (lambda: vendor_queries.measure(queries=20, in_flight=(2,)), 6),
    "ack": (lambda: ack.measure(seconds=0.2, in_flight=(2,)), 3),
    "outage": (lambda: ack.measure_outage(seconds=0.2, per_second=50, hang_s=0.2), 1),
    "callbacks": (lambda: callbacks.measure(seconds=0.5, per_second=50), 3),
    "query": (lambda: start_up.measure_query(runs=1), 3),
    "serve": (lambda: start_up.measure_serve(runs=1), 2),
    "memory": (lambda: memory.measure(idle_s=0), 3),
    "rendering": (lambda: rendering.measure(rounds=24), 5),
    "contact_sheet": (lambda: contact_sheet.measure(rounds=1, pictures=2), 4),
    "polling": (
        lambda: polling.measure(cells=("30x1",), window=polling.Window(60, 300, 360), coarseness=8),
        12,
    ),
    "watch_store": (lambda: watch_store.measure(rows=(20, 40), cycles=20), 11),
    "watch_cpu": (lambda: watching.measure_cpu(watches=40, warm_s=1, seconds=1), 3),
    "watch_dwell": (lambda: watching.measure_dwell(ends=3, seconds=6), 3),
    "bursts": (lambda: bursts.measure(share=0.02), 2),
    "alert_flood": (lambda: alert_flood.measure(failures=9, over_s=0), 5),
    "soak": (lambda: soak.measure(minutes=0.02), 11),
}
"""Each bench in its smallest size, and how many rows it has."""


def test_no_bench_is_left_out() -> None:
    assert list(TINY) == list(BENCHES)


@pytest.mark.parametrize("name", TINY)
async def test_a_bench_runs_to_its_end_and_fills_its_table(name: str) -> None:
    measure, count = TINY[name]

    table = await measure()

    assert len(table.rows) == count
    assert {len(row.figures) for row in table.rows} == {len(table.columns)}
    assert table.title in render(table)


def test_a_table_lines_its_figures_up_and_says_what_was_missed() -> None:
    rows = (
        Row("theirs", ("5",)),
        Row("ours", ("1000",), "at least 50", is_met=True),
        Row("too slow", ("7",), "at least 50", is_met=False),
    )

    text = render(Table("Speed", ("a second",), rows, ("A note.",)))

    assert text.splitlines() == [
        "== Speed",
        "          a second          aim",
        "theirs           5",
        "ours          1000  at least 50      met",
        "too slow         7  at least 50  NOT MET",
        "   A note.",
    ]


def test_the_machine_is_named() -> None:
    assert "cores" in machine()
    assert "Python 3." in machine()
