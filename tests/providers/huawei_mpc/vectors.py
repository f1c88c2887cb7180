"""The recorded cases every test of this folder reads."""

import json
from pathlib import Path
from typing import Any

from providers.models import TaskRef

_FOLDER = Path(__file__).parents[2] / "data" / "vectors"


def load_cases(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((_FOLDER / name).read_text())["cases"]
    return cases


def fixture_body(name: str) -> dict[str, Any]:
    """A reply body of fixtures.json, fresh each time."""
    body: dict[str, Any] = next(
        case["body"] for case in load_cases("fixtures.json") if case["name"] == name
    )
    return body


def ref(task_id: str) -> TaskRef:
    return TaskRef("mpc", "transcode", task_id)
