from datetime import timedelta

from bot.models import Preferences, RecentLookup
from bot.sandbox.slack.blocks import validate_view
from bot.views.home import HomeModel, render_home
from bot.views.layout import View
from bot.views.options import Options
from bot.views.words import CHINESE
from providers.gate import Health
from providers.models import TaskRef
from tests.bot.views.reading import buttons, prose
from tests.bot.views.samples import NOW

WELL = Health(answering=True, since=NOW, latency_s=0.1, budget=1.0)
LOOKUP = RecentLookup(TaskRef("mpc", "a", "22123973"), "transcode", "failed", NOW)
MODEL = HomeModel(
    lookups=[LOOKUP],
    health={("mpc", "a"): WELL},
    person=Preferences(condensed=True),
    accounts={"mpc": ["a"]},
    examples=["mpc 22123973"],
)


def test_home_shows_lookups_vendors_defaults_and_help() -> None:
    home = render_home(MODEL, now=NOW)

    told = prose(View(home["blocks"], ""))
    assert validate_view(home) == []
    assert "*Failed* `22123973` · Transcode" in told
    assert "`mpc@a` · Huawei Cloud MPC · answering since" in told
    assert "Cards: *Two or three lines*" in told
    assert "`/mediatask mpc 22123973`" in told
    assert "As of <!date^" in told


def test_home_leads_to_the_tasks_and_to_the_settings() -> None:
    shown = buttons(View(render_home(MODEL, now=NOW)["blocks"], ""))

    assert shown["show:0"]["value"] == "mpc@a:22123973"
    assert "settings" in shown


def test_an_empty_home_says_what_would_stand_there() -> None:
    home = render_home(HomeModel([], {}, Preferences(), {}, []), now=NOW)

    told = prose(View(home["blocks"], ""))
    assert validate_view(home) == []
    assert "You have not asked for any task yet." in told
    assert "No account is configured here yet" in told


def test_the_fullest_home_stays_within_slacks_limits() -> None:
    lookups = [
        RecentLookup(TaskRef("mpc", "a" * 40, "&" * 256), None, "<" * 99, NOW - timedelta(days=day))
        for day in range(40)
    ]
    health = {("mpc", f"account-{index}" * 5): WELL for index in range(400)}
    accounts = {f"provider-{index}": [f"{account}" for account in range(99)] for index in range(40)}

    home = render_home(
        HomeModel(lookups, health, Preferences(), accounts, ["x" * 3000] * 40),
        now=NOW,
        options=Options(words=CHINESE),
    )

    assert validate_view(home) == []
