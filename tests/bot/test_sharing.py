"""Where there is no conversation, nothing is posted, and that is said."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.asker import Asker
from bot.egress import Egress
from bot.paces import MemoryPaces
from bot.press import Press
from bot.receipts import Receipts
from bot.replies import Answer
from bot.respond import Outcome, Responder
from bot.sandbox.slack.server import LocalSlack
from bot.sharing import ShareReply
from bot.store.store import open_store
from bot.views.layout import View, section
from bot.views.words import ENGLISH, Words
from tests.fakes.clock import FakeClock
from tests.fakes.person import prose

CARD = Answer(View([section("a card")], "a card"), public=True)


async def english(_asker: Asker) -> Words:
    return ENGLISH


@pytest.fixture
def client(slack: LocalSlack, session: aiohttp.ClientSession) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url, session=session)


async def test_a_card_in_a_modal_from_before_has_nowhere_to_be_shared_to(
    client: AsyncWebClient, slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    trigger_id = slack.backend.interactions.begin("action", "U0ALICE", None).trigger_id
    home = {"id": "V1", "type": "home"}
    body: dict[str, Any] = {"user": {"id": "U0ALICE"}, "trigger_id": trigger_id, "view": home}
    press = Press(body, client, Responder(session, FakeClock()), english)
    async with open_store("sqlite://", FakeClock()) as store:
        egress = Egress(MemoryPaces(FakeClock()), FakeClock())
        reply = ShareReply(press, Receipts(store, FakeClock()), egress)
        await reply.prepare()

        outcome = await reply.send(CARD, replace=False)

    modal = slack.modal()
    assert outcome is Outcome.SENT
    assert modal is not None
    assert prose(modal) == "There is no conversation here to share it to."
