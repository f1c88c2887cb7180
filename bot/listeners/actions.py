"""Buttons on cards. A button carries what it needs, so that one from last month still answers."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import audit
from bot.asker import Asker
from bot.cards import Cards
from bot.commands import DEFAULT_SINCE, List, Target, UsageError, Watches, Whose, read_targets
from bot.desk import Desk
from bot.egress import Egress
from bot.forms import Forms
from bot.press import Body, Press, Presses
from bot.questions import Questions
from bot.receipts import Receipts
from bot.replies import Answer
from bot.respond import Responder
from bot.sharing import ShareReply
from bot.views.buttons import (
    BatchPage,
    DigestPage,
    GalleryPage,
    ListPage,
    TaskButton,
    WatchesPage,
    decode,
)
from bot.views.sharing import render_old_button
from bot.watchlists import Watchlists
from providers.models import TaskState

TurnAlerts = Callable[[object, Asker], Awaitable[Answer | None]]
"""Draws the page about alerts that a button's value asks for; None where it is about none."""
TurnDigest = Callable[[str, int, Asker], Awaitable[Answer | None]]
"""Draws a page, from 0, of the digest with this delivery id; None where nobody has it any more."""


@dataclass(frozen=True, slots=True)
class Buttons:
    """What a press needs: who works on it, and what with."""

    desk: Desk
    cards: Cards
    forms: Forms
    responder: Responder
    receipts: Receipts
    presses: Presses
    egress: Egress
    watchlists: Watchlists
    turn_digest: TurnDigest
    turn_alerts: TurnAlerts

    @property
    def questions(self) -> Questions:
        """Who answers questions."""
        return self.cards.questions

    def targets(self, *refs: str) -> tuple[Target, ...]:
        """Read refs that came back from outside; what is none any more raises UsageError."""
        return read_targets(refs, self.questions.accounts)


def register_actions(app: AsyncApp, buttons: Buttons) -> None:
    """Listen for every button our views draw."""
    for action_id, begin in _BEGINNINGS.items():
        app.action(action_id)(_listener(begin, buttons))


def _listener(begin: "Begin", buttons: Buttons) -> Callable[..., Awaitable[None]]:
    async def on_press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        press = Press(body, client, buttons.responder, buttons.questions.audience.words)
        begin(buttons, press)

    return on_press


def _refresh(buttons: Buttons, press: Press) -> None:
    async def refresh(target: Target, asker: Asker) -> Answer:
        return await buttons.questions.show([target], asker, public=press.is_public, fresh=True)

    buttons.desk.begin(_about_task(buttons, press, refresh), press.in_place(), replace=True)


def _show(buttons: Buttons, press: Press) -> None:
    async def show(target: Target, asker: Asker) -> Answer:
        return await buttons.questions.show([target], asker)

    if not buttons.presses.is_again(press):
        buttons.desk.begin(_about_task(buttons, press, show), press.beside())


def _share(buttons: Buttons, press: Press) -> None:
    work = _about_task(buttons, press, buttons.cards.share)
    buttons.desk.begin(work, ShareReply(press, buttons.receipts, buttons.egress))


def _show_thumbnails(buttons: Buttons, press: Press) -> None:
    if not buttons.presses.is_again(press):
        work = _about_task(buttons, press, buttons.cards.thumbnails)
        buttons.desk.begin(work, press.beside())


def _show_details(buttons: Buttons, press: Press) -> None:
    if not buttons.presses.is_again(press):
        work = _about_task(buttons, press, buttons.cards.details)
        buttons.desk.begin(work, press.in_modal_at_once())


def _turn_page(buttons: Buttons, press: Press) -> None:
    buttons.desk.begin(_turn(buttons, press), press.in_place(), replace=True)


def _open_settings(buttons: Buttons, press: Press) -> None:
    opening = buttons.forms.open_settings(press.asker, press.client, press.trigger_id)
    buttons.desk.begin(opening, press.by_url())


def _follow_link(buttons: Buttons, press: Press) -> None:
    """Note it, no more: Slack opens the link by itself, and tells us."""
    del buttons
    audit.note("open", press.asker, "allowed")


Begin = Callable[[Buttons, Press], None]
_BEGINNINGS: dict[str | re.Pattern[str], Begin] = {
    "refresh": _refresh,
    re.compile(r"show:\d+|get_link"): _show,
    "share": _share,
    "thumbnails": _show_thumbnails,
    "details": _show_details,
    "settings": _open_settings,
    re.compile(r"page:-?\d+"): _turn_page,
    re.compile(r"open:\d+"): _follow_link,
}
"""What begins when a button is pressed, by its ``action_id``."""


async def _about_task(
    buttons: Buttons, press: Press, answer: Callable[[Target, Asker], Awaitable[Answer]]
) -> Answer:
    """Do something about the one task a button names."""
    value = decode(press.value)
    try:
        targets = buttons.targets(value.ref) if isinstance(value, TaskButton) else ()
    except UsageError:
        targets = ()
    return await answer(targets[0], press.asker) if targets else await _give_up(press)


async def _turn(buttons: Buttons, press: Press) -> Answer:
    """Turn to another page of what a button belongs to."""
    questions, asker = buttons.questions, press.asker
    try:
        match decode(press.value):
            case BatchPage(page, refs):
                targets = buttons.targets(*refs)
                return await questions.show(targets, asker, public=press.is_public, page=page)
            case GalleryPage(page, ref):
                return await buttons.cards.gallery(buttons.targets(ref)[0], asker, page=page)
            case ListPage() as listed:
                return await questions.list_tasks(_list(buttons, listed), asker)
            case other:
                return await _turn_watches(buttons, press, other) or await _give_up(press)
    except (UsageError, _GoneError):
        return await _give_up(press)


async def _turn_watches(buttons: Buttons, press: Press, value: object) -> Answer | None:
    """Turn a page about watches; a digest's stays as it is for the others who read it."""
    match value:
        case WatchesPage(page, scope) if scope in set(Whose):
            return await buttons.watchlists.answer(Watches(Whose(scope), page), press.asker)
        case DigestPage(page, digest_id):
            answer = await buttons.turn_digest(digest_id, page, press.asker)
            return replace(answer, may_replace=not press.is_public) if answer else None
        case _:
            return await buttons.turn_alerts(value, press.asker)


class _GoneError(Exception):
    """What a button asks for is not here any more."""


def _list(buttons: Buttons, page: ListPage) -> List:
    """Ask for a list again, if its account and its state are still known."""
    states = {str(state): state for state in TaskState}
    is_account = page.account in buttons.questions.accounts.get(page.provider, ())
    if not is_account or (page.state and page.state not in states):
        raise _GoneError
    state = states[page.state] if page.state else None
    return List(page.provider, page.account, state, page.since or DEFAULT_SINCE, page.page)


async def _give_up(press: Press) -> Answer:
    """Say that nobody knows any more what a button meant."""
    words = await press.words()
    return Answer(render_old_button(words), words=words, may_replace=False)
