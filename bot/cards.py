"""What the buttons of a card do beside asking again: share it, show its pictures and details."""

from dataclasses import dataclass

from bot.asker import Asker
from bot.commands import Target
from bot.policy import Action
from bot.questions import Questions
from bot.replies import Answer
from bot.sheets import SheetError, Sheets
from bot.views.details import render_details
from bot.views.gallery import render_gallery, render_sheet
from bot.views.layout import View
from bot.views.notes import render_note
from bot.views.options import Options
from bot.views.pictures import all_picture_links, picture_links
from bot.views.sharing import render_shared
from providers.models import TaskStatus


@dataclass(frozen=True, slots=True)
class Cards:
    """Draws what a person asks to see of one task, or to show to others."""

    questions: Questions
    sheets: Sheets

    async def share(self, target: Target, asker: Asker) -> Answer:
        """Draw the card for the whole conversation, saying who shared it."""
        found = await self._find("share", target, asker, done="share")
        if isinstance(found, Answer):
            return found
        options = await self.questions.audience.options(asker, public=True)
        view = render_shared(found, asker.user_id, now=self.questions.clock.now(), options=options)
        return Answer(view, public=True, words=options.words)

    async def details(self, target: Target, asker: Asker) -> Answer:
        """Draw every field the vendor sent, for a modal."""
        found = await self._find("details", target, asker, done="details")
        if isinstance(found, Answer):
            return found
        options = await self.questions.audience.options(asker, public=False)
        modal = render_details(found, now=self.questions.clock.now(), options=options)
        instead = render_note(options.words, "not_opened")
        return Answer(instead, words=options.words, modal=modal)

    async def thumbnails(self, target: Target, asker: Asker) -> Answer:
        """Show all thumbnails on one picture, which outlives their links.

        Where there is none, Slack may still be able to fetch them one by one.
        """
        found = await self._find("show", target, asker, done="thumbnails")
        if isinstance(found, Answer):
            return found
        options = await self.questions.audience.options(asker, public=False)
        return Answer(await self._draw_sheet(found, options), words=options.words)

    async def _draw_sheet(self, status: TaskStatus, options: Options) -> View:
        try:
            sheet = await self.sheets.sheet(status.ref, all_picture_links(status))
        except SheetError as error:
            if picture_links(status, options):
                return render_gallery(status, options=options)
            return render_note(options.words, error.trouble)
        return render_sheet(status, sheet.file_id, sheet.shown, options)

    async def gallery(self, target: Target, asker: Asker, *, page: int) -> Answer:
        """Show one page of a task's thumbnails."""
        found = await self._find("show", target, asker, done="thumbnails")
        if isinstance(found, Answer):
            return found
        options = await self.questions.audience.options(asker, public=False)
        return Answer(render_gallery(found, page=page, options=options), words=options.words)

    async def _find(
        self, action: Action, target: Target, asker: Asker, *, done: str
    ) -> TaskStatus | Answer:
        denied = await self.questions.guard.refuse(action, asker, [target], done=done)
        if denied:
            return await self.questions.deny(denied, asker)
        statuses = await self.questions.look_up([target], asker)
        return statuses[0]
