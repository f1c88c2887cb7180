"""The first word says which command it is."""

from datetime import timedelta

import pytest

from bot.commands import (
    TOPICS,
    Command,
    Help,
    List,
    OpenSettings,
    Recent,
    Show,
    ShowProviders,
    Target,
    UsageError,
    parse_command,
)
from bot.views import help as views_help
from tests.bot.commands.samples import ACCOUNTS, MERGE, RECORD


@pytest.mark.parametrize(
    "text", ["", "   ", "help", "HELP", "?", "--help", "“help”", "<@U0MEDIATASK>", "/mediatask"]
)
def test_help_is_asked_for_in_many_ways(text: str) -> None:
    assert parse_command(text, ACCOUNTS) == Help()


@pytest.mark.parametrize("topic", TOPICS)
def test_there_is_help_about_every_topic(topic: str) -> None:
    assert parse_command(f"help {topic.upper()} please", ACCOUNTS) == Help(topic)
    assert parse_command(f"{topic} help", ACCOUNTS) == Help(topic)


def test_the_topics_are_those_that_have_a_text() -> None:
    assert views_help.TOPICS == TOPICS


@pytest.mark.parametrize("text", ["help watch", "help unwatch", "watch help", "watches ?"])
def test_help_about_watching_is_one_text(text: str) -> None:
    assert parse_command(text.replace("?", "--help"), ACCOUNTS) == Help("watches")


@pytest.mark.parametrize("text", ["mpc@transcode --help", "help tiw"])
def test_help_about_a_provider_is_about_asking_one(text: str) -> None:
    assert parse_command(text, ACCOUNTS) == Help("show")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("recent", Recent()),
        (" Recent. ", Recent()),
        ("providers", ShowProviders()),
        ("`settings`", OpenSettings()),
        ("@MediaTask providers", ShowProviders()),
        ("/mediatask recent", Recent()),
        ("list mpc", List("mpc", "transcode", None, timedelta(hours=24), 1)),
        (f"<@U0MEDIATASK>: record {RECORD}", Show((Target("record", "main", RECORD),))),
        ("help", Help()),
        ("hello", Show((Target(None, None, "hello"),))),
        ("test", Show((Target(None, None, "test"),))),
        ("h", Show((Target(None, None, "h"),))),
    ],
)
def test_a_word_that_is_a_verb_is_obeyed_and_any_other_is_an_id(
    text: str, command: Command
) -> None:
    assert parse_command(text.removeprefix("@MediaTask"), ACCOUNTS) == command


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("recnet", "recent"),
        ("recents", "recent"),
        ("provider", "providers"),
        ("providres", "providers"),
        ("setings", "settings"),
        ("hlep", "help"),
        ("lits mpc failed", "list mpc failed"),
        ("lst record since 2h", "list record since 2h"),
        ("LSIT mpc", "list mpc"),
        ("lit mpc", "list mpc"),
        ("wacth mpc 1", "watch mpc 1"),
        ("unwach mpc 1", "unwatch mpc 1"),
        ("whatches", "watches"),
        ("ecent", "recent"),
        ("tecent 1", "tencent 1"),
        ("recod 1", "record 1"),
        ("recrd 1", "record 1"),
        ("mps 1", "mpc 1"),
        ("tencnet@staging 1", "tencent@staging 1"),
        ("huwei:289665200", "huawei:289665200"),
        (f"recrod {RECORD}", f"record {RECORD}"),
    ],
)
def test_a_misspelt_verb_or_provider_is_told_apart_by_what_is_nearest(
    typed: str, meant: str
) -> None:
    with pytest.raises(UsageError) as caught:
        parse_command(typed, ACCOUNTS)

    assert caught.value.nearest == meant


@pytest.mark.parametrize(
    ("text", "problem", "understood", "nearest"),
    [
        ("recent 5", "`recent` takes nothing after it, not even `5`.", "recent", "recent"),
        (
            "Settings for #media",
            "`settings` takes nothing after it, not even `for #media`.",
            "settings",
            "settings",
        ),
        ("show", "`show` is not needed: what is to be shown comes first.", "", "<id> [<id> …]"),
        (
            f"status record {RECORD}",
            "`status` is not needed: what is to be shown comes first.",
            "",
            f"record {RECORD}",
        ),
        (
            "mpc list failed",
            "`list` comes first, then the provider.",
            "list mpc",
            "list mpc failed",
        ),
        (
            "mpc subscribe to all",
            "`subscribe` comes first, then the provider.",
            "subscribe mpc",
            "subscribe mpc to all",
        ),
        (
            "mpc silence 2h",
            "`silence` comes first, then the provider.",
            "silence mpc",
            "silence <provider|ref|room glob|all> for <duration>",
        ),
        (
            "mpc watch 22123973",
            "`watch` comes first, then the provider.",
            "watch mpc",
            "watch mpc 22123973",
        ),
        (
            f"{RECORD} unwatch",
            "`unwatch` comes first, then the provider.",
            "unwatch",
            f"unwatch {RECORD}",
        ),
        ("wacth", "`wacth` is no command.", "", "watch <id> [<id> …]"),
        ("recnet now", "`recnet` is no command.", "", "recent"),
        (
            "recrod@staging list",
            "`recrod@staging` is no provider here.",
            "",
            "record <id> [<id> …]",
        ),
    ],
)
def test_what_a_verb_cannot_be_used_for_is_said(
    text: str, problem: str, understood: str, nearest: str
) -> None:
    with pytest.raises(UsageError) as caught:
        parse_command(text, ACCOUNTS)

    assert caught.value.problem == problem
    assert caught.value.understood == understood
    assert caught.value.nearest == nearest


@pytest.mark.parametrize(
    ("topic", "nearest"), [("lists", "help list"), ("tencnet", "help tencent"), ("cats", "help")]
)
def test_an_unknown_topic_names_the_topics(topic: str, nearest: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_command(f"help {topic}", ACCOUNTS)

    assert "Topics: `show`, `list`" in caught.value.problem
    assert caught.value.nearest == nearest


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("recnet", "recent"),
        ("lst", "list record since 2h"),
        (f"recrod {RECORD}", f"record {RECORD}"),
        ("mcp 1", "mpc 22123973"),
        ("list tencent", "list record since 2h"),
        ("list mpc nonsense", "list mpc failed"),
        ("watc", f"watch tencent {MERGE}"),
    ],
)
def test_the_example_is_of_the_command_that_was_meant(text: str, example: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_command(text, ACCOUNTS)

    assert caught.value.example == example
