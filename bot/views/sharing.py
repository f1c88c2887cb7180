"""What a channel sees when somebody shares a card, and what is said where that cannot be."""

from datetime import datetime

from bot.views.layout import View, context, section
from bot.views.options import Options
from bot.views.task import render_task
from bot.views.text import code, mention
from bot.views.words import ENGLISH, Words
from providers.models import TaskStatus

_RULE_ROOM = 120
_INVITE = "/invite @MediaTask"


def render_shared(
    status: TaskStatus, by: str, *, now: datetime, options: Options | None = None
) -> View:
    """Draw a card for everybody, shared by the user whose id is *by*.

    *options* are the channel's; what is drawn is public whatever they say.
    """
    options = (options or Options()).for_everybody()
    card = render_task(status, now=now, options=options)
    shared = options.words("shared", who=mention(by))
    return View([*context([shared]), *card.blocks], f"{shared}: {card.text}")


def render_denied(rule: str, ask: str | None, options: Options | None = None) -> View:
    """Say which rule forbids it, and whom to ask: the id of a user, a group or a channel."""
    words = (options or Options()).words
    told = words("denied", rule=code(rule, _RULE_ROOM))
    lines = [told, *([words("denied.ask", who=mention(ask))] if ask else [])]
    return View([section(f":no_entry: {' '.join(lines)}")], " ".join(lines).replace("`", ""))


def render_not_member(channel: str, words: Words = ENGLISH) -> View:
    """Say how to let the bot post in the channel with this id, where it is no member."""
    line = words("not_member", channel=mention(channel), invite=code(_INVITE))
    return View([section(line)], line.replace("`", ""))


def render_old_button(words: Words = ENGLISH) -> View:
    """Say that nobody knows any more what a button meant."""
    return View([section(words("old_button"))], words("old_button"))
