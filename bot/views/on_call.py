"""Whom an alert calls: people, groups, and whoever is on call in a rota at that moment."""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.views.calling import call
from bot.views.layout import Block, context
from bot.views.text import code, escape, mention
from bot.views.words import Words

_ROTA = "rota:"
_USER = re.compile(r"(?=.*[0-9])[UW][A-Z0-9]{2,30}")
"""With a digit: calendars write people's names in capital letters too."""
_MOST_NAMED = 10
_NAME_ROOM = 80

OnCall = Mapping[str, Sequence[str]]
"""By a rota's name, who is on call in it now: Slack's ids, and names nobody there was found for."""


def call_targets(targets: Sequence[str], on_call: OnCall, words: Words) -> list[Block]:
    """Mention users, groups and whoever ``rota:…`` stands for, each once.

    What a rota does not tell is said in a remark, for otherwise nobody would look after it.
    """
    rotas = [target.removeprefix(_ROTA) for target in targets if target.startswith(_ROTA)]
    called = [target for target in targets if not target.startswith(_ROTA)]
    people = [person for rota in rotas for person in on_call.get(rota, ())]
    remarks = [line for rota in rotas for line in _gaps(rota, on_call, words)]
    return [*call((*called, *filter(_USER.fullmatch, people))), *context(remarks[:_MOST_NAMED])]


def _gaps(rota: str, on_call: OnCall, words: Words) -> Iterator[str]:
    people, named = on_call.get(rota, ()), code(rota, _NAME_ROOM)
    unmatched = [person for person in people if not _USER.fullmatch(person)]
    if not people:
        yield words("rota.nobody", rota=named)
    if unmatched:
        yield words("rota.unmatched", rota=named, people=_list(unmatched, words))


def _list(people: Sequence[str], words: Words) -> str:
    return words.join(code(person, _NAME_ROOM) for person in people[:_MOST_NAMED])


def rota_lines(on_call: OnCall, words: Words) -> list[str]:
    """Say on a line each who is on call in every rota."""
    return [
        words("home.rota", rota=escape(rota, _NAME_ROOM), people=_name(people, words))
        for rota, people in on_call.items()
    ]


def _name(people: Sequence[str], words: Words) -> str:
    named = (
        mention(person) if _USER.fullmatch(person) else code(person, _NAME_ROOM)
        for person in people[:_MOST_NAMED]
    )
    return words.join(named) or words("home.rota_nobody")
