"""What somebody pressed, and where the answer to it belongs."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.asker import Asker
from bot.press import Press, Presses
from bot.replies import EitherReply, ModalReply, NoReply, Reply, ResponseUrlReply
from bot.respond import Responder
from bot.views.words import ENGLISH, Words
from tests.fakes.clock import FakeClock

PERSON = {"team": {"id": "T1"}, "user": {"id": "U1"}, "trigger_id": "1.2.3"}
ON_MESSAGE = {"type": "message", "channel_id": "C1", "message_ts": "5.0"}
MESSAGE = {**PERSON, "container": ON_MESSAGE, "response_url": "http://127.0.0.1:9/"}
MODAL = {**PERSON, "view": {"id": "V1", "type": "modal"}}
HOME = {**PERSON, "view": {"id": "V2", "type": "home"}}


async def english(_asker: Asker) -> Words:
    return ENGLISH


@pytest.fixture
def responder(session: aiohttp.ClientSession) -> Responder:
    return Responder(session, FakeClock())


@pytest.fixture
def client(session: aiohttp.ClientSession) -> AsyncWebClient:
    return AsyncWebClient("xoxb-1", session=session)


def describe(reply: Reply) -> str:
    """Say in short where an answer goes."""
    if isinstance(reply, EitherReply):
        return f"{describe(reply.first)} or {describe(reply.other)}"
    if isinstance(reply, ModalReply):
        opened = "modal on top" if reply.is_pushed else "new modal"
        return f"modal {reply.view_id}" if reply.view_id else opened
    return {ResponseUrlReply: "url", NoReply: "nowhere"}[type(reply)]


@pytest.mark.parametrize(
    ("body", "in_place", "beside", "at_once"),
    [
        (MESSAGE, "url or new modal", "url or new modal", "new modal or url"),
        (MODAL, "modal V1", "modal on top", "modal on top or nowhere"),
        (HOME, "new modal", "new modal", "new modal or nowhere"),
    ],
)
def test_an_answer_goes_where_its_button_stands(
    body: dict[str, Any],
    in_place: str,
    beside: str,
    at_once: str,
    client: AsyncWebClient,
    responder: Responder,
) -> None:
    press = Press(body, client, responder, english)

    ways = (press.in_place(), press.beside(), press.in_modal_at_once())

    assert tuple(map(describe, ways)) == (in_place, beside, at_once)


@pytest.mark.parametrize(
    ("body", "thread_ts"),
    [
        (MESSAGE, None),
        ({**MESSAGE, "container": {**ON_MESSAGE, "thread_ts": "4.0"}}, "4.0"),
        ({**MESSAGE, "container": {**ON_MESSAGE, "thread_ts": "5.0"}}, None),
        ({**PERSON, "message_ts": "5.0", "message": {"thread_ts": "4.0"}}, "4.0"),
        ({**PERSON, "message_ts": "5.0", "message": {"thread_ts": "5.0"}}, None),
        (HOME, None),
    ],
)
def test_a_message_below_a_thread_is_in_it_and_the_one_above_is_not(
    body: dict[str, Any], thread_ts: str | None, client: AsyncWebClient, responder: Responder
) -> None:
    assert Press(body, client, responder, english).thread_ts == thread_ts


@pytest.mark.parametrize(
    ("body", "is_public"),
    [
        (MESSAGE, True),
        ({**MESSAGE, "container": {**ON_MESSAGE, "is_ephemeral": True}}, False),
        (MODAL, False),
        (HOME, False),
    ],
)
def test_only_a_message_for_all_is_public(
    body: dict[str, Any], client: AsyncWebClient, responder: Responder, *, is_public: bool
) -> None:
    assert Press(body, client, responder, english).is_public is is_public


async def test_a_press_tells_its_button_and_its_person(
    client: AsyncWebClient, responder: Responder
) -> None:
    body = {**MESSAGE, "actions": [{"action_id": "share", "value": "record@main:1"}]}
    press = Press(body, client, responder, english)
    bare = Press(HOME, client, responder, english)

    assert (press.action_id, press.value, press.place) == ("share", "record@main:1", "C1:5.0")
    assert (bare.action_id, bare.value, bare.place) == ("", "", "V2")
    assert press.asker == Asker("T1", "U1", "C1")
    assert await press.words() is ENGLISH


def test_the_same_press_within_a_second_is_a_double_click(
    client: AsyncWebClient, responder: Responder
) -> None:
    presses = Presses(FakeClock())

    def is_again(**changed: Any) -> bool:
        body = {**MESSAGE, "actions": [{"action_id": "show:0", "value": "1"}], **changed}
        return presses.is_again(Press(body, client, responder, english))

    assert not is_again()
    assert is_again()
    assert not is_again(user={"id": "U2"})
    assert not is_again(actions=[{"action_id": "show:1", "value": "2"}])
    assert not is_again(container={**ON_MESSAGE, "message_ts": "6.0"})


async def test_a_second_later_it_is_another_click(
    client: AsyncWebClient, responder: Responder
) -> None:
    clock = FakeClock()
    presses, press = Presses(clock), Press(MESSAGE, client, responder, english)

    presses.is_again(press)
    await clock.advance(1.1)

    assert not presses.is_again(press)
