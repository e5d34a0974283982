"""`fleettui intake slack|mail --spool DIR`: nothing is lost and nothing is taken in twice, whenever it is killed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fleettui.store import files
from fleettui.workspace.intake import spool
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import copy_home
from tests.support.intake import Intake
from tests.support.mails import Mail, mail
from tests.support.slack_events import envelope, message
from tests.support.slack_intake import Slack

NOT_A_MAIL = b"these are only words\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "spool"
    made.mkdir()
    return made


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def names(folder: Path) -> list[str]:
    """What somebody sees who looks at the folder, without the folders of the intake."""
    return sorted(path.name for path in folder.iterdir() if path.is_file() or path.is_symlink())


def take_in(intake: Intake, kind: str, folder: Path, *more: str) -> list[dict[str, Any]]:
    done: list[dict[str, Any]] = intake.cli.json("intake", kind, "--spool", str(folder), *more)
    return done


def test_files_are_taken_in_by_their_names_and_removed(post: Mail, folder: Path) -> None:
    put(folder, "2.eml", mail("second", Message_ID="<2@acme.example>", In_Reply_To="<1@acme.example>"))
    put(folder, "1.eml", mail("first"))
    done = take_in(post, "mail", folder)
    assert [(outcome["file"], outcome["result"]) for outcome in done] == [
        ("1.eml", "created"),
        ("2.eml", "appended"),
    ]
    assert post.bodies() == ["first", "second"]
    assert names(folder) == []


def test_only_whole_files_are_taken_in(post: Mail, folder: Path, tmp_path: Path) -> None:
    elsewhere = put(tmp_path, "elsewhere.eml", mail("somebody else's"))
    put(folder, ".coming.eml", mail("half a ma"))
    (folder / "link.eml").symlink_to(elsewhere)
    os.mkfifo(folder / "pipe.eml")
    assert take_in(post, "mail", folder) == []
    assert names(folder) == [".coming.eml", "link.eml"]
    assert elsewhere.exists()


def test_what_is_refused_is_kept_with_the_reason_beside_it(post: Mail, folder: Path) -> None:
    put(folder, "1.eml", NOT_A_MAIL)
    put(folder, "2.eml", mail("fine"))
    done = post.cli.run("intake", "mail", "--spool", str(folder), "--json")
    assert done.returncode == 0
    assert "1.eml is refused: this is no mail" in done.stderr
    assert [outcome["result"] for outcome in json.loads(done.stdout)] == ["ignored", "created"]
    assert names(folder) == []
    assert (folder / "refused" / "1.eml").read_bytes() == NOT_A_MAIL
    assert "does not say who sent it" in (folder / "refused" / "1.eml.why").read_text()


def test_nothing_that_was_refused_is_overwritten(post: Mail, folder: Path) -> None:
    for content in (NOT_A_MAIL, b"other words\n"):
        put(folder, "1.eml", content)
        take_in(post, "mail", folder)
    assert names(folder / "refused") == ["1.eml", "1.eml.why", "1.eml~2", "1.eml~2.why"]


@pytest.mark.parametrize(("content", "why"), [(b"", "it is empty"), (b"x" * 300, "more than 200 bytes")])
def test_sizes_have_limits(
    post: Mail, folder: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, why: str
) -> None:
    monkeypatch.setattr(spool, "MOST_BYTES", 200)
    put(folder, "1.eml", content)
    take_in(post, "mail", folder)
    assert why in (folder / "refused" / "1.eml.why").read_text()


def test_a_file_that_a_broken_line_is_in_is_kept_and_the_others_of_it_are_taken_in(
    slack: Slack, folder: Path
) -> None:
    put(folder, "events", f"{json.dumps(envelope(message()))}\nnot json\n".encode())
    done = take_in(slack, "slack", folder)
    assert [outcome["result"] for outcome in done] == ["created", "ignored"]
    assert names(folder / "refused") == ["events", "events.why"]


def test_what_is_to_be_posted_stands_in_a_file_of_its_own(slack: Slack, folder: Path) -> None:
    put(folder, "1.json", json.dumps(envelope(message())).encode())
    take_in(slack, "slack", folder)
    (line,) = (folder / "replies" / "1.json.jsonl").read_text().splitlines()
    assert json.loads(line)["reply"]["channel"] == "C01ACME"


def test_a_file_that_grows_while_it_is_taken_in_is_not_removed(
    slack: Slack, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(folder, "1.json", json.dumps(envelope(message())).encode() + b"\n")
    note = spool.Spool._note

    def grow(self: spool.Spool, taking: spool.Taking) -> None:
        if taking.done and path.stat().st_size < 1000:
            path.write_bytes(
                path.read_bytes() + json.dumps(envelope(message("More", unique=7))).encode() + b"\n"
            )
        note(self, taking)

    with monkeypatch.context() as patched:
        patched.setattr(spool.Spool, "_note", grow)
        take_in(slack, "slack", folder)
    assert names(folder) == ["1.json"]
    take_in(slack, "slack", folder)
    assert names(folder) == []
    assert len(slack.tickets) == 2


def test_an_unusable_workspace_leaves_everything_where_it_is(post: Mail, folder: Path) -> None:
    put(folder, "1.eml", mail())
    (post.workspace.home / "workspace.json").rename(post.workspace.home / "away")
    post.cli.fails(3, "intake", "mail", "--spool", str(folder))
    assert names(folder) == ["1.eml"]


def test_a_folder_that_is_not_there_is_named(post: Mail, tmp_path: Path) -> None:
    assert "no such folder" in post.cli.fails(3, "intake", "mail", "--spool", str(tmp_path / "none"))


# -- killed


SYSTEM_CALLS = ("fsync", "rename", "unlink", "write", "pwrite", "open")


def killed_at(number: int, intake: Intake, *words: str) -> bool:
    """Runs the command in a process that ends, without any clearing up, before its system call of that number; whether it got
    so far."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status) == 9
    try:
        left = [number]

        def ending(call: Callable[..., Any]) -> Callable[..., Any]:
            def instead(*given: Any, **named: Any) -> Any:
                left[0] -= 1
                if not left[0]:
                    os._exit(9)
                return call(*given, **named)

            return instead

        for name in SYSTEM_CALLS:
            setattr(os, name, ending(getattr(os, name)))
        intake.cli.feed(*words, stdin=b"")
    finally:
        os._exit(0)


def collected(folder: Path) -> list[str]:
    """The texts that somebody gets who posts what is in `replies` and removes it."""
    texts = []
    for path in sorted((folder / "replies").glob("*.jsonl")):
        texts += [json.loads(line)["reply"]["text"] for line in path.read_text().splitlines()]
        path.unlink()
    return texts


@pytest.mark.slow
@pytest.mark.parametrize("step", [8, pytest.param(1, marks=pytest.mark.torture)])
def test_killed_before_any_system_call_it_loses_nothing_and_does_nothing_twice(
    with_a_channel: Path, tmp_path: Path, step: int
) -> None:
    """Two events in one file, one of them twice; something that is refused; and a run that is killed twice at the same place."""
    number, got_so_far = 1 - step, True
    while got_so_far:
        number += step
        at = tmp_path / str(number)
        at.mkdir()
        slack = Slack(copy_home(with_a_channel, at / "home", MONDAY_MORNING))
        slack.cli.environment["FLEETTUI_NOW"] = (
            ""  # as it runs: answers are told apart by when they were recorded
        )
        folder = at / "spool"
        folder.mkdir()
        events = [envelope(message("One", unique=1)), envelope(message("Two", unique=2))]
        put(folder, "1", "\n".join(json.dumps(event) for event in (*events, events[0])).encode())
        put(folder, "2", NOT_A_MAIL)
        put(folder, "3", json.dumps(events[1]).encode())
        words = ("intake", "slack", "--spool", str(folder))
        got_so_far = killed_at(number, slack, *words)
        texts = collected(folder)
        killed_at(number, slack, *words)
        texts += collected(folder)
        slack.cli.ok(*words)
        texts += collected(folder)
        assert [ticket.subject for ticket in slack.tickets] == ["One", "Two"], number
        assert sorted(len(ticket.messages) for ticket in slack.tickets) == [2, 2], number
        assert len(texts) == len(set(texts)) == 2, (number, texts)
        assert names(folder) == [], number
        assert names(folder / "refused") == ["2", "2.why"], number
        slack.workspace.close()
    assert number > 100  # there are as many places


@pytest.mark.slow
def test_several_at_once_take_each_message_in_once(post: Mail, folder: Path) -> None:
    for number in range(30):
        put(folder, f"{number:02}.eml", mail(f"mail {number}", Message_ID=f"<{number}@acme.example>"))
    children = []
    for _ in range(3):
        child = os.fork()
        if not child:
            post.cli.feed("intake", "mail", "--spool", str(folder), stdin=b"")
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    assert len(post.tickets) == 30
    assert names(folder) == []


# -- the pipe of a mail server


def test_a_pipe_keeps_what_it_gets_and_takes_it_in(post: Mail, folder: Path) -> None:
    done = post.cli.feed("intake", "mail", "--spool", str(folder), "--pipe", stdin=mail("piped"))
    assert done.returncode == 0
    assert post.bodies() == ["piped"]
    assert names(folder) == []


def test_what_is_kept_is_kept_whatever_happens_next(post: Mail, folder: Path) -> None:
    """The mail server has handed it over: told anything but 0, it would hand it over again or send it back."""
    aside = post.workspace.home.rename(post.workspace.home.with_name("away"))
    done = post.cli.feed("intake", "mail", "--spool", str(folder), "--pipe", stdin=mail("piped"))
    assert done.returncode == 0
    assert b"it is kept in" in done.stderr
    assert len(names(folder)) == 1
    aside.rename(post.workspace.home)
    take_in(post, "mail", folder)
    assert post.bodies() == ["piped"]


def test_refused_mail_does_not_bounce(post: Mail, folder: Path) -> None:
    done = post.cli.feed("intake", "mail", "--spool", str(folder), "--pipe", stdin=NOT_A_MAIL)
    assert done.returncode == 0
    assert len(names(folder / "refused")) == 2


@pytest.mark.parametrize("words", [("--spool", "/nonexistent/spool"), ("--spol", "x"), ()])
def test_a_mail_server_tries_again_what_was_not_kept(post: Mail, words: tuple[str, ...]) -> None:
    done = post.cli.feed("intake", "mail", *words, "--pipe", stdin=mail())
    assert done.returncode == 75
    assert done.stderr.count(b"\n") == 1
    assert post.tickets == []


def test_a_folder_of_another_account_is_named_in_plain_words(
    post: Mail, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(Path, "is_dir", closed)
    done = post.cli.feed("intake", "mail", "--spool", str(folder), "--pipe", stdin=mail())
    assert done.returncode == 75
    assert f"{folder}: not permitted" in done.stderr.decode()


def test_a_full_disk_is_tried_again(post: Mail, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    done = post.cli.feed("intake", "mail", "--spool", str(folder), "--pipe", stdin=mail())
    assert done.returncode == 75
    assert names(folder) == []


@pytest.mark.parametrize("name", ["rename", "sync_folder", "fsync"])
def test_a_name_that_the_disk_does_not_confirm_is_tried_again_and_not_kept(
    post: Mail, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The mail server comes again: what stayed here would be there twice. The line names the message's file."""

    def failing(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as fault:
        fault.setattr({"rename": Path, "sync_folder": files, "fsync": os}[name], name, failing)
        done = post.cli.feed("intake", "mail", "--spool", str(folder), "--pipe", stdin=mail())
    assert done.returncode == 75
    line = done.stderr.decode()
    assert f"not kept, try again later: {folder}/" in line and line.endswith(".eml: Input/output error.\n")
    assert names(folder) == [] and list((folder / ".fleettui").glob("coming-*")) == []
    assert post.cli.feed("intake", "mail", "--spool", str(folder), "--pipe", stdin=mail()).returncode == 0
    assert len(post.tickets) == 1


def test_notes_of_a_run_that_cannot_be_read_are_named(post: Mail, folder: Path) -> None:
    (folder / spool.OWN).mkdir(mode=0o700)
    put(folder / spool.OWN, "taking.json", b'{"name":"\xff"}')
    done = post.cli.run("intake", "mail", "--spool", str(folder), "--json")
    assert done.returncode == 3
    assert "taking.json" in done.stderr
    assert "Remove that file" in done.stderr
