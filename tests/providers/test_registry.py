"""From configured accounts to what can be asked."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator

import aiohttp
import pytest

from providers.base import BatchProvider, TaskLister
from providers.ids import PROVIDERS
from providers.registry import (
    CALLBACK_SETTINGS,
    AnyAccount,
    Tools,
    build_callback_receivers,
    build_endpoints,
    new_nonce,
)
from tests.fakes.clock import FakeClock
from tests.providers.contract_vendors import MPC_SIGNED, MPC_TOKEN, TENCENT, TIW, Vendor


@pytest.fixture
async def tools() -> AsyncIterator[Tools]:
    async with aiohttp.ClientSession() as session:
        yield Tools(session, FakeClock(), observe=lambda *_: None)


def account(vendor: Vendor, **changes: object) -> AnyAccount:
    return vendor.model.model_validate({**vendor.section, **changes})


ACCOUNTS = {
    "whiteboard": account(TIW),
    "main": account(TENCENT),
    "transcode": account(MPC_SIGNED),
    "staging": account(TENCENT),
    "tokens": account(MPC_TOKEN),
}


def test_every_account_serves_its_vendors_words_in_the_configured_order(tools: Tools) -> None:
    endpoints = build_endpoints(ACCOUNTS, tools)

    assert list(endpoints) == [
        ("tiw", "whiteboard"),
        ("tencent", "main"),
        ("huawei", "main"),
        ("record", "main"),
        ("mpc", "transcode"),
        ("tencent", "staging"),
        ("huawei", "staging"),
        ("record", "staging"),
        ("mpc", "tokens"),
    ]
    assert {word for word, _ in endpoints} == set(PROVIDERS)


def test_a_provider_is_found_by_its_own_name(tools: Tools) -> None:
    endpoints = build_endpoints(ACCOUNTS, tools)

    assert all(endpoint.provider.name == word for (word, _), endpoint in endpoints.items())


def test_without_an_account_nobody_can_be_asked(tools: Tools) -> None:
    assert build_endpoints({}, tools) == {}


def test_only_both_words_of_one_api_share_a_gate(tools: Tools) -> None:
    endpoints = build_endpoints(ACCOUNTS, tools)

    gates = {key: endpoint.gate for key, endpoint in endpoints.items()}

    assert gates["tencent", "main"] is gates["huawei", "main"]
    assert gates["tencent", "main"] is not gates["tencent", "staging"]
    assert len(set(map(id, gates.values()))) == len(gates) - 2
    assert {gate.name for gate in gates.values()} == {
        *("tiw@whiteboard", "mpc@transcode", "mpc@tokens"),
        *("media@main", "record@main", "media@staging", "record@staging"),
    }


def test_who_can_answer_several_ids_or_list_tasks_is_known_by_type(tools: Tools) -> None:
    endpoints = build_endpoints(ACCOUNTS, tools)

    providers = {endpoint.provider.name: endpoint.provider for endpoint in endpoints.values()}
    batching = {name for name, one in providers.items() if isinstance(one, BatchProvider)}
    listing = {name for name, one in providers.items() if isinstance(one, TaskLister)}

    assert batching == {"mpc"}
    assert listing == {"mpc", "record"}


@pytest.mark.parametrize(
    ("vendor", "changes", "word", "documented"),
    [
        (TENCENT, {}, "tencent", 20),
        (TENCENT, {}, "record", 10),
        (TENCENT, {"rate": 40}, "huawei", 40),
        (TENCENT, {"record_rate": 5}, "record", 5),
        (TIW, {}, "tiw", 20),
        (MPC_SIGNED, {}, "mpc", 100),
        (MPC_TOKEN, {"rate": 1}, "mpc", 60),
    ],
)
async def test_a_gate_keeps_the_documented_limit(
    tools: Tools, vendor: Vendor, changes: dict[str, float], word: str, documented: int
) -> None:
    endpoints = build_endpoints({"main": account(vendor, **changes)}, tools)
    gate = endpoints[word, "main"].gate

    await gate.call(nothing)

    assert gate.health().budget == pytest.approx(1 - 1 / documented)


async def nothing() -> None:
    """Be the attempt that takes no time."""


def test_every_nonce_is_sixteen_hexadecimal_characters_and_new() -> None:
    nonces = [new_nonce() for _ in range(100)]

    assert all(re.fullmatch(r"[0-9a-f]{16}", nonce) for nonce in nonces)
    assert len(set(nonces)) == 100


def test_the_jitter_is_a_share(tools: Tools) -> None:
    assert all(0 <= tools.random() < 1 for _ in range(100))


def test_what_every_adapter_is_handed_shows_no_secret(tools: Tools) -> None:
    endpoints = build_endpoints(ACCOUNTS, tools)

    assert "canary" not in repr(endpoints).lower()


async def test_a_vendor_that_is_not_configured_is_not_imported() -> None:
    script = (
        "import sys, providers.registry;"
        "print([name for name in sys.modules if name.startswith('providers.')"
        " and name.endswith('.client')])"
    )

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script), stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(30):
        out, _ = await process.communicate()

    assert out.decode().strip() == "[]"


CALLED_BACK: dict[str, AnyAccount] = {
    "whiteboard": account(TIW, callback_key="key"),
    "main": account(TENCENT, callback_secret="secret"),
    "transcode": account(MPC_SIGNED, smn_topics=["urn:smn:r:p:mpc"]),
}


def test_an_account_that_can_prove_its_callbacks_has_a_receiver() -> None:
    receivers = build_callback_receivers({**CALLED_BACK, "tokens": account(MPC_TOKEN)})

    assert list(receivers) == ["whiteboard", "main", "transcode"]


def test_an_account_that_cannot_prove_its_callbacks_has_none() -> None:
    bare = {
        name: account(vendor) for name, vendor in (("a", TIW), ("b", TENCENT), ("c", MPC_TOKEN))
    }

    assert build_callback_receivers(bare) == {}


@pytest.mark.parametrize("name", CALLED_BACK)
def test_the_setting_that_makes_callbacks_work_is_told_by_vendor(name: str) -> None:
    called_back = CALLED_BACK[name]
    setting = CALLBACK_SETTINGS[called_back.vendor]

    without = called_back.model_copy(
        update={setting: type(called_back).model_fields[setting].default}
    )

    assert build_callback_receivers({name: without}) == {}
