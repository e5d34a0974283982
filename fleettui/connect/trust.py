"""Programs that run as the service's account are the administrator's choice alone: a workspace is written by many."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import msgspec

from fleettui.documents import UNREADABLE
from fleettui.domain.delivery.policy import Connections

CONNECTIONS = "handbook/connections.json"


def why_not_trusted(facts: os.stat_result) -> str:
    """Why something that is to run, or names what is to run, may be anybody's; empty where it is the administrator's."""
    if facts.st_uid not in (0, os.geteuid()):
        return "it belongs to neither root nor the service's account"
    if facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "others than its owner may change it"
    return ""


def refused_program(home: Path, program: tuple[str, ...]) -> str:
    """Why a program that connections.json names is not run; empty where it is.

    The file is read once more: what is looked at and what is read have to be one file."""
    path = home / CONNECTIONS
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        return f"{path}: cannot be read ({error.strerror})"
    with os.fdopen(descriptor, "rb") as file:
        why = why_not_trusted(os.fstat(descriptor))
        if why:
            mend = f"chown root {path} && chmod go-w {path}"
            return f"{path} names a program to run, and {why}. As root run: {mend}"
        try:
            mail = msgspec.json.decode(file.read(), type=Connections).mail
        except UNREADABLE:
            return f"{path}: is not readable"
    return "" if program in mail.programs else f"{path}: has just been changed"


def clean_environment() -> dict[str, str]:
    """For programs that run beside the service: nothing of its own, no secret."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "USER", "LOGNAME")
    return {name: os.environ[name] for name in kept if name in os.environ}
