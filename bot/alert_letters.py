"""What on-call has to say, drawn when it is sent: alerts, their log, reports, silences.

Who is on call is found here and not where it was decided: a message that waited an hour calls
whoever is on call when it is sent.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.models import Card, Delivery
from bot.oncall import AlertContents
from bot.relay.letters import Letter
from bot.store.store import Store
from bot.views.alert import render_alert
from bot.views.alert_event import render_alert_event
from bot.views.facts import read_facts
from bot.views.layout import View, without_images
from bot.views.on_call import OnCall
from bot.views.oncall_notice import render_oncall_notice
from bot.views.options import Options
from bot.views.reported import render_reported
from bot.views.silence import render_silence_news
from bot.views.subscription import render_subscription_news
from providers.clock import Clock

KINDS = frozenset({"alert", "alert_event", "report", "silence", "subscription", "oncall"})
"""The kinds of deliveries that are drawn here."""
CARD = "alert"
"""The kind of cards that are drawn here."""

FindOnCall = Callable[[Sequence[str]], Awaitable[OnCall]]
"""Says who is on call now in each ``rota:…`` among some targets."""


@dataclass(frozen=True, slots=True)
class AlertLetters:
    """Draws what the relay sends for on-call."""

    store: Store
    on_call: FindOnCall
    clock: Clock

    async def draw_card(self, card: Card, options: Options) -> Letter | None:
        """Draw an alert's message as it has to look now; None where nobody knows it any more."""
        contents = await self._of_card(card.id)
        return self._draw_alert(contents, (), {}, options) if contents else None

    async def draw(self, delivery: Delivery, options: Options) -> Letter | None:
        """Draw a delivery of one of ``KINDS``; None where there is nothing left to tell."""
        draw = {
            "alert": self._alert,
            "alert_event": self._event,
            "report": self._report,
            "silence": self._silence,
            "subscription": self._subscription,
        }.get(delivery.kind)
        return await draw(delivery, options) if draw else _notice(delivery, options)

    async def _of_card(self, card_id: int | None) -> AlertContents | None:
        alert = await self.store.alerts.by_card(card_id) if card_id is not None else None
        return await self.store.alerts.contents(alert.id) if alert else None

    async def _alert(self, delivery: Delivery, options: Options) -> Letter | None:
        contents = await self._of_card(delivery.card_id)
        if contents is None:
            return None
        mentions = _words(delivery.facts.get("mentions"))
        return self._draw_alert(contents, mentions, await self.on_call(mentions), options)

    def _draw_alert(
        self, contents: AlertContents, mentions: Sequence[str], on_call: OnCall, options: Options
    ) -> Letter:
        view = render_alert(
            contents, mentions=mentions, on_call=on_call, now=self.clock.now(), options=options
        )
        return _letter(view, [str(task.ref) for task in contents.tasks if task.ref])

    async def _event(self, delivery: Delivery, options: Options) -> Letter | None:
        event_id = delivery.facts.get("event_id")
        event = await self.store.alerts.event(event_id) if isinstance(event_id, int) else None
        contents = await self._of_card(delivery.card_id)
        if event is None or contents is None:
            return None
        on_call = await self.on_call(event.mentions)
        return _letter(render_alert_event(event, contents.alert, on_call=on_call, options=options))

    async def _report(self, delivery: Delivery, options: Options) -> Letter | None:
        number = delivery.facts.get("subscription")
        subscriptions = self.store.subscriptions
        subscription = await subscriptions.find(number) if isinstance(number, int) else None
        if subscription is not None and subscription.ended_at is not None:
            return None
        several = delivery.facts.get("several") or [delivery.facts]
        told = [read_facts(facts, delivery.happened_at) for facts in several]
        view = render_reported(told, subscription, now=self.clock.now(), options=options)
        return _letter(view, [str(facts.status.ref) for facts in told])

    async def _silence(self, delivery: Delivery, options: Options) -> Letter | None:
        number, alert_id = (delivery.facts.get(name) for name in ("silence_id", "alert_id"))
        silence = await self.store.silences.find(number) if isinstance(number, int) else None
        if silence is None:
            return None
        alert = await self.store.alerts.find(alert_id) if isinstance(alert_id, int) else None
        happening = str(delivery.facts.get("happening"))
        return _letter(render_silence_news(happening, silence, alert, options=options))

    async def _subscription(self, delivery: Delivery, options: Options) -> Letter | None:
        number = delivery.facts.get("subscription")
        subscriptions = self.store.subscriptions
        subscription = await subscriptions.find(number) if isinstance(number, int) else None
        if subscription is None:
            return None
        happening = str(delivery.facts.get("happening"))
        return _letter(render_subscription_news(happening, subscription, options=options))


def _notice(delivery: Delivery, options: Options) -> Letter:
    notice = str(delivery.facts.get("notice"))
    return _letter(render_oncall_notice(notice, delivery.facts, options=options))


def _words(value: object) -> tuple[str, ...]:
    """Read a list of words out of facts, which an older version may have written."""
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _letter(view: View, tasks: Sequence[str] = ()) -> Letter:
    return Letter(view, plain=without_images(view), tasks=tuple(tasks))
