"""The project's own files, as the house rules read them."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "providers", "tests")


@cache
def text_of(name: str) -> str:
    """Read a file of the project."""
    return (ROOT / name).read_text("utf-8")


@cache
def modules() -> tuple[str, ...]:
    """Every Python file of ours, by its path from the top."""
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return tuple(
        sorted(str(path.relative_to(ROOT)) for path in found if "node_modules" not in path.parts)
    )


def table_rows(name: str) -> Iterator[list[str]]:
    """Go through the rows of every table in a Markdown file, as cells."""
    for line in text_of(name).splitlines():
        if line.startswith("| ") and not set(line) <= set("|- "):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def manifest() -> Any:
    """Read the Slack app's manifest."""
    return yaml.safe_load(text_of("manifest.yml"))


def definitions(name: str) -> Iterator[str]:
    """Name the classes and functions a module defines."""
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(text_of(name))):
        if isinstance(node, kinds):
            yield node.name


def listened_to() -> set[tuple[str, str]]:
    """Find what the listeners listen to, as Bolt's word and the name: ``("command", "/x")``."""
    found: set[tuple[str, str]] = set()
    for name in modules():
        if not name.startswith("bot/listeners/"):
            continue
        module = import_module(name.removesuffix(".py").replace("/", "."))
        found |= {
            listener
            for node in ast.walk(ast.parse(text_of(name)))
            for listener in _listeners(node, vars(module))
        }
    return found


def _listeners(node: ast.AST, names: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Read ``app.command(X)``, as a decorator or called with a function."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="app"), attr=kind), args=[word, *_]):
            value = names.get(word.id) if isinstance(word, ast.Name) else _literal(word)
            yield kind, str(value)
        case _:
            return


def _literal(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else ast.unparse(node)


def calls_of(package: str, prefixes: tuple[str, ...]) -> set[str]:
    """Find the Web API methods a package calls, as slack_sdk names them."""
    wanted = re.compile(rf"\.((?:{'|'.join(prefixes)})_\w+)\(")
    ours = (name for name in modules() if name.startswith(f"{package}/") and "sandbox" not in name)
    return {found for name in ours for found in wanted.findall(text_of(name))}


def methods_named(prefix: str, kinds: Iterable[str]) -> set[str]:
    """Find the Web API methods that modules name in text, as the SDK spells them."""
    pattern = re.compile(rf'"((?:{"|".join(kinds)})\.[A-Za-z.]+)"')
    texts = (text_of(name) for name in modules() if name.startswith(prefix))
    return {found.replace(".", "_") for text in texts for found in pattern.findall(text)}


def metrics_of(prefix: str) -> set[str]:
    """Find the metrics that modules make, as Prometheus shows them."""
    found = set()
    trees = (ast.parse(text_of(name)) for name in modules() if name.startswith(prefix))
    for node in (node for tree in trees for node in ast.walk(tree)):
        match node:
            case ast.Call(
                func=ast.Name(id="Counter" | "Gauge" | "Histogram" as kind),
                args=[ast.Constant(value=str(metric)), *_],
            ):
                found.add(f"{metric}_total" if kind == "Counter" else metric)
            case _:
                pass
    return found


def events_logged(packages: tuple[str, ...]) -> set[str]:
    """Find the events that are logged at ``warning`` and above, by their names."""
    wanted = re.compile(r"log\.(?:warning|error|critical|exception)\(\s*\"(\w+)")
    ours = (name for name in modules() if name.startswith(packages) and "/sandbox/" not in name)
    return {event for name in ours for event in wanted.findall(text_of(name))}
