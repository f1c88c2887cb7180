"""What vendors are answered over real HTTP, what is kept of it, and how it is counted."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from prometheus_client import CollectorRegistry

from bot.fetch import FetchRefusedError
from bot.http_server import HttpServer, Standing, create_web_app
from bot.intake.acceptance import Acceptance
from bot.intake.certificates import Certificates
from bot.intake.figures import CallbackFigures
from bot.metrics import Metrics
from bot.oncall import NewCallback
from bot.store.errors import StoreError
from bot.webhooks import MAX_BODY_BYTES, Webhooks
from providers.huawei_mpc.config import HuaweiMpcAccount
from providers.registry import AnyAccount, build_callback_receivers
from providers.tencent_tiw.config import TencentTiwAccount
from providers.zego.config import ZegoAccount
from tests.bot.intake.world import ScriptedFetcher, receivers
from tests.fakes.clock import FakeClock
from tests.providers.callback_rows import NOW
from tests.providers.huawei_mpc import smn_signer
from tests.providers.tencent_tiw import callbacks as tiw
from tests.providers.zego import callbacks as zego

VENDORS = {"zego": "zego", "mpc": "huawei-mpc", "tiw": "tencent-tiw"}
GOOD = (200, {"error_code": 0})


@dataclass
class KeptInbox:
    """Keeps what it is told to in memory, or fails."""

    kept: dict[tuple[str, str], NewCallback] = field(default_factory=dict)
    commits: list[int] = field(default_factory=list)
    fails: bool = False
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def accept(self, new: Sequence[NewCallback]) -> list[bool]:
        await self.gate.wait()
        if self.fails:
            raise StoreError("the disk is full; free some space")
        self.commits.append(len(new))
        firsts = []
        for one in new:
            key = (one.account, one.replay_key)
            firsts.append(key not in self.kept)
            self.kept.setdefault(key, one)
        return firsts


@dataclass
class Door:
    """A listening server with the webhooks behind it."""

    url: str
    session: aiohttp.ClientSession
    inbox: KeptInbox
    fetcher: ScriptedFetcher
    registry: CollectorRegistry
    clock: FakeClock

    async def send(
        self,
        account: str,
        body: Mapping[str, Any] | bytes,
        content_type: str = "application/json",
        **headers: str,
    ) -> tuple[int, Any]:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        told = {"Content-Type": content_type, **headers}
        async with self.session.post(
            f"{self.url}/callbacks/{account}", data=sent, headers=told
        ) as reply:
            return reply.status, await reply.json()

    def verdicts(self) -> dict[tuple[str, str], float]:
        """Give what was counted, by vendor and verdict."""
        return {
            (sample.labels["vendor"], sample.labels["verdict"]): sample.value
            for family in self.registry.collect()
            for sample in family.samples
            if sample.name == "mediatask_callbacks_total"
        }


@asynccontextmanager
async def open_door(
    session: aiohttp.ClientSession,
    *,
    now: datetime = NOW,
    read: Mapping[str, Any] | None = None,
    says: Sequence[bytes | FetchRefusedError] = (),
) -> AsyncIterator[Door]:
    registry, clock, inbox = CollectorRegistry(), FakeClock(now), KeptInbox()
    fetcher = ScriptedFetcher(*says)
    webhooks = Webhooks(
        receivers=read or receivers(),
        vendors=VENDORS,
        acceptance=Acceptance(inbox, lambda: None, within_s=0.2),
        certificates=Certificates(fetcher, clock),
        figures=CallbackFigures(registry),
        clock=clock,
    )

    async def readiness() -> Standing:
        return Standing((), {})

    web_app = create_web_app(None, Metrics(), readiness, callbacks=webhooks.receive)
    server = await HttpServer.start(web_app, "127.0.0.1", 0)
    try:
        url = f"http://127.0.0.1:{server.port}"
        yield Door(url, session, inbox, fetcher, registry, clock)
    finally:
        await server.close()
        await webhooks.acceptance.close()
        await webhooks.certificates.close()


@pytest.fixture
async def door(session: aiohttp.ClientSession) -> AsyncIterator[Door]:
    async with open_door(session, says=[smn_signer.signer().pem]) as opened:
        yield opened


GENUINE = {
    "zego": zego.recording(1),
    "tiw": tiw.event("OfflineRecordFinished"),
    "mpc": smn_signer.signer().sign(smn_signer.transcoded("FAILED")),
}


@pytest.mark.parametrize("account", GENUINE)
async def test_a_genuine_callback_is_kept_and_a_replay_changes_nothing(
    account: str, door: Door
) -> None:
    first = await door.send(account, GENUINE[account])
    again = await door.send(account, GENUINE[account])

    assert (first, again) == (GOOD, GOOD)
    assert len(door.inbox.kept) == 1
    vendor = VENDORS[account]
    assert door.verdicts() == {(vendor, "accepted"): 1, (vendor, "replay"): 1}


def smn_elsewhere() -> dict[str, Any]:
    message = smn_signer.transcoded()
    return smn_signer.signer().sign({**message, "topic_urn": "urn:smn:cn-north-4:0:another"})


REFUSED: dict[str, tuple[str, Mapping[str, Any] | bytes, int, str]] = {
    "forged": ("zego", {**GENUINE["zego"], "signature": "0" * 40}, 401, "forged"),
    "forged TIW": ("tiw", {**GENUINE["tiw"], "Sign": ""}, 401, "forged"),
    "forged SMN": ("mpc", {**GENUINE["mpc"], "subject": "another"}, 401, "forged"),
    "certificate elsewhere": (
        "mpc",
        {**GENUINE["mpc"], "signing_cert_url": "https://example.com/a.pem"},
        401,
        "forged",
    ),
    "stale": ("zego", zego.signed({"event": "compose"}, stamp=zego.STAMP - 601), 401, "stale"),
    "stale TIW": ("tiw", tiw.event("OfflineRecordFinished", expires=1588040109), 401, "stale"),
    "another app": ("zego", zego.recording(1, app_id=77), 403, "wrong_account"),
    "another topic": ("mpc", smn_elsewhere(), 403, "wrong_account"),
    "no JSON": ("zego", b"hello", 400, "malformed"),
    "nothing": ("tiw", b"", 400, "malformed"),
    "no such account": ("nobody", b"{}", 404, "unknown_account"),
}


@pytest.mark.parametrize(("account", "body", "status", "verdict"), REFUSED.values(), ids=REFUSED)
async def test_what_is_not_the_vendors_is_refused_and_counted_and_not_kept(
    account: str, body: Mapping[str, Any] | bytes, status: int, verdict: str, door: Door
) -> None:
    answer = await door.send(account, body)

    assert answer == (status, {"error_code": 1, "error": verdict})
    assert door.verdicts() == {(VENDORS.get(account, "none"), verdict): 1}
    assert door.inbox.kept == {}


@pytest.mark.parametrize("content_type", ["application/xml", "multipart/form-data"])
async def test_another_content_type_is_refused(content_type: str, door: Door) -> None:
    answer = await door.send("zego", GENUINE["zego"], content_type)

    assert answer == (415, {"error_code": 1, "error": "unsupported"})


async def test_a_packed_body_is_not_unpacked(door: Door, session: aiohttp.ClientSession) -> None:
    body = json.dumps(GENUINE["zego"]).encode()

    async with session.post(f"{door.url}/callbacks/zego", data=body, compress="deflate") as reply:
        assert reply.status == 415

    assert door.inbox.kept == {}


@pytest.mark.parametrize("is_chunked", [False, True])
async def test_a_body_beyond_a_mebibyte_is_refused(
    is_chunked: bool,  # noqa: FBT001  # a parameter of the test
    door: Door,
    session: aiohttp.ClientSession,
) -> None:
    body = json.dumps(GENUINE["zego"]).encode().ljust(MAX_BODY_BYTES + 1)

    async def chunks() -> AsyncIterator[bytes]:
        yield body[:1000]
        yield body[1000:]

    sent = chunks() if is_chunked else io.BytesIO(body)
    async with session.post(f"{door.url}/callbacks/zego", data=sent) as reply:
        assert reply.status == 413

    assert door.verdicts() == {("zego", "oversize"): 1}


async def test_a_body_of_a_mebibyte_is_accepted(door: Door) -> None:
    body = json.dumps(GENUINE["zego"]).encode().ljust(MAX_BODY_BYTES)

    assert await door.send("zego", body) == GOOD


async def test_what_cannot_be_kept_gets_503_and_may_come_again(door: Door) -> None:
    door.inbox.fails = True
    refused = await door.send("zego", GENUINE["zego"])
    door.inbox.fails = False
    accepted = await door.send("zego", GENUINE["zego"])

    assert (refused[0], accepted) == (503, GOOD)
    assert door.verdicts() == {("zego", "unstored"): 1, ("zego", "accepted"): 1}


async def test_a_disk_that_hangs_gets_503_and_the_next_try_is_a_replay(door: Door) -> None:
    door.inbox.gate.clear()
    refused = await door.send("zego", GENUINE["zego"])
    door.inbox.gate.set()
    accepted = await door.send("zego", GENUINE["zego"])

    assert (refused[0], accepted) == (503, GOOD)
    assert door.verdicts() == {("zego", "overfull"): 1, ("zego", "replay"): 1}


async def test_a_burst_is_kept_with_few_commits(door: Door) -> None:
    door.inbox.gate.clear()
    bodies = [zego.recording(1, task_id=f"A{number:015}") for number in range(80)]
    sending = [asyncio.create_task(door.send("zego", body)) for body in bodies]
    await asyncio.wait(sending, timeout=0.1)
    door.inbox.gate.set()

    answers = await asyncio.gather(*sending)

    assert answers == [GOOD] * 80
    assert len(door.inbox.commits) < 10


async def test_a_certificate_is_fetched_once_for_many_messages(door: Door) -> None:
    signer = smn_signer.signer()
    messages = [
        signer.sign({**smn_signer.transcoded(), "message_id": f"{number:032x}"})
        for number in range(5)
    ]

    answers = await asyncio.gather(*(door.send("mpc", message) for message in messages))

    assert answers == [GOOD] * 5
    assert door.fetcher.asked == [smn_signer.CERT_URL]


async def test_while_the_certificate_cannot_be_had_smn_is_to_send_again(
    session: aiohttp.ClientSession,
) -> None:
    says: list[bytes | FetchRefusedError]
    says = [FetchRefusedError("no answer"), smn_signer.signer().pem]
    async with open_door(session, says=says) as door:
        first = await door.send("mpc", GENUINE["mpc"])
        soon = await door.send("mpc", GENUINE["mpc"])
        await door.clock.advance(11)
        later = await door.send("mpc", GENUINE["mpc"])

        assert (first[0], soon[0], later) == (503, 503, GOOD)
        assert len(door.fetcher.asked) == 2


async def test_a_certificate_that_is_none_is_no_proof_against_the_message(
    session: aiohttp.ClientSession,
) -> None:
    async with open_door(session, says=[b"<html></html>"]) as door:
        assert (await door.send("mpc", GENUINE["mpc"]))[0] == 503


# ---- The vectors ----


def zego_vectors() -> list[Any]:
    cases = [case for case in zego.load_callback_cases() if "body" in case["input"]]
    return [pytest.param(case, id=case["name"]) for case in cases]


@pytest.mark.parametrize("case", zego_vectors())
async def test_every_vector_of_zego_is_accepted_in_its_time(
    case: dict[str, Any], session: aiohttp.ClientSession
) -> None:
    told = case["input"]
    app_id = int(told["body"].get("appid") or told["body"]["app_id"])
    now = datetime.fromtimestamp(int(told["timestamp"]), UTC)
    secret = {"callback_secret": told["callback_secret"], "server_secret": "S"}
    account = ZegoAccount.model_validate({"app_id": app_id, **secret})

    async with open_door(session, now=now, read=one_receiver("zego", account)) as door:
        assert await door.send("zego", told["body"]) == GOOD

        await door.clock.advance(601)
        late = {**told["body"], "sequence": 99, "extra": "another"}
        assert (await door.send("zego", late))[0] == 401


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case["name"])
        for case in tiw.load_callback_cases()
        if "body" in case["input"]
    ],
)
async def test_every_vector_of_tiw_is_accepted_in_its_time(
    case: dict[str, Any], session: aiohttp.ClientSession
) -> None:
    told = case["input"]
    keys = {"secret_id": "I", "secret_key": "K", "region": "ap-singapore"}
    app = {"sdk_app_id": told["body"]["SdkAppId"], "callback_key": told["callback_key"]}
    account = TencentTiwAccount.model_validate({**keys, **app})
    now = datetime.fromtimestamp(told["expire_time"], UTC)

    async with open_door(session, now=now, read=one_receiver("tiw", account)) as door:
        assert await door.send("tiw", told["body"]) == GOOD
        await door.clock.advance(1)
        assert (await door.send("tiw", {**told["body"], "more": 1}))[0] == 401


def smn_vectors() -> list[Any]:
    cases = json.loads((tiw.VECTORS / "huawei_smn.json").read_text("utf-8"))["cases"]
    signed = [case for case in cases if "cert_pem" in case["input"]]
    return [pytest.param(case, id=case["name"]) for case in signed]


@pytest.mark.parametrize("case", smn_vectors())
async def test_every_vector_of_smn_is_accepted_or_refused_as_it_says(
    case: dict[str, Any], session: aiohttp.ClientSession
) -> None:
    body = case["input"]["body"]
    now = datetime.fromisoformat(body["timestamp"]) + timedelta(hours=1)
    keys = {"project_id": "p", "region": "cn-north-4", "ak": "AK", "sk": "SK"}
    named = {"smn_topics": [body["topic_urn"]], "smn_hosts": ["console.example.invalid"]}
    account = HuaweiMpcAccount.model_validate({**keys, **named})
    pem = case["input"]["cert_pem"].encode()

    async with open_door(session, now=now, read=one_receiver("mpc", account), says=[pem]) as door:
        status, _ = await door.send("mpc", body)

        assert status == (200 if case["expected"]["valid"] else 401)
        assert len(door.inbox.kept) == case["expected"]["valid"]


def one_receiver(name: str, account: AnyAccount) -> dict[str, Any]:
    return dict(build_callback_receivers({name: account}))
