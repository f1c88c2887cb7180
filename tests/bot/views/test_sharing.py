import pytest

from bot.sandbox.slack.blocks import validate_message
from bot.views.options import Options
from bot.views.sharing import (
    render_denied,
    render_not_member,
    render_old_button,
    render_shared,
)
from bot.views.words import CHINESE, ENGLISH, Words
from tests.bot.views.reading import buttons, prose
from tests.bot.views.samples import NOW, SIGNED, task


def test_a_shared_card_says_who_shared_it_and_keeps_private_links_out() -> None:
    view = render_shared(task(outputs=(SIGNED,)), "U0ALICE", now=NOW)

    assert prose(view).startswith("Shared by <@U0ALICE>\n")
    assert view.text.startswith("Shared by <@U0ALICE>: Recording X3CgNeE4I1qAAABN: Done")
    assert "Signature" not in str(view)
    assert {"share", "open:0"}.isdisjoint(buttons(view))
    assert "get_link" in buttons(view)
    assert validate_message(view.blocks, view.text) == []


def test_a_channel_that_allows_them_gets_the_links_too() -> None:
    options = Options(links_in_channel=True, condensed=True)

    view = render_shared(task(outputs=(SIGNED,)), "U0ALICE", now=NOW, options=options)

    assert buttons(view)["open:0"]["url"] == SIGNED.url


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        ("U0OPS", " Ask <@U0OPS>."),
        ("S0OPS", " Ask <!subteam^S0OPS>."),
        ("C0OPS", " Ask <#C0OPS>."),
        ("<!channel>", " Ask `&lt;!channel&gt;`."),
        (None, ""),
    ],
)
def test_a_denial_says_which_rule_and_whom_to_ask(ask: str | None, told: str) -> None:
    view = render_denied("no links <at> night", ask)

    expected = (
        f":no_entry: That is not allowed here, by the rule `no links &lt;at&gt; night`.{told}"
    )
    assert prose(view) == expected
    assert validate_message(view.blocks, view.text) == []


@pytest.mark.parametrize("words", [ENGLISH, CHINESE])
def test_where_the_bot_is_no_member_it_says_how_to_invite_it(words: Words) -> None:
    view = render_not_member("C0STUDIO", words)

    assert "<#C0STUDIO>" in prose(view)
    assert "`/invite @MediaTask`" in prose(view)
    assert validate_message(view.blocks, view.text) == []


def test_a_button_nobody_understands_any_more_is_answered_too() -> None:
    assert "ask again" in render_old_button().text
