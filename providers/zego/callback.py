"""ZEGO's callbacks, signed by ``sha1_hex`` of callback secret, timestamp and nonce, sorted as text.

Both products sign alike, with the console's callback secret, which is not the ServerSecret. The
signature covers nothing of what is said, so all of it is a hint (ZEGO docs, Callback
Configuration Description and Recording status callback, read 2026-11).
"""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha1
from typing import Any

from pydantic import SecretStr

from providers.callbacks import (
    CallbackNews,
    Received,
    check_content_type,
    check_fresh,
    make_replay_key,
    name_event,
)
from providers.errors import MalformedCallbackError, SignatureError, WrongAccountError
from providers.reading import read_epoch_s
from providers.zego import media_news, record_news
from providers.zego.callback_wire import Proof, read_body

WINDOW = timedelta(minutes=10)
"""Longer than ZEGO retries, which is about a minute."""

_CONTENT_TYPES = frozenset(
    {
        *("application/json", "text/json", "text/plain"),
        *("application/x-www-form-urlencoded", "application/octet-stream"),
    }
)
"""The pages name none; these carry what they describe."""
_SENDING = frozenset({"timestamp", "nonce", "signature"})
"""What every sending of the same callback may change."""


def sign(secret: str, timestamp: str, nonce: str) -> str:
    """Make the signature a callback has to carry."""
    text = "".join(sorted((secret, timestamp, nonce)))
    # SHA-1 is the vendor's choice; the flag lets it run where policy bans SHA-1 for security.
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


class ZegoCallbackReceiver:
    """Reads what ZEGO calls back about one account's app."""

    def __init__(self, account: str, app_id: int, callback_secret: SecretStr) -> None:
        self._account = account
        self._app_id = str(app_id)
        self._secret = callback_secret

    def parse_callback(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Received:
        """Believe that ZEGO sent a callback; never that what it says is so.

        Raises:
            CallbackError: it is not believed.
        """
        check_content_type(headers, _CONTENT_TYPES)
        document = read_body(body)
        proof = Proof.model_validate(document)
        sent_at = self._check_signature(proof)
        stale_at = check_fresh(sent_at, now, WINDOW)
        if proof.app_id != self._app_id:
            raise WrongAccountError("the callback is for another AppID than this account's")
        word, news = self._read_news(proof, document, now)
        content = {name: value for name, value in document.items() if name not in _SENDING}
        return Received(
            event=name_event(word),
            documented=word in media_news.EVENTS or word in record_news.EVENTS,
            sent_at=sent_at,
            replay_key=make_replay_key(self._account, content),
            stale_at=stale_at,
            news=news,
        )

    def _check_signature(self, proof: Proof) -> datetime:
        timestamp = proof.timestamp or ""
        signature = sign(self._secret.get_secret_value(), timestamp, proof.nonce or "")
        if not hmac.compare_digest(signature.encode(), (proof.signature or "").encode()):
            raise SignatureError("the callback's signature is not ZEGO's")
        sent_at = read_epoch_s(timestamp)
        if sent_at is None:
            raise MalformedCallbackError("the callback's timestamp is no time")
        return sent_at

    def _read_news(
        self, proof: Proof, document: Mapping[str, Any], now: datetime
    ) -> tuple[str, tuple[CallbackNews, ...]]:
        if proof.event:
            return proof.event, media_news.read_media_news(
                self._account, proof.event, document, now=now
            )
        if proof.event_type:
            news = record_news.read_record_news(self._account, proof.event_type, document)
            return proof.event_type, (news,)
        raise MalformedCallbackError("the callback names no event")
