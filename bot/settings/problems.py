"""Say in one line each what is wrong with a configuration, without showing a secret."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.settings.sources import Origins, Tree

_UNION_TAGS = frozenset({"zego", "huawei-mpc", "tencent-tiw", "pagerduty", "webhook"})
_SHOWN_TYPES = frozenset({"literal_error", "union_tag_invalid"})
_WANTED = {
    "missing": "a value",
    "string_type": "text",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "union_tag_not_found": "a key that says which kind it is (vendor, or kind)",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What was configured, where each piece of it came from, and what may be configured."""

    tree: Tree
    where: str
    origins: Origins
    root: type[BaseModel]


def describe_problems(error: ValidationError, told: Told) -> list[str]:
    """Write ``source: key: found …, wanted …`` for every problem, in the file's order."""
    return [_describe(problem, told) for problem in error.errors(include_url=False)]


def _describe(problem: ErrorDetails, told: Told) -> str:
    path = tuple(str(part) for part in problem["loc"] if part not in _UNION_TAGS)
    kind = problem["type"]
    if kind in {"union_tag_not_found", "union_tag_invalid"}:
        path = (*path, str((problem.get("ctx") or {}).get("discriminator", "")).strip("'"))
    source = told.origins.get(path, told.where)
    found = "nothing" if kind == "missing" else _show(_at(told.tree, path), kind)
    if kind == "extra_forbidden":
        found = "an unknown key"
    return f"{source}: {'.'.join(path)}: found {found}, wanted {_wanted(problem, path, told)}"


def _wanted(problem: ErrorDetails, path: Sequence[str], told: Told) -> str:
    context: Mapping[str, Any] = problem.get("ctx") or {}
    kind = problem["type"]
    if kind == "extra_forbidden":
        return _nearest(path, told)
    if kind in _SHOWN_TYPES:
        return "one of " + str(context.get("expected") or context.get("expected_tags"))
    if kind == "value_error":
        return str(context.get("error", problem["msg"]))
    return _WANTED.get(kind) or problem["msg"][:1].lower() + problem["msg"][1:]


def _nearest(path: Sequence[str], told: Told) -> str:
    """Name the key that was probably meant, or all that there are."""
    known = sorted(_known_keys(told.root, path[:-1], told.tree))
    close = difflib.get_close_matches(path[-1], known, n=1)
    return f"{close[0]} (did you mean that?)" if close else "one of " + ", ".join(known)


def _known_keys(root: type[BaseModel], section: Sequence[str], tree: Tree) -> set[str]:
    """List the keys a section may have, following the models along *section*."""
    models = [root]
    for part in section:
        inner = [model.model_fields[part] for model in models if part in model.model_fields]
        if inner:
            models = [found for field in inner for found in _models_in(field.annotation)]
    node = _at(tree, section)
    told = set(node.values()) if isinstance(node, dict) and len(models) > 1 else set()
    tagged = [model for model in models if told & _tags(model)]
    return {key for model in tagged or models for key in model.model_fields}


def _models_in(annotation: object) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models_in(inner)]


def _tags(model: type[BaseModel]) -> set[str]:
    """Give the words by which the members of a tagged union are told apart."""
    fields = [model.model_fields[key] for key in ("vendor", "kind") if key in model.model_fields]
    return {str(word) for field in fields for word in get_args(field.annotation)}


def _at(tree: object, path: Sequence[str]) -> object:
    for part in path:
        if isinstance(tree, dict):
            tree = tree.get(part)
        elif isinstance(tree, (list, tuple)) and part.isdigit() and int(part) < len(tree):
            tree = tree[int(part)]
        elif not isinstance(tree, str) or part != "0":  # one word may stand for a list of one
            return None
    return tree


def _show(value: object, kind: str) -> str:
    """Show numbers and closed words; of any other text only its length, for it may be a secret."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, str):
        shown = kind in _SHOWN_TYPES
        return f'"{value[:40]}"' if shown else f"text of {len(value)} characters"
    return {dict: "a table", list: "a list", type(None): "nothing"}.get(type(value), "something")
