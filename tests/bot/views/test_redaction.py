from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.redaction import redact, redact_text

SECRET = "s3cr3t"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Secret",
            "server_secret",
            "SecretKey",
            "Password",
            "Signature",
            "Sign",
            "sig",
            "ak",
            "SK",
        ),
        *("token", "X-Auth-Token", "security_token", "AccessKeyId", "access_key", "Authorization"),
        *("credential", "Cookie", "ticket", "CallbackKey", "apiKey", "private-key", "auth_key"),
    ],
)
def test_a_field_named_like_a_secret_is_masked(name: str) -> None:
    assert redact({"a": [{name: SECRET}]}) == {"a": [{name: "***"}]}
    assert redact({name: {"inner": SECRET}}) == {name: "***"}


@pytest.mark.parametrize("name", ["Status", "TaskId", "FileKey", "Task", "Design", "monkey"])
def test_other_fields_stay_as_they_came(name: str) -> None:
    fields = {name: "plain", "n": 1, "f": None, "t": True}

    assert redact(fields) == fields


@pytest.mark.parametrize("nothing", ["", None])
def test_a_secret_that_is_not_there_is_not_hidden(nothing: str | None) -> None:
    assert redact({"Token": nothing}) == {"Token": nothing}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://b.example/a.mp4?Expires=1&Signature=abc", "https://b.example/a.mp4?***"),
        ("see https://b.example/a?t=66aa&sign=abc.", "see https://b.example/a?***"),
        ("https://b.example/a.mp4?quality=hd", "https://b.example/a.mp4?quality=hd"),
        ("https://user:pw@b.example/a", "https://***@b.example/a"),
        ("https://b.example/a?token=abc", "https://b.example/a?token=***"),
        ("Signature=abc&Nonce=1", "Signature=***&Nonce=1"),
        ('{"SecretKey": "abc", "Status": 3}', '{"SecretKey": "***", "Status": 3}'),
        ("authorization: Bearer abc.def", "authorization: ***"),
        ("nothing to hide: design=round", "nothing to hide: design=round"),
    ],
)
def test_a_secret_inside_a_text_is_masked(text: str, shown: str) -> None:
    masked = redact_text(text)

    assert masked == shown


def test_what_is_nested_too_deep_is_left_out() -> None:
    deep: Any = "bottom"
    for _ in range(5000):
        deep = [deep]

    assert "bottom" not in str(redact(deep))


@given(value=st.recursive(st.none() | st.text() | st.integers(), st.lists))
def test_what_holds_no_secret_keeps_its_shape(value: Any) -> None:
    assert type(redact(value)) is type(value)
