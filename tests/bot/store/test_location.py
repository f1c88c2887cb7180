from pathlib import Path

import pytest

from bot.store.errors import UnusableStoreError
from bot.store.location import Server, read_location


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///mediatask.db", Path("mediatask.db").resolve()),
        ("sqlite:////var/lib/m.db", Path("/var/lib/m.db")),
        ("sqlite:////var/lib/a b%20?c.db", Path("/var/lib/a b%20?c.db")),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
    ],
)
def test_an_address_names_a_file_or_memory(url: str, path: Path | None) -> None:
    assert read_location(url) == path


def test_two_names_of_one_file_are_one_store(tmp_path: Path) -> None:
    (tmp_path / "real.db").touch()
    (tmp_path / "link.db").symlink_to("real.db")

    assert read_location(f"sqlite:///{tmp_path}/link.db") == tmp_path / "real.db"


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("postgresql://bot:hunter2@db.example:5433/media", "database media on db.example:5433"),
        ("postgres://bot@db/media?sslmode=verify-full", "database media on db"),
        ("postgresql://bot:hunter2@a,b:5433/media", "database media on a,b:5433"),
        ("postgresql://bot:p%40ss%2Fw@[::1]:5433/media", "database media on [::1]:5433"),
        ("postgresql:///media", "database media on localhost"),
        ("postgresql:///media?host=/run/pg", "database media on the socket in /run/pg"),
        ("postgresql://bot@/media?host=a,b", "database media on a,b"),
        ("postgresql:///media?host=hunter2@b", "database media on localhost"),
    ],
)
def test_an_address_names_a_server_and_its_label_no_password(url: str, label: str) -> None:
    server = read_location(url)

    assert server == Server(url, label)
    assert "hunter2" not in repr(server)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+asyncpg://bot:hunter2@db/media",
        "postgresql:media",
        "postgresql://bot:hunter2@db",
        "postgresql://bot:hunter2@db/",
        "postgresql://bot:hunter2@db/a/b",
        "postgresql://bot:hunter2/word@db/media",
        "postgresql://bot:1/hunter2@db/media",
        "postgresql://bot:1#hunter2@db/media",
        "postgresql://bot:1?hunter2@db/media",
        "postgresql://[hunter2/media",
        "postgresql://bot:hunter2@db:port/media",
    ],
)
def test_an_address_that_is_none_of_postgresqls_is_told_what_is_wanted(url: str) -> None:
    with pytest.raises(UnusableStoreError, match="wanted postgresql://user") as caught:
        read_location(url)

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mediatask.db",
        "sqlite:///",
        "sqlite:mediatask.db",
        "mysql://u:hunter2@db",
        "sqlite:///\0",
    ],
)
def test_any_other_address_is_told_what_is_wanted(url: str) -> None:
    with pytest.raises(UnusableStoreError, match="wanted sqlite:///") as caught:
        read_location(url)

    assert "hunter2" not in str(caught.value)
