"""The same answer by HTTP from Slack, in a shell, and for a program."""

import json
from pathlib import Path

import pytest

from bot.app import Bot
from bot.sandbox.clouds import VendorClouds
from bot.sandbox.slack.server import LocalSlack
from tests.fakes.bot import settings_tree, write_toml
from tests.fakes.person import Person, prose
from tests.fakes.shell import Shell


async def test_slack_may_come_by_http_instead(http_bot: Bot, slack: LocalSlack) -> None:
    """In http mode Slack signs its requests and posts them to /slack/events."""
    alice = Person(slack)

    card = await alice.asks("record X3CgNeE4I1qAAABN")

    assert http_bot.port
    assert "*Recording · Done*" in prose(card)


@pytest.fixture
def shell(clouds: VendorClouds, slack: LocalSlack, tmp_path: Path) -> Shell:
    """A terminal in a folder with a mediatask.toml."""
    write_toml(settings_tree(clouds, slack), tmp_path / "mediatask.toml")
    return Shell(tmp_path)


async def test_the_shell_gives_the_same_answer(shell: Shell) -> None:
    """`mediatask query` reads the same words and prints the answer."""
    done = await shell.runs("query", "record", "X3CgNeE4I1qAAABN")

    assert done.out.startswith("Recording record@main:X3CgNeE4I1qAAABN: Done (3)\n")
    assert "video mp4 59 min 58 s 1920x1080 433 MB uploaded: http://" in done.out
    assert (done.status, done.err) == (0, "")


async def test_a_program_reads_json_in_the_order_it_asked(shell: Shell) -> None:
    """With `--json` there is one object for each id, and the exit status tells the worst."""
    done = await shell.runs("query", "--json", "record", "NoSuchRecordAAAA", "X3CgNeE4I1qAAABN")

    told = [(task["task_id"], task["state"]) for task in json.loads(done.out)]
    assert told == [("NoSuchRecordAAAA", "not_found"), ("X3CgNeE4I1qAAABN", "succeeded")]
    assert done.status == 1
