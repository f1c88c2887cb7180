"""Many ends in one channel as one message: counts first, failures first, a page at a time."""

from collections.abc import Sequence
from datetime import datetime
from math import ceil

from bot.views.buttons import DigestPage, encode
from bot.views.calling import call
from bot.views.facts import Facts
from bot.views.headline import spoken_line
from bot.views.layout import View, context, section
from bot.views.options import Options
from bot.views.results import count_ends, result_rows, worst_first
from bot.views.verbs import render_pager

PAGE_ROWS = 10


def render_digest(
    told: Sequence[Facts],
    digest_id: str,
    *,
    now: datetime,
    options: Options | None = None,
    page: int = 0,
    family: str = "ends",
) -> View:
    """Draw a page, counted from 0, of all that the digest with this delivery id tells.

    Only the first page mentions anybody: those who turn pages were called already. *told* is not
    empty; a page past the end is the last. *family* is that of ``render_results``.
    """
    options = options or Options()
    words, ordered = options.words, worst_first(told)
    pages = ceil(len(ordered) / PAGE_ROWS)
    page = max(0, min(page, pages - 1))
    head, first = count_ends(ordered, words, family), page * PAGE_ROWS
    blocks = [
        *call([] if page else [who for facts in told for who in facts.mentions]),
        section(f"*{head}*"),
        *result_rows(ordered[first : first + PAGE_ROWS], first, now, options),
        *context([words("digest.note")]),
        *render_pager(page, pages, lambda to: encode(DigestPage(to, digest_id)), words),
    ]
    worst = spoken_line(ordered[0].status, words)
    return View(blocks, " ".join((words.sentences([head]), worst)))
