"""Check manifest.yml and every rendered block against Slack's own schemas, where they are at hand.

The schemas are not part of this project. Where their folder is absent this says so and goes on;
the tests hold the limits and surfaces, which no schema knows.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator
from jsonschema.protocols import Validator

MANIFEST = Path("manifest.yml")
SNAPSHOTS = Path("tests/data/views")
NOT_IN_SCHEMA = ("rich_previews", "search", "user_connections")


def check_manifest(folder: Path) -> Iterator[str]:
    """Yield what Slack's manifest schema objects to."""
    schema = json.loads((folder / "manifest.schema.2.0.0.json").read_text())
    manifest = yaml.safe_load(MANIFEST.read_text())
    for feature in NOT_IN_SCHEMA:
        manifest["features"].pop(feature, None)
    for error in Draft7Validator(schema).iter_errors(manifest):
        yield f"{MANIFEST}: {'/'.join(map(str, error.path))}: {error.message}"


def block_validators(folder: Path) -> dict[str, Validator]:
    """Give one validator per block type, so that a problem names the property and not a union."""
    schema = json.loads((folder / "knownblock.schema.json").read_text())
    definitions = schema["definitions"]
    found = {}
    for name, definition in definitions.items():
        shape = definition.get("anyOf", [definition])[0]
        kind = shape.get("properties", {}).get("type", {}).get("const")
        if name.endswith("Block") and kind:
            found[kind] = Draft7Validator(
                {"$ref": f"#/definitions/{name}", "definitions": definitions}
            )
    return found


def check_snapshots(validators: dict[str, Validator]) -> Iterator[str]:
    """Yield what the block schema objects to in the views' snapshots."""
    for path in sorted(SNAPSHOTS.glob("*.json")):
        snapshot: dict[str, Any] = json.loads(path.read_text())
        for place, block in enumerate(snapshot["blocks"]):
            validator = validators.get(block["type"])
            if validator is None:
                yield f"{path}: /blocks/{place}: no schema for {block['type']}"
                continue
            for error in validator.iter_errors(block):
                where = "/".join(map(str, error.path))
                yield f"{path}: /blocks/{place}/{where}: {error.message[:200]}"


def main(folder: Path) -> int:
    """Print every problem; 1 if there was any."""
    if not folder.is_dir():
        print("schemas: not at hand, not checked; the project's own validator still is")
        return 0
    problems = [*check_manifest(folder), *check_snapshots(block_validators(folder))]
    print(*problems, f"schemas: {len(problems)} problems", sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
