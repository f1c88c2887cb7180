"""Commands that work with what is configured."""

from collections.abc import Mapping

from bot.commands.asked import Accounts

EXAMPLES: Mapping[str, str] = {
    "tencent": "tencent 1400341231-ComposeMedia-6fdfc967d7eb12f5e9b27f52519f1afatt0",
    "huawei": "huawei 289665200",
    "record": "record X3CgNeE4I1qAAABN",
    "mpc": "mpc 22123973",
    "tiw": "tiw ghucnligqtgtvk2624mb",
}
"""A working form of the command for every provider, with an id of the shape its vendor uses."""

_LISTS: Mapping[str, str] = {"record": "list record since 2h", "mpc": "list mpc failed"}


def example(accounts: Accounts, provider: str | None = None) -> str:
    """Choose a command that works here, one of *provider* where that is configured."""
    names = [name for name in (provider, *accounts) if name and accounts.get(name)]
    return next((EXAMPLES[name] for name in names if name in EXAMPLES), "help")


def list_example(accounts: Accounts, provider: str | None = None) -> str:
    """Choose a list that works here; where nothing can be listed, another command."""
    names = [name for name in (provider, *accounts) if name and accounts.get(name)]
    return next((_LISTS[name] for name in names if name in _LISTS), example(accounts))
