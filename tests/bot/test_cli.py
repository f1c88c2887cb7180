"""The command line: what is printed where, and with which exit status."""

import asyncio
import gc
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import __main__ as entry
from bot.cli import EXIT_USAGE, main
from bot.sandbox.clouds import Cloud, VendorClouds, Weather, WeatherKind
from bot.sandbox.slack.server import LocalSlack
from tests.fakes.bot import settings_tree, write_toml
from tests.fakes.shell import Done, Shell

RECORD = "X3CgNeE4I1qAAABN"
COMMANDS = {"serve", "demo", "query", "check-config", "doctor", "migrate", "deliveries"}


@pytest.fixture(autouse=True)
def process_as_it_was() -> Iterator[None]:
    """Take back what a command changes in its process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    gc.enable()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, with nothing of ours in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("MEDIATASK_CONFIG", "MEDIATASK_LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def config(here: Path, clouds: VendorClouds, slack: LocalSlack) -> Path:
    """The configuration of the demo, under a name that is not looked for."""
    return write_toml(settings_tree(clouds, slack), here / "other.toml")


async def run(capsys: pytest.CaptureFixture[str], *words: str) -> Done:
    """Run a command in this process, in a thread of its own beside the stand-ins."""
    status = await asyncio.to_thread(main, words)
    out, err = capsys.readouterr()
    return Done(status, out, err)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["qurey", "record", RECORD],
        ["query"],
        ["query", "--jsn", RECORD],
        ["demo", "--port", "65536"],
        ["demo", "--port", "http"],
        ["--config"],
    ],
)
def test_wrong_usage_ends_with_2_and_says_how_it_is_used(
    words: list[str], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert here.is_dir()

    with pytest.raises(SystemExit) as caught:
        main(words)

    out, err = capsys.readouterr()
    assert caught.value.code == EXIT_USAGE
    assert err.startswith("usage: mediatask")
    assert out == ""


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])

    told = capsys.readouterr().out
    assert caught.value.code == 0
    assert set(re.findall(r"^    ([a-z-]+)\b", told, re.MULTILINE)) >= COMMANDS


@pytest.mark.parametrize("command", ["serve", "query", "check-config", "doctor"])
def test_a_bad_configuration_ends_with_2_and_a_line_for_each_problem(
    command: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = here / "bad.toml"
    bad.write_text('[accounts.main]\nvendor = "zego"\napp_id = "x"\nserver_secre = "canary"\n')
    words = [command, *(["record", RECORD] if command == "query" else []), "--config", str(bad)]

    status = main(words)

    out, err = capsys.readouterr()
    assert (status, out) == (EXIT_USAGE, "")
    assert f"{bad}: accounts.main.app_id: found text of 1 characters" in err
    assert "server_secret (did you mean that?)" in err
    assert "canary" not in err


def test_without_any_configuration_it_says_what_is_missing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert here.is_dir()

    status = main(["check-config"])

    err = capsys.readouterr().err
    assert status == EXIT_USAGE
    assert "environment: accounts: found nothing" in err
    assert "environment: slack.bot_token: found nothing" in err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["--config", "other.toml"], []),
        ([], ["--config", "other.toml"]),
        (["--config", "other.toml", "--verbose"], []),
        (["--verbose"], ["--config", "other.toml"]),
        ([], ["--verbose", "--config", "other.toml"]),
        (["--config", "absent.toml"], ["--config", "other.toml"]),
    ],
)
def test_the_common_options_stand_before_or_after_the_command(
    before: list[str], after: list[str], config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert config.is_file()

    status = main([*before, "check-config", *after])

    assert status == 0
    assert capsys.readouterr().out == "ok: 3 accounts, Slack in socket mode\n"
    verbose = "--verbose" in [*before, *after]
    assert (logging.getLogger().level == logging.DEBUG) is verbose


@pytest.mark.parametrize(
    ("level", "wanted"), [("", "INFO"), ("warning", "WARNING"), ("DEBUG", "DEBUG")]
)
def test_the_environment_sets_the_log_level(
    level: str, wanted: str, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if level:
        monkeypatch.setenv("MEDIATASK_LOG_LEVEL", level)

    status = main(["check-config", "--config", str(config)])

    assert status == 0
    assert logging.getLevelName(logging.getLogger().level) == wanted


def test_a_log_level_that_is_none_is_a_bad_configuration(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MEDIATASK_LOG_LEVEL", "loud")

    status = main(["check-config", "--config", str(config)])

    err = capsys.readouterr().err
    assert status == EXIT_USAGE
    assert "wanted one of debug, info, warning, error" in err


async def test_a_query_prints_the_answer_and_needs_no_slack(
    here: Path, clouds: VendorClouds, capsys: pytest.CaptureFixture[str]
) -> None:
    write_toml({"accounts": clouds.accounts()}, here / "mediatask.toml")

    done = await run(capsys, "query", "record", RECORD)

    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"Recording record@main:{RECORD}: Done (3)\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["tencnet", "289665200"], "Did you mean tencent"),
        (["record"], "An id is missing."),
        (["record@gone", RECORD], "has no account `gone` here"),
        (["record", "a b"], "has a space or an invisible character"),
    ],
)
async def test_a_question_that_is_none_ends_with_2_and_an_example(
    words: list[str], told: str, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = await run(capsys, "query", *words, "--config", str(config))

    assert (done.status, done.out) == (EXIT_USAGE, "")
    assert told in done.err
    assert "For example: mediatask query " in done.err


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["mpc", "22123974"], 0),
        (["record", RECORD, "NoSuchRecordAAAA"], 1),
        (["record", RECORD, "tiw:ghucnligqtgtvk2624mb"], 4),
        (["record", "NoSuchRecordAAAA", "tiw:ghucnligqtgtvk2624mb"], 4),
    ],
    ids=["failed", "not found", "no answer", "no answer before not found"],
)
async def test_the_exit_status_of_a_query_tells_the_worst(
    words: list[str],
    status: int,
    config: Path,
    clouds: VendorClouds,
    capsys: pytest.CaptureFixture[str],
) -> None:
    clouds.set_weather(Cloud.TIW, Weather(kind=WeatherKind.SKEWED))

    done = await run(capsys, "query", *words, "--config", str(config))

    assert done.status == status


async def test_doctor_prints_a_line_for_each_thing(
    config: Path, clouds: VendorClouds, capsys: pytest.CaptureFixture[str]
) -> None:
    fine = await run(capsys, "doctor", "--config", str(config))
    clouds.set_weather(Cloud.TIW, Weather(kind=WeatherKind.SKEWED))
    sick = await run(capsys, "doctor", "--config", str(config))

    assert fine.status == 0
    assert len(fine.out.splitlines()) == 8
    assert sick.status == 1
    assert [line[:4] for line in sick.out.splitlines() if "tiw@whiteboard" in line] == ["FAIL"]


async def test_migrate_brings_the_store_to_this_version_and_needs_no_slack(
    here: Path, clouds: VendorClouds, capsys: pytest.CaptureFixture[str]
) -> None:
    store = {"url": f"sqlite:///{here}/media.db"}
    write_toml({"accounts": clouds.accounts(), "store": store}, here / "mediatask.toml")

    first = await run(capsys, "migrate")
    second = await run(capsys, "migrate")

    assert (first.status, second.status) == (0, 0)
    assert first.out.startswith("ok: a new store at schema ")
    assert second.out.startswith("ok: the store is at schema ")


async def test_a_store_that_cannot_be_migrated_ends_with_2(
    here: Path, clouds: VendorClouds, capsys: pytest.CaptureFixture[str]
) -> None:
    store = {"url": f"sqlite:///{here}/absent/media.db"}
    write_toml({"accounts": clouds.accounts(), "store": store}, here / "mediatask.toml")

    done = await run(capsys, "migrate")

    assert (done.status, done.out) == (EXIT_USAGE, "")
    assert done.err.startswith("store.url: ")


async def test_serve_ends_with_3_where_slack_refuses_the_credentials(
    config: Path, clouds: VendorClouds, slack: LocalSlack
) -> None:
    tree = settings_tree(clouds, slack)
    tree["slack"]["app_token"] = "xapp-canary-0123456789"
    write_toml(tree, config)

    done = await Shell(config.parent).runs("serve", "--config", str(config))

    assert (done.status, done.out) == (3, "")
    assert done.err.rstrip().endswith("critical bot.app slack_refused invalid_auth")
    assert "canary" not in done.err


async def test_serve_ends_with_2_where_its_port_is_taken(
    config: Path, clouds: VendorClouds, slack: LocalSlack
) -> None:
    tree = settings_tree(clouds, slack)
    tree["server"]["port"] = int(slack.page_url.rstrip("/").rpartition(":")[2])
    write_toml(tree, config)

    done = await Shell(config.parent).runs("serve", "--config", str(config))

    assert (done.status, done.out) == (EXIT_USAGE, "")
    assert "cannot_listen address=127.0.0.1:" in done.err


async def test_a_reader_that_leaves_ends_the_command_quietly(config: Path) -> None:
    async with Shell(config.parent).running("query", "--config", str(config), RECORD) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001  # hang up
        async with asyncio.timeout(30):
            err = await process.stderr.read()
            status = await process.wait()

    assert (status, err) == (0, b"")


def test_ctrl_c_ends_with_130(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.cli._check_config", interrupt)

    status = main(["check-config", "--config", str(config)])

    assert status == 130
    assert capsys.readouterr() == ("", "")


def test_the_module_is_the_command() -> None:
    assert vars(entry)["main"] is main
