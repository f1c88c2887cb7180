"""Wherever somebody is in Slack, there is a way to ask; and much to do with an answer."""

from bot.sandbox.slack.server import LocalSlack
from tests.fakes.person import Person, files, prose

RECORDING = "X3CgNeE4I1qAAABN"
THUMBNAILS = "1500030200-procedurev2-58ed61fcdbb0f78a0bf15cabd8ae4713tt0"


async def test_in_a_thread_the_bot_is_asked_by_its_name(alice: Person, slack: LocalSlack) -> None:
    """Slash commands do not work in threads; a mention does, and everybody reads the answer."""
    parent = await slack.say("is the lesson ready?", user="U0BOB")

    card = await alice.mentions(f"record {RECORDING}", thread_ts=parent.ts)

    assert "*Recording · Done*" in prose(card)
    assert (card.thread_ts, card.ephemeral_for) == (parent.ts, None)


async def test_a_message_that_names_tasks_is_looked_up_from_its_menu(
    alice: Person, slack: LocalSlack
) -> None:
    """ "Look up media tasks" finds the ids in what somebody else wrote."""
    message = await slack.say(f"both {RECORDING} and 22123974 look odd", user="U0BOB")

    await slack.message_shortcut("look_up_in_message", "C0MEDIA", message.ts)
    await slack.wait_for(lambda: len(alice.sees()) == 2)

    assert prose(alice.sees()[1]).startswith("*2 tasks*: 1 failed, 1 done")


async def test_a_form_asks_from_anywhere(alice: Person, slack: LocalSlack) -> None:
    """ "Look up a media task" opens a form, which turns into the answer."""
    form = await alice.sees_after(slack.global_shortcut("look_up"))

    card = await alice.submits(form, ids={"lookup.ids": RECORDING})

    assert "*Recording · Done*" in prose(card)


async def test_an_answer_for_one_is_shared_with_all(alice: Person, slack: LocalSlack) -> None:
    """What only Alice saw becomes a message, which says who shared it."""
    bob = Person(slack, user="U0BOB")
    card = await alice.asks(f"record {RECORDING}")

    shared = await alice.presses("Share to channel", card)

    assert prose(shared).startswith("Shared by <@U0ALICE>")
    assert bob.sees() == [shared]


async def test_all_thumbnails_come_as_one_picture(alice: Person) -> None:
    """The bot fetches them, draws a contact sheet and uploads it: no link in it can expire."""
    card = await alice.asks(f"tencent {THUMBNAILS}")

    sheet = await alice.presses("Thumbnails", card)

    assert "All 9 thumbnails" in prose(sheet)
    assert len(files(sheet)) == 1


async def test_details_show_what_the_vendor_said(alice: Person) -> None:
    """Every field, the raw answer, and a packet for the vendor's support."""
    card = await alice.asks("mpc 22123974")

    details = await alice.opens("Details", card)

    assert "MPC.10053" in prose(details)
    assert "For a support ticket, copy this:" in prose(details)


async def test_settings_hold_from_the_next_answer_on(alice: Person, slack: LocalSlack) -> None:
    """A team that wants its answers in the channel says so once."""
    form = await alice.sees_after(slack.command("settings"))

    chosen = {"channel.visibility": {"channel.visibility": "channel"}}
    said = await alice.submits(form, **chosen)
    card = await alice.asks(f"record {RECORDING}")

    assert "This channel's settings are saved" in prose(said)
    assert card.ephemeral_for is None


async def test_home_remembers_what_one_asked_for(alice: Person) -> None:
    """Answers for one vanish when Slack is reloaded; they are found again in the bot's Home."""
    await alice.asks(f"record {RECORDING}")

    home = await alice.opens_home()
    card = await alice.presses_in(home, "Show")

    assert f"*Done* `{RECORDING}`" in prose(home)
    assert "*Recording · Done*" in prose(card)


async def test_a_workflow_asks_for_the_link(alice: Person, slack: LocalSlack) -> None:
    """A step in Workflow Builder tells the state and the link to the next one."""
    inputs = {"provider": "record", "task_id": RECORDING}

    step = await slack.run_step("look_up_media_task", inputs)
    await slack.wait_for(lambda: step.state != "running")

    assert alice.sees() == []
    assert step.outputs is not None
    assert step.outputs["state"] == "succeeded"
    assert step.outputs["playback_url"].endswith("teacher.mp4")


async def test_tasks_are_found_without_their_ids(alice: Person) -> None:
    """What one asked for lately, what a vendor lists, and how the vendors are."""
    await alice.asks("mpc 22123974")

    recent = await alice.asks("recent")
    listed = await alice.asks("list mpc failed since 2h")
    providers = await alice.asks("providers")

    assert "*Failed* `22123974`" in prose(recent)
    assert "22123974" in prose(listed)
    assert "answering since" in prose(providers)
