"""The rate limits the vendors document, as a sliding window."""

from collections import deque


class Window:
    """So many requests within so many seconds; a refused one does not count."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._admitted: deque[float] = deque()

    def admits(self, now: float) -> bool:
        """Count one request at *now* (monotonic seconds), or tell that it is one too many."""
        while self._admitted and self._admitted[0] <= now - self._seconds:
            self._admitted.popleft()
        if len(self._admitted) >= self._limit:
            return False
        self._admitted.append(now)
        return True
