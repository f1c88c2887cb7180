"""What is kept beside a callback's body, so that it can be read once more without anybody's help.

That is the headers its receiver looks at and, where one proved it, the certificate: a callback
that was accepted must not be lost because the certificate has changed since.
"""

from collections.abc import Mapping

from cachetools import LRUCache

from bot.intake.certificates import Certificates
from providers.callbacks import Received, Unverified

_READ = frozenset({"content-type", "x-smn-message-type", "x-smn-message-id", "x-smn-topic-urn"})
_PROOF = "mediatask-proof"
"""Under this name the certificate is kept; no request's header of that name comes so far."""

Letter = Mapping[str, str]
Fresh = LRUCache[tuple[str, str], Received]
"""What was just read, by account and replay key, so that the worker need not read it again."""
_MOST_FRESH = 1_000
LONGEST_FRESH_BYTES = 16 << 10
"""Only what came of small bodies is kept; the others are read again."""


def new_fresh() -> Fresh:
    """Make the memory that the webhooks fill and the worker empties."""
    return LRUCache(_MOST_FRESH)


def envelop(headers: Mapping[str, str]) -> Letter:
    """Keep what a receiver looks at; names are in lower case then."""
    named = ((name.lower(), value) for name, value in headers.items())
    return {name: value for name, value in named if name in _READ}


async def open_letter(
    heard: Received | Unverified, letter: Letter, certificates: Certificates
) -> tuple[Received, Letter]:
    """See a callback proved, and give what to keep beside its body.

    Raises:
        CallbackError: it is not believed, or the certificate cannot be had.
    """
    if isinstance(heard, Received):
        return heard, letter
    pem = await certificates.fetch(heard.certificate_url)
    received = heard.verify(pem)
    return received, {**letter, _PROOF: pem.decode("latin-1")}


def reopen_letter(heard: Received | Unverified, letter: Letter) -> Received:
    """See a callback that was kept proved once more.

    Raises:
        CallbackError: it is not believed any more, because the account was set up anew.
    """
    if isinstance(heard, Received):
        return heard
    return heard.verify(letter.get(_PROOF, "").encode("latin-1"))
