"""Every promise over every provider: what is secret stays between us and the vendor."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

import pytest
from aiohttp import web

from providers.errors import ConfigurationError, ProviderError, UnreachableError
from providers.http import MAX_REPLY_BYTES
from providers.models import TaskStatus
from tests.fakes.cloud import Answer, Says, breaks_off, talks_nonsense
from tests.fakes.hasty_clock import HastyClock
from tests.providers.contract_stage import Stage, bounded, open_stage
from tests.providers.contract_vendors import CANARY, FAILING, VENDORS, Vendor

each_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.id)
each_sender = pytest.mark.parametrize("vendor", FAILING, ids=lambda vendor: vendor.id)

SHORT_S = 0.05
PROOFS = ("Authorization", "X-Auth-Token", "X-Security-Token", "X-TC-Token")
NOWHERE = dict.fromkeys(("url", "iam_url", "rtc_url", "record_url"), "nowhere")


def echo(said: Says) -> Answer:
    """Put everything that was sent in the place of the vendor's words."""

    async def answer(request: web.Request) -> web.StreamResponse:
        proofs = [request.headers[name] for name in PROOFS if name in request.headers]
        sent = " ".join(((await request.read()).decode(), *proofs, request.raw_path))
        return await replace(said, document=_with_words(said.document, sent))(request)

    return answer


def _with_words(document: object, words: str) -> object:
    if isinstance(document, dict):
        return {key: _with_words(value, words) for key, value in document.items()}
    return words if document == "vendor words" else document


async def echo_page(request: web.Request) -> web.StreamResponse:
    sent = f"{request.raw_path} {dict(request.headers)}"
    location = {"Location": f"/{request.raw_path}"}
    return web.Response(text=sent, status=302, headers=location, content_type="text/html")


ANSWERS: dict[str, Callable[[Vendor], Answer]] = {
    "a refused key": lambda vendor: echo(vendor.refusals.auth),
    "the vendor's trouble": lambda vendor: echo(vendor.refusals.busy),
    "the vendor's limit": lambda vendor: echo(vendor.refusals.limited),
    "an unlisted code": lambda vendor: echo(vendor.refusals.unlisted),
    "a redirect": lambda _: echo_page,
    "a strange object": lambda _: echo(Says({"message": "vendor words"}, 502)),
    "a broken connection": lambda _: breaks_off,
    "another protocol": lambda _: talks_nonsense,
    "too much": lambda vendor: vendor.says(vendor.words.done).padded(MAX_REPLY_BYTES + 1),
}


@each_sender
@pytest.mark.parametrize("name", ANSWERS)
async def test_no_answer_makes_an_error_or_a_log_tell_what_was_sent(
    vendor: Vendor, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    async with open_stage(vendor) as stage:
        stage.cloud.answers(ANSWERS[name](vendor))
        error = await stage.attempt()

        assert isinstance(error, ProviderError)
        assert betrayed(stage, everything_of(error), caplog.text) == []


@each_sender
@pytest.mark.parametrize("name", ANSWERS)
async def test_no_answer_makes_what_people_see_tell_what_was_sent(
    vendor: Vendor, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    async with open_stage(vendor, clock=HastyClock()) as stage:
        stage.cloud.answers(ANSWERS[name](vendor))
        status = await stage.person()

        assert status.error is not None
        assert betrayed(stage, repr(status), status.model_dump_json(), caplog.text) == []


async def hang(stage: Stage) -> BaseException:
    """Ask a vendor that never answers, until the time is over."""
    stage.cloud.answers(stage.cloud.hangs)
    return await failure_of(stage.question())


async def cancel(stage: Stage) -> BaseException:
    """Give a question up while the vendor has it."""
    stage.cloud.answers(stage.cloud.hangs)
    asking = asyncio.create_task(stage.provider.fetch_task(stage.ref()))
    await bounded(stage.cloud.arrived.wait())
    asking.cancel()
    return await failure_of(asking)


async def ask_nobody(stage: Stage) -> BaseException:
    """Ask where nobody listens."""
    await stage.cloud.close()
    return await failure_of(stage.question())


async def ask_nowhere(stage: Stage) -> BaseException:
    """Ask with an address that is none, past the check of the configuration."""
    stage.config = stage.config.model_copy(update=NOWHERE)
    stage.rebuild()
    return await failure_of(stage.attempt())


async def failure_of(question: Awaitable[object]) -> BaseException:
    try:
        answer = await bounded(question)
    except asyncio.CancelledError as error:
        return error
    assert isinstance(answer, ProviderError)
    return answer


@each_sender
@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (hang, UnreachableError),
        (cancel, asyncio.CancelledError),
        (ask_nobody, UnreachableError),
        (ask_nowhere, ConfigurationError),
    ],
)
async def test_no_trouble_makes_an_error_or_a_log_tell_what_was_sent(
    vendor: Vendor,
    trouble: Callable[[Stage], Awaitable[BaseException]],
    kind: type[BaseException],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")

    async with open_stage(vendor, timeout=SHORT_S) as stage:
        error = await trouble(stage)

        assert type(error) is kind
        assert betrayed(stage, everything_of(error), caplog.text) == []


@each_sender
async def test_speaking_tls_to_who_does_not_tells_nothing(
    vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    async with open_stage(vendor) as stage:
        secure = stage.cloud.url.replace("http:", "https:")
        stage.config = stage.config.model_copy(update=dict.fromkeys(NOWHERE, secure))
        stage.rebuild()
        error = await stage.attempt()

        assert isinstance(error, UnreachableError)
        assert betrayed(stage, everything_of(error), caplog.text) == []


@each_vendor
async def test_a_good_answer_tells_nothing_of_the_question(
    vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    async with open_stage(vendor) as stage:
        stage.cloud.answers(vendor.says(vendor.words.done))
        status = await stage.attempt()

        assert isinstance(status, TaskStatus)
        shown = f"{status!r} {status.model_dump_json()} {status.raw} {caplog.text}"
        assert betrayed(stage, shown) == []


@each_vendor
async def test_the_search_for_secrets_would_find_them(vendor: Vendor) -> None:
    async with open_stage(vendor) as stage:
        stage.cloud.answers(vendor.says(vendor.words.done))
        await stage.attempt()
        (asked,) = stage.asked

        assert betrayed(stage, f"{asked.target} {asked.headers}") != []


def betrayed(stage: Stage, *shown: str) -> list[str]:
    """Find secrets in what is *shown*, and in how everything that holds them shows itself."""
    holders = (stage.config, stage.provider, stage.endpoint, stage.gate, stage.lookup, stage.tools)
    text = " ".join((*shown, *map(repr, holders), repr(vars(stage.provider)))).lower()
    return [secret for secret in {CANARY, *secrets_sent(stage)} if secret.lower() in text]


def secrets_sent(stage: Stage) -> Iterator[str]:
    """Give what proved who asked, as it went over the wire."""
    for asked in stage.asked:
        yield stage.vendor.signature(asked)
        if "Signature=" in asked.target:
            yield asked.target


def everything_of(error: BaseException) -> str:
    """Write down an error and all that led to it, the way any logger might."""
    seen: list[str] = []
    chain: list[BaseException | None] = [error]
    while chain:
        if (link := chain.pop()) is not None:
            seen += [str(link), repr(link), repr(link.args), repr(vars(link))]
            seen += traceback.format_exception(link)
            chain += [link.__cause__, link.__context__]
    return " ".join(seen)
