"""Commit first, then talk: once a change is on disk the exit code is 0, and what fails afterwards is a warning."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fleettui.errors import Refused, Unusable
from fleettui.store import files
from fleettui.store.tinydb import checkpoint
from fleettui.workspace.tickets.queue import Queue
from fleettui.workspace.workspace import Workspace
from tests.support.command_line import CommandLine, InProcess

NEW = ("tickets", "new", "--customer", "K-1", "--subject", "Login fails")


@pytest.fixture
def cli(workspace: Workspace) -> InProcess:
    workspace.customers.add("Acme", tier="Premium")
    workspace.close()
    return InProcess(workspace.home)


def subjects(cli: InProcess) -> list[str]:
    return [row["subject"] for row in cli.json("tickets", "list")]


def failing(error: BaseException) -> Any:
    def fail(*_: object, **__: object) -> Any:
        raise error

    return fail


@pytest.mark.parametrize(
    "error",
    [Unusable("the handbook broke."), Refused("a second step said no."), OSError(errno.EIO, "bad"), ValueError("?")],
    ids=["policy", "refused", "io", "bug"],
)  # fmt: skip
def test_what_fails_after_the_commit_is_a_warning(
    cli: InProcess, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Queue, "of", failing(error))
        broken.setattr(Queue, "debt_text", failing(error))
        text, plain = cli.run(*NEW), cli.run(*NEW, "--json")
    assert text.returncode == plain.returncode == 0
    assert text.stderr.startswith("fleettui: T-1001 (tickets.new) is done and on disk; do not repeat it.")
    assert text.stderr.count("\n") == 1
    answer = json.loads(plain.stdout)
    assert answer["kept"] == [{"id": "T-1002", "revision": 1, "verb": "tickets.new"}]
    assert len(answer["warnings"]) == 1 and answer["warnings"][0] in plain.stderr
    assert len(subjects(cli)) == 2


def test_ctrl_c_after_the_commit_is_no_refusal_either(
    cli: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as interrupted:
        interrupted.setattr(Queue, "debt_text", failing(KeyboardInterrupt()))
        done = cli.run(*NEW)
    assert done.returncode == 0
    assert "T-1001 (tickets.new) is done and on disk" in done.stderr
    assert len(subjects(cli)) == 1


def test_what_fails_before_the_commit_is_refused_as_ever(
    cli: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_room)
        assert "the disk is full" in cli.fails(3, *NEW)
    assert subjects(cli) == []


@pytest.mark.parametrize("error", [OSError(errno.EIO, "bad"), Unusable("no"), RuntimeError("?")])
def test_a_checkpoint_that_fails_after_the_commit_is_told_in_the_json(
    cli: InProcess, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    cli.ok(*NEW)
    with monkeypatch.context() as broken:
        broken.setattr(checkpoint, "is_due", lambda loaded, now: True)
        broken.setattr(checkpoint, "write", failing(error))
        done = cli.run("tickets", "take", "T-1001", "--json")
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert answer["assignee"] and "tickets: its journal could not be folded in yet" in answer["warnings"][0]
    assert answer["warnings"][0] in done.stderr


def test_an_outcome_that_nobody_can_know_is_called_unknown(
    cli: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk neither confirms the line nor lets it be taken back."""
    cli.ok(*NEW)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", failing(OSError(errno.EIO, "Input/output error")))
        broken.setattr(os, "ftruncate", failing(OSError(errno.EIO, "Input/output error")))
        line = cli.fails(3, "tickets", "take", "T-1001")
    assert "the outcome is unknown" in line and "`fleettui history`" in line


def test_a_torn_line_that_cannot_be_cut_off_was_still_never_there(
    cli: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.ok(*NEW)

    def half(descriptor: int, content: bytes) -> None:
        os.write(descriptor, bytes(content)[:20])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(files, "write_fully", half)
        broken.setattr(os, "ftruncate", failing(OSError(errno.EIO, "Input/output error")))
        assert "the disk is full" in cli.fails(3, "tickets", "take", "T-1001")
    assert cli.json("tickets", "show", "T-1001")["assignee"] is None
    assert cli.json("tickets", "take", "T-1001")["assignee"]


def test_an_import_that_breaks_off_says_so_and_is_given_again(
    cli: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its exit code decides whether a script removes the messages: 0 only when all are in."""
    from fleettui.cli.commands import intake

    def broken(_: object) -> None:
        raise Unusable("the disk went away.")

    mail = "From: Ann <ann@acme.example>\nSubject: Help\nMessage-ID: <1@acme.example>\n\nIt broke.\n"
    with monkeypatch.context() as breaking:
        breaking.setattr(intake, "_print_line", broken)
        line = cli.fails(3, "intake", "mail", stdin=mail)
    assert "give it again, nothing is taken in twice" in line
    assert json.loads(cli.ok("intake", "mail", stdin=mail))["result"] == "ignored"


def test_an_import_that_took_in_everything_is_done_whatever_fails_then(
    cli: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = "From: Ann <ann@acme.example>\nSubject: Help\nMessage-ID: <1@acme.example>\n\nIt broke.\n"
    with monkeypatch.context() as broken:
        broken.setattr(Workspace, "policy_troubles", failing(OSError(errno.EIO, "bad")))
        done = cli.run("intake", "mail", stdin=mail)
    assert done.returncode == 0
    assert json.loads(done.stdout)["result"] == "created"
    assert "is done and on disk; do not repeat it" in done.stderr


# -- real processes and real ends of output

slow = pytest.mark.slow


@pytest.fixture
def real(cli: InProcess) -> CommandLine:
    return CommandLine(cli.home)


def in_shell(real: CommandLine, redirection: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = f'"$@" {redirection}'
    return subprocess.run(
        ["sh", "-c", command, "sh", sys.executable, "-m", "fleettui", *words],
        capture_output=True,
        text=True,
        env={**os.environ, **real.variables()},
        check=False,
    )


@slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("more", [(), ("--json",)], ids=["text", "json"])
def test_a_full_disk_behind_stdout_does_not_undo_what_is_done(
    real: CommandLine, cli: InProcess, more: tuple[str, ...]
) -> None:
    done = in_shell(real, ">/dev/full", *NEW, *more)
    assert done.returncode == 0, done.stderr
    assert (
        "T-1001 (tickets.new) is done and on disk; its result could not be printed (No space" in done.stderr
    )
    assert len(subjects(cli)) == 1
    assert in_shell(real, ">/dev/full 2>/dev/full", *NEW, *more).returncode == 0
    assert in_shell(real, "2>/dev/full", *NEW, *more).returncode == 0
    assert len(subjects(cli)) == 3
    assert in_shell(real, ">/dev/full", "tickets", "list").returncode == 3, "nothing was done, so nothing is"


@slow
def test_closed_streams_change_nothing_about_the_outcome(real: CommandLine, cli: InProcess) -> None:
    """Nor does a file of the workspace get the number of a stream that is missing."""
    for number, redirection in enumerate((">&-", "2>&-", "<&- >&- 2>&-"), 1):
        assert in_shell(real, redirection, *NEW, "--json").returncode == 0, redirection
        assert len(subjects(cli)) == number
    assert cli.json("doctor")["findings"] == []
    assert "could not be printed" in in_shell(real, ">&-", *NEW).stderr


@slow
def test_a_reader_who_went_away_is_no_refusal(real: CommandLine, cli: InProcess) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "fleettui", *NEW],
            stdout=writing,
            stderr=subprocess.PIPE,
            env={**os.environ, **real.variables()},
            check=False,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(subjects(cli)) == 1
