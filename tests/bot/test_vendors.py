"""The vendors' side of the process, taken up and down."""

import aiohttp
import pytest

from bot.vendors import open_session, open_vendors
from providers.clock import SystemClock
from providers.registry import AnyAccount
from providers.zego.config import ZegoAccount


@pytest.fixture
def accounts() -> dict[str, AnyAccount]:
    account = {"vendor": "zego", "app_id": 1, "server_secret": "secret"}
    return {name: ZegoAccount.model_validate(account) for name in ("prod", "staging")}


async def test_each_provider_has_its_accounts_with_the_default_first(
    accounts: dict[str, AnyAccount],
) -> None:
    async with open_vendors(
        accounts, clock=SystemClock(), observe=lambda *_: None, on_undocumented=lambda *_: None
    ) as vendors:
        configured = dict(vendors.accounts)

    assert configured == dict.fromkeys(("tencent", "huawei", "record"), ("prod", "staging"))
    assert vendors.session.closed


async def test_what_fails_inside_still_closes_the_session(accounts: dict[str, AnyAccount]) -> None:
    sessions: list[aiohttp.ClientSession] = []

    with pytest.raises(RuntimeError, match="a bug"):
        await _fail_inside(accounts, sessions)

    assert [session.closed for session in sessions] == [True]


async def _fail_inside(
    accounts: dict[str, AnyAccount], sessions: list[aiohttp.ClientSession]
) -> None:
    async with open_vendors(
        accounts, clock=SystemClock(), observe=lambda *_: None, on_undocumented=lambda *_: None
    ) as vendors:
        sessions.append(vendors.session)
        raise RuntimeError("a bug")


async def test_the_session_says_who_we_are_and_keeps_no_cookies() -> None:
    async with open_session() as session:
        assert session.headers["User-Agent"] == "mediatask"
        assert isinstance(session.cookie_jar, aiohttp.DummyCookieJar)
        assert session.timeout.total is None
