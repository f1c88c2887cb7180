"""What this Slack supports, partly supports and lacks; a test holds it against what it answers."""

from dataclasses import dataclass
from enum import StrEnum


class Support(StrEnum):
    """How much of a thing is there."""

    FULL = "full"
    PARTLY = "partly"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Entry:
    """One method, payload, frame or route."""

    name: str
    support: Support = Support.FULL
    note: str = ""
    """What is missing, or where this Slack only guesses."""


def _partly(name: str, note: str) -> Entry:
    return Entry(name, Support.PARTLY, note)


def _none(name: str, note: str = "") -> Entry:
    return Entry(name, Support.NONE, note)


WEB_API: tuple[Entry, ...] = (
    _partly("api.test", "Arguments come back, whatever the call's content type."),
    Entry("apps.connections.open"),
    _partly("auth.test", "Only the bot token's view; tokens are never revoked."),
    _none("blocks.validate", "Messages and views are judged when they are posted."),
    _none("chat.appendStream"),
    Entry("chat.delete"),
    Entry("chat.getPermalink"),
    _partly("chat.postEphemeral", "Shown although the person is away; gone from a reloaded page."),
    _partly(
        "chat.postMessage",
        "No unfurling, markdown_text, icons or parse; text over 40,000 characters is refused, "
        "where Slack cuts it; a thread_ts that names nothing is taken, which is a guess.",
    ),
    _none("chat.scheduleMessage"),
    _none("chat.startStream"),
    _none("chat.unfurl"),
    Entry("chat.update"),
    _partly("conversations.history", "The cursor is a number."),
    _partly("conversations.info", "The fields an app of this kind reads."),
    _none("conversations.join"),
    _partly("conversations.list", "One page; its scope is always channels:read."),
    _partly("conversations.members", "One page."),
    _partly("conversations.open", "One person at a time, no groups."),
    _partly("conversations.replies", "The cursor is a number."),
    _none("entity.presentDetails"),
    _partly("files.completeUploadExternal", "One channel; a file is ready at once."),
    _partly("files.getUploadURLExternal", "20 MB at most, where Slack takes 1 GB."),
    _partly("files.info", "The fields an app of this kind reads."),
    _none("files.upload", "Retired at Slack too."),
    Entry("functions.completeError"),
    _partly("functions.completeSuccess", "Outputs are not held against a manifest."),
    _none("team.info"),
    _partly("usergroups.list", "Two groups, which nobody can change."),
    _partly("users.info", "The fields an app of this kind reads."),
    _partly("users.list", "One page."),
    _none("users.lookupByEmail"),
    Entry("views.open"),
    Entry("views.publish"),
    Entry("views.push"),
    Entry("views.update"),
)

DELIVERIES: tuple[Entry, ...] = (
    _partly(
        "slash_commands", "Text comes as with should_escape; that & < > are escaped is a guess."
    ),
    _partly("block_actions", "A message's metadata is always told; views have no response_urls."),
    Entry("message_action"),
    Entry("shortcut"),
    _partly("view_submission", "Of what Slack's own client checks, only required inputs."),
    _partly("view_closed", "One modal at a time; is_cleared is always false."),
    _none("block_suggestion", "No external selects."),
    Entry("app_mention"),
    _partly("app_home_opened", "Only the home tab."),
    _partly("function_executed", "The function's parameters are not listed."),
    _partly("message", "Only what people write; edits and deletions are not told."),
    _none("app_rate_limited"),
    _none("app_uninstalled"),
    _none("entity_details_requested"),
    _none("link_shared"),
    _none("member_joined_channel"),
    _none("message_metadata_posted"),
    _none("tokens_revoked"),
    Entry("url_verification"),
    _none("ssl_check"),
)

SOCKET_FRAMES: tuple[Entry, ...] = (
    Entry("hello"),
    _partly("disconnect", "An envelope lost with its connection is not sent again: a guess."),
)

PAGE: tuple[Entry, ...] = (
    Entry("GET /"),
    Entry("GET /page/state"),
    Entry("GET /page/events"),
    Entry(
        "GET /page/files/{file_id}", Support.FULL, "Also a file's url_private; it asks no token."
    ),
    _partly("POST /page/command", "Of Slack's own commands only /invite, which adds the bot."),
    Entry("POST /page/action"),
    Entry("POST /page/message"),
    Entry("POST /page/view_submit"),
    Entry("POST /page/view_close"),
    Entry("POST /page/shortcut"),
    Entry("POST /page/home"),
    _none("POST /page/reaction", "Reactions are not there at all."),
)

OTHER: tuple[Entry, ...] = (
    _partly(
        "response_url",
        "A refused message costs one of the five uses, which is a guess; after a command, "
        "replace_original replaces what the same URL said last.",
    ),
    _partly(
        "pictures",
        "Really downloaded, from this machine's loopback addresses only; no redirects; the first "
        "bytes decide what they are; those in views are not looked at.",
    ),
    _partly("rate limits", "A minute's worth of a tier at once, ten messages; response URLs none."),
    _partly("event retries", "At once, after one minute and five; no hourly Delayed Events."),
    _none("incoming webhooks"),
    _none("OAuth", "There is one workspace and it has installed the app."),
)
