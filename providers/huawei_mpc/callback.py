"""MPC's notifications, which come through an SMN topic, signed as a whole.

Huawei MPC user guide, Configuring Notifications and JSON Notification Format, read 2026-11. Only
transcodings are told: MPC numbers its other tasks separately, so their ids must not meet ours. A
notification names no outputs, so its success says neither what came out nor that all of it did.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from pydantic import ValidationError

from providers.callbacks import (
    CallbackNews,
    Confirmation,
    Received,
    Unverified,
    check_content_type,
    check_fresh,
    make_replay_key,
    name_event,
    read_document,
    read_nested,
    read_task_id,
)
from providers.errors import MalformedCallbackError, WrongAccountError
from providers.huawei_mpc.config import HuaweiMpcAccount
from providers.huawei_mpc.mapping import map_task
from providers.huawei_mpc.smn import (
    MessageType,
    SmnMessage,
    check_certificate_url,
    check_signature,
    check_subscribe_url,
    read_message,
)
from providers.models import Kind, TaskRef, TaskState, TaskStatus

WINDOW = timedelta(hours=24)

_CONTENT_TYPES = frozenset(
    {"application/json", "text/json", "text/plain", "application/octet-stream"}
)

EVENTS = frozenset(
    {
        *("TranscodeStart", "TranscodeComplete", "ThumbnailComplete", "RemuxComplete"),
        *("AnimatedGraphicsComplete", "ParseComplete", "EditingComplete"),
        *MessageType,
    }
)
"""Every documented ``event_type``, and what SMN says for itself."""


class HuaweiMpcCallbackReceiver:
    """Reads what the SMN topics of one account say."""

    def __init__(self, account: str, config: HuaweiMpcAccount) -> None:
        self._account = account
        self._topics = frozenset(config.smn_topics)
        self._hosts = frozenset(config.smn_hosts)
        self._obs = config.obs

    def parse_callback(
        self, headers: Mapping[str, str], body: bytes, *, now: datetime
    ) -> Unverified:
        """Say which certificate would prove a message of this account's topics.

        Raises:
            CallbackError: no certificate could make it believed.
        """
        check_content_type(headers, _CONTENT_TYPES)
        document = read_document(body)
        if document is None:
            raise MalformedCallbackError("the callback is not a JSON object")
        message = read_message(headers, document)
        if message.topic not in self._topics:
            raise WrongAccountError("the message is of a topic that is not in smn_topics")
        check_fresh(message.sent_at, now, WINDOW)
        url = check_certificate_url(message.certificate_url, self._hosts)
        return Unverified(url, partial(self._verify, message, now=now))

    def _verify(self, message: SmnMessage, pem: bytes, *, now: datetime) -> Received:
        check_signature(message, pem)
        event, news = self._read_news(message, now)
        return Received(
            event=event,
            documented=event in EVENTS,
            sent_at=message.sent_at,
            replay_key=make_replay_key(self._account, message.fields["message_id"]),
            stale_at=message.sent_at + WINDOW,
            news=news,
            confirmed=True,
            confirmation=self._confirmation(message),
        )

    def _confirmation(self, message: SmnMessage) -> Confirmation | None:
        """Offer to confirm a subscription; the address in a cancellation would renew it."""
        if message.type is not MessageType.SUBSCRIPTION:
            return None
        url = check_subscribe_url(message.fields.get("subscribe_url", ""), self._hosts)
        return Confirmation(url, message.topic)

    def _read_news(
        self, message: SmnMessage, now: datetime
    ) -> tuple[str, tuple[CallbackNews, ...]]:
        told = read_nested(message.fields["message"])
        if message.type is not MessageType.NOTIFICATION or not told.get("event_type"):
            return message.type, ()
        event = name_event(told["event_type"])
        info = read_nested(told.get("transcode_info"))
        return event, (self._read_transcode(event, info, now),) if info else ()

    def _read_transcode(
        self, event: str, info: Mapping[str, object], now: datetime
    ) -> CallbackNews:
        # The English page prints "intput".
        row = {"input" if name == "intput" else name: value for name, value in info.items()}
        ref = TaskRef("mpc", self._account, read_task_id(row.get("task_id")))
        try:
            status = map_task(
                row, ref, obs=self._obs, now=now, request_id=None, lists_outputs=False
            )
        except ValidationError:
            # It is signed, and of an undocumented shape: the task is worth a question.
            return CallbackNews(ref=ref, kind=Kind.TRANSCODE, note=event)
        return CallbackNews(
            ref=ref,
            status=status,
            complete=_is_complete(status),
            kind=status.kind,
            cause=status.error,
            note=event,
        )


def _is_complete(status: TaskStatus) -> bool:
    """Whether an answer would tell no more: what came out, or the code of a failure."""
    if status.state in {TaskState.SUCCEEDED, TaskState.PARTIAL, TaskState.UNKNOWN}:
        return False
    return status.error is None or status.error.code is not None
