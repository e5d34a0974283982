"""What `fleettui admin setup` tries afterwards: that it was written is no proof that it works."""

from __future__ import annotations

import filecmp
import json
import os
import shlex
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from fleettui.cli import sshd
from fleettui.cli.commands.admin import texts
from fleettui.cli.commands.admin.machine import Machine
from fleettui.cli.commands.admin.plan import UNITS, Place, Wishes
from fleettui.errors import FleettuiError, Refused

SSHD = "/usr/sbin/sshd"
NOBODY = "nobody"
TRIES = 3
"""Of the comparison of a backup: somebody may change the workspace meanwhile."""


class Proof(NamedTuple):
    what: str
    ok: bool
    seen: str


def proof_of(name: str, wishes: Wishes, machine: Machine) -> Proof | None:
    """None where it cannot be tried: of an image only the units can."""
    if machine.is_image and name != "units":
        return None
    what, prove = PROOFS[name]
    try:
        seen = prove(wishes, machine)
    except (FleettuiError, OSError) as error:
        return Proof(what, ok=False, seen=" ".join(str(error).split()))
    return Proof(what, ok=True, seen=seen) if seen else None


def _configuration(wishes: Wishes, machine: Machine) -> str:
    """Also that a member can run the command at all."""
    who = wishes.members[0] if wishes.members else wishes.account
    done = machine.call(texts.COMMAND, "doctor", login=who)
    last = (done.stdout.splitlines() or [""])[-1]
    if not last.startswith(f"{wishes.home}:"):
        raise Refused(f"`fleettui doctor` as {who} says: {done.stderr or last}")
    if done.returncode:
        raise Refused(f"`fleettui doctor` as {who} found: {done.stdout}")
    return f"`fleettui doctor` as {who} says: {last}"


def _permissions(wishes: Wishes, machine: Machine) -> str:
    wanted = Place(0o2770, "root", wishes.group)
    at = machine.place(wishes.home)
    if at is None or (at.mode, at.group) != (wanted.mode, wanted.group):
        raise Refused(f"{wishes.home} is {at}, expected {wanted}")
    return f"{wishes.home} is {at.mode:04o}, group {at.group}"


def _member(wishes: Wishes, machine: Machine) -> str:
    for who in wishes.members or (wishes.account,):
        path = wishes.home / "presence" / f".proof-{os.getpid()}-{who}"
        done = machine.call("touch", str(path), login=who)
        if done.returncode:
            raise Refused(f"{who} cannot write: {done.stderr}")
        facts = path.lstat()
        path.unlink()
        if facts.st_gid != wishes.home.stat().st_gid:
            raise Refused(f"what {who} writes does not belong to the group {wishes.group}")
    return f"{', '.join(wishes.members or (wishes.account,))} wrote a file there, and it belongs to {wishes.group}"


def _outsider(wishes: Wishes, machine: Machine) -> str:
    if wishes.group in machine.groups_of(NOBODY):
        raise Refused(f"the account {NOBODY} is in the group {wishes.group}")
    for words in (("ls", str(wishes.home)), ("cat", str(wishes.home / "workspace.json"))):
        if machine.call(*words, login=NOBODY).returncode == 0:
            raise Refused(f"`{' '.join(words)}` works for {NOBODY}")
    return f"{NOBODY} can neither list {wishes.home} nor read a file in it"


def _units(_: Wishes, machine: Machine) -> str:
    """Nothing where systemd's own checker is missing."""
    units = sorted(str(path) for path in machine.at(UNITS).glob("fleettui-*"))
    try:
        done = machine.call("systemd-analyze", "verify", "--man=no", *units)
    except FleettuiError:
        return ""
    ours = [
        line for line in done.stderr.splitlines() if "fleettui" in line and not _is_elsewhere(line, machine)
    ]
    if ours:
        raise Refused("; ".join(ours))
    return f"systemd-analyze verify finds nothing in {len(units)} units"


def _is_elsewhere(line: str, machine: Machine) -> bool:
    """In an image the command is not where it will be."""
    return machine.is_image and "is not executable" in line


def _backup(wishes: Wishes, machine: Machine) -> str:
    """Made by the same commands as the timer's, restored elsewhere, and all documents compared."""
    for tried in range(1, TRIES + 1):
        with TemporaryDirectory(prefix="fleettui-proof-") as folder:
            file = _made(wishes, machine, Path(folder))
            restored, original = Path(folder) / "home", Path(folder) / "documents"
            _fleettui(machine, "--home", str(restored), "init")
            _fleettui(machine, "--home", str(restored), "restore", str(file), "--yes")
            _fleettui(machine, "--home", str(wishes.home), "export", str(original))
            _fleettui(machine, "--home", str(restored), "export", str(original) + "-restored")
            names = sorted(path.name for path in original.iterdir())
            _, different, missing = filecmp.cmpfiles(original, f"{original}-restored", names, shallow=False)
            if not (different or missing):
                counts = f"all {_count(original):,} documents of {len(names)} collections"
                return f"{file.name} was restored elsewhere: {counts} are equal"
            if tried == TRIES:
                raise Refused(f"the backup differs in {', '.join((*different, *missing))}")
    return ""


def _count(folder: Path) -> int:
    return sum(len(json.loads(path.read_bytes())) for path in folder.glob("*.json"))


def _made(wishes: Wishes, machine: Machine, scratch: Path) -> Path:
    """A new backup, from where it is kept in the end."""
    first, *others = texts.backup_lines(wishes.backup_folder, wishes.remote)
    done = _checked(machine, shlex.split(first), wishes.account)
    file = Path(json.loads(done)["file"])
    for line in others[:1] if wishes.remote else ():
        _checked(machine, shlex.split(line), wishes.account)
        scratch.chmod(0o711)
        incoming = scratch / "incoming"
        incoming.mkdir()
        account = machine.id_of(wishes.account)
        os.chown(incoming, *account)
        _checked(
            machine,
            [*shlex.split(texts.COPY), f"{wishes.remote}/{file.name}", f"{incoming}/"],
            wishes.account,
        )
        return incoming / file.name
    return file


def _fleettui(machine: Machine, *words: str) -> str:
    return _checked(machine, [texts.COMMAND, *words], "")


def _checked(machine: Machine, words: list[str], login: str) -> str:
    done = machine.call(*words, login=login)
    if done.returncode:
        who = f" as {login}" if login else ""
        raise Refused(f"`{shlex.join(words)}`{who} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def _sshd(wishes: Wishes, machine: Machine) -> str:
    """As sshd itself understands its files, for each of the accounts. Nothing where there is no sshd."""
    try:
        checked = machine.call(SSHD, "-t")
    except FleettuiError:
        return ""
    if checked.returncode:
        raise Refused(f"sshd -t: {checked.stderr}; do not reload sshd before that is mended")
    accounts = (*wishes.restricted, *wishes.shared)
    for login in accounts:
        words = [SSHD, "-T", "-C", f"user={login},host=box,addr=127.0.0.1"]
        settings = {line.casefold() for line in _checked(machine, words, "").splitlines()}
        wanted = {"disableforwarding yes", "permituserrc no"}
        if login in wishes.shared:
            wanted.add(f"authorizedkeysfile {sshd.KEYS}/%u")
        else:
            wanted.add(f"forcecommand {sshd.command(str(wishes.program / 'python'))}".casefold())
        if wanted - settings:
            raise Refused(f"for {login} sshd does not have: {', '.join(sorted(wanted - settings))}")
    return f"sshd understands what counts for {', '.join(accounts)}"


PROOFS: dict[str, tuple[str, Callable[[Wishes, Machine], str]]] = {
    "configuration": ("the configuration is read", _configuration),
    "permissions": ("group and setgid", _permissions),
    "member": ("members can write", _member),
    "outsider": ("others can read nothing", _outsider),
    "units": ("the units", _units),
    "sshd": ("accounts that can only use fleettui", _sshd),
    "backup": ("a backup comes back", _backup),
}
