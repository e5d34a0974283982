"""A machine, or an image of one in a folder: what it is like, and carrying out the steps of a plan."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from fleettui.cli.commands.admin.plan import (
    CONFIG,
    UNITS,
    Enrol,
    Link,
    Make,
    NewHome,
    Place,
    Run,
    Step,
    Write,
)
from fleettui.errors import Unusable
from fleettui.store import files

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CURRENT = Path("/opt/fleettui/bin")
AT_MOST = 300
"""Seconds for one command of the system."""


class Machine:
    """`root` is / or the folder of an image, in which only files are written: nothing of it can be run from here."""

    def __init__(self, root: Path) -> None:
        self.root, self.is_image = root, root != Path("/")
        self.is_root = os.geteuid() == 0
        if self.is_image and not root.is_dir():
            raise Unusable(f"{root}: there is no such folder.")

    # -- what it is like

    def at(self, path: Path) -> Path:
        return self.root / path.relative_to("/")

    @property
    def program(self) -> Path:
        """The folder of this installation's commands; by way of the link that changes with each version, where there is one."""
        folder = Path(sys.executable).parent
        return CURRENT if CURRENT.is_dir() and CURRENT.resolve() == folder.resolve() else folder

    def configured_home(self) -> Path | None:
        """As the machine's configuration names it."""
        import tomllib

        try:
            named = tomllib.loads(self.text(CONFIG) or "").get("home")
        except tomllib.TOMLDecodeError as error:
            raise Unusable(f"{CONFIG}: {error}. Mend it first.") from None
        return Path(named) if isinstance(named, str) and named.startswith("/") else None

    def text(self, path: Path) -> str | None:
        try:
            return files.read_file(self.at(path)).decode("utf-8", "replace")
        except FileNotFoundError:
            return None

    def place(self, path: Path) -> Place | None:
        facts = files.facts_of(self.at(path))
        if facts is None:
            return None
        if not stat.S_ISDIR(facts.st_mode):
            raise Unusable(f"{path}: is not a folder. Move it away, then try again.")
        owner = _name_of(facts.st_uid, self._accounts)
        return Place(stat.S_IMODE(facts.st_mode), owner, _name_of(facts.st_gid, self._groups))

    def names_in(self, folder: Path) -> frozenset[str]:
        try:
            return frozenset(path.name for path in self.at(folder).iterdir())
        except FileNotFoundError:
            return frozenset()

    def leads_to(self, path: Path, target: Path) -> bool:
        """Also by way of another link, as `/opt/fleettui` is one that changes with each version."""
        place = self.at(path)
        if not place.is_symlink():
            return False
        return place.readlink() == target or (not self.is_image and place.resolve() == target.resolve())

    @property
    def _accounts(self) -> Mapping[str, tuple[int, int]]:
        rows = self._rows("/etc/passwd")
        return {row[0]: (int(row[2]), int(row[3])) for row in rows if len(row) > 3 and row[2].isdecimal()}

    @property
    def _groups(self) -> Mapping[str, tuple[int, tuple[str, ...]]]:
        rows = self._rows("/etc/group")
        return {row[0]: (int(row[2]), tuple(row[3].split(","))) for row in rows if len(row) > 3}

    def _rows(self, path: str) -> list[list[str]]:
        return [line.split(":") for line in (self.text(Path(path)) or "").splitlines()]

    def has_group(self, group: str) -> bool:
        return group in self._groups

    def has_account(self, login: str) -> bool:
        return login in self._accounts

    def id_of(self, login: str) -> tuple[int, int]:
        """Of the account, and of its first group."""
        return self._accounts[login]

    def groups_of(self, login: str) -> frozenset[str]:
        groups, account = self._groups, self._accounts.get(login)
        first = {name for name, (number, _) in groups.items() if account and number == account[1]}
        return frozenset(first | {name for name, (_, members) in groups.items() if login in members})

    def first_group_of(self, login: str) -> str:
        account = self._accounts.get(login)
        return _name_of(account[1], self._groups) if account else ""

    def is_workspace(self, home: Path) -> bool:
        return self.text(home / "workspace.json") is not None

    def roster(self, home: Path) -> frozenset[str]:
        from fleettui.workspace.workspace import Workspace

        workspace = Workspace.open(self.at(home))
        try:
            return frozenset(person.login for person in workspace.people.all())
        finally:
            workspace.close()

    @property
    def has_systemd(self) -> bool:
        """Whether it runs here; an image has it when its folder for units is there."""
        return self.at(UNITS if self.is_image else Path("/run/systemd/system")).is_dir()

    def is_enabled(self, unit: str) -> bool:
        if self.is_image:
            return False
        return self.call("systemctl", "is-enabled", "--quiet", unit).returncode == 0

    def why_not_for_others(self) -> str:
        """Why other accounts cannot run this fleettui; empty where they can."""
        for path in (Path(sys.executable), Path(sys.executable).resolve(), Path(__file__).resolve()):
            for part in (path, *path.parents):
                needed = stat.S_IXOTH if part.is_dir() else stat.S_IROTH
                if not part.stat().st_mode & needed:
                    return f"{path} cannot be read by other accounts, because of {part}"
        return ""

    # -- doing

    def can_do(self, step: Step) -> bool:
        """In an image only files and folders are made; the rest waits for the machine itself."""
        return not self.is_image or isinstance(step.doing, Write | Make | Link)

    def do(self, step: Step) -> None:
        doing = step.doing
        with files.os_errors_about(step.what):
            match doing:
                case Write(path, content, mode):
                    self.at(path).parent.mkdir(parents=True, exist_ok=True)
                    files.write_atomic(self.at(path), content.encode(), mode)
                case Make(path, place):
                    self.at(path).mkdir(parents=True, exist_ok=True)
                    self._hand_to(self.at(path), place)
                case Link(path, target):
                    self._link(self.at(path), target)
                case Run(commands):
                    for words in commands:
                        self._run(*words)
                case NewHome(home, group, member):
                    _new_home(home, group, member)
                case Enrol(home, logins):
                    _enrol(home, logins)

    def _hand_to(self, path: Path, place: Place) -> None:
        """Never through a link, which somebody may have put there. In an image the accounts may still be missing; then the
        machine itself does it."""
        owner, group = self._accounts.get(place.owner), self._groups.get(place.group)
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            if self.is_root and owner and group:
                os.fchown(descriptor, owner[0], group[0])
                os.fchmod(descriptor, place.mode)
            elif self.is_image:
                os.fchmod(descriptor, place.mode & 0o755)
        finally:
            os.close(descriptor)

    def _link(self, path: Path, target: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_name(f".{path.name}-{os.getpid()}")
        scratch.symlink_to(target)
        scratch.rename(path)

    def call(self, *words: str, login: str = "") -> subprocess.CompletedProcess[str]:
        """A program, as root or as that account with all its groups; nothing of this environment goes with it."""
        account = self._accounts.get(login) if login else None
        groups = [self._groups[name][0] for name in self.groups_of(login)] if login else None
        environment = {"PATH": PATH, "LANG": "C.UTF-8", "HOME": "/nonexistent" if login else "/root"}
        try:
            return subprocess.run(
                words,
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
                env=environment,
                timeout=AT_MOST,
                stdin=subprocess.DEVNULL,
                user=account[0] if account else None,
                group=account[1] if account else None,
                extra_groups=groups,
            )
        except FileNotFoundError:
            raise Unusable(f"{words[0]}: there is no such command on this machine.") from None
        except subprocess.TimeoutExpired:
            raise Unusable(f"{' '.join(words)}: still at work after {AT_MOST} s, so it was ended.") from None

    def _run(self, *words: str) -> None:
        done = self.call(*words)
        if done.returncode:
            raise Unusable(f"{' '.join(words)}: {' '.join((done.stderr or done.stdout).split())}")


def _name_of(number: int, names: Mapping[str, tuple[int, object]]) -> str:
    return next((name for name, (own, _) in names.items() if own == number), str(number))


def _new_home(home: Path, group: str, member: str) -> None:
    from fleettui.time.clock import clock_from
    from fleettui.workspace.creation import NewWorkspace, create

    create(NewWorkspace(home, clock_from(), member, group=group, name=_full_name(member))).close()


def _enrol(home: Path, logins: tuple[str, ...]) -> None:
    from fleettui.workspace.workspace import Workspace

    workspace = Workspace.open(home)
    try:
        for login in logins:
            name = _full_name(login)
            workspace.people.add(login, **({"name": name} if name else {}))
    finally:
        workspace.close()


def _full_name(login: str) -> str:
    return pwd.getpwnam(login).pw_gecos.partition(",")[0].strip()
