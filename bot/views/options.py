"""For whom a message is drawn, and where it will stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.views.words import ENGLISH, Words


@dataclass(frozen=True, slots=True)
class Options:
    """Who reads a card and where; the same for every task of a message."""

    public: bool = False
    """Whether people other than the one who asked see it: then links that sign in stay out."""
    local_images: bool = False
    """Whether this Slack can fetch pictures from this machine's loopback, as the sandbox can."""
    default_accounts: Mapping[str, str] = field(default_factory=dict)
    """The account each provider is asked with where none is named; it is not worth mentioning."""
    links_in_channel: bool = False
    """Whether this channel allows links that sign in whoever opens them."""
    thumbnails: bool = True
    """Whether pictures are drawn on cards; where not, they are counted."""
    condensed: bool = False
    """Whether a card is two or three lines."""
    words: Words = ENGLISH

    def for_everybody(self) -> "Options":
        """Draw the same for a whole channel."""
        return replace(self, public=True)

    @property
    def hides_links(self) -> bool:
        """Whether links that sign in must stay out of what is drawn."""
        return self.public and not self.links_in_channel
