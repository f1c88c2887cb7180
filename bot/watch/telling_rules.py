"""What telling depends on besides the decision, read from the store."""

from collections.abc import Collection, Sequence

from bot.models import Broadcast, Happening, Scope, Watch
from bot.store.store import Store
from bot.watch.telling import ChannelRules, Telling


async def telling_for(
    store: Store, watches: Sequence[Watch], happenings: Collection[Happening]
) -> Telling:
    """Read what the channels of *watches* want to hear, and how full their cards are.

    Only as far as *happenings* need it; most of what is recorded is told to nobody.

    Raises:
        StoreError: the store cannot be read.
    """
    places = {(watch.team_id, watch.channel_id) for watch in watches if happenings}
    is_end = Happening.FINISHED in happenings
    cards = {watch.card_id for watch in watches if is_end and watch.ended_at is None}
    return Telling(
        channels={place: await _rules(store, *place) for place in places},
        open_on_card={card_id: await _count_open(store, card_id) for card_id in cards},
    )


async def _rules(store: Store, team_id: str, channel_id: str) -> ChannelRules:
    chosen = await store.preferences(team_id, Scope.CHANNEL, channel_id)
    known = {happening.value: happening for happening in Happening}
    news = frozenset(known[word] for word in chosen.news or () if word in known)
    return ChannelRules(news, chosen.broadcast or Broadcast.NEVER)


async def _count_open(store: Store, card_id: int) -> int:
    contents = await store.watches.card(card_id)
    watched = contents.watches if contents else ()
    return sum(one.watch.ended_at is None for one in watched)
