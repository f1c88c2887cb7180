from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views.text import (
    bar,
    clean,
    code,
    date_token,
    duration_text,
    escape,
    label,
    plain,
    shorten,
    size_text,
)

ANY_TEXT = st.text(
    alphabet=st.characters() | st.sampled_from("&<>|`\u202e\u0000\ud800\n *_~"), max_size=300
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain words", "plain words"),
        ("two\nlines\tand tabs", "two lines and tabs"),
        ("  many    spaces ", "many spaces"),
        ("bell\x07 nul\x00 escape\x1b[31m", "bell nul escape[31m"),
        ("exe\u202efdp.mp4", "exefdp.mp4"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("half a pair \ud83d", "half a pair"),
        ("会议录制 №1", "会议录制 №1"),
    ],
)
def test_only_printable_characters_on_one_line_remain(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a & b", "a &amp; b"),
        ("<!channel> <!here>", "&lt;!channel&gt; &lt;!here&gt;"),
        ("<@U0ALICE>", "&lt;@U0ALICE&gt;"),
        ("<https://evil.example|our console>", "&lt;https://evil.example|our console&gt;"),
        ("&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;"),
    ],
)
def test_escaped_text_means_nothing_to_slack(text: str, expected: str) -> None:
    assert escape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X3CgNeE4I1qAAABN", "`X3CgNeE4I1qAAABN`"),
        ("a`*bold*`b", "`a'*bold*'b`"),
        ("<!channel>", "`&lt;!channel&gt;`"),
        ("", "`-`"),
        ("\u200b", "`-`"),
    ],
)
def test_a_code_span_cannot_be_left(text: str, expected: str) -> None:
    assert code(text) == expected


def test_a_link_label_cannot_end_its_link() -> None:
    assert label("a|b<c>&d") == "a b c &amp;d"


def test_what_is_cut_keeps_both_ends_and_says_how_much_is_gone() -> None:
    cut = shorten("a" * 500 + "b" * 500, 100)

    assert cut == "a" * 51 + "… (924 more) …" + "b" * 25
    assert len(cut) <= 100


@pytest.mark.parametrize("write", [plain, escape])
def test_of_a_very_long_text_only_the_ends_are_looked_at(
    write: Callable[[str, int], str],
) -> None:
    assert write("a" * 5000 + "b" * 5000, 100) == "a" * 51 + "… (9924 more) …" + "b" * 25
    assert write("\u200b" * 5000 + "middle" + "\u200b" * 5000, 100) == "middle"


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(10, "abcdefghi…"), (1, "…"), (0, ""), (26, "abcdefghijklmnopqrstuvwxyz")],
)
def test_a_short_budget_is_kept_too(limit: int, expected: str) -> None:
    assert shorten("abcdefghijklmnopqrstuvwxyz", limit) == expected


def test_an_entity_is_never_cut_in_two() -> None:
    written = escape("&" * 1000, 100)

    assert len(written) <= 100
    assert written.replace("&amp;", "").strip("…") == " (985 more) "


@settings(deadline=None)
@given(text=ANY_TEXT, limit=st.integers(3, 120))
def test_every_way_into_slack_keeps_its_budget(text: str, limit: int) -> None:
    for written in (escape(text, limit), code(text, limit), plain(text, limit)):
        assert len(written) <= limit
        assert written.isprintable()
    bare = escape(text, limit).replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert not {"<", ">", "&"} & set(bare)
    assert code(text, limit).count("`") == 2


def test_an_instant_is_shown_in_the_readers_zone_and_else_in_utc() -> None:
    instant = datetime(2026, 11, 20, 12, 30, tzinfo=timezone(timedelta(hours=2)))

    token = date_token(instant)

    assert token == "<!date^1795170600^{date_short_pretty} {time}|2026-11-20 10:30 UTC>"
    assert date_token(instant.astimezone(UTC)) == token


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (2180, "2.2 kB"),
        (432_643_544, "433 MB"),
        (999_999, "1.0 MB"),
        (5_400_000_000, "5.4 GB"),
        (7 * 10**18, "7000 PB"),
    ],
)
def test_sizes_are_written_as_people_say_them(size: int, expected: str) -> None:
    assert size_text(size) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.4, "0 s"),
        (33.2, "33 s"),
        (59.6, "1 min"),
        (156, "2 min 36 s"),
        (3720, "1 h 02 min"),
        (6 * 3600, "6 h"),
        (86_400 + 3 * 3600, "1 d 03 h"),
    ],
)
def test_durations_are_written_as_people_say_them(seconds: float, expected: str) -> None:
    assert duration_text(seconds) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.0, "░░░░░░░░░░ 0 %"),
        (0.29, "██░░░░░░░░ 29 %"),
        (0.999, "█████████░ 99 %"),
        (1.0, "██████████ 100 %"),
    ],
)
def test_a_bar_is_full_only_when_all_is_done(share: float, expected: str) -> None:
    assert bar(share) == expected
