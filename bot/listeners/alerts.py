"""Buttons and menus of alerts, subscriptions and silences."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.alertdesk.presses import AlertPresses
from bot.alertdesk.silencing import Silencing
from bot.alertdesk.subscribing import Subscribing
from bot.alerts.presses import Press as AlertPress
from bot.desk import Desk
from bot.home import Home
from bot.oncall import What
from bot.press import Body, Press, Presses
from bot.replies import Answer, Reply
from bot.respond import Responder
from bot.views.buttons import (
    AlertButton,
    SilenceButton,
    SnoozeOption,
    SubscriptionButton,
    decode,
)
from bot.views.sharing import render_old_button


@dataclass(frozen=True, slots=True)
class AlertButtons:
    """What such a press needs: who works on it, and what with."""

    desk: Desk
    alerts: AlertPresses
    silencing: Silencing
    subscribing: Subscribing
    home: Home
    responder: Responder
    presses: Presses


_Work = Callable[[AlertButtons, Press], Awaitable[Answer | None]]


class _Unknown(Exception):  # noqa: N818  # no error of anybody's: a button of another month
    """Nobody knows any more what a button meant."""


def register_alert_actions(app: AsyncApp, buttons: AlertButtons) -> None:
    """Listen for every button about on-call that our views draw."""
    for action_id, (work, reply) in _WORKS.items():
        app.action(action_id)(_listener(work, reply, buttons))


def _listener(
    work: _Work, reply_to: Callable[[Press], Reply], buttons: AlertButtons
) -> Callable[..., Awaitable[None]]:
    words_of = buttons.alerts.questions.audience.words

    async def on_press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        press = Press(body, client, buttons.responder, words_of)
        if not buttons.presses.is_again(press):
            buttons.desk.begin(_answer(work, buttons, press), reply_to(press))

    return on_press


async def _answer(work: _Work, buttons: AlertButtons, press: Press) -> Answer | None:
    """Do what the button says; a Home it stands in is drawn anew."""
    try:
        answer = await work(buttons, press)
    except _Unknown:
        words = await press.words()
        answer = Answer(render_old_button(words), words=words, may_replace=False)
    if press.stands_in_home:
        await buttons.home.publish(press.asker, press.client)
    return answer


def _presses(what: What) -> _Work:
    async def work(buttons: AlertButtons, press: Press) -> Answer | None:
        drawn = _alert_of(press)
        pressed = AlertPress(what, press.asker.user_id, drawn.version)
        return await buttons.alerts.press(drawn.alert_id, pressed, press.asker)

    return work


async def _assign(buttons: AlertButtons, press: Press) -> Answer | None:
    drawn = _alert_of(press)
    to = press.chosen_user
    if not to:
        raise _Unknown
    pressed = AlertPress(What.ASSIGNED, press.asker.user_id, drawn.version, to=to)
    return await buttons.alerts.press(drawn.alert_id, pressed, press.asker)


async def _snooze(buttons: AlertButtons, press: Press) -> Answer | None:
    match decode(press.chosen_option):
        case SnoozeOption(alert_id, version, lasting):
            pressed = AlertPress(What.SNOOZED, press.asker.user_id, version, lasting=lasting)
            return await buttons.alerts.press(alert_id, pressed, press.asker)
        case _:
            raise _Unknown


async def _details(buttons: AlertButtons, press: Press) -> Answer | None:
    return await buttons.alerts.details(_alert_of(press).alert_id, press.asker)


async def _unsubscribe(buttons: AlertButtons, press: Press) -> Answer | None:
    match decode(press.value):
        case SubscriptionButton(subscription_id):
            return await buttons.subscribing.end_one(subscription_id, press.asker)
        case _:
            raise _Unknown


async def _unsilence(buttons: AlertButtons, press: Press) -> Answer | None:
    match decode(press.value):
        case SilenceButton(silence_id):
            return await buttons.silencing.end_one(silence_id, press.asker)
        case _:
            raise _Unknown


def _alert_of(press: Press) -> AlertButton:
    """Read which alert a press is about: the button says it, or the row the menu stands in."""
    for value in (press.value, press.block_id):
        drawn = decode(value)
        if isinstance(drawn, AlertButton):
            return drawn
    raise _Unknown


_WORKS: dict[str | re.Pattern[str], tuple[_Work, Callable[[Press], Reply]]] = {
    "acknowledge": (_presses(What.ACKNOWLEDGED), Press.beside),
    "resolve": (_presses(What.RESOLVED), Press.beside),
    "assign": (_assign, Press.beside),
    "snooze": (_snooze, Press.beside),
    re.compile(r"^alert_details(:\d+)?$"): (_details, Press.in_modal_at_once),
    re.compile(r"^unsubscribe(:\d+)?$"): (_unsubscribe, Press.beside),
    re.compile(r"^unsilence(:\d+)?$"): (_unsilence, Press.beside),
}
"""What is done when a button is pressed, by its ``action_id``, and where the answer goes."""
