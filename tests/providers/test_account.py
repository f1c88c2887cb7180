"""What an account may be, and that nothing wrong in it is ever shown."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import Field, SecretStr, ValidationError

from providers.account import Account, HttpUrl, ObsBucket, redact

CANARY = "canary-value"


class Shop(Account):
    """An account of no vendor, with one secret it needs and one it may have."""

    key: SecretStr
    token: SecretStr | None = None
    url: HttpUrl = "https://shop.example.com"
    rate: float = Field(default=5, gt=0)


def problems(section: object, model: type[Account | ObsBucket] = Shop) -> str:
    with pytest.raises(ValidationError) as refused:
        model.model_validate(section)
    text = str(refused.value)
    assert CANARY not in text
    return text


def test_a_secret_is_hidden_wherever_an_account_is_shown() -> None:
    shop = Shop(key=SecretStr(CANARY))

    assert shop.key.get_secret_value() == CANARY
    assert CANARY not in f"{shop} {shop!r} {shop.model_dump_json()} {shop.model_dump()}"


def test_what_nobody_configures_has_the_documented_values() -> None:
    shop = Shop(key=SecretStr("k"))

    assert (shop.timeout, shop.rate, shop.token) == (10, 5, None)


@pytest.mark.parametrize(
    ("content", "secret"),
    [
        ("s3cret\n", "s3cret"),
        ("s3cret", "s3cret"),
        ("a\nb\n\n", "a\nb\n"),
        (" \u6f22 ", " \u6f22 "),
    ],
)
def test_a_secret_may_be_a_file(tmp_path: Path, content: str, secret: str) -> None:
    (tmp_path / "key").write_text(content, "utf-8")

    shop = Shop.model_validate({"key_file": str(tmp_path / "key")})

    assert shop.key.get_secret_value() == secret


def test_an_optional_secret_may_be_a_file_too(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("t", "utf-8")

    shop = Shop.model_validate({"key": "k", "token_file": tmp_path / "token"})

    assert shop.secrets() == ("k", "t")


def test_a_secret_and_its_file_exclude_each_other(tmp_path: Path) -> None:
    assert "either key or key_file, not both" in problems({"key": CANARY, "key_file": tmp_path})


@pytest.mark.parametrize("content", [b"", b"\n"])
def test_a_secret_is_not_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)

    assert "a key that is not empty" in problems({"key": ""})
    assert "a key that is not empty" in problems({"key_file": tmp_path / "key"})


def test_a_file_that_cannot_be_read_is_told_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(CANARY.encode("utf-16"))

    assert "a readable key_file (No such file" in problems({"key_file": tmp_path / "none"})
    assert "a readable key_file (Is a directory)" in problems({"key_file": tmp_path})
    assert "a readable key_file (it is not UTF-8 text)" in problems({"key_file": tmp_path / "key"})


@pytest.mark.parametrize(
    "section",
    [
        {},
        {"key": None},
        {"key_file": None},
        {"key": [CANARY]},
        {"key": "k", "kye": CANARY},
        {"key": "k", "url_file": CANARY},
        {"key": "k", "timeout": 0},
        {"key": "k", "timeout": 121},
        {"key": "k", "timeout": CANARY},
        {"key": "k", "rate": 0},
        {"key": "k", "rate": float("inf")},
        {"key": "k", "rate": float("nan")},
        [CANARY],
        CANARY,
    ],
)
def test_a_wrong_section_is_refused_without_being_quoted(section: object) -> None:
    assert problems(section)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080",
        "https://h",
        "https://h/",
        "https://h/a/b",
        "HTTP://h",
        "http://[::1]",
    ],
)
def test_an_address_is_kept_as_it_was_written(url: str) -> None:
    assert Shop(key=SecretStr("k"), url=url).url == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "h",
        "/path",
        "ftp://h",
        "http://",
        "http:///path",
        "http://h:port",
        "http://[",
        f"https://user:{CANARY}@h/",
        f"https://{CANARY}@h/",
        f"https://h/?key={CANARY}",
        f"https://h/#{CANARY}",
    ],
)
def test_an_address_with_more_or_less_than_a_place_is_refused(url: str) -> None:
    assert "url" in problems({"key": "k", "url": url})


def test_an_account_is_never_changed() -> None:
    shop = Shop(key=SecretStr("k"))

    with pytest.raises(ValidationError, match="frozen"):
        shop.rate = 9  # type: ignore[misc]  # that it is refused is the point


def test_every_secret_of_an_account_is_blotted_out_of_a_vendors_words() -> None:
    shop = Shop(key=SecretStr("k3y"), token=SecretStr("t0k"))

    told = redact("key=k3y&token=t0k&again=k3y", shop.secrets())

    assert told == "key=***&token=***&again=***"


BUCKET: dict[str, Any] = {"bucket": "b", "region": "r"}


def test_a_bucket_has_both_keys_or_none() -> None:
    assert ObsBucket.model_validate(BUCKET).ak is None
    assert ObsBucket.model_validate({**BUCKET, "ak": "a", "sk": "s"}).expires == 3600
    for one in ("ak", "sk"):
        assert "both ak and sk, or neither" in problems({**BUCKET, one: CANARY}, ObsBucket)


@pytest.mark.parametrize("expires", [59, 604_801])
def test_a_temporary_link_works_for_a_minute_to_a_week(expires: int) -> None:
    assert "expires" in problems({**BUCKET, "expires": expires}, ObsBucket)
