from datetime import UTC, datetime

from bot.relay.notices import Subject, write_notices

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def test_everybody_concerned_is_written_to_once_with_what_could_not_be_told() -> None:
    subject = Subject("news:1:1:finished", "T1", "C1", NOW, ("media@main/1",), [{"happening": "x"}])

    first, second = write_notices(
        subject, ["U1", "U2"], notice="bot_removed", reason="not_in_channel"
    )

    assert (first.key, first.channel_id) == ("news:1:1:finished:dm:U1", "U1")
    assert second.key == "news:1:1:finished:dm:U2"
    assert first.facts == {
        "notice": "bot_removed",
        "channel_id": "C1",
        "refs": ["media@main/1"],
        "reason": "not_in_channel",
        "told": [{"happening": "x"}],
    }
