from dataclasses import replace
from datetime import timedelta

import pytest

from bot.views.layout import without_images
from bot.views.options import Options
from bot.views.task import render_task
from providers.models import Output, OutputStatus, OutputType
from tests.bot.views.reading import buttons, images, prose
from tests.bot.views.samples import NOW, PUBLIC, SIGNED, task, video


def shots(count: int, scheme: str = "https") -> tuple[str, ...]:
    return tuple(f"{scheme}://cdn.example/{index}.jpg" for index in range(count))


def picture(index: int, **fields: object) -> Output:
    given = {"type": OutputType.IMAGE, "object": f"shots/{index}.jpg", "format": "jpg"}
    return Output.model_validate({**given, **fields})


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (
            video(duration_s=59, width=480, height=270, size_bytes=2180),
            "59 s · 480\N{MULTIPLICATION SIGN}270 · 2.2 kB",
        ),
        (video(duration_s=0, size_bytes=0, width=0, height=0), "video mp4"),
        (video(status=OutputStatus.UPLOADING), "video mp4 · uploading"),
        (video(user_id="ann", stream_id="ann"), "video mp4 · user `ann`"),
        (video(user_id="ann", stream_id="s1"), "user `ann` · stream `s1`"),
        (video(name="a`<b>.mp4"), "`a'&lt;b&gt;.mp4`\nvideo mp4"),
        (video(url=None, object="b/k/a.mp4"), "`a.mp4`\nvideo mp4 · stored as `b/k/a.mp4`"),
        (video(url=None, object="b/k/"), "`k`\nvideo mp4 · stored as `b/k/`"),
        (video(url=None, file_id="f-1"), "`f-1`\nvideo mp4 · no link"),
        (video(url=None), "video mp4 · no link"),
        (video(name="a.mp4", file_id="f-1"), "file id `f-1`"),
        (video(url="https://cdn.example/" + "x" * 3000), "cannot be a Slack button (3,020 char"),
        (video(url="javascript:alert(1)"), "cannot be a Slack button (19 characters)"),
        (video(expires_at=NOW + timedelta(hours=6)), "link expires in 6 h (<!date^"),
        (video(expires_at=NOW + timedelta(seconds=3599)), "link expires in 59 min (<!date^"),
        (video(expires_at=NOW + timedelta(seconds=59)), "link expires in 59 s (<!date^"),
        (video(expires_at=NOW), "link expired; Refresh asks for a new one"),
    ],
)
def test_a_file_is_described_by_what_is_known_of_it(output: Output, told: str) -> None:
    assert told in prose(render_task(task(outputs=(output,)), now=NOW))


@pytest.mark.parametrize(
    ("output", "label"),
    [
        (video(), "Play mp4"),
        (video(expires_at=NOW), "Play mp4 (expired)"),
        (video(expires_at=NOW + timedelta(hours=1)), "Play mp4"),
        (video(url="http://cdn.example/a.mp4"), "Play mp4 (http)"),
        (video(type=OutputType.PLAYLIST, format="hls"), "Play hls"),
        (video(type=OutputType.AUDIO, format=None), "Listen"),
        (video(type=OutputType.PACKAGE, format="zip"), "Download zip"),
        (video(type=OutputType.OTHER, format="json"), "Open json"),
        (picture(0, url="https://cdn.example/a.jpg"), "View jpg"),
    ],
)
def test_a_button_says_what_it_opens(output: Output, label: str) -> None:
    button = buttons(render_task(task(outputs=(output,)), now=NOW))["open:0"]

    assert button["text"]["text"] == label
    assert button["url"] == output.url
    assert button["accessibility_label"].endswith(" at cdn.example")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https:///a", "https://cdn.example/a b"])
def test_a_link_slack_would_refuse_is_no_button(url: str) -> None:
    view = render_task(task(outputs=(video(url=url),)), now=NOW)

    assert "open:0" not in buttons(view)


def test_more_than_twelve_files_are_counted() -> None:
    view = render_task(task(outputs=(video(),) * 20), now=NOW)

    assert [action for action in buttons(view) if action.startswith("open:")] == [
        f"open:{index}" for index in range(12)
    ]
    assert "8 more files" in prose(view)


def test_many_pictures_are_summed_up() -> None:
    outputs = (*(picture(index) for index in range(300)), video())

    told = prose(render_task(task(outputs=outputs), now=NOW))

    assert "300 pictures, from `shots/0.jpg` to `shots/299.jpg`" in told
    assert "video mp4" in told


def test_many_nameless_pictures_are_counted_at_least() -> None:
    nameless = picture(0, object=None, url="https://cdn.example/a.jpg")

    told = prose(render_task(task(outputs=(nameless,) * 4), now=NOW))

    assert "4 pictures, from `picture` to `picture`" in told


def test_three_thumbnails_are_shown_and_the_rest_counted() -> None:
    view = render_task(task(thumbnails=shots(12)), now=NOW)

    assert images(view) == [f"https://cdn.example/{index}.jpg" for index in (0, 5, 11)]
    assert "Thumbnail 6 of 12" in prose(view)
    assert "9 more thumbnails" in prose(view)


def test_three_thumbnails_need_no_count() -> None:
    view = render_task(task(thumbnails=shots(3)), now=NOW)

    assert len(images(view)) == 3
    assert "more" not in prose(view)


def test_thumbnails_slack_cannot_fetch_are_counted_and_the_first_can_be_opened() -> None:
    view = render_task(task(thumbnails=shots(2, "http")), now=NOW)

    assert images(view) == []
    assert "2 thumbnails, which Slack cannot fetch to show here" in prose(view)
    assert buttons(view)["open:12"]["text"]["text"] == "View (http)"


def test_a_thumbnail_nobody_can_open_is_counted_all_the_same() -> None:
    view = render_task(task(thumbnails=("gopher://cdn.example/a",)), now=NOW)

    assert "1 thumbnail, which Slack cannot fetch to show here" in prose(view)
    assert "open:12" not in buttons(view)


def test_loopback_is_public_only_where_the_slack_is_local() -> None:
    status = task(thumbnails=("http://127.0.0.1:9000/a.png",))

    assert images(render_task(status, now=NOW)) == []
    assert images(render_task(status, now=NOW, options=Options(local_images=True)))


def test_a_picture_behind_a_private_link_is_not_shown_in_a_channel() -> None:
    private = picture(0, url="https://bucket.obs.example/a.jpg?Signature=abc", signed=True)

    view = render_task(task(outputs=(private,)), now=NOW, options=PUBLIC)

    assert images(view) == []
    assert "Signature" not in str(view)
    assert "its link is private" in prose(view)
    assert "get_link" in buttons(view)


def test_a_thumbnail_that_is_also_a_signed_file_is_as_private_as_the_file() -> None:
    links = [f"https://bucket.obs.example/{index}.jpg?token={index}" for index in range(4)]
    files = tuple(picture(index, url=link, signed=True) for index, link in enumerate(links))
    status = task(outputs=files, thumbnails=tuple(links))

    public = render_task(status, now=NOW, options=PUBLIC)
    private = render_task(status, now=NOW)

    assert "token" not in str(public)
    assert buttons(public)["get_link"]["text"]["text"] == "Get 4 links"
    assert len(images(private)) == 3
    assert "1 more thumbnail" in prose(private)


def test_a_thumbnail_whose_link_is_signed_stays_out_of_channels_by_itself() -> None:
    signed = tuple(f"{link}?Expires=1795170600&Signature=abc" for link in shots(2))

    public = render_task(task(thumbnails=signed), now=NOW, options=PUBLIC)

    assert images(public) == []
    assert "Signature" not in str(public)
    assert buttons(public)["get_link"]["text"]["text"] == "Get 2 links"


def test_a_channel_may_allow_links_that_sign_in() -> None:
    allowed = replace(PUBLIC, links_in_channel=True)

    view = render_task(task(outputs=(SIGNED,)), now=NOW, options=allowed)

    assert buttons(view)["open:0"]["url"] == SIGNED.url
    assert "get_link" not in buttons(view)


def test_where_thumbnails_are_not_wanted_they_are_counted() -> None:
    view = render_task(task(thumbnails=shots(12)), now=NOW, options=Options(thumbnails=False))

    assert images(view) == []
    assert "12 thumbnails" in prose(view)
    assert "thumbnails" in buttons(view)


def test_without_pictures_everything_else_remains_and_says_so() -> None:
    view = render_task(task(thumbnails=shots(12), outputs=(SIGNED,)), now=NOW)

    bare = without_images(view)

    assert images(bare) == []
    assert bare.text == view.text
    assert buttons(bare) == buttons(view)
    assert "Pictures are left out: Slack could not fetch them." in prose(bare)
