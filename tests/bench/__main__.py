"""``python -m tests.bench [name …]``: measure, and print what was found."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

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
from tests.bench.processes import BenchError
from tests.bench.report import Table, machine, render

Bench = Callable[[], Awaitable[Table]]

BENCHES: Mapping[str, Bench] = {
    "vendor_queries": vendor_queries.measure,
    "ack": ack.measure,
    "outage": ack.measure_outage,
    "callbacks": callbacks.measure,
    "query": start_up.measure_query,
    "serve": start_up.measure_serve,
    "memory": memory.measure,
    "rendering": rendering.measure,
    "contact_sheet": contact_sheet.measure,
    "polling": polling.measure,
    "watch_store": watch_store.measure,
    "watch_cpu": watching.measure_cpu,
    "watch_dwell": watching.measure_dwell,
    "bursts": bursts.measure,
    "alert_flood": alert_flood.measure,
    "soak": soak.measure,
}


async def _run(arguments: argparse.Namespace) -> None:
    benches: dict[str, Bench] = {
        **BENCHES,
        "polling": partial(polling.measure, cells=arguments.cells, seeds=arguments.seeds),
        "watch_store": partial(watch_store.measure, rows=arguments.rows),
        "soak": partial(soak.measure, arguments.minutes),
    }
    print(machine(), flush=True)
    for name in arguments.names or BENCHES:
        print("\n" + render(await benches[name]()), flush=True)


def main() -> int:
    """Run the named benches, or all; 1 where one could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"one of {', '.join(BENCHES)}")
    parser.add_argument("--minutes", type=float, default=1, help="how long the soak lasts")
    parser.add_argument("--cells", nargs="*", default=polling.CELLS, help="what polling races in")
    parser.add_argument("--seeds", type=int, default=1, help="how often polling races each")
    parser.add_argument(
        "--rows", nargs="*", type=int, default=watch_store.ROWS, help="how many watches are open"
    )
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - BENCHES.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    try:
        asyncio.run(_run(arguments))
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
