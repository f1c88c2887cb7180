"""What is written under each thumbnail of a contact sheet.

Huawei writes the moment into the name, in whole seconds: ``10.jpg``, ``clip_10.jpg`` (MPC API
reference, ``thumbnail_para.output_filename``, read 2026-11). Tencent's ``sampleSnapshot_10_2.jpg``
is template 10, picture 2, and tells no moment; neither does anybody else.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

_TELL_SECONDS = frozenset({"huawei", "mpc"})
_SECONDS = re.compile(r"(?:^|[/_])([0-9]{1,6})\.(?:jpe?g|png)(?:[?#]|$)", re.IGNORECASE)
_MINUTE_S, _HOUR_S = 60, 3600


def captions(provider: str, links: Sequence[str]) -> list[str]:
    """Write a time code for each link, or, where not every name tells one, its number.

    Moments that do not rise from one name to the next are numbers of something else.
    """
    moments = _read_moments(links) if provider in _TELL_SECONDS else []
    if moments:
        return [time_code(seconds) for seconds in moments]
    return [str(number) for number in range(1, len(links) + 1)]


def _read_moments(links: Sequence[str]) -> list[int]:
    found = [int(match[1]) for link in links if (match := _SECONDS.search(link))]
    rises = all(earlier < later for earlier, later in pairwise(found))
    return found if len(found) == len(links) and rises else []


def time_code(seconds: int) -> str:
    """Write a moment as players do: ``0:07``, ``1:02:03``."""
    minutes, second = divmod(seconds, _MINUTE_S)
    if seconds < _HOUR_S:
        return f"{minutes}:{second:02d}"
    return f"{minutes // _MINUTE_S}:{minutes % _MINUTE_S:02d}:{second:02d}"
