"""Every sentence and label people see, by key, in the languages there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot import grammar_words
from bot.views import alert_words, oncall_words, watch_words, words_en, words_zh
from bot.views.text import duration_text


@dataclass(frozen=True, slots=True)
class Words:
    """One language; call it with a key and the values its sentence names.

    Values are put in as they are, so foreign ones must come out of ``bot.views.text``.
    """

    language: str
    """As Slack names locales: ``en-US``."""
    table: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """Say *key*; a key that is not in the table is a bug and raises KeyError."""
        return self.table[key].format_map(values)

    def count(self, key: str, number: int, /, **values: object) -> str:
        """Say how many: ``key.one`` for one, else ``key.many``; both may name ``{number}``."""
        form = "one" if number == 1 else "many"
        return self(f"{key}.{form}", number=f"{number:,}", **values)

    def named(self, family: str, name: str | None) -> str | None:
        """Say a word that came from outside, if it is one of *family*; None if it is not."""
        return self.table.get(f"{family}.{name or 'none'}")

    def span(self, seconds: float) -> str:
        """Say a length of time."""
        return duration_text(seconds, self.table["units"].split())

    def join(self, facts: Iterable[str]) -> str:
        """Say several facts one after another."""
        return self.table["list.between"].join(facts)

    def sentences(self, parts: Iterable[str]) -> str:
        """Say several sentences, each with a capital and a full stop."""
        end = self.table["sentence.end"]
        whole = (f"{part[:1].upper()}{part[1:].rstrip('.。')}{end}" for part in parts if part)
        return self.table["sentence.between"].join(whole)


def _merge(tables: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {key: sentence for table in tables for key, sentence in table.items()}


_TABLES = (watch_words, alert_words, oncall_words, grammar_words)
ENGLISH = Words("en-US", {**words_en.TABLE, **_merge(one.ENGLISH for one in _TABLES)})
CHINESE = Words("zh-CN", {**words_zh.TABLE, **_merge(one.CHINESE for one in _TABLES)})

_SIMPLIFIED = frozenset({"zh", "zh-cn", "zh-sg", "zh-hans", "zh-hans-cn"})


def words_for(locale: str | None) -> Words:
    """Choose the language for a Slack locale (``zh-CN``) or a configured one (``zh``).

    English where there is none of its own; Simplified Chinese is not forced on readers of the
    traditional script.
    """
    return CHINESE if (locale or "").lower().replace("_", "-") in _SIMPLIFIED else ENGLISH
