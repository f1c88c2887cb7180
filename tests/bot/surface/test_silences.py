"""A silence: alerts are still posted, nobody is called, and everybody can see that it is so."""

import pytest

from bot.sandbox.slack.server import LocalSlack
from tests.bot.surface.conftest import BotWith
from tests.bot.surface.shift import ROUTE, Shift, ShiftWith
from tests.fakes.person import Person, labels, prose

GROUP = "<!subteam^S0ONCALL>"


async def test_what_is_silenced_is_posted_and_calls_nobody_until_it_is_ended(
    shift: Shift,
) -> None:
    alice = shift.person(channel="C0MEDIA")

    said = await alice.asks("silence record for 2h because the key is being changed")
    alert = await shift.alert()
    await shift.sees(lambda: "keeps an alert" in prose(shift.slack.messages("C0MEDIA")[-1]))
    quiet = prose(alert)
    ended = await alice.asks("unsilence record")
    await shift.sees(lambda: shift.thread(alert))

    assert said.ephemeral_for is None
    assert "<@U0ALICE> silenced `record` until" in prose(said)
    assert "Reason: the key is being changed" in prose(said)
    assert GROUP not in quiet
    assert "a silence keeps it quiet" in quiet
    assert "<@U0ALICE> ended the silence of `record`." in prose(ended)
    assert GROUP in prose(shift.thread(alert)[0])


@pytest.mark.parametrize(
    ("target", "is_quiet"),
    [
        ("all", True),
        ("record", True),
        ("record:Night1", True),
        ("room lesson-*", True),
        ("lesson-?", True),
        ("mpc", False),
        ("record:Night2", False),
        ("room meeting*", False),
    ],
)
async def test_a_silence_is_for_all_a_provider_a_task_or_rooms(
    target: str, *, is_quiet: bool, shift: Shift
) -> None:
    await shift.person().asks(f"silence {target} for 1h")

    alert = await shift.alert("Night1")

    assert (GROUP not in prose(alert)) is is_quiet


async def test_a_silence_that_is_over_by_itself_says_so_and_calls_whom_it_kept_from_it(
    shift: Shift,
) -> None:
    alice = shift.person(channel="C0MEDIA")
    await alice.asks("silence all for 6s")
    alert = await shift.alert()
    kept_quiet = GROUP not in prose(alert)

    await shift.sees(lambda: shift.thread(alert))
    await shift.sees(
        lambda: any(
            "The silence of everything is over." in prose(one)
            for one in shift.slack.messages("C0MEDIA")
        )
    )

    assert kept_quiet
    assert GROUP in prose(shift.thread(alert)[0])


async def test_silences_are_listed_with_the_alerts_and_at_home_and_ended_by_a_button(
    shift: Shift,
) -> None:
    alice = shift.person(channel="C0MEDIA")
    await alice.asks("silence mpc for 1h")

    listed = await alice.asks("alerts")
    home = await alice.opens_home()
    said = await alice.presses("End silence", listed)
    after = await alice.asks("alerts")

    assert "1 silence holds now" in prose(listed)
    assert "`mpc`" in prose(listed)
    assert "Silences" in prose(home)
    assert "<@U0ALICE> ended the silence of `mpc`." in prose(said)
    assert "End silence" not in labels(after)


async def test_a_silence_is_ended_by_its_number_too_and_only_once(shift: Shift) -> None:
    alice = shift.person(channel="C0MEDIA")
    said = prose(await alice.asks("silence all for 1h"))
    number = said.rpartition("unsilence ")[2].split("`")[0]

    ended = await alice.asks(f"unsilence {number}")
    again = await alice.asks(f"unsilence {number}")

    assert "ended the silence of everything" in prose(ended)
    assert prose(again) == "There is no such silence, or it is over already."
    assert again.ephemeral_for == "U0ALICE"


async def test_the_pager_of_a_silenced_alert_waits_for_the_end_of_the_silence(
    shift_with: ShiftWith,
) -> None:
    route = ROUTE | {"escalate": [{"after": "0s", "notify": ["U0BOB"]}]}
    async with shift_with(alerts=[route]) as shift:
        await shift.person().asks("silence all for 1h")
        alert = await shift.alert()
        quiet = list(shift.thread(alert))

        await shift.person().asks("unsilence all")
        await shift.sees(lambda: len(shift.thread(alert)) == 2)

        assert quiet == []
        assert "<@U0BOB>" in prose(shift.thread(alert)[1])


@pytest.mark.parametrize("said", ["silence all for 1h", "silence record for 1h", "unsilence all"])
async def test_what_the_policy_forbids_is_not_done(
    said: str, bot_with: BotWith, slack: LocalSlack
) -> None:
    async with bot_with(policy=[{"action": "alert", "allow": False}]):
        denied = await Person(slack).asks(said)

    assert prose(denied) == ":no_entry: That is not allowed here, by the rule `#1`."
