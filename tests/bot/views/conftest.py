"""Snapshots of views; rewrite them with ``pytest tests/bot/views --rewrite-snapshots``."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.slack.blocks import validate_message, validate_view
from bot.views.layout import View

SNAPSHOTS = Path(__file__).parents[2] / "data" / "views"

Compare = Callable[[View | dict[str, Any], str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-snapshots",
        action="store_true",
        help="write what the views draw now into tests/data/views/, to be read before it is kept",
    )


@pytest.fixture
def matches_snapshot(request: pytest.FixtureRequest) -> Compare:
    rewrite = request.config.getoption("--rewrite-snapshots", default=False)

    def compare(view: View | dict[str, Any], name: str) -> None:
        drawn = {"text": view.text, "blocks": view.blocks} if isinstance(view, View) else view
        path = SNAPSHOTS / f"{name}.json"
        if rewrite:
            path.write_text(json.dumps(drawn, indent=1, ensure_ascii=False) + "\n", "utf-8")

        kept = json.loads(path.read_text("utf-8"))

        assert drawn == kept
        if isinstance(view, View):
            assert validate_message(view.blocks, view.text) == []
        else:
            assert validate_view(view) == []

    return compare
