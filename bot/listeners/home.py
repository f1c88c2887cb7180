"""App Home: drawn anew whenever somebody opens it."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import audit
from bot.asker import read_asker
from bot.desk import Desk
from bot.home import Home
from bot.replies import NoReply


def register_home(app: AsyncApp, desk: Desk, home: Home) -> None:
    """Listen for people opening the bot's Home; drawn twice, it is the same."""

    @app.event("app_home_opened")
    async def on_home(body: dict[str, Any], event: dict[str, Any], client: AsyncWebClient) -> None:
        if event.get("tab") == "home":
            asker = read_asker(body)
            audit.note("home", asker, "allowed")
            desk.begin(home.publish(asker, client), NoReply())
