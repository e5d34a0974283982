"""Who may read and write in a workspace, as the doctor sees it: modes, groups, setgid bits, links and access control lists."""

from __future__ import annotations

import os
import stat
import struct
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from fleettui.store import files
from fleettui.store.protocol import Finding
from fleettui.store.tinydb.backup import VERSION_CONTROL

PERSONAL = ("drafts", "seen")
"""What is in these belongs to one person each, and is for that person alone."""
HOOKS = "hooks"
"""Programs that the service runs for events (connect/hooks.py)."""
SERVICE = "service"
"""What the service keeps for itself. Its account is often another one than that of the workspace."""
CONNECTIONS = "handbook/connections.json"
"""The administrator may keep it to themselves: then the service uses its secrets and programs (connect/trust.py)."""
_DEFAULT, _ACCESS = "system.posix_acl_default", "system.posix_acl_access"
_USER, _GROUP, _MASK, _OTHER = 0x02, 0x08, 0x10, 0x20


def examine(home: Path) -> Iterator[Finding]:
    """Only the owner, or in a shared workspace its group, may write; nobody else may even read."""
    modes, group = files.Modes.of(home), group_of(home)
    for path in _everything(home):
        try:
            facts = path.lstat()
        except FileNotFoundError:
            continue  # it was at work, and has gone
        if stat.S_ISLNK(facts.st_mode):
            yield Finding("error", str(path), "is a symbolic link; it is not opened", f"rm {path}")
            continue
        name = path.relative_to(home).as_posix()
        if name.partition("/")[0] == HOOKS:
            yield from _hook(path, facts)
            continue
        if name.partition("/")[0] == SERVICE:
            yield from _of_the_service(path, facts)
            continue
        if name == CONNECTIONS and is_kept(facts):
            continue
        is_personal = path != home and path.relative_to(home).parts[0] in PERSONAL and path.parent != home
        yield from _mode(path, facts, modes, group, is_personal=is_personal)
        yield from _lists(path, facts, group)


def is_kept(facts: os.stat_result) -> bool:
    """By its owner for themselves: others may read it at most."""
    return not facts.st_mode & 0o022 and bool(facts.st_mode & 0o044)


def _of_the_service(path: Path, facts: os.stat_result) -> Iterator[Finding]:
    """Nobody else changes it, and only members read it."""
    mode = stat.S_IMODE(facts.st_mode)
    if mode & 0o022:
        what = f"others than the service can write it (mode {mode:04o})"
        yield Finding("error", str(path), what, f"chmod go-w {path}")
    elif mode & 0o005:
        yield Finding("warning", str(path), f"others can read it (mode {mode:04o})", f"chmod o-rwx {path}")


def _hook(path: Path, facts: os.stat_result) -> Iterator[Finding]:
    """They are the administrator's: nobody else changes them."""
    if facts.st_mode & 0o022:
        what = f"others than its owner can write it (mode {stat.S_IMODE(facts.st_mode):04o}), so the service does not run it"
        yield Finding("warning", str(path), what, f"chown root {path} && chmod go-w {path}")


def group_of(home: Path) -> int:
    """The workspace's group. Where it was changed somewhere, the one that most of what is there belongs to."""
    entries = [home, *(entry for entry in home.iterdir() if not entry.is_symlink())]
    return Counter(entry.lstat().st_gid for entry in entries).most_common(1)[0][0]


def _everything(home: Path) -> Iterator[Path]:
    yield home
    for folder, folders, names in os.walk(home):
        folders[:] = [name for name in folders if name not in VERSION_CONTROL]
        for name in (*folders, *names):
            yield Path(folder) / name


def _mode(
    path: Path, facts: os.stat_result, modes: files.Modes, group: int, *, is_personal: bool
) -> Iterator[Finding]:
    is_folder = stat.S_ISDIR(facts.st_mode)
    wanted = modes.folder if is_folder else modes.file
    mode = stat.S_IMODE(facts.st_mode)
    is_shared = modes == files.SHARED
    mend = f"chmod {wanted:04o} {path}"
    if is_shared and not is_personal and facts.st_gid != group:
        mend = f"chgrp {_group_name(group)} {path} && {mend}"
        yield Finding("warning", str(path), f"belongs to the group {_group_name(facts.st_gid)}", mend)
    too_much = mode & ~wanted & 0o777
    if too_much & 0o022:
        yield Finding("error", str(path), f"others can write it (mode {mode:04o})", mend)
    elif too_much & 0o055:
        yield Finding("warning", str(path), f"others can read it (mode {mode:04o})", mend)
    elif is_personal:
        return
    elif wanted & ~mode & 0o070:
        yield Finding("warning", str(path), f"the group cannot use it (mode {mode:04o})", mend)
    elif is_shared and is_folder and not mode & stat.S_ISGID:
        what = "has lost its setgid bit: what other programs make in it is not the group's"
        yield Finding("warning", str(path), what, mend)


def _group_name(group: int) -> str:
    import grp  # needed here only

    try:
        return grp.getgrgid(group).gr_name
    except KeyError:
        return str(group)


# -- access control lists


def _lists(path: Path, facts: os.stat_result, group: int) -> Iterator[Finding]:
    for name in (_ACCESS, _DEFAULT) if stat.S_ISDIR(facts.st_mode) else (_ACCESS,):
        names = let_in(_attribute(path, name), facts.st_uid, group)
        # Without named accounts, "everybody" of the access list is what the mode says already.
        if name == _ACCESS and names == ["everybody"]:
            continue
        if names and name == _DEFAULT:
            what = f"its default access control list lets {' and '.join(names)} into all that is made in it"
            yield Finding("error", str(path), what, f"setfacl -k {path}, and the same for what is in it")
        elif names:
            what = f"its access control list lets {' and '.join(names)} in"
            yield Finding("error", str(path), what, f"setfacl -b {path}")


def _attribute(path: Path, name: str) -> bytes:
    try:
        return os.getxattr(path, name, follow_symlinks=False)
    except OSError:  # there is none, or the filesystem knows no such thing
        return b""


def let_in(attribute: bytes, owner: int, group: int) -> list[str]:
    """Whom a POSIX access control list lets in besides the owner and the workspace's group."""
    entries = [struct.unpack_from("<HHI", attribute, at) for at in range(4, len(attribute) - 7, 8)]
    mask = next((rights for tag, rights, _ in entries if tag == _MASK), 7)
    names = []
    for tag, rights, id_ in entries:
        if tag == _USER and rights & mask and id_ != owner:
            names.append(_user_name(id_))
        elif tag == _GROUP and rights & mask and id_ != group:
            names.append(f"the group {_group_name(id_)}")
        elif tag == _OTHER and rights:
            names.append("everybody")
    return names


def _user_name(user: int) -> str:
    import pwd  # needed here only

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)
