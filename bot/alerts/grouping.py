"""Which alert a trouble goes to: sorting troubles by route and cause. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.alerts.routing import fingerprint, routes_for
from bot.oncall import Trouble
from bot.settings.sections import AlertRoute


@dataclass(frozen=True, slots=True)
class CauseKey:
    """What one alert is about, on one route."""

    team_id: str
    route: str
    provider: str
    account: str
    cause: str
    code: str

    def columns(self) -> Mapping[str, str]:
        """Name it as the store does."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Group:
    """Troubles that belong into one alert."""

    key: CauseKey
    route: AlertRoute
    troubles: tuple[Trouble, ...]


def group_troubles(
    team_id: str, troubles: Iterable[Trouble], routes: Sequence[AlertRoute]
) -> list[Group]:
    """Sort troubles into alerts, in the order they came; each stands in one group per route."""
    sorted_out: dict[CauseKey, tuple[AlertRoute, list[Trouble]]] = {}
    for trouble in troubles:
        for route in routes_for(trouble, routes):
            key = CauseKey(
                team_id,
                fingerprint(route),
                trouble.provider,
                trouble.account,
                trouble.cause,
                trouble.code,
            )
            sorted_out.setdefault(key, (route, []))[1].append(trouble)
    return [Group(key, route, tuple(some)) for key, (route, some) in sorted_out.items()]
