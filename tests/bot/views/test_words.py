import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import bot.views
from bot.commands import Wanted, WhichAlerts, Whose
from bot.models import Broadcast, Happening
from bot.oncall import AlertStatus, Cause
from bot.views import alert_words, oncall_words, watch_words, words_zh
from bot.views.batch import WORST_FIRST
from bot.views.headline import SIGNS
from bot.views.settings_form import NEWS
from bot.views.subscription import NEWS as SUBSCRIPTION_NEWS
from bot.views.words import CHINESE, ENGLISH, Words, words_for
from providers.ids import PROVIDERS
from providers.models import Kind, OutputStatus, OutputType, Reason, TaskState

MARKED = re.compile(r"`[^`]*`|\*[^*]+\*")
UNSEEN = re.compile(r"[^\s(（“]█|█[^\s,.)]")
CHINESE_LETTERS = re.compile("[一-鿿。：（]")
FAMILIES = {
    "kind": (*Kind, "none"),
    "state": (*TaskState, "none"),
    "reason": tuple(Reason),
    "type": tuple(OutputType),
    "open": tuple(OutputType),
    "file_status": tuple(OutputStatus),
    "provider": tuple(PROVIDERS),
    "news": tuple(Happening),
    "watch.ended": ("missing", "limit_reached", "unwatched", "other"),
    "watches.none": tuple(Whose),
    "alert": tuple(f"{cause}.one" for cause in Cause),
    "alert.status": tuple(AlertStatus),
    "alert.row.as_was": tuple(Cause),
    "alerts": tuple(WhichAlerts),
    "alerts.none": tuple(WhichAlerts),
    "subscription.to": tuple(Wanted),
    "subscription.news": (*SUBSCRIPTION_NEWS, "other"),
    "paused": ("channel_archived", "bot_removed", "other"),
    "settings.news": (*NEWS, "unset", "hint"),
    "settings.broadcast": (*Broadcast, "unset"),
}
IN_CHINESE = {
    **words_zh.TABLE,
    **watch_words.CHINESE,
    **alert_words.CHINESE,
    **oncall_words.CHINESE,
}


def literal_keys() -> set[str]:
    """Every key that a view names outright."""
    found = set()
    for path in Path(bot.views.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and _is_words(node.func):
                key = node.args[0]
                found |= {key.value} if isinstance(key, ast.Constant) else set()
    return {key for key in found if isinstance(key, str)}


def _is_words(function: ast.expr) -> bool:
    name = function.value if isinstance(function, ast.Attribute) else function
    chosen = ast.unparse(function).rpartition(".")[2]
    return "words" in ast.unparse(name) and chosen not in {"get", "named"}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_word_of_ours_can_be_said(family: str) -> None:
    assert not [name for name in FAMILIES[family] if f"{family}.{name}" not in ENGLISH.table]


def test_every_sentence_a_view_names_is_in_the_table() -> None:
    keys = literal_keys()

    missing = {key for key in keys if not {key, f"{key}.one"} & ENGLISH.table.keys()}

    assert len(keys) > 30
    assert not missing


def test_a_count_has_a_form_for_one_and_a_form_for_many() -> None:
    ones = {key.removesuffix(".one") for key in ENGLISH.table if key.endswith(".one")}
    manys = {key.removesuffix(".many") for key in ENGLISH.table if key.endswith(".many")}

    assert ones == manys
    assert ENGLISH.count("files", 1) == "1 file"
    assert ENGLISH.count("files", 1200) == "1,200 files"


def placeholders(sentence: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_a_sentence_names_the_same_values_in_every_language() -> None:
    differing = {
        key
        for key, sentence in ENGLISH.table.items()
        if placeholders(CHINESE.table[key]) != placeholders(sentence)
    }

    assert not differing


def test_chinese_has_every_sentence_and_no_other() -> None:
    assert CHINESE.table.keys() == ENGLISH.table.keys()


def test_slack_can_see_where_bold_and_code_begin_and_end_between_ideographs() -> None:
    marked = {key: MARKED.sub("█", sentence) for key, sentence in IN_CHINESE.items()}

    unseen = {key for key, sentence in marked.items() if UNSEEN.search(sentence)}

    assert not unseen


def test_nothing_was_left_in_english() -> None:
    bare = {key: re.sub("{[^}]*}", "", sentence) for key, sentence in IN_CHINESE.items()}

    left = {key for key, sentence in bare.items() if not CHINESE_LETTERS.search(sentence)}

    assert left == {
        "form.ids_placeholder",
        "list.between",
        "modal.title",
        "sentence.between",
    }


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("zh-CN", "zh-CN"),
        ("zh_cn", "zh-CN"),
        ("zh", "zh-CN"),
        ("zh-TW", "en-US"),
        ("en-GB", "en-US"),
        ("de-DE", "en-US"),
        ("", "en-US"),
        (None, "en-US"),
    ],
)
def test_a_locale_chooses_the_language(locale: str | None, language: str) -> None:
    assert words_for(locale).language == language


@pytest.mark.parametrize(
    ("words", "spans", "sentences"),
    [
        (ENGLISH, "6 h, 2 min 36 s", "A b. C."),
        (CHINESE, "6 小时、2 分 36 秒", "A b。C。"),
    ],
)
def test_spans_lists_and_sentences_follow_the_language(
    words: Words, spans: str, sentences: str
) -> None:
    assert words.join(words.span(seconds) for seconds in (6 * 3600, 156)) == spans
    assert words.sentences(["a b.", "", "c"]) == sentences


def test_an_unknown_key_is_a_bug_and_says_so() -> None:
    with pytest.raises(KeyError):
        ENGLISH("no.such.key")


def test_every_state_has_a_sign_of_its_own_and_a_place_in_the_order() -> None:
    states = {*TaskState, None}

    assert SIGNS.keys() == states
    assert len(set(SIGNS.values())) == len(states)
    assert set(WORST_FIRST) == states
    assert len(WORST_FIRST) == len(states)
