import pytest

from bot.sandbox.slack.blocks import validate_message
from bot.views.help import TOPICS, render_failure, render_help, render_usage_error
from bot.views.words import CHINESE, ENGLISH, Words
from tests.bot.views.reading import prose


def test_help_lists_what_is_configured_and_examples_that_work_here() -> None:
    view = render_help({"mpc": ["transcode", "spare"]}, ["mpc 22123973"])

    assert "`mpc`: Huawei Cloud MPC (transcode, spare)" in prose(view)
    assert "`/mediatask mpc 22123973`" in prose(view)


def test_help_shows_three_examples_and_every_topic() -> None:
    told = prose(render_help({"mpc": ["a"]}, [f"mpc {number}" for number in range(5)]))

    assert "/mediatask mpc 2`" in told
    assert "/mediatask mpc 3`" not in told
    assert all(f"`{topic}`" in told for topic in TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("words", [ENGLISH, CHINESE])
def test_every_topic_is_explained(topic: str, words: Words) -> None:
    view = render_help({}, [], words, topic)

    assert words(f"help.topic.{topic}") in prose(view)
    assert "*" not in view.text
    assert validate_message(view.blocks, view.text) == []


def test_a_topic_that_is_none_gives_the_whole_help() -> None:
    assert render_help({}, [], ENGLISH, "cooking") == render_help({}, [])


@pytest.mark.parametrize("accounts", [{}, {"mpc": []}])
def test_help_says_so_where_nothing_is_configured(accounts: dict[str, list[str]]) -> None:
    assert "No account is configured here yet" in prose(render_help(accounts, []))


def test_help_names_a_provider_it_has_no_words_for() -> None:
    assert "`later`: later (main)" in prose(render_help({"later": ["main"]}, []))


def test_help_stays_within_slacks_limits_whatever_is_configured() -> None:
    accounts = {f"{index}" * 300: [f"account-{index}"] * 100 for index in range(30)}

    view = render_help(accounts, ["x" * 5000] * 50)

    assert validate_message(view.blocks, view.text) == []


def test_a_usage_error_says_what_was_read_what_was_meant_and_what_works() -> None:
    view = render_usage_error("`<!channel>` is no provider here.", "tencent", "tencent 1")

    assert prose(view) == (
        "`&lt;!channel&gt;` is no provider here.\n"
        "Did you mean `/mediatask tencent`?\n"
        "For example: `/mediatask tencent 1`"
    )
    assert view.text == (
        "&lt;!channel&gt; is no provider here. Did you mean /mediatask tencent? "
        "For example: /mediatask tencent 1"
    )


def test_a_usage_error_without_a_guess_does_not_guess() -> None:
    assert "Did you mean" not in prose(render_usage_error("An id is missing.", None, "mpc 1"))


def test_a_fault_of_ours_is_owned_up_to_with_a_reference() -> None:
    view = render_failure("K3J9QX")

    assert "our fault" in view.text
    assert "`K3J9QX`" in prose(view)
