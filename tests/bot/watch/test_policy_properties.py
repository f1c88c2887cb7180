"""Whatever is seen of a task, in whatever order: what must always hold."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.models import FollowedTask, Happening, Observation, Source, Transition, Watch
from bot.watch.moves import ENDED, NEXT
from bot.watch.policy import Decision, Reason, Rules, decide
from bot.watch.telling import Telling, deliveries_for
from providers.errors import (
    AuthError,
    RateLimitError,
    TaskNotFoundError,
    UnreachableError,
)
from providers.models import TaskState
from tests.bot.watch.samples import HOUR, NOW, REF, followed, status, watch

GOODNESS = (TaskState.FAILED, TaskState.EMPTY, TaskState.PARTIAL, TaskState.SUCCEEDED)
RULES = Rules(stalled_after=timedelta(hours=2))

SEEN = st.one_of(
    st.sampled_from(TaskState).map(status),
    st.sampled_from(
        [
            UnreachableError("no answer"),
            RateLimitError("slow down"),
            AuthError("refused"),
            TaskNotFoundError("unknown"),
        ]
    ),
)
OBSERVATIONS = st.lists(
    st.builds(
        Observation,
        st.just(REF),
        SEEN,
        st.integers(-3_600, 7_200).map(lambda seconds: NOW + timedelta(seconds=seconds)),
        st.sampled_from(Source),
        st.sampled_from([True, True, True, False]),
    ),
    max_size=25,
)


class Story:
    """A task and all that was decided about it; the clock is at the latest observation."""

    def __init__(self) -> None:
        self.task: FollowedTask = followed(None, added_at=NOW - HOUR, born_at=NOW - HOUR)
        self.now: datetime = NOW
        self.decisions: list[Decision] = []
        self.watch: Watch = watch()
        self.keys: list[str] = []

    def tell(self, observations: list[Observation]) -> "Story":
        for observation in observations:
            self.now = max(self.now, observation.at)
            self.see(observation)
        return self

    def see(self, observation: Observation) -> None:
        decision = decide(self.task, observation, self.now, RULES)
        deliveries = deliveries_for(decision, [self.watch], Telling(), self.now)
        self.keys += [delivery.key for delivery in deliveries]
        if Happening.FINISHED in decision.happenings:
            self.watch = replace(self.watch, ended_at=self.now, ended_why="finished")
        self.task = decision.after
        self.decisions.append(decision)

    @property
    def transitions(self) -> list[Transition]:
        return [one.transition for one in self.decisions if one.transition is not None]


@given(OBSERVATIONS)
def test_a_task_only_moves_along_the_arrows(observations: list[Observation]) -> None:
    story = Story().tell(observations)

    state: TaskState | None = None
    for transition in story.transitions:
        assert transition.before is state
        assert transition.after in NEXT[state]
        state = transition.after
    assert story.task.state is state


@given(OBSERVATIONS)
def test_an_end_is_told_exactly_once_and_only_a_better_one_follows(
    observations: list[Observation],
) -> None:
    story = Story().tell(observations)

    ends = [one.after for one in story.transitions if one.after in ENDED]
    finals = [key for key in story.keys if key.endswith(":finished")]
    better = [key for key in story.keys if key.endswith(":improved")]
    assert len(finals) == bool(ends)
    assert len(better) == len(ends[1:])
    goodness = [GOODNESS.index(end) for end in ends if end in GOODNESS]
    assert goodness == sorted(set(goodness))
    assert TaskState.CANCELED not in ends or ends == [TaskState.CANCELED]


@given(OBSERVATIONS)
def test_nothing_is_told_twice(observations: list[Observation]) -> None:
    story = Story().tell(observations)

    assert len(story.keys) == len(set(story.keys))


@given(OBSERVATIONS)
def test_each_version_is_made_once_and_nothing_else_must_be_stored(
    observations: list[Observation],
) -> None:
    story = Story().tell(observations)

    for decision in story.decisions:
        is_news = bool(decision.happenings or decision.transition or decision.redraw)
        assert decision.after.version - decision.before.version == decision.must_commit
        assert decision.must_commit or not is_news


@given(OBSERVATIONS)
def test_the_same_news_once_more_is_none(observations: list[Observation]) -> None:
    story = Story().tell(observations)

    for observation in observations:
        before = story.task
        repeated = decide(before, replace(observation, at=story.now), story.now, RULES)
        again = decide(repeated.after, replace(observation, at=story.now), story.now, RULES)
        assert again.happenings == ()
        assert again.transition is None


@given(OBSERVATIONS)
def test_a_hint_and_what_came_late_never_change_the_state(observations: list[Observation]) -> None:
    story = Story().tell(observations)

    for observation, decision in zip(observations, story.decisions, strict=True):
        if not observation.confirmed or decision.reason is Reason.LATE:
            assert not decision.must_commit
            assert decision.happenings == ()
            assert decision.after.state is decision.before.state


@given(OBSERVATIONS)
def test_nobody_answering_is_told_once_until_somebody_does(observations: list[Observation]) -> None:
    story = Story().tell(observations)

    news = [
        happening
        for decision in story.decisions
        for happening in decision.happenings
        if happening in {Happening.UNREACHABLE, Happening.RECOVERED}
    ]
    assert news == [Happening.UNREACHABLE, Happening.RECOVERED] * (len(news) // 2) + (
        [Happening.UNREACHABLE] * (len(news) % 2)
    )


@given(OBSERVATIONS)
def test_a_task_is_never_left_alone_for_more_than_five_minutes(
    observations: list[Observation],
) -> None:
    story = Story().tell(observations)

    for decision in story.decisions:
        if decision.after.poll_after is not None:
            assert decision.after.poll_after <= story.now + RULES.longest_backoff
