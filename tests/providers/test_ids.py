"""Ids are checked before anything is sent, and their shape says whom to ask."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import ids
from providers.ids import (
    InvalidTaskIdError,
    ParsedRef,
    check_task_id,
    count_edits,
    guess_providers,
    is_provider_typo,
    nearest_provider,
    parse_ref,
)

MERGE = "1400341231-ComposeMedia-6fdfc967d7eb12f5e9b27f52519f1afatt0"
WORDS = st.text("acdehimnoprtuwx", max_size=9)


@pytest.mark.parametrize(
    "task_id", ["1", MERGE, "X3CgNeE4I1qAAABN", "a:b@c/d", "任务-🎬", "x" * ids.MAX_ID_LENGTH]
)
def test_an_id_that_may_be_sent_is_passed_on_unchanged(task_id: str) -> None:
    assert check_task_id(task_id) == task_id


@pytest.mark.parametrize(
    ("task_id", "why"),
    [
        ("", "empty"),
        ("x" * 257, "257 characters; at most 256"),
        ("a b", r"U\+0020\) in place 2"),
        ("a\n", r"U\+000A\) in place 2"),
        ("\x00", r"U\+0000\) in place 1"),
        ("a\u00a0", r"U\+00A0"),
        ("a\u2003", r"U\+2003"),
        ("a\u2028", r"U\+2028"),
        ("a\u200b", r"U\+200B"),
        ("\u202eabc", r"U\+202E"),
        ("\ufeffabc", r"U\+FEFF"),
        ("a\ud800", r"U\+D800"),
        ("\x7f", r"U\+007F"),
    ],
)
def test_an_id_that_may_not_be_sent_is_refused_with_the_reason(task_id: str, why: str) -> None:
    with pytest.raises(InvalidTaskIdError, match=why):
        check_task_id(task_id)


def test_no_kind_of_space_is_ever_sent() -> None:
    spaces = [chr(point) for point in range(sys.maxunicode + 1) if chr(point).isspace()]

    for space in spaces:
        with pytest.raises(InvalidTaskIdError):
            check_task_id(f"a{space}")


@given(st.text())
def test_a_checked_id_is_short_visible_and_can_be_encoded(text: str) -> None:
    try:
        task_id = check_task_id(text)
    except InvalidTaskIdError as error:
        refusal = str(error)
        assert refusal.isprintable()
    else:
        assert 0 < len(task_id) <= 256
        assert not re.search(r"\s", task_id)
        assert task_id.encode()


@pytest.mark.parametrize(
    ("task_id", "providers"),
    [
        (MERGE, ("tencent",)),
        ("1400341231-EditMedia-" + "0a" * 16 + "tt0", ("tencent",)),
        ("1500030200-procedurev2-" + "0a" * 16 + "tt12", ("tencent",)),
        ("289665200", ("huawei", "mpc", "tencent")),
        ("1", ("huawei", "mpc", "tencent")),
        ("X3CgNeE4I1qAAABN", ("record",)),
        ("YRHu6-E4IyvEAAAD", ("record",)),
        ("ghucnligqtgtvk2624mb", ("tiw",)),
        ("1" * 16, ("huawei", "mpc", "tencent", "record")),
        ("1" * 20, ("huawei", "mpc", "tencent", "tiw")),
        ("", ()),
        ("hello", ()),
        ("ghucnligqtgtvk2624mz", ()),
        ("١٢٣", ()),
        (MERGE + "\n", ()),
        ("1400341231-ComposeMedia-6fdftt0", ()),
    ],
)
def test_the_shape_of_an_id_tells_whose_it_may_be(task_id: str, providers: tuple[str, ...]) -> None:
    assert guess_providers(task_id) == providers


@given(st.from_regex(r"\A([0-9a-v]{20}|[A-Za-z0-9_-]{16}|[0-9]{1,30})\Z"))
def test_every_documented_shape_has_takers_and_each_is_named_once(task_id: str) -> None:
    guessed = guess_providers(task_id)

    assert guessed
    assert len(set(guessed)) == len(guessed)
    assert set(guessed) <= set(ids.PROVIDERS)


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("X3CgNeE4I1qAAABN", ParsedRef(None, None, "X3CgNeE4I1qAAABN")),
        ("mpc:22123973", ParsedRef("mpc", None, "22123973")),
        ("MPC:22123973", ParsedRef("mpc", None, "22123973")),
        ("record@prod:abc", ParsedRef("record", "prod", "abc")),
        ("record@Prod-EU:abc", ParsedRef("record", "Prod-EU", "abc")),
        ("tiw:a:b", ParsedRef("tiw", None, "a:b")),
        ("tiw@x:a@b:c", ParsedRef("tiw", "x", "a@b:c")),
        ("other:a", ParsedRef(None, None, "other:a")),
        ("other@x:a", ParsedRef(None, None, "other@x:a")),
        ("mpc@prod", ParsedRef(None, None, "mpc@prod")),
        (":a", ParsedRef(None, None, ":a")),
    ],
)
def test_a_ref_is_read_with_or_without_provider_and_account(text: str, parsed: ParsedRef) -> None:
    assert parse_ref(text) == parsed


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("mpc:", "empty"),
        ("mpc@prod:", "empty"),
        ("mpc@:1", "account's name is missing"),
        ("mpc:a b", "space"),
        ("a b", "space"),
    ],
)
def test_a_ref_without_a_usable_id_is_refused(text: str, why: str) -> None:
    with pytest.raises(InvalidTaskIdError, match=why):
        parse_ref(text)


@given(
    st.sampled_from(ids.PROVIDERS),
    st.from_regex(r"\A[a-z][a-z0-9_-]*\Z"),
    st.from_regex(r"\A[!-~]{1,80}\Z"),
)
def test_a_ref_is_read_back_as_it_was_put_together(
    provider: str, account: str, task_id: str
) -> None:
    assert parse_ref(f"{provider}@{account}:{task_id}") == (provider, account, task_id)


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("tencent", "tencent"),
        ("Tencent", "tencent"),
        ("tencnet", "tencent"),
        ("tecnet", "tencent"),
        ("hauwei", "huawei"),
        ("huwaei", "huawei"),
        ("recrod", "record"),
        ("records", "record"),
        ("recording", None),
        ("mcp", "mpc"),
        ("mp3", "mpc"),
        ("tw", "tiw"),
        ("help", None),
        ("", None),
        ("tencent" * 1000, None),
    ],
)
def test_the_nearest_provider_is_at_most_two_edits_away(word: str, nearest: str | None) -> None:
    assert nearest_provider(word) == nearest


@pytest.mark.parametrize(
    ("word", "is_typo"),
    [
        ("tencnet", True),
        ("tencnet@prod", True),
        (f"tencnet:{MERGE}", True),
        ("hwawei@eu:12", True),
        ("tencent", False),
        ("TENCENT", False),
        ("mpc@prod", False),
        ("tiw:x", False),
        ("12", False),
        ("help", False),
        ("X3CgNeE4I1qAAABN", False),
        (MERGE, False),
        ("", False),
    ],
)
def test_a_misspelt_provider_is_a_typo_and_an_id_is_none(word: str, *, is_typo: bool) -> None:
    assert is_provider_typo(word) is is_typo


@given(WORDS)
def test_no_id_shape_is_called_a_typo(word: str) -> None:
    if guess_providers(word):
        assert not is_provider_typo(word)


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("", "", 0),
        ("abc", "", 3),
        ("abc", "abc", 0),
        ("abc", "acb", 1),
        ("abc", "xabc", 1),
        ("abc", "ab", 1),
        ("abc", "abd", 1),
        ("ca", "abc", 3),
        ("abcd", "badc", 2),
        ("tencent", "huawei", 6),
    ],
)
def test_edits_are_counted(one: str, other: str, edits: int) -> None:
    assert count_edits(one, other) == edits


@given(WORDS, WORDS)
def test_edits_count_alike_from_both_sides_and_are_bounded(one: str, other: str) -> None:
    edits = count_edits(one, other)

    assert edits == count_edits(other, one)
    assert (edits == 0) == (one == other)
    assert abs(len(one) - len(other)) <= edits <= max(len(one), len(other))


@given(WORDS, st.data())
def test_swapping_two_neighbours_is_one_edit(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, max(len(word) - 2, 0)))
    swapped = word[:place] + word[place : place + 2][::-1] + word[place + 2 :]

    assert count_edits(word, swapped) <= 1


@given(st.sampled_from(ids.PROVIDERS), st.data())
def test_two_lost_letters_still_mean_a_provider(word: str, data: st.DataObject) -> None:
    places = data.draw(st.sets(st.integers(0, len(word) - 1), max_size=2))
    typed = "".join(letter for place, letter in enumerate(word) if place not in places)

    assert nearest_provider(typed) is not None
