"""Troubles to order: calls of a Web API method fail the way Slack's do on a bad day.

Either the next so many calls meet one, or a share of all calls does, drawn by lot.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Literal

Trouble = Literal[
    "http_500",
    "http_503",
    "rate_limited",
    "no_answer",
    "lost_answer",
    "late_answer",
    "late_landing",
    "done_http_500",
    "internal_error",
    "invalid_blocks",
    "channel_not_found",
]
"""Before anything is done, but for four of them: ``lost_answer`` breaks the connection afterwards,
``done_http_500`` answers so afterwards, ``late_answer`` lets nobody hear of it for a minute, and
``late_landing`` breaks the connection and does it seconds later. ``no_answer`` breaks it before.
``invalid_blocks`` spares what has no blocks.
"""

Weather = Mapping[Trouble, float]
"""The share of calls that meets each trouble; together one at most."""


@dataclass(slots=True)
class Troubles:
    """What was ordered, by method; ``response_url`` stands for answers through a response URL."""

    lot: Random = field(default_factory=lambda: Random(0))  # noqa: S311  # luck, and no secret
    lands_after_s: tuple[float, float] = (2.0, 7.0)
    """How late what lands late does, at least and at most."""
    _ordered: dict[str, deque[Trouble]] = field(default_factory=dict)
    _weather: dict[str, Weather] = field(default_factory=dict)

    def order(self, method: str, trouble: Trouble, times: int = 1) -> None:
        """Let the next *times* calls of *method* meet *trouble*."""
        self._ordered.setdefault(method, deque()).extend([trouble] * times)

    def set_weather(self, method: str, weather: Weather) -> None:
        """Let calls of *method* meet troubles by these shares, until they are set again.

        Raises:
            ValueError: the shares are more than all.
        """
        if sum(weather.values()) > 1:
            raise ValueError("more than all calls cannot go wrong")
        self._weather[method] = dict(weather)

    def next(self, method: str) -> Trouble | None:
        """Take the trouble that this call meets; None for none."""
        ordered = self._ordered.get(method)
        return ordered.popleft() if ordered else self._draw(self._weather.get(method))

    def _draw(self, weather: Weather | None) -> Trouble | None:
        if not weather:
            return None
        drawn = self.lot.random()
        for trouble, share in weather.items():
            drawn -= share
            if drawn < 0:
                return trouble
        return None
