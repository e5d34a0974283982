"""Programs that the service runs, and servers that get its secrets, are the administrator's choice alone: a workspace is written
by many."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from fleettui.documents import UNREADABLE
from fleettui.domain.delivery.policy import Connections

ALWAYS = ("api.github.com",)
"""Servers of whom everybody knows whose they are."""


def why_not_trusted(facts: os.stat_result) -> str:
    """Why something that is to run, or names what is to run, may be anybody's; empty where it is the administrator's."""
    if facts.st_uid not in (0, os.geteuid()):
        return "it belongs to neither root nor the service's account"
    if facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "others than its owner may change it"
    return ""


def refused_program(file: Path, program: tuple[str, ...]) -> str:
    """Why a program that connections.json (`file`) names is not run; empty where it is."""
    why = _why_anybodys(file, lambda policy: program in policy.mail.programs)
    return why and f"{file} names a program to run, and {why}. {_mend(file)}"


def refused_host(file: Path, host: str, hosts: Collection[str]) -> str:
    """Why no secret goes to a server that connections.json names; empty where it may. `hosts` the administrator has named
    elsewhere. Whoever may change the file could name a server of their own, and read the password there."""
    if host.casefold() in hosts or host in ALWAYS:
        return ""
    why = _why_anybodys(file, lambda policy: host in _servers(policy))
    return why and (
        f"{file} names the server {host}, and {why}: no secret goes there. {_mend(file)}; or name the server in "
        "`hosts` of secrets.toml"
    )


def _servers(policy: Connections) -> tuple[str, ...]:
    return policy.mail.smtp.host, policy.mail.imap.host, host_of(policy.github.api)


def host_of(address: str) -> str:
    return urlsplit(address).hostname or ""


def _mend(path: Path) -> str:
    return f"As root run: chown root {path} && chmod go-w {path}"


def _why_anybodys(file: Path, is_named: Callable[[Connections], bool]) -> str:
    """Why what connections.json names may be anybody's choice. The file is read once more: what is looked at and what is read
    have to be one file."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    with os.fdopen(descriptor, "rb") as opened:
        why = why_not_trusted(os.fstat(descriptor))
        if why:
            return why
        try:
            policy = msgspec.json.decode(opened.read(), type=Connections)
        except UNREADABLE:
            return "it is not readable"
    return "" if is_named(policy) else "it has just been changed"


def run_program(
    argv: Sequence[str], patience: float, content: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """A program that connections.json names, with `content` as its input. Raises `TimeoutExpired`, `OSError`."""
    return subprocess.run(
        argv, input=content, capture_output=True, timeout=patience, env=clean_environment(), check=False
    )


def clean_environment() -> dict[str, str]:
    """For programs that run beside the service: nothing of its own, no secret."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "USER", "LOGNAME")
    return {name: os.environ[name] for name in kept if name in os.environ}
