"""The workspace as it is before anybody does anything."""

from bot.sandbox.slack.entities import Channel, User

TEAM_ID = "T0NORTHWIND"
TEAM_NAME = "Northwind Media"
TEAM_DOMAIN = "northwind"
PARTNER_TEAM_ID = "T0PARTNER"
APP_ID = "A0MEDIATASK"
BOT_ID = "B0MEDIATASK"
BOT_USER = "U0MEDIATASK"
SLACKBOT = "USLACKBOT"
ME = "U0ALICE"
"""The person who sits at the demo page."""

BOT_TOKEN = "xoxb-local-bot"  # noqa: S105 - it opens nothing outside this process
APP_TOKEN = "xapp-1-local-app"  # noqa: S105 - the same
SIGNING_SECRET = "local-signing-secret"  # noqa: S105 - the same

DEFAULT_SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "usergroups:read",
        "users:read",
        "users:read.email",
    }
)
DEFAULT_EVENTS = frozenset({"app_home_opened", "app_mention", "function_executed", "message.im"})
"""What the app is subscribed to; a message event is named with its kind of channel."""

_USERS = (
    User(ME, "alice", "Alice Amsel", email="alice@northwind.example"),
    User(
        "U0BOB",
        "bob",
        "Bob Buchfink",
        tz="America/New_York",
        tz_offset=-18000,
        email="bob@northwind.example",
        color="e7392d",
    ),
    User(
        "U0CHEN",
        "chen",
        "Chen Yu",
        locale="zh-CN",
        tz="Asia/Shanghai",
        tz_offset=28800,
        email="chen@northwind.example",
    ),
    User("U0GUEST", "guest", "Gus Guest", color="674b1b", team_id=PARTNER_TEAM_ID),
    User(BOT_USER, "mediatask", "MediaTask", is_bot=True, color="3c8c69"),
    User(SLACKBOT, "slackbot", "Slackbot", is_bot=True, color="757575"),
)

_OURS = frozenset({ME, "U0BOB", "U0CHEN"})

USERGROUPS = {"S0ONCALL": ("oncall", "On call"), "S0MEDIA": ("media", "Media team")}
"""Group id: handle and name."""


def initial_users() -> dict[str, User]:
    """List everybody, by id."""
    return {user.id: user for user in _USERS}


def initial_channels() -> dict[str, Channel]:
    """List the conversations, by id; the bot is in some of them."""
    channels = (
        Channel("C0MEDIA", "media-team", members={*_OURS, BOT_USER}),
        Channel("C0ONCALL", "oncall", members={*_OURS, BOT_USER}),
        Channel("C0RANDOM", "random", members=set(_OURS)),
        Channel("C0STUDIO", "studio-private", is_private=True, members={ME, "U0BOB"}),
        Channel("C0SHARED", "ext-partner", is_ext_shared=True, members={ME, "U0GUEST", BOT_USER}),
        Channel("C0OLD", "old-media", is_archived=True, members={*_OURS, BOT_USER}),
        Channel("D0ALICE", "", is_private=True, is_im=True, members={ME, BOT_USER}),
    )
    return {channel.id: channel for channel in channels}
