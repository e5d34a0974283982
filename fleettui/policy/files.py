"""Reads the files of the handbook: from the team's folder, else the shipped ones. Mistakes are named by file and field."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

import msgspec

from fleettui.errors import FleettuiError, Unusable

T = TypeVar("T")

LARGEST = 5_000_000
"""Bytes. No policy is longer; a file that is was put there by mistake."""

TOP_FILES = (
    *(
        "calls.json",
        "channels.json",
        "department.json",
        "details.json",
        "groups.json",
        "gtm.json",
        "holidays.json",
    ),
    *("hours.json", "labels.json", "levels.json", "messages.json", "oncall.json", "rituals.json"),
    *("roles.json", "sla.json", "tickets.json", "triage.json"),
)
PLAYBOOKS, TEMPLATES = "playbooks", "templates"


class Mistake(Unusable):
    """Something is wrong in one of the handbook's files."""

    def __init__(self, file: str, field: str, what: str, line: str = "") -> None:
        self.file, self.what = file, what
        self.shown = f"{line.lstrip(', ')}: {what}" if line else what
        """What is wrong, with its line but without the file."""
        place = f"handbook/{file}{line}"
        super().__init__(f"{place}: {field}: {what}" if field else f"{place}: {what}")
        self.field = field


def seed_files() -> Iterator[tuple[str, bytes]]:
    """Everything that a new workspace's `handbook/` begins with: the name within the folder, and the content."""
    for name in TOP_FILES:
        yield name, _shipped(name).read_bytes()
    for file in _listed(_data() / PLAYBOOKS, ".json"):
        yield f"{PLAYBOOKS}/{file.name}", file.read_bytes()
    for file in _listed(resources.files("fleettui.templates"), ".j2"):
        yield f"{TEMPLATES}/{file.name}", file.read_bytes()


def _data() -> Traversable:
    return resources.files("fleettui.data")


def _shipped(name: str) -> Traversable:
    folder, _, file = name.rpartition("/")
    if name == TEMPLATES:
        return resources.files("fleettui.templates")
    if folder == TEMPLATES:
        return resources.files("fleettui.templates") / file
    return _data() / name


def _listed(folder: Traversable, ending: str) -> list[Traversable]:
    files = (entry for entry in folder.iterdir() if entry.name.endswith(ending))
    return sorted(files, key=lambda entry: entry.name)


def read(folder: Path | None, name: str) -> bytes:
    """The team's file. One that is not there, because it is newer than the workspace, is read as it was shipped."""
    if folder is not None:
        inside = name.rpartition("/")[0]
        if inside and (folder / inside).is_symlink():
            raise Mistake(inside, "", "is a symbolic link; put the folder itself there")
        try:
            return read_plain(folder / name, name)
        except FileNotFoundError:
            pass
    try:
        return _shipped(name).read_bytes()
    except FileNotFoundError:
        raise Mistake(name, "", "is not there") from None


def read_plain(path: Path, name: str) -> bytes:
    """A file's bytes, if it is a plain file: a link could lead anywhere, a pipe would never end."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Mistake(name, "", _in_words(error)) from None
    with os.fdopen(handle, "rb") as file:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            raise Mistake(name, "", "is not a plain file")
        if facts.st_size > LARGEST:
            raise Mistake(name, "", f"is larger than {LARGEST:,} bytes")
        return file.read()


def _in_words(error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return "is a symbolic link; put the file itself there"
    return (error.strerror or str(error)).lower()


def names_in(folder: Path, inside: str, ending: str) -> list[str]:
    """The files of a subfolder, in order of their names; as they were shipped if the team has no such subfolder."""
    subfolder = folder / inside
    if subfolder.is_symlink():
        raise Mistake(inside, "", "is a symbolic link; put the folder itself there")
    if not subfolder.is_dir():
        return [f"{inside}/{file.name}" for file in _listed(_shipped(inside), ending)]
    names = sorted(entry.name for entry in subfolder.iterdir())
    return [f"{inside}/{name}" for name in names if name.endswith(ending) and not name.startswith(".")]


def unexpected_files(folder: Path) -> list[str]:
    """Files that nothing reads; most likely the name is misspelt. Hidden files and an editor's `~` copies are left out."""
    expected = {"": set(TOP_FILES), PLAYBOOKS: None, TEMPLATES: None}
    endings = {"": ".json", PLAYBOOKS: ".json", TEMPLATES: ".j2"}
    unexpected: list[str] = []
    for inside, known in expected.items():
        subfolder = folder / inside
        names = (
            sorted(entry.name for entry in subfolder.iterdir() if entry.is_file())
            if subfolder.is_dir()
            else []
        )
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
            with os.scandir(folder / inside) as entries:
                rows += [_entry_stamp(inside, entry) for entry in entries]
        except OSError:
            rows.append((inside, 0, 0, 0))
    return tuple(sorted(rows))


def _entry_stamp(inside: str, entry: os.DirEntry[str]) -> tuple[str, int, int, int]:
    try:
        facts = entry.stat(follow_symlinks=False)
    except OSError:  # removed since the folder was listed
        return f"{inside}/{entry.name}", 0, 0, 0
    if stat.S_ISDIR(facts.st_mode):
        # Its entries have stamps of their own, and its time changes whenever an editor puts a swap file there.
        return f"{inside}/{entry.name}", 0, 0, 0
    return f"{inside}/{entry.name}", facts.st_mtime_ns, facts.st_size, facts.st_ino


def load(folder: Path | None, name: str, type_: type[T]) -> T:
    """The typed content of a file, after the type's own checks: names that lead nowhere, keys that stand twice."""
    value = decode(read(folder, name), type_, name)
    check: Callable[[], Iterator[tuple[str, str]]] | None = getattr(value, "mistakes", None)
    for field, what in check() if check else ():
        raise Mistake(name, field, what)
    return value


def decode(content: bytes, type_: type[T], name: str) -> T:
    """The typed content. A mistake is one line: the file, the field, what was expected and what is there."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return msgspec.json.decode(content, type=type_)
    except msgspec.ValidationError as error:
        raise Mistake(name, *_field_and_what(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _not_json(name, content, error) from None
    except RecursionError:
        raise Mistake(name, "", "is nested too deeply") from None
    except FleettuiError as error:
        # A type's own check of its fields (a weekday, a zone): it names the field within its row, not the row.
        raise Mistake(name, _refused_row(content), str(error)) from None


def _field_and_what(message: str) -> tuple[str, str]:
    """ "Expected `int`, got `str` - at `$.a[0].b`" becomes "a[0].b" and "expected int, found str"."""
    what, separator, path = message.rpartition(" - at `$")
    if not separator:
        what, path = message, ""
    words = what.replace("`", "").replace(", got ", ", found ").replace("Object contains unknown", "unknown")
    words = words.replace("Object missing required field", "there is no").replace("null", "nothing")
    return path.rstrip("`").lstrip("."), words[:1].lower() + words[1:]


def _not_json(name: str, content: bytes, error: Exception) -> Mistake:
    """Where the JSON is broken. Python's own reader says it best; it is slower, so it is used only after a mistake."""
    try:
        text = content.decode()
    except UnicodeDecodeError as undecodable:
        before = content[: undecodable.start]
        return Mistake(name, "", "this is not UTF-8 text", f", line {before.count(10) + 1}")
    import json

    try:
        json.loads(text)
    except json.JSONDecodeError as exact:
        what = exact.msg[:1].lower() + exact.msg[1:]
        return Mistake(name, "", f"this is not JSON: {what}", f", line {exact.lineno} column {exact.colno}")
    return Mistake(name, "", f"this is not JSON: {error}", ", line 1")


def _refused_row(content: bytes) -> str:
    """The row that a type's own check has refused: rows can be tried one by one."""
    raw = msgspec.json.decode(content)
    rows = raw.get("rituals") if isinstance(raw, dict) else None
    if not isinstance(rows, list):
        return ""
    from fleettui.domain.rituals.recurrence import Rhythm

    for number, row in enumerate(rows):
        try:
            msgspec.convert(row.get("rhythm") if isinstance(row, dict) else None, Rhythm)
        except FleettuiError:
            return f"rituals[{number}].rhythm"
        except msgspec.ValidationError:
            continue
    return ""


def duplicate_keys(content: bytes) -> list[str]:
    """Keys that stand twice in one JSON object: JSON readers drop the first without a warning."""
    import json

    lost: list[str] = []

    def keep(pairs: list[tuple[str, object]]) -> dict[str, object]:
        kept: dict[str, object] = {}
        for key, value in pairs:
            if key in kept:
                lost.append(key)
            kept[key] = value
        return kept

    json.loads(content, object_pairs_hook=keep)
    return lost
