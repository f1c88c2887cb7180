from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from bot.store import delivery_tables, oncall_tables, watch_tables
from bot.store.tables import Instant, metadata

WORKSPACE_FREE = {
    *("task", "task_answer", "transition", "lane", "duration"),  # the vendors', for everybody
    *("callback", "watermark", "running", "ending"),  # likewise
    *("pace", "lease", "compatibility", "heartbeat"),
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
assert delivery_tables.deliveries.metadata is watch_tables.tasks.metadata is metadata
assert oncall_tables.alerts.metadata is metadata

DIALECT = sqlite.dialect()


@given(st.integers(0, 2**33 * 10**6).map(lambda us: EPOCH + timedelta(microseconds=us)))
def test_an_instant_comes_back_to_the_microsecond(instant: datetime) -> None:
    kept = Instant().process_bind_param(instant, DIALECT)

    assert Instant().process_result_value(kept, DIALECT) == instant


def test_an_instant_of_another_zone_comes_back_in_utc() -> None:
    berlin = timezone(timedelta(hours=1))

    kept = Instant().process_bind_param(datetime(2026, 11, 20, 11, tzinfo=berlin), DIALECT)

    told = Instant().process_result_value(kept, DIALECT)
    assert (told, told and told.tzinfo) == (datetime(2026, 11, 20, 10, tzinfo=UTC), UTC)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        Instant().process_bind_param(datetime(2026, 11, 20), DIALECT)  # noqa: DTZ001  # the point


def test_no_instant_stays_none() -> None:
    assert Instant().process_bind_param(None, DIALECT) is None
    assert Instant().process_result_value(None, DIALECT) is None


def test_every_row_of_a_workspace_carries_its_team() -> None:
    without = {name for name, table in metadata.tables.items() if "team_id" not in table.c}

    assert without == WORKSPACE_FREE
