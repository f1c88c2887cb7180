"""Whatever somebody does leaves a line: who, where, what, about what, and whether they might."""

import re

import pytest

from bot.sandbox.slack.server import LocalSlack
from tests.bot.surface.conftest import BotWith
from tests.fakes.person import Person

RECORD = "X3CgNeE4I1qAAABN"
REF = f"record@main:{RECORD}"
THUMBNAILS = "1500030200-procedurev2-58ed61fcdbb0f78a0bf15cabd8ae4713tt0"


def audited(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str, str]]:
    """Action, verdict and subject of every line, in order."""
    pattern = (
        r"audit action=(\S+) verdict=(\S+) team=T0NORTHWIND user=U0ALICE channel=\S+ about=(.+)"
    )
    lines = (re.fullmatch(pattern, message) for message in caplog.messages)
    return [(line[1], line[2], line[3]) for line in lines if line]


async def test_every_action_on_a_card_is_noted(
    alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "mediatask.audit")
    card = await alice.asks(f"record {RECORD}")
    await alice.presses("Refresh", card)
    await alice.presses("Share to channel", card)
    await alice.opens("Details", card)
    await alice.slack.click("C0MEDIA", card.ts, "open:0")
    await alice.presses("Thumbnails", await alice.asks(f"tencent {THUMBNAILS}"))

    assert audited(caplog) == [
        ("show", "allowed", REF),
        ("refresh", "allowed", REF),
        ("share", "allowed", REF),
        ("details", "allowed", REF),
        ("open", "allowed", "-"),
        ("show", "allowed", f"tencent@main:{THUMBNAILS}"),
        ("thumbnails", "allowed", f"tencent@main:{THUMBNAILS}"),
    ]


async def test_every_command_is_noted(alice: Person, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "mediatask.audit")
    for command in ("help", "recent", "providers", "list record", "22123973"):
        await alice.asks(command)
    await alice.opens_home()

    assert audited(caplog) == [
        ("help", "allowed", "-"),
        ("recent", "allowed", "-"),
        ("providers", "allowed", "-"),
        ("list", "allowed", "record@main:*"),
        ("show", "allowed", "?:22123973"),
        ("home", "allowed", "-"),
    ]


async def test_what_is_denied_and_what_is_saved_is_noted(
    bot_with: BotWith, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "mediatask.audit")
    async with bot_with(policy=[{"action": ["show", "settings.channel"], "allow": False}]):
        alice = Person(slack)
        await alice.asks(f"record {RECORD}")
        form = await alice.sees_after(slack.command("settings"))
        await alice.submits(form, **{"person.condensed": {"person.condensed": "yes"}})

    assert audited(caplog) == [("show", "denied", REF), ("settings.person", "allowed", "-")]
