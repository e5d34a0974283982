"""Files and folders that are opened step by step, from the descriptor of the folder above, and through no link.

Whoever may write in a shared folder can swap any name in it for a link, at any moment. So nothing in it is opened by its whole
path, and what is opened must belong to those whom the folder belongs to: a colleague's process never reads, makes, changes or
removes anything elsewhere. The way to the outermost folder may have links: it is the administrator's.
"""

from __future__ import annotations

import contextlib
import errno
import fnmatch
import os
import stat
import weakref
from pathlib import Path
from time import monotonic

from fleettui import ownership
from fleettui.ownership import NotOpened, Owners

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
_NOWHERE = 1_000_000
FRESH = 0.001
"""Seconds for which a folder that was just looked at is not looked at again: a change asks for the same few many times."""
_Identity = tuple[int, int, int, int, int]


def _fitting(names: list[str], pattern: str) -> list[str]:
    """As fnmatch has it, which makes a regular expression of each pattern: nearly all have one star, or fit nothing."""
    before, star, after = pattern.partition("*")
    literal = before.partition("?")[0].partition("[")[0]
    begun = [name for name in names if name.startswith(literal)]
    if star and literal == before and not any(sign in after for sign in "*?["):
        return [name for name in begun if name.endswith(after) and len(name) >= len(before) + len(after)]
    return [name for name in begun if fnmatch.fnmatchcase(name, pattern)]


class Held:
    """An open folder. Another thread may use it while it is replaced, so it is closed with its last user."""

    __slots__ = ("identity", "looked", "number")

    def __init__(self, number: int, identity: _Identity) -> None:
        self.number, self.identity, self.looked = number, identity, monotonic()

    def __del__(self) -> None:
        with contextlib.suppress(OSError, AttributeError):  # interrupted while it was made
            os.close(self.number)


def _identity(facts: os.stat_result) -> _Identity:
    return facts.st_dev, facts.st_ino, facts.st_mode, facts.st_uid, facts.st_gid


class _Tree:
    """The outermost folder and those in it that were opened. Each use looks whether the name is still that folder's: after a
    restore or a move, a session goes on in the folder that is there now."""

    def __init__(self, path: Path, owners: Owners) -> None:
        self.path, self.owners = path, owners
        self._path = str(path)
        self._top: Held | None = None
        self._folders: dict[tuple[tuple[str, ...], bool], Held] = {}
        self._facts: os.stat_result | None = None

    def top(self) -> Held:
        held, now = self._top, monotonic()
        if held is not None and now - held.looked < FRESH:
            return held
        if held is None or held.identity != _identity(os.stat(self._path)):
            number = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            self._facts = os.fstat(number)
            held = Held(number, _identity(self._facts))
            self.refuse_strangers(self._facts, (), is_mine=False)
            self._top, self._folders = held, {}
        held.looked = now
        return held

    def folder(self, parts: tuple[str, ...], mine_from: int) -> Held:
        depth = len(parts)
        if not depth:
            return self.top()
        key, now = (parts, depth >= mine_from), monotonic()
        held = self._folders.get(key)
        if held is not None and now - held.looked < FRESH:
            return held
        above = self.folder(parts[:-1], mine_from) if depth > 1 else self.top()
        identity = _identity(os.stat(parts[-1], dir_fd=above.number, follow_symlinks=False))
        held = self._folders.get(key)
        if held is None or held.identity != identity:
            held = self._folders[key] = self._open(above, parts, key[1])
        held.looked = now
        return held

    def _open(self, above: Held, parts: tuple[str, ...], is_mine: bool) -> Held:
        try:
            number = os.open(parts[-1], _FOLDER, dir_fd=above.number)
        except OSError as error:
            if error.errno in (errno.ENOTDIR, errno.ELOOP):
                raise self.no_folder(above, parts) from None
            raise
        facts = os.fstat(number)
        held = Held(number, _identity(facts))
        self.refuse_strangers(facts, parts, is_mine)
        return held

    def forget(self, parts: tuple[str, ...]) -> None:
        """A folder was made anew: neither an earlier one nor what was in it is to be taken for it."""
        kept = [row for row in list(self._folders.items()) if row[0][0][: len(parts)] != parts]
        self._folders = dict(kept)

    def no_folder(self, above: Held, parts: tuple[str, ...]) -> NotOpened:
        """What stands where a folder should."""
        try:
            facts = os.stat(parts[-1], dir_fd=above.number, follow_symlinks=False)
        except OSError:
            facts = None
        return ownership.not_a_folder(self.path.joinpath(*parts), facts)

    @property
    def group(self) -> int | None:
        """Whom all files belong to; None where they belong to one account."""
        return ownership.shared_group(self._facts) if self.owners == "workspace" and self._facts else None

    def refuse_strangers(self, facts: os.stat_result, parts: tuple[str, ...], is_mine: bool) -> None:
        if self.owners == "anybody" or self._facts is None:
            return
        if stat.S_ISDIR(facts.st_mode):
            ownership.refuse_open_to_all(facts, self.path.joinpath(*parts))
        if is_mine or self.owners == "me":
            if not ownership.is_mine(facts):
                raise ownership.not_mine(facts, self.path.joinpath(*parts))
        elif not ownership.is_of_workspace(facts, self._facts):
            raise ownership.not_of_workspace(facts, self._facts, self.path.joinpath(*parts))


class Place:
    """A name in a tree, whether there is something or not. It is no path on purpose: what takes paths follows links."""

    __slots__ = ("_mine_from", "_tree", "parts")

    def __init__(self, tree: _Tree, parts: tuple[str, ...] = (), mine_from: int = _NOWHERE) -> None:
        """`mine_from`: how many parts down it must be this account's own."""
        self._tree, self.parts, self._mine_from = tree, parts, mine_from

    # -- names

    @property
    def path(self) -> Path:
        return self._tree.path.joinpath(*self.parts)

    @property
    def name(self) -> str:
        return self.parts[-1] if self.parts else self._tree.path.name

    @property
    def stem(self) -> str:
        return Path(self.name).stem

    @property
    def _is_mine(self) -> bool:
        return len(self.parts) >= self._mine_from

    @property
    def parent(self) -> Place:
        return Place(self._tree, self.parts[:-1], self._mine_from)

    def __truediv__(self, name: str) -> Place:
        parts = tuple(name.split("/"))
        if not all(parts) or {".", ".."} & set(parts) or "\0" in name:
            raise NotOpened(f"{self.path}: {name!r} is no name of a file in it.")
        return Place(self._tree, self.parts + parts, self._mine_from)

    def with_name(self, name: str) -> Place:
        return self.parent / name

    def of_mine(self, name: str) -> Place:
        """Something in it that is this account's own: with everything in it, it must belong to me."""
        return Place(self._tree, (self / name).parts, len(self.parts) + 1)

    def __str__(self) -> str:
        return str(self.path)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Place) and self._tree is other._tree and self.parts == other.parts

    def __hash__(self) -> int:
        return hash((id(self._tree), self.parts))

    def __lt__(self, other: Place) -> bool:
        return self.parts < other.parts

    # -- looking

    def held(self) -> Held:
        """This folder, open. Its number is good as long as the result is kept."""
        return self._tree.folder(self.parts, self._mine_from)

    def above(self) -> Held:
        return self._tree.folder(self.parts[:-1], self._mine_from)

    def facts(self) -> os.stat_result | None:
        """What the system knows of the name, of a link itself; None where there is nothing."""
        try:
            return self.stat()
        except FileNotFoundError:
            return None

    def stat(self) -> os.stat_result:
        if not self.parts:
            return os.fstat(self.held().number)
        above = self.above()
        return os.stat(self.parts[-1], dir_fd=above.number, follow_symlinks=False)

    def exists(self) -> bool:
        return self.facts() is not None

    def lacks(self, name: str) -> bool:
        """Whether there is nothing of that name in this folder: as `not exists`, for what is asked in every change."""
        try:
            os.stat(name, dir_fd=self.held().number, follow_symlinks=False)
        except FileNotFoundError:
            return True
        return False

    def is_folder(self) -> bool:
        facts = self.facts()
        return facts is not None and stat.S_ISDIR(facts.st_mode)

    def entries(self) -> list[tuple[str, os.stat_result]]:
        """What is in the folder, each with what the system knows of it. What goes meanwhile is left out."""
        held, listed = self.held(), []
        # A descriptor of its own: two threads that list one would each get a part.
        number = os.open(".", _FOLDER, dir_fd=held.number)
        try:
            with os.scandir(number) as entries:
                for entry in entries:
                    try:
                        listed.append((entry.name, entry.stat(follow_symlinks=False)))
                    except FileNotFoundError:
                        continue
        finally:
            os.close(number)
        return listed

    def names(self) -> list[str]:
        held = self.held()
        number = os.open(".", _FOLDER, dir_fd=held.number)
        try:
            return sorted(os.listdir(number))
        finally:
            os.close(number)

    def glob(self, pattern: str) -> list[Place]:
        """The names in the folder that fit, in order; none where there is no folder or it may not be read."""
        try:
            names = self.names()
        except (FileNotFoundError, PermissionError):
            return []
        return [Place(self._tree, (*self.parts, name), self._mine_from) for name in _fitting(names, pattern)]

    # -- opening and changing

    def open(self, flags: int, mode: int = 0) -> int:
        """A descriptor of a regular file that is ours."""
        above = self.above()
        try:
            number = os.open(self.parts[-1], flags | _FILE, mode, dir_fd=above.number)
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise ownership.not_a_file(self.path, is_link=True) from None
            raise
        try:
            facts = os.fstat(number)
            if not stat.S_ISREG(facts.st_mode):
                raise ownership.not_a_file(self.path, is_link=False)
            if flags & os.O_CREAT:
                self.belongs_here(number, facts)
                facts = os.fstat(number)
            self._tree.refuse_strangers(facts, self.parts, self._is_mine)
        except BaseException:
            os.close(number)
            raise
        return number

    def belongs_here(self, number: int, facts: os.stat_result) -> None:
        """Give something new to the workspace's group, should the folder have lost its setgid bit."""
        group = self._tree.group
        if group is None or self._is_mine or facts.st_gid == group or facts.st_uid != os.geteuid():
            return
        try:
            os.fchown(number, -1, group)
        except PermissionError:  # not in that group: named by whoever opens it
            return

    def make_folder(self, mode: int) -> bool:
        """Whether it was missing and is made now. Something else of that name is refused."""
        if not self.parts:
            self.held()
            return False
        above = self.above()
        try:
            os.mkdir(self.parts[-1], 0o700, dir_fd=above.number)
        except FileExistsError:
            self.held()
            return False
        self._tree.forget(self.parts)
        try:
            number = os.open(self.parts[-1], _FOLDER, dir_fd=above.number)
        except OSError:
            raise self._tree.no_folder(above, self.parts) from None
        try:
            self.belongs_here(number, os.fstat(number))
            os.fchmod(number, mode)
        finally:
            os.close(number)
        return True

    def unlink(self) -> None:
        above = self.above()
        os.unlink(self.parts[-1], dir_fd=above.number)

    def rename(self, to: Place) -> None:
        mine, other = self.above(), to.above()
        os.rename(self.parts[-1], to.parts[-1], src_dir_fd=mine.number, dst_dir_fd=other.number)

    def link_to(self, second: Place) -> None:
        mine, other = self.above(), second.above()
        os.link(
            self.parts[-1],
            second.parts[-1],
            src_dir_fd=mine.number,
            dst_dir_fd=other.number,
            follow_symlinks=False,
        )

    def sync(self) -> None:
        """Make the names in this folder as durable as the files behind them."""
        held = self.held()
        os.fsync(held.number)


Where = Path | Place
"""A path in a workspace that is open in this process is a place in it; any other is of a file that a person named, and links on
the way to it are theirs."""

_workspaces: tuple[tuple[str, weakref.ref[_Tree]], ...] = ()


def in_workspace(home: Where) -> Place:
    """The folder of a workspace, from which everything in it is opened as long as somebody has the result."""
    if isinstance(home, Place):
        return home
    global _workspaces
    name, living = str(home), [(known, ref) for known, ref in _workspaces if ref() is not None]
    for known, ref in living:
        tree = ref()
        if known == name and tree is not None:
            return Place(tree)
    tree = _Tree(home, "workspace")
    # The longest first: a workspace may be in the folder of another one.
    _workspaces = tuple(sorted([*living, (name, weakref.ref(tree))], key=lambda row: -len(row[0])))
    return Place(tree)


def of_mine(folder: Where) -> Place:
    """A folder of this account alone, such as that for its state."""
    return folder if isinstance(folder, Place) else Place(_Tree(folder, "me"))


def named(path: Where) -> Place:
    """A place in an open workspace, or else a file that a person named, whoever it belongs to. It is no link itself."""
    if isinstance(path, Place):
        return path
    place = _in_open_workspace(str(path))
    if place is not None:
        return place
    path = path.absolute()
    return Place(_Tree(path.parent, "anybody"), (path.name,))


def named_folder(path: Where) -> Place:
    """As `named`; a folder that a person named may be a link."""
    if isinstance(path, Place):
        return path
    return _in_open_workspace(str(path)) or Place(_Tree(path, "anybody"))


def _in_open_workspace(name: str) -> Place | None:
    for home, ref in _workspaces:
        if name.startswith(home):
            tree, inside = ref(), name[len(home) :]
            if tree is None or (inside and inside[0] != "/"):
                continue
            return Place(tree) / inside[1:] if inside else Place(tree)
    return None
