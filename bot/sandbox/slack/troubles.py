"""Troubles to order: the next calls of a Web API method fail the way Slack's do on a bad day."""

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

Trouble = Literal["http_500", "rate_limited", "no_answer", "lost_answer", "internal_error"]
"""``no_answer`` breaks the connection before anything is done, ``lost_answer`` afterwards."""


@dataclass(slots=True)
class Troubles:
    """What was ordered, by method; ``response_url`` stands for answers through a response URL."""

    _ordered: dict[str, deque[Trouble]] = field(default_factory=dict)

    def order(self, method: str, trouble: Trouble, times: int = 1) -> None:
        """Let the next *times* calls of *method* meet *trouble*."""
        self._ordered.setdefault(method, deque()).extend([trouble] * times)

    def next(self, method: str) -> Trouble | None:
        """Take the trouble that this call meets; None for none."""
        ordered = self._ordered.get(method)
        return ordered.popleft() if ordered else None
