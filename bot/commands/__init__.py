"""The grammar of ``/mediatask`` and of ``mediatask query``: words in, a command out, no I/O.

::

    help [topic]
    <provider>[@account] <id> [<id> …]
    <id> [<id> …]                           an id may be a ref: provider:id, provider@account:id
    list <mpc|record>[@account] [state] [since 2h] [page 2]
    recent
    providers
    settings
"""

from bot.commands.asked import (
    MOST_IDS,
    Accounts,
    Command,
    Help,
    List,
    OpenSettings,
    Recent,
    Show,
    ShowProviders,
    Target,
)
from bot.commands.examples import EXAMPLES, example, list_example
from bot.commands.lists import DEFAULT_SINCE, LISTABLE, LONGEST_SINCE
from bot.commands.parse import RESERVED, TOPICS, parse_command
from bot.commands.pasted import find_ids
from bot.commands.refusal import UsageError
from bot.commands.targets import candidates, read_targets
from bot.commands.text import split_words

__all__ = [
    "DEFAULT_SINCE",
    "EXAMPLES",
    "LISTABLE",
    "LONGEST_SINCE",
    "MOST_IDS",
    "RESERVED",
    "TOPICS",
    "Accounts",
    "Command",
    "Help",
    "List",
    "OpenSettings",
    "Recent",
    "Show",
    "ShowProviders",
    "Target",
    "UsageError",
    "candidates",
    "example",
    "find_ids",
    "list_example",
    "parse_command",
    "read_targets",
    "split_words",
]
