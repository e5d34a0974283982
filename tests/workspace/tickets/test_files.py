"""Files of tickets (SUP-5): kept beside the ticket where policy allows, through the command line."""

from __future__ import annotations

import json
import os
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from fleettui.domain.tickets.model import Message
from fleettui.workspace.workspace import Workspace
from tests.support.command_line import InProcess
from tests.support.handbook_folder import file_policy

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 5_000
PROGRAM = b"MZ\x90\x00" + b"\x00" * 100


def mail(*files: tuple[str, bytes], number: int = 1) -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = "Dana Whitlock <dana@acme.example>", "The hosts page is empty"
    made["Message-ID"] = f"<{number}@acme.example>"
    made.set_content("See the picture")
    for name, content in files:
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def take(cli: InProcess, raw: bytes) -> dict[str, Any]:
    done = cli.feed("intake", "mail", "--json", stdin=raw)
    assert done.returncode == 0, done.stderr
    (outcome,) = json.loads(done.stdout)
    return dict(outcome)


def messages(workspace: Workspace) -> tuple[Message, ...]:
    workspace.refresh()
    (ticket,) = workspace.tickets.all()
    return ticket.messages


def kept_in(workspace: Workspace) -> list[str]:
    folder = workspace.home / "files"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_sup_5_files_of_a_mail_are_kept_beside_the_ticket(cli: InProcess, workspace: Workspace) -> None:
    id_ = take(cli, mail(("../shot.png", PNG), ("invoice.pdf", PROGRAM)))["ticket"]
    shot, invoice = cli.json("tickets", "files", id_)
    assert (shot["name"], shot["size"], shot["type"], shot["kept"]) == (
        "shot.png", len(PNG), "PNG image", True
    )  # fmt: skip
    assert Path(shot["path"]).read_bytes() == PNG
    assert Path(shot["path"]).name == shot["sha256"] == sha256(PNG).hexdigest()
    assert shot["scp"].startswith("scp ")
    assert shot["scp"].endswith(f"{shot['path']} ./shot.png")
    assert invoice["mismatch"] == "named .pdf, but its content is a program for Windows"
    assert [message.direction for message in messages(workspace)] == ["in"], (
        "no note: nothing was left behind"
    )
    shown = cli.ok("tickets", "show", id_)
    assert "file: shot.png (5.0 kB, PNG image)" in shown


def test_sup_5_the_same_mail_twice_keeps_its_files_once(cli: InProcess, workspace: Workspace) -> None:
    raw = mail(("shot.png", PNG), ("the same.png", PNG))
    take(cli, raw)
    assert take(cli, raw)["result"] == "ignored"
    take(cli, mail(("again.png", PNG), number=2))
    assert kept_in(workspace) == [sha256(PNG).hexdigest()]


def test_sup_5_images_within_the_text_are_kept(cli: InProcess, workspace: Workspace) -> None:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = "dana@acme.example", "Empty", "<1@acme.example>"
    made.set_content("See below")
    made.add_alternative('<p>See below</p><img src="cid:one">', subtype="html")
    html: Any = list(made.iter_parts())[1]
    html.add_related(PNG, "image", "png", cid="<one>")
    id_ = take(cli, made.as_bytes())["ticket"]
    (image,) = cli.json("tickets", "files", id_)
    assert (image["name"], image["kept"]) == ("unnamed.png", True)


def test_sup_5_what_is_too_large_is_left_behind_with_the_reason(cli: InProcess, workspace: Workspace) -> None:
    file_policy(workspace.home, keep=True, largest_file_mb=1, largest_message_mb=2)
    million = bytes(900_000)
    raw = mail(
        ("huge.bin", bytes(1_200_000)),
        ("1.bin", million),
        ("2.bin", million + b"2"),
        ("3.bin", million + b"3"),
    )
    id_ = take(cli, raw)["ticket"]
    files = cli.json("tickets", "files", id_)
    assert [file["kept"] for file in files] == [False, True, True, False]
    note = messages(workspace)[-1]
    assert note.direction == "note"
    assert note.body == (
        "2 files were left behind in the mail: "
        "huge.bin (1.2 MB; data; larger than 1 MB, the limit for one file), "
        "3.bin (900 kB; data; with it the files of this message would be more than 2 MB)"
    )


def test_sup_5_stays_the_rule_where_policy_keeps_nothing(cli: InProcess, workspace: Workspace) -> None:
    file_policy(workspace.home, keep=False)
    id_ = take(cli, mail(("shot.png", PNG)))["ticket"]
    assert kept_in(workspace) == []
    assert messages(workspace)[-1].body == "A file was left behind in the mail: shot.png (5.0 kB; PNG image)"
    refused = cli.fails(1, "tickets", "attach", id_, "-", "--name", "x.txt", stdin="x")
    assert "keeps no files" in refused


def test_sup_5_a_tickets_json_of_before_keeps_nothing(cli: InProcess, workspace: Workspace) -> None:
    path = workspace.home / "handbook" / "tickets.json"
    policy = json.loads(path.read_bytes())
    del policy["files"]
    path.write_text(json.dumps(policy))
    take(cli, mail(("shot.png", PNG)))
    assert kept_in(workspace) == []


def test_sup_5_files_of_a_mail_that_opens_no_ticket_are_not_kept(
    cli: InProcess, workspace: Workspace
) -> None:
    raw = mail(("shot.png", PNG)).replace(b"Subject:", b"Auto-Submitted: auto-replied\nSubject:", 1)
    assert take(cli, raw)["result"] == "ignored"
    assert kept_in(workspace) == []


def test_sup_5_a_member_attaches_a_file(cli: InProcess, workspace: Workspace, tmp_path: Path) -> None:
    id_ = cli.json("tickets", "new", "--customer", "Acme", "--subject", "Empty")["id"]
    log = tmp_path / "osquery.log"
    log.write_text("line\n")
    cli.ok("tickets", "attach", id_, str(log))
    cli.ok("tickets", "attach", id_, "-", "--name", "logs/pasted.txt", stdin="pasted")
    first, second = cli.json("tickets", "files", id_)
    assert (first["name"], second["name"]) == ("osquery.log", "pasted.txt")
    assert Path(second["path"]).read_text() == "pasted"
    assert "file attached" in cli.ok("history", id_)
    cli.ok("undo")
    assert len(cli.json("tickets", "files", id_)) == 1
    assert len(kept_in(workspace)) == 2, "another undo brings it back"


@pytest.mark.parametrize("path", [".", "missing.txt"])
def test_what_is_no_file_is_not_attached(cli: InProcess, tmp_path: Path, path: str) -> None:
    id_ = cli.json("tickets", "new", "--customer", "Acme", "--subject", "Empty")["id"]
    cli.fails(1, "tickets", "attach", id_, str(tmp_path / path))
    os.mkfifo(tmp_path / "pipe")
    assert "not a file" in cli.fails(1, "tickets", "attach", id_, str(tmp_path / "pipe"))


def test_standard_input_needs_a_name(cli: InProcess) -> None:
    id_ = cli.json("tickets", "new", "--customer", "Acme", "--subject", "Empty")["id"]
    assert "--name" in cli.fails(2, "tickets", "attach", id_, "-", stdin="x")


def test_sup_5_files_of_slack_are_noted_with_what_is_known(cli: InProcess, workspace: Workspace) -> None:
    cli.ok("channels", "add", "C0ACME", "--customer", "Acme")
    event = {
        "type": "message", "channel": "C0ACME", "user": "U0DANA", "text": "See this", "ts": "1773012600.000100",
        "files": [{"id": "F1", "name": "hosts.csv", "size": 12_400, "pretty_type": "CSV",
                   "permalink": "https://acme.slack.com/files/F1"}],
    }  # fmt: skip
    cli.ok("intake", "slack", "--flag", stdin=json.dumps(event))
    note = messages(workspace)[-1]
    assert note.body == (
        "A file was left behind in Slack: hosts.csv (12 kB; CSV; https://acme.slack.com/files/F1)"
    )
    (ticket,) = workspace.tickets.all()
    (file,) = cli.json("tickets", "files", ticket.id)
    assert (file["link"], file["size"], file["kept"]) == ("https://acme.slack.com/files/F1", 12_400, False)


def test_sup_5_a_merge_takes_the_files_along(cli: InProcess, workspace: Workspace) -> None:
    first = take(cli, mail(("shot.png", PNG)))["ticket"]
    second = cli.json("tickets", "new", "--customer", "Acme", "--subject", "Empty")["id"]
    cli.ok("tickets", "merge", first, second, "--across")
    assert [file["name"] for file in cli.json("tickets", "files", second)] == ["shot.png"]


def test_sup_5_files_that_are_too_many_are_counted_and_the_text_after_them_is_kept(
    cli: InProcess, workspace: Workspace
) -> None:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = "dana@acme.example", "Empty", "<1@acme.example>"
    made.set_content("See the files")
    for number in range(120):
        made.add_attachment(
            f"{number}".encode(), maintype="application", subtype="x", filename=f"{number}.log"
        )
    made.add_attachment("And thank you", disposition="inline")
    take(cli, made.as_bytes())
    first, note = messages(workspace)
    assert "And thank you" in first.body
    assert len(kept_in(workspace)) == 99
    assert note.body == (
        "A file was left behind in the mail: 21 more files (a message carries 100 files at most)"
    )


def test_sup_5_where_a_file_cannot_be_kept_no_ticket_names_it(cli: InProcess, workspace: Workspace) -> None:
    (workspace.home / "files").write_text("in the way")
    done = cli.feed("intake", "mail", "--json", stdin=mail(("shot.png", PNG)))
    assert done.returncode == 3
    assert b"is not a folder. Move it away, then try again." in done.stderr
    assert workspace.tickets.all() == []
    (workspace.home / "files").unlink()
    assert take(cli, mail(("shot.png", PNG)))["result"] == "created"
