"""What a person types, as Slack hands it on (docs: formatting message text, read 2026-11)."""

import re
from collections.abc import Iterable, Mapping
from html import unescape
from itertools import chain, zip_longest

from bot.sandbox.slack.entities import Channel, Json, User

_WRITTEN = re.compile(r"(<(?:[@#]|!subteam\^|https?://)[^<>]*>)")
"""What is already as Slack writes it."""
_LINK = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)'\"]")
_NAME = re.compile(r"(?<![\w;])[@#][a-z0-9][a-z0-9._-]*[a-z0-9]", re.IGNORECASE)
_TOKEN = re.compile(r"<([@#]|!subteam\^)?([^<>|]+)(?:\|[^<>]*)?>")

Groups = Mapping[str, tuple[str, str]]
"""User groups by id: handle and name."""


def escape(text: str) -> str:
    """Write ``& < >`` as Slack does in everything it hands on."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_message(text: str, users: Iterable[User], groups: Groups) -> str:
    """Write a typed message as an event carries it: people by id, links in angle brackets."""
    known = {f"@{user.name}".lower(): f"<@{user.id}>" for user in users}
    known |= {f"@{handle}".lower(): f"<!subteam^{id_}>" for id_, (handle, _) in groups.items()}
    return _write(text, known)


def as_command(
    text: str, users: Iterable[User], groups: Groups, channels: Iterable[Channel]
) -> str:
    """Write a command's text as an app with ``should_escape`` gets it, names with their ids."""
    known = {f"@{user.name}".lower(): f"<@{user.id}|{user.name}>" for user in users}
    known |= {
        f"@{handle}".lower(): f"<!subteam^{id_}|@{handle}>" for id_, (handle, _) in groups.items()
    }
    known |= {f"#{one.name}".lower(): f"<#{one.id}|{one.name}>" for one in channels if one.name}
    return _write(text, known)


def _write(text: str, known: Mapping[str, str]) -> str:
    parts = _WRITTEN.split(text)
    return "".join(
        part if _WRITTEN.fullmatch(part) else _write_plain(part, known) for part in parts
    )


def _write_plain(text: str, known: Mapping[str, str]) -> str:
    parts = _LINK.split(escape(text))
    links = [f"<{link}>" for link in _LINK.findall(escape(text))]
    named = [_NAME.sub(lambda match: known.get(match[0].lower(), match[0]), one) for one in parts]
    return "".join(chain.from_iterable(zip_longest(named, links, fillvalue="")))


def as_blocks(text: str) -> list[Json]:
    """Draw a person's message the way Slack's composer stores it: one rich text block."""
    elements: list[Json] = []
    at = 0
    for match in _TOKEN.finditer(text):
        elements += _plain(text[at : match.start()])
        elements.append(_token(match[1], match[2]))
        at = match.end()
    elements += _plain(text[at:])
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "elements": [section]}]


def _plain(text: str) -> list[Json]:
    return [{"type": "text", "text": unescape(text)}] if text else []


def _token(sign: str | None, target: str) -> Json:
    match sign:
        case "@":
            return {"type": "user", "user_id": target}
        case "!subteam^":
            return {"type": "usergroup", "usergroup_id": target}
        case "#":
            return {"type": "channel", "channel_id": target}
        case _:
            return {"type": "link", "url": unescape(target)}
