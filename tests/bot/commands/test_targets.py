"""Providers, accounts, ids and refs."""

import pytest

from bot.commands import (
    EXAMPLES,
    Show,
    Target,
    UsageError,
    candidates,
    parse_command,
    read_targets,
)
from tests.bot.commands.samples import ACCOUNTS, MERGE, RECORD


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (f"record {RECORD}", [("record", "main", RECORD)]),
        (f"RECORD  {RECORD} ", [("record", "main", RECORD)]),
        (f"record@staging {RECORD}", [("record", "staging", RECORD)]),
        (f"record@Staging {RECORD}", [("record", "staging", RECORD)]),
        (RECORD, [(None, None, RECORD)]),
        (f"record:{RECORD}", [("record", "main", RECORD)]),
        (f"tencent@staging:{MERGE}", [("tencent", "staging", MERGE)]),
        (f"record mpc:1 {RECORD}", [("mpc", "transcode", "1"), ("record", "main", RECORD)]),
        ("mpc 1 2 1", [("mpc", "transcode", "1"), ("mpc", "transcode", "2")]),
        (f"record {'x' * 256}", [("record", "main", "x" * 256)]),
    ],
)
def test_tasks_are_named_by_provider_account_and_id(
    text: str, targets: list[tuple[str | None, str | None, str]]
) -> None:
    assert parse_command(text, ACCOUNTS) == Show(tuple(Target(*target) for target in targets))


@pytest.mark.parametrize(
    ("text", "problem", "understood", "nearest"),
    [
        ("tencnet 1", "`tencnet` is no provider here.", "1", "tencent 1"),
        ("huwei@main x", "`huwei@main` is no provider here.", "", "huawei@main x"),
        ("tencnet", "`tencnet` is no provider here.", "", "tencent <id> [<id> …]"),
        (
            "record@staging",
            "Which task at `record@staging`? An id is missing.",
            "record@staging",
            "record@staging <id> [<id> …]",
        ),
        (
            "tiw x",
            "`tiw` has no account here. Configured: `tencent`, `huawei`, `record`, `mpc`.",
            "tiw",
            "<id> [<id> …]",
        ),
        (
            "tiw 22123973",
            "`tiw` has no account here. Configured: `tencent`, `huawei`, `record`, `mpc`.",
            "tiw",
            "22123973",
        ),
        (
            f"mpc tiw:{RECORD}",
            "`tiw` has no account here. Configured: `tencent`, `huawei`, `record`, `mpc`.",
            "tiw",
            "<id> [<id> …]",
        ),
        (
            "mpc@transcod 1",
            "`mpc` has no account `transcod` here; it has `transcode`.",
            "mpc",
            "mpc@transcode 1",
        ),
        (
            "record@stageing 1",
            "`record` has no account `stageing` here; it has `main`, `staging`.",
            "record",
            "record@staging 1",
        ),
        (
            "mpc@ 1",
            "`mpc` has no account `` here; it has `transcode`.",
            "mpc",
            "mpc@transcode 1",
        ),
        (
            "1 record@prod:2",
            "`record` has no account `prod` here; it has `main`, `staging`.",
            "record",
            "1 record@main:2",
        ),
        (
            "record record@:x",
            "`record@:x` cannot be an id: an account's name is missing between @ and :.",
            "record",
            "record <id> [<id> …]",
        ),
        (
            "record a\u200bb",
            (
                "`a\ufffdb` cannot be an id: the task id has a space or an invisible character"
                " (U+200B) in place 2."
            ),
            "record",
            "record <id> [<id> …]",
        ),
        (
            f"record {'x' * 257}",
            (
                f"`{'x' * 30}…{'x' * 15}` cannot be an id:"
                " the task id has 257 characters; at most 256 are possible."
            ),
            "record",
            "record <id> [<id> …]",
        ),
        (
            "mpc " + " ".join(map(str, range(31))),
            "That is 31 ids; one command takes at most 30.",
            "mpc",
            "mpc <id> [<id> …]",
        ),
        (
            "mpc https://example.com/a/b?token=secret",
            "No id of a task was found in `https://example.com/a/b`.",
            "mpc",
            "mpc <id> [<id> …]",
        ),
        (
            f"mpc 1 record@staging {RECORD} tencent:2",
            (
                "`record@staging` is a second provider; a command asks one."
                " Ids of several are written as refs."
            ),
            "mpc 1",
            f"mpc:1 record@staging:{RECORD} tencent:2",
        ),
        (
            f"please 22123973 Mpc {RECORD}",
            "`please` stands before the provider, which comes first.",
            "mpc",
            f"Mpc 22123973 {RECORD}",
        ),
        (
            "x mpc 1 record 2",
            "`x` stands before the provider, which comes first.",
            "mpc",
            "mpc:1 record:2",
        ),
    ],
)
def test_what_names_no_task_says_why_what_was_understood_and_what_was_meant(
    text: str, problem: str, understood: str, nearest: str
) -> None:
    with pytest.raises(UsageError) as caught:
        parse_command(text, ACCOUNTS)

    assert caught.value.problem == problem
    assert caught.value.understood == understood
    assert caught.value.nearest == nearest


def test_thirty_ids_are_taken_and_repeated_ones_count_once() -> None:
    command = parse_command("mpc " + " ".join([*map(str, range(30)), "7", "8"]), ACCOUNTS)

    assert isinstance(command, Show)
    assert len(command.targets) == 30


@pytest.mark.parametrize("provider", EXAMPLES)
def test_every_example_is_a_command_that_works(provider: str) -> None:
    command = parse_command(EXAMPLES[provider], {provider: ("main",)})

    assert isinstance(command, Show)


@pytest.mark.parametrize(
    ("target", "asked"),
    [
        (Target("mpc", "transcode", "1"), [("mpc", "transcode")]),
        (Target(None, None, RECORD), [("record", "main"), ("record", "staging")]),
        (Target(None, None, "x"), [(name, one) for name, all_ in ACCOUNTS.items() for one in all_]),
    ],
)
def test_a_bare_id_may_be_asked_of_every_account_its_shape_fits(
    target: Target, asked: list[tuple[str, str]]
) -> None:
    expected = {Target(provider, account, target.task_id) for provider, account in asked}

    assert set(candidates(target, ACCOUNTS)) == expected


def test_before_anything_is_configured_help_is_the_example() -> None:
    with pytest.raises(UsageError) as caught:
        parse_command("mpc 1", {})

    assert caught.value.problem == "`mpc` has no account here, and no other provider has one."
    assert caught.value.example == "help"


def test_the_shell_knows_no_verbs_and_takes_them_for_ids() -> None:
    assert read_targets(["settings"], ACCOUNTS) == (Target(None, None, "settings"),)
