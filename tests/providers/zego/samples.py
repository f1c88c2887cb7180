"""The documented samples, and an account whose secrets are easy to look for."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from providers.zego.config import ZegoAccount

VECTORS = Path(__file__).parents[2] / "data" / "vectors"
SECRET = "fakeserversecret0000000000000001"
NONCE = "0123456789abcdef"
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def load_reply(name: str) -> Any:
    """A reply body of fixtures.json."""
    cases = json.loads((VECTORS / "fixtures.json").read_text("utf-8"))["cases"]
    return next(case["body"] for case in cases if case["name"] == name)


def load_signing_cases() -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((VECTORS / "zego_request.json").read_text("utf-8"))[
        "cases"
    ]
    return cases


def an_account(**changes: object) -> ZegoAccount:
    return ZegoAccount.model_validate({"app_id": 1234567890, "server_secret": SECRET, **changes})
