"""Every provider by its word: from configured accounts to what can be asked.

The type checker proves here that each adapter keeps the contract. A vendor's adapter is imported
where an account of that vendor is configured, because a query in a shell waits for every import.
"""

import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import SystemRandom
from typing import assert_never

import aiohttp
from pydantic import SecretStr

from providers.base import Provider
from providers.callbacks import CallbackReceiver
from providers.clock import Clock
from providers.gate import Gate, Observe
from providers.huawei_mpc.config import HuaweiMpcAccount
from providers.limiter import Limit, Turns
from providers.lookup import Endpoint
from providers.models import TaskRef
from providers.tencent_tiw.config import TencentTiwAccount
from providers.zego.config import ZegoAccount

AnyAccount = ZegoAccount | HuaweiMpcAccount | TencentTiwAccount
CALLBACK_SETTINGS: Mapping[str, str] = {
    "zego": "callback_secret",
    "huawei-mpc": "smn_topics",
    "tencent-tiw": "callback_key",
}
"""By vendor, what an account must have set for its callbacks to be believed."""
Endpoints = dict[tuple[str, str], Endpoint]
"""What can be asked, by provider and account, in the order of the configuration."""


WasOrdinary = Callable[[TaskRef], Awaitable[bool]]
"""Tells whether a callback called a recording's abnormal ending an ordinary one."""


async def nobody_said(_ref: TaskRef) -> bool:
    """Know of no callback."""
    return False


NewTurns = Callable[[str, Limit], Turns]
"""Makes the turns that several processes take together, by the gate's name."""


_PROVIDERS: Mapping[str, tuple[str, ...]] = {
    "zego": ("tencent", "huawei", "record"),
    "huawei-mpc": ("mpc",),
    "tencent-tiw": ("tiw",),
}
"""The providers an account of each vendor serves; a test holds it against what is built."""


def accounts_of(accounts: Mapping[str, AnyAccount]) -> dict[str, list[str]]:
    """Tell each provider's accounts, the default first, without building what asks them."""
    served: dict[str, list[str]] = {}
    for name, account in accounts.items():
        for provider in _PROVIDERS[account.vendor]:
            served.setdefault(provider, []).append(name)
    return served


def new_nonce() -> str:
    """Draw 8 random bytes as 16 hexadecimal characters."""
    return secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class Tools:
    """What every adapter and gate is handed."""

    session: aiohttp.ClientSession
    clock: Clock
    observe: Observe
    nonce: Callable[[], str] = new_nonce
    random: Callable[[], float] = field(default_factory=lambda: SystemRandom().random)
    new_turns: NewTurns | None = None
    """None: this process keeps to the limits by itself."""
    was_ordinary: WasOrdinary = nobody_said

    def gate(self, name: str, account: AnyAccount, limit: Limit) -> Gate:
        """Make the gate of one account's API."""
        return Gate(
            name,
            limit=self.new_turns(name, limit) if self.new_turns else limit,
            timeout=account.timeout,
            clock=self.clock,
            random=self.random,
            observe=self.observe,
        )


def build_endpoints(accounts: Mapping[str, AnyAccount], tools: Tools) -> Endpoints:
    """Build everything that can be asked; a vendor's first account comes first."""
    endpoints: Endpoints = {}
    for name, account in accounts.items():
        for provider, gate in _build(name, account, tools):
            endpoints[provider.name, name] = Endpoint(provider, gate)
    return endpoints


def _build(name: str, account: AnyAccount, tools: Tools) -> Iterator[tuple[Provider, Gate]]:
    match account:
        case ZegoAccount():
            yield from _build_zego(name, account, tools)
        case HuaweiMpcAccount():
            from providers.huawei_mpc.client import HuaweiMpcProvider

            limit = Limit.per_second(account.rate, window_s=60)
            mpc = HuaweiMpcProvider(name, account, session=tools.session, clock=tools.clock)
            yield mpc, tools.gate(f"mpc@{name}", account, limit)
        case TencentTiwAccount():
            from providers.tencent_tiw.client import TencentTiwProvider

            tiw = TencentTiwProvider(name, account, session=tools.session, clock=tools.clock)
            yield tiw, tools.gate(f"tiw@{name}", account, Limit.per_second(account.rate))
        case _:
            assert_never(account)


def _build_zego(name: str, account: ZegoAccount, tools: Tools) -> Iterator[tuple[Provider, Gate]]:
    """Both words of DescribeMediaTask share its one limit, 20 a second under an AppID."""
    from providers.zego.client import ZegoMediaProvider, ZegoRecordProvider

    session, clock, nonce = tools.session, tools.clock, tools.nonce
    media = tools.gate(f"media@{name}", account, Limit.per_second(account.rate))
    for word in ("tencent", "huawei"):
        yield (
            ZegoMediaProvider(word, name, account, session=session, clock=clock, nonce=nonce),
            media,
        )
    record = ZegoRecordProvider(
        name,
        account,
        session=session,
        clock=clock,
        nonce=nonce,
        was_ordinary=tools.was_ordinary,
    )
    limit = Limit.per_second(account.record_rate)
    yield record, tools.gate(f"record@{name}", account, limit)


def build_callback_receivers(accounts: Mapping[str, AnyAccount]) -> dict[str, CallbackReceiver]:
    """Build what reads the callbacks of each account; none where ``CALLBACK_SETTINGS`` is unset."""
    built = ((name, _build_receiver(name, account)) for name, account in accounts.items())
    return {name: receiver for name, receiver in built if receiver is not None}


def _build_receiver(name: str, account: AnyAccount) -> CallbackReceiver | None:
    match account:
        case ZegoAccount(callback_secret=SecretStr() as secret):
            from providers.zego.callback import ZegoCallbackReceiver

            return ZegoCallbackReceiver(name, account.app_id, secret)
        case HuaweiMpcAccount(smn_topics=(_, *_)):
            from providers.huawei_mpc.callback import HuaweiMpcCallbackReceiver

            return HuaweiMpcCallbackReceiver(name, account)
        case TencentTiwAccount(callback_key=SecretStr() as key):
            from providers.tencent_tiw.callback import TencentTiwCallbackReceiver

            return TencentTiwCallbackReceiver(name, account.sdk_app_id, key)
        case _:
            return None
