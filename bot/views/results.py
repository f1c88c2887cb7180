"""Several ends in one message: who is called, how many ended how, and a line for each."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.views.batch import badness, count_states, describe_row
from bot.views.calling import call
from bot.views.facts import Facts
from bot.views.happenings import describe_doubts, describe_happening
from bot.views.headline import SIGNS, spoken_line, state_words
from bot.views.layout import Block, View, context, section
from bot.views.options import Options
from bot.views.task import first_link
from bot.views.text import escape
from bot.views.verbs import show_button
from bot.views.words import Words

MAX_ROWS = 30
_HINT_ROOM = 300


def render_results(
    told: Sequence[Facts], *, now: datetime, options: Options, family: str = "ends"
) -> View:
    """Draw up to thirty ends, the worst first, and count the rest; *told* is not empty.

    *family* names what they are called: ``ends`` of watched tasks, or ``reports`` of others.
    """
    words, ordered = options.words, worst_first(told)
    head = count_ends(ordered, words, family)
    shown, more = ordered[:MAX_ROWS], len(ordered) - MAX_ROWS
    blocks = [
        *call(subject for facts in told for subject in facts.mentions),
        section(f"*{head}*"),
        *result_rows(shown, 0, now, options),
        *context([words.count("watch.more_tasks", more)] if more > 0 else []),
    ]
    worst = spoken_line(ordered[0].status, words)
    return View(blocks, " ".join((words.sentences([head]), worst)))


def worst_first(told: Sequence[Facts]) -> list[Facts]:
    """Order ends by how bad they are; those that are as bad stay as they were."""
    return sorted(told, key=lambda facts: badness(facts.status))


def count_ends(ordered: Sequence[Facts], words: Words, family: str = "ends") -> str:
    """Say how many ended, and how many of them how; where not all did, how many have news."""
    counts = count_states((facts.status for facts in ordered), words)
    key = f"{family}.head" if all(facts.is_end for facts in ordered) else f"{family}.news"
    return words("ends.line", head=words.count(key, len(ordered)), counts=counts)


def result_rows(
    shown: Sequence[Facts], first: int, now: datetime, options: Options
) -> Iterator[Block]:
    """Draw a line for each end, with its link or what shows it; *first* is the first one's place.

    A bad one has what to do about it on a second line.
    """
    for index, facts in enumerate(shown, first):
        links = first_link(facts.status, now, options)
        link = links[0] | {"action_id": f"open:{index}"} if links else None
        show = show_button(str(facts.status.ref), index, options.words)
        yield section(_line(facts, now, options), link or show)


def _line(facts: Facts, now: datetime, options: Options) -> str:
    words, status = options.words, facts.status
    named = f"{SIGNS[status.state]} *{state_words(status, words)}*"
    describe = describe_doubts if facts.is_end else describe_happening
    told = " ".join(describe(facts, words))
    first = " · ".join(filter(None, (describe_row(status, named, now, options), told)))
    hint = status.error.hint if status.error else None
    advice = words("error.hint", hint=escape(hint, _HINT_ROOM)) if hint else ""
    return "\n".join(filter(None, (first, advice)))
