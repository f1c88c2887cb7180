"""Lanes: the vendor APIs that are polled, each with a budget of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from providers.base import BatchProvider
from providers.gate import Gate
from providers.lookup import Endpoint

_USABLE_SHARE = 0.6
"""Of the polls there are; beyond, lateness grows steeply (the queue's, whatever the policy)."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One vendor API with one account, polled at the pace of the gate in front of it."""

    name: str
    gate: Gate
    batch: int
    """How many tasks one request asks about."""

    @property
    def slot_s(self) -> float:
        """Seconds between two requests."""
        return self.gate.interval_s

    @property
    def sustainable_per_s(self) -> float:
        """How many new watches a second it bears for ever, each polled until its task ends."""
        return _USABLE_SHARE * self.batch / self.slot_s


def lane_of(endpoint: Endpoint) -> str:
    """Name the lane in which the tasks of a provider and account are polled."""
    return endpoint.gate.name


def lanes_of(endpoints: Mapping[tuple[str, str], Endpoint]) -> tuple[Lane, ...]:
    """List what is polled: providers that ask one API with one account share a lane."""
    lanes = {endpoint.gate.name: _lane(endpoint) for endpoint in endpoints.values()}
    return tuple(lanes.values())


def _lane(endpoint: Endpoint) -> Lane:
    provider = endpoint.provider
    batch = provider.batch_size if isinstance(provider, BatchProvider) else 1
    return Lane(endpoint.gate.name, endpoint.gate, batch)
