"""Mail leaves over a real server: what is known of it at every moment, above all when something goes wrong."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from fleettui.connect.mail_out import MailOut
from fleettui.connect.senders import Down, NotSent, Unknown
from fleettui.connect.sending_log import SendingLog
from fleettui.domain.delivery.model import Delivery
from fleettui.domain.delivery.policy import MailConnection, Smtp
from fleettui.domain.team.people import Person
from fleettui.places import in_workspace
from fleettui.workspace.orders import Order
from tests.support.certificates import Certificates, certificates
from tests.support.smtp_server import PASSWORD, SmtpServer

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def keys(tmp_path: Path) -> Certificates:
    return certificates(tmp_path)


@pytest.fixture
def server(keys: Certificates) -> Iterator[SmtpServer]:
    server = SmtpServer(keys)
    yield server
    server.close()


def order(number: int = 1, **delivery: Any) -> Order:
    fields = {
        "way": "mail",
        "to": ("jo@acme.example",),
        "state": "sending",
        "leaves_at": AT,
        "external": f"<t-7.m{number}@fleet.example>",
    }
    return Order(
        about=f"T-7/m{number}",
        delivery=Delivery(**{**fields, **delivery}),
        subject="It fails",
        body=f"answer {number}\n.\n..two dots",
        at=AT,
        who=Person(id="kathy", name="Kathy Ray"),
        ticket=cast(Any, SimpleNamespace(id="T-7")),
        references=("<q1@acme.example>",),
    )


def sender_to(server: SmtpServer, keys: Certificates, tmp_path: Path, **smtp: Any) -> MailOut:
    given = {"host": "localhost", "port": server.port, "ca": str(keys.ca), **smtp}
    return made(tmp_path, Smtp(**given))


def made(tmp_path: Path, smtp: Smtp, password: str = PASSWORD) -> MailOut:
    folder = in_workspace(tmp_path)
    policy = MailConnection(answers="send", sender="support@fleet.example", smtp=smtp)
    return MailOut(
        tmp_path / "handbook" / "connections.json",
        policy,
        lambda: password,
        SendingLog(folder, lambda: AT),
        "Fleet",
    )


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_mail_leaves_encrypted_and_signed_in(tls: str, keys: Certificates, tmp_path: Path) -> None:
    server = SmtpServer(keys, tls=tls)
    sender = sender_to(server, keys, tmp_path, tls=tls)
    sender.open()
    assert sender.send(order(copies=("Lee <lee@acme.example>",))) == "<t-7.m1@fleet.example>"
    sender.close()
    server.close()
    [mail] = server.mails
    assert (mail.sender, mail.to) == ("support@fleet.example", ("jo@acme.example", "lee@acme.example"))
    assert mail.message["From"] == '"Kathy Ray (Fleet)" <support@fleet.example>'
    assert mail.message["Subject"] == "Re: It fails [T-7]"
    assert mail.text == "answer 1\n.\n..two dots\n"


def test_a_connection_serves_several_mails_and_is_made_anew_when_it_broke(
    server: SmtpServer, keys: Certificates, tmp_path: Path
) -> None:
    sender = sender_to(server, keys, tmp_path)
    for number in range(3):
        sender.open()
        sender.send(order(number))
    assert (len(server.mails), server.connections) == (3, 1)
    assert sender._server is not None and sender._server.sock is not None
    sender._server.sock.shutdown(socket.SHUT_RDWR)
    sender.open()
    sender.send(order(3))
    assert (len(server.mails), server.connections) == (4, 2)


@pytest.mark.parametrize(
    ("smtp", "why"),
    [
        ({"port": 1}, "localhost:1: nothing listens there"),
        ({"host": "no-such-host.invalid"}, "there is no host of that name"),
        ({"ca": "OTHER"}, "its certificate is not to be trusted"),
        ({"host": "127.0.0.2"}, "its certificate is not to be trusted"),
        ({"ca": "/nowhere.pem"}, 'the file named by "ca" is missing'),
    ],
)
def test_what_keeps_us_from_the_server_is_said_in_a_line(
    smtp: dict[str, Any], why: str, keys: Certificates, tmp_path: Path
) -> None:
    server = SmtpServer(keys)
    smtp = {**smtp, "ca": str(keys.other)} if smtp.get("ca") == "OTHER" else smtp
    sender = sender_to(server, keys, tmp_path, **smtp)
    with pytest.raises(Down) as down:
        sender.open()
    server.close()
    assert why in down.value.why or "127.0.0.2" in str(smtp)
    assert "\n" not in down.value.why


def test_no_word_of_ours_goes_to_a_server_without_tls(keys: Certificates, tmp_path: Path) -> None:
    server = SmtpServer(keys, tls="none")
    with pytest.raises(Down, match="cannot do what is asked of it"):
        sender_to(server, keys, tmp_path).open()
    server.close()


def test_a_wrong_password_is_told_without_repeating_it(
    server: SmtpServer, keys: Certificates, tmp_path: Path
) -> None:
    smtp = Smtp(host="localhost", port=server.port, ca=str(keys.ca))
    with pytest.raises(Down, match="does not accept the user or the password: 535") as down:
        made(tmp_path, smtp, "wrong-secret").open()
    assert "wrong-secret" not in down.value.why


def test_a_sender_that_the_server_does_not_take_fails_no_answer(
    server: SmtpServer, keys: Certificates, tmp_path: Path
) -> None:
    server.behaviour.at_sender = lambda address: "553 not yours"
    with pytest.raises(Down, match=r"does not let us send as support@fleet\.example: 553 not yours"):
        sender_to(server, keys, tmp_path).open()


def test_a_recipient_that_is_refused_for_good_fails(
    server: SmtpServer, keys: Certificates, tmp_path: Path
) -> None:
    server.behaviour.at_recipient = lambda address: "550 no such user"
    sender = sender_to(server, keys, tmp_path)
    sender.open()
    with pytest.raises(NotSent, match=r"jo@acme\.example was not taken: 550 no such user") as refused:
        sender.send(order())
    assert refused.value.again_after is None
    server.behaviour.at_recipient = lambda address: "250 OK"
    sender.send(order(2))  # the connection is still good
    assert len(server.mails) == 1


def test_what_is_refused_for_now_is_tried_again(
    server: SmtpServer, keys: Certificates, tmp_path: Path
) -> None:
    server.behaviour.at_recipient = lambda address: "451 greylisted"
    sender = sender_to(server, keys, tmp_path)
    sender.open()
    with pytest.raises(NotSent, match="451 greylisted") as refused:
        sender.send(order())
    assert refused.value.again_after is not None


def test_a_copy_that_is_refused_does_not_keep_the_answer_back(
    server: SmtpServer, keys: Certificates, tmp_path: Path
) -> None:
    server.behaviour.at_recipient = lambda address: "550 gone" if address.startswith("lee@") else "250 OK"
    sender = sender_to(server, keys, tmp_path)
    sender.open()
    sender.send(order(copies=("lee@acme.example", "ann@acme.example")))
    assert server.mails[0].to == ("jo@acme.example", "ann@acme.example")
    assert sender.beside() == "The mail server did not take the copy to lee@acme.example: 550 gone".replace(
        "550 ", ""
    )


@pytest.mark.parametrize(("answer", "again"), [("552 too large", False), ("451 later", True)])
def test_a_mail_that_is_refused_after_its_end_was_not_sent(
    answer: str, again: bool, server: SmtpServer, keys: Certificates, tmp_path: Path
) -> None:
    server.behaviour.before_keeping = lambda mail: answer
    sender = sender_to(server, keys, tmp_path)
    sender.open()
    with pytest.raises(NotSent) as refused:
        sender.send(order())
    assert (refused.value.again_after is not None) is again
    assert sender.look(order()) is None


def test_a_connection_that_is_cut_after_the_mail_leaves_the_outcome_open(
    server: SmtpServer, keys: Certificates, tmp_path: Path
) -> None:
    server.behaviour.after_data = lambda mail: "cut"
    sender = sender_to(server, keys, tmp_path)
    sender.open()
    with pytest.raises(Unknown, match="handed over"):
        sender.send(order())
    assert len(server.mails) == 1
    after_restart = sender_to(server, keys, tmp_path)
    with pytest.raises(Unknown) as unknown:
        after_restart.look(order())
    assert unknown.value.again_after is not None
    later = AT + timedelta(minutes=1)
    assert after_restart.look(order(unsure=True, tried_at=later)) is None, (
        "the second try did not come so far"
    )


def test_a_connection_that_is_cut_before_the_end_was_not_sent(
    server: SmtpServer, keys: Certificates, tmp_path: Path
) -> None:
    sender = sender_to(server, keys, tmp_path)
    sender.open()
    assert sender._server is not None
    whole = sender._server.send

    def cut(content: Any) -> None:
        whole(content[:20] if len(content) > 100 else content)
        if len(content) > 100:
            raise ConnectionResetError

    sender._server.send = cut  # type: ignore[method-assign, assignment]
    with pytest.raises(NotSent) as refused:
        sender.send(order())
    assert refused.value.again_after is not None
    assert sender_to(server, keys, tmp_path).look(order()) is None
    assert server.mails == []


def test_what_the_server_took_is_remembered_after_a_restart(
    server: SmtpServer, keys: Certificates, tmp_path: Path
) -> None:
    """Also where a backup was brought back, in which it is still to be sent."""
    sender = sender_to(server, keys, tmp_path)
    sender.open()
    sender.send(order())
    again = sender_to(server, keys, tmp_path)
    assert again.look(order()) == "<t-7.m1@fleet.example>"
    again.open()
    again.send(order())
    assert len(server.mails) == 1


def test_where_the_log_was_lost_nobody_claims_to_know(
    server: SmtpServer, keys: Certificates, tmp_path: Path
) -> None:
    sender = sender_to(server, keys, tmp_path)
    with pytest.raises(Unknown, match="was lost") as unknown:
        sender.look(order())
    assert unknown.value.again_after is None, "it may have left long ago: that is for a person"
    assert sender_to(server, keys, tmp_path).look(order()) is None


def test_a_line_that_a_crash_cut_off_hides_no_other(tmp_path: Path) -> None:
    log = SendingLog(in_workspace(tmp_path), lambda: AT)
    log.dot("<a@x>")
    (tmp_path / "mail-out.log").write_bytes((tmp_path / "mail-out.log").read_bytes() + b'\n{"id":"<b')
    later = SendingLog(in_workspace(tmp_path), lambda: AT)
    later.taken("<c@x>")
    last = SendingLog(in_workspace(tmp_path), lambda: AT)
    assert [last.last(id_) for id_ in ("<a@x>", "<b@x>", "<c@x>")] == ["dot", "", "taken"]
    assert (tmp_path / "mail-out.log").stat().st_mode & 0o777 == 0o600


# -- a program of this machine

PROGRAM = """
import sys, pathlib
pathlib.Path({out!r}).write_bytes(sys.stdin.buffer.read())
print("what is wrong", file=sys.stderr)
sys.exit({code})
"""


def by_program(tmp_path: Path, code: int, *, trusted: bool = True) -> MailOut:
    program = tmp_path / "sendmail.py"
    program.write_text(PROGRAM.format(out=str(tmp_path / "out.eml"), code=code))
    (tmp_path / "handbook").mkdir()
    policy = tmp_path / "handbook/connections.json"
    mail = {"from": "support@fleet.example", "smtp": {"sendmail": [sys.executable, str(program), "-t"]}}
    policy.write_text(json.dumps({"mail": mail}))
    policy.chmod(0o644 if trusted else 0o664)
    return made(tmp_path, Smtp(sendmail=(sys.executable, str(program), "-t")))


def test_a_program_takes_the_mail(tmp_path: Path) -> None:
    sender = by_program(tmp_path, 0)
    sender.open()
    assert sender.send(order()) == "<t-7.m1@fleet.example>"
    content = (tmp_path / "out.eml").read_bytes()
    assert b"\r" not in content and b"To: jo@acme.example\n" in content


@pytest.mark.parametrize(("code", "again"), [(75, True), (67, False)])
def test_a_program_that_fails_says_whether_to_try_again(code: int, again: bool, tmp_path: Path) -> None:
    sender = by_program(tmp_path, code)
    sender.open()
    with pytest.raises(NotSent, match=f"ended with {code}: what is wrong") as refused:
        sender.send(order())
    assert (refused.value.again_after is not None) is again


def test_a_program_that_anybody_could_have_named_does_not_run(tmp_path: Path) -> None:
    sender = by_program(tmp_path, 0, trusted=False)
    with pytest.raises(Down, match="others than its owner may change it"):
        sender.open()
