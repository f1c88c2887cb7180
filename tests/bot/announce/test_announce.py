"""What watches have to say, as it is when it is sent: for whom, with which links and pictures."""

from dataclasses import replace

import pytest

from bot.announce import Announcements
from bot.drawing import DrawingError
from bot.store.store import Store
from providers.models import TaskState, TaskStatus
from tests.bot.announce.samples import (
    ENDED,
    PICTURES,
    RUNNING,
    choose,
    delivery,
    drawn,
    facts_of,
    text_of,
    watch,
)
from tests.bot.test_sheets import Studio
from tests.bot.views.samples import SIGNED, task


async def test_a_card_shows_its_tasks_and_names_them(
    announcements: Announcements, store: Store
) -> None:
    started = await watch(store)
    assert started.card is not None

    letter = await announcements.draw_card(started.card)

    assert letter is not None
    assert RUNNING.task_id in text_of(letter)
    assert letter.tasks == (str(RUNNING.ref),)


async def test_a_card_is_posted_as_it_is_by_then(
    announcements: Announcements, store: Store
) -> None:
    started = await watch(store)
    assert started.card is not None
    first = await announcements.draw(delivery(kind="card", card_id=started.card.id), ())

    assert first == await announcements.draw_card(started.card)


async def test_a_card_that_was_pruned_meanwhile_has_nothing_to_show(
    announcements: Announcements, store: Store
) -> None:
    started = await watch(store)
    assert started.card is not None

    assert await announcements.draw_card(replace(started.card, id=99)) is None


@pytest.mark.parametrize("card_id", [None, 99])
async def test_a_card_that_nobody_knows_any_more_is_not_posted(
    card_id: int | None, announcements: Announcements
) -> None:
    assert await announcements.draw(delivery(kind="card", card_id=card_id), ()) is None


# ---- Ends ----


async def test_news_on_the_way_is_told_without_a_picture(
    announcements: Announcements, studio: Studio
) -> None:
    facts = facts_of(task(state=TaskState.PAUSED, thumbnails=PICTURES), happening="paused")

    letter = await drawn(announcements, delivery(facts=facts), ())

    assert letter.tasks == (str(ENDED.ref),)
    assert studio.drawn == []


async def test_an_end_names_its_task_and_has_a_plain_form(announcements: Announcements) -> None:
    letter = await drawn(announcements, delivery(), ())

    assert letter.tasks == (str(ENDED.ref),)
    assert letter.plain is not None
    assert "image" not in {block["type"] for block in letter.plain.blocks}


@pytest.mark.parametrize("broadcast", [True, False])
async def test_an_end_is_broadcast_where_that_was_decided(
    announcements: Announcements, *, broadcast: bool
) -> None:
    facts = facts_of(ENDED, broadcast=broadcast)

    assert (await drawn(announcements, delivery(facts=facts), ())).broadcast is broadcast


async def test_a_channel_is_told_in_its_language_and_a_person_in_theirs(
    announcements: Announcements, store: Store
) -> None:
    started = await watch(store, "D1")
    assert started.card is not None
    channel = await drawn(announcements, delivery(), ())
    nobody = await drawn(announcements, delivery(channel="D1"), ())
    direct = await drawn(announcements, delivery(channel="D1", card_id=started.card.id), ())

    assert "完成" in text_of(channel)
    assert "Done" in text_of(nobody)
    assert "完成" in text_of(direct)


@pytest.mark.parametrize(
    ("channel", "allowed", "shown"),
    [
        ("C1", None, False),
        ("C1", True, True),
        ("C0SHARED", True, False),
        ("D1", None, True),
    ],
)
async def test_a_link_that_signs_in_stands_where_its_readers_may_have_it(
    announcements: Announcements,
    store: Store,
    channel: str,
    allowed: bool | None,  # noqa: FBT001 - a column of the table
    *,
    shown: bool,
) -> None:
    await choose(store, channel, links_in_channel=allowed)
    ended = task(outputs=(SIGNED,))

    letter = await drawn(announcements, delivery(ended, channel=channel), ())

    assert (str(SIGNED.url) in text_of(letter)) is shown


# ---- Pictures ----


async def test_all_thumbnails_come_as_one_picture(
    announcements: Announcements, studio: Studio
) -> None:
    letter = await drawn(announcements, delivery(), ())

    assert "'slack_file': {'id': 'F1'}" in text_of(letter)
    assert [one.link for one in studio.drawn[0]] == list(PICTURES)


@pytest.mark.parametrize(
    ("status", "thumbnails"),
    [(task(thumbnails=PICTURES[:3]), True), (ENDED, False), (task(), True)],
    ids=["few are drawn one by one", "the channel wants none", "there are none"],
)
async def test_there_is_no_picture_where_none_is_wanted(
    status: TaskStatus,
    announcements: Announcements,
    store: Store,
    studio: Studio,
    *,
    thumbnails: bool,
) -> None:
    await choose(store, "C1", thumbnails=thumbnails)

    letter = await drawn(announcements, delivery(status), ())

    assert "slack_file" not in text_of(letter)
    assert studio.drawn == []


async def test_a_picture_that_cannot_be_drawn_costs_no_message(
    announcements: Announcements, studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    studio.drawing = DrawingError("it broke")

    letter = await drawn(announcements, delivery(), ())

    assert "image" in text_of(letter)
    assert "slack_file" not in text_of(letter)
    assert f"sheet_left_out task={ENDED.ref} reason=it broke" in caplog.messages


async def test_a_picture_that_takes_long_is_left_out(
    announcements: Announcements,
    studio: Studio,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("bot.announce._SHEET_WITHIN_S", 0.0)
    studio.may_draw.clear()

    letter = await drawn(announcements, delivery(), ())
    await announcements.sheets.aclose()

    assert "slack_file" not in text_of(letter)
    assert f"sheet_left_out task={ENDED.ref} reason=it took too long" in caplog.messages


# ---- Several at once ----


@pytest.mark.parametrize("kind", ["group", "digest"])
async def test_what_was_put_together_names_every_task_once(
    kind: str, announcements: Announcements
) -> None:
    other = task(task_id="other", state=TaskState.FAILED)
    members = [delivery(), delivery(other), delivery(other)]

    letter = await drawn(announcements, delivery(kind=kind), members)

    assert letter.tasks == (str(ENDED.ref), str(other.ref))
    assert all(one.task_id in text_of(letter) for one in (ENDED, other))
    assert not letter.broadcast


async def test_a_reply_for_several_is_broadcast_for_any_of_them(
    announcements: Announcements,
) -> None:
    loud = delivery(facts=facts_of(task(task_id="loud"), broadcast=True))

    letter = await drawn(announcements, delivery(kind="group"), [delivery(), loud])

    assert letter.broadcast


@pytest.mark.parametrize("kind", ["group", "digest"])
async def test_nothing_is_said_of_nobody(kind: str, announcements: Announcements) -> None:
    assert await announcements.draw(delivery(kind=kind), ()) is None


async def test_what_only_a_later_version_draws_is_refused(announcements: Announcements) -> None:
    with pytest.raises(ValueError, match="nobody draws 'opera'"):
        await announcements.draw(delivery(kind="opera"), ())


# ---- Notices ----


async def test_a_notice_speaks_to_its_reader(announcements: Announcements) -> None:
    facts = {"notice": "bot_removed", "channel_id": "C1", "refs": [str(ENDED.ref)]}

    letter = await drawn(announcements, delivery(kind="notice", channel="U2", facts=facts), ())

    assert "<#C1>" in text_of(letter)
    assert letter.tasks == (str(ENDED.ref),)


@pytest.mark.parametrize(("untold", "shown"), [(1, True), (2, False)])
async def test_a_notice_tells_the_one_thing_that_could_not_be_told(
    untold: int, announcements: Announcements, *, shown: bool
) -> None:
    told = [facts_of(task(task_id="untold-task"))] * untold
    facts = {"notice": "bot_removed", "channel_id": "C1", "refs": [], "told": told}

    letter = await drawn(announcements, delivery(kind="notice", channel="U2", facts=facts), ())

    assert ("untold-task" in text_of(letter)) is shown


# ---- Turning the pages of a digest ----
