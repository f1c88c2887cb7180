"""``python -m tests.reliability [part …]``: break things, and count what was lost or told twice."""

import argparse
import asyncio
import logging
import signal
import sys

from tests.bench.processes import BenchError
from tests.bench.report import machine, render
from tests.reliability.parts import PARTS, Size

_STOPPED = 143


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    names = ", ".join(PARTS)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {names}; without any: all")
    parser.add_argument("--faults", type=int, default=300, help="of a random run")
    parser.add_argument("--minutes", type=float, default=1, help="how long a spell lasts")
    parser.add_argument("--at-most", type=float, default=60, help="minutes of a random run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", choices=("sqlite", "postgres"), help="only random runs on it")
    parser.add_argument("--replicas", type=int, default=3, help="on PostgreSQL")
    parser.add_argument("--spells", nargs="*", default=[], help="only those that say these words")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - PARTS.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    return arguments


async def _run(arguments: argparse.Namespace) -> bool:
    """Run the parts and print their tables; tell whether every aim was met."""
    asking = asyncio.current_task()
    if asking is not None:  # so that what was started is ended too
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asking.cancel)
    size = Size(
        faults=arguments.faults,
        seconds=arguments.minutes * 60,
        most_seconds=arguments.at_most * 60,
        seed=arguments.seed,
        store=arguments.store,
        replicas=arguments.replicas,
        spells=tuple(arguments.spells),
    )
    print(f"{machine()}, seed {size.seed}", flush=True)
    is_met = True
    for name in arguments.parts or PARTS:
        async for table in PARTS[name](size):
            print("\n" + render(table), flush=True)
            is_met = is_met and all(row.is_met is not False for row in table.rows)
    return is_met


def main() -> int:
    """Run; 1 where anything was lost, told twice, or could not be tried."""
    logging.getLogger().addHandler(logging.NullHandler())
    try:
        return 0 if asyncio.run(_run(_read_arguments())) else 1
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    except asyncio.CancelledError:
        return _STOPPED


if __name__ == "__main__":
    sys.exit(main())
