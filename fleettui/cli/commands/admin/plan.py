"""What `fleettui admin setup` does to a machine, as a list of steps. Pure: it asks a `Facts` and changes nothing."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from fleettui.cli import sshd
from fleettui.cli.commands.admin import texts
from fleettui.errors import Refused, Unusable, WrongUsage

CONFIG = Path("/etc/fleettui/config.toml")
UNITS = Path("/etc/systemd/system")
CRON = Path("/etc/cron.d/fleettui")
SSHD = Path("/etc/ssh/sshd_config.d/fleettui.conf")
BIN = Path("/usr/local/bin")
NO_SHELL = "/usr/sbin/nologin"
SPOOLED = ("slack", "mail", ".ssh", ".forward")
"""What may be in the spool's folder, which is the home of its account."""


@dataclass(frozen=True)
class Wishes:
    """What is asked for. `backups`: a folder, HOST:FOLDER, or nothing. `program`: the folder of this fleettui's commands."""

    home: Path
    group: str
    members: tuple[str, ...]
    account: str
    spool: Path
    backups: str
    program: Path
    restricted: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()

    @property
    def in_group(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.members, *self.restricted, *self.shared)))

    @property
    def remote(self) -> str:
        return self.backups if ":" in self.backups else ""

    @property
    def backup_folder(self) -> str:
        """On this machine; what goes to another host is made here first."""
        return "/var/backups/fleettui" if self.remote else self.backups


class Place(NamedTuple):
    """What the system knows of a folder or file: permissions, and the names of owner and group."""

    mode: int
    owner: str
    group: str


class Facts(Protocol):
    """What is asked of the machine."""

    def text(self, path: Path) -> str | None: ...
    def place(self, path: Path) -> Place | None: ...
    def names_in(self, folder: Path) -> frozenset[str]: ...
    def leads_to(self, path: Path, target: Path) -> bool: ...
    def has_group(self, group: str) -> bool: ...
    def has_account(self, login: str) -> bool: ...
    def groups_of(self, login: str) -> frozenset[str]: ...
    def first_group_of(self, login: str) -> str: ...
    def is_workspace(self, home: Path) -> bool: ...
    def roster(self, home: Path) -> frozenset[str]: ...
    def is_enabled(self, unit: str) -> bool: ...
    @property
    def has_systemd(self) -> bool: ...


@dataclass(frozen=True)
class Write:
    """A file with this content."""

    path: Path
    content: str
    mode: int = 0o644


@dataclass(frozen=True)
class Make:
    """A folder."""

    path: Path
    place: Place


@dataclass(frozen=True)
class Link:
    path: Path
    target: Path


@dataclass(frozen=True)
class Run:
    """Commands of the system, one after the other."""

    commands: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class NewHome:
    """A workspace, with its first person."""

    home: Path
    group: str
    member: str


@dataclass(frozen=True)
class Enrol:
    """People on the roster of the workspace."""

    home: Path
    logins: tuple[str, ...]


Doing = Write | Make | Link | Run | NewHome | Enrol


@dataclass(frozen=True)
class Step:
    """`shown`: the difference to what is there, or the commands. `proofs`: names of what is tried afterwards, and with what."""

    what: str
    why: str
    doing: Doing
    shown: str
    is_done: bool
    proofs: tuple[tuple[str, Wishes], ...] = ()


def plan(wishes: Wishes, facts: Facts) -> list[Step]:
    """Every step in its order, those that are done already, too."""
    _check(wishes, facts)
    planner = _Planner(wishes, facts)
    makers: Sequence[Callable[[], Iterator[Step]]] = (
        planner.program,
        planner.accounts,
        planner.workspace,
        planner.spool,
        planner.backups,
        planner.timers,
        planner.sshd,
    )
    return [step for make in makers for step in make()]


def _check(wishes: Wishes, facts: Facts) -> None:
    given = _given_logins(wishes)
    for name, option in ((wishes.group, "--group"), (wishes.account, "--account"), *given):
        if not name.replace("-", "").replace("_", "").replace(".", "").isalnum() or name.startswith("-"):
            raise WrongUsage(f"{name!r} is no name of an account or group", field=option)
    for login, option in given:
        if not facts.has_account(login):
            raise Refused(
                f"there is no account {login!r} on this machine; make it first (useradd -m {login})",
                field=option,
            )
    _refuse_both_kinds(wishes, facts)
    if not wishes.members and not facts.is_workspace(wishes.home):
        raise WrongUsage("name the first person of the team, like --member kathy", field="--member")
    if wishes.backups and not (wishes.remote or wishes.backups.startswith("/")):
        raise WrongUsage("a folder from the root on, or HOST:FOLDER", field="--backups")
    if any(letter in "\"'%\\$ \n\t" for letter in wishes.backups):
        raise WrongUsage("without spaces, quotes, %, $ and \\", field="--backups")
    _check_folders(wishes, facts)


def _check_folders(wishes: Wishes, facts: Facts) -> None:
    """A folder that holds something else would be closed to those whose it is: it is never taken over."""
    if not facts.is_workspace(wishes.home):
        _check_free(wishes.home, (), "--home", facts)
    folders: list[tuple[Path, tuple[str, ...], str]] = [(wishes.spool, SPOOLED, "--spool")]
    if wishes.backups:
        folders.append((Path(wishes.backup_folder), (texts.BACKUPS,), "--backups"))
    for folder, patterns, option in folders:
        place = facts.place(folder)
        if place is not None and place.owner != wishes.account:
            _check_free(folder, patterns, option, facts)


def _check_free(folder: Path, patterns: tuple[str, ...], option: str, facts: Facts) -> None:
    allowed = (*patterns, "lost+found")
    others = sorted(
        name for name in facts.names_in(folder) if not any(fnmatch(name, pattern) for pattern in allowed)
    )
    if others:
        more = ", …" if len(others) > 1 else ""
        raise Refused(
            f"{folder} holds other files ({others[0]}{more}); name a folder of its own, like {folder / 'fleettui'}",
            field=option,
        )


def _refuse_both_kinds(wishes: Wishes, facts: Facts) -> None:
    """An account of several people is restricted in any case, each by the command of their key; the ForceCommand of a restricted
    account would take the place of all of these, and nobody could sign in."""
    both = sorted({*wishes.restricted} & {*wishes.shared})
    if both:
        raise WrongUsage(
            f"{both[0]} is given to --restrict, too; a shared account is restricted in any case, "
            f"so leave --restrict {both[0]} out", field="--share",
        )  # fmt: skip
    has_command = sshd.accounts_in(facts.text(SSHD) or "")
    given = ("--share", "restricted", wishes.shared), ("--restrict", "shared", wishes.restricted)
    for option, other, logins in given:
        for login in logins:
            if has_command.get(login) is (option == "--share"):
                raise Refused(
                    f"{login} is a {other} account already; to change that, remove its `Match User {login}` from "
                    f"{SSHD} and its name from `{other}` in {CONFIG}, then run this again",
                    field=option,
                )


def _config(wishes: Wishes, before: str) -> str:
    """The configuration with what is asked for. Accounts are added to those that are there."""
    import tomllib

    try:
        known = tomllib.loads(before)
        values: dict[str, Any] = {"home": str(wishes.home)}
        for key, logins in (("restricted", wishes.restricted), ("shared", wishes.shared)):
            there = known.get(key, [])
            if not isinstance(there, list | bool):
                raise TypeError(f"{key} is no list of accounts")
            if logins and there is not True:
                values[key] = sorted({*(there or ()), *logins})
        changed = {key: value for key, value in values.items() if value != known.get(key)}
        content = texts.with_values(before, changed)
        is_understood = tomllib.loads(content) == known | values
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise Unusable(f"{CONFIG}: {error}. Mend it first.") from None
    if not is_understood:
        raise Refused(f"{CONFIG} is written in a way that cannot be changed here; put in yourself: {changed}")
    return content


def _given_logins(wishes: Wishes) -> list[tuple[str, str]]:
    """Each with the option that named it."""
    by_option = {"--member": wishes.members, "--restrict": wishes.restricted, "--share": wishes.shared}
    return [(login, option) for option, logins in by_option.items() for login in logins]


class _Planner:
    def __init__(self, wishes: Wishes, facts: Facts) -> None:
        self._wishes, self._facts = wishes, facts

    def program(self) -> Iterator[Step]:
        why = "cron, sshd and everybody's shell look there"
        for name in ("fleettui", "ft"):
            target = self._wishes.program / name
            if self._wishes.program != BIN:
                path = BIN / name
                is_done = self._facts.leads_to(path, target)
                yield Step(str(path), why, Link(path, target), f"ln -sfn {target} {path}", is_done)

    def accounts(self) -> Iterator[Step]:
        group, account = self._wishes.group, self._wishes.account
        yield self._run(
            f"the group {group}",
            "its members work in the workspace, nobody else can read it",
            self._facts.has_group(group),
            ("groupadd", group),
        )
        home = ("--home-dir", str(self._wishes.spool), "--no-create-home")
        yield self._run(
            f"the account {account}",
            "takes in messages, makes backups and looks for damage; nobody can sign in with it",
            self._facts.has_account(account),
            ("useradd", "--system", "--gid", group, *home, "--shell", NO_SHELL, account),
        )
        if self._facts.has_account(account):
            yield self._run(
                f"{group} as the first group of {account}",
                "mail servers give an account its first group and no other",
                self._facts.first_group_of(account) == group,
                ("usermod", "--gid", group, account),
            )
        for login in self._wishes.in_group:
            yield self._run(
                f"{login} in the group",
                "sessions that are open already get it at their next sign-in",
                group in self._facts.groups_of(login),
                ("usermod", "--append", "--groups", group, login),
            )

    def _run(self, what: str, why: str, is_done: bool, *commands: tuple[str, ...]) -> Step:
        return Step(what, why, Run(commands), "\n".join(" ".join(words) for words in commands), is_done)

    def workspace(self) -> Iterator[Step]:
        wishes, facts = self._wishes, self._facts
        yield self._folder(CONFIG.parent, Place(0o755, "root", "root"), "the machine's configuration")
        content = _config(wishes, facts.text(CONFIG) or "")
        yield self._file(
            CONFIG, content, "tells every fleettui where the workspace is", proofs=("configuration",)
        )
        home = Place(0o2770, "root", wishes.group)
        yield self._folder(
            wishes.home, home, "setgid: whatever is made in it belongs to the group", proofs=("permissions", "member", "outsider")
        )  # fmt: skip
        is_made = facts.is_workspace(wishes.home)
        if not is_made:
            first = wishes.members[0]
            yield Step(
                f"a workspace in {wishes.home}",
                f"empty, with {first} as its first person",
                NewHome(wishes.home, wishes.group, first),
                f"fleettui --home {wishes.home} init --shared {wishes.group}",
                is_done=False,
            )
        known = facts.roster(wishes.home) if is_made else frozenset(wishes.members[:1])
        missing = tuple(login for login in wishes.members if login not in known)
        if missing:
            shown = "\n".join(f"fleettui people add {login}" for login in missing)
            yield Step("people", "on the roster", Enrol(wishes.home, missing), shown, is_done=False)

    def spool(self) -> Iterator[Step]:
        account = self._wishes.account
        for folder in (self._wishes.spool, self._wishes.spool / "slack", self._wishes.spool / "mail"):
            yield self._folder(
                folder, Place(0o700, account, self._wishes.group), "where messages wait to be taken in"
            )

    def backups(self) -> Iterator[Step]:
        if self._wishes.backups:
            account = self._wishes.account
            yield self._folder(
                Path(self._wishes.backup_folder),
                Place(0o700, account, self._wishes.group),
                "backups hold everything that the workspace holds",
                proofs=("backup",),
            )

    def timers(self) -> Iterator[Step]:
        wishes = self._wishes
        given = (wishes.account, str(wishes.spool), wishes.backup_folder, wishes.remote)
        if not self._facts.has_systemd:
            yield self._file(
                CRON, texts.cron(*given), "intake each minute, backup and doctor each night (no systemd here)"
            )
            return
        for name, content in texts.units(*given).items():
            why = "intake each minute, backup and doctor each night"
            yield self._file(
                UNITS / name, content, why, proofs=("units",) if name.endswith("doctor.timer") else ()
            )
        timers = [*texts.TIMERS, *(["fleettui-backup.timer"] if wishes.backups else [])]
        is_done = all(self._facts.is_enabled(timer) for timer in timers)
        starting = (("systemctl", "daemon-reload"), ("systemctl", "enable", "--now", *timers))
        yield self._run("the timers run", "now, and after a restart", is_done, *starting)

    def sshd(self) -> Iterator[Step]:
        """Stanzas of accounts that are there already stay; sshd reads them when it is told to, and at each of its starts."""
        wishes, before = self._wishes, self._facts.text(SSHD) or ""
        python = str(wishes.program / "python")
        stanzas = {login: sshd.restricted_stanza(login, python) for login in wishes.restricted}
        stanzas |= {login: sshd.shared_stanza(login) for login in wishes.shared}
        if not stanzas:
            return
        if wishes.shared:
            yield self._folder(
                Path(sshd.KEYS), Place(0o755, "root", "root"), "keys that nobody else can add to"
            )
        missing = [stanza for login, stanza in stanzas.items() if f"Match User {login}\n" not in before]
        why = (
            "no forwarding, no shell, nothing but fleettui (docs/accounts.md); reload sshd when it is proven"
        )
        yield self._file(SSHD, before + "".join(missing), why, proofs=("sshd",))

    def _folder(self, path: Path, place: Place, why: str, proofs: tuple[str, ...] = ()) -> Step:
        before = self._facts.place(path)
        shown = f"{path}  {place.mode:04o} {place.owner}:{place.group}"
        if before is not None and before != place:
            shown += f"  (now {before.mode:04o} {before.owner}:{before.group})"
        return Step(f"the folder {path}", why, Make(path, place), shown, before == place, self._with(proofs))

    def _file(self, path: Path, content: str, why: str, proofs: tuple[str, ...] = ()) -> Step:
        before = self._facts.text(path)
        difference = difflib.unified_diff(
            (before or "").splitlines(), content.splitlines(), str(path), str(path), lineterm="", n=2
        )
        return Step(
            str(path), why, Write(path, content), "\n".join(difference), before == content, self._with(proofs)
        )

    def _with(self, proofs: tuple[str, ...]) -> tuple[tuple[str, Wishes], ...]:
        return tuple((proof, self._wishes) for proof in proofs)
