"""Quiet hours, by the clock on the wall of one time zone; a pure calculation.

A minute is quiet when a clock there shows one from the first to before the last. Where summer time
ends, the hour that is shown twice is quiet twice; where it begins, the hour nobody sees is not.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

_WRITTEN = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d) (\S+)")
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """When nobody is to be notified."""

    begins: time
    ends: time
    zone: ZoneInfo

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``23:00-07:00 Europe/Berlin``, which the settings have checked."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise ValueError("hours and a time zone, such as 23:00-07:00 Europe/Berlin")
        begins, ends = (time.fromisoformat(match[part]) for part in (1, 2))
        return cls(begins, ends, ZoneInfo(match[3]))

    def covers(self, at: datetime) -> bool:
        """Tell whether the aware instant *at* is quiet."""
        shown = at.astimezone(self.zone).time()
        if self.begins <= self.ends:
            return self.begins <= shown < self.ends
        return shown >= self.begins or shown < self.ends

    def over_at(self, at: datetime) -> datetime | None:
        """Tell when the quiet that covers *at* ends, in the zone of *at*; None: it is not quiet.

        Looked for minute by minute, because no shorter way survives every change of the clocks;
        it takes a day and an hour of minutes at most.
        """
        if not self.covers(at):
            return None
        end = at.replace(second=0, microsecond=0) + _MINUTE
        while self.covers(end):
            end += _MINUTE
        return end


@lru_cache(maxsize=64)
def read_quiet(text: str) -> Quiet:
    """Read quiet hours once for all who ask."""
    return Quiet.parse(text)


def not_in_quiet(text: str | None, at: datetime) -> datetime:
    """Give *at*, or the end of the quiet hours it falls into; None: there are none."""
    return (read_quiet(text).over_at(at) if text else None) or at
