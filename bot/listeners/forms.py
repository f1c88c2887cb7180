"""Forms that come back filled in, and the lookup form while it is being filled in."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.asker import read_asker
from bot.commands import UsageError
from bot.desk import Desk
from bot.forms import Forms, explain, language_of
from bot.press import Body
from bot.replies import ModalReply, NoReply
from bot.views import lookup_form, settings_form
from bot.views.modals import render_in_modal
from bot.views.notes import render_note


def register_forms(app: AsyncApp, desk: Desk, forms: Forms) -> None:
    """Listen for the forms of the settings and the lookup."""

    @app.view(settings_form.CALLBACK_ID)
    async def on_settings(
        ack: AsyncAck, body: Body, view: dict[str, Any], client: AsyncWebClient
    ) -> None:
        words = language_of(view)
        saving = render_in_modal(render_note(words, "saving"), words)
        await ack(response_action="update", view=saving)
        work = forms.save_settings(read_asker(body), view, client)
        desk.begin(work, ModalReply(client, view_id=str(view["id"])))

    @app.view(lookup_form.CALLBACK_ID)
    async def on_lookup(
        ack: AsyncAck, body: Body, view: dict[str, Any], client: AsyncWebClient
    ) -> None:
        words = language_of(view)
        choice = lookup_form.read_lookup_form(view["state"]["values"])
        try:
            targets, problem = forms.read_targets(choice), words("form.no_ids")
        except UsageError as error:
            targets, problem = (), explain(error, words)
        if not targets:
            await ack(response_action="errors", errors={lookup_form.IDS_BLOCK: problem})
            return
        looking = render_in_modal(render_note(words, "looking"), words)
        await ack(response_action="update", view=looking)
        work = forms.questions.show(targets, read_asker(body))
        desk.begin(work, ModalReply(client, view_id=str(view["id"])))

    for action_id in (
        lookup_form.PROVIDER_ACTION,
        lookup_form.ACCOUNT_ACTION,
        lookup_form.IDS_ACTION,
    ):

        @app.action(action_id)
        async def on_typed(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
            await ack()
            desk.begin(forms.redraw_lookup(body["view"], client), NoReply())
