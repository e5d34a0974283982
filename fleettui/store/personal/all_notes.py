"""What people noted for themselves in a folder, for the day on which the workspace moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from fleettui.errors import Unusable
from fleettui.places import Where, in_workspace
from fleettui.store import files
from fleettui.store.beside_documents import Noted
from fleettui.store.personal.notebook import Notebook
from fleettui.store.personal.read_marks import ReadMarks

ENDINGS = {"txt": "seen", "inbox": "inbox", "views": "views"}
"""Of the files: what stands in them."""


def read(home: Where) -> tuple[list[Noted], list[str]]:
    """And of whom something could not be read: each file is for its person's eyes."""
    folder = in_workspace(home) / "seen"
    noted: list[Noted] = []
    hidden: set[str] = set()
    for name in sorted(folder.names()) if files.facts_of(folder) is not None else ():
        stem, _, ending = name.rpartition(".")
        if ending not in ENDINGS:
            continue
        try:
            text = files.read_file(folder / name).decode("utf-8", "replace")
        except (OSError, Unusable):
            hidden.add(unquote(stem))
            continue
        noted += _last_of_each(unquote(stem), ENDINGS[ending], text)
    return noted, sorted(hidden)


def _last_of_each(login: str, kind: str, text: str) -> Iterator[Noted]:
    last: dict[str, str] = {}
    for line in text.splitlines():
        key, _, value = line.partition(" ")
        last.pop(key, None)
        last[key] = value
    yield from (Noted(login, kind, key, value) for key, value in last.items() if value)


def write(home: Where, modes: files.Modes, login: str, noted: Iterable[Noted]) -> list[str]:
    """Of that person; whose notes were left out: a file belongs to whoever writes it."""
    left, mine = set[str](), list[Noted]()
    for each in noted:
        if each.login == login:
            mine.append(each)
        else:
            left.add(each.login)
    marks = ReadMarks(home, login, modes)
    for each in mine:
        if each.kind == "seen" and each.value.isdecimal():
            marks.look(each.key, int(each.value))
    for kind in ("inbox", "views"):
        Notebook(home, login, modes, kind).note((each.key, each.value) for each in mine if each.kind == kind)
    return sorted(left)
