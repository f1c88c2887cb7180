"""The grammar of ``/mediatask`` and of ``mediatask query``: words in, a command out, no I/O.

::

    help [topic]
    <provider>[@account] <id> [<id> …]
    <id> [<id> …]                           an id may be a ref: provider:id, provider@account:id
    list <mpc|record>[@account] [state] [since 2h] [page 2]
    recent
    providers
    settings
    watch [<provider>[@account]] <id> [<id> …] [only failures] [notify @user|@group …]
    unwatch [<provider>[@account]] <id> [<id> …]
    unwatch all
    watches [here|mine|all]
    subscribe <provider|all>[@account] [to failures|finished|all] [room <glob>] [notify @user …]
    unsubscribe [<provider|all>[@account]] [room <glob>] | all
    alerts [open|mine|all]
    silence <provider|ref|room glob|all> for <duration> [because …]
    unsilence <target|number>
"""

from bot.commands.asked import (
    MOST_IDS,
    Accounts,
    Command,
    Help,
    List,
    ListAlerts,
    OpenSettings,
    Recent,
    Show,
    ShowProviders,
    Silence,
    Subscribe,
    Target,
    Unsilence,
    Unsubscribe,
    Unwatch,
    Wanted,
    Watch,
    Watches,
    WhichAlerts,
    Whose,
)
from bot.commands.examples import EXAMPLES, example, list_example
from bot.commands.lists import DEFAULT_SINCE, LISTABLE, LONGEST_SINCE
from bot.commands.parse import TOPICS, parse_command
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
    "TOPICS",
    "Accounts",
    "Command",
    "Help",
    "List",
    "ListAlerts",
    "OpenSettings",
    "Recent",
    "Show",
    "ShowProviders",
    "Silence",
    "Subscribe",
    "Target",
    "Unsilence",
    "Unsubscribe",
    "Unwatch",
    "UsageError",
    "Wanted",
    "Watch",
    "Watches",
    "WhichAlerts",
    "Whose",
    "candidates",
    "example",
    "find_ids",
    "list_example",
    "parse_command",
    "read_targets",
    "split_words",
]
