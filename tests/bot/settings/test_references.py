"""What ``[[alerts]]`` names has to be configured, and its quiet hours have to be hours."""

import pytest

from tests.bot.settings.conftest import Writer
from tests.bot.settings.test_load import SLACK, ZEGO


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            SLACK + ZEGO + '[[alerts]]\nchannel = "C0X"\nquiet = "23:00-23:00 Europe/Berlin"\n',
            (
                "FILE: alerts.0.quiet: found text of 25 characters,"
                " wanted hours that end at another time than they begin"
            ),
        ),
        (
            SLACK + ZEGO + '[[alerts]]\nchannel = "C0X"\nnotify = ["U0A", "rota:media"]\n',
            (
                "FILE: alerts.0.notify: found media, wanted a name out of [rotas],"
                " where there is nothing yet"
            ),
        ),
        (
            SLACK
            + ZEGO
            + '[[alerts]]\nchannel = "C0X"\nescalate = [{ after = "1m", pager = "mein" }]\n'
            + '[pagers.main]\nkind = "pagerduty"\nrouting_key = "k"\n',
            (
                "FILE: alerts.0.escalate.0.pager: found mein, wanted a name out of [pagers],"
                " where there is main"
            ),
        ),
    ],
)
def test_what_an_alert_names_has_to_be_there(write: Writer, text: str, problem: str) -> None:
    assert problem in write.problems(text)
