from datetime import timedelta
from pathlib import Path

import pytest

from bot.settings.load import SettingsError, load_settings
from providers.huawei_mpc.config import HuaweiMpcAccount
from providers.zego.config import ZegoAccount
from tests.bot.settings.conftest import Writer

SLACK = """
[slack]
bot_token = "xoxb-1"
app_token = "xapp-1"
"""
ZEGO = """
[accounts.main]
vendor = "zego"
app_id = 1234567890
server_secret = "0123456789abcdef0123456789abcdef"
"""
EVERYTHING = """
[slack]
mode = "http"
bot_token = "xoxb-1"
signing_secret = "s"
app_token = "xapp-1"
api_url = "https://slack.com/api/"
read_back = true
[server]
host = "127.0.0.1"
port = 3000
[store]
url = "sqlite:///mediatask.db"
[accounts.main]
vendor = "zego"
app_id = 1234567890
server_secret = "a"
callback_secret = "b"
rtc_url = "https://rtc-api.zego.im/"
record_url = "https://cloudrecord-api.zego.im/"
is_test = true
rate = 20
record_rate = 10
obs = { bucket = "b", region = "r", ak = "k", sk = "s", expires = 600 }
[accounts.transcode]
vendor = "huawei-mpc"
project_id = "p"
ak = "a"
sk = "s"
region = "ap-southeast-3"
url = "https://mpc.ap-southeast-3.myhuaweicloud.com"
iam_url = "https://iam.ap-southeast-3.myhuaweicloud.com"
timeout = 5
[accounts.whiteboard]
vendor = "tencent-tiw"
secret_id = "i"
secret_key = "k"
sdk_app_id = 1400000001
region = "ap-singapore"
callback_key = "c"
[operators]
users = ["U0OPS"]
channel = "C0OPS"
[fetch]
allow_private = false
[watch]
limit = "7d"
grace = "10m"
[sweep]
every = "60s"
[[alerts]]
provider = ["record", "mpc"]
on = ["failed", "partial", "stuck", "outage"]
channel = "C0123ONCALL"
notify = ["S0ONCALL"]
escalate = [ { after = "10m", notify = ["U0LEAD"] }, { after = "20m", pager = "main" } ]
group = "2m"
quiet = "23:00-07:00 Europe/Berlin"
[pagers.main]
kind = "pagerduty"
routing_key = "r"
[pagers.ops]
kind = "webhook"
url = "https://example.com/hook"
secret = "s"
[rotas.media]
ical = "https://example.com/schedule.ics"
"""


def test_the_whole_documented_configuration_is_read(write: Writer) -> None:
    settings = write.load(EVERYTHING)

    assert list(settings.accounts) == ["main", "transcode", "whiteboard"]
    assert settings.slack is not None
    assert settings.slack.mode == "http"
    assert settings.accounts["transcode"].timeout == 5
    assert settings.watch.limit == timedelta(days=7)
    assert settings.alerts[0].escalate[1].after == timedelta(minutes=20)


def test_the_environment_wins_over_conventional_names_and_those_over_the_file(
    write: Writer,
) -> None:
    conventional = write.load(SLACK + ZEGO, SLACK_BOT_TOKEN="xoxb-2")
    both = write.load(SLACK + ZEGO, SLACK_BOT_TOKEN="xoxb-2", MEDIATASK_SLACK__BOT_TOKEN="xoxb-3")

    assert conventional.slack is not None
    assert conventional.slack.bot_token.get_secret_value() == "xoxb-2"
    assert both.slack is not None
    assert both.slack.bot_token.get_secret_value() == "xoxb-3"


def test_everything_can_come_from_the_environment() -> None:
    settings = load_settings(
        None,
        {
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_APP_TOKEN": "xapp-1",
            "DATABASE_URL": "postgresql://u:p@h/d",
            "MEDIATASK_ACCOUNTS__MAIN__VENDOR": "zego",
            "MEDIATASK_ACCOUNTS__MAIN__APP_ID": "7",
            "MEDIATASK_ACCOUNTS__MAIN__SERVER_SECRET": "123456",
            "MEDIATASK_OPERATORS__USERS": '["U1", "U2"]',
            "MEDIATASK_LOG_LEVEL": "debug",
        },
    )

    account = settings.accounts["main"]
    assert isinstance(account, ZegoAccount)
    assert account.app_id == 7
    assert account.server_secret.get_secret_value() == "123456"
    assert settings.operators.users == ("U1", "U2")
    assert settings.store.url.get_secret_value() == "postgresql://u:p@h/d"


def test_text_that_only_looks_like_json_stays_text(write: Writer) -> None:
    settings = write.load(SLACK + ZEGO, MEDIATASK_ACCOUNTS__MAIN__SERVER_SECRET="[not json")

    account = settings.accounts["main"]
    assert isinstance(account, ZegoAccount)
    assert account.server_secret.get_secret_value() == "[not json"


def test_a_secret_may_be_a_file(write: Writer, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from-file\n")
    text = SLACK + ZEGO.replace(
        'server_secret = "0123456789abcdef0123456789abcdef"',
        f'server_secret_file = "{tmp_path / "secret"}"',
    )

    account = write.load(text).accounts["main"]

    assert isinstance(account, ZegoAccount)
    assert account.server_secret.get_secret_value() == "from-file"


def test_a_query_needs_no_slack_section_and_does_not_mind_half_of_one(write: Writer) -> None:
    without = write.load(ZEGO, needs_slack=False)
    half = write.load(ZEGO, needs_slack=False, SLACK_BOT_TOKEN="xoxb-1")

    assert without.slack is None
    assert half.slack is None


def test_iam_user_and_password_serve_instead_of_keys(write: Writer) -> None:
    settings = write.load(
        SLACK
        + '[accounts.t]\nvendor = "huawei-mpc"\nproject_id = "p"\nregion = "cn-north-4"\n'
        + 'iam_user = "u"\niam_password = "p"\niam_domain = "d"\n'
    )

    assert isinstance(settings.accounts["t"], HuaweiMpcAccount)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (ZEGO, "FILE: slack.bot_token: found nothing, wanted a value"),
        (
            '[slack]\nbot_token = "x"\n' + ZEGO,
            "FILE: slack: found a table, wanted app_token, which socket mode needs",
        ),
        (
            '[slack]\nmode = "http"\nbot_token = "x"\n' + ZEGO,
            "FILE: slack: found a table, wanted signing_secret, which http mode needs",
        ),
        (
            SLACK + 'mode = "carrier pigeon"\n' + ZEGO,
            "FILE: slack.mode: found \"carrier pigeon\", wanted one of 'socket' or 'http'",
        ),
        (SLACK, "FILE: accounts: found nothing, wanted a value"),
        (
            SLACK + ZEGO + 'server_secrt = "x"\n',
            (
                "FILE: accounts.main.server_secrt: found an unknown key,"
                " wanted server_secret (did you mean that?)"
            ),
        ),
        (
            SLACK + ZEGO.replace("1234567890", '"abc"'),
            "FILE: accounts.main.app_id: found text of 3 characters, wanted a whole number",
        ),
        (
            SLACK + ZEGO.replace('"zego"', '"zeggo"'),
            (
                'FILE: accounts.main.vendor: found "zeggo", wanted one of'
                " 'zego', 'huawei-mpc', 'tencent-tiw'"
            ),
        ),
        (
            SLACK + ZEGO.replace('vendor = "zego"\n', ""),
            (
                "FILE: accounts.main.vendor: found nothing,"
                " wanted a key that says which kind it is (vendor, or kind)"
            ),
        ),
        (
            SLACK + ZEGO + 'server_secret_file = "s"\n',
            (
                "FILE: accounts.main: found a table,"
                " wanted either server_secret or server_secret_file, not both"
            ),
        ),
        (
            SLACK + ZEGO.replace("server_secret =", "server_secret_file ="),
            (
                "FILE: accounts.main: found a table,"
                " wanted a readable server_secret_file (No such file or directory)"
            ),
        ),
        (
            SLACK + ZEGO.replace('"0123456789abcdef0123456789abcdef"', '""'),
            "FILE: accounts.main: found a table, wanted a server_secret that is not empty",
        ),
        (
            SLACK + ZEGO + '[watch]\nlimit = "soon"\n',
            (
                "FILE: watch.limit: found text of 4 characters,"
                " wanted a duration such as 90s, 10m, 2h or 7d"
            ),
        ),
        (
            SLACK + ZEGO + "[server]\nport = 70000\n",
            "FILE: server.port: found 70000, wanted input should be less than or equal to 65535",
        ),
        (
            SLACK + ZEGO + "[serverr]\nport = 1\n",
            "FILE: serverr: found an unknown key, wanted server (did you mean that?)",
        ),
        (
            SLACK + ZEGO + "[server]\nzzz = 1\n",
            "FILE: server.zzz: found an unknown key, wanted one of host, port",
        ),
        (
            SLACK + ZEGO + 'rtc_url = "ftp://x"\n',
            (
                "FILE: accounts.main.rtc_url: found text of 7 characters,"
                " wanted an http or https address"
            ),
        ),
        (
            SLACK + ZEGO + '[[alerts]]\nchannel = "#ops"\n',
            (
                "FILE: alerts.0.channel: found text of 4 characters, wanted string should match"
                " pattern '^[CGD][A-Z0-9]{2,}$'"
            ),
        ),
        (
            SLACK + ZEGO + '[[alerts]]\nchannel = "C0X"\nescalate = [{ after = "1m" }]\n',
            "FILE: alerts.0.escalate.0: found a table, wanted either notify or pager",
        ),
        (
            SLACK + ZEGO + '[[alerts]]\nchannel = "C0X"\nquiet = "at night"\n',
            (
                "FILE: alerts.0.quiet: found text of 8 characters,"
                " wanted hours and a time zone, such as 23:00-07:00 Europe/Berlin"
            ),
        ),
        (
            SLACK + ZEGO + '[[alerts]]\nchannel = "C0X"\nquiet = "23:00-07:00 Mars/Base"\n',
            (
                "FILE: alerts.0.quiet: found text of 21 characters,"
                " wanted a time zone this machine knows, such as Europe/Berlin"
            ),
        ),
    ],
)
def test_every_problem_is_one_line_with_file_key_found_and_wanted(
    write: Writer, text: str, problem: str
) -> None:
    problems = write.problems(text)

    assert problem in problems


def test_a_problem_in_a_variable_is_reported_under_the_variable(write: Writer) -> None:
    problems = write.problems(SLACK + ZEGO, MEDIATASK_SERVER__PORT="many")

    assert problems == [
        "MEDIATASK_SERVER__PORT: server.port: found text of 4 characters, wanted a whole number"
    ]


def test_several_problems_are_several_lines(write: Writer) -> None:
    problems = write.problems(SLACK + ZEGO + "[server]\nport = -1\nhots = 1\n")

    assert len(problems) == 2


def test_no_problem_shows_a_secret(write: Writer) -> None:
    canary = "canary-secret-value"
    text = (
        f'[slack]\nbot_token = ["{canary}"]\nsigning_secrt = "{canary}"\n'
        f'[accounts.main]\nvendor = "zego"\napp_id = "{canary}"\n'
        f'server_secret = {{ a = "{canary}" }}\n'
        f'rtc_url = "https://u:{canary}@h/"\n'
    )

    problems = write.problems(text, MEDIATASK_PAGERS__X__KIND="webhook", MEDIATASK_Q=canary)

    assert len(problems) > 4
    assert canary not in "\n".join(problems)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"[slack\n", "is not TOML at line 1, column 7"),
        (b"\xff\xfe", "is not UTF-8 text"),
    ],
)
def test_a_file_that_is_no_toml_is_one_line(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(content)

    with pytest.raises(SettingsError) as caught:
        load_settings(None, {"MEDIATASK_CONFIG": str(path)})

    assert caught.value.problems == [f"{path}: {problem}"]


def test_a_named_file_that_is_absent_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: No such file or directory"):
        load_settings(str(tmp_path / "absent.toml"), {})


def test_mediatask_toml_is_read_where_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mediatask.toml").write_text(SLACK + ZEGO)
    monkeypatch.chdir(tmp_path)

    assert list(load_settings(None, {}).accounts) == ["main"]


def test_without_file_and_environment_the_first_problem_names_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SettingsError) as caught:
        load_settings(None, {})

    assert caught.value.problems[0].startswith("environment: slack.bot_token: found nothing")
