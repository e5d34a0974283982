"""Many files of a workspace replaced at once: all of them or none, also when the process is killed.

    restore/new/...      the new files, complete and on disk
    restore/plan.json    which of them go where, and what goes away: with this name the change is decided

What follows are renames that anybody can finish: whoever opens the workspace or writes to it next does (`finish`). Without
a plan the folder is the rest of a change that never was.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

import msgspec

from fleettui.database_addresses import moved_away
from fleettui.documents import UNREADABLE
from fleettui.errors import Unusable
from fleettui.store import files, locks

FOLDER = "restore"
NEW = "new"
PLAN = "plan.json"
FOLDERS = ("archive", "backups", "handbook", "journal")
"""Besides these only JSON files of the workspace's folder itself are replaced."""

_NAME = re.compile(r"[a-z][a-z_-]{0,40}")


class Interrupted(Unusable):
    """A restore was cut short and is not finished yet."""


class MovedAway(Unusable):
    """The workspace is somewhere else now."""

    def __init__(self, home: Path, address: str) -> None:
        super().__init__(moved_away(str(home), address))


class _Left(msgspec.Struct, frozen=True):
    """In the place of a plan. What a fleettui of before makes of it is a plan that cannot be read: it stops, too."""

    moved_to: str


class Plan(msgspec.Struct, frozen=True):
    """`put` and `remove` are names of files, relative to the workspace's folder."""

    collections: list[str]
    put: list[str]
    remove: list[str]


def plan_path(home: Path) -> Path:
    return home / FOLDER / PLAN


def is_pending(home: Path) -> bool:
    """Whether a change is decided and not carried out yet."""
    return files.facts_of(plan_path(home)) is not None


def is_replaceable(name: str) -> bool:
    """A plan may come from anybody who can write in the workspace: it leads nowhere else."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\0" in name:
        return False
    if len(parts) == 1:
        return name.endswith(".json")
    return parts[0] in FOLDERS


# -- under the locks of all its collections


def replace_all(
    home: Path,
    modes: files.Modes,
    collections: Iterable[str],
    put: Mapping[str, bytes],
    remove: Iterable[str],
    aside: Path,
) -> None:
    """Decided when this returns; what is replaced or goes away is in the folder `aside` before."""
    plan = Plan(sorted(collections), list(put), sorted(remove))
    folder = home / FOLDER
    with files.os_errors_about(folder):
        drop(home)
        try:
            for name, content in put.items():
                _make_way(home, folder / NEW / name, modes)
                files.write_atomic(folder / NEW / name, content, modes.file)
            for name in (*plan.put, *plan.remove):
                _keep_aside(home / name, aside / name, home, modes)
            files.write_atomic(plan_path(home), msgspec.json.encode(plan), modes.file)
        except BaseException:
            # The plan's name may be there already, when only the last fsync failed.
            with contextlib.suppress(OSError):
                drop(home)
            if not is_pending(home):
                raise


def _make_way(home: Path, path: Path, modes: files.Modes) -> None:
    """The folders from the workspace's own down to a file."""
    for parent in reversed(path.relative_to(home).parents):
        files.make_folder(home / parent, modes)


def _keep_aside(path: Path, kept: Path, home: Path, modes: files.Modes) -> None:
    """A second name for the same bytes; a copy on a filesystem that has none, or of a file of somebody else."""
    if files.facts_of(path) is None:
        return
    _make_way(home, kept, modes)
    try:
        files.second_name(path, kept)
    except FileExistsError:
        return
    except OSError:
        files.write_atomic(kept, files.read_file(path), modes.file)
    files.sync_folder(kept.parent)


def carry_out(home: Path, modes: files.Modes) -> None:
    """What the plan says and is not done yet. May be repeated."""
    path = plan_path(home)
    with files.os_errors_about(path):
        plan = _read(path)
        for name in plan.put:
            _put_in_place(home, name, modes)
        for name in plan.remove:
            files.remove(home / name, missing_ok=True)
        for folder in {home, *((home / name).parent for name in (*plan.put, *plan.remove))}:
            with contextlib.suppress(FileNotFoundError):
                files.sync_folder(folder)
        files.remove(path, missing_ok=True)
        files.sync_folder(path.parent)
    with contextlib.suppress(OSError):
        drop(home)


def leave(home: Path, address: str, modes: files.Modes) -> None:
    """For whoever has all locks: nobody reads or writes here from now on, and everybody is told where it is."""
    path = plan_path(home)
    with files.os_errors_about(path):
        files.make_folder(path.parent, modes)
        files.write_atomic(path, msgspec.json.encode(_Left(address)), modes.file)


def _read(path: Path) -> Plan:
    content = files.read_file(path)
    with contextlib.suppress(*UNREADABLE):
        raise MovedAway(path.parent.parent, msgspec.json.decode(content, type=_Left).moved_to)
    try:
        plan = msgspec.json.decode(content, type=Plan)
    except UNREADABLE:
        raise Unusable(
            f"{path}: cannot be read; a restore was cut short there. Look at {path.parent / NEW}, then remove the plan."
        ) from None
    wrong = [name for name in (*plan.put, *plan.remove) if not is_replaceable(name)]
    if wrong or not all(_NAME.fullmatch(name) for name in plan.collections):
        raise Unusable(f"{path}: is no plan of a restore. Remove it, and ask who wrote it.")
    return plan


def _put_in_place(home: Path, name: str, modes: files.Modes) -> None:
    _make_way(home, home / name, modes)
    with contextlib.suppress(FileNotFoundError):
        files.move(home / FOLDER / NEW / name, home / name)


def drop(home: Path) -> None:
    """The rest of a change that never was, or is done. The plan goes first."""
    folder = home / FOLDER
    if files.facts_of(folder) is None:
        return
    files.remove(plan_path(home), missing_ok=True)
    shutil.rmtree(folder)  # follows no link


# -- by whoever comes next


def settle(home: Path, modes: files.Modes, held: Iterable[str]) -> None:
    """For whoever has the locks `held`: finishes what is decided, and clears away what is not."""
    if not is_pending(home):
        return
    missing = set(_read(plan_path(home)).collections) - set(held)
    if missing:
        raise Interrupted(f"{home}: a restore was cut short just now. Try again: that finishes it.")
    carry_out(home, modes)


def finish(home: Path, user: str, modes: files.Modes, patience: float) -> None:
    """Carry out what is decided, once its restorer is dead; wait for a living one."""
    while is_pending(home):
        try:
            names = _read(plan_path(home)).collections
        except FileNotFoundError:
            return  # a living restorer has just finished
        with all_locked(home, names, user, modes, patience):
            settle(home, modes, names)


@contextlib.contextmanager
def all_locked(
    home: Path, collections: Iterable[str], user: str, modes: files.Modes, patience: float
) -> Iterator[None]:
    """Nobody else writes to these in this block. The locks are always taken in the same order: two of these cannot block each
    other."""
    with contextlib.ExitStack() as stack:
        for name in sorted(collections):
            path = locks.path_of(home, name)
            with files.os_errors_about(path):
                stack.enter_context(locks.exclusive(path, user, modes.file, patience))
        yield
