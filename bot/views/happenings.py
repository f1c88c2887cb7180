"""What happened to a watched task, in sentences."""

from collections.abc import Iterator

from bot.models import Happening
from bot.views.facts import Facts
from bot.views.headline import reason_words, time_taken
from bot.views.text import date_token
from bot.views.words import Words
from providers.models import TaskError


def describe_happening(facts: Facts, words: Words) -> Iterator[str]:
    """Say what happened, when, and whether that is told late; a sentence each."""
    when = date_token(facts.happened_at)
    if facts.happening in set(Happening):
        until = date_token(facts.ends_at) if facts.ends_at else words("news.soon")
        why = _why(facts, words)
        yield words(f"news.{facts.happening}", when=when, until=until, why=why)
    if facts.happening == Happening.IMPROVED and facts.before:
        yield words("news.was", before=words(f"state.{facts.before}"))
    taken = time_taken(facts.status)
    if facts.is_end and taken is not None:
        yield words("news.took", span=words.span(taken))
    yield from describe_doubts(facts, words)


def describe_doubts(facts: Facts, words: Words) -> Iterator[str]:
    """Say that it is told late, was found late, or is not confirmed; mostly nothing."""
    when = date_token(facts.happened_at)
    if facts.is_late:
        yield words("news.late", when=when)
    if facts.is_found_late:
        yield words("news.found_late", when=when)
    if not facts.is_confirmed:
        yield words("news.unconfirmed")


def _why(facts: Facts, words: Words) -> str:
    """Say why nobody answers; where nobody told why, that they do not."""
    if facts.trouble is None:
        return words("reason.unreachable")
    return reason_words(TaskError(message="", reason=facts.trouble), facts.status.state, words)
