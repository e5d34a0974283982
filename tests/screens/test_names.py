"""Names that break something silently when they change: private ones that our widgets share with Textual's, which they inherit
from, and those of classes and ids in style sheets."""

from __future__ import annotations

import inspect
import pkgutil
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from textual.dom import DOMNode
from textual.message_pump import MessagePump

import screens

FOLDER = Path(screens.__file__ or "").parent
STYLE_SHEETS = sorted(FOLDER.rglob("*.tcss"))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SELECTORS = re.compile(r"([^{};]+)\{")
TYPE = re.compile(r"(?<![-\w.#:$])[A-Z]\w*")
ID = re.compile(r"#([\w-]+)")
PRIVATE = re.compile(r"(?:self\.|def )(_[a-z]\w*)")


def ours() -> list[type]:
    kinds = {}
    for module in pkgutil.walk_packages(screens.__path__, "screens."):
        for kind in vars(import_module(module.name)).values():
            if inspect.isclass(kind) and issubclass(kind, MessagePump) and kind.__module__ == module.name:
                kinds[kind.__qualname__] = kind
    return list(kinds.values())


@cache
def private_names(kind: type) -> frozenset[str]:
    return frozenset(PRIVATE.findall(inspect.getsource(kind)))


@pytest.mark.parametrize("kind", ours(), ids=lambda kind: kind.__qualname__)
def test_no_private_name_of_textual_is_used_for_something_else(kind: type) -> None:
    theirs = [base for base in kind.__mro__ if base.__module__.startswith("textual.")]
    taken = {name for base in theirs for name in private_names(base)}
    assert not private_names(kind) & taken


def test_there_is_something_to_look_at() -> None:
    assert len(ours()) > 10


def named_in(sheet: Path, kind: re.Pattern[str]) -> set[str]:
    text = COMMENT.sub("", sheet.read_text(encoding="utf-8"))
    return {name for selectors in SELECTORS.findall(text) for name in kind.findall(selectors)}


def every_kind(kind: type[DOMNode] = DOMNode) -> set[type[DOMNode]]:
    return {kind}.union(*(every_kind(below) for below in kind.__subclasses__()))


@pytest.mark.parametrize("sheet", STYLE_SHEETS, ids=lambda sheet: str(sheet.relative_to(FOLDER)))
def test_a_style_sheet_names_classes_and_ids_that_there_are(sheet: Path) -> None:
    ours()  # imports every module
    assert named_in(sheet, TYPE) <= {kind.__name__ for kind in every_kind()}
    source = "\n".join(module.read_text(encoding="utf-8") for module in FOLDER.rglob("*.py"))
    ids = {re.sub(r"\d+$", "{", id_) for id_ in named_in(sheet, ID)}  # column-3 is made as f"column-{number}"
    assert {id_ for id_ in ids if id_ not in source} == set()
