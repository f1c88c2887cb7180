"""How messages are found again, and where they are put."""

from datetime import timedelta

import pytest

from bot.egress import Egress
from bot.models import Delivery, Priority
from bot.paces import MemoryPaces
from bot.relay.letters import Letter
from bot.relay.posting import Place, Poster, metadata_of
from bot.slack_link import SlackUnreachableError
from bot.views.layout import View, section
from tests.fakes.jumping_loop import START, JumpingClock, run_jumping
from tests.fakes.scripted_slack import NAMELESS, ScriptedSlack

DELIVERY = Delivery(
    id="d1",
    key="news:1:1:finished",
    team_id="T1",
    kind="news",
    channel_id="C1",
    priority=Priority.TERMINAL,
    happened_at=START,
    created_at=START,
    attempt_at=START,
)


def open_poster() -> tuple[Poster, ScriptedSlack, Egress]:
    clock = JumpingClock()
    slack, egress = ScriptedSlack(clock), Egress(MemoryPaces(clock), clock)
    return Poster(slack.client(), egress), slack, egress


async def fill(slack: ScriptedSlack, count: int, thread_ts: str | None = None) -> None:
    slack.latency_s = 0
    for number in range(count):
        message = {"channel": "C1", "text": str(number), "thread_ts": thread_ts}
        await slack.call("chat.postMessage", message)


@pytest.mark.parametrize("in_thread", [True, False])
def test_a_message_is_found_behind_hundreds_of_others(*, in_thread: bool) -> None:
    async def main() -> None:
        poster, slack, egress = open_poster()
        await fill(slack, 1)
        thread_ts = slack.messages[0].ts if in_thread else None
        await fill(slack, 0 if not in_thread else 450, thread_ts)
        letter = Letter(View([section("it")], "it"), broadcast=True)
        metadata = metadata_of(DELIVERY, [], ())
        ts = await poster.post(Place("C1", thread_ts), letter, letter.view, metadata)
        await fill(slack, 450 if not in_thread else 0)

        found = await poster.find(Place("C1", thread_ts), DELIVERY)

        assert found == [ts]
        (posted,) = [one for one in slack.messages if one.ts == ts]
        assert posted.broadcast is in_thread
        await egress.close()

    run_jumping(main())


def test_a_channel_too_full_to_look_through_leaves_it_unknown() -> None:
    async def main() -> None:
        poster, slack, egress = open_poster()
        await fill(slack, 20 * 200 + 1)

        with pytest.raises(SlackUnreachableError, match="too many messages"):
            await poster.find(Place("C1"), DELIVERY)
        await egress.close()

    run_jumping(main())


def test_what_is_older_than_the_attempt_is_not_looked_through() -> None:
    async def main() -> None:
        poster, slack, egress = open_poster()
        await fill(slack, 3)
        await slack.clock.sleep(7200)

        await poster.find(Place("C1"), DELIVERY)
        asked = slack.calls[-1][2]

        assert float(asked["oldest"]) == (START - timedelta(minutes=65)).timestamp()
        await egress.close()

    run_jumping(main())


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {"event_type": "another", "event_payload": {"delivery_id": "d1"}},
        {"event_type": "mediatask", "event_payload": {"delivery_id": "d2"}},
        {"event_type": "mediatask"},
    ],
)
def test_other_peoples_messages_are_none_of_ours(metadata: dict[str, object] | None) -> None:
    async def main() -> None:
        poster, slack, egress = open_poster()
        message = {"channel": "C1", "text": "it", "metadata": metadata}
        await slack.call("chat.postMessage", message)

        assert await poster.find(Place("C1"), DELIVERY) == []
        await egress.close()

    run_jumping(main())


def test_a_direct_conversation_is_opened_once() -> None:
    async def main() -> None:
        poster, slack, egress = open_poster()

        found = [await poster.conversation(one) for one in ("U7", "U7", "C1", "D9")]

        assert found == ["D7", "D7", "C1", "D9"]
        assert len(slack.times("conversations.open")) == 1
        await egress.close()

    run_jumping(main())


def test_an_ok_that_names_no_message_is_no_answer() -> None:
    async def main() -> None:
        poster, slack, egress = open_poster()
        slack.order("chat.postMessage", NAMELESS)
        letter = Letter(View([], "it"))

        with pytest.raises(SlackUnreachableError, match="names no message"):
            await poster.post(Place("C1"), letter, letter.view, {})
        await egress.close()

    run_jumping(main())


def test_what_tells_many_names_them_all_in_its_metadata() -> None:
    payload = metadata_of(DELIVERY, ["a", "b"], ("x", "y"))["event_payload"]

    assert payload == {"delivery_id": "d1", "delivery_ids": ["a", "b"], "tasks": ["x", "y"]}
