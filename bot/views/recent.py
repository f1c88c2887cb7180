"""What somebody asked for lately, with the state they were told."""

from collections.abc import Sequence

from bot.models import RecentLookup
from bot.views.headline import SIGNS
from bot.views.layout import Block, View, context, section
from bot.views.options import Options
from bot.views.text import code, date_token, escape
from bot.views.verbs import show_button
from bot.views.words import Words
from providers.models import TaskState

MAX_ROWS = 10
_ID_ROOM = 300
_WORD_ROOM = 60
_SIGNS = {str(state): sign for state, sign in SIGNS.items() if state}


def render_recent(lookups: Sequence[RecentLookup], *, options: Options | None = None) -> View:
    """Draw somebody's latest lookups, as many as ten."""
    options = options or Options()
    words = options.words
    if not lookups:
        return View([section(words("recent.none"))], words("recent.none"))
    head = words.count("recent.head", len(lookups[:MAX_ROWS]))
    latest = _told(lookups[0], words)
    blocks = [
        section(f"*{head}*"),
        *recent_rows(lookups, options),
        *context([words("recent.as_told")]),
    ]
    return View(blocks, escape(words.sentences([head, latest])))


def recent_rows(lookups: Sequence[RecentLookup], options: Options) -> list[Block]:
    """Draw a line for each of the latest ten, with a button that asks again."""
    return [_row(index, lookup, options) for index, lookup in enumerate(lookups[:MAX_ROWS])]


def _row(index: int, lookup: RecentLookup, options: Options) -> Block:
    words, ref = options.words, lookup.ref
    kind, state = _kind(lookup, words), _state(lookup, words)
    default = options.default_accounts.get(ref.provider) == ref.account
    account = "" if default else words("account", account=escape(ref.account, _WORD_ROOM))
    asked = words("asked", when=date_token(lookup.asked_at))
    facts = (f"*{state}* {code(ref.task_id, _ID_ROOM)}", kind, account, asked)
    sign = _SIGNS.get(lookup.state or "", SIGNS[None])
    line = f"{sign} {' · '.join(filter(None, facts))}"
    return section(line, show_button(str(ref), index, words))


def _kind(lookup: RecentLookup, words: Words) -> str:
    return words.named("kind", lookup.kind) or words("kind.none")


def _state(lookup: RecentLookup, words: Words) -> str:
    """Say the state; a word of a later version's stands as it is."""
    return words.named("state", lookup.state) or escape(lookup.state or "", _WORD_ROOM)


def _told(lookup: RecentLookup, words: Words) -> str:
    state = words.named("state", lookup.state) or lookup.state or TaskState.UNKNOWN
    return words("line", title=_kind(lookup, words), id=lookup.ref.task_id[:_ID_ROOM], state=state)
