"""Promises about any text."""

import re
import string
from contextlib import suppress
from typing import get_args

from hypothesis import example, given
from hypothesis import strategies as st

from bot.commands import TOPICS, Accounts, Command, UsageError, parse_command
from bot.grammar_words import CHINESE, ENGLISH
from tests.bot.commands.samples import ACCOUNTS, MERGE, RECORD

CONFIGURED = st.sampled_from(
    [ACCOUNTS, {}, {"tiw": ("main",)}, {"mpc": ("a", "b")}, {"record": (), "huawei": ("x",)}]
)
WORDS = st.sampled_from(
    [
        *(*TOPICS, "help", "failed", "faild", "queued", "partial", "since"),
        *("page", "2h", "0h", "2", "99d", "mpc@prod", "mpc@", "tencnet", "recnet", "show"),
        *("recrod@staging", "mpc:1", "record@x:1", "tiw:", "a\u200bb", "x" * 257, "https://a/b"),
        *("watch", "unwatch", "watches", "all", "here", "mine", "only", "failures", "notify"),
        *("subscribe", "unsubscribe", "silence", "unsilence", "subscibe", "silense", "*alerts*"),
        *("to", "finished", "room", "lesson-*", "for", "90s", "31d", "because", "all@main", "#3"),
        *("<@U1|bob>", "<!subteam^S0ONCALL|@oncall>", "<!here>", "@bob", "wacth", "failed"),
        *(RECORD, MERGE, "22123973", "<@U1>", "“x”", "?", "&lt;", "hello", "list@mpc"),
    ]
)
FORM = re.compile(r"<[a-z|]+>|\[state\]")
COMMANDS = st.lists(WORDS, max_size=8).map(" ".join)


def escape(text: str) -> str:
    """Write text as Slack hands on what somebody copied."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@given(st.text(max_size=400), CONFIGURED)
def test_any_text_is_a_command_or_a_usage_error(text: str, accounts: Accounts) -> None:
    with suppress(UsageError):
        assert isinstance(parse_command(text, accounts), get_args(Command))


def refused(text: str, accounts: Accounts) -> UsageError | None:
    try:
        parse_command(text, accounts)
    except UsageError as error:
        return error
    return None


@given(COMMANDS, CONFIGURED)
@example("mpc " * 1000, ACCOUNTS)
def test_what_an_error_offers_can_be_typed(text: str, accounts: Accounts) -> None:
    error = refused(text, accounts)

    if error:
        assert refused(error.example, accounts) is None
        assert error.nearest
        assert FORM.search(error.nearest) or refused(escape(error.nearest), accounts) is None


@given(COMMANDS, CONFIGURED)
def test_an_error_can_be_told_in_every_language(text: str, accounts: Accounts) -> None:
    error = refused(text, accounts)

    if error:
        told = CHINESE[error.key].format_map(error.values)
        assert "{" not in error.problem + told
        assert len(error.problem) < 400


def test_both_languages_have_the_same_sentences_with_the_same_values() -> None:
    def named(sentence: str) -> set[str | None]:
        return {field for _, field, _, _ in string.Formatter().parse(sentence) if field}

    assert {key: named(sentence) for key, sentence in ENGLISH.items()} == {
        key: named(sentence) for key, sentence in CHINESE.items()
    }
