from dataclasses import replace
from datetime import timedelta

from bot.models import Preferences, RecentLookup
from bot.sandbox.slack.blocks import validate_view
from bot.views.buttons import AlertsPage, WatchesPage, decode
from bot.views.home import HomeModel, render_home
from bot.views.layout import View
from bot.views.options import Options
from bot.views.words import CHINESE
from providers.gate import Health
from providers.models import TaskRef
from tests.bot.views.oncall_samples import alert, silence
from tests.bot.views.reading import buttons, prose
from tests.bot.views.samples import NOW, STORIES
from tests.bot.views.watch_samples import dead, watched

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


def test_home_shows_what_one_watches_and_leads_to_all_of_it() -> None:
    model = replace(MODEL, watches=[watched(STORIES["merge_running"])] * 12)

    home = View(render_home(model, now=NOW)["blocks"], "")

    shown = buttons(home)
    assert "*Running* `X3CgNeE4I1qAAABN` · Merge" in prose(home)
    assert sum(name.startswith("unwatch:") for name in shown) == 10
    assert decode(shown["page:0"]["value"]) == WatchesPage(0, "mine")


def test_home_shows_ones_alerts_who_is_on_call_and_what_is_silent() -> None:
    model = replace(
        MODEL,
        alerts=[alert(count=41)] * 7,
        on_call={"media": ["U0EVE", "Dana"], "nights": []},
        silences=[silence()],
    )

    home = View(render_home(model, now=NOW)["blocks"], "")

    shown, told = buttons(home), prose(home)
    assert told.index("Your open alerts") < told.index("What you watch")
    assert sum(name.startswith("alert_details:") for name in shown) == 5
    assert decode(shown["alerts"]["value"]) == AlertsPage(0, "open")
    assert "*media:* <@U0EVE>, `Dana`" in told
    assert "*nights:* nobody, as far as its calendar tells" in told
    assert "unsilence:0" in shown


def test_home_does_not_speak_of_on_call_where_there_is_none() -> None:
    told = prose(View(render_home(MODEL, now=NOW)["blocks"], ""))

    assert "alert" not in told.partition("Help")[0]
    assert "On call" not in told
    assert "Silences" not in told


def test_an_operators_home_shows_what_could_not_be_sent() -> None:
    home = View(render_home(replace(MODEL, dead_letters=[dead()]), now=NOW)["blocks"], "")

    assert "What could not be sent" in prose(home)
    assert "resend:0" in buttons(home)


def test_an_empty_home_says_what_would_stand_there() -> None:
    home = render_home(HomeModel([], {}, Preferences(), {}, []), now=NOW)

    told = prose(View(home["blocks"], ""))
    assert validate_view(home) == []
    assert "You have not asked for any task yet." in told
    assert "You watch nothing." in told
    assert "What could not be sent" not in told
    assert "No account is configured here yet" in told


def test_the_fullest_home_stays_within_slacks_limits() -> None:
    lookups = [
        RecentLookup(TaskRef("mpc", "a" * 40, "&" * 256), None, "<" * 99, NOW - timedelta(days=day))
        for day in range(40)
    ]
    health = {("mpc", f"account-{index}" * 5): WELL for index in range(400)}
    accounts = {f"provider-{index}": [f"{account}" for account in range(99)] for index in range(40)}

    home = render_home(
        HomeModel(
            lookups,
            health,
            Preferences(),
            accounts,
            ["x" * 3000] * 40,
            watches=[watched(STORIES["not_found"])] * 40,
            dead_letters=[dead(number) for number in range(40)],
            alerts=[alert(id=number, code="&" * 300) for number in range(40)],
            on_call={f"rota-{number}": ["U0EVE"] * 30 for number in range(40)},
            silences=[silence(id=number, because="<" * 999) for number in range(40)],
        ),
        now=NOW,
        options=Options(words=CHINESE),
    )

    assert validate_view(home) == []
