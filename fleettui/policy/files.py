"""Reads the files of the handbook: from the team's folder, else the shipped ones. Mistakes are named by file and field."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from fleettui import shipped
from fleettui.errors import FleettuiError, Unusable
from fleettui.ownership import NotOpened
from fleettui.places import Place, Where, named, named_folder

T = TypeVar("T")

LARGEST = 5_000_000
"""Bytes. No policy is longer; a file that is was put there by mistake."""

TOO_LARGE = f"is larger than {LARGEST:,} bytes"

TOP_FILES = (
    *(
        "alarms.json",
        "calls.json",
        "channels.json",
        "connections.json",
        "department.json",
        "details.json",
        "groups.json",
        "gtm.json",
        "holidays.json",
    ),
    *("hours.json", "labels.json", "levels.json", "macros.json", "messages.json", "oncall.json"),
    *("rituals.json", "roles.json", "sla.json", "tickets.json", "triage.json", "views.json"),
)
PLAYBOOKS, TEMPLATES = "playbooks", "templates"


class Mistake(Unusable):
    """Something is wrong in one of the handbook's files."""

    def __init__(self, file: str, field: str, what: str, line: int = 0, column: int = 0) -> None:
        self.file, self.what, self.line = file, what, line
        at = f"line {line}" + (f" column {column}" if column else "") if line else ""
        self.shown = f"{at}: {what}" if at else what
        """What is wrong, with its line but without the file."""
        place = f"handbook/{file}, {at}" if at else f"handbook/{file}"
        super().__init__(f"{place}: {field}: {what}" if field else f"{place}: {what}")
        self.field = field


def seed_files() -> Iterator[tuple[str, bytes]]:
    """Everything that a new workspace's `handbook/` begins with: the name within the folder, and the content."""
    for name in TOP_FILES:
        yield name, _shipped(name).read_bytes()
    for file in _listed(shipped.DATA / PLAYBOOKS, ".json"):
        yield f"{PLAYBOOKS}/{file.name}", file.read_bytes()
    for file in _listed(shipped.TEMPLATES, ".j2"):
        yield f"{TEMPLATES}/{file.name}", file.read_bytes()


def _shipped(name: str) -> Path:
    folder, _, file = name.rpartition("/")
    if name == TEMPLATES:
        return shipped.TEMPLATES
    if folder == TEMPLATES:
        return shipped.TEMPLATES / file
    return shipped.DATA / name


def _listed(folder: Path, ending: str) -> list[Path]:
    files = (entry for entry in folder.iterdir() if entry.name.endswith(ending))
    return sorted(files, key=lambda entry: entry.name)


def read(folder: Path | None, name: str) -> bytes:
    """The team's file. One that is not there, because it is newer than the workspace, is read as it was shipped."""
    own = read_own(folder, name) if folder is not None else None
    return own[0] if own else read_shipped(name)


def read_own(folder: Path, name: str) -> tuple[bytes, int] | None:
    """The team's file, and when it was changed, in nanoseconds; None where it is not there."""
    inside = name.rpartition("/")[0]
    try:
        if inside and _is_link(folder / inside):
            raise Mistake(inside, "", "is a symbolic link; put the folder itself there")
        return read_plain(folder / name, name)
    except FileNotFoundError:
        return None
    except NotOpened as error:
        raise Mistake(name, "", str(error)) from None


def _inside(folder: Path, inside: str) -> Place:
    top = named_folder(folder)
    return top / inside if inside else top


def _is_link(path: Path) -> bool:
    facts = named(path).facts()
    return facts is not None and stat.S_ISLNK(facts.st_mode)


def read_shipped(name: str) -> bytes:
    """The file as it came with fleettui."""
    try:
        return _shipped(name).read_bytes()
    except FileNotFoundError:
        raise Mistake(name, "", "is not there") from None


def read_plain(path: Where, name: str) -> tuple[bytes, int]:
    """A file's bytes, and when it was changed, if it is a plain file: a link could lead anywhere, a pipe would never end."""
    place = named(path)
    try:
        facts = place.facts()
        wrong = _not_to_be_read(facts) if facts else ""
        handle = -1 if wrong else place.open(os.O_RDONLY)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Mistake(name, "", (error.strerror or str(error)).lower()) from None
    except NotOpened as error:
        raise Mistake(name, "", str(error)) from None
    if wrong:
        raise Mistake(name, "", wrong)
    with os.fdopen(handle, "rb") as file:
        facts = os.fstat(handle)
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Mistake(name, "", TOO_LARGE)
    return content, facts.st_mtime_ns


def _not_to_be_read(facts: os.stat_result) -> str:
    """Why a file is not read; empty if it is."""
    if stat.S_ISLNK(facts.st_mode):
        return "is a symbolic link; put the file itself there"
    if stat.S_ISDIR(facts.st_mode):
        return "is a folder; put the file itself there"
    if not stat.S_ISREG(facts.st_mode):
        return "is not a plain file"
    return TOO_LARGE if facts.st_size > LARGEST else ""


def names_in(folder: Path, inside: str, ending: str) -> list[str]:
    """The files of a subfolder, in order of their names; as they were shipped if the team has no such subfolder."""
    try:
        entries = dict(_inside(folder, inside).entries())
    except FileNotFoundError:
        return [f"{inside}/{file.name}" for file in _listed(_shipped(inside), ending)]
    except NotOpened as error:
        if _is_link(folder / inside):
            raise Mistake(inside, "", "is a symbolic link; put the folder itself there") from None
        raise Mistake(inside, "", str(error)) from None
    return [
        f"{inside}/{name}" for name in sorted(entries) if name.endswith(ending) and not name.startswith(".")
    ]


def unexpected_files(folder: Path) -> list[str]:
    """Files that nothing reads; most likely the name is misspelt. Hidden files and an editor's `~` copies are left out."""
    expected = {"": set(TOP_FILES), PLAYBOOKS: None, TEMPLATES: None}
    endings = {"": ".json", PLAYBOOKS: ".json", TEMPLATES: ".j2"}
    unexpected: list[str] = []
    for inside, known in expected.items():
        try:
            entries = _inside(folder, inside).entries()
        except (OSError, NotOpened):
            entries = []  # named by whoever reads it
        names = sorted(name for name, facts in entries if stat.S_ISREG(facts.st_mode))
        shown = [name for name in names if not name.startswith(".") and not name.endswith("~")]
        unexpected += [
            f"{inside}/{name}".lstrip("/")
            for name in shown
            if not name.endswith(endings[inside]) or (known is not None and name not in known)
        ]
    return unexpected


Stamp = tuple[tuple[str, int, int, int], ...]


def stamp(folder: Path) -> Stamp:
    """Changes whenever a file is edited, added or removed. It costs a few stats."""
    rows: list[tuple[str, int, int, int]] = []
    for inside in ("", PLAYBOOKS, TEMPLATES):
        try:
            entries = _inside(folder, inside).entries()
            rows += [_entry_stamp(inside, name, facts) for name, facts in entries]
        except (OSError, NotOpened):
            rows.append((inside, 0, 0, 0))
    return tuple(sorted(rows))


def _entry_stamp(inside: str, name: str, facts: os.stat_result) -> tuple[str, int, int, int]:
    if stat.S_ISDIR(facts.st_mode):
        # Its entries have stamps of their own, and its time changes whenever an editor puts a swap file there.
        return f"{inside}/{name}", 0, 0, 0
    return f"{inside}/{name}", facts.st_mtime_ns, facts.st_size, facts.st_ino


def load(folder: Path | None, name: str, type_: type[T]) -> T:
    """The typed content of a file, after the type's own checks: names that lead nowhere, keys that stand twice."""
    return checked(read(folder, name), type_, name)


def checked(content: bytes, type_: type[T], name: str) -> T:
    """The typed content, after the type's own checks. Raises the first mistake."""
    value = decode(content, type_, name)
    for mistake in _own_mistakes(value, content, name):
        raise mistake
    return value


def decode(content: bytes, type_: type[T], name: str) -> T:
    """The typed content. A mistake is one line: the file, its line, the field, what belongs there and what is there."""
    try:
        return _typed(content, type_)
    except _UNDECODABLE as error:
        raise next(_undecodable(content, type_, name, str(error))) from None


def every_mistake(content: bytes, type_: type[Any], name: str) -> list[Mistake]:
    """All that is wrong in one file, by itself."""
    try:
        value = _typed(content, type_)
    except _UNDECODABLE as error:
        return list(_undecodable(content, type_, name, str(error)))
    return list(_own_mistakes(value, content, name))


_UNDECODABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, FleettuiError)
"""A type's own check of its fields (a weekday, a zone) raises a FleettuiError."""


def _typed(content: bytes, type_: type[T]) -> T:
    return msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=type_)


def _undecodable(content: bytes, type_: type[Any], name: str, otherwise: str) -> Iterator[Mistake]:
    """At least one. It is found a second time, slowly, to say it with its line and in words of ours."""
    from fleettui.policy import explaining, json_lines

    try:
        node = json_lines.read(content)
    except json_lines.BrokenJson as broken:
        known = broken.what.startswith(("the file", "this is"))
        what = broken.what if known else f"this is not JSON: {broken.what}"
        yield Mistake(name, "", what, broken.line, broken.column)
        return
    wrongs = explaining.wrongs(node, type_)
    for wrong in wrongs:
        yield Mistake(name, wrong.field, wrong.what, wrong.line)
    if not wrongs:
        yield Mistake(name, "", otherwise)


def _own_mistakes(value: object, content: bytes, name: str) -> Iterator[Mistake]:
    """What the type itself finds wrong in the whole of its file."""
    check: Callable[[], Iterator[tuple[str, str]]] | None = getattr(value, "mistakes", None)
    root = None
    for field, what in check() if check else ():
        from fleettui.policy import json_lines

        root = root or json_lines.read(content)
        yield Mistake(name, field, what, json_lines.line_of(root, field))


def keys_twice(content: bytes) -> list[tuple[str, str, int]]:
    """Keys that stand twice in one JSON object: readers drop the first without a word. The path, the key, the line."""
    from fleettui.policy import json_lines

    try:
        return list(json_lines.keys_twice(json_lines.read(content)))
    except json_lines.BrokenJson:
        return []  # named by whoever reads it


def line_in(content: bytes, field: str) -> int:
    """The line of a field; 0 where it has none."""
    from fleettui.policy import json_lines

    try:
        return json_lines.line_of(json_lines.read(content), field)
    except json_lines.BrokenJson:
        return 0
