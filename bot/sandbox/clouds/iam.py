"""Huawei's IAM: tokens for a user's password, and the project lookup the SDK makes.

Source: Huawei Cloud IAM API reference, Obtaining a User Token Through Password Authentication;
Querying Project Information, read 2026-11.
"""

import json
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs

from bot.sandbox.clouds import huawei_signature
from bot.sandbox.clouds.exchange import Answer, Call
from bot.sandbox.clouds.stage import encode
from bot.sandbox.scenario import HuaweiKeys, WeatherKind

TOKEN_LASTS = timedelta(hours=24)


class Tokens:
    """The tokens that were handed out, and until when each works."""

    def __init__(self) -> None:
        self._expires_at: dict[str, datetime] = {}
        self._numbers = count(1)

    def issue(self, now: datetime) -> tuple[str, datetime]:
        """Make a token and tell when it expires."""
        token = f"MIIsandbox{next(self._numbers):040d}"
        self._expires_at[token] = now + TOKEN_LASTS
        return token, self._expires_at[token]

    def knows(self, token: str) -> bool:
        """Whether it was ever handed out."""
        return token in self._expires_at

    def is_good(self, token: str, now: datetime) -> bool:
        """Whether it still works."""
        return self.knows(token) and now < self._expires_at[token]

    def expire_all(self, now: datetime) -> None:
        """End every token early, as a change of password does."""
        self._expires_at = dict.fromkeys(self._expires_at, now)


class Iam:
    """``iam.<region>``."""

    def __init__(self, keys: HuaweiKeys, tokens: Tokens) -> None:
        self._keys = keys
        self._tokens = tokens
        self._actions: dict[str, Callable[[Call], Answer]] = {
            "POST /v3/auth/tokens": self._create_token,
            "GET /v3/projects": self._list_projects,
        }

    @property
    def actions(self) -> Collection[str]:
        """What can be asked here."""
        return self._actions.keys()

    async def answer(self, call: Call) -> Answer:
        """Find the route; there is no gateway before it."""
        action = f"{call.method} {call.path}"
        handle = self._actions.get(action)
        return handle(call) if handle else _refuse(action, 404, "Not Found", "no such API")

    def refusal(self, kind: WeatherKind) -> Answer:
        """Refuse as too fast, or as signed at another time."""
        if kind is WeatherKind.RATE_LIMITED:
            return _refuse("", 429, "Too Many Requests", "The request rate exceeds the limit.")
        skewed = huawei_signature.SKEWED
        return _refuse("", skewed.status, "Unauthorized", skewed.text)

    def _create_token(self, call: Call) -> Answer:
        action = "POST /v3/auth/tokens"
        try:
            auth = json.loads(call.body)["auth"]
            user = auth["identity"]["password"]["user"]
            given = (user["name"], user["password"], user["domain"]["name"])
            scope = auth["scope"]["project"]
        except (ValueError, KeyError, TypeError):
            return _refuse(action, 400, "Bad Request", "The request body is invalid.")
        keys = self._keys
        if given != (keys.iam_user, keys.iam_password, keys.iam_domain):
            return _refuse(action, 401, "Unauthorized", "The username or password is wrong.")
        if scope not in ({"name": keys.region}, {"id": keys.project_id}):
            return _refuse(action, 401, "Unauthorized", "The project is not one of this user's.")
        return self._issue(action, call)

    def _issue(self, action: str, call: Call) -> Answer:
        token, expires_at = self._tokens.issue(call.at)
        document: dict[str, Any] = {
            "token": {
                "methods": ["password"],
                "issued_at": _instant(call.at),
                "expires_at": _instant(expires_at),
                "user": {"name": self._keys.iam_user, "domain": {"name": self._keys.iam_domain}},
                "project": {"id": self._keys.project_id, "name": self._keys.region},
                "catalog": [],
            }
        }
        if parse_qs(call.query).get("nocatalog"):
            del document["token"]["catalog"]
        return Answer(encode(document), action, status=201, headers={"X-Subject-Token": token})

    def _list_projects(self, call: Call) -> Answer:
        action = "GET /v3/projects"
        if refusal := huawei_signature.check(call, self._keys):
            return _refuse(action, refusal.status, "Unauthorized", refusal.text)
        asked = parse_qs(call.query).get("name", [self._keys.region])
        project = {"id": self._keys.project_id, "name": self._keys.region, "enabled": True}
        projects = [project] if self._keys.region in asked else []
        return Answer(encode({"projects": projects, "links": {"self": call.path}}), action)


def _refuse(action: str, status: int, title: str, text: str) -> Answer:
    document = {"error": {"code": status, "message": text, "title": title}}
    return Answer(encode(document), action, verdict=str(status), status=status)


def _instant(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
