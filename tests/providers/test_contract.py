"""Every promise over every provider: what an answer comes to, and how often it is asked for again.

The rows of the table are in ``contract_vendors.py`` and what is expected under each HTTP status in
``contract_outcomes.py``. The adapters are those the registry builds; everything travels over HTTP.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from providers.errors import (
    AuthError,
    MalformedResponseError,
    ProviderError,
    TaskNotFoundError,
)
from providers.models import Reason, TaskState, TaskStatus
from tests.fakes.cloud import Answer, Says, breaks_off, talks_nonsense
from tests.fakes.hasty_clock import HastyClock
from tests.providers.contract_outcomes import (
    STATUSES,
    Expect,
    outcome_of,
    refused_key,
    success,
    undocumented,
    unlisted_code,
)
from tests.providers.contract_stage import Stage, open_stage
from tests.providers.contract_vendors import FAILING, TENCENT, VENDORS, Vendor

each_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.id)
each_sender = pytest.mark.parametrize("vendor", FAILING, ids=lambda vendor: vendor.id)

MARK = "only-the-body-says-this"
HTML = Says(body=f"<html><body>{MARK}</body></html>".encode(), content_type="text/html")
NOTHING = Says(body=b"", content_type="text/plain")
STRANGE = Says({"message": MARK, "status": 503})
UNDOCUMENTED = {
    "HTML": HTML,
    "nothing": NOTHING,
    "half a document": Says(body=b'{"Code": 0, "Data": {'),
    "a list": Says([{"message": MARK}]),
    "a word": Says(MARK),
    "not a number": Says(body=b'{"Code": NaN}'),
    "too deep": Says(body=b'{"a":' * 100_000),
    "not UTF-8": Says(body=b'{"Code": "\xff"}'),
    "an empty object": Says({}),
    "a proxy's object": STRANGE,
    "a nested object": Says({"detail": {"message": MARK}, "request_id": "r"}),
}
"""What is not the documented JSON of anybody."""

KINDS: dict[str, tuple[Callable[[Vendor], Says], Expect]] = {
    "documented success": (lambda vendor: vendor.says(vendor.words.done), success),
    "documented refusal": (lambda vendor: vendor.refusals.auth, refused_key),
    "unlisted code": (lambda vendor: vendor.refusals.unlisted, unlisted_code),
    "strange JSON object": (lambda _: STRANGE, undocumented),
    "HTML": (lambda _: HTML, undocumented),
    "nothing": (lambda _: NOTHING, undocumented),
}


@each_sender
@pytest.mark.parametrize("kind", KINDS)
async def test_every_answer_has_its_outcome_under_every_http_status(
    vendor: Vendor, kind: str
) -> None:
    said, expect = KINDS[kind]

    async with open_stage(vendor) as stage:
        outcomes = {
            status: outcome_of(await answer_under(stage, said(vendor), status))
            for status in STATUSES
        }

    assert outcomes == {status: expect(vendor, status) for status in STATUSES}


@each_sender
@pytest.mark.parametrize("name", UNDOCUMENTED)
async def test_what_is_not_the_documented_json_is_told_by_status_and_content_type_alone(
    vendor: Vendor, name: str
) -> None:
    said = UNDOCUMENTED[name]

    async with open_stage(vendor) as stage:
        errors = {status: await answer_under(stage, said, status) for status in (200, 404, 502)}

    for status, error in errors.items():
        assert isinstance(error, MalformedResponseError)
        assert error.detail.endswith(f"(HTTP {status}, content type {said.content_type})")
        assert MARK not in f"{error!r} {vars(error)}"


async def answer_under(stage: Stage, said: Says, status: int) -> TaskStatus | ProviderError:
    stage.rebuild()  # a token got or refused under another status must not answer here
    stage.cloud.answers(replace(said, status=status))
    return await stage.attempt()


FAILURES: dict[str, tuple[Callable[[Vendor], Answer], int]] = {
    "a connection that breaks": (lambda _: breaks_off, 3),
    "a proxy's 502": (lambda _: replace(HTML, status=502), 3),
    "a proxy's 429": (lambda _: replace(HTML, status=429), 3),
    "the vendor's trouble": (lambda vendor: vendor.refusals.busy, 3),
    "the vendor's limit": (lambda vendor: vendor.refusals.limited, 3),
    "another protocol": (lambda _: talks_nonsense, 1),
    "a proxy's 404": (lambda _: replace(HTML, status=404), 1),
    "a page instead of an answer": (lambda _: HTML, 1),
    "an unlisted code": (lambda vendor: vendor.refusals.unlisted, 1),
    "more time than there is": (lambda _: Says({}, 429, {"Retry-After": "60"}), 1),
}


@each_sender
@pytest.mark.parametrize("name", FAILURES)
async def test_a_question_is_asked_again_only_where_that_is_worth_it(
    vendor: Vendor, name: str
) -> None:
    failure, times = FAILURES[name]

    async with open_stage(vendor, clock=HastyClock()) as stage:
        stage.cloud.answers(failure(vendor))
        error = await stage.question()

    assert isinstance(error, ProviderError)
    assert len(stage.asked) == times
    assert stage.clock.monotonic() < stage.config.timeout


@each_sender
async def test_a_refused_key_is_asked_with_again_only_where_another_can_be_had(
    vendor: Vendor,
) -> None:
    async with open_stage(vendor, clock=HastyClock()) as stage:
        stage.cloud.answers(vendor.refusals.auth)
        error = await stage.question()

    assert isinstance(error, AuthError)
    assert len(stage.asked) == 1 + vendor.auth_retries


@each_sender
async def test_who_is_answered_at_the_third_attempt_never_hears_of_the_first_two(
    vendor: Vendor,
) -> None:
    async with open_stage(vendor, clock=HastyClock()) as stage:
        stage.cloud.answers(breaks_off, vendor.refusals.busy, vendor.says(vendor.words.done))
        answer = await stage.question()

    assert isinstance(answer, TaskStatus)
    assert answer.state is TaskState.SUCCEEDED
    assert len(stage.asked) == 3


FACES = [
    pytest.param(vendor, said, id=f"{vendor.id}-{number}")
    for vendor in VENDORS
    for number, said in enumerate(vendor.refusals.missing, 1)
]
"""NO_TASK in an object, a code of its own, a row that is missing, an error under HTTP 200."""


@pytest.mark.parametrize(("vendor", "said"), FACES)
async def test_a_task_nobody_knows_is_not_found_whatever_face_that_has(
    vendor: Vendor, said: Says
) -> None:
    async with open_stage(vendor) as stage:
        stage.cloud.answers(said)
        error = await stage.attempt()
        status = await stage.person()

    assert isinstance(error, TaskNotFoundError)
    assert error.hint != TaskNotFoundError.default_hint
    assert status.state is TaskState.NOT_FOUND
    assert status.error is not None
    assert (status.error.reason, status.error.hint) == (Reason.NOT_FOUND, error.hint)


def test_only_an_undocumented_face_is_missing() -> None:
    faceless = {vendor.id for vendor in VENDORS if not vendor.refusals.missing}

    assert faceless == {TENCENT.id}  # ZEGO does not say how an unknown task of Tencent's shows


@each_vendor
@pytest.mark.parametrize("link", ["http://cdn.example.com/a.mp4?t=1&x=%2F", "HTTPS://c.example/b"])
async def test_a_web_link_is_passed_on_as_the_vendor_wrote_it(vendor: Vendor, link: str) -> None:
    async with open_stage(vendor) as stage:
        stage.cloud.answers(vendor.says(vendor.words.done, link))
        status = await stage.attempt()

    assert isinstance(status, TaskStatus)
    assert {output.url for output in status.outputs} == {link if vendor.passes_links else None}
    assert set(status.thumbnails) <= {link}


@each_vendor
@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "ftp://cdn.example.com/a.mp4",
        "//cdn.example.com/a.mp4",
        "file:///etc/passwd",
        "slack://open",
        "https:///a.mp4",
        "https://cdn.example.com/a b.mp4",
        "https://cdn.example.com/a\n.mp4",
        "http://[",
    ],
)
async def test_nothing_else_becomes_a_link(vendor: Vendor, link: str) -> None:
    async with open_stage(vendor) as stage:
        stage.cloud.answers(vendor.says(vendor.words.done, link))
        status = await stage.attempt()

    assert isinstance(status, TaskStatus)
    assert [output.url for output in status.outputs if output.url] == []
    assert status.thumbnails == ()
