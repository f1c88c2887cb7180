"""A task moves while somebody watches it."""

from tests.fakes.moving_clock import MovingClock
from tests.fakes.person import Person, links, prose

MERGE = "1400341231-ComposeMedia-6fdfc967d7eb12f5e9b27f52519f1afatt0"


async def test_a_running_merge_is_refreshed_in_place_until_it_is_done(
    alice: Person, cloud_clock: MovingClock
) -> None:
    """One message follows the task: Refresh asks the vendor anew and changes the same card."""
    card = await alice.asks(f"tencent {MERGE}")
    waiting = prose(card)

    cloud_clock.skip(5)
    running = prose(await alice.presses("Refresh", card))
    cloud_clock.skip(20)
    done = await alice.presses("Refresh", card)

    assert "*Merge · Queued*" in waiting
    assert "*Merge · Running*" in running
    assert "*Merge · Done*" in prose(done)
    assert links(done)[0].endswith("standup-merged.mp4")
    assert len(alice.sees()) == 1
