"""What was answered with 2xx outlives the process that answered it."""

from tests.bench.callbacks import survive_kill


async def test_nothing_that_was_accepted_is_lost_by_kill_9() -> None:
    kept = await survive_kill(seconds=1, per_second=200)

    assert kept.accepted > 0
    assert kept.lost == 0
