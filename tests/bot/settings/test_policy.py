"""``[[policy]]`` and the language of channels; a rule that could never fit is a problem."""

from pathlib import Path

import pytest

from bot.policy import Rule
from bot.settings.load import Settings, SettingsError, load_settings

BASE = """
[slack]
bot_token = "xoxb-1"
app_token = "xapp-1"
{slack}
[accounts.main]
vendor = "zego"
app_id = 1234567890
server_secret = "0123456789abcdef0123456789abcdef"
[accounts.prod]
vendor = "tencent-tiw"
secret_id = "i"
secret_key = "k"
sdk_app_id = 1400000001
region = "ap-singapore"
"""


def load(path: Path, policy: str, slack: str = "") -> Settings:
    file = path / "mediatask.toml"
    file.write_text(BASE.format(slack=slack) + policy)
    return load_settings(str(file), {})


def problems(path: Path, policy: str, slack: str = "") -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(path, policy, slack)
    return [
        problem.replace(str(path / "mediatask.toml"), "FILE") for problem in caught.value.problems
    ]


def test_rules_are_read_in_their_order_and_one_word_is_a_list_of_one(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        """
        [[policy]]
        name = "Operators"
        who = ["S0OPS", "U0LEAD", "W0GRID"]
        allow = true
        [[policy]]
        where = ["dm", "shared", "C0MEDIA", "*"]
        provider = ["tiw@prod", "rec*", "*@m*"]
        action = "settings.*"
        allow = false
        ask = "S0OPS"
        """,
    )

    assert settings.policy == (
        Rule(name="Operators", who=("S0OPS", "U0LEAD", "W0GRID"), allow=True),
        Rule(
            where=("dm", "shared", "C0MEDIA", "*"),
            provider=("tiw@prod", "rec*", "*@m*"),
            action=("settings.*",),
            allow=False,
            ask="S0OPS",
        ),
    )


def test_without_rules_and_language_everything_is_open_and_english(tmp_path: Path) -> None:
    settings = load(tmp_path, "")

    assert settings.policy == ()
    assert settings.slack is not None
    assert settings.slack.channel_language == "en"


def test_channels_may_be_answered_in_chinese(tmp_path: Path) -> None:
    settings = load(tmp_path, "", 'channel_language = "zh"')

    assert settings.slack is not None
    assert settings.slack.channel_language == "zh"


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("", "policy.0.allow: found nothing, wanted a value"),
        (
            'allow = true\nwho = "@bob"',
            (
                "policy.0.who.0: found text of 4 characters,"
                " wanted *, or the id of a user (U…) or of a user group (S…)"
            ),
        ),
        (
            'allow = true\nwhere = ["C0MEDIA", "#ops"]',
            (
                "policy.0.where.1: found text of 4 characters,"
                " wanted *, dm, shared, or the id of a channel (C…)"
            ),
        ),
        (
            'allow = false\nprovider = "mcp"',
            (
                "policy.0.provider.0: found text of 3 characters, wanted *, or one of"
                " tencent, huawei, record, mpc, tiw, also with an account: mpc@prod"
            ),
        ),
        (
            'allow = false\nprovider = "mpc@"',
            (
                "policy.0.provider.0: found text of 4 characters, wanted *, or one of"
                " tencent, huawei, record, mpc, tiw, also with an account: mpc@prod"
            ),
        ),
        (
            'allow = false\nprovider = ["tiw@prod", "tiw@prdo"]',
            "policy: found a list, wanted accounts out of main, prod, not prdo",
        ),
        (
            'allow = false\naction = "pause"',
            (
                "policy.0.action.0: found text of 5 characters, wanted *, settings.*, or one of"
                " show, list, share, details, watch, unwatch, subscribe, alert,"
                " settings.channel, settings.person"
            ),
        ),
        (
            'allow = false\nask = "Bob"',
            (
                "policy.0.ask: found text of 3 characters,"
                " wanted the id of a user (U…), a user group (S…) or a channel"
            ),
        ),
        (
            "allow = false\nwho = []",
            "policy.0.who: found a list, wanted one at least, or no such key",
        ),
        (
            'allow = false\nwhom = "*"',
            "policy.0.whom: found an unknown key, wanted who (did you mean that?)",
        ),
    ],
)
def test_a_rule_that_could_never_fit_is_one_line(tmp_path: Path, rule: str, problem: str) -> None:
    told = problems(tmp_path, f"[[policy]]\n{rule}\n")

    assert told == [f"FILE: {problem}"]


def test_an_unknown_language_is_one_line(tmp_path: Path) -> None:
    told = problems(tmp_path, "", 'channel_language = "fr"')

    assert told == ["FILE: slack.channel_language: found \"fr\", wanted one of 'en' or 'zh'"]


def test_where_the_accounts_are_wrong_the_rules_are_not_blamed(tmp_path: Path) -> None:
    told = problems(tmp_path, '[accounts.x]\n[[policy]]\nallow = true\nprovider = "mpc@zzz"\n')

    assert all("policy" not in problem for problem in told)
