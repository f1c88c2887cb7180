"""The people of the workspace, and everything they do."""

from dataclasses import dataclass

from bot.sandbox.slack.pressing import Pressing
from bot.sandbox.slack.writing import Writing


@dataclass(slots=True)
class People(Writing, Pressing):
    """Acts of the keyboard and of the mouse."""
