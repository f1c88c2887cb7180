"""A vendor's answer without what nobody but its reader may have: secrets, and keys inside links."""

import re
from collections.abc import Mapping
from typing import Any

from providers.signed_links import is_signed_link

MASK = "***"
_DEEPEST = 30
_HIDDEN = (
    r"[\w.-]*(?:secret|passw|signature|credential|authori[sz]ation|cookie|ticket|token"
    r"|(?:access|api|private|session|auth|app|callback)[_-]?key)[\w.-]*|ak|sk|sig|sign|pwd"
)
_IS_SECRET = re.compile(_HIDDEN, re.IGNORECASE)
_ASSIGNED = re.compile(
    rf"(?P<name>(?<![\w.-])(?:{_HIDDEN})(?P<quote>[\"']?)\s*[:=]\s*)(?P=quote)"
    r"(?:Bearer\s+)?[^\s&,;\"'<>}}]+",
    re.IGNORECASE,
)
_TELLING = (
    *("secret", "passw", "sig", "credential", "authori", "cookie", "ticket", "token", "key", "pwd"),
    *(f"{name}{after}" for name in ("ak", "sk") for after in ("=", ":", " ", '"', "'")),
)
"""A text without any of these has nothing to mask, which most have not; looking costs little."""
_LINK = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)
_SIGNS_IN = re.compile(r"//[^/@\s]+@")


def redact(value: Any, depth: int = 0) -> Any:
    """Copy JSON with every secret masked: by the name of its field, or inside a text.

    What is nested deeper than any vendor nests is left out.
    """
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {
            str(name): MASK if _hides(str(name), inner) else redact(inner, depth + 1)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [redact(inner, depth + 1) for inner in value]
    return redact_text(value) if isinstance(value, str) else value


def _hides(name: str, value: Any) -> bool:
    """Whether a field is a secret; nothing in it is nothing to hide."""
    return _IS_SECRET.fullmatch(name) is not None and value not in (None, "")


def redact_text(text: str) -> str:
    """Mask what a link signs in with, and ``name=value`` where the name is a secret's."""
    masked = _LINK.sub(lambda link: _mask_link(link[0]), text)
    lowered = masked.lower()
    if not any(word in lowered for word in _TELLING):
        return masked
    return _ASSIGNED.sub(lambda found: f"{found['name']}{found['quote']}{MASK}", masked)


def _mask_link(link: str) -> str:
    link = _SIGNS_IN.sub(f"//{MASK}@", link)
    return f"{link.partition('?')[0]}?{MASK}" if is_signed_link(link) else link
