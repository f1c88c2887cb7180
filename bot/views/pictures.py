"""The thumbnails on a card: three of them drawn, the rest counted, the private ones kept back."""

from collections.abc import Sequence

from bot.views.headline import title
from bot.views.layout import Block, context, image, section
from bot.views.links import is_showable
from bot.views.options import Options
from bot.views.outputs import MAX_FILES, MAX_PICTURES, is_private, opener
from bot.views.text import plain
from bot.views.words import Words
from providers.models import OutputType, TaskStatus
from providers.signed_links import is_signed_link

MAX_PROBES = 12
"""How many of hundreds of links are looked at before none of them is called showable."""
_ID_ROOM = 120


def picture_links(status: TaskStatus, options: Options) -> list[str]:
    """Collect the links of all pictures, each once, without those that must stay out here."""
    links = all_picture_links(status)
    if not options.hides_links:
        return links
    signed = {output.url for output in status.outputs if output.signed}
    return [link for link in links if link not in signed and not is_signed_link(link)]


def all_picture_links(status: TaskStatus) -> list[str]:
    """Collect the thumbnails, then the files that are pictures with a link; each once."""
    files = (
        output.url for output in status.outputs if output.type is OutputType.IMAGE and output.url
    )
    return list(dict.fromkeys((*status.thumbnails, *files)))


def count_private(status: TaskStatus, options: Options) -> int:
    """Count the links, of files and of pictures, that are left out here."""
    if not options.hides_links:
        return 0
    files = {output.url for output in status.outputs if is_private(output, options)}
    return len(files | {link for link in status.thumbnails if is_signed_link(link)})


def render_pictures(status: TaskStatus, options: Options) -> list[Block]:
    """Show up to three thumbnails, spread over all of them, and count the rest."""
    links, words = picture_links(status, options), options.words
    if not options.thumbnails:
        return context([words.count("thumbnails", len(links))] if links else [])
    showable = [
        index
        for index in _spread(range(len(links)), MAX_PROBES)
        if is_showable(links[index], local=options.local_images)
    ]
    drawn = [thumbnail(status, links, index, words) for index in _spread(showable, MAX_PICTURES)]
    return drawn + _count_rest(len(drawn), links, words)


def thumbnail(status: TaskStatus, links: Sequence[str], index: int, words: Words) -> Block:
    """Draw one of *links*, called by its place among them."""
    place = {"index": index + 1, "all": len(links)}
    return image(links[index], words("thumbnail", **place), alt_text(status, words, **place))


def alt_text(status: TaskStatus, words: Words, **place: int) -> str:
    """Say what a picture is for who cannot see it; *place* is its ``index`` among ``all``."""
    name = plain(status.task_id, _ID_ROOM)
    return words("thumbnail.alt", title=title(status, words), id=name, **place)


def _spread(indices: Sequence[int], wanted: int) -> Sequence[int]:
    """Choose at most *wanted*, evenly, the first and the last among them."""
    if len(indices) <= wanted:
        return indices
    last = len(indices) - 1
    return [indices[last * step // (wanted - 1)] for step in range(wanted)]


def _count_rest(shown: int, links: list[str], words: Words) -> list[Block]:
    """Count what is not drawn; where nothing is, offer to open the first."""
    rest = len(links) - shown
    if shown or not rest:
        return context([words.count("more_thumbnails", rest)] if rest else [])
    button = opener(words("open.image", format="").strip(), MAX_FILES, links[0], words)
    return [section(words.count("thumbnails.hidden", rest), button)]
