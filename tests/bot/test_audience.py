"""For whom an answer is drawn: what was chosen, in which language, and what must stay out."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text as sql

from bot.asker import Asker
from bot.audience import Audience
from bot.models import Preferences, Scope, Visibility
from bot.store.store import Store, open_store
from bot.views.options import Options
from bot.views.words import CHINESE, ENGLISH
from tests.fakes.clock import FakeClock

ALICE = Asker("T1", "U1", "C1")
BASE = Options(default_accounts={"record": "main"})


class KnownLocales:
    """Knows one person who reads Chinese."""

    async def locale_of(self, user_id: str) -> str:
        return {"U2": "zh-CN"}.get(user_id, "en-US")


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    async with open_store("sqlite://", FakeClock()) as opened:
        yield opened


@pytest.fixture
def audience(store: Store) -> Audience:
    locales: Any = KnownLocales()
    return Audience(store, locales, BASE, CHINESE)


async def choose(store: Store, scope: Scope, subject: str, **chosen: Any) -> None:
    """Save what a channel or a person wants."""
    now = FakeClock().now()
    await store.save_preferences("T1", scope, subject, Preferences(**chosen), by="U1", at=now)


async def test_what_nobody_chose_is_as_usual(audience: Audience) -> None:
    options = await audience.options(ALICE, public=False)

    assert options == Options(default_accounts={"record": "main"})
    assert await audience.is_public(ALICE) is False


async def test_a_person_decides_about_private_answers_and_a_channel_about_public_ones(
    audience: Audience, store: Store
) -> None:
    await choose(store, Scope.PERSON, "U1", condensed=True, thumbnails=True)
    await choose(store, Scope.CHANNEL, "C1", condensed=False, thumbnails=False)

    private = await audience.options(ALICE, public=False)
    public = await audience.options(ALICE, public=True)

    assert (private.condensed, private.thumbnails) == (True, True)
    assert (public.condensed, public.thumbnails, public.public) == (False, False, True)


@pytest.mark.parametrize(
    ("asker", "public"),
    [
        (ALICE, True),
        (Asker("T1", "U1", "D1"), False),
        (Asker("T1", "U1", None), False),
        (Asker("T2", "U1", "C1"), False),
    ],
)
async def test_answers_are_public_where_the_channel_wants_that(
    asker: Asker, audience: Audience, store: Store, *, public: bool
) -> None:
    for channel in ("C1", "D1"):
        await choose(store, Scope.CHANNEL, channel, visibility=Visibility.CHANNEL)

    assert await audience.is_public(asker) is public


@pytest.mark.parametrize(("is_shared", "allowed"), [(None, True), (False, True), (True, False)])
async def test_links_that_sign_in_never_stand_where_another_company_reads(
    audience: Audience, store: Store, *, is_shared: bool | None, allowed: bool
) -> None:
    await choose(store, Scope.CHANNEL, "C1", links_in_channel=True)

    options = await audience.options(Asker("T1", "U1", "C1", is_shared=is_shared), public=True)

    assert options.links_in_channel is allowed


@pytest.mark.parametrize(
    ("user", "public", "words"),
    [("U1", False, ENGLISH), ("U2", False, CHINESE), ("U1", True, CHINESE)],
)
async def test_a_person_reads_their_own_language_and_a_channel_its(
    user: str, words: object, audience: Audience, *, public: bool
) -> None:
    options = await audience.options(Asker("T1", user, "C1"), public=public)

    assert options.words is words


async def test_a_store_in_trouble_costs_no_answer(
    audience: Audience, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = "bot.store.statements.select_preferences"
    monkeypatch.setattr(broken, lambda *_: sql("select * from nowhere"))

    options = await audience.options(ALICE, public=False)

    assert options.condensed is False
    assert caplog.messages[0].startswith("preferences_unknown reason=")
