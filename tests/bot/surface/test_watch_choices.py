"""What a channel chose to hear of watches, and what many ends at once become."""

import pytest

from bot.sandbox.clouds import VendorClouds
from bot.sandbox.scenario import File, Step, Task, Word
from bot.sandbox.slack.entities import Message
from bot.sandbox.slack.server import LocalSlack
from tests.fakes.moving_clock import MovingClock
from tests.fakes.person import Person, prose

LESSON = "LiveLessonAAAAA1"
CAMERA = "CameraAAAAAAAAA1"
MANY = 5
TOLD_WITHIN_S = 30.0


async def choose(person: Person, **fields: object) -> None:
    """Fill in the channel's settings, fields named ``news`` and the like."""
    form = await person.sees_after(person.slack.command("settings"))
    named = {f"channel.{name}": value for name, value in fields.items()}
    await person.submits(form, **{name: {name: value} for name, value in named.items()})


def by_bot(slack: LocalSlack) -> list[Message]:
    return [one for one in slack.messages("C0MEDIA") if one.is_bot]


async def card_of(slack: LocalSlack) -> Message:
    (card,) = await slack.wait_for(lambda: by_bot(slack))
    return card


def tasks_of(message: Message) -> list[str]:
    told: list[str] = (message.metadata or {}).get("event_payload", {}).get("tasks", [])
    return told


def plays(task_id: str, *steps: tuple[float, Word]) -> Task:
    """Tell how a task goes, by the seconds since the vendors opened."""
    files = (File(name="a.mp4", user="a", stream="a"),)
    told = (Step(at=at, say=say, files=files) for at, say in steps)
    return Task(provider="record", id=task_id, steps=tuple(told))


async def test_an_end_is_shown_to_the_channel_where_it_chose_so(
    alice: Person, slack: LocalSlack, cloud_clock: MovingClock
) -> None:
    await choose(alice, broadcast="always")
    await alice.asks(f"watch record {LESSON}")
    card = await card_of(slack)
    cloud_clock.skip(31)

    (end,) = await slack.wait_for(lambda: by_bot(slack)[1:], TOLD_WITHIN_S)

    assert (end.thread_ts, end.reply_broadcast) == (card.ts, True)


async def test_news_on_the_way_is_told_where_the_channel_chose_so(
    alice: Person, slack: LocalSlack, clouds: VendorClouds, cloud_clock: MovingClock
) -> None:
    clouds.put_task(plays(CAMERA, (-60, Word.RUNNING), (60, Word.PAUSED)))
    await choose(alice, news=["paused"])
    await alice.asks(f"watch record {CAMERA}")
    card = await card_of(slack)
    cloud_clock.skip(61)

    (news,) = await slack.wait_for(lambda: by_bot(slack)[1:], TOLD_WITHIN_S)

    assert news.thread_ts == card.ts
    assert "Paused" in prose(news)
    assert "<@U0ALICE>" not in prose(news)


async def test_without_a_choice_the_card_alone_follows(
    alice: Person, slack: LocalSlack, clouds: VendorClouds, cloud_clock: MovingClock
) -> None:
    clouds.put_task(plays(CAMERA, (-60, Word.RUNNING), (60, Word.PAUSED)))
    await alice.asks(f"watch record {CAMERA}")
    card = await card_of(slack)
    cloud_clock.skip(61)

    await slack.wait_for(lambda: "Paused" in prose(card), TOLD_WITHIN_S)

    assert by_bot(slack) == [card]


async def test_ends_of_one_card_share_one_reply(
    alice: Person, slack: LocalSlack, clouds: VendorClouds, cloud_clock: MovingClock
) -> None:
    ids = [f"SharedReplyAAAA{number}" for number in range(3)]
    for one in ids:
        clouds.put_task(plays(one, (-60, Word.RUNNING), (60, Word.SUCCEEDED)))
    await alice.asks(f"watch record {' '.join(ids)}")
    card = await card_of(slack)
    cloud_clock.skip(61)

    (end,) = await slack.wait_for(lambda: by_bot(slack)[1:], TOLD_WITHIN_S)

    assert end.thread_ts == card.ts
    assert prose(end).count("<@U0ALICE>") == 1
    assert all(one in prose(end) for one in ids)


async def test_many_ends_in_a_channel_become_one_message_whose_pages_one_turns_for_oneself(
    alice: Person,
    slack: LocalSlack,
    clouds: VendorClouds,
    cloud_clock: MovingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.views.digest.PAGE_ROWS", 3)
    ids = [f"WholeSeriesAAAA{number}" for number in range(6)]
    for one in ids:
        clouds.put_task(plays(one, (-60, Word.RUNNING), (60, Word.SUCCEEDED)))
        await alice.asks(f"watch record {one}")
    await slack.wait_for(lambda: len(by_bot(slack)) == len(ids), TOLD_WITHIN_S)
    slack.trouble("chat.postMessage", "rate_limited", times=6)
    cloud_clock.skip(61)

    digest = (await slack.wait_for(lambda: by_bot(slack)[len(ids) :], TOLD_WITHIN_S))[0]
    before = prose(digest)
    page = await alice.presses("Next", digest)

    assert digest.thread_ts is None
    assert len(tasks_of(digest)) >= MANY
    assert prose(digest) == before
    assert page.ephemeral_for == "U0ALICE"
    assert prose(page) != before
