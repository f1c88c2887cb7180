"""What Slack says no with, in its own words."""


class ApiError(Exception):
    """A Web API refusal.

    *code* is Slack's word; *messages* are what it explains in ``response_metadata``.
    """

    def __init__(
        self, code: str, messages: list[str] | None = None, extra: dict[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []
        self.extra = extra or {}


class NotPossibleError(Exception):
    """Something no person could do in Slack: press a button that is not there, and the like."""
