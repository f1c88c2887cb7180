"""What goes next in a channel, and what goes together."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models import Delivery, Happening, Priority
from bot.relay.folding import MOST_TOLD, Plan, plan

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def delivery(
    number: int,
    happening: Happening = Happening.FINISHED,
    *,
    card_id: int | None = None,
    after_s: float = 0,
    wait_s: float | None = None,
) -> Delivery:
    is_end = happening is Happening.FINISHED
    return Delivery(
        id=f"d{number}",
        key=f"news:{number}:1:{happening}",
        team_id="T1",
        kind="news",
        channel_id="C1",
        priority=Priority.TERMINAL if is_end else Priority.PROGRESS,
        happened_at=NOW + timedelta(seconds=after_s),
        created_at=NOW,
        card_id=number if card_id is None else card_id,
        not_before=None if wait_s is None else NOW + timedelta(seconds=wait_s),
    )


def test_nothing_waits_and_nothing_goes() -> None:
    assert plan([], NOW) == Plan()


def test_the_first_that_is_due_goes_and_one_in_backoff_holds_up_nobody() -> None:
    waiting = [delivery(1, wait_s=5), delivery(2)]

    assert plan(waiting, NOW).next == waiting[1]


def test_ends_of_one_card_within_ten_seconds_share_a_reply_as_soon_as_one_is_due() -> None:
    waiting = [
        delivery(1, card_id=7),
        delivery(2, card_id=7, after_s=9, wait_s=9),
        delivery(3, card_id=7, after_s=11, wait_s=21),
    ]

    decided = plan(waiting, NOW)

    assert decided.members == ("d1", "d2")
    assert decided.told_by is not None
    assert (decided.told_by.kind, decided.told_by.card_id) == ("group", 7)
    assert decided.told_by.key == "group:d1"


def test_one_end_alone_is_no_group() -> None:
    waiting = [delivery(1, card_id=7), delivery(2, card_id=7, after_s=60, wait_s=70)]

    assert plan(waiting, NOW).next == waiting[0]


def test_five_replies_in_a_channel_become_one_digest_and_four_do_not() -> None:
    five = [delivery(n) for n in range(5)]

    decided = plan(five, NOW)

    assert decided.told_by is not None
    assert (decided.told_by.kind, decided.told_by.card_id) == ("digest", None)
    assert decided.members == ("d0", "d1", "d2", "d3", "d4")
    assert plan(five[:4], NOW).next == five[0]


def test_thirty_ends_of_one_card_are_one_reply_and_no_digest() -> None:
    decided = plan([delivery(n, card_id=7) for n in range(30)], NOW)

    assert decided.told_by is not None
    assert decided.told_by.kind == "group"
    assert len(decided.members) == 30


def test_a_digest_tells_a_hundred_and_leaves_the_rest_to_the_next() -> None:
    decided = plan([delivery(n) for n in range(MOST_TOLD + 50)], NOW)

    assert len(decided.members) == MOST_TOLD


def test_an_end_that_may_still_arrive_by_itself_is_told_by_no_other_message() -> None:
    waiting = [replace(delivery(n), fence="f" if n == 0 else None) for n in range(6)]

    assert plan(waiting, NOW).members == ("d1", "d2", "d3", "d4", "d5")


def test_what_went_before_an_end_is_told_no_more() -> None:
    waiting = [delivery(1), delivery(1, Happening.STARTED), delivery(2, Happening.STARTED)]
    waiting[1] = replace(waiting[1], id="started")

    decided = plan(waiting, NOW)

    assert decided.superseded == ("started",)
    assert decided.next == waiting[0]


def test_other_kinds_are_neither_folded_nor_dropped() -> None:
    cards = [replace(delivery(n), kind="card", key=f"card:{n}") for n in range(6)]

    assert plan(cards, NOW) == Plan(next=cards[0])


def test_a_wait_from_before_the_clock_was_set_back_is_over() -> None:
    waiting = [replace(delivery(1, wait_s=3610), created_at=NOW + timedelta(hours=1))]

    assert plan(waiting, NOW).next == waiting[0]


@settings(deadline=None)  # the machine may be busy
@given(
    st.lists(
        st.tuples(
            st.sampled_from([Happening.FINISHED, Happening.STARTED]),
            st.integers(1, 4),
            st.floats(0, 30),
            st.one_of(st.none(), st.floats(-5, 20)),
        ),
        max_size=20,
    )
)
def test_carried_out_to_its_end_a_plan_tells_every_end_once_and_nothing_before_its_time(
    drawn: list[tuple[Happening, int, float, float | None]],
) -> None:
    waiting = [
        delivery(n, happening, card_id=card, after_s=after, wait_s=wait)
        for n, (happening, card, after, wait) in enumerate(drawn)
    ]
    ends = {one.id for one in waiting if one.priority is Priority.TERMINAL}
    told: list[str] = []
    now = NOW
    while waiting:
        decided = plan(waiting, now)
        sent = decided.members or ((decided.next.id,) if decided.next else ())
        told += sent
        if not sent:
            assert all(one.not_before and one.not_before > now for one in waiting)
            now += timedelta(seconds=5)
        waiting = [one for one in waiting if one.id not in {*sent, *decided.superseded}]

    assert sorted(one for one in told if one in ends) == sorted(ends)
    assert len(set(told)) == len(told)
