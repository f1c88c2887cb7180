"""App Home, drawn for one person and published to them."""

import logging
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.alertdesk import AlertDesk
from bot.asker import Asker
from bot.rota import Rotas
from bot.slack_link import SlackRefusedError, SlackUnreachableError, ask_slack
from bot.views.home import HomeModel, render_home
from bot.watchlists import Watchlists

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Home:
    """Publishes what a person watches and asked for lately, their alerts and their defaults.

    Also who is on call, what is silenced, and how the vendors are; to operators, what could not be
    sent, too.
    """

    watchlists: Watchlists
    alertdesk: AlertDesk
    rotas: Rotas

    async def publish(self, asker: Asker, client: AsyncWebClient) -> None:
        """Draw it anew; where Slack does not take it, what was published before stays."""
        questions = self.watchlists.questions
        audience = questions.audience
        _, person = await audience.preferences_of(asker)
        watches, schedule = await self.watchlists.listing.mine(asker)
        alerts, silences = await self.alertdesk.silencing.mine(asker)
        model = HomeModel(
            lookups=await questions.recents.of(asker),
            health=questions.health(),
            person=person,
            accounts=questions.accounts,
            examples=questions.examples,
            watches=watches,
            schedule=schedule,
            alerts=alerts,
            on_call=await self.rotas.everybody() if self.rotas.rotas else None,
            silences=silences,
            dead_letters=await self.watchlists.dead_letters.of(asker),
        )
        options = await audience.options(asker, public=False)
        view = render_home(model, now=questions.clock.now(), options=options)
        try:
            await ask_slack(client.views_publish(user_id=asker.user_id, view=view))
        except (SlackRefusedError, SlackUnreachableError) as error:
            log.warning("home_not_published reason=%s", error)
