"""Operators see what Slack would not take, and can have it sent again."""

from bot.views.buttons import DeliveryButton, decode
from bot.views.dead_letters import MAX_ROWS, render_dead_letters
from tests.bot.views.reading import buttons, prose
from tests.bot.views.watch_samples import dead


def test_a_row_says_what_it_was_where_and_why_it_failed() -> None:
    view = render_dead_letters([dead()])

    assert "*1 message could not be sent*" in prose(view)
    assert "*News* `01JD0001` · <#C0MEDIA> · happened <!date^" in prose(view)
    assert "3 attempts · `is_archived`" in prose(view)
    assert decode(buttons(view)["resend:0"]["value"]) == DeliveryButton("01JD0001")


def test_a_later_versions_kind_and_a_silent_failure_are_shown_as_they_are() -> None:
    told = prose(render_dead_letters([dead(kind="holo<gram>", error=None, attempts=1)]))

    assert "*holo&lt;gram&gt;*" in told
    assert told.endswith("1 attempt\nSend again")


def test_the_latest_ten_are_shown_and_the_rest_counted() -> None:
    view = render_dead_letters([dead(number) for number in range(MAX_ROWS + 2)])

    assert len(buttons(view)) == MAX_ROWS
    assert "2 more messages could not be sent." in prose(view)


def test_a_delivery_whose_id_fits_no_button_has_none() -> None:
    assert buttons(render_dead_letters([dead(id="".join(map(chr, range(300, 1500))))])) == {}


def test_where_everything_was_sent_that_is_said() -> None:
    assert render_dead_letters([]).text == "Every message was sent."
