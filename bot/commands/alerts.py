"""``alerts``: what failed, and who looks after it."""

from collections.abc import Mapping

from bot.commands.asked import Accounts, ListAlerts, WhichAlerts
from bot.commands.refusal import Draft, enumerate_words, show
from bot.commands.targets import Words
from bot.commands.typos import nearest_word

_SCOPES: Mapping[str, WhichAlerts] = {str(which): which for which in WhichAlerts}


def read_alerts(words: Words, _accounts: Accounts) -> ListAlerts:
    """Read a whole command whose first word is ``alerts``.

    Raises:
        UsageError: it is followed by something else than one scope.
    """
    if not words[1:]:
        return ListAlerts()
    draft = Draft(f"alerts [{'|'.join(_SCOPES)}]", "alerts mine", ["alerts"])
    scope = _SCOPES.get(words[1].lower())
    if scope is None:
        near = nearest_word(words[1].lower(), _SCOPES)
        values = {"word": show(words[1]), "scopes": enumerate_words(tuple(_SCOPES))}
        raise draft.refuse("usage.watches_scope", repair=["alerts", near or "open"], **values)
    if words[2:]:
        verb, rest = f"alerts {scope}", show(" ".join(words[2:]))
        raise draft.refuse("usage.takes_nothing", repair=words[:2], verb=verb, rest=rest)
    return ListAlerts(scope)
