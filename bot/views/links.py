"""Which links Slack can take: as a button's address, and as a picture its servers fetch."""

import re
from ipaddress import ip_address

from bot.views.layout import MAX_URL

_ADDRESS = re.compile(
    r"https?://(?:[^/?#@\\]*@)?(?P<host>\[(?P<ip>[^\]/?#]+)\]|[^/?#@:\[\]\\]+)"
    r"(?::(?P<port>[0-9]{0,5}))?(?=[/?#]|\Z)",
    re.IGNORECASE,
)
_LAST_PORT = 65535
_FORBIDDEN = re.compile(r'[ <>"\\`]')
_UNSHOWN = (".webp", ".svg", ".avif", ".heic", ".bmp", ".tif", ".tiff", ".ico")
"""Slack draws png, jpg and gif only, and one other picture costs the whole message."""


def web_host(url: str) -> str | None:
    """Tell the host of a link that may be a button; None where Slack would refuse the link."""
    found = _ADDRESS.match(url)
    if found is None or len(url) > MAX_URL or not url.isprintable() or _FORBIDDEN.search(url):
        return None
    host, port = found["host"].lower(), found["port"]
    if port and not 0 < int(port) <= _LAST_PORT:
        return None
    return host if found["ip"] is None else _bare_address(found["ip"])


def _bare_address(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:
        return None


def is_plain_http(url: str) -> bool:
    """Whether what is opened travels unencrypted."""
    return url.lower().startswith("http:")


def is_showable(url: str, *, local: bool) -> bool:
    """Whether Slack's servers can be expected to fetch *url* as a picture.

    *local* says that this Slack sees this machine's loopback, as the sandbox's does.
    """
    if is_plain_http(url) and not local:
        return False
    host = web_host(url)
    if host is None or _path(url).lower().endswith(_UNSHOWN):
        return False
    if _is_loopback(host):
        return local
    return not is_plain_http(url) and _is_public(host)


def _path(url: str) -> str:
    return url.partition("#")[0].partition("?")[0]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_public(host: str) -> bool:
    """Judge by the name alone; nothing is resolved here."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".internal", ".localhost"))
