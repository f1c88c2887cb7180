"""A webhook: signed over its very bytes, and dropped where it comes twice."""

import hashlib
import hmac

import aiohttp
import pytest

from bot.pagers.base import PagerError
from bot.pagers.webhook import Webhook, render_body, sign
from bot.sandbox.oncall import OnCallWorld
from bot.settings.sections import WebhookPager
from tests.bot.pagers.samples import FACTS, page


@pytest.fixture
def pager(hook: WebhookPager, session: aiohttp.ClientSession) -> Webhook:
    return Webhook(hook, session)


async def test_the_receiver_finds_the_signature_right_and_reads_the_page(
    pager: Webhook, called: OnCallWorld
) -> None:
    await pager.send(page())

    assert called.refused == []
    assert called.delivered == {
        "9f0c": {
            "id": "9f0c",
            "action": "trigger",
            "alert": "mediatask-T0-1",
            "created_at": "2026-11-20T10:00:00Z",
            "facts": FACTS,
        }
    }


async def test_a_page_sent_again_is_known_by_its_id(pager: Webhook, called: OnCallWorld) -> None:
    called.trouble("lost_answer")
    with pytest.raises(PagerError):
        await pager.send(page())

    await pager.send(page(attempts=1))

    assert list(called.delivered) == ["9f0c"]
    assert called.repeated == ["9f0c"]


async def test_another_secret_is_a_refusal_for_good(
    hook: WebhookPager, called: OnCallWorld, session: aiohttp.ClientSession
) -> None:
    called.secret = "another"

    with pytest.raises(PagerError) as refused:
        await Webhook(hook, session).send(page())

    assert (str(refused.value), refused.value.retryable) == ("HTTP 401", False)
    assert called.delivered == {}


def test_the_signature_is_the_hmac_of_the_bytes_in_hex() -> None:
    expected = hmac.new(b"key", b"\xe8\xaf\xbe", hashlib.sha256).hexdigest()

    assert sign("课".encode(), "key") == f"sha256={expected}"


@pytest.mark.parametrize("action", ["trigger", "acknowledge", "resolve"])
def test_every_page_says_what_is_known_of_the_alert(action: str) -> None:
    body = render_body(page(action=action))

    assert (body["action"], body["facts"]) == (action, FACTS)
