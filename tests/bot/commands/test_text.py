"""Words come out of pasted text as they were meant."""

import pytest

from bot.commands import split_words
from bot.commands.text import ids_in_link, is_telling
from tests.bot.commands.samples import MERGE, RECORD


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mpc 1,2;\n3", ["mpc", "1", "2", "3"]),
        ("mpc 1，2；3、4", ["mpc", "1", "2", "3", "4"]),
        ("mpc\t1\u00a02\u30003", ["mpc", "1", "2", "3"]),
        (f"`record` “{RECORD}”.", ["record", RECORD]),
        (f"'record' ‘{RECORD}’!?", ["record", RECORD]),
        (f"„record“ «{RECORD}»…", ["record", RECORD]),
        (f"「record」（{RECORD}）。", ["record", RECORD]),
        (f"*record* (_{RECORD}_), ~{RECORD}~", ["record", RECORD, RECORD]),
        (f"*record {RECORD}*", ["record", RECORD]),
        (f"_record {RECORD}_", ["_record", RECORD]),
        ("_record_ 1", ["record", "1"]),
        (f"```\n{RECORD}\n```", [RECORD]),
        (f"- {RECORD}\n• {RECORD}\n| {RECORD} | → |", [RECORD, RECORD, RECORD]),
        (f"[{RECORD}] \u200b{RECORD}\ufeff", [RECORD, RECORD]),
        ("_3CgNeE4I1qAAAB_", ["_3CgNeE4I1qAAAB_"]),
        ("__3CgNeE4I1qAAAB__", ["_3CgNeE4I1qAAAB_"]),
        ("-3CgNeE4I1qAAAB-", ["-3CgNeE4I1qAAAB-"]),
        ("a&amp;b &lt;c&gt; &amp;lt", ["a&b", "c", "&lt"]),
        ("22123973.mp4 42.mp4", ["22123973", "42.mp4"]),
        (f"{RECORD}_room_my_out_VA_20200927154419775.mp4", [RECORD]),
        ("<@U0BOB|bob> <#C0MEDIA|media> <!here> <!date^1605866400^{date}|20 Nov> 1", ["1"]),
        ("<22123973>", ["22123973"]),
        ("<tel:22123973|22123973> <tel:42|42>", ["22123973", "42"]),
        ("<http://a.example|a.example>", ["a.example"]),
        (f"<https://example.com/x|{RECORD}>", [RECORD]),
        (f"<https://example.com/{MERGE}|the one from *yesterday*>", [MERGE]),
        (f"<https://example.com/x|task {RECORD}, please>", [RECORD]),
        ("<https://example.com/x|see here>", ["https://example.com/x"]),
        ("https://example.com/a,b", ["https://example.com/a"]),
        (f"https://example.com/tasks/{RECORD}, 1", [RECORD, "1"]),
        (f"“https://example.com/tasks/{RECORD}”", [RECORD]),
        ("?", []),
    ],
)
def test_ids_are_read_however_they_were_pasted(text: str, words: list[str]) -> None:
    assert split_words(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("notify <@U0BOB|bob>, <@W0EVE>", ["notify", "@U0BOB", "@W0EVE"]),
        ("<!subteam^S0ONCALL|@on-call team> <!here|here>", ["@S0ONCALL", "@here"]),
        ("<#C0MEDIA|media> <!date^1605866400^{date}|20 Nov> @bob", ["@bob"]),
    ],
)
def test_people_and_groups_are_kept_by_their_ids_where_they_matter(
    text: str, words: list[str]
) -> None:
    assert split_words(text, with_called=True) == words


@pytest.mark.parametrize(
    ("address", "ids"),
    [
        (f"https://example.com/v1/tasks/{RECORD}", [RECORD]),
        (f"https://example.com:8443/{MERGE}.mp4?t=65a1b2c3&us=1605866400", [MERGE]),
        ("https://example.com/get?task_id=22123973&Expires=1605866400", ["22123973"]),
        ("https://example.com/get?taskIds=22123973,22123974", ["22123973", "22123974"]),
        (f"https://example.com/play?file={MERGE}.mp4&appId=1400341231", [MERGE]),
        ("https://example.com/#/mpc/tasks/22123973?tab=log", ["22123973"]),
        (f"https://example.com/record%40main%3A{RECORD}", [f"record@main:{RECORD}"]),
        ("https://example.com/tasks%2F22123973", ["22123973"]),
        ("https://22123973.example.com/12345", []),
        ("https://northwind.slack.com/archives/C0MEDIA/p1605866400123456", []),
        ("https://example.com", []),
    ],
)
def test_ids_are_found_in_links_and_signatures_and_dates_are_not(
    address: str, ids: list[str]
) -> None:
    assert ids_in_link(address) == ids


@pytest.mark.parametrize(
    ("word", "telling"),
    [
        (RECORD, True),
        ("YRHu6-E4IyvEAAAD", True),
        ("XbKqRtEZIyvEAAAD", True),
        ("responsibilities", False),
        ("MediaTask-Server", False),
        ("2026-11-20_10-00", False),
        ("ALL_CAPITALS_16C", False),
        (MERGE, True),
        ("123456", True),
        ("12345", False),
        ("ghucnligqtgtvk2624mb", True),
        ("electroencephalogram", False),
        ("mpc:1", True),
        ("record@:1", False),
        ("hello", False),
        ("", False),
    ],
)
def test_an_id_stands_out_from_words(word: str, telling: bool) -> None:  # noqa: FBT001  # a table's column
    assert is_telling(word) is telling
