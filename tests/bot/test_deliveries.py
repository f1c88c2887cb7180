"""``mediatask deliveries``."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import main
from bot.deliveries import list_deliveries, render_table, resend_delivery
from bot.models import Delivery, DeliveryState, NewDelivery, Priority
from bot.store.beside import open_deliveries
from bot.store.errors import UnusableStoreError
from bot.store.opening import open_database
from bot.store.store import Store, open_store
from tests.bot.store.samples import NOW
from tests.fakes.bot import Tree, write_toml
from tests.fakes.clock import FakeClock

DELIVERY = Delivery(
    id="d1",
    key="news:1:1:finished",
    team_id="T1",
    kind="news",
    channel_id="C0MEDIA",
    priority=Priority.TERMINAL,
    happened_at=NOW,
    created_at=NOW,
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """The store of a bot that runs, with one delivery that waits and one that is dead."""
    async with open_store(url, FakeClock(NOW)) as opened:
        for number in (1, 2):
            await opened.deliveries.add(_new(number), NOW)
        waiting = await opened.deliveries.waiting("C0MEDIA", 10)
        claimed = await opened.deliveries.claim(waiting[0].id, fence="f", now=NOW)
        assert claimed is not None
        await opened.deliveries.bury(claimed, "refused msg_too_long", NOW)
        yield opened


def _new(number: int) -> NewDelivery:
    return NewDelivery(f"news:{number}:1:finished", "T1", "news", "C0MEDIA", Priority.TERMINAL, NOW)


@pytest.mark.parametrize(
    ("age", "written"),
    [
        (timedelta(seconds=-5), "0s"),
        (timedelta(seconds=59), "59s"),
        (timedelta(minutes=3), "3m"),
        (timedelta(hours=30), "1d"),
        (timedelta(hours=23), "23h"),
    ],
)
def test_a_line_says_what_it_is_and_for_how_long(age: timedelta, written: str) -> None:
    headings, line = render_table([DELIVERY], NOW + age).splitlines()

    assert headings.split() == ["id", "state", "age", "channel", "kind", "attempts", "error"]
    assert line.split() == ["d1", "pending", written, "C0MEDIA", "news", "0", "-"]


def test_columns_stand_below_each_other() -> None:
    dead = replace(DELIVERY, id="d" * 20, state=DeliveryState.DEAD, error="refused no_text")

    lines = render_table([DELIVERY, dead], NOW).splitlines()

    assert len({line.index(word) for line, word in zip(lines, _STATES, strict=True)}) == 1
    assert lines[2].endswith("refused no_text")


_STATES = ("state", "pending", "dead")


async def test_what_is_open_and_dead_is_listed_beside_a_running_bot(store: Store, url: str) -> None:
    everything = await list_deliveries(url, NOW, only_dead=False)
    dead = await list_deliveries(url, NOW, only_dead=True)

    assert [len(text.splitlines()) for text in (everything, dead)] == [3, 2]
    assert "refused msg_too_long" in dead
    assert "pending" not in dead
    assert (await store.deliveries.backlog()).count == 1


async def test_a_dead_delivery_is_sent_again_by_the_bot_that_runs(store: Store, url: str) -> None:
    (dead,) = await store.deliveries.dead(None, 10)

    told = await resend_delivery(url, dead.id)
    again = await resend_delivery(url, dead.id)

    assert told == f"{dead.id} is sent again"
    assert again is None
    assert [head.channel_id for head in await store.deliveries.heads(NOW, 10)] == ["C0MEDIA"]
    assert len(await store.deliveries.waiting("C0MEDIA", 10)) == 2


async def test_nothing_to_list_is_said(url: str) -> None:
    async with open_store(url, FakeClock()):
        pass

    assert await list_deliveries(url, NOW, only_dead=True) == (
        "nothing is waiting, and nothing is dead"
    )


async def test_a_store_in_memory_or_without_a_file_is_no_store_to_look_at(url: str) -> None:
    with pytest.raises(UnusableStoreError, match="in memory is its bot's alone"):
        await list_deliveries("sqlite://", NOW, only_dead=True)
    with pytest.raises(UnusableStoreError, match="serve creates it"):
        await list_deliveries(url, NOW, only_dead=True)


async def test_a_file_that_is_none_of_ours_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(b"not a database" * 200)

    with pytest.raises(UnusableStoreError, match="not a SQLite database"):
        await list_deliveries(f"sqlite:///{path}", NOW, only_dead=True)


async def test_a_store_of_an_older_version_is_to_be_migrated_first(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()

    with pytest.raises(UnusableStoreError, match="run mediatask migrate"):
        await list_deliveries(f"sqlite:///{path}", NOW, only_dead=True)


async def test_on_a_server_it_is_the_same_outbox(postgres_url: str) -> None:
    async with open_database(postgres_url), open_deliveries(postgres_url) as deliveries:
        await deliveries.add(_new(1), NOW)

    assert "pending" in await list_deliveries(postgres_url, NOW, only_dead=False)


@pytest.fixture
def words(tmp_path: Path, store: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The command, with a configuration that names the running bot's store."""
    assert not store.replicated
    monkeypatch.chdir(tmp_path)
    config = write_toml(_settings(url), tmp_path / "other.toml")
    return ["--config", str(config), "deliveries"]


def _settings(url: str) -> Tree:
    account = {"vendor": "zego", "app_id": 1, "server_secret": "0" * 32}
    return {"store": {"url": url}, "accounts": {"main": account}}


@pytest.mark.parametrize(("options", "lines"), [([], 3), (["--dead"], 2)])
async def test_the_command_prints_the_table(
    options: list[str], lines: int, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status = await asyncio.to_thread(main, [*words, *options])

    assert status == 0
    assert len(capsys.readouterr().out.splitlines()) == lines


async def test_the_command_sends_again_what_is_dead_and_says_what_is_not(
    words: list[str], store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    (dead,) = await store.deliveries.dead(None, 10)

    statuses = [await asyncio.to_thread(main, [*words, "--resend", dead.id]) for _ in range(2)]

    out, err = capsys.readouterr()
    assert statuses == [0, 2]
    assert out == f"{dead.id} is sent again\n"
    assert err.endswith(f"there is no dead delivery {dead.id}\n")


async def test_the_command_says_why_the_store_cannot_be_read(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_toml(_settings("sqlite://"), tmp_path / "other.toml")

    status = await asyncio.to_thread(main, words)

    assert status == 2
    assert capsys.readouterr().err == "store.url: a store in memory is its bot's alone\n"
