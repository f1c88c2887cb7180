"""Reads a running bot's figures as Prometheus would."""

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from providers.clock import SystemClock

_WITHIN_S = 10.0
_LOOK_EVERY_S = 0.05


async def figure(
    session: aiohttp.ClientSession, url: str, name: str, **labels: str
) -> float | None:
    """Give the sum of the samples with these labels; None: there is none."""
    async with session.get(f"{url}/metrics") as reply:
        text = await reply.text()
    samples = (one for family in text_string_to_metric_families(text) for one in family.samples)
    found = [
        one.value for one in samples if one.name == name and labels.items() <= one.labels.items()
    ]
    return sum(found) if found else None


async def wait_for_figure(
    session: aiohttp.ClientSession, url: str, name: str, wanted: float, **labels: str
) -> None:
    """Wait until a figure has come to *wanted*, for seconds at most.

    Raises:
        AssertionError: it did not.
    """
    clock = SystemClock()
    give_up_at = clock.monotonic() + _WITHIN_S
    found = await figure(session, url, name, **labels)
    while found != wanted:
        assert clock.monotonic() < give_up_at, f"{name}{labels} is {found}, not {wanted}"
        await clock.sleep(_LOOK_EVERY_S)
        found = await figure(session, url, name, **labels)
