"""Nobody has to ask twice: a task is followed until it is over, and the channel hears of it."""

from bot.sandbox.slack.server import LocalSlack
from tests.fakes.moving_clock import MovingClock
from tests.fakes.person import Person, labels, links, prose

LESSON = "LiveLessonAAAAA1"
_TOLD_WITHIN_S = 30.0


async def test_a_watched_recording_finishes_and_the_channel_hears_of_it_once_in_the_thread(
    alice: Person, slack: LocalSlack, cloud_clock: MovingClock
) -> None:
    """One card that stays true, and one reply below it, with the link, to whoever watches."""
    await alice.asks(f"watch record {LESSON}")
    (card,) = await slack.wait_for(lambda: slack.messages("C0MEDIA"))
    before = prose(card)
    cloud_clock.skip(31)

    told = await slack.wait_for(lambda: slack.messages("C0MEDIA")[1:], _TOLD_WITHIN_S)
    await slack.wait_for(lambda: "Done" in prose(card))

    assert "Running" in before
    assert [(one.thread_ts, one.reply_broadcast) for one in told] == [(card.ts, False)]
    assert "<@U0ALICE>" in prose(told[0])
    assert links(told[0])


async def test_colleagues_watch_the_same_task_with_one_press(
    alice: Person, slack: LocalSlack
) -> None:
    """The card says who watches; everybody stops for themselves."""
    bob = Person(slack, user="U0BOB")
    await alice.asks(f"watch record {LESSON}")
    (card,) = await slack.wait_for(lambda: slack.messages("C0MEDIA"))

    await bob.presses("Watch too", card)
    await slack.wait_for(lambda: "<@U0BOB>" in prose(card))
    await alice.asks(f"unwatch record {LESSON}")
    await slack.wait_for(lambda: "<@U0ALICE>" not in prose(card))

    assert "Unwatch" in labels(card)


async def test_what_is_watched_can_be_seen_and_ended(alice: Person, slack: LocalSlack) -> None:
    """In a list, with a button for each."""
    await alice.asks(f"watch record {LESSON}")
    await slack.wait_for(lambda: slack.messages("C0MEDIA"))

    mine = await alice.asks("watches mine")
    await alice.presses("Unwatch", mine)
    after = await alice.asks("watches mine")

    assert LESSON in prose(mine)
    assert LESSON not in prose(after)
