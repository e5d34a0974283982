"""Reading the handbook's files: from the team's folder, or else as they were shipped. Mistakes are named by file and field."""

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

TOP = (
    "calls.json",
    "channels.json",
    "details.json",
    "groups.json",
    "gtm.json",
    "holidays.json",
    "hours.json",
    "labels.json",
    "levels.json",
    "messages.json",
    "oncall.json",
    "rituals.json",
    "roles.json",
    "sla.json",
    "tickets.json",
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
    for name in TOP:
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
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise Mistake(name, "", "is not a plain file")
        if found.st_size > LARGEST:
            raise Mistake(name, "", f"is larger than {LARGEST:,} bytes")
        return file.read()


def _in_words(error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return "is a symbolic link; put the file itself there"
    return (error.strerror or str(error)).lower()


def names_in(folder: Path, inside: str, ending: str) -> list[str]:
    """The files of a subfolder, in order of their names; as they were shipped if the team has no such subfolder."""
    here = folder / inside
    if here.is_symlink():
        raise Mistake(inside, "", "is a symbolic link; put the folder itself there")
    if not here.is_dir():
        return [f"{inside}/{file.name}" for file in _listed(_shipped(inside), ending)]
    names = sorted(entry.name for entry in here.iterdir())
    return [f"{inside}/{name}" for name in names if name.endswith(ending) and not name.startswith(".")]


def strangers(folder: Path) -> list[str]:
    """Files that look like ours and are read by nothing: most likely a slip in the name."""
    expected = {"": set(TOP), PLAYBOOKS: None, TEMPLATES: None}
    endings = {"": ".json", PLAYBOOKS: ".json", TEMPLATES: ".j2"}
    found: list[str] = []
    for inside, known in expected.items():
        here = folder / inside
        names = sorted(entry.name for entry in here.iterdir() if entry.is_file()) if here.is_dir() else []
        shown = [name for name in names if not name.startswith(".") and not name.endswith("~")]
        found += [
            f"{inside}/{name}".lstrip("/")
            for name in shown
            if not name.endswith(endings[inside]) or (known is not None and name not in known)
        ]
    return found


Stamp = tuple[tuple[str, int, int, int], ...]


def stamp(folder: Path) -> Stamp:
    """What tells that a file was edited, added or taken away, for the price of a few stats."""
    found: list[tuple[str, int, int, int]] = []
    for inside in ("", PLAYBOOKS, TEMPLATES):
        try:
            with os.scandir(folder / inside) as entries:
                found += [_facts(inside, entry) for entry in entries]
        except OSError:
            found.append((inside, 0, 0, 0))
    return tuple(sorted(found))


def _facts(inside: str, entry: os.DirEntry[str]) -> tuple[str, int, int, int]:
    try:
        known = entry.stat(follow_symlinks=False)
    except OSError:  # gone between the listing and the look
        return f"{inside}/{entry.name}", 0, 0, 0
    if stat.S_ISDIR(known.st_mode):
        # Its own entries tell more, and its time changes when an editor puts a swap file there.
        return f"{inside}/{entry.name}", 0, 0, 0
    return f"{inside}/{entry.name}", known.st_mtime_ns, known.st_size, known.st_ino


def load(folder: Path | None, name: str, kind: type[T]) -> T:
    """The typed content of a file, with what its type cannot show looked at too: names that lead nowhere, double keys."""
    value = decode(read(folder, name), kind, name)
    look: Callable[[], Iterator[tuple[str, str]]] | None = getattr(value, "mistakes", None)
    for field, what in look() if look else ():
        raise Mistake(name, field, what)
    return value


def decode(content: bytes, kind: type[T], name: str) -> T:
    """The typed content. What is wrong is said in one line: the file, the field, what was expected and what is there."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        raise Mistake(name, *_field_and_what(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _slip(name, content, error) from None
    except RecursionError:
        raise Mistake(name, "", "is nested too deeply") from None
    except FleettuiError as error:
        # A type's own check of its fields (a weekday, a zone): it names the field within its row, not the row.
        raise Mistake(name, _row(content), str(error)) from None


def _field_and_what(message: str) -> tuple[str, str]:
    """ "Expected `int`, got `str` - at `$.a[0].b`" becomes "a[0].b" and "expected int, found str"."""
    what, found, path = message.rpartition(" - at `$")
    if not found:
        what, path = message, ""
    words = what.replace("`", "").replace(", got ", ", found ").replace("Object contains unknown", "unknown")
    words = words.replace("Object missing required field", "there is no").replace("null", "nothing")
    return path.rstrip("`").lstrip("."), words[:1].lower() + words[1:]


def _slip(name: str, content: bytes, error: Exception) -> Mistake:
    """Where and how the JSON stops making sense. Python's own reader tells more; it is asked only after a slip."""
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


def _row(content: bytes) -> str:
    """Which row a type's own check has refused, where the rows can be tried one by one."""
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


def twice_in(content: bytes) -> list[str]:
    """Names that stand twice in one JSON object: the first one is lost without a word."""
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
