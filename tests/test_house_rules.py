"""The rules of docs/contributing.md that no linter checks."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

TOP = Path(__file__).parents[1]
SOURCES = sorted(p for folder in ("fleettui", "screens") for p in (TOP / folder).rglob("*.py"))
CLOCK_READERS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}


LONGEST_MODULE = 400
MOST_METHODS = 40
SAYS_NOTHING = {"one", "found", "said", "told"}
"""Names that could stand for anything: a thing is called what it is."""


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(TOP).with_suffix("").parts).removesuffix(".__init__")


class Source(NamedTuple):
    path: Path
    nodes: list[ast.AST]
    """All of its tree, in the order of `ast.walk`: walking takes longer than all that is then looked at."""


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    return [Source(path, list(ast.walk(ast.parse(path.read_bytes())))) for path in SOURCES]


def test_only_the_clock_asks_what_time_it_is(sources: list[Source]) -> None:
    asking = [
        f"{path}:{node.lineno}"
        for path, nodes in sources
        if path.name != "clock.py"
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if (node.value.id, node.attr) in CLOCK_READERS
    ]
    assert asking == []


def test_no_private_attribute_of_textual_is_touched(sources: list[Source]) -> None:
    """`self._mine` is ours; `self.app._theirs` and `widget._theirs` are not."""
    touched = [
        f"{path}:{node.lineno}: {node.attr}"
        for path, nodes in sources
        if "screens" in path.parts
        for node in nodes
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__")
        if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls", "os"))
    ]
    assert touched == []


def test_modules_and_classes_are_of_a_size_that_can_be_read(sources: list[Source]) -> None:
    lengths = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {path: length for path, length in lengths.items() if length > LONGEST_MODULE} == {}
    methods = {
        f"{path}: {node.name}": sum(
            isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) for part in node.body
        )
        for path, nodes in sources
        for node in nodes
        if isinstance(node, ast.ClassDef)
    }
    assert {name: count for name, count in methods.items() if count > MOST_METHODS} == {}


def names_given(nodes: list[ast.AST]) -> Iterator[tuple[int, str]]:
    """Of variables, parameters, functions and classes; fields of documents stay, for they stand in files."""
    fields = {id(node.target) for node in nodes if isinstance(node, ast.AnnAssign)}
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in fields:
            yield node.lineno, node.id
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name


def test_names_say_what_a_thing_is(sources: list[Source]) -> None:
    empty = [
        f"{path}:{line}: {name}"
        for path, nodes in sources
        for line, name in names_given(nodes)
        if name.strip("_") in SAYS_NOTHING
    ]
    assert empty == []


def test_no_module_of_the_core_loads_textual() -> None:
    """All of them in one fresh process, each asked right after it was imported."""
    names = [module_of(p) for p in SOURCES if "fleettui" in p.parts and p.name != "__main__.py"]
    code = (
        "import importlib, sys\n"
        f"for name in {names}:\n"
        "    importlib.import_module(name)\n"
        "    assert 'textual' not in sys.modules, name\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_opens_a_shell_or_evaluates_text(sources: list[Source]) -> None:
    for path, nodes in sources:
        for node in nodes:
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                assert name not in {"eval", "exec", "os.system", "os.popen"}, f"{path}:{node.lineno}"
                assert not any(k.arg == "shell" for k in node.keywords), f"{path}:{node.lineno}"
