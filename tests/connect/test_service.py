"""The service as a whole, with real servers: answers leave once and in order, whatever happens to it or to the others."""

from __future__ import annotations

import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from fleettui.domain.delivery.model import Delivery
from fleettui.workspace.workspace import Workspace
from tests.support.certificates import Certificates, certificates
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.connect_service import SECRETS, SOON, ServiceProcess, ServiceThread, set_up, until
from tests.support.homes import make_home
from tests.support.imap_server import mail
from tests.support.smtp_server import SmtpServer

pytestmark = pytest.mark.slow


@pytest.fixture
def keys(tmp_path: Path) -> Certificates:
    return certificates(tmp_path)


@pytest.fixture
def smtp(keys: Certificates) -> Iterator[SmtpServer]:
    server = SmtpServer(keys)
    yield server
    server.close()


@pytest.fixture
def home(tmp_path: Path, keys: Certificates, smtp: SmtpServer) -> Path:
    home = make_home(tmp_path / "home", MONDAY_MORNING, "kathy", demo=False)
    set_up(home, keys, smtp)
    return home


@pytest.fixture
def kathy(home: Path) -> Iterator[Workspace]:
    workspace = Workspace.open(home, login="kathy")
    yield workspace
    workspace.close()


def ticket(workspace: Workspace, number: int = 1) -> str:
    """Opened by a customer's mail."""
    [outcome] = workspace.intake.mail([mail(number)])
    assert outcome.ticket
    return outcome.ticket


def answer(workspace: Workspace, id_: str, body: str) -> None:
    workspace.tickets.reply(id_, body)


def deliveries(workspace: Workspace, id_: str) -> list[Delivery]:
    workspace.refresh()
    row = workspace.tickets.get(id_)
    return [message.delivery for message in row.messages if message.delivery] if row else []


def states(workspace: Workspace, id_: str) -> list[str]:
    return [delivery.state for delivery in deliveries(workspace, id_)]


def test_an_answer_leaves_and_says_so(home: Path, kathy: Workspace, smtp: SmtpServer) -> None:
    service = ServiceThread(home)
    id_ = ticket(kathy)
    answer(kathy, id_, "please try it again")
    until(lambda: states(kathy, id_) == ["sent"])
    [received] = smtp.mails
    assert received.to == ("jo@acme.example",)
    assert received.message["Subject"] == f"Re: question 1 [{id_}]"
    assert received.message["In-Reply-To"] == "<q1@acme.example>"
    assert received.id == deliveries(kathy, id_)[0].external
    assert received.text == "please try it again\n"
    service.stop()


def test_answers_of_a_thread_keep_their_order_when_the_first_has_to_wait(
    home: Path, kathy: Workspace, smtp: SmtpServer
) -> None:
    waiting, other = ticket(kathy), ticket(kathy, 2)
    smtp.behaviour.before_keeping = lambda mail: "451 later" if "first" in mail.text else ""
    for id_, body in ((waiting, "first"), (waiting, "second"), (other, "third")):
        answer(kathy, id_, body)
    service = ServiceThread(home)
    until(lambda: states(kathy, other) == ["sent"])
    until(lambda: deliveries(kathy, waiting)[0].why)
    assert states(kathy, waiting) == ["queued", "queued"]
    smtp.behaviour.before_keeping = lambda mail: ""
    kathy.outbox.retry(f"{waiting}/{first_answer(kathy, waiting)}")
    until(lambda: states(kathy, waiting) == ["sent", "sent"])
    assert [mail.text for mail in smtp.mails] == ["third\n", "first\n", "second\n"]
    service.stop()


def first_answer(workspace: Workspace, id_: str) -> str:
    row = workspace.tickets.find(id_)
    return next(message.key for message in row.messages if message.delivery)


def test_a_server_that_is_down_fails_no_answer(
    home: Path, keys: Certificates, kathy: Workspace, smtp: SmtpServer
) -> None:
    port = smtp.port
    smtp.close()
    id_ = ticket(kathy)
    answer(kathy, id_, "words")
    service = ServiceThread(home)
    until(lambda: [row.name for row in kathy.connections.down()] == ["mail out"])
    assert deliveries(kathy, id_)[0].tries == 0
    again = SmtpServer(keys, port=port)
    until(lambda: states(kathy, id_) == ["sent"])
    until(lambda: kathy.connections.down() == [])
    service.stop()
    again.close()


def repeated_now(kathy: Workspace, id_: str, repeats: int) -> None:
    """Without the half minute and more that lies before each."""
    until(lambda: (deliveries(kathy, id_)[0].repeats, states(kathy, id_)) == (repeats, ["queued"]))
    kathy.outbox.retry(id_)


def test_a_mail_of_unknown_outcome_is_repeated_under_the_same_id(
    home: Path, kathy: Workspace, smtp: SmtpServer
) -> None:
    """A receiving side that knows mails by their Message-ID shows it once. Nobody is asked."""
    smtp.behaviour.after_data = lambda mail: "cut" if len(smtp.mails) < 2 else "250 OK"
    service = ServiceThread(home)
    id_ = ticket(kathy)
    answer(kathy, id_, "words")
    repeated_now(kathy, id_, 1)
    until(lambda: states(kathy, id_) == ["sent"])
    service.stop()
    assert [mail.id for mail in smtp.mails] == [smtp.mails[0].id] * 2


def test_what_stays_unknown_after_the_repeats_is_asked_and_never_guessed(
    home: Path, keys: Certificates, kathy: Workspace, smtp: SmtpServer
) -> None:
    set_up(home, keys, smtp, more_mail={"repeats": 1})
    smtp.behaviour.after_data = lambda mail: "cut"
    service = ServiceThread(home)
    id_ = ticket(kathy)
    answer(kathy, id_, "words")
    repeated_now(kathy, id_, 1)
    until(lambda: states(kathy, id_) == ["uncertain"])
    assert "sent 2 times as the same mail" in deliveries(kathy, id_)[0].why
    smtp.behaviour.after_data = lambda mail: "250 OK"
    kathy.outbox.retry(id_)
    until(lambda: states(kathy, id_) == ["sent"])
    service.stop()
    assert [mail.id for mail in smtp.mails] == [smtp.mails[0].id] * 3


def test_a_refusal_after_an_unknown_outcome_does_not_say_that_it_failed(
    home: Path, kathy: Workspace, smtp: SmtpServer
) -> None:
    smtp.behaviour.after_data = lambda mail: "cut"
    service = ServiceThread(home)
    id_ = ticket(kathy)
    answer(kathy, id_, "words")
    until(lambda: deliveries(kathy, id_)[0].repeats == 1)
    smtp.behaviour.at_recipient = lambda address: "550 no such user"
    repeated_now(kathy, id_, 1)
    until(lambda: states(kathy, id_) == ["uncertain"])
    assert "an earlier try may have got through" in deliveries(kathy, id_)[0].why
    service.stop()


def test_no_address_gets_more_in_an_hour_than_the_policy_says(
    home: Path, keys: Certificates, kathy: Workspace, smtp: SmtpServer
) -> None:
    set_up(home, keys, smtp, more={"per_address_and_hour": 3})
    ids = [ticket(kathy, number) for number in range(1, 6)]
    for id_ in ids:
        answer(kathy, id_, "words")
    service = ServiceThread(home)
    until(lambda: sum(states(kathy, id_) == ["sent"] for id_ in ids) == 3)
    until(lambda: any("2 wait: the limit" in line for line in service.lines))
    service.stop()
    service = ServiceThread(home)
    until(lambda: any("2 wait: the limit" in line for line in service.lines), "it is known after a restart")
    service.stop()
    assert len(smtp.mails) == 3


def test_the_ticket_says_who_got_no_copy(home: Path, kathy: Workspace, smtp: SmtpServer) -> None:
    smtp.behaviour.at_recipient = lambda address: "550 gone" if address.startswith("lee@") else "250 OK"
    raw = mail(1).replace(b"To: support", b"Cc: lee@acme.example\r\nTo: support")
    [outcome] = kathy.intake.mail([raw])
    assert outcome.ticket
    answer(kathy, outcome.ticket, "words")
    service = ServiceThread(home)
    until(lambda: states(kathy, outcome.ticket or "") == ["sent"])

    def notes() -> list[str]:
        kathy.refresh()
        return [
            row.body for row in kathy.tickets.find(outcome.ticket or "").messages if row.direction == "note"
        ]

    assert until(notes) == ["The mail server did not take the copy to lee@acme.example: gone"]
    service.stop()


def test_only_one_service_works_for_a_workspace(home: Path, kathy: Workspace) -> None:
    service = ServiceThread(home)
    until(lambda: kathy.connections.is_running())
    assert "another service works for this workspace" in InProcess(home).fails(3, "connect")
    service.stop()


def test_another_policy_counts_at_once(
    home: Path, keys: Certificates, kathy: Workspace, smtp: SmtpServer
) -> None:
    other = SmtpServer(keys)
    service = ServiceThread(home)
    id_ = ticket(kathy)
    answer(kathy, id_, "first")
    until(lambda: len(smtp.mails) == 1)
    set_up(home, keys, other)
    until(lambda: any("connections.json has changed" in line for line in service.lines))
    answer(kathy, id_, "second")
    until(lambda: len(other.mails) == 1)
    service.stop()
    other.close()


def test_the_real_command_ends_within_two_seconds_and_tells_systemd(
    home: Path, kathy: Workspace, tmp_path: Path, smtp: SmtpServer
) -> None:
    address = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(address))
        systemd.settimeout(30)
        began = time.monotonic()
        process = ServiceProcess(home, tmp_path / "log", NOTIFY_SOCKET=str(address), WATCHDOG_USEC="1500000")
        heard = [systemd.recv(1000), systemd.recv(1000)]
        start, began = time.monotonic() - began, time.monotonic()
        assert process.stop() == 0
        took = time.monotonic() - began
        while not heard[-1].startswith(b"STOPPING"):
            heard.append(systemd.recv(1000))
    assert (heard[0], heard[1]) == (b"READY=1", b"WATCHDOG=1")
    assert took < max(2, start), "on a busy machine it does not take longer than its start"
    assert not kathy.connections.is_running()
    folder = home / "service"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    text = (tmp_path / "log").read_text()
    assert "has ended" in text
    assert not any(secret in text for secret in SECRETS.values())


def test_a_stop_does_not_wait_for_a_server_that_does_not_answer(
    home: Path, kathy: Workspace, smtp: SmtpServer
) -> None:
    smtp.behaviour.delay = 30
    service = ServiceThread(home)
    id_ = ticket(kathy)
    answer(kathy, id_, "words")
    until(lambda: len(smtp.mails) == 1)
    assert service.stop() < SOON
    smtp.behaviour.delay = 0
    service = ServiceThread(home)
    repeated_now(kathy, id_, 1)
    until(lambda: states(kathy, id_) == ["sent"])
    service.stop()
    assert [mail.id for mail in smtp.mails] == [smtp.mails[0].id] * 2


def test_a_backup_that_is_brought_back_sends_nothing_twice(
    home: Path, kathy: Workspace, smtp: SmtpServer, tmp_path: Path
) -> None:
    id_ = ticket(kathy)
    answer(kathy, id_, "words")
    cli = InProcess(home)
    backup = cli.json("backup", "--to", str(tmp_path))["file"]
    service = ServiceThread(home)
    until(lambda: states(kathy, id_) == ["sent"])
    service.stop()
    kathy.close()
    cli.ok("restore", backup, "--yes")
    later = Workspace.open(home, login="kathy")
    assert states(later, id_) == ["queued"]
    service = ServiceThread(home)
    until(lambda: states(later, id_) == ["sent"])
    service.stop()
    later.close()
    assert len(smtp.mails) == 1
    with ZipFile(backup) as archive:
        assert not [name for name in archive.namelist() if "service" in name]


# -- the command line


def test_check_says_in_a_line_what_is_wrong(
    home: Path, keys: Certificates, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name, secret)
    cli = InProcess(home)
    assert cli.ok("connect", "--check") == "mail out: ok\n"
    monkeypatch.setenv("FLEETTUI_SMTP_PASSWORD", "wrong-secret")
    done = cli.run("connect", "--check")
    assert done.returncode == 1
    assert "does not accept the user or the password: 535" in done.stdout
    assert "wrong-secret" not in done.stdout + done.stderr
    assert not (home / "service").exists(), "a check leaves nothing behind"


def test_status_as_json_has_what_the_contract_says(home: Path, kathy: Workspace, smtp: SmtpServer) -> None:
    id_ = ticket(kathy)
    smtp.behaviour.at_recipient = lambda address: "550 no such user"
    answer(kathy, id_, "words")
    service = ServiceThread(home)
    until(lambda: states(kathy, id_) == ["failed"])

    def standing() -> list[tuple[str, str]]:
        return [(row["name"], row["state"]) for row in InProcess(home).json("connect", "status")]

    # It is noted a moment later: the server was reached, though it does not take this answer.
    until(lambda: standing() == [("service", "ok"), ("mail out", "ok")])
    rows = InProcess(home).json("connect", "status")
    assert (rows[1]["waiting"], rows[1]["failed"]) == (0, 1)
    service.stop()
    assert InProcess(home).ok("connect", "status").splitlines()[1].startswith("service")


def test_the_unit_is_for_this_workspace(home: Path) -> None:
    text = InProcess(home).ok("connect", "--unit")
    assert f"connect --home {home}" in text
    assert "Type=notify" in text and "WatchdogSec=" in text and f"ReadWritePaths={home}" in text


def test_without_anything_set_up_there_is_nothing_to_show(tmp_path: Path) -> None:
    home = make_home(tmp_path / "other", MONDAY_MORNING, "kathy", demo=False)
    assert InProcess(home).json("connect", "status") == []
    assert InProcess(home).ok("connect", "--check") == "Nothing is set up in handbook/connections.json.\n"


def test_in_a_shared_workspace_others_read_how_it_stands_and_change_nothing(
    home: Path, kathy: Workspace, smtp: SmtpServer
) -> None:
    kathy.close()
    for path in (home, *home.rglob("*")):
        path.chmod(0o2770 if path.is_dir() else 0o660)
    service = ServiceThread(home)
    folder = home / "service"
    until(lambda: (folder / "status.json").exists())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o2750
    assert stat.S_IMODE((folder / "status.json").stat().st_mode) == 0o640
    assert stat.S_IMODE((folder / "lock").stat().st_mode) == 0o640
    service.stop()
