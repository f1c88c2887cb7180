"""Messages Slack would not take, for operators, each with a button that sends it again."""

from collections.abc import Sequence

from bot.models import Delivery
from bot.views.buttons import DeliveryButton, encode
from bot.views.layout import Block, View, button, context, section
from bot.views.options import Options
from bot.views.text import code, date_token, escape, mention
from bot.views.words import Words

MAX_ROWS = 10
_ID_ROOM = 80
_ERROR_ROOM = 300


def render_dead_letters(deliveries: Sequence[Delivery], *, options: Options | None = None) -> View:
    """Draw the latest ten as a message."""
    options = options or Options()
    words = options.words
    if not deliveries:
        return View([section(words("dead.none"))], words("dead.none"))
    head = words.count("dead.head", len(deliveries))
    return View([section(f"*{head}*"), *dead_letter_rows(deliveries, options)], head)


def dead_letter_rows(deliveries: Sequence[Delivery], options: Options) -> list[Block]:
    """Draw a row for each of the latest ten and count the rest; none at all give no block."""
    words = options.words
    more = len(deliveries) - MAX_ROWS
    return [
        *(_row(index, one, words) for index, one in enumerate(deliveries[:MAX_ROWS])),
        *context([words.count("dead.more", more)] if more > 0 else []),
    ]


def _row(index: int, delivery: Delivery, words: Words) -> Block:
    kind = words.named("dead.kind", delivery.kind) or escape(delivery.kind, _ID_ROOM)
    facts = (
        f"*{kind}* {code(delivery.id, _ID_ROOM)}",
        mention(delivery.channel_id),
        words("dead.happened", when=date_token(delivery.happened_at)),
        words.count("dead.attempts", delivery.attempts),
        code(delivery.error, _ERROR_ROOM) if delivery.error else "",
    )
    value = encode(DeliveryButton(delivery.id))
    again = button(words("button.resend"), f"resend:{index}", value) if value else None
    return section(" · ".join(filter(None, facts)), again)
