"""A picture is fetched from where it may be, within its limits, and from nowhere else."""

import traceback
from collections.abc import AsyncIterator
from ipaddress import ip_address

import pytest

from bot.addresses import Address, is_public, is_public_or_private
from bot.fetch import MAX_PICTURE_BYTES, Fetcher, FetchRefusedError, open_fetcher
from bot.sandbox.media import make_picture
from tests.fakes.picture_host import PictureHost, ScriptedResolver

HERE = ip_address("127.0.0.1")
ELSEWHERE = "127.0.0.2"


def is_here(address: Address) -> bool:
    """Let the one address stand for the internet, and the rest of loopback for our network."""
    return address == HERE


@pytest.fixture
async def host() -> AsyncIterator[PictureHost]:
    """Somebody else's pictures."""
    async with PictureHost() as listening:
        yield listening


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with open_fetcher(is_here) as opened:
        yield opened


async def refusal_of(fetcher: Fetcher, link: str) -> FetchRefusedError:
    with pytest.raises(FetchRefusedError) as refused:
        await fetcher.fetch_image(link)
    return refused.value


async def test_a_picture_is_fetched_whatever_its_type_is_called(
    host: PictureHost, fetcher: Fetcher
) -> None:
    content = await fetcher.fetch_image(host.link("picture/10.jpg"))

    assert content == make_picture(10)


async def test_a_picture_is_asked_for_without_anything_of_ours(
    host: PictureHost, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.setenv("NETRC", __file__)
    to = host.link("picture/1.jpg")

    await fetcher.fetch_image(host.link(f"redirect?to={to}"))
    await fetcher.fetch_image(to)

    assert {name for asked in host.asked for name in asked.headers} == {
        "Host",
        "Accept",
        "Accept-Encoding",
        "User-Agent",
    }


async def test_a_link_is_sent_letter_by_letter(host: PictureHost, fetcher: Fetcher) -> None:
    path = "picture/1.jpg?Signature=a%2Bb%7e+c%3D%3d&x"

    await fetcher.fetch_image(host.link(path))

    assert host.asked[0].raw_path == f"/{path}"


async def test_a_link_in_chinese_is_encoded(host: PictureHost, fetcher: Fetcher) -> None:
    await fetcher.fetch_image(host.link("picture/1.jpg?n=图 1"))

    assert host.asked[0].raw_path == "/picture/1.jpg?n=%E5%9B%BE+1"


@pytest.mark.parametrize("hops", [1, 3])
async def test_up_to_three_redirects_are_followed(
    hops: int, host: PictureHost, fetcher: Fetcher
) -> None:
    content = await fetcher.fetch_image(host.link(f"hop/{hops}"))

    assert content == make_picture(5)


async def test_a_fourth_redirect_is_not(host: PictureHost, fetcher: Fetcher) -> None:
    refusal = await refusal_of(fetcher, host.link("hop/4"))

    assert (str(refusal), refusal.is_passing) == ("too many redirects", False)
    assert [asked.path for asked in host.asked] == ["/hop/4", "/hop/3", "/hop/2", "/hop/1"]


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        (f"?to=http://{ELSEWHERE}:1/", "private address"),
        ("?to=http://169.254.169.254/latest/meta-data/", "private address"),
        ("?to=http://[::ffff:127.0.0.2]/", "private address"),
        ("?to=//127.0.0.2/", "private address"),
        ("?to=http://2130706434/", "not a web link"),
        ("?to=ftp://127.0.0.1/a.jpg", "not a web link"),
        ("?to=file:///etc/passwd", "not a web link"),
        ("?to=http://user:word@127.0.0.1/", "not a web link"),
        ("?to=http://[/", "not a web link"),
        ("?to=http://127.0.0.1:99999/", "not a web link"),
        ("", "not a web link"),
    ],
)
async def test_a_redirect_leads_nowhere_a_link_would_not(
    to: str, reason: str, host: PictureHost, fetcher: Fetcher
) -> None:
    refusal = await refusal_of(fetcher, host.link(f"redirect{to}"))

    assert str(refusal) == reason
    assert len(host.asked) == 1


@pytest.mark.parametrize(
    "spelled",
    [
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "127.0.1",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "0x7f000001",
        "0x7f.0.0.1",
        "0x7f.1",
        "127.0.0.01",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "１２７.0.0.1",  # noqa: RUF001 - digits of another width
        "inside.example",
        "INSIDE.example.",
        "public.example@127.0.0.1",
        "public.example%2F@127.0.0.1",
        "127.0.0.1\\@public.example",
        "127.0.0.1#@public.example",
    ],
)
async def test_our_own_network_is_out_of_reach_however_it_is_spelled(
    spelled: str, host: PictureHost
) -> None:
    resolver = ScriptedResolver(inside=[["127.0.0.1"]], INSIDE=[["127.0.0.1", "::1"]])
    async with open_fetcher(is_public, resolver=resolver) as fetcher:
        refusal = await refusal_of(fetcher, host.link("picture/1.jpg", host=spelled))

    assert str(refusal) in {"private address", "not a web link"}
    assert not refusal.is_passing
    assert host.asked == []


async def test_a_name_that_moves_inside_after_it_was_looked_up_is_not_followed(
    host: PictureHost,
) -> None:
    resolver = ScriptedResolver(moving=[["127.0.0.1"], [ELSEWHERE]])
    there = host.link("picture/1.jpg", host="moving.example")
    async with open_fetcher(is_here, resolver=resolver) as fetcher:
        await fetcher.fetch_image(there)
        host.asked[0].protocol.force_close()
        refusal = await refusal_of(fetcher, host.link("picture/2.jpg", host="moving.example"))

    assert str(refusal) == "private address"
    assert [asked.path for asked in host.asked] == ["/picture/1.jpg"]
    assert resolver.resolved == ["moving.example", "moving.example"]


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST"])
async def test_a_name_of_this_machine_is_known_for_what_it_is(name: str, host: PictureHost) -> None:
    link = host.link("picture/1.jpg", host=name)
    async with open_fetcher(is_public) as fetcher:
        refusal = await refusal_of(fetcher, link)
    async with open_fetcher(is_public_or_private) as fetcher:
        content = await fetcher.fetch_image(link)

    assert str(refusal) == "private address"
    assert content == make_picture(1)
    assert len(host.asked) == 1


async def test_a_name_that_cannot_be_one_is_no_link(fetcher: Fetcher) -> None:
    refusal = await refusal_of(fetcher, f"http://{'a' * 64}.example/")

    assert (str(refusal), refusal.is_passing) == ("not a web link", False)


async def test_of_several_addresses_only_those_allowed_are_tried(host: PictureHost) -> None:
    resolver = ScriptedResolver(mixed=[[ELSEWHERE, "::1", "127.0.0.1"]])
    async with open_fetcher(is_here, resolver=resolver) as fetcher:
        content = await fetcher.fetch_image(host.link("picture/3.jpg", host="mixed.example"))

    assert content == make_picture(3)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "x.jpg",
        "/x.jpg",
        "ftp://127.0.0.1/x",
        "javascript:alert(1)",
        "http://",
        "http:///x",
        "http://127.0.0.1/\r\nX-Canary: 1",
        "http://127.0.0.1/\ud800",
        "http://127.0.0.1:0x50/",
        f"http://127.0.0.1/{'a' * 8000}",
    ],
)
async def test_what_is_no_web_link_is_not_asked_for(link: str, fetcher: Fetcher) -> None:
    refusal = await refusal_of(fetcher, link)

    assert (str(refusal), refusal.is_passing) == ("not a web link", False)


async def test_a_picture_may_have_five_megabytes(host: PictureHost, fetcher: Fetcher) -> None:
    content = await fetcher.fetch_image(host.link(f"bytes/{MAX_PICTURE_BYTES}"))

    assert len(content) == MAX_PICTURE_BYTES


@pytest.mark.parametrize("path", [f"bytes/{MAX_PICTURE_BYTES + 1}", "endless"])
async def test_more_than_five_megabytes_are_refused_whatever_was_announced(
    path: str, host: PictureHost, fetcher: Fetcher
) -> None:
    refusal = await refusal_of(fetcher, host.link(path))

    assert (str(refusal), refusal.is_passing) == ("over 5 MB", False)


async def test_what_comes_packed_stays_packed(host: PictureHost, fetcher: Fetcher) -> None:
    content = await fetcher.fetch_image(host.link("packed"))

    assert content.startswith(b"\x1f\x8b")


@pytest.mark.parametrize("path", ["drip", "hang"])
async def test_whoever_takes_too_long_is_left(path: str, host: PictureHost) -> None:
    async with open_fetcher(is_here, within_s=0.05) as fetcher:
        refusal = await refusal_of(fetcher, host.link(path))

    assert (str(refusal), refusal.is_passing) == ("too slow", True)


@pytest.mark.parametrize(
    ("status", "is_passing"),
    [
        (204, False),
        (206, False),
        (304, False),
        (403, False),
        (404, False),
        (429, True),
        (503, True),
    ],
)
async def test_only_status_200_brings_a_picture(
    status: int, host: PictureHost, fetcher: Fetcher, *, is_passing: bool
) -> None:
    refusal = await refusal_of(fetcher, host.link(f"status/{status}"))

    assert (str(refusal), refusal.is_passing) == (f"HTTP {status}", is_passing)


async def test_a_broken_connection_is_no_answer(host: PictureHost, fetcher: Fetcher) -> None:
    refusal = await refusal_of(fetcher, host.link("break"))

    assert (str(refusal), refusal.is_passing) == ("no answer", True)


async def test_nobody_at_the_address_is_no_answer(fetcher: Fetcher) -> None:
    refusal = await refusal_of(fetcher, "http://127.0.0.1:9/")

    assert (str(refusal), refusal.is_passing) == ("no answer", True)


async def test_a_host_that_speaks_no_tls_is_told_from_one_that_is_not_there(
    host: PictureHost, fetcher: Fetcher
) -> None:
    refusal = await refusal_of(fetcher, f"https://127.0.0.1:{host.port}/picture/1.jpg")

    assert (str(refusal), refusal.is_passing) == ("no TLS", False)


async def test_a_refusal_tells_nothing_of_the_link(fetcher: Fetcher) -> None:
    refusal = await refusal_of(fetcher, "http://127.0.0.1:9/?Signature=canary")

    assert "canary" not in "".join(traceback.format_exception(refusal))
    assert refusal.__context__ is None
