"""What the bot itself remembers and decides about, as plain values without any I/O."""

from bot.models.asking import Broadcast, Preferences, RecentLookup, Scope, Visibility, Wait
from bot.models.following import (
    ENDS,
    FollowedTask,
    Happening,
    Observation,
    Source,
    Transition,
    Watch,
    Watcher,
)
from bot.models.orders import (
    LIMIT_NEAR,
    CardContents,
    CardOrder,
    Change,
    CheckOrder,
    Learned,
    Started,
    WatchedTask,
    WatchOrder,
)
from bot.models.outgoing import POSTS_CARD, Card, Delivery, DeliveryState, NewDelivery, Priority

__all__ = [
    "ENDS",
    "LIMIT_NEAR",
    "POSTS_CARD",
    "Broadcast",
    "Card",
    "CardContents",
    "CardOrder",
    "Change",
    "CheckOrder",
    "Delivery",
    "DeliveryState",
    "FollowedTask",
    "Happening",
    "Learned",
    "NewDelivery",
    "Observation",
    "Preferences",
    "Priority",
    "RecentLookup",
    "Scope",
    "Source",
    "Started",
    "Transition",
    "Visibility",
    "Wait",
    "Watch",
    "WatchOrder",
    "WatchedTask",
    "Watcher",
]
