"""The ledger says what is there: neither more nor less."""

from collections.abc import Iterable
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import ledger
from bot.sandbox.slack.ledger import Entry, Support
from bot.sandbox.slack.page_api import ACTS
from bot.sandbox.slack.server import LocalSlack
from bot.sandbox.slack.web_api.table import METHODS
from tests.bot.sandbox.slack.cards import actions, modal
from tests.bot.sandbox.slack.listening_bot import ListeningBot


def supported(entries: Iterable[Entry]) -> set[str]:
    return {entry.name for entry in entries if entry.support is not Support.NONE}


EVERY = [
    *ledger.WEB_API,
    *ledger.DELIVERIES,
    *ledger.SOCKET_FRAMES,
    *ledger.PAGE,
    *ledger.OTHER,
]


def test_every_web_api_method_is_in_the_ledger() -> None:
    assert supported(ledger.WEB_API) == set(METHODS)


async def test_every_route_of_the_page_is_in_the_ledger(slack: LocalSlack) -> None:
    routes = slack._runner.app.router.routes()  # noqa: SLF001 - the table of routes
    registered = {
        f"{route.method} {route.resource.canonical}"
        for route in routes
        if route.resource is not None and route.method != "HEAD"
    }
    served = {f"POST /page/{act}" for act in ACTS} | registered

    pages = {name for name in served if " /page" in name or name == "GET /"}
    assert supported(ledger.PAGE) == pages - {"POST /page/{act}"}


async def test_every_payload_that_is_delivered_is_in_the_ledger(
    slack: LocalSlack, bot: ListeningBot, web: AsyncWebClient
) -> None:
    await slack.verify_url()
    await slack.command("help")
    card = await web.chat_postMessage(channel="C0MEDIA", text="x", blocks=[actions()])
    await slack.click("C0MEDIA", card["ts"], "refresh")
    await slack.message_shortcut("find", "C0MEDIA", card["ts"])
    for finish in (slack.submit, slack.close_view):
        await slack.global_shortcut("look_up")
        view = modal(actions(), notify_on_close=True)
        opened = await web.views_open(trigger_id=bot.last["trigger_id"], view=view)
        arguments: list[Any] = [{}] if finish == slack.submit else []
        await finish(opened["view"]["id"], *arguments)
    await slack.mention("help")
    await slack.say("help", channel="D0ALICE")
    await slack.open_home()
    await slack.run_step("look_up_step", {})

    delivered = {_name(heard.payload) for heard in bot.heard}
    assert delivered == supported(ledger.DELIVERIES)


def _name(payload: dict[str, Any]) -> str:
    if "command" in payload:
        return "slash_commands"
    event = payload.get("event")
    return str(event["type"] if event else payload["type"])


@pytest.mark.parametrize("entry", EVERY, ids=[entry.name for entry in EVERY])
def test_what_is_only_partly_there_says_what_is_missing(entry: Entry) -> None:
    assert entry.support is not Support.PARTLY or entry.note.endswith(".")
