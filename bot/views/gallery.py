"""A task's thumbnails: ten cards a page, or all of them on one contact sheet."""

from collections.abc import Sequence
from math import ceil

from bot.views.buttons import GalleryPage, encode
from bot.views.headline import place, title
from bot.views.layout import (
    MAX_ALT,
    MAX_CARD_BODY,
    MAX_TITLE,
    Block,
    View,
    actions,
    button,
    context,
    mrkdwn,
    section,
    uploaded_image,
)
from bot.views.links import is_showable
from bot.views.options import Options
from bot.views.outputs import opener
from bot.views.pictures import all_picture_links, alt_text, count_private, picture_links
from bot.views.text import code, escape, plain
from bot.views.verbs import render_pager
from bot.views.words import Words
from providers.models import TaskStatus

PAGE_CARDS = 10
_ID_ROOM = 256


def render_gallery(status: TaskStatus, *, page: int = 0, options: Options | None = None) -> View:
    """Draw a page, counted from 0, of a task's thumbnails; one past the end is the last."""
    options = options or Options()
    words = options.words
    links = picture_links(status, options)
    ref, pages = str(status.ref), ceil(len(links) / PAGE_CARDS)
    page = max(0, min(page, pages - 1))
    shown = range(page * PAGE_CARDS, min((page + 1) * PAGE_CARDS, len(links)))
    cards = [_card(status, links, index, options) for index in shown]
    blocks = [
        section(_head(status, words.count("thumbnails", len(links)), options)),
        *([{"type": "carousel", "elements": cards}] if cards else []),
        *context(_private(status, options)),
        *render_pager(page, pages, lambda to: encode(GalleryPage(to, ref)), words),
    ]
    return View(blocks, _line(status, words.count("thumbnails", len(links)), words))


def render_sheet(
    status: TaskStatus, file_id: str, count: int, options: Options | None = None
) -> View:
    """Show the uploaded contact sheet, on which *count* of the task's thumbnails are."""
    options = options or Options()
    words = options.words
    total = len(all_picture_links(status))
    key = "sheet.all" if count >= total else "sheet.some"
    told = words(key, number=count, all=total)
    alt = words("sheet.alt", number=count, title=title(status, words), id=_id(status))
    first = encode(GalleryPage(0, str(status.ref)))
    blocks = [
        section(_head(status, told, options)),
        uploaded_image(file_id, told, alt),
        *actions([button(words("button.one_by_one"), "page:0", first)] if first else []),
    ]
    return View(blocks, _line(status, told, words))


def _head(status: TaskStatus, told: str, options: Options) -> str:
    name = f"*{title(status, options.words)} · {told}*"
    where = f"{code(status.task_id, _ID_ROOM)} · {place(status, options)}"
    return f":frame_with_picture: {name}\n{where}"


def _line(status: TaskStatus, told: str, words: Words) -> str:
    said = words("line", title=title(status, words), id=_id(status), state=told)
    return escape(words.sentences([said]))


def _id(status: TaskStatus) -> str:
    return plain(status.task_id, _ID_ROOM)


def _private(status: TaskStatus, options: Options) -> list[str]:
    private = count_private(status, options)
    return [options.words.count("thumbnails.private", private)] if private else []


def _card(status: TaskStatus, links: Sequence[str], index: int, options: Options) -> Block:
    """Draw one thumbnail; where Slack cannot fetch it, its name and its button remain."""
    link, words, place_of = links[index], options.words, {"index": index + 1, "all": len(links)}
    button_text = words("button.open_one", **place_of)
    opened = opener(button_text, index, link, words)
    card = {"type": "card", "title": mrkdwn(escape(words("thumbnail", **place_of), MAX_TITLE))}
    if is_showable(link, local=options.local_images):
        alt = plain(alt_text(status, words, **place_of), MAX_ALT)
        card["hero_image"] = {"type": "image", "image_url": link, "alt_text": alt}
    else:
        card["body"] = mrkdwn(escape(words("thumbnail.hidden"), MAX_CARD_BODY))
    return card | ({"actions": [opened]} if opened else {})
