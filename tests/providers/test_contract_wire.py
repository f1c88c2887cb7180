"""Every promise over every provider: what is sent, how often, and for how long it is waited."""

import asyncio
from dataclasses import replace

import pytest

from providers.errors import MalformedResponseError, ProviderError, UnreachableError
from providers.http import MAX_REPLY_BYTES
from providers.models import TaskState, TaskStatus
from tests.fakes.cloud import Says, breaks_off
from tests.fakes.hasty_clock import HastyClock
from tests.providers.contract_stage import Stage, bounded, open_stage
from tests.providers.contract_vendors import FAILING, IAM, MPC_TOKEN, VENDORS, Vendor

each_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.id)
each_sender = pytest.mark.parametrize("vendor", FAILING, ids=lambda vendor: vendor.id)

SHORT_S = 0.05
LONGEST_PAUSE_S = 60


@each_sender
async def test_a_kept_connection_that_drops_is_not_asked_over_again(vendor: Vendor) -> None:
    async with open_stage(vendor) as stage:
        stage.cloud.answers(vendor.says(vendor.words.done), breaks_off)
        first = await stage.attempt()
        stage.rebuild()
        second = await stage.attempt()

    assert isinstance(first, TaskStatus)
    assert isinstance(second, UnreachableError)
    assert len(stage.asked) == 2
    assert len({asked.peer for asked in stage.asked}) == 1


@each_sender
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(vendor: Vendor, status: int) -> None:
    async with open_stage(vendor) as stage:
        elsewhere = {"Location": f"{stage.cloud.url}/elsewhere{vendor.door}"}
        stage.cloud.answers(Says({}, status, elsewhere))
        error = await stage.question()

    assert isinstance(error, MalformedResponseError)
    assert f"HTTP {status}" in error.detail
    assert len(stage.asked) == 1


@each_sender
@pytest.mark.parametrize(("beyond", "is_read"), [(0, True), (1, False)])
async def test_a_reply_is_read_up_to_one_mebibyte(
    vendor: Vendor, beyond: int, *, is_read: bool
) -> None:
    document = vendor.says(vendor.words.done)

    async with open_stage(vendor) as stage:
        stage.cloud.answers(document.padded(MAX_REPLY_BYTES + beyond))
        answer = await stage.question()

    assert isinstance(answer, TaskStatus) is is_read
    assert isinstance(answer, MalformedResponseError) is not is_read
    assert len(stage.asked) == 1


@each_sender
@pytest.mark.parametrize("silence", ["hangs", "drips"])
async def test_a_vendor_that_never_ends_its_answer_costs_one_timeout(
    vendor: Vendor, silence: str
) -> None:
    async with open_stage(vendor, timeout=SHORT_S) as stage:
        stage.cloud.answers(getattr(stage.cloud, silence))
        first = await stage.question()
        second = await stage.question()

    assert isinstance(first, UnreachableError)
    assert isinstance(second, UnreachableError)
    assert "down since" in second.detail
    assert stage.observed == ["unreachable"]
    assert len(stage.asked) <= 1  # a busy machine may be late with even that


@each_sender
async def test_a_vendor_that_was_down_comes_back_by_itself(vendor: Vendor) -> None:
    async with open_stage(vendor, timeout=SHORT_S) as stage:
        stage.cloud.answers(stage.cloud.hangs)
        await stage.question()
        stage.cloud.answers(vendor.says(vendor.words.done))
        told_at_once = await stage.question()
        await bounded(recovery_of(stage))

    assert isinstance(told_at_once, UnreachableError)
    assert stage.observed[-1] == "ok"


async def recovery_of(stage: Stage) -> None:
    """Let time pass in which nobody asks."""
    while not stage.gate.health().answering:
        await stage.clock.advance(LONGEST_PAUSE_S)


@each_sender
async def test_a_vendor_nobody_listens_for_is_unreachable(vendor: Vendor) -> None:
    async with open_stage(vendor) as stage:
        await stage.cloud.close()
        error = await stage.attempt()

    assert isinstance(error, UnreachableError)
    assert stage.asked == []


SIGNING = [vendor for vendor in VENDORS if vendor is not MPC_TOKEN]
"""Those that sign each request; a token goes along as it is until it is renewed."""


@pytest.mark.parametrize("vendor", SIGNING, ids=lambda vendor: vendor.id)
async def test_every_attempt_is_signed_anew(vendor: Vendor) -> None:
    wait = Says({}, 429, {"Retry-After": "1"})

    async with open_stage(vendor, clock=HastyClock()) as stage:
        stage.cloud.answers(wait, wait, vendor.says(vendor.words.done))
        answer = await stage.question()

    assert isinstance(answer, TaskStatus)
    assert len({vendor.signature(asked) for asked in stage.asked}) == 3


async def test_a_refused_token_is_replaced_within_the_same_question() -> None:
    async with open_stage(MPC_TOKEN, clock=HastyClock()) as stage:
        stage.cloud.answers(MPC_TOKEN.refusals.auth, MPC_TOKEN.says(MPC_TOKEN.words.done))
        answer = await stage.question()

    assert isinstance(answer, TaskStatus)
    assert (len(stage.asked), stage.cloud.asked_beside) == (2, 2)


async def test_fifty_questions_at_once_fetch_one_token() -> None:
    async with open_stage(IAM) as stage:
        stage.cloud.answers(IAM.says(IAM.words.done))
        answers = await asyncio.gather(*(stage.attempt() for _ in range(50)))

    assert all(isinstance(answer, TaskStatus) for answer in answers)
    assert len(stage.asked) == 1


ODD_IDS = [
    "a%20b%zz",
    "a&Status=9&TaskId=b",
    "a+b",
    "a/../b//c",
    "a=b;c#d?e",
    "'a'\"b\"\\c",
    "<a|b>",
    "ü-é-漢字-🎬",
    "e\u0301",
    "1e400",
    "007",
    "a" * 256,
    "漢" * 256,
]


@each_vendor
@pytest.mark.parametrize("task_id", ODD_IDS)
async def test_an_id_reaches_the_vendor_as_it_was_typed(vendor: Vendor, task_id: str) -> None:
    async with open_stage(vendor) as stage:
        document = vendor.tells(task_id, vendor.words.running, "a.mp4")
        stage.cloud.answers(Says(document))
        status = await stage.attempt(task_id)

    assert isinstance(status, TaskStatus)
    assert (status.task_id, status.state) == (task_id, TaskState.RUNNING)
    assert [vendor.reads(asked) for asked in stage.asked] == [[task_id]]


@each_vendor
async def test_an_account_that_is_not_configured_is_asked_nothing(vendor: Vendor) -> None:
    async with open_stage(vendor) as stage:
        status = await stage.lookup.ask(replace(stage.ref(), account="staging"))

    assert status.error is not None
    assert status.error.reason == "configuration"
    assert stage.asked == []


def test_every_error_of_a_provider_names_what_to_do_next() -> None:
    for kind in ProviderError.__subclasses__():
        assert kind.default_hint
