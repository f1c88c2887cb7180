"""Names in the configuration that have to be names of something configured."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.settings.sections import AlertRoute

_ROTA = "rota:"


def broken_references(
    alerts: Sequence[AlertRoute], pagers: Iterable[str], rotas: Iterable[str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Tell every pager and rota that ``[[alerts]]`` names and nobody configured.

    Each is the path of its key, and what was found and wanted there.
    """
    known = {"pagers": tuple(pagers), "rotas": tuple(rotas)}
    for number, route in enumerate(alerts):
        where = ("alerts", str(number))
        yield from _broken_rotas((*where, "notify"), route.notify, known)
        for step_number, step in enumerate(route.escalate):
            here = (*where, "escalate", str(step_number))
            yield from _broken_rotas((*here, "notify"), step.notify, known)
            if step.pager is not None and step.pager not in known["pagers"]:
                yield (*here, "pager"), _wanted(step.pager, "pagers", known)


def _broken_rotas(
    where: tuple[str, ...], notify: Iterable[str], known: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], str]]:
    for target in notify:
        name = target.removeprefix(_ROTA)
        if name != target and name not in known["rotas"]:
            yield where, _wanted(name, "rotas", known)


def _wanted(found: str, section: str, known: Mapping[str, tuple[str, ...]]) -> str:
    names = ", ".join(known[section]) or "nothing yet"
    return f"found {found[:40]}, wanted a name out of [{section}], where there is {names}"
