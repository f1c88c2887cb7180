"""Lengths of time as people type them: ``90s``, ``10m``, ``2h``, ``7d``, ``30min``."""

import re
from collections.abc import Mapping
from datetime import timedelta

UNIT = "s|m|h|d|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?"
SPAN = re.compile(rf"([0-9]{{1,6}})({UNIT})", re.IGNORECASE)
_SECONDS: Mapping[str, int] = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def read_span(text: str) -> timedelta | None:
    """Read a length of time; None for what is none, and for no time at all."""
    match = SPAN.fullmatch(text)
    span = timedelta(seconds=int(match[1]) * _SECONDS[match[2][0].lower()]) if match else None
    return span or None
