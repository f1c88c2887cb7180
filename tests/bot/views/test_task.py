from datetime import timedelta

import pytest

from bot.sandbox.slack.blocks import validate_message
from bot.views.options import Options
from bot.views.task import render_task
from providers.models import Kind, Output, OutputStatus, OutputType, Reason, TaskState
from tests.bot.views.reading import buttons, prose
from tests.bot.views.samples import (
    DEFAULTS,
    NOW,
    PUBLIC,
    SIGNED,
    STORIES,
    ago,
    failure,
    task,
    video,
)

STATES = {
    TaskState.QUEUED: ":hourglass_flowing_sand: *Recording · Queued*",
    TaskState.RUNNING: ":arrow_forward: *Recording · Running*",
    TaskState.PAUSED: ":double_vertical_bar: *Recording · Paused*",
    TaskState.REVIEW: ":eyes: *Recording · Waiting for review*",
    TaskState.SUCCEEDED: ":white_check_mark: *Recording · Done*",
    TaskState.PARTIAL: ":warning: *Recording · Partly done*",
    TaskState.EMPTY: ":card_file_box: *Recording · Finished with nothing*",
    TaskState.FAILED: ":x: *Recording · Failed*",
    TaskState.CANCELED: ":no_entry_sign: *Recording · Canceled*",
    TaskState.NOT_FOUND: ":mag: *Recording · Not found*",
    TaskState.UNKNOWN: ":grey_question: *Recording · Unknown state*",
    None: ":satellite_antenna: *Recording · No answer*",
}
TITLES = {
    Kind.MERGE: "Merge",
    Kind.TRANSCODE: "Transcode",
    Kind.THUMBNAILS: "Thumbnails",
    Kind.RECORDING: "Recording",
    Kind.VIDEO_GENERATION: "Video generation",
    None: "Media task",
}


@pytest.mark.parametrize("state", [*TaskState, None])
def test_a_state_is_told_in_a_sign_and_in_words(state: TaskState | None) -> None:
    view = render_task(task(state=state), now=NOW)

    assert view.blocks[0]["text"]["text"].startswith(STATES[state])
    assert view.text.startswith(f"Recording X3CgNeE4I1qAAABN: {STATES[state].split(' · ')[1][:-1]}")
    assert validate_message(view.blocks, view.text) == []


@pytest.mark.parametrize("kind", [*Kind, None])
def test_a_task_is_called_by_its_kind(kind: Kind | None) -> None:
    view = render_task(task(kind=kind), now=NOW)

    assert f"*{TITLES[kind]} · Done*" in prose(view)
    assert view.text == f"{TITLES[kind]} X3CgNeE4I1qAAABN: Done."


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"state": TaskState.PAUSED}, "goes on when somebody resumes it"),
        ({"state": TaskState.REVIEW}, "waits for a person at the vendor"),
        ({"state": TaskState.CANCELED}, "Somebody canceled it"),
        ({"state": TaskState.PARTIAL}, "a part of it failed or was lost"),
        ({"state": TaskState.NOT_FOUND}, "does not know this task, or no longer does"),
        ({"state": TaskState.UNKNOWN, "vendor_status": "REHEATING"}, "The vendor says `REHEATING`"),
        ({"state": TaskState.UNKNOWN}, "names no state that its documents list"),
        ({"state": None}, "the question was not answered"),
        ({"state": TaskState.EMPTY}, "nobody published while it ran, or it was a screenshot"),
        ({"state": TaskState.EMPTY, "provider": "tencent"}, "names no playback link"),
        ({"state": TaskState.EMPTY, "provider": "huawei"}, "names no thumbnail file"),
        ({"state": TaskState.EMPTY, "provider": "mpc"}, "names no output file"),
        ({"state": TaskState.EMPTY, "provider": "tiw"}, "finished without a video"),
        ({"state": TaskState.EMPTY, "provider": "later"}, "left no file behind"),
        (
            {"outputs": (video(status=OutputStatus.LOST), video(status=OutputStatus.BACKUP))},
            "1 of 2 files was lost. 1 file is in the vendor's backup storage",
        ),
    ],
)
def test_a_state_that_could_mislead_is_explained(fields: dict[str, object], note: str) -> None:
    view = render_task(task(**fields), now=NOW)

    assert note in prose(view)


@pytest.mark.parametrize("state", [TaskState.PARTIAL, TaskState.NOT_FOUND])
def test_an_error_says_it_better_than_the_general_note(state: TaskState) -> None:
    lost = (video(status=OutputStatus.LOST),)

    view = render_task(task(state=state, error=failure(), outputs=lost), now=NOW)

    assert "no longer does" not in prose(view)
    assert "failed or was lost" not in prose(view)
    assert "1 of 1" not in prose(view)


@pytest.mark.parametrize("reason", list(Reason))
def test_an_error_tells_code_reason_message_and_hint(reason: Reason) -> None:
    error = failure(reason=reason, code="E.1", hint="Ask the <operator>.")

    view = render_task(task(state=TaskState.FAILED, error=error), now=NOW)

    assert "*What happened:* " in prose(view)
    assert "(code `E.1`)\n> the input cannot be read\n" in prose(view)
    assert "*What to do:* Ask the &lt;operator&gt;." in prose(view)
    assert view.text.endswith("Failed. The input cannot be read. Ask the &lt;operator&gt;.")


def test_an_error_without_words_is_told_by_its_reason() -> None:
    error = failure(message="", reason=Reason.TASK_FAILED)

    whole = render_task(task(state=TaskState.FAILED, error=error), now=NOW)
    part = render_task(task(state=TaskState.PARTIAL, error=error), now=NOW)

    assert whole.text.endswith("Failed. The task itself failed.")
    assert part.text.endswith("Partly done. A part of the task failed.")
    assert "\n>" not in prose(whole)


def test_a_support_line_holds_both_request_ids_the_code_and_the_times() -> None:
    status = task(
        state=TaskState.FAILED,
        vendor_status="FAIL",
        error=failure(code="300"),
        request_id="r-1",
        vendor_request_id="v-1",
        created_at=ago(minutes=2),
        started_at=ago(minutes=1),
        finished_at=NOW,
    )

    view = render_task(status, now=NOW)

    assert (
        "task=record@main:X3CgNeE4I1qAAABN request_id=r-1 vendor_request_id=v-1 code=300 "
        "vendor_status=FAIL created=2026-11-20T09:58:00Z started=2026-11-20T09:59:00Z "
        "finished=2026-11-20T10:00:00Z asked=2026-11-20T10:00:00Z" in prose(view)
    )


@pytest.mark.parametrize("state", [TaskState.QUEUED, TaskState.SUCCEEDED, TaskState.CANCELED])
def test_nobody_is_sent_to_support_where_all_is_in_order(state: TaskState) -> None:
    view = render_task(task(state=state, request_id="r-1"), now=NOW)

    assert "r-1" not in prose(view)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"state": TaskState.RUNNING, "progress": 0.5}, "*Progress*\n█████░░░░░ 50 %"),
        ({"state": TaskState.RUNNING, "created_at": ago(seconds=90)}, "*Elapsed*\n1 min 30 s"),
        ({"state": TaskState.UNKNOWN, "started_at": ago(seconds=9)}, "*Elapsed*\n9 s"),
        ({"created_at": ago(seconds=9), "finished_at": NOW}, "*Took*\n9 s"),
        ({"room": "lesson `7`"}, "*Room*\n`lesson '7'`"),
    ],
)
def test_progress_is_told_where_the_vendor_tells_it_and_else_the_time_gone_by(
    fields: dict[str, object], told: str
) -> None:
    assert told in prose(render_task(task(**fields), now=NOW))


@pytest.mark.parametrize(
    "fields",
    [
        {"state": TaskState.RUNNING, "started_at": NOW + timedelta(hours=1)},
        {"started_at": NOW, "finished_at": ago(hours=1)},
        {"state": TaskState.NOT_FOUND, "progress": 0.5},
        {"state": None, "created_at": ago(hours=1)},
        {"progress": 1.0},
    ],
)
def test_no_span_is_made_up_from_instants_that_contradict(fields: dict[str, object]) -> None:
    told = prose(render_task(task(**fields), now=NOW))

    assert not {"*Progress*", "*Elapsed*", "*Took*"} & set(told.splitlines())


def test_the_account_is_named_unless_it_is_the_default_one() -> None:
    default = render_task(task(), now=NOW, options=DEFAULTS)
    other = render_task(task(account="<b>"), now=NOW, options=DEFAULTS)

    assert "account" not in prose(default)
    assert "ZEGO cloud recording, account &lt;b&gt;" in prose(other)


def test_a_provider_we_have_no_name_for_is_called_as_it_is_typed() -> None:
    view = render_task(task(provider="later<"), now=NOW)

    assert "· later&lt;" in prose(view)


def test_refresh_carries_the_ref_of_the_task() -> None:
    view = render_task(task(), now=NOW)

    assert buttons(view)["refresh"]["value"] == "record@main:X3CgNeE4I1qAAABN"


def test_a_ref_too_long_for_a_button_leaves_the_button_out() -> None:
    view = render_task(task(task_id="x" * 2000), now=NOW)

    assert buttons(view) == {}
    assert validate_message(view.blocks, view.text) == []


def test_a_link_that_signs_in_is_open_to_the_one_who_asked_alone() -> None:
    other = SIGNED.model_copy(update={"url": "https://bucket.obs.example/b.mp4?Signature=b"})
    status = task(outputs=(SIGNED, other))

    ephemeral = render_task(status, now=NOW)
    public = render_task(status, now=NOW, options=PUBLIC)

    assert buttons(ephemeral)["open:0"]["url"] == SIGNED.url
    assert "get_link" not in buttons(ephemeral)
    assert "Signature" not in str(public)
    assert buttons(public)["get_link"]["text"]["text"] == "Get 2 links"
    assert buttons(public)["get_link"]["value"] == str(status.ref)


@pytest.mark.parametrize(
    ("options", "pictures", "verbs"),
    [
        (Options(), 3, ["refresh", "share", "details"]),
        (Options(), 4, ["refresh", "share", "thumbnails", "details"]),
        (PUBLIC, 4, ["refresh", "thumbnails", "details"]),
    ],
)
def test_what_can_be_done_depends_on_the_place_and_the_pictures(
    options: Options, pictures: int, verbs: list[str]
) -> None:
    shots = tuple(f"https://cdn.example/{index}.jpg" for index in range(pictures))

    view = render_task(task(thumbnails=shots), now=NOW, options=options)

    assert list(buttons(view)) == verbs


@pytest.mark.parametrize("state", [None, *TaskState])
def test_what_may_still_move_can_be_watched(state: TaskState | None) -> None:
    card = render_task(task(state=state), now=NOW, options=PUBLIC)

    assert ("watch" in buttons(card)) is (state is None or not state.is_terminal)


def test_every_button_of_a_card_carries_the_ref_of_its_task() -> None:
    view = render_task(task(thumbnails=("https://cdn.example/a.jpg",) * 9), now=NOW)

    assert {button["value"] for button in buttons(view).values()} == {str(task().ref)}


CONDENSED = Options(condensed=True)


@pytest.mark.parametrize("story", STORIES)
def test_a_condensed_card_has_two_or_three_lines_and_the_buttons(story: str) -> None:
    view = render_task(STORIES[story], now=NOW, options=CONDENSED)

    words, row = view.blocks
    assert words["text"]["text"].count("\n") in {1, 2}
    assert row["type"] == "actions"
    assert view.text == render_task(STORIES[story], now=NOW).text
    assert validate_message(view.blocks, view.text) == []


def test_a_condensed_card_opens_the_first_link_there_is() -> None:
    nameless = video(url=None, name="b.mp4")

    view = render_task(task(outputs=(nameless, video())), now=NOW, options=CONDENSED)

    assert buttons(view)["open:0"]["url"] == video().url


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"state": TaskState.FAILED, "error": failure(message="")}, "\nthe task itself failed"),
        ({"state": TaskState.FAILED, "error": failure(message="no <input>")}, "\nno &lt;input&gt;"),
        ({"state": TaskState.PAUSED}, "\nThe vendor has paused it"),
        ({"state": TaskState.RUNNING, "progress": 0.3}, "\n███░░░░░░░ 30 % · Asked"),
        ({"outputs": (video(duration_s=33),)}, "\n1 file · 33 s · Asked"),
    ],
)
def test_a_condensed_card_says_what_most_matters(fields: dict[str, object], told: str) -> None:
    assert told in prose(render_task(task(**fields), now=NOW, options=CONDENSED))


def test_words_the_vendor_does_not_document_stand_at_the_foot() -> None:
    view = render_task(task(undocumented=("Status=A", "Event=B")), now=NOW)

    assert "Words the vendor does not document: `Status=A, Event=B`" in prose(view)


def test_the_spoken_line_sums_up_what_came_out() -> None:
    picture = Output(type=OutputType.IMAGE, size_bytes=1000)
    status = task(
        outputs=(video(duration_s=33.2, size_bytes=9000), picture),
        thumbnails=("https://cdn.example/a.jpg",),
    )

    view = render_task(status, now=NOW, options=Options())

    assert view.text == ("Recording X3CgNeE4I1qAAABN: Done (2 files, 33 s, 10 kB, 1 thumbnail).")


def test_the_spoken_line_tells_progress() -> None:
    view = render_task(task(state=TaskState.RUNNING, progress=0.4), now=NOW)

    assert view.text == "Recording X3CgNeE4I1qAAABN: Running (40 %)."
