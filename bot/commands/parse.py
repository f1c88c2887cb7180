"""Which command the words are: by the first, from a table."""

from collections.abc import Callable, Mapping

from bot.commands.alerts import read_alerts
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
from bot.commands.refusal import Draft, enumerate_words, settle, show
from bot.commands.silences import read_silence, read_unsilence
from bot.commands.subscriptions import read_subscribe, read_unsubscribe, subscription_example
from bot.commands.targets import Words, names_provider, read_targets
from bot.commands.text import bare, split_typed, split_words
from bot.commands.typos import nearest_word
from bot.commands.watches import read_unwatch, read_watch, read_watches, watch_example
from providers.ids import PROVIDERS, count_edits, guess_providers, nearest_provider

TOPICS = (
    *("show", "list", "watches", "subscriptions", "alerts", "silences"),
    *("recent", "providers", "settings", "buttons", "links"),
)
"""What help can be asked about; a provider's word in their place is about ``show``."""

_HELP_WORDS = frozenset({"help", "-h", "--help"})
_NEEDLESS = frozenset({"show", "status", "get", "find", "lookup", "check", "query"})
"""Verbs people put in front of what needs none."""

_ABOUT_TASKS = frozenset({"watch", "unwatch"})
"""Verbs that stand in front of tasks."""
_AS_TYPED = frozenset({"subscribe", "unsubscribe", "silence", "unsilence"})
"""Verbs that take patterns and reasons, which are not picked apart; a provider may follow."""
_IN_FRONT = {"list", *_AS_TYPED}
_TOPIC_OF: Mapping[str, str] = {
    **dict.fromkeys(("watch", "unwatch"), "watches"),
    **dict.fromkeys(("subscribe", "unsubscribe"), "subscriptions"),
    **dict.fromkeys(("silence", "unsilence"), "silences"),
}
_COMMAND_WORDS = frozenset({"/mediatask", "mediatask"})


def parse_command(text: str, accounts: Accounts) -> Command:
    """Read the text after ``/mediatask``, as Slack hands it on.

    Raises:
        UsageError: it is no command.
    """
    words = _cut(text)
    return settle(lambda them: _read(them, accounts), words)


def _cut(text: str) -> Words:
    """Cut into words; mentions mean something only behind the verbs that call people."""
    words = _without_command(split_words(text))
    verb = words[0].lower() if words else ""
    if verb == "watch":
        called = split_words(text, with_called=True)
        return called[called.index(words[0]) :]
    meant = verb if verb in _VERBS or names_provider(verb) else _mean_verb(verb)
    if meant not in _AS_TYPED:
        return words
    typed = split_typed(text, verbatim_after="because")
    place = next((at for at, word in enumerate(typed) if bare(word).lower() == verb), None)
    return words if place is None else [words[0], *typed[place + 1 :]]


def _without_command(words: Words) -> Words:
    return words[1:] if words and words[0].lower() in _COMMAND_WORDS else words


def _read(words: Words, accounts: Accounts) -> Command:
    if not words:
        return Help()
    verb = words[0].lower()
    if words[1:] and words[1].lower() in _HELP_WORDS and _topic(verb) in TOPICS:
        return Help(_topic(verb))
    if verb in _VERBS:
        return _VERBS[verb](words, accounts)
    _refuse_verb(words, accounts)
    _refuse_late_verb(words, accounts)
    return Show(read_targets(words, accounts))


def _read_help(words: Words, accounts: Accounts) -> Help:
    topic = _topic(words[1]) if words[1:] else None
    if topic is None or topic in TOPICS:
        return Help(topic)
    near = nearest_word(topic, (*TOPICS, *PROVIDERS))
    draft = Draft("help", example(accounts), ["help"])
    values = {"word": show(words[1]), "topics": enumerate_words(TOPICS)}
    raise draft.refuse("usage.no_topic", repair=["help", near] if near else None, **values)


def _topic(word: str) -> str:
    if names_provider(word):
        return "show"
    return _TOPIC_OF.get(word.lower(), word.lower())


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
    "watch": read_watch,
    "unwatch": read_unwatch,
    "watches": read_watches,
    "subscribe": read_subscribe,
    "unsubscribe": read_unsubscribe,
    "alerts": read_alerts,
    "silence": read_silence,
    "unsilence": read_unsilence,
    "recent": _alone(Recent()),
    "providers": _alone(ShowProviders()),
    "settings": _alone(OpenSettings()),
}


def _refuse_verb(words: Words, accounts: Accounts) -> None:
    """A first word that is no id may be a needless verb, or a misspelt one."""
    word, rest = words[0].lower(), words[1:]
    if names_provider(word) or guess_providers(words[0]):
        return
    draft = _draft(accounts)
    if word in _NEEDLESS:
        raise draft.refuse("usage.needless_verb", word=show(word), repair=rest)
    meant = _mean_verb(word)
    if meant:
        draft.form, draft.example = _show_how(meant, accounts)
        raise draft.refuse("usage.no_verb", word=show(words[0]), repair=[meant, *rest])


def _refuse_late_verb(words: Words, accounts: Accounts) -> None:
    """A verb behind the provider, or behind the ids, was meant to be in front."""
    late = words[1].lower() if words[1:] else ""
    if late in _ABOUT_TASKS or (late in _IN_FRONT and names_provider(words[0])):
        form, sample = _show_how(late, accounts)
        understood = [late, words[0].lower()] if names_provider(words[0]) else [late]
        repair = [late, words[0], *words[2:]]
        raise Draft(form, sample, understood).refuse(
            "usage.verb_not_first", verb=late, repair=repair
        )


def _show_how(verb: str, accounts: Accounts) -> tuple[str, str]:
    """Give the form of a verb, and an example that works here."""
    if verb == "list":
        return "list <mpc|record>", list_example(accounts)
    if verb in _ABOUT_TASKS:
        return f"{verb} <id> [<id> …]", watch_example(accounts, verb)
    if verb == "subscribe":
        return "subscribe <provider|all>", subscription_example(accounts)
    return _FORMS.get(verb, (verb, verb))


_FORMS: Mapping[str, tuple[str, str]] = {
    "unsubscribe": ("unsubscribe <provider|all>", "unsubscribe all"),
    "silence": ("silence <provider|ref|room glob|all> for <duration>", "silence all for 2h"),
    "unsilence": ("unsilence <target|number>", "unsilence all"),
}


def _draft(accounts: Accounts) -> Draft:
    return Draft("<id> [<id> …]", example(accounts))


def _mean_verb(word: str) -> str | None:
    """Tell the verb a word is nearest to, unless a provider is as near."""
    verb = nearest_word(word, tuple(filter(str.isalpha, _VERBS)))
    head = word.partition("@")[0].partition(":")[0]
    provider = nearest_provider(head)
    if verb is None or provider is None:
        return verb
    return verb if count_edits(word, verb) < count_edits(head, provider) else None
