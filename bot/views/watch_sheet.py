"""All thumbnails of a task that has ended, as one picture in the reply that tells its end."""

from bot.views.headline import title
from bot.views.layout import MAX_BLOCKS, View, uploaded_image
from bot.views.options import Options
from bot.views.pictures import picture_links
from bot.views.text import plain
from providers.models import TaskStatus

_ID_ROOM = 256


def add_sheet(view: View, status: TaskStatus, file_id: str, shown: int, options: Options) -> View:
    """Put the uploaded contact sheet, with *shown* thumbnails, above the last row of buttons."""
    words, total = options.words, len(picture_links(status, options))
    key = "sheet.all" if shown >= total else "sheet.some"
    told = words(key, number=shown, all=total)
    name = plain(status.task_id, _ID_ROOM)
    alt = words("sheet.alt", number=shown, title=title(status, words), id=name)
    picture = uploaded_image(file_id, told, alt)
    rows = [index for index, block in enumerate(view.blocks) if block["type"] == "actions"]
    place = rows[-1] if rows else len(view.blocks)
    blocks = [*view.blocks[:place], picture, *view.blocks[place:]]
    return View(blocks[:MAX_BLOCKS], view.text)
