"""The real bot, set up as an operator would, between the stand-ins."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.app import Bot
from bot.sandbox.clouds import VendorClouds
from bot.sandbox.slack.server import LocalSlack
from bot.settings.load import Settings

Tree = dict[str, Any]


def bot_settings(clouds: VendorClouds, slack: LocalSlack, *, mode: str = "socket") -> Settings:
    """Configure it with the stand-ins' addresses, any free port, and their fake keys."""
    return Settings.model_validate(settings_tree(clouds, slack, mode=mode))


def settings_tree(clouds: VendorClouds, slack: LocalSlack, *, mode: str = "socket") -> Tree:
    """The same as plain values, to be changed or written to a file."""
    secret = {"app_token": slack.app_token}
    if mode == "http":
        secret = {"signing_secret": slack.signing_secret}
    return {
        "slack": {
            "mode": mode,
            "bot_token": slack.bot_token,
            "api_url": slack.api_url,
            **secret,
        },
        "server": {"port": 0},
        "store": {"url": "sqlite://"},
        "fetch": {"allow_private": True},
        "accounts": clouds.accounts(),
    }


async def come_up(bot: Bot) -> None:
    """Wait until Slack has accepted it, for seconds at most."""
    async with asyncio.timeout(5):
        await bot.link.up.wait()


def write_toml(tree: Tree, path: Path) -> Path:
    """Write plain values as a configuration file."""
    path.write_text("\n".join(_lines(tree, "")) + "\n", "utf-8")
    return path


def _lines(tree: Tree, section: str) -> Iterator[str]:
    """A TOML value of text, a number, a truth or a list of those is written as in JSON."""
    inner = {key: value for key, value in tree.items() if isinstance(value, Mapping)}
    if section:
        yield f"[{section}]"
    yield from (f"{key} = {json.dumps(tree[key])}" for key in tree if key not in inner)
    for key, value in inner.items():
        yield from _lines(dict(value), f"{section}.{key}" if section else key)
