"""A time code is written where a name tells one, and never guessed."""

import pytest

from bot.captions import captions, time_code

FOLDER = "https://my-out.obs.cn-north-4.myhuaweicloud.com/shots"


@pytest.mark.parametrize("provider", ["huawei", "mpc"])
@pytest.mark.parametrize(
    "names",
    [
        ["0.jpg", "10.jpg", "3725.jpg"],
        ["a_0.jpg", "a_10.JPEG", "a_3725.png"],
        ["0.jpg?Expires=1&Signature=a_9.jpg", "10.jpg?x", "3725.jpg#x"],
    ],
)
def test_huaweis_names_tell_the_second(provider: str, names: list[str]) -> None:
    links = [f"{FOLDER}/{name}" for name in names]

    assert captions(provider, links) == ["0:00", "0:10", "1:02:05"]


@pytest.mark.parametrize(
    ("provider", "names"),
    [
        ("tencent", ["sampleSnapshot_10_0.jpg", "sampleSnapshot_10_2.jpg"]),
        ("tiw", ["0.jpg", "10.jpg"]),
        ("huawei", ["0.jpg", "cover.jpg"]),
        ("huawei", ["10.jpg", "0.jpg"]),
        ("huawei", ["10.jpg", "10.jpg"]),
        ("mpc", ["clip_480X270.jpg", "clip_960X540.jpg"]),
        ("mpc", ["20261120100000.jpg", "20261120100010.jpg"]),
    ],
)
def test_where_one_name_tells_no_moment_all_are_numbered(provider: str, names: list[str]) -> None:
    links = [f"{FOLDER}/{name}" for name in names]

    assert captions(provider, links) == ["1", "2"]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0:00"),
        (7, "0:07"),
        (60, "1:00"),
        (3599, "59:59"),
        (3600, "1:00:00"),
        (86399, "23:59:59"),
    ],
)
def test_a_moment_is_written_as_players_do(seconds: int, expected: str) -> None:
    assert time_code(seconds) == expected
