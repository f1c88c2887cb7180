"""Logging: one line an event, ``name key=value …``, to standard error, with no secret in it.

Secrets are kept out at their source (``SecretStr``, errors that carry no request); the formatter
is the second lock: it masks every configured secret and everything that looks like one, also
inside a stack trace.
"""

import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from pydantic import BaseModel, SecretStr

LEVELS = ("debug", "info", "warning", "error")

_SHORTEST_SECRET = 6
"""Characters; masking shorter texts would mask ordinary words."""

_LOOKS_SECRET = re.compile(
    r"(?i)(xox[abeprs]-|xapp-)[\w-]+"
    r"|\b(Signature|SecretId|AccessKeyId|token|ticket|Credential|Access)=[^\s&,;\"']+"
    r"|\b(Authorization|X-Auth-Token|X-Subject-Token|X-Security-Token)['\"]?\s*[:=]\s*[^\n,}]+"
)
_THIRD_PARTIES = (
    "slack_bolt",
    "slack_sdk",
    "aiohttp",
    "aiosqlite",
    "alembic",
    "asyncio",
    "sqlalchemy",
    "urllib3",
    "PIL",
)


class MaskingFormatter(logging.Formatter):
    """Write the line, then mask what must not be in it."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        known = sorted({text for text in secrets if len(text) >= _SHORTEST_SECRET}, key=len)
        self._known = re.compile("|".join(map(re.escape, reversed(known)))) if known else None

    def format(self, record: logging.LogRecord) -> str:
        """Render ``instant level logger event key=value …``, a stack trace on the next lines."""
        instant = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
        text = f"{instant}Z {record.levelname.lower()} {record.name} {record.getMessage()}"
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return self.mask(text)

    def mask(self, text: str) -> str:
        """Replace every known secret, and what looks like one, by ``***``."""
        if self._known:
            text = self._known.sub("***", text)
        return _LOOKS_SECRET.sub("***", text)


def secrets_of(settings: BaseModel) -> set[str]:
    """Collect every secret a configuration holds, however deep."""
    found: set[str] = set()
    pending: list[object] = [settings]
    while pending:
        value = pending.pop()
        if isinstance(value, SecretStr):
            found.add(value.get_secret_value())
        elif isinstance(value, BaseModel):
            pending += [inner for _, inner in value]
        elif isinstance(value, dict):
            pending += value.values()
        elif isinstance(value, (tuple, list)):
            pending += value
    return found


def configure_logging(level: str, secrets: Iterable[str]) -> None:
    """Send every log line to standard error.

    Third parties are heard from ``warning`` on, whatever *level* says: at ``info`` and below Bolt
    and the SDK print request bodies, signatures and headers.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(MaskingFormatter(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _THIRD_PARTIES:
        logging.getLogger(name).setLevel(logging.WARNING)
