"""What became of an attempt to send, and what follows from it. Pure.

```
ok                                              SENT
no connection                                   not posted: pending again, everybody pauses
429                                             not posted: pending again, everybody waits it out
invalid_blocks, msg_too_long, …, unknown words  content: drawn plainly, then as text, then dead
cannot_reply_to_message, thread_not_found       thread: once more into the channel, then dead
channel_not_found, is_archived, …               place: dead, and whoever began it is told
token_revoked, missing_scope, …                 workspace: pending again, everybody pauses
no answer, 5xx, internal_error, …               unknown: left as begun, read back when it is overdue
```
Error codes: Slack docs, chat.postMessage, Errors, read 2026-11.
"""

from enum import StrEnum
from typing import Literal

from bot.egress import RATE_LIMITED
from bot.models import Delivery
from bot.slack_link import SlackRefusedError, SlackUnreachableError, SlackUnsentError

UncertainSends = Literal["repeat", "leave"]
"""What to do with a send nobody can read back."""


class Outcome(StrEnum):
    """What became of an attempt; a metric label."""

    SENT = "sent"
    UNSENT = "unsent"
    """There was no connection."""
    RATE_LIMITED = "rate_limited"
    CONTENT = "content"
    THREAD = "thread"
    PLACE = "place"
    WORKSPACE = "workspace"
    UNKNOWN = "unknown"
    """Slack may have posted it, or may yet."""


_PLACE = frozenset(
    {
        "cannot_dm_bot",
        "channel_is_limited_access",
        "channel_not_found",
        "is_archived",
        "messages_tab_disabled",
        "not_in_channel",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "user_disabled",
        "user_not_found",
    }
)
_THREAD = frozenset(
    {"cannot_reply_to_message", "restricted_action_thread_locked", "thread_not_found"}
)
_WORKSPACE = frozenset(
    {
        "access_denied",
        "accesslimited",
        "account_inactive",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "team_not_found",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
_UNKNOWN = frozenset(
    {
        "fatal_error",
        "internal_error",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
_REMOVED = frozenset({"is_archived"})


def judge(error: SlackRefusedError | SlackUnreachableError) -> Outcome:
    """Say what an attempt's error means; a word nobody knows is taken for one about the content."""
    if isinstance(error, SlackUnsentError):
        return Outcome.UNSENT
    if isinstance(error, SlackUnreachableError):
        return Outcome.UNKNOWN
    return judge_code(str(error))


def judge_code(code: str) -> Outcome:
    """Say what an error code of Slack's means for a message."""
    for codes, outcome in _CODES:
        if code in codes:
            return outcome
    return Outcome.CONTENT


_CODES = (
    (RATE_LIMITED, Outcome.RATE_LIMITED),
    (_PLACE, Outcome.PLACE),
    (_THREAD, Outcome.THREAD),
    (_WORKSPACE, Outcome.WORKSPACE),
    (_UNKNOWN, Outcome.UNKNOWN),
)


class Manner(StrEnum):
    """How a message is sent; it depends on what Slack said to the attempt before."""

    WHOLE = "whole"
    PLAIN = "plain"
    """Drawn more plainly: Slack refused it for its content."""
    TEXT = "text"
    """Without blocks: Slack refused that, too."""
    CHANNEL = "channel"
    """Into the channel: Slack refused it for its thread."""


_MANNERS = {Outcome.CONTENT: Manner.PLAIN, Outcome.THREAD: Manner.CHANNEL}


def manner_of(delivery: Delivery) -> Manner:
    """Say how a delivery is to be sent now."""
    if delivery.error is None or not delivery.error.startswith(_REFUSED):
        return Manner.WHOLE
    if delivery.error.startswith(_REFUSED_PLAIN):
        return Manner.TEXT
    return _MANNERS.get(judge_code(delivery.error.removeprefix(_REFUSED)), Manner.WHOLE)


_REFUSED = "refused "
_REFUSED_PLAIN = "refused again "


def refusal(code: str, manner: Manner = Manner.WHOLE) -> str:
    """Write a refusal beside a delivery sent in a *manner*, so that the next attempt knows it."""
    return f"{_REFUSED_PLAIN if manner is Manner.PLAIN else _REFUSED}{code}"


def is_last_try(delivery: Delivery) -> bool:
    """Tell whether a further refusal is the end: there is no other manner left."""
    return manner_of(delivery) in {Manner.TEXT, Manner.CHANNEL}


def notice_of(code: str) -> str:
    """Name the notice about a place that takes nothing any more."""
    return "channel_archived" if code in _REMOVED else "bot_removed"


class Reading(StrEnum):
    """What reading back found out; a metric label."""

    FOUND = "found"
    ABSENT = "absent"
    REFUSED = "refused"
    """The bot may not read there."""
    FAILED = "failed"
    """Slack did not answer, or is not to be asked now."""


class Settlement(StrEnum):
    """What happens to a send of unknown fate."""

    SENT = "sent"
    REPEAT = "repeat"
    REPEAT_UNVERIFIED = "repeat_unverified"
    LEAVE = "leave"
    """It is taken for sent, though nobody knows."""
    LATER = "later"


_READ_FOR_S = 15 * 60.0
"""For so long is reading tried; then losing nothing goes before telling once."""


def settle(reading: Reading, failing_s: float, rule: UncertainSends) -> Settlement:
    """Decide about a send of unknown fate after it was read back, or could not be.

    *failing_s* is for how long reading has failed without a break.
    """
    if reading is Reading.FOUND:
        return Settlement.SENT
    if reading is Reading.ABSENT:
        return Settlement.REPEAT
    if reading is Reading.FAILED and failing_s < _READ_FOR_S:
        return Settlement.LATER
    return Settlement.REPEAT_UNVERIFIED if rule == "repeat" else Settlement.LEAVE
