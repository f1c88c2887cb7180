"""How each vendor talks: the rows of the contract suite's table.

A row says how an account is written, how the vendor answers, and what a question looks like to the
vendor. What every provider promises is in ``test_contract*.py``, once for all rows.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from providers.huawei_mpc.config import HuaweiMpcAccount
from providers.registry import AnyAccount
from providers.tencent_tiw.config import TencentTiwAccount
from providers.zego.config import ZegoAccount
from tests.fakes.cloud import Answer, Asked, Says

CANARY = "canary"
"""Part of every secret, so that one search finds any of them."""
IAM_TOKEN = f"MIIDkg{CANARY}IamToken"


@dataclass(frozen=True)
class Words:
    """One status word of the vendor's for each thing a promise needs."""

    done: Any
    running: Any
    odd: Any
    field: str = "Status"


@dataclass(frozen=True)
class Refusals:
    """The vendor's documented ways to refuse a question, as they arrive."""

    auth: Says
    busy: Says
    limited: Says
    unlisted: Says
    """In the documented shape, with a code that no page lists."""
    missing: tuple[Says, ...] = ()
    """How an unknown task shows; () where that is not documented."""


@dataclass(frozen=True)
class Vendor:
    """One row: a provider with one way to sign in."""

    id: str
    provider: str
    model: type[AnyAccount]
    section: Mapping[str, Any]
    """The account as it is configured, without the addresses."""
    task_id: str
    tells: Callable[[str, Any, str], Any]
    """Writes the reply about a task id with a status word and a result (a link, a key)."""
    words: Words
    refusals: Refusals
    reads: Callable[[Asked], list[str]]
    """Finds the ids in a question, the way the vendor decodes them."""
    signature: Callable[[Asked], str]
    """Finds what proves who asks, as it arrived."""
    door: str = ""
    """What the paths of the requests in question end in; "" for all."""
    beside: Answer | None = None
    """What every other path answers."""
    passes_links: bool = True
    """Whether a link among the results is one; MPC names objects only."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """What an answer needs beside its document."""
    auth_retries: int = 0
    """How many more attempts a refused key is worth: a refused token can be replaced."""

    @property
    def account(self) -> str:
        return "main"

    def says(self, word: Any, result: str = "https://cdn.example.com/a.mp4") -> Says:
        """Answer about the row's own task."""
        return Says(self.tells(self.task_id, word, result), headers=self.headers)


def _query(asked: Asked) -> dict[str, list[str]]:
    return parse_qs(urlsplit(asked.target).query, keep_blank_values=True, strict_parsing=True)


def _zego_code(code: int) -> Says:
    return Says({"Code": code, "Message": "vendor words", "RequestId": "7", "Data": None})


def _zego_signature(asked: Asked) -> str:
    return _query(asked)["Signature"][0]


def _tells_tencent(task_id: str, word: Any, result: str) -> Any:
    task = {
        "TaskId": task_id,
        "Event": "compose",
        "Status": word,
        "ReplayUrl": result,
        "ThumbnailsUrl": [result],
    }
    return {"Code": 0, "Message": "success", "RequestId": "7", "Data": {"Tencent": task}}


def _tells_huawei(task_id: str, word: Any, result: str) -> Any:
    task = {"TaskId": task_id, "Status": word, "FileName": [result]}
    return {"Code": 0, "Message": "success", "RequestId": "7", "Data": {"Huawei": task}}


def _tells_record(_task_id: str, word: Any, result: str) -> Any:
    files = [{"FileId": "X3Cg_a.mp4", "FileUrl": result, "Status": 3}]
    task = {"RoomId": "r", "Status": word, "RecordFiles": files}
    return {"Code": 0, "Message": "succeed", "RequestId": "7", "Data": task}


def _tells_mpc(task_id: str, word: Any, result: str) -> Any:
    row = {"task_id": task_id, "status": word, "output_file_name": [result]}
    return {"task_array": [row], "is_truncated": 0, "total": 1}


def _tells_tiw(task_id: str, word: Any, result: str) -> Any:
    files = [{"VideoId": "1", "VideoUrl": result, "VideoType": 3, "VideoFormat": "mp4"}]
    task = {"TaskId": task_id, "Status": word, "VideoInfoList": files, "RequestId": "r"}
    return {"Response": task}


def _tells_token(_task_id: str, _word: Any, _result: str) -> Any:
    return {"token": {"issued_at": "x", "expires_at": "x"}}


def _refuses_tiw(code: str) -> Says:
    return Says({"Response": {"Error": {"Code": code, "Message": "vendor words"}}})


def _refuses_iam(status: int) -> Says:
    return Says({"error": {"code": status, "message": "vendor words", "title": "x"}}, status)


def _refuses_mpc(status: int, code: str) -> Says:
    return Says({"error_code": code, "error_msg": "vendor words"}, status)


_ZEGO = {"vendor": "zego", "app_id": 1234567890, "server_secret": f"{CANARY}-server-secret"}
_MPC = {"vendor": "huawei-mpc", "project_id": "0123456789abcdef", "region": "ap-southeast-3"}
_AK_SK = {
    "ak": f"AK{CANARY.upper()}",
    "sk": f"{CANARY}-sk",
    "security_token": f"{CANARY}-security-token",
}
_IAM_USER = {"iam_user": "watcher", "iam_password": f"{CANARY}-pw", "iam_domain": "acme"}
_TIW = {
    "vendor": "tencent-tiw",
    "secret_id": f"AKID{CANARY}",
    "secret_key": f"{CANARY}-secret-key",
    "security_token": f"{CANARY}-security-token",
    "sdk_app_id": 1400000001,
    "region": "ap-singapore",
}

TENCENT = Vendor(
    id="tencent",
    provider="tencent",
    model=ZegoAccount,
    section=_ZEGO,
    task_id="1400341231-ComposeMedia-6fdfc967d7eb12f5e9b27f52519f1afatt0",
    tells=_tells_tencent,
    words=Words(done="FINISH", running="PROCESSING", odd="DEFROSTING"),
    refusals=Refusals(
        auth=_zego_code(100000005),
        busy=_zego_code(100000015),
        limited=_zego_code(6),
        unlisted=_zego_code(987),
    ),
    reads=lambda asked: _query(asked)["TaskId"],
    signature=_zego_signature,
)

HUAWEI = Vendor(
    id="huawei",
    provider="huawei",
    model=ZegoAccount,
    section=_ZEGO,
    task_id="289665200",
    tells=_tells_huawei,
    words=Words(done="SUCCEEDED", running="PROCESSING", odd="DEFROSTING"),
    refusals=Refusals(
        auth=_zego_code(100000005),
        busy=_zego_code(100000015),
        limited=_zego_code(6),
        unlisted=_zego_code(987),
        missing=(Says({"Code": 0, "Data": {"Huawei": {"TaskId": "1", "Status": "NO_TASK"}}}),),
    ),
    reads=lambda asked: _query(asked)["TaskId"],
    signature=_zego_signature,
)

RECORD = Vendor(
    id="record",
    provider="record",
    model=ZegoAccount,
    section=_ZEGO,
    task_id="X3CgNeE4I1qAAABN",
    tells=_tells_record,
    words=Words(done=3, running=2, odd=9),
    refusals=Refusals(
        auth=_zego_code(100000005),
        busy=_zego_code(300010000),
        limited=_zego_code(300000003),
        unlisted=_zego_code(987),
        missing=(_zego_code(300001000),),
    ),
    reads=lambda asked: [json.loads(asked.body)["TaskId"]],
    signature=_zego_signature,
)

_MPC_REFUSALS = Refusals(
    auth=_refuses_mpc(401, "APIGW.0301"),
    busy=_refuses_mpc(500, "MPC.10050"),
    limited=_refuses_mpc(429, "APIGW.0308"),
    unlisted=_refuses_mpc(400, "MPC.99999"),
    missing=(
        Says({"task_array": [], "is_truncated": 0, "total": 0}),
        Says({"task_array": [{"task_id": 22123973, "status": "NO_TASK"}], "total": 1}),
    ),
)
_MPC_WORDS = Words(done="SUCCEEDED", running="TRANSCODING", odd="DEFROSTING", field="status")
_GIVES_TOKEN = Says({"token": {}}, 201, {"X-Subject-Token": IAM_TOKEN})

MPC_SIGNED = Vendor(
    id="mpc-ak-sk",
    provider="mpc",
    model=HuaweiMpcAccount,
    section={**_MPC, **_AK_SK},
    task_id="22123973",
    tells=_tells_mpc,
    words=_MPC_WORDS,
    refusals=_MPC_REFUSALS,
    reads=lambda asked: _query(asked)["task_id"],
    signature=lambda asked: asked.headers["Authorization"].rpartition("Signature=")[2],
    passes_links=False,
)

MPC_TOKEN = Vendor(
    id="mpc-token",
    provider="mpc",
    model=HuaweiMpcAccount,
    section={**_MPC, **_IAM_USER},
    task_id="22123973",
    tells=_tells_mpc,
    words=_MPC_WORDS,
    refusals=_MPC_REFUSALS,
    reads=lambda asked: _query(asked)["task_id"],
    signature=lambda asked: asked.headers["X-Auth-Token"],
    door="/transcodings",
    beside=_GIVES_TOKEN,
    passes_links=False,
    auth_retries=1,
)

TIW = Vendor(
    id="tiw",
    provider="tiw",
    model=TencentTiwAccount,
    section=_TIW,
    task_id="ghucnligqtgtvk2624mb",
    tells=_tells_tiw,
    words=Words(done="FINISHED", running="PROCESSING", odd="DEFROSTING"),
    refusals=Refusals(
        auth=_refuses_tiw("AuthFailure.SignatureFailure"),
        busy=_refuses_tiw("InternalError"),
        limited=_refuses_tiw("RequestLimitExceeded"),
        unlisted=_refuses_tiw("Invented"),
        missing=(_refuses_tiw("InvalidParameter.TaskNotFound"),),
    ),
    reads=lambda asked: [json.loads(asked.body)["TaskId"]],
    signature=lambda asked: asked.headers["Authorization"].rpartition("Signature=")[2],
)

IAM = Vendor(
    id="iam",
    provider="mpc",
    model=HuaweiMpcAccount,
    section={**_MPC, **_IAM_USER},
    task_id="22123973",
    tells=_tells_token,
    words=_MPC_WORDS,
    refusals=Refusals(
        auth=_refuses_iam(401),
        busy=_refuses_iam(503),
        limited=_refuses_iam(429),
        unlisted=_refuses_iam(418),
    ),
    reads=lambda _: [],
    signature=lambda asked: str(json.loads(asked.body)["auth"]),
    door="/tokens",
    headers={"X-Subject-Token": IAM_TOKEN},
    beside=Says(_tells_mpc("22123973", "SUCCEEDED", "a.mp4")),
)
"""Where the tokens of ``MPC_TOKEN`` come from: it answers no task, but fails as the others do."""

VENDORS = (TENCENT, HUAWEI, RECORD, MPC_SIGNED, MPC_TOKEN, TIW)
FAILING = (*VENDORS, IAM)
"""Everything that is sent a request."""
