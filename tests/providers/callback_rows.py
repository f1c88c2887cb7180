"""How each vendor calls back: the rows of the callbacks' contract.

A row says how an account is written and how a genuine callback looks. What every receiver promises
is in ``test_contract_callbacks.py``, once for all rows.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from providers.callbacks import CallbackReceiver, Received, Unverified
from providers.huawei_mpc.config import HuaweiMpcAccount
from providers.registry import AnyAccount, build_callback_receivers
from providers.tencent_tiw.config import TencentTiwAccount
from providers.zego.config import ZegoAccount
from tests.providers.huawei_mpc import smn_signer
from tests.providers.tencent_tiw import callbacks as tiw
from tests.providers.zego import callbacks as zego

CANARY = "canary"
"""Part of every other secret, so that one search finds any of them."""
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)

Body = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A vendor with one sort of callback."""

    id: str
    account: AnyAccount
    callback: Body
    """Genuine, and sent at ``NOW``."""
    task: str
    says: Callable[[Body], Body]
    """Makes a genuine one that says something else."""
    again: Callable[[Body], Body]
    """Sends the same thing a minute later."""
    elsewhere: Body
    """A genuine one for another account's app or topic."""
    proof: str
    """The field that holds what proves the sender."""
    lifetime: timedelta
    confirmed: bool = False
    secrets: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})

    @property
    def receiver(self) -> CallbackReceiver:
        return build_callback_receivers({"main": self.account})["main"]

    def send(self, callback: Body | bytes, now: datetime = NOW) -> Received:
        """Go all the way, with the right certificate where one is asked for."""
        body = callback if isinstance(callback, bytes) else json.dumps(callback).encode()
        heard = self.receiver.parse_callback(self.headers, body, now=now)
        if isinstance(heard, Unverified):
            return heard.verify(smn_signer.signer().pem)
        return heard


def _zego(**fields: Any) -> AnyAccount:
    account = {"app_id": zego.APP_ID, "server_secret": f"{CANARY}server"}
    return ZegoAccount.model_validate({**account, "callback_secret": zego.SECRET, **fields})


def _zego_again(callback: Body) -> Body:
    proof = zego.signed({}, stamp=zego.STAMP + 60, nonce="another")
    return {**callback, **{name: proof[name] for name in ("timestamp", "nonce", "signature")}}


def _tiw_again(callback: Body) -> Body:
    proof = tiw.event("", expires=tiw.EXPIRES + 60)
    return {**callback, **{name: proof[name] for name in ("ExpireTime", "Sign")}, "Timestamp": 1}


def _smn_again(callback: Body) -> Body:
    return smn_signer.signer().sign({**callback, "timestamp": "2026-11-20T10:01:00Z"})


_TIW = {"secret_id": f"{CANARY}id", "secret_key": f"{CANARY}key", "region": "ap-singapore"}
_MPC = {"project_id": "p", "region": "cn-north-4", "ak": f"{CANARY}ak", "sk": f"{CANARY}sk"}
_SIGNED = smn_signer.signer().sign(smn_signer.transcoded("FAILED"))
_OTHER_TOPIC = {**smn_signer.transcoded(), "topic_urn": "urn:smn:cn-north-4:0:another"}

ROWS = [
    Row(
        id="zego-media",
        account=_zego(),
        callback=zego.signed({"event": "compose", "task_id": zego.TENCENT_ID, "code": "0"}),
        task=f"tencent@main:{zego.TENCENT_ID}",
        says=lambda more: zego.signed({"event": "record", "task_id": "1", **more}),
        again=_zego_again,
        elsewhere=zego.signed({"event": "compose", "task_id": "1", "appid": "77"}),
        proof="signature",
        lifetime=timedelta(minutes=10),
        secrets=(zego.SECRET,),
    ),
    Row(
        id="zego-record",
        account=_zego(),
        callback=zego.recording(1, detail={"file_info": []}),
        task=f"record@main:{zego.RECORD_ID}",
        says=lambda more: zego.recording(2, **more),
        again=_zego_again,
        elsewhere=zego.recording(1, app_id=77),
        proof="signature",
        lifetime=timedelta(minutes=10),
        secrets=(zego.SECRET,),
    ),
    Row(
        id="tiw",
        account=TencentTiwAccount.model_validate(
            {**_TIW, "sdk_app_id": tiw.APP_ID, "callback_key": tiw.KEY}
        ),
        callback=tiw.event("OfflineRecordFinished"),
        task=f"tiw@main:{tiw.TASK_ID}",
        says=lambda more: tiw.event("OnlineRecordFinished", more),
        again=_tiw_again,
        elsewhere=tiw.event("OfflineRecordFinished", SdkAppId=77),
        proof="Sign",
        lifetime=timedelta(minutes=10),
        secrets=(tiw.KEY,),
    ),
    Row(
        id="mpc",
        account=HuaweiMpcAccount.model_validate({**_MPC, "smn_topics": [smn_signer.TOPIC]}),
        callback=_SIGNED,
        task="mpc@main:22123973",
        says=lambda more: smn_signer.signer().sign(smn_signer.transcoded(**more)),
        again=_smn_again,
        elsewhere=smn_signer.signer().sign(_OTHER_TOPIC),
        proof="signature",
        lifetime=timedelta(hours=24),
        confirmed=True,
    ),
]
