"""What people see who ask for help, mistype, or meet a fault of ours."""

from collections.abc import Mapping, Sequence

from bot.views.layout import View, context, section
from bot.views.text import code, escape
from bot.views.words import ENGLISH, Words

COMMAND = "/mediatask"
TOPICS = (
    *("show", "list", "watches", "subscriptions", "alerts", "silences"),
    *("recent", "providers", "settings", "buttons", "links"),
)
"""What ``help <topic>`` explains."""
_FORMS = (
    ("<provider>[@account] <id> [<id> …]", "help.form.provider"),
    ("<id> [<id> …]", "help.form.id"),
    ("list <mpc|record>[@account] [state] [since 2h]", "help.form.list"),
    ("watch <id> [<id> …] [only failures] [notify @user|@group …]", "help.form.watch"),
    ("unwatch <id> | all", "help.form.unwatch"),
    ("watches [here|mine|all]", "help.form.watches"),
    ("subscribe <provider|all> [to failures|finished|all]", "help.form.subscribe"),
    ("unsubscribe <provider> | all", "help.form.unsubscribe"),
    ("alerts [open|mine|all]", "help.form.alerts"),
    ("silence <provider|ref|room glob|all> for <duration>", "help.form.silence"),
    ("unsilence <target|number>", "help.form.unsilence"),
    ("recent", "help.form.recent"),
    ("providers", "help.form.providers"),
    ("settings", "help.form.settings"),
    ("help [topic]", "help.form.help"),
)
_TOPIC_FORMS = {
    "show": ("<provider>[@account] <id> [<id> …]", "<id> [<id> …]"),
    "list": ("list <mpc|record>[@account] [state] [since 2h] [page 2]",),
    "watches": (
        "watch [<provider>[@account]] <id> [<id> …] [only failures] [notify @user|@group …]",
        "unwatch [<provider>] <id> | all",
        "watches [here|mine|all]",
    ),
    "subscriptions": (
        "subscribe <provider|all> [to failures|finished|all] [room <glob>] [notify @user …]",
        "unsubscribe [<provider|all>[@account]] [room <glob>] | all",
    ),
    "alerts": ("alerts [open|mine|all]",),
    "silences": (
        "silence <provider|ref|room glob|all> for <duration> [because …]",
        "unsilence <target|number>",
    ),
    "recent": ("recent",),
    "providers": ("providers",),
    "settings": ("settings",),
}
_ROOM = 80
_MAX_LISTED = 10
_MAX_EXAMPLES = 3


def render_help(
    providers: Mapping[str, Sequence[str]],
    examples: Sequence[str],
    words: Words = ENGLISH,
    topic: str | None = None,
) -> View:
    """Explain the command, or one of its ``TOPICS``, with what is configured.

    *providers* holds each one's accounts, the default first; *examples* stand without the leading
    ``/mediatask``. A topic that is none gives the whole.
    """
    if topic in TOPICS:
        return _render_topic(topic, words)
    blocks = [
        section(words("help.head")),
        section(_titled(words("help.forms"), [_form(form, words(key)) for form, key in _FORMS])),
        section(_titled(words("help.providers"), _list_providers(providers, words))),
        *([section(_list_examples(examples, words))] if examples else []),
        *context([words("help.visibility"), words("help.topics", topics=_list_topics(words))]),
    ]
    return View(blocks, words("help.line", command=COMMAND))


def _render_topic(topic: str, words: Words) -> View:
    forms = "\n".join(map(_command, _TOPIC_FORMS.get(topic, ())))
    told = words(f"help.topic.{topic}")
    return View([section("\n".join(filter(None, (forms, told))))], told.replace("*", ""))


def _list_topics(words: Words) -> str:
    return words.join(code(topic) for topic in TOPICS)


def _titled(title: str, lines: Sequence[str]) -> str:
    return "\n".join((title, *lines))


def _command(arguments: str) -> str:
    return code(f"{COMMAND} {arguments}", 2 * _ROOM)


def _form(form: str, meaning: str) -> str:
    return f"{_command(form)}: {meaning}"


def _list_providers(providers: Mapping[str, Sequence[str]], words: Words) -> list[str]:
    rows = [
        f"{code(name, _ROOM)}: {_provider_name(name, words)} ({_list_accounts(accounts)})"
        for name, accounts in list(providers.items())[:_MAX_LISTED]
        if accounts
    ]
    return rows or [words("help.no_providers")]


def _provider_name(name: str, words: Words) -> str:
    return words.named("provider", name) or escape(name, _ROOM)


def _list_accounts(accounts: Sequence[str]) -> str:
    return escape(", ".join(accounts), _ROOM)


def _list_examples(examples: Sequence[str], words: Words) -> str:
    return _titled(words("help.examples"), [_command(line) for line in examples[:_MAX_EXAMPLES]])


def render_usage_error(
    understood: str, nearest: str | None, example: str, words: Words = ENGLISH
) -> View:
    """Say what is wrong with what was typed, what was probably meant, and a form that works.

    *understood* may carry code spans of ours; *example* stands without ``/mediatask``.
    """
    lines = [
        escape(understood),
        *([words("usage.nearest", nearest=_command(nearest))] if nearest else []),
        words("usage.example", example=_command(example)),
    ]
    spoken = " ".join(lines).replace("`", "")
    return View([section("\n".join(lines))], spoken)


def render_failure(reference: str, words: Words = ENGLISH) -> View:
    """Own up to an unexpected error; the log can be searched for *reference*."""
    line = words("failure", reference=code(reference, _ROOM))
    return View([section(line)], line.replace("`", ""))
