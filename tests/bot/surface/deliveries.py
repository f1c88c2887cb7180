"""What Slack delivered, to be delivered again."""

from bot.sandbox.slack.envelopes import Envelope
from bot.sandbox.slack.server import LocalSlack


def latest(slack: LocalSlack) -> Envelope:
    """The last thing Slack told the bot."""
    return slack.backend.dispatch.deliveries[-1].envelope


async def deliver_again(slack: LocalSlack) -> None:
    """Tell the bot the last thing once more, as Slack does where it missed the acknowledgement."""
    ack = await slack.backend.dispatch.send(latest(slack))
    assert ack.error is None
