"""Start here: somebody asks in Slack, and reads the answer.

``alice`` types into a local Slack; the real bot asks local vendor clouds, over real HTTP with real
signatures. What the clouds know is told in ``bot/sandbox/scenario.toml``.
"""

from tests.fakes.person import Person, labels, links, prose


async def test_ask_for_a_finished_recording_and_read_its_card(alice: Person) -> None:
    """The card says in a sign and in words that it is done, and has a button for each file."""
    card = await alice.asks("record X3CgNeE4I1qAAABN")

    assert ":white_check_mark: *Recording · Done*" in prose(card)
    assert "*Room*\n`lesson-42`" in prose(card)
    assert [link.rpartition("_")[2] for link in links(card)] == ["teacher.mp4", "board.mp4"]
    assert "Refresh" in labels(card)


async def test_the_answer_is_for_the_one_who_asked(alice: Person) -> None:
    """A question never disturbs a channel: only its author sees the answer."""
    bob = Person(alice.slack, user="U0BOB")

    card = await alice.asks("record X3CgNeE4I1qAAABN")

    assert alice.sees() == [card]
    assert bob.sees() == []


async def test_the_provider_is_worked_out_from_the_id(alice: Person) -> None:
    """An id alone is enough where its shape tells whose it is."""
    card = await alice.asks("ghucnligqtgtvk2624mb")

    assert "*Video generation · Done*" in prose(card)
    assert "Tencent Cloud TIW" in prose(card)


async def test_several_ids_make_one_message_with_the_worst_first(alice: Person) -> None:
    """Whoever asks for many wants to know what needs them; the good ones can wait below."""
    batch = await alice.asks("record X3CgNeE4I1qAAABN LostFilesAAAAAA1 YRHu6-E4IyvEAAAD")

    lines = prose(batch).splitlines()
    assert lines[0] == "*3 tasks*: 1 failed, 1 partly done, 1 done"
    assert [line.split("*")[1] for line in lines if line.startswith(":")] == [
        "Failed",
        "Partly done",
        "Done",
    ]


async def test_one_of_several_is_shown_whole_at_the_press_of_a_button(alice: Person) -> None:
    """Every line of a batch has a button that brings the task's card, below the batch."""
    batch = await alice.asks("record X3CgNeE4I1qAAABN LostFilesAAAAAA1")

    card = await alice.presses("Show", batch)

    assert "*Recording · Failed*" in prose(card)
    assert alice.sees() == [batch, card]


async def test_a_failed_transcoding_says_what_to_do(alice: Person) -> None:
    """The vendor's code is translated into what happened, what to do, and a line to copy."""
    card = await alice.asks("mpc 22123974")

    assert ":x: *Transcode · Failed*" in prose(card)
    assert "the task itself failed (code `MPC.10053`)" in prose(card)
    assert "*What to do:* The input was not there. Check bucket and path" in prose(card)
    assert "task=mpc@transcode:22123974 request_id=" in prose(card)


async def test_a_typo_gets_the_nearest_word(alice: Person) -> None:
    """A misspelt provider is not taken for an id, and the right form is a copy away."""
    answer = await alice.asks("tencnet 289665200")

    assert "`tencnet` is no provider here." in prose(answer)
    assert "Did you mean `/mediatask tencent 289665200`?" in prose(answer)


async def test_help_shows_what_works_here(alice: Person) -> None:
    """Help lists the configured providers and an example of each that can be typed as it is."""
    answer = await alice.asks("help")

    assert "`mpc`: Huawei Cloud MPC (transcode)" in prose(answer)
    assert "`/mediatask record X3CgNeE4I1qAAABN`" in prose(answer)
