"""Silences: what nobody is notified of for a while, listed and told when it begins and ends."""

from collections.abc import Sequence

from bot.oncall import Alert, Silence
from bot.views.alert_standing import title_of
from bot.views.alert_verbs import unsilence_button
from bot.views.layout import Block, View, context, section
from bot.views.notes import render_lines
from bot.views.options import Options
from bot.views.text import code, date_token, escape, mention
from bot.views.words import Words

MAX_ROWS = 10
_ALL, _ROOM = "all", "room "
_TARGET_ROOM = 300
_BECAUSE_ROOM = 500


def render_silenced(silence: Silence, *, options: Options | None = None) -> View:
    """Say what is silent from now on, until when, and how that ends sooner."""
    words = (options or Options()).words
    return render_lines(
        [describe_begun(silence, words), words("silence.end_it", number=silence.id)]
    )


def render_unsilenced(ended: Sequence[Silence], *, options: Options | None = None) -> View:
    """Say which silences one has ended; none at all: there was no such silence."""
    words = (options or Options()).words
    return render_lines([describe_over(one, words) for one in ended] or [words("silence.no_such")])


def render_silence_news(
    happening: str,
    silence: Silence,
    alert: Alert | None = None,
    *,
    options: Options | None = None,
) -> View:
    """Announce that a silence has ``begun``, keeps an *alert* quiet (``hid``), or has ``ended``."""
    options = options or Options()
    words = options.words
    if happening == "hid" and alert:
        return render_lines([_hides(silence, alert, options)])
    describe = describe_over if happening == "ended" else describe_begun
    return render_lines([describe(silence, words)])


def _hides(silence: Silence, alert: Alert, options: Options) -> str:
    words = options.words
    return words(
        "silence.hides",
        target=name_target(silence.target, words),
        alert=title_of(alert, None, options),
        where=mention(alert.channel_id),
        until=date_token(silence.until),
    )


def render_silences(silences: Sequence[Silence], *, options: Options | None = None) -> View:
    """List the silences that hold now."""
    options = options or Options()
    rows = silence_rows(silences, options)
    none = options.words("silence.none")
    head = options.words.count("silence.head", len(silences)) if silences else none
    return View(rows or [section(none)], options.words.sentences([head]))


def silence_rows(silences: Sequence[Silence], options: Options) -> list[Block]:
    """Draw a heading, and a row for each of the first ten; none at all give no block."""
    words, more = options.words, len(silences) - MAX_ROWS
    if not silences:
        return []
    return [
        section(f"*{words.count('silence.head', len(silences))}*"),
        *(
            section(_row(one, words), unsilence_button(one.id, index, words))
            for index, one in enumerate(silences[:MAX_ROWS])
        ),
        *context([words.count("silence.more", more)] if more > 0 else []),
    ]


def _row(silence: Silence, words: Words) -> str:
    by = words("silence.by", who=mention(silence.created_by))
    hidden = words.count("silence.hidden", silence.hidden) if silence.hidden else ""
    facts = (
        f"*#{silence.id}* {name_target(silence.target, words)}",
        words("silence.until", when=date_token(silence.until)),
        by,
        hidden,
        because(silence, words),
    )
    return " · ".join(filter(None, facts))


def name_target(target: str, words: Words) -> str:
    """Say what a silence is for: ``all``, a provider, a ref, or ``room`` and a glob."""
    if target == _ALL:
        return words("silence.all")
    if target.startswith(_ROOM):
        return words("silence.room", room=code(target.removeprefix(_ROOM), _TARGET_ROOM))
    return code(target, _TARGET_ROOM)


def because(silence: Silence, words: Words) -> str:
    """Repeat why it is silent, in its creator's words; empty where they gave no reason."""
    if not silence.because:
        return ""
    return words("silence.because", why=escape(silence.because, _BECAUSE_ROOM))


def describe_begun(silence: Silence, words: Words) -> str:
    """Say who silenced what until when, and why."""
    told = words(
        "silence.begun",
        who=mention(silence.created_by),
        target=name_target(silence.target, words),
        until=date_token(silence.until),
    )
    return " ".join(filter(None, (told, because(silence, words))))


def describe_over(silence: Silence, words: Words) -> str:
    """Say that a silence is over, by whom if somebody ended it, and how much it hid."""
    target = name_target(silence.target, words)
    over = (
        words("silence.ended_by", who=mention(silence.ended_by), target=target)
        if silence.ended_by
        else words("silence.expired", target=target)
    )
    return f"{over} {words.count('silence.hid', silence.hidden)}"
