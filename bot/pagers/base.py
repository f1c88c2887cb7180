"""What every pager can do, and what goes wrong with one."""

from typing import Protocol

from bot.oncall import Page

CALLED_WITHIN_S = 10.0


class PagerError(Exception):
    """A pager did not take a page; the text says why, without its address or key.

    *retry_after* is in seconds; None where the pager named no time.
    """

    def __init__(self, reason: str, *, retryable: bool, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retryable = retryable
        self.retry_after = retry_after


class Pager(Protocol):
    """Something that rings."""

    async def send(self, page: Page) -> None:
        """Make one attempt. Sent again with the same page, it rings no second time.

        Raises:
            PagerError: it did not take it.
        """
        ...
