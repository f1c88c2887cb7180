from datetime import timedelta

import pytest

from bot.sandbox.slack.blocks import validate_message
from bot.views.health import render_health
from providers.gate import Health
from tests.bot.views.reading import prose
from tests.bot.views.samples import NOW

SINCE = NOW - timedelta(hours=2)
WELL = Health(answering=True, since=SINCE, latency_s=0.1234, budget=0.957)
DOWN = Health(answering=False, since=SINCE, latency_s=None, budget=1.0)


@pytest.mark.parametrize(
    ("health", "told"),
    [
        (WELL, ":large_green_circle: `mpc@a` · Huawei Cloud MPC · answering since <!date^"),
        (WELL, "· 123 ms · 95 % of its budget left"),
        (DOWN, ":red_circle: `mpc@a` · Huawei Cloud MPC · not answering since <!date^"),
        (
            Health(answering=True, since=None, latency_s=None, budget=1.0),
            ":white_circle: `mpc@a` · Huawei Cloud MPC · not asked yet · 100 % of its budget left",
        ),
        (Health(answering=True, since=SINCE, latency_s=0.1, budget=1.5), "· 100 % of its"),
        (Health(answering=True, since=SINCE, latency_s=0.1, budget=-1), "· 0 % of its"),
    ],
)
def test_an_account_is_shown_as_its_gate_knows_it(health: Health, told: str) -> None:
    view = render_health({("mpc", "a"): health})

    assert told in prose(view)
    assert validate_message(view.blocks, view.text) == []


def test_the_spoken_line_names_who_is_down() -> None:
    some = render_health({("mpc", "a"): DOWN, ("tiw", "b"): WELL, ("later", "c"): DOWN})
    none = render_health({("tiw", "b"): WELL})

    assert some.text == "Not answering: mpc@a, later@c."
    assert none.text.startswith("Every vendor answers")


def test_without_accounts_it_says_whom_to_ask() -> None:
    assert "No account is configured" in render_health({}).text


def test_hundreds_of_accounts_stay_within_slacks_limits() -> None:
    view = render_health({("mpc", f"account-{index}"): WELL for index in range(500)})

    assert validate_message(view.blocks, view.text) == []
