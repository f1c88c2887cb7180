import pytest

from bot.views.links import is_plain_http, is_showable, web_host


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://cdn.example/a.mp4?x=1&y=2", "cdn.example"),
        ("http://127.0.0.1:8080/a.png", "127.0.0.1"),
        ("HTTPS://CDN.example/a", "cdn.example"),
        ("https://cdn.example/录制.mp4", "cdn.example"),
        ("javascript:alert(1)", None),
        ("ftp://cdn.example/a", None),
        ("https:///a.mp4", None),
        ("https://cdn.example/a b.mp4", None),
        ("https://cdn.example/\u202ea.mp4", None),
        ("https://cdn.example/a|b<!channel>", None),
        ("https://[::1/a", None),
        ("https://[2001:DB8::1]:443/a", "2001:db8::1"),
        ("https://[nowhere]/a", None),
        ("https://me:pw@cdn.example/a", "cdn.example"),
        ("https://cdn.example\\@evil.example/a", None),
        ("https://cdn.example:/a", "cdn.example"),
        ("https://cdn.example?a", "cdn.example"),
        ("https://cdn.example:0/a", None),
        ("https://cdn.example:99999/a", None),
        ("https://cdn.example/" + "x" * 2980, "cdn.example"),
        ("https://cdn.example/" + "x" * 2981, None),
        ("", None),
    ],
)
def test_only_a_link_slack_takes_can_be_a_button(url: str, host: str | None) -> None:
    assert web_host(url) == host


@pytest.mark.parametrize(
    ("url", "local", "showable"),
    [
        ("https://cdn.example/a.png", False, True),
        ("https://cdn.example/picture", False, True),
        ("https://93.184.216.34/a.png", False, True),
        ("http://cdn.example/a.png", False, False),
        ("http://cdn.example/a.png", True, False),
        ("http://127.0.0.1:8080/a.png", True, True),
        ("http://localhost:8080/a.png", True, True),
        ("http://127.0.0.1:8080/a.png", False, False),
        ("https://10.0.0.7/a.png", False, False),
        ("https://storage/a.png", False, False),
        ("https://storage.internal/a.png", False, False),
        ("https://cdn.example/a.WEBP", False, False),
        ("file:///a.png", True, False),
    ],
)
def test_only_a_picture_slack_can_fetch_is_shown(url: str, *, local: bool, showable: bool) -> None:
    assert is_showable(url, local=local) is showable


@pytest.mark.parametrize(
    ("url", "unencrypted"),
    [("http://cdn.example", True), ("HTTP://cdn.example", True), ("https://cdn.example", False)],
)
def test_an_unencrypted_link_is_told_from_an_encrypted_one(url: str, *, unencrypted: bool) -> None:
    assert is_plain_http(url) is unencrypted
