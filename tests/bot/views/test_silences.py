"""Silences are told when they begin, hide something and end, and are listed meanwhile."""

import pytest

from bot.views.silence import (
    render_silence_news,
    render_silenced,
    render_silences,
    render_unsilenced,
)
from tests.bot.views.oncall_samples import alert, silence
from tests.bot.views.reading import buttons, prose


def test_whoever_silences_is_told_what_until_when_why_and_how_to_end_it() -> None:
    told = prose(render_silenced(silence()))

    assert "<@U0BOB> silenced rooms `lesson-*` until <!date^" in told
    assert "Reason: the &lt;CDN&gt; is moved" in told
    assert "`/mediatask unsilence 4`" in told


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("all", "everything"),
        ("mpc", "`mpc`"),
        ("record@main:X", "`record@main:X`"),
        ("room a-*", "rooms `a-*`"),
    ],
)
def test_a_silence_is_called_by_what_it_is_for(target: str, name: str) -> None:
    told = prose(render_silence_news("begun", silence(target=target, because=None)))

    assert f"silenced {name} until" in told
    assert "Reason" not in told


def test_what_it_hides_is_announced() -> None:
    told = prose(render_silence_news("hid", silence(), alert(count=41)))

    assert "keeps an alert in <#C0ONCALL> quiet until" in told
    assert told.endswith("41 tasks failed.")


@pytest.mark.parametrize(
    ("ended_by", "line"),
    [
        ("U0ALICE", "<@U0ALICE> ended the silence of rooms `lesson-*`. It kept 2 alerts quiet"),
        (None, "The silence of rooms `lesson-*` is over. It kept 2 alerts quiet"),
    ],
)
def test_its_end_says_by_whom_and_what_it_kept_quiet(ended_by: str | None, line: str) -> None:
    ended = silence(ended_by=ended_by)

    assert prose(render_silence_news("ended", ended)).startswith(line)
    assert prose(render_unsilenced([ended])).startswith(line)


def test_a_silence_that_is_not_there_is_said() -> None:
    assert render_unsilenced([]).text == "There is no such silence, or it is over already."


def test_the_list_shows_ten_and_counts_the_rest() -> None:
    view = render_silences([silence(id=number, hidden=0) for number in range(12)])

    assert "*12 silences hold now*" in prose(view)
    assert "2 more silences are not shown." in prose(view)
    assert len(buttons(view)) == 10
    assert "kept quiet" not in prose(view)


def test_an_empty_list_says_so() -> None:
    assert prose(render_silences([])) == "Nothing is silenced."
