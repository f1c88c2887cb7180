"""Slack's rate limits: about one message a second in a channel, tiers for the rest.

Slack docs, apis/web-api/rate-limits, read 2026-11. Slack tells the sustained rates and that short
bursts pass; the size of a burst is not told, so a minute's worth may come at once.
"""

from dataclasses import dataclass, field
from math import ceil
from typing import Literal

from bot.sandbox.clock import Clock

Tier = Literal["t1", "t2", "t3", "t4", "posting", "special"]

_PER_MINUTE: dict[Tier, int] = {"t1": 1, "t2": 20, "t3": 50, "t4": 100, "special": 600}
_POSTS_PER_SECOND = 1.0
_POSTING_BURST = 10


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


@dataclass(slots=True)
class Limits:
    """One bucket for each method, and for each channel where messages are posted."""

    clock: Clock
    is_on: bool = True
    """False lets everything through, for benchmarks."""
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def retry_after(self, tier: Tier, key: str) -> int | None:
        """Take one call from *key*'s bucket; whole seconds to wait where it is empty, else None."""
        if not self.is_on:
            return None
        rate, size = _rate_and_size(tier)
        now = self.clock.monotonic()
        bucket = self._buckets.setdefault(key, _Bucket(size, now))
        bucket.tokens = min(size, bucket.tokens + (now - bucket.filled_at) * rate)
        bucket.filled_at = now
        if bucket.tokens < 1:
            return max(1, ceil((1 - bucket.tokens) / rate))
        bucket.tokens -= 1
        return None


def _rate_and_size(tier: Tier) -> tuple[float, int]:
    if tier == "posting":
        return _POSTS_PER_SECOND, _POSTING_BURST
    return _PER_MINUTE[tier] / 60, _PER_MINUTE[tier]
