"""What can be done with a task: the row of buttons below it, and the buttons that turn pages."""

from collections.abc import Callable, Iterable, Iterator

from bot.views.buttons import CardButton, TaskButton, WatchButton, encode
from bot.views.layout import Block, actions, button, context
from bot.views.options import Options
from bot.views.outputs import MAX_PICTURES
from bot.views.pictures import all_picture_links, count_private
from bot.views.words import Words
from providers.models import TaskStatus


def task_buttons(status: TaskStatus, options: Options) -> list[Block]:
    """Offer what suits this task here; nothing where its ref is too long for a button."""
    return _buttons(status, (*_card_verbs(status, options), *_look_verbs(status, options)))


def news_buttons(status: TaskStatus, options: Options) -> list[Block]:
    """Offer to look at what came out, below a message that stays as it is."""
    return _buttons(status, _look_verbs(status, options))


def watch_again_button(status: TaskStatus, words: Words) -> list[Block]:
    """Offer to watch a task again, where its watch ended before it did."""
    return _buttons(status, [("watch", words("button.watch_again"))])


def _buttons(status: TaskStatus, verbs: Iterable[tuple[str, str]]) -> list[Block]:
    value = encode(TaskButton(str(status.ref)))
    return [button(label, action, value) for action, label in verbs] if value else []


def _card_verbs(status: TaskStatus, options: Options) -> Iterator[tuple[str, str]]:
    words = options.words
    yield "refresh", words("button.refresh")
    if status.state is None or not status.state.is_terminal:
        yield "watch", words("button.watch")
    if not options.public:
        yield "share", words("button.share")


def _look_verbs(status: TaskStatus, options: Options) -> Iterator[tuple[str, str]]:
    words = options.words
    if private := count_private(status, options):
        yield "get_link", words.count("button.get_link", private)
    if len(all_picture_links(status)) > MAX_PICTURES:
        yield "thumbnails", words("button.thumbnails")
    yield "details", words("button.details")


def watch_buttons(value: WatchButton | CardButton, words: Words) -> list[Block]:
    """Offer to watch too what others watch, and to stop; none where the ref is too long."""
    written = encode(value)
    verbs = (("join", "button.join"), ("unwatch", "button.unwatch"))
    return [button(words(key), action, written) for action, key in verbs] if written else []


def unwatch_button(watch_id: int, ref: str, index: int, words: Words) -> Block | None:
    """Make the button of a row that ends one's watch; None where the ref is too long."""
    value = encode(WatchButton(watch_id, ref))
    return button(words("button.unwatch"), f"unwatch:{index}", value) if value else None


def show_button(ref: str, index: int, words: Words) -> Block | None:
    """Make the button of a row that shows its task whole; None where its ref is too long."""
    value = encode(TaskButton(ref))
    return button(words("button.show"), f"show:{index}", value) if value else None


def render_pager(
    page: int, pages: int, value_of: Callable[[int], str | None], words: Words, *, first: int = 0
) -> list[Block]:
    """Draw the buttons to the pages before and after, and say which page this is.

    Pages are counted from *first*; where there is only one, nothing is drawn. *value_of* gives
    what the button to a page brings back, or None where no button can.
    """
    if pages <= 1:
        return []
    steps = (("button.previous", page - 1), ("button.next", page + 1))
    turns = [
        button(words(key), f"page:{to}", value)
        for key, to in steps
        if first <= to < first + pages and (value := value_of(to))
    ]
    where = words("page", number=page - first + 1, all=pages)
    return [*actions(turns), *context([where])]
