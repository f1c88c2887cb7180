"""Which command the words are: by the first, from a table."""

from collections.abc import Callable, Mapping

from bot.commands.asked import (
    Accounts,
    Command,
    Help,
    OpenSettings,
    Recent,
    Show,
    ShowProviders,
)
from bot.commands.examples import example, list_example
from bot.commands.lists import read_list
from bot.commands.refusal import Draft, UsageError, enumerate_words, settle, show
from bot.commands.targets import Words, names_provider, read_targets
from bot.commands.text import split_words
from bot.commands.typos import nearest_word
from providers.ids import PROVIDERS, count_edits, guess_providers, nearest_provider

TOPICS = ("show", "list", "recent", "providers", "settings", "buttons", "links")
"""What help can be asked about; a provider's word in their place is about ``show``."""

RESERVED = frozenset(
    {
        *("watch", "unwatch", "watches", "subscribe", "unsubscribe"),
        *("alerts", "silence", "unsilence"),
    }
)
"""Verbs of later versions."""

_HELP_WORDS = frozenset({"help", "-h", "--help"})
_NEEDLESS = frozenset({"show", "status", "get", "find", "lookup", "check", "query"})
"""Verbs people put in front of what needs none."""

_COMMAND_WORDS = frozenset({"/mediatask", "mediatask"})


def parse_command(text: str, accounts: Accounts) -> Command:
    """Read the text after ``/mediatask``, as Slack hands it on.

    Raises:
        UsageError: it is no command.
    """
    words = split_words(text)
    if words and words[0].lower() in _COMMAND_WORDS:
        words = words[1:]
    return settle(lambda them: _read(them, accounts), words)


def _read(words: Words, accounts: Accounts) -> Command:
    if not words:
        return Help()
    verb = words[0].lower()
    if words[1:] and words[1].lower() in _HELP_WORDS and _topic(verb) in TOPICS:
        return Help(_topic(verb))
    if verb in _VERBS:
        return _VERBS[verb](words, accounts)
    _refuse_verb(words, accounts)
    _refuse_late_list(words, accounts)
    return Show(read_targets(words, accounts))


def _read_help(words: Words, accounts: Accounts) -> Help:
    topic = _topic(words[1]) if words[1:] else None
    if topic is None or topic in TOPICS:
        return Help(topic)
    if topic in RESERVED:
        raise _reserved(topic, ["help"], accounts)
    near = nearest_word(topic, (*TOPICS, *PROVIDERS))
    draft = Draft("help", example(accounts), ["help"])
    values = {"word": show(words[1]), "topics": enumerate_words(TOPICS)}
    raise draft.refuse("usage.no_topic", repair=["help", near] if near else None, **values)


def _topic(word: str) -> str:
    return "show" if names_provider(word) else word.lower()


def _alone(command: Command) -> Callable[[Words, Accounts], Command]:
    """Make the reader of a verb that takes nothing after it."""

    def read(words: Words, _accounts: Accounts) -> Command:
        if words[1:]:
            verb = words[0].lower()
            draft = Draft(verb, verb, [verb])
            raise draft.refuse("usage.takes_nothing", verb=verb, rest=show(" ".join(words[1:])))
        return command

    return read


_VERBS: Mapping[str, Callable[[Words, Accounts], Command]] = {
    **dict.fromkeys(sorted(_HELP_WORDS), _read_help),
    "list": read_list,
    "recent": _alone(Recent()),
    "providers": _alone(ShowProviders()),
    "settings": _alone(OpenSettings()),
}


def _refuse_verb(words: Words, accounts: Accounts) -> None:
    """A first word that is no id may be a later version's verb, a needless one, or a typo."""
    word, rest = words[0].lower(), words[1:]
    if names_provider(word) or guess_providers(words[0]):
        return
    if word in RESERVED:
        raise _reserved(word, rest, accounts)
    draft = _draft(accounts)
    if word in _NEEDLESS:
        raise draft.refuse("usage.needless_verb", word=show(word), repair=rest)
    meant = _mean_verb(word)
    if meant in RESERVED:
        raise _reserved(meant, rest, accounts)
    if meant:
        is_list = meant == "list"
        draft.form = "list <mpc|record>" if is_list else meant
        draft.example = list_example(accounts) if is_list else meant
        raise draft.refuse("usage.no_verb", word=show(words[0]), repair=[meant, *rest])


def _refuse_late_list(words: Words, accounts: Accounts) -> None:
    if names_provider(words[0]) and words[1:] and words[1].lower() == "list":
        repair = ["list", words[0], *words[2:]]
        draft = Draft("list <mpc|record>", list_example(accounts), ["list", words[0].lower()])
        raise draft.refuse("usage.verb_not_first", verb="list", repair=repair)


def _draft(accounts: Accounts) -> Draft:
    return Draft("<id> [<id> …]", example(accounts))


def _mean_verb(word: str) -> str | None:
    """Tell the verb a word is nearest to, unless a provider is as near."""
    verb = nearest_word(word, (*filter(str.isalpha, _VERBS), *sorted(RESERVED)))
    head = word.partition("@")[0].partition(":")[0]
    provider = nearest_provider(head)
    if verb is None or provider is None:
        return verb
    return verb if count_edits(word, verb) < count_edits(head, provider) else None


def _reserved(verb: str, rest: Words, accounts: Accounts) -> UsageError:
    draft = _draft(accounts)
    draft.understood = [verb]
    return draft.refuse("usage.reserved", verb=verb, repair=rest)
