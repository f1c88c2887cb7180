"""Where settings come from: the environment over conventional names over the file.

Every source yields plain nested dictionaries; which source told a key is remembered, so that a
problem can be reported under the name its operator wrote.
"""

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PREFIX = "MEDIATASK_"
_OWN_NAMES = frozenset(
    {
        "MEDIATASK_CONFIG",
        "MEDIATASK_CRASH_AT",
        "MEDIATASK_LOG_LEVEL",
        "MEDIATASK_TEST_POSTGRES",
    }
)
_CONVENTIONAL: dict[str, tuple[str, ...]] = {
    "SLACK_BOT_TOKEN": ("slack", "bot_token"),
    "SLACK_SIGNING_SECRET": ("slack", "signing_secret"),
    "SLACK_APP_TOKEN": ("slack", "app_token"),
    "DATABASE_URL": ("store", "url"),
}
DEFAULT_FILE = Path("mediatask.toml")

Tree = dict[str, Any]
Origins = dict[tuple[str, ...], str]
"""Which variable, or file, told the value at a path."""


class UnreadableFileError(Exception):
    """The configuration file cannot be used at all; the text is one line and shows no content."""


def environment() -> dict[str, str]:
    """Copy the process environment; nothing else in the project reads it."""
    return dict(os.environ)


def config_path(option: str | None, environ: Mapping[str, str]) -> Path | None:
    """Choose the file: the option, else ``MEDIATASK_CONFIG``, else ``mediatask.toml`` if there."""
    named = option or environ.get("MEDIATASK_CONFIG")
    if named:
        return Path(named)
    return DEFAULT_FILE if DEFAULT_FILE.is_file() else None


def read_file(path: Path) -> Tree:
    """Read the TOML file.

    Raises:
        UnreadableFileError: it is absent, unreadable, no UTF-8, or no TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UnreadableFileError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UnreadableFileError(f"{path}: is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        where = str(error)[str(error).rfind("(at ") :].strip("()")
        raise UnreadableFileError(f"{path}: is not TOML {where}") from None


def from_environment(environ: Mapping[str, str]) -> tuple[Tree, Origins]:
    """Read conventional names, then ``MEDIATASK_A__B`` as key ``a.b``; the later wins."""
    tree: Tree = {}
    origins: Origins = {}
    own = sorted(name for name in environ if name.startswith(PREFIX) and name not in _OWN_NAMES)
    for name in (*_CONVENTIONAL, *own):
        if not environ.get(name):
            continue
        conventional = _CONVENTIONAL.get(name)
        path = conventional or tuple(name.removeprefix(PREFIX).lower().split("__"))
        _put(tree, path, environ[name] if conventional else _read_value(environ[name]))
        origins[path] = name
    return tree, origins


def merge(under: Tree, over: Tree) -> Tree:
    """Lay *over* on *under*, section by section."""
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        both = isinstance(below, dict) and isinstance(value, dict)
        merged[key] = merge(below, value) if both else value  # type: ignore[arg-type]  # both are
    return merged


def _put(tree: Tree, path: tuple[str, ...], value: object) -> None:
    for part in path[:-1]:
        inner = tree.get(part)
        if not isinstance(inner, dict):
            inner = tree[part] = {}
        tree = inner
    tree[path[-1]] = value


def _read_value(text: str) -> object:
    """Take lists and tables as JSON; everything else stays text for its field to read."""
    if text[:1] not in {"[", "{"}:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
