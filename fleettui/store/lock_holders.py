"""Who really holds a kernel lock. The name in a lock's file is of whoever took it last by fleettui, and need not be who has it.

Only loaded where somebody has waited in vain.
"""

from __future__ import annotations

import os
import pwd
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

LONGEST_COMMAND = 80


class Process(NamedTuple):
    """As the system knows it; what it does not tell is empty."""

    pid: int
    user: str
    command: str

    @property
    def in_words(self) -> str:
        whose = f" of {self.user}" if self.user else ""
        command = f", `{self.command}`" if self.command else ""
        return f"process {self.pid}{whose}{command}"


def holder_of(descriptor: int) -> Process | None:
    """The process that holds the lock of an open file; None where the system does not say."""
    facts = os.fstat(descriptor)
    lines = []
    with suppress(OSError):
        lines = Path("/proc/locks").read_text().splitlines()
    pid = pid_in(lines, facts.st_dev, facts.st_ino)
    return process(pid) if pid else None


def pid_in(lines: list[str], device: int, inode: int) -> int:
    """Of the lock on a file, as /proc/locks has it; 0 where there is none or it is of another machine or container."""
    here = f"{os.major(device):02x}:{os.minor(device):02x}:{inode}"
    holders = [
        (int(fields[4]), fields[5])
        for fields in (line.split() for line in lines)
        if len(fields) >= 6 and fields[1] == "FLOCK" and fields[5].rpartition(":")[2] == str(inode)
    ]
    # Some filesystems have another device number there.
    pids = {pid for pid, place in holders if place == here} or {pid for pid, _ in holders}
    return max(pids.pop(), 0) if len(pids) == 1 else 0


def process(pid: int) -> Process:
    folder, user, command = Path("/proc") / str(pid), "", ""
    with suppress(OSError, KeyError):
        uid = folder.stat().st_uid
        user = str(uid)
        user = pwd.getpwuid(uid).pw_name
    with suppress(OSError):
        content = (folder / "cmdline").read_bytes().decode("utf-8", "replace")
        # Whoever starts a process chooses its words: nothing that a terminal would obey.
        words = "".join(letter if letter.isprintable() else " " for letter in content).strip()
        command = words if len(words) <= LONGEST_COMMAND else words[: LONGEST_COMMAND - 1] + "…"
    return Process(pid, user, command)
