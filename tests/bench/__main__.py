"""``python -m tests.bench [name …]``: measure, and print what was found."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from tests.bench import ack, contact_sheet, memory, rendering, soak, start_up, vendor_queries
from tests.bench.processes import BenchError
from tests.bench.report import Table, machine, render

Bench = Callable[[], Awaitable[Table]]

BENCHES: Mapping[str, Bench] = {
    "vendor_queries": vendor_queries.measure,
    "ack": ack.measure,
    "outage": ack.measure_outage,
    "query": start_up.measure_query,
    "serve": start_up.measure_serve,
    "memory": memory.measure,
    "rendering": rendering.measure,
    "contact_sheet": contact_sheet.measure,
    "soak": soak.measure,
}


async def _run(names: list[str], minutes: float) -> None:
    benches: dict[str, Bench] = {**BENCHES, "soak": partial(soak.measure, minutes)}
    print(machine(), flush=True)
    for name in names:
        print("\n" + render(await benches[name]()), flush=True)


def main() -> int:
    """Run the named benches, or all; 1 where one could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"one of {', '.join(BENCHES)}")
    parser.add_argument("--minutes", type=float, default=1, help="how long the soak lasts")
    arguments = parser.parse_args()
    names = arguments.names
    if unknown := set(names) - BENCHES.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    try:
        asyncio.run(_run(names or list(BENCHES), arguments.minutes))
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
