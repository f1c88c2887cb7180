"""``api.test``, ``auth.test``, ``users.*`` and ``usergroups.*``: who is who."""

from bot.sandbox.slack import seed
from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.entities import Json, User
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.web_api.call import Call


async def api_test(backend: Backend, call: Call) -> Json:
    """Answer, with the arguments that came; ``error`` asks for that refusal."""
    del backend
    if call.text("error"):
        raise ApiError(call.text("error"))
    return {"args": {name: value for name, value in call.arguments.items() if name != "token"}}


async def auth_test(backend: Backend, call: Call) -> Json:
    """Tell whose token it is."""
    del call
    return {
        "url": f"{backend.base_url}/",
        "team": seed.TEAM_NAME,
        "team_id": seed.TEAM_ID,
        "user": "mediatask",
        "user_id": seed.BOT_USER,
        "bot_id": seed.BOT_ID,
        "is_enterprise_install": False,
    }


async def users_info(backend: Backend, call: Call) -> Json:
    """Describe one person."""
    user = backend.workspace.users.get(call.required("user"))
    if user is None:
        raise ApiError("user_not_found")
    return {"user": _user_json(backend, user, with_locale=call.flag("include_locale"))}


async def users_list(backend: Backend, call: Call) -> Json:
    """List everybody, all on one page."""
    with_locale = call.flag("include_locale")
    people = backend.workspace.users.values()
    members = [_user_json(backend, user, with_locale=with_locale) for user in people]
    return {"members": members, "response_metadata": {"next_cursor": ""}}


async def usergroups_list(backend: Backend, call: Call) -> Json:
    """List the groups that can be mentioned."""
    del backend, call
    return {
        "usergroups": [
            {"id": group, "team_id": seed.TEAM_ID, "handle": handle, "name": name, "date_delete": 0}
            for group, (handle, name) in seed.USERGROUPS.items()
        ]
    }


def _user_json(backend: Backend, user: User, *, with_locale: bool) -> Json:
    profile = {"real_name": user.real_name, "display_name": user.name}
    if user.email and "users:read.email" in backend.workspace.scopes:
        profile["email"] = user.email
    shown: Json = {
        "id": user.id,
        "team_id": user.team_id or seed.TEAM_ID,
        "name": user.name,
        "real_name": user.real_name,
        "deleted": False,
        "color": user.color,
        "tz": user.tz,
        "tz_offset": user.tz_offset,
        "is_bot": user.is_bot,
        "is_stranger": user.team_id is not None,
        "profile": profile,
    }
    return shown | ({"locale": user.locale} if with_locale else {})
