"""Mail arrives from a real IMAP server, each mail once, and nothing is taken away from the mailbox."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fleettui.connect import mail_in
from fleettui.domain.tickets.model import Ticket
from fleettui.workspace.workspace import Workspace
from tests.support.certificates import Certificates, certificates
from tests.support.clocks import MONDAY_MORNING
from tests.support.connect_service import SOON, ServiceThread, set_up, until
from tests.support.homes import make_home
from tests.support.imap_server import ImapServer, mail

pytestmark = pytest.mark.slow


@pytest.fixture
def keys(tmp_path: Path) -> Certificates:
    return certificates(tmp_path)


@pytest.fixture
def imap(keys: Certificates) -> Iterator[ImapServer]:
    server = ImapServer(keys)
    yield server
    server.stop()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home", MONDAY_MORNING, "kathy", demo=False)


@pytest.fixture
def reader(home: Path) -> Iterator[Workspace]:
    workspace = Workspace.open(home, login="lena")
    yield workspace
    workspace.close()


def tickets(reader: Workspace) -> list[Ticket]:
    reader.refresh()
    return reader.tickets.all()


def subjects(reader: Workspace) -> list[str]:
    return sorted(ticket.subject for ticket in tickets(reader))


def why(reader: Workspace) -> str:
    return "".join(row.why for row in reader.connections.down() if row.name == "mail in")


def test_a_mail_that_comes_just_before_a_search_is_not_waited_for(
    home: Path, keys: Certificates, imap: ImapServer, reader: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server searches in what it has told of, and tells of the new mail in the same answer."""
    take, late = mail_in.MailIn._take, [mail(2), mail(3)]

    def takes(taker: mail_in.MailIn, *about: Any) -> list[int]:
        taken = take(taker, *about)
        if taken and late:
            imap.deliver([late.pop(0)])
        return taken

    monkeypatch.setattr(mail_in.MailIn, "_take", takes)
    imap.deliver([mail(1)])
    set_up(home, keys, imap=imap)
    service = ServiceThread(home)
    until(lambda: subjects(reader) == ["question 1", "question 2", "question 3"])
    service.stop()


def test_what_is_there_and_what_comes_is_taken_in_once(
    home: Path, keys: Certificates, imap: ImapServer, reader: Workspace
) -> None:
    imap.deliver([mail(1), mail(2)])
    set_up(home, keys, imap=imap)
    service = ServiceThread(home)
    until(lambda: subjects(reader) == ["question 1", "question 2"])
    until(lambda: any("is watched" in line for line in service.lines))
    imap.deliver([mail(3), mail(4, reply_to="<q1@acme.example>")])
    until(lambda: subjects(reader) == ["question 1", "question 2", "question 3"])
    until(lambda: sum(len(ticket.messages) for ticket in tickets(reader)) == 4)
    assert service.stop() < SOON
    assert (imap.count(), imap.seen()) == (4, 0), "nothing was deleted or marked as read"


def test_a_restart_goes_on_and_a_lost_position_changes_nothing(
    home: Path, keys: Certificates, imap: ImapServer, reader: Workspace
) -> None:
    set_up(home, keys, imap=imap)
    imap.deliver([mail(1)])
    service = ServiceThread(home)
    until(lambda: len(tickets(reader)) == 1)
    service.stop()
    imap.deliver([mail(2)])
    service = ServiceThread(home)
    until(lambda: len(tickets(reader)) == 2)
    service.stop()
    (home / "service/mail-in.json").unlink()
    imap.deliver([mail(3)])
    service = ServiceThread(home)
    until(lambda: len(tickets(reader)) == 3)
    service.stop()
    assert sum(len(ticket.messages) for ticket in tickets(reader)) == 3


def test_other_uids_of_the_same_mailbox_lose_and_double_nothing(
    home: Path, keys: Certificates, imap: ImapServer, reader: Workspace
) -> None:
    """The server was replaced: the old mails have other numbers, and one has come."""
    set_up(home, keys, imap=imap)
    imap.deliver([mail(1), mail(2)])
    service = ServiceThread(home)
    until(lambda: len(tickets(reader)) == 2)
    imap.stop()
    until(lambda: any("mail in: down" in line for line in service.lines))
    until(lambda: [row.name for row in reader.connections.down()] == ["mail in"])
    imap.start()
    imap.deliver([mail(3), mail(1), mail(2)])
    until(lambda: len(tickets(reader)) == 3)
    until(lambda: reader.connections.down() == [])
    service.stop()
    assert sum(len(ticket.messages) for ticket in tickets(reader)) == 3


def test_what_is_in_the_store_is_moved_where_that_is_asked(
    home: Path, keys: Certificates, imap: ImapServer, reader: Workspace
) -> None:
    imap.make_folder("Done")
    imap.deliver([mail(1), b"no headers at all"])
    set_up(home, keys, imap=imap, more_imap={"move_to": "Done"})
    service = ServiceThread(home)
    until(lambda: len(tickets(reader)) == 1)
    until(lambda: any("stays where it is" in line for line in service.lines))
    until(lambda: imap.count("Done") == 1)
    service.stop()
    assert imap.count() == 1


def test_a_wrong_password_is_told_and_not_repeated(
    home: Path, keys: Certificates, imap: ImapServer, reader: Workspace
) -> None:
    set_up(home, keys, imap=imap)
    service = ServiceThread(home, secrets={"FLEETTUI_IMAP_PASSWORD": "wrong-secret"})
    until(lambda: "does not accept the user support or the password" in why(reader))
    service.stop()
    assert not any("wrong-secret" in line for line in service.lines)


def test_a_token_command_counts_only_where_the_administrator_named_it(
    home: Path, keys: Certificates, imap: ImapServer, reader: Workspace
) -> None:
    set_up(home, keys, imap=imap, more_imap={"token_command": ["/bin/echo", "abc.def"]})
    policy = home / "handbook/connections.json"
    policy.chmod(0o666)
    service = ServiceThread(home)
    until(lambda: "others than its owner may change it" in why(reader))
    service.stop()
    policy.chmod(0o644)
    service = ServiceThread(home)
    until(lambda: any("localhost" in line for line in service.lines))  # the server knows no XOAUTH2
    service.stop()


def test_the_status_says_how_it_stands_without_a_secret(
    home: Path, keys: Certificates, imap: ImapServer, reader: Workspace
) -> None:
    set_up(home, keys, imap=imap)
    assert [row.state for row in reader.connections.all()] == ["down", "off"]
    service = ServiceThread(home)
    until(lambda: [row.state for row in reader.connections.all()] == ["ok", "ok"])
    content = (home / "service/status.json").read_bytes()
    assert json.loads(content)["pid"] == os.getpid()
    assert b"not-to-be-seen" not in content
    service.stop()
    assert [row.state for row in reader.connections.all()] == ["down", "off"]
