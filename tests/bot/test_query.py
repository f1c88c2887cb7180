"""``mediatask query``: what is printed for a program and for a person, and the exit status."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.commands import UsageError
from bot.query import exit_status, render, run_query
from bot.sandbox.clouds import VendorClouds
from bot.settings.load import Settings
from providers.clock import SystemClock
from providers.huawei_mpc.config import HuaweiMpcAccount
from providers.models import TaskRef, TaskState, format_instant
from providers.registry import AnyAccount
from providers.zego.config import ZegoAccount
from tests.fakes.hasty_clock import HastyClock
from tests.fakes.provider import told
from tests.fakes.scripted_server import ScriptedServer

DATA = Path(__file__).parents[1] / "data"
RECORD = "X3CgNeE4I1qAAABN"
Documents = list[dict[str, Any]]


def load_reply(name: str) -> Any:
    """The vendor's documented reply of that name."""
    cases = json.loads((DATA / "vectors" / "fixtures.json").read_text("utf-8"))["cases"]
    return next(case["body"] for case in cases if case["name"] == name)


def load_promise(name: str) -> Any:
    """The object the public contract gives as the answer."""
    return json.loads((DATA / "contract" / f"{name}.json").read_text("utf-8"))


def accounts_at(url: str) -> dict[str, AnyAccount]:
    zego = {"app_id": 1, "server_secret": "secret", "rtc_url": url, "record_url": url}
    huawei = {"project_id": "p", "ak": "ak", "sk": "sk", "region": "ap-southeast-3"}
    return {
        "main": ZegoAccount.model_validate(zego),
        "transcode": HuaweiMpcAccount.model_validate(huawei | {"url": url.rstrip("/")}),
    }


def without_what_was_added(document: Any, promised: Any) -> Any:
    """Keep what was promised: more keys may be added, none removed."""
    if isinstance(promised, dict):
        return {
            key: without_what_was_added(value, promised[key])
            for key, value in document.items()
            if key in promised
        }
    if isinstance(promised, list):
        pairs = zip(document, promised, strict=True)
        return [without_what_was_added(value, inner) for value, inner in pairs]
    return document


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("zego_record_ended", ("record", "X3CgNeE4I1qAAABN")),
        ("huawei_transcodings_one", ("mpc", "22123973")),
    ],
)
async def test_the_documented_replies_give_the_documented_json(
    reply: str, words: tuple[str, str], server: ScriptedServer, hasty_clock: HastyClock
) -> None:
    server.will_say(load_reply(reply))
    promised = load_promise(words[0])

    text, status = await run_query(accounts_at(server.url), words, as_json=True, clock=hasty_clock)

    (document,) = json.loads(text)
    promised["queried_at"] = format_instant(hasty_clock.now())
    assert without_what_was_added(document, promised) == promised
    assert status == 0


async def ask(clouds: VendorClouds, *words: str) -> tuple[Documents, int]:
    settings = Settings.model_validate({"accounts": clouds.accounts()})
    text, status = await run_query(settings.accounts, words, as_json=True, clock=SystemClock())
    documents: Documents = json.loads(text)
    return documents, status


async def test_answers_come_in_the_order_asked_and_repeats_once(clouds: VendorClouds) -> None:
    words = ("record", "LostFilesAAAAAA1", RECORD, "LostFilesAAAAAA1", "EmptyRoomAAAAAA1")

    documents, status = await ask(clouds, *words)

    told = [(document["task_id"], document["state"]) for document in documents]
    assert told == [
        ("LostFilesAAAAAA1", "failed"),
        (RECORD, "succeeded"),
        ("EmptyRoomAAAAAA1", "empty"),
    ]
    assert status == 0


async def test_refs_of_several_providers_go_in_one_question(clouds: VendorClouds) -> None:
    refs = (f"record:{RECORD}", "mpc@transcode:22123974", "ghucnligqtgtvk2624mb")

    documents, _ = await ask(clouds, *refs)

    assert [document["provider"] for document in documents] == ["record", "mpc", "tiw"]


async def test_a_task_nobody_knows_is_not_found_with_a_hint(clouds: VendorClouds) -> None:
    documents, status = await ask(clouds, "record", "NoSuchRecordAAAA")

    (document,) = documents
    assert (document["state"], document["error"]["reason"]) == ("not_found", "not_found")
    assert document["error"]["hint"]
    assert status == 1


async def test_a_vendor_that_cannot_be_reached_gives_no_state(hasty_clock: HastyClock) -> None:
    accounts = accounts_at("http://127.0.0.1:9/")

    text, status = await run_query(accounts, ("record", RECORD), as_json=True, clock=hasty_clock)

    (document,) = json.loads(text)
    assert (document["state"], document["error"]["reason"]) == (None, "unreachable")
    assert status == 4


async def test_words_that_are_no_question_ask_nobody(server: ScriptedServer) -> None:
    asking = run_query(accounts_at(server.url), ("record",), as_json=False, clock=SystemClock())

    with pytest.raises(UsageError) as caught:
        await asking

    assert "An id is missing" in caught.value.problem
    assert server.heard == []


STATUSES = {
    "done": told(TaskRef("record", "main", "done"), TaskState.SUCCEEDED),
    "failed": told(TaskRef("record", "main", "failed"), TaskState.FAILED),
    "gone": told(TaskRef("record", "main", "gone"), TaskState.NOT_FOUND),
    "silent": told(TaskRef("record", "main", "silent"), TaskState.RUNNING).model_copy(
        update={"state": None}
    ),
}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["done"], 0),
        (["done", "failed"], 0),
        (["done", "gone"], 1),
        (["silent"], 4),
        (["gone", "silent", "done"], 4),
    ],
)
def test_the_exit_status_is_that_of_the_worst(names: Sequence[str], expected: int) -> None:
    assert exit_status([STATUSES[name] for name in names]) == expected


def test_a_person_reads_the_tasks_apart() -> None:
    text = render([STATUSES["done"], STATUSES["gone"]], as_json=False)

    assert [part.split("\n")[0] for part in text.split("\n\n")] == [
        "Media task record@main:done: Done",
        "Media task record@main:gone: Not found",
    ]


def test_a_program_reads_what_the_vendor_wrote_in_its_own_script() -> None:
    status = STATUSES["done"].model_copy(update={"room": "会议"})

    text = render([status], as_json=True)

    assert "会议" in text
    assert json.loads(text)[0]["room"] == "会议"
