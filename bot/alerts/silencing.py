"""What a silence keeps quiet. Pure."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from bot.models import NewDelivery, Priority
from bot.oncall import Alert, AlertTask, Silence, Trouble
from providers.models import TaskRef

ALL = "all"
_ROOM = "room "


def hides(silences: Iterable[Silence], trouble: Trouble) -> Silence | None:
    """Find a silence for a trouble: by its provider, its ref, its room, or for everything.

    A target is ``all``, a provider, a ref (``provider@account:id``), or ``room <glob>``.
    """
    providers = trouble.facts.get("providers") or (trouble.provider,)
    return _find(silences, providers, trouble.ref, trouble.room)


def _find(
    silences: Iterable[Silence], providers: Collection[str], ref: TaskRef | None, room: str | None
) -> Silence | None:
    return next((one for one in silences if _is_for(one.target, providers, ref, room)), None)


def _is_for(target: str, providers: Collection[str], ref: TaskRef | None, room: str | None) -> bool:
    if target == ALL:
        return True
    if target.startswith(_ROOM):
        return room is not None and fnmatchcase(room, target.removeprefix(_ROOM))
    return target in providers or (ref is not None and target == str(ref))


def hides_whole(silences: Iterable[Silence], alert: Alert) -> Silence | None:
    """Find a silence for an alert whatever it counts: for everything, or for its provider."""
    return next((one for one in silences if one.target in {ALL, alert.provider}), None)


def hides_tasks(
    silences: Sequence[Silence], alert: Alert, tasks: Iterable[AlertTask]
) -> Silence | None:
    """Find a silence for an alert whose every task in trouble, all of *tasks*, has one."""
    found = [
        _find(silences, _providers(task, alert), task.ref, task.room)
        for task in tasks
        if task.recovered_at is None
    ]
    return found[0] if found and all(found) else None


def _providers(task: AlertTask, alert: Alert) -> Collection[str]:
    return task.facts.get("providers") or ((task.ref.provider if task.ref else alert.provider),)


def silence_over(silence: Silence, now: datetime) -> NewDelivery:
    """Announce that a silence is over, where it was begun."""
    return _tell(silence, f"silence:{silence.id}:ended", now, {"happening": "ended"})


def silence_hid(silence: Silence, alert: Alert, now: datetime) -> NewDelivery:
    """Say, where a silence was begun, that it kept an alert quiet."""
    key = f"silence:{silence.id}:hid:{alert.id}:{alert.openings}"
    return _tell(silence, key, now, {"happening": "hid", "alert_id": alert.id})


def _tell(silence: Silence, key: str, now: datetime, facts: dict[str, Any]) -> NewDelivery:
    return NewDelivery(
        key=key,
        team_id=silence.team_id,
        kind="silence",
        channel_id=silence.channel_id,
        priority=Priority.PROGRESS,
        happened_at=now,
        facts={"silence_id": silence.id, **facts},
    )
