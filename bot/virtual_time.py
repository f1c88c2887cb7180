"""Whose turn it is to be polled: self-clocked fair queueing of one lane's polls. Pure.

Every task has a tag, a number in its lane's virtual time, and the smallest tag is polled next.
A task that wants to be polled every *d* seconds is tagged *d* ahead, in units of the lane's
typical interval, so each gets its share of the polls there are, however many that is, and nobody
is re-scheduled when load changes. What a poll is worth (the price, in seconds of lateness) is
read off the clock: virtual time that runs slower than it should makes polls dearer.
(S. J. Golestani, "A self-clocked fair queueing scheme for broadband applications", 1994.)
"""

import math
from dataclasses import dataclass

PRICE_FLOOR_S = 0.25
"""A poll is never worth less than this, so a lane with budget to spare does not use it all."""

_PRICE_CEILING_S = 1e7
_PRICE_PACE = 0.01
"""How fast the price follows, per second; 0.003 to 0.05 give the same figures within 4 %."""
_STEEPEST = 3.0
_SPEED_MEMORY_S = 30.0
_FURTHEST_AHEAD = 30.0
"""In typical intervals: nobody waits longer, however scarce polls are; it costs the mean 1 %."""
_INTERVAL_WEIGHT = 0.001
_LONGEST_STEP_S = 10.0
"""A lane that stood still this long learns no more from having stood still."""


@dataclass(frozen=True, slots=True)
class VirtualTime:
    """The clock and the price of one lane; saved with its tasks' tags, which it gives meaning."""

    virtual_s: float = 0.0
    """The tag in service; it never goes back."""
    speed: float = 0.1
    """Virtual seconds per real one, lately."""
    price_s: float = 1.0
    """Seconds of lateness one poll is worth."""
    log_interval: float = math.log(10.0)
    """Natural logarithm of the typical wanted interval, in seconds."""

    @property
    def nominal_speed(self) -> float:
        """Tell how fast virtual time runs where everybody is polled as often as wanted."""
        return math.exp(-self.log_interval)

    def tag_for(self, interval_s: float, *, waited_s: float = 0.0) -> float:
        """Tag a task to be polled *interval_s* after a poll that was *waited_s* ago."""
        ahead = max(interval_s - waited_s, 0.0) * self.nominal_speed
        return self.virtual_s + min(ahead, _FURTHEST_AHEAD)

    def wanted(self, interval_s: float) -> "VirtualTime":
        """Learn from an interval that was just wanted what is typical; one per tag given."""
        typical = self.log_interval + _INTERVAL_WEIGHT * (math.log(interval_s) - self.log_interval)
        return VirtualTime(self.virtual_s, self.speed, self.price_s, typical)

    def wait_for(self, tag: float, *, floor_s: float = PRICE_FLOOR_S) -> float:
        """Tell in how many seconds *tag* may be served; 0 at once, and always where polls are dear.

        At the floor price virtual time is a real clock, and nobody is polled before it says so.
        """
        if self._is_dear(floor_s):
            return 0.0
        return max(tag - self.virtual_s, 0.0) / self.nominal_speed

    def served(self, tag: float, slot_s: float, *, floor_s: float = PRICE_FLOOR_S) -> "VirtualTime":
        """Step on: a request went out, *tag* the smallest in it, *slot_s* after the last step."""
        furthest = math.inf if self._is_dear(floor_s) else self._coasted(slot_s)
        return self._stepped(max(self.virtual_s, min(furthest, tag)), slot_s, floor_s)

    def idle(self, slot_s: float, *, floor_s: float = PRICE_FLOOR_S) -> "VirtualTime":
        """Step on: for *slot_s* the lane might have asked, and had nobody to ask for."""
        step_s = min(slot_s, _LONGEST_STEP_S)
        cheaper = max(floor_s, self.price_s * math.exp(-_PRICE_PACE * _STEEPEST * step_s))
        return VirtualTime(self._coasted(slot_s), self.nominal_speed, cheaper, self.log_interval)

    def _is_dear(self, floor_s: float) -> bool:
        return self.price_s > floor_s * 1.01

    def _coasted(self, slot_s: float) -> float:
        return self.virtual_s + slot_s * self.nominal_speed

    def _stepped(self, virtual_s: float, slot_s: float, floor_s: float) -> "VirtualTime":
        if slot_s <= 0:
            return VirtualTime(virtual_s, self.speed, self.price_s, self.log_interval)
        step_s = min(slot_s, _LONGEST_STEP_S)
        seen = (virtual_s - self.virtual_s) / slot_s
        speed = self.speed + (seen - self.speed) * step_s / _SPEED_MEMORY_S
        slowness = -self.log_interval - math.log(max(speed, 1e-12))
        pull = _PRICE_PACE * step_s * max(-_STEEPEST, min(_STEEPEST, slowness))
        price_s = min(_PRICE_CEILING_S, max(floor_s, self.price_s * math.exp(pull)))
        return VirtualTime(virtual_s, speed, price_s, self.log_interval)
