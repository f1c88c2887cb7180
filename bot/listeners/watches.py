"""Buttons about watches: watch, join, unwatch, and sending again what Slack would not take."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands import UsageError, Watch, read_targets
from bot.desk import Desk
from bot.home import Home
from bot.press import Body, Press, Presses
from bot.replies import Answer
from bot.respond import Responder
from bot.views.buttons import CardButton, DeliveryButton, TaskButton, WatchButton, decode
from bot.views.sharing import render_old_button
from bot.watchlists import Watchlists

_Work = Callable[["WatchButtons", Press], Awaitable[Answer | None]]


@dataclass(frozen=True, slots=True)
class WatchButtons:
    """What such a press needs: who works on it, and what with."""

    desk: Desk
    watchlists: Watchlists
    home: Home
    responder: Responder
    presses: Presses


def register_watch_actions(app: AsyncApp, buttons: WatchButtons) -> None:
    """Listen for every button about watches that our views draw."""
    for action_id, work in _WORKS.items():
        app.action(action_id)(_listener(work, buttons))


def _listener(work: _Work, buttons: WatchButtons) -> Callable[..., Awaitable[None]]:
    words_of = buttons.watchlists.questions.audience.words

    async def on_press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        press = Press(body, client, buttons.responder, words_of)
        if not buttons.presses.is_again(press):
            buttons.desk.begin(_answer(work, buttons, press), press.beside())

    return on_press


async def _answer(work: _Work, buttons: WatchButtons, press: Press) -> Answer | None:
    """Do what the button says; a Home it stands in is drawn anew."""
    answer = await work(buttons, press)
    if answer is None:
        words = await press.words()
        answer = Answer(render_old_button(words), words=words, may_replace=False)
    if press.stands_in_home:
        await buttons.home.publish(press.asker, press.client)
    return answer


async def _watch(buttons: WatchButtons, press: Press) -> Answer | None:
    """Watch what the button names, one task or all of a card; joining is the same."""
    watchlists, thread_ts = buttons.watchlists, press.thread_ts
    match decode(press.value):
        case TaskButton(ref) | WatchButton(_, ref):
            try:
                targets = read_targets([ref], watchlists.questions.accounts)
            except UsageError:
                return None
            return await watchlists.answer(Watch(targets), press.asker, thread_ts)
        case CardButton(card_id):
            return await watchlists.watching.watch_card(card_id, press.asker, thread_ts)
        case _:
            return None


async def _unwatch(buttons: WatchButtons, press: Press) -> Answer | None:
    unwatching = buttons.watchlists.unwatching
    match decode(press.value):
        case WatchButton(watch_id, _):
            return await unwatching.unwatch_one(watch_id, press.asker)
        case CardButton(card_id):
            return await unwatching.unwatch_card(card_id, press.asker)
        case _:
            return None


async def _resend(buttons: WatchButtons, press: Press) -> Answer | None:
    match decode(press.value):
        case DeliveryButton(delivery_id):
            return await buttons.watchlists.dead_letters.resend(delivery_id, press.asker)
        case _:
            return None


_WORKS: dict[str | re.Pattern[str], _Work] = {
    re.compile(r"^(watch|join)(:\d+)?$"): _watch,
    re.compile(r"^unwatch(:\d+)?$"): _unwatch,
    re.compile(r"^resend(:\d+)?$"): _resend,
}
"""What is done when a button is pressed, by its ``action_id``, which Bolt searches."""
