"""``views.*``, ``functions.*`` and ``apps.connections.open``: beyond messages."""

from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.changes import Change
from bot.sandbox.slack.entities import Execution, Json, OpenView
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.payloads import view_json
from bot.sandbox.slack.web_api.call import Call


async def views_open(backend: Backend, call: Call) -> Json:
    """Open a modal for whoever did what the trigger id stands for."""
    interaction = backend.interactions.use_trigger(call.required("trigger_id"))
    body = call.structured("view", dict)
    return {"view": view_json(backend.views.open(interaction.user, body))}


async def views_push(backend: Backend, call: Call) -> Json:
    """Put a modal on top of the one the trigger came from."""
    interaction = backend.interactions.use_trigger(call.required("trigger_id"))
    body = call.structured("view", dict)
    return {"view": view_json(backend.views.push(interaction.user, body))}


async def views_update(backend: Backend, call: Call) -> Json:
    """Change a view that is open."""
    view = backend.views.find(call.text("view_id") or call.required("external_id"))
    body = call.structured("view", dict)
    return _shown(backend.views.update(view, body, call.text("hash") or None))


async def views_publish(backend: Backend, call: Call) -> Json:
    """Set somebody's Home."""
    user = call.required("user_id")
    if user not in backend.workspace.users:
        raise ApiError("user_not_found")
    body = call.structured("view", dict)
    return _shown(backend.views.publish(user, body, call.text("hash") or None))


def _shown(view: OpenView) -> Json:
    return {"view": view_json(view)}


async def complete_success(backend: Backend, call: Call) -> Json:
    """End a workflow step well."""
    outputs = call.structured("outputs", dict)
    execution = _running(backend, call)
    execution.state, execution.outputs = "completed", outputs
    backend.workspace.changes.announce(Change("execution", execution))
    return {}


async def complete_error(backend: Backend, call: Call) -> Json:
    """End a workflow step badly; the workflow shows the words."""
    error = call.required("error")
    execution = _running(backend, call)
    execution.state, execution.error = "failed", error
    backend.workspace.changes.announce(Change("execution", execution))
    return {}


def _running(backend: Backend, call: Call) -> Execution:
    execution = backend.workspace.executions.get(call.required("function_execution_id"))
    if execution is None:
        raise ApiError("function_execution_not_found")
    if execution.state != "running":
        raise ApiError("function_execution_not_in_running_state")
    return execution


async def connections_open(backend: Backend, call: Call) -> Json:
    """Hand out the address for one WebSocket."""
    del call
    ticket = backend.socket_mode.issue_ticket()
    where = backend.base_url.replace("http", "ws", 1)
    return {"url": f"{where}/link/?ticket={ticket}"}
