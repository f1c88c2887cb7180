"""Many commands at a steady rate, whatever the bot makes of them, and what became of each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox.slack import seed
from bot.sandbox.slack.acts import Outcome
from bot.sandbox.slack.entities import Json
from bot.sandbox.slack.interactions import Interaction
from bot.sandbox.slack.people import People

_QUANTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}


@dataclass(frozen=True, slots=True)
class Load:
    """What is typed, how often, how fast."""

    commands: int
    per_second: float
    text: str = "tencent {n}"
    """``{n}`` is the number of the command, or of its task."""
    tasks: int = 0
    """How many tasks are asked for in turn; 0: each command asks for one of its own."""
    channel: str = "C0MEDIA"
    patience: float = 30.0
    """Seconds to wait for answers after the last command was acknowledged."""


async def run_load(people: People, load: Load) -> Json:
    """Type away and report: errors, latencies in milliseconds, the unanswered, the twice answered.

    Commands go out at their moments, whether or not those before were acknowledged.
    """
    clock = people.backend.clock
    outcomes: list[Outcome] = []
    began_at = clock.monotonic()

    async def type_one(number: int) -> None:
        task = number % load.tasks if load.tasks else number
        text = load.text.replace("{n}", str(task))
        outcomes.append(await people.command(text, user=seed.ME, channel=load.channel))

    for number in range(load.commands):
        early = began_at + number / load.per_second - clock.monotonic()
        if early > 0:
            await clock.sleep(early)
        people.backend.background.start(type_one(number))
    typed_in = clock.monotonic() - began_at
    await _wait(people, load, outcomes)
    return _report(outcomes, typed_in)


async def _wait(people: People, load: Load, outcomes: Sequence[Outcome]) -> None:
    """Wait until each has been answered, or patience is at its end."""
    clock = people.backend.clock
    patience_ends_at = clock.monotonic() + load.patience
    while clock.monotonic() < patience_ends_at:
        answered = sum(whole_interaction(outcome).is_answered for outcome in outcomes)
        if answered == load.commands:
            return
        await clock.sleep(0.1)


def _report(outcomes: Sequence[Outcome], typed_in: float) -> Json:
    interactions = [whole_interaction(outcome) for outcome in outcomes]
    errors = Counter(one.error for one in interactions if one.error is not None)
    waits = [one.answered_at - one.began_at for one in interactions if one.answered_at is not None]
    return {
        "commands": len(outcomes),
        "seconds": typed_in,
        "errors": dict(errors),
        "unanswered": sum(not one.is_answered for one in interactions),
        "answered_twice": sum(len(one.answers) > 1 for one in interactions),
        "ack_ms": quantiles([one.ack_ms for one in outcomes if one.error is None]),
        "answer_ms": quantiles([wait * 1000 for wait in waits]),
    }


def whole_interaction(outcome: Outcome) -> Interaction:
    """Read the record of a command that was delivered.

    Raises:
        ValueError: it was not.
    """
    if outcome.interaction is None:
        raise ValueError("commands in threads are no load")
    return outcome.interaction


def quantiles(values: Sequence[float]) -> dict[str, float]:
    """Tell the middle, the tail and the worst; empty where there is nothing to tell."""
    ordered = sorted(values)
    last = len(ordered) - 1
    return {name: ordered[round(q * last)] for name, q in _QUANTILES.items()} if ordered else {}
