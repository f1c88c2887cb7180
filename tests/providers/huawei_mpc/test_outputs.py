from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from providers.account import ObsBucket
from providers.huawei_mpc.outputs import read_outputs, snapshot_links
from providers.huawei_mpc.wire import Task
from providers.models import Output, OutputType

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
PLACE = {"bucket": "b", "location": "cn-north-4", "object": "out/"}
PUBLIC = ObsBucket(bucket="configured", region="ap-southeast-3")
PRIVATE = PUBLIC.model_copy(update={"ak": SecretStr("AK-SECRET"), "sk": SecretStr("SK-SECRET")})


def _read(row: dict[str, Any], obs: ObsBucket | None = None) -> tuple[Output, ...]:
    return read_outputs(Task.model_validate({"output": PLACE, **row}), obs=obs, now=NOW)


def _file(form: str = "MP4", width: int = 0, height: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "output_file": {"format": form, "video_info": {"width": width, "height": height}, **more}
    }


def _described(names: list[str], *entries: dict[str, Any]) -> dict[str, Any]:
    return {"output_file_name": names, "transcode_detail": {"multitask_info": list(entries)}}


@pytest.mark.parametrize(
    ("place", "name", "key"),
    [
        ({"bucket": "b", "object": "out"}, "a.mp4", "b/out/a.mp4"),
        ({"bucket": "b", "object": "out/"}, "a.mp4", "b/out/a.mp4"),
        ({"bucket": "b", "object": "/out/x/"}, "/a.mp4", "b/out/x/a.mp4"),
        ({"bucket": "b", "object": ""}, "a.mp4", "b/a.mp4"),
        ({"bucket": "b"}, "a.mp4", "b/a.mp4"),
        ({"bucket": "b", "object": "out/a.mp4"}, "a.mp4", "b/out/a.mp4"),
        ({"bucket": "b", "object": "a.mp4"}, "a.mp4", "b/a.mp4"),
        ({"bucket": "b", "object": "out/ba.mp4"}, "a.mp4", "b/out/ba.mp4/a.mp4"),
        ({"bucket": "b", "object": "out"}, "out/a.mp4", "b/out/a.mp4"),
        ({"object": "out"}, "a.mp4", "out/a.mp4"),
        (None, "a.mp4", "a.mp4"),
    ],
)
def test_a_key_is_joined_whichever_way_huawei_tells_the_directory(
    place: dict[str, str] | None, name: str, key: str
) -> None:
    (output,) = _read({"output": place, "output_file_name": [name]})

    assert (output.object, output.name) == (key, "a.mp4")
    assert output.url is None


@pytest.mark.parametrize(
    ("name", "kind", "form"),
    [
        ("a.m3u8", OutputType.PLAYLIST, "hls"),
        ("a.mpd", OutputType.PLAYLIST, "dash"),
        ("a.mp4", OutputType.VIDEO, "mp4"),
        ("a.MP3", OutputType.AUDIO, "mp3"),
        ("a.jpg", OutputType.IMAGE, "jpg"),
        ("a.tar", OutputType.PACKAGE, "tar"),
        ("a.vtt", OutputType.OTHER, "vtt"),
        ("a", OutputType.OTHER, None),
    ],
)
def test_what_an_output_is_shows_in_its_name(name: str, kind: OutputType, form: str | None) -> None:
    (output,) = _read({"output_file_name": [name]})

    assert (output.type, output.format) == (kind, form)


def test_an_output_without_an_extension_has_the_format_mpc_describes() -> None:
    (output,) = _read(_described(["a"], _file("HLS")))

    assert (output.type, output.format) == (OutputType.PLAYLIST, "hls")


def test_outputs_are_described_in_the_order_of_the_templates() -> None:
    row = _described(["a.mp4", "0.jpg", "b.m3u8"], _file("MP4", size=1), _file("HLS", size=2))

    outputs = _read(row)

    assert [(output.name, output.size_bytes) for output in outputs] == [
        ("a.mp4", 1),
        ("b.m3u8", 2),
        ("0.jpg", None),
    ]


def test_a_resolution_in_the_name_finds_its_description() -> None:
    small, large = _file("MP4", 480, 270, size=1), _file("MP4", 1920, 1080, size=2)

    outputs = _read(_described(["a_1_1920X1080_9_0.mp4", "a_2_480x270_9_0.mp4"], small, large))

    assert [(output.size_bytes, output.height) for output in outputs] == [(2, 1080), (1, 270)]


@pytest.mark.parametrize(
    ("names", "entries"),
    [
        (["a.mp4", "b.mp4"], [_file(size=1)]),
        (["a.mp4"], [_file(size=1), _file(size=2)]),
        (["a.mp4", "b.m3u8"], [_file("HLS", size=1), _file("MP4", size=2)]),
        (["a.mp4"], [{"error": {"error_code": "MPC.10055"}, **_file(size=1)}]),
        (["a.mp4"], [{"template_id": 1}]),
    ],
)
def test_a_description_that_may_be_of_another_file_is_left_out(
    names: list[str], entries: list[dict[str, Any]]
) -> None:
    outputs = _read(_described(names, *entries))

    assert [output.size_bytes for output in outputs] == [None] * len(names)


def test_the_output_of_a_failed_template_does_not_shift_the_others() -> None:
    failed = {"error": {"error_code": "MPC.10055"}, **_file(size=1)}

    (output,) = _read(_described(["a.mp4"], failed, _file(size=2)))

    assert output.size_bytes == 2


@pytest.mark.parametrize(
    ("duration", "duration_ms", "seconds"),
    [
        (59, 0, 59),
        (59, None, 59),
        (59, 59240, 59.24),
        (25, 25.48, 25),
        (0, 1500, 1.5),
        (None, 1500, 1.5),
        (0, 0, None),
        (None, None, None),
    ],
)
def test_a_duration_is_exact_where_both_figures_agree(
    duration: object, duration_ms: object, seconds: float | None
) -> None:
    (output,) = _read(_described(["a.mp4"], _file(duration=duration, duration_ms=duration_ms)))

    assert output.duration_s == seconds


def test_zeros_are_hidden() -> None:
    (output,) = _read(_described(["a.mp4"], _file(size=0)))

    assert (output.size_bytes, output.width, output.height) == (None, None, None)


def test_an_audio_output_has_no_resolution() -> None:
    (output,) = _read(_described(["a.mp3"], {"output_file": {"format": "MP3", "size": 5}}))

    assert (output.size_bytes, output.width, output.height) == (5, None, None)


def test_snapshots_are_images_and_their_archive_is_a_package() -> None:
    row = {
        "output_file_name": ["a.mp4", "0.jpg"],
        "thumbnail_output": {"bucket": "t", "object": "pics"},
        "thumbnail_outputname": "pics.tar",
        "pic_info": [{"pic_name": "0.jpg"}, {"pic_name": "1.jpg"}, {"pic_name": None}],
    }

    outputs = _read(row)

    assert [(output.object, output.type) for output in outputs] == [
        ("b/out/a.mp4", OutputType.VIDEO),
        ("t/pics/0.jpg", OutputType.IMAGE),
        ("t/pics/1.jpg", OutputType.IMAGE),
        ("t/pics/pics.tar", OutputType.PACKAGE),
    ]


def test_an_object_named_twice_is_one_output_in_its_first_place() -> None:
    row = {"output_file_name": ["a.mp4", "0.jpg", "1.jpg"], "pic_info": [{"pic_name": "0.jpg"}]}

    outputs = _read(row)

    assert [output.name for output in outputs] == ["a.mp4", "0.jpg", "1.jpg"]


def test_sets_of_snapshots_and_sprites_are_outputs_too() -> None:
    row = {
        "thumbnails_info": [
            {"pic_info": [{"pic_name": "2"}], "output": {"bucket": "t2"}, "output_name": "p.zip"},
            {"pic_info": [{"pic_name": "3.jpg"}]},
        ],
        "image_sprite_info": [
            {"output_image_name": ["s/0.jpg", None], "output_webvtt_name": "s/0.vtt"},
            {"output_image_name": ["1.jpg"], "output": {"bucket": "t3"}},
        ],
    }

    outputs = _read(row)

    assert [(output.object, output.type) for output in outputs] == [
        ("t2/2", OutputType.IMAGE),
        ("t2/p.zip", OutputType.PACKAGE),
        ("b/out/3.jpg", OutputType.IMAGE),
        ("b/out/s/0.jpg", OutputType.IMAGE),
        ("b/out/s/0.vtt", OutputType.OTHER),
        ("t3/1.jpg", OutputType.IMAGE),
    ]


def test_a_separate_dash_index_is_an_output() -> None:
    outputs = _read(_described(["a.mp4"], _file(manifest_name="a.mpd")))

    assert [output.object for output in outputs] == ["b/out/a.mp4", "b/out/a.mpd"]


@pytest.mark.parametrize(("names", "expected"), [([], "b/out/x.mp4"), (["a.mp4"], "b/out/a.mp4")])
def test_the_name_of_a_packaging_output_counts_where_there_is_no_other(
    names: list[str], expected: str
) -> None:
    (output,) = _read({"output": {**PLACE, "file_name": "x.mp4"}, "output_file_name": names})

    assert output.object == expected


def test_with_a_public_bucket_every_object_has_a_plain_link() -> None:
    row = {"output_file_name": ["a b.mp4"], "pic_info": [{"pic_name": "0.jpg"}]}

    outputs = _read(row, PUBLIC)

    assert [output.url for output in outputs] == [
        "https://b.obs.cn-north-4.myhuaweicloud.com/out/a%20b.mp4",
        "https://b.obs.cn-north-4.myhuaweicloud.com/out/0.jpg",
    ]
    assert not any(output.signed or output.expires_at for output in outputs)


def test_with_a_private_bucket_a_link_signs_in_and_expires() -> None:
    (output,) = _read({"output_file_name": ["a.mp4"]}, PRIVATE)

    assert output.signed
    assert output.url is not None
    assert "Signature=" in output.url
    assert output.expires_at == datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


def test_a_bucket_mpc_does_not_tell_is_the_configured_one() -> None:
    (output,) = _read({"output": None, "output_file_name": ["a.mp4"]}, PUBLIC)

    assert output.object == "configured/a.mp4"
    assert output.url == "https://configured.obs.ap-southeast-3.myhuaweicloud.com/a.mp4"


@pytest.mark.parametrize(("obs", "count"), [(None, 0), (PUBLIC, 2)])
def test_thumbnails_are_the_links_of_single_snapshots(obs: ObsBucket | None, count: int) -> None:
    task = Task.model_validate(
        {
            "output": PLACE,
            "output_file_name": ["a.mp4", "0.jpg"],
            "pic_info": [{"pic_name": "1.jpg"}],
            "thumbnail_outputname": "p.tar",
            "image_sprite_info": [{"output_image_name": ["s/sheet.jpg"]}],
        }
    )
    outputs = read_outputs(task, obs=obs, now=NOW)

    links = snapshot_links(task, outputs)

    assert [link[-5:] for link in links] == ["0.jpg", "1.jpg"][:count]
