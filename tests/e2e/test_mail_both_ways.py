"""A customer's mail comes by SMTP, shows in two terminals, rings at its owner's, and is answered there with a template.

The answer is read back from the server that receives it.
"""

from __future__ import annotations

import re
import smtplib
import ssl
import sys
from pathlib import Path

import pytest

from fleettui.intake.mail import message as intake
from fleettui.workspace.workspace import Workspace
from tests.e2e.test_triage_terminal import AS_SOMEBODY
from tests.support.certificates import certificates
from tests.support.clocks import MONDAY_MORNING
from tests.support.connect_service import ServiceProcess, set_up, until
from tests.support.homes import make_home
from tests.support.imap_server import ImapServer, mail
from tests.support.smtp_server import PASSWORD, ReceivedMail, SmtpServer
from tests.support.terminal import Terminal

pytestmark = pytest.mark.slow


def bells(terminal: Terminal) -> int:
    """How often it rang; the title of the window ends with the same sign."""
    terminal.read()
    return re.sub(rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)", b"", bytes(terminal.raw)).count(b"\x07")


def test_a_mail_arrives_rings_is_answered_and_the_answer_is_there(tmp_path: Path) -> None:
    keys = certificates(tmp_path)
    imap, exchanger, theirs = ImapServer(keys), SmtpServer(keys), SmtpServer(keys)

    def into_the_mailbox(received: ReceivedMail) -> str:
        imap.deliver([received.content])
        return "250 OK"

    exchanger.behaviour.after_data = into_the_mailbox
    home = make_home(tmp_path / "home", MONDAY_MORNING, "kathy", demo=False)
    set_up(home, keys, theirs, imap, more={"undo_seconds": 1})
    env = {
        "FLEETTUI_HOME": str(home),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }

    colleagues = Workspace.open(home, login="kathy")
    colleagues.people.add("lena", name="Lena Fischer")
    colleagues.close()

    def app(login: str) -> Terminal:
        return Terminal([sys.executable, "-c", AS_SOMEBODY, login, "triage"], columns=100, rows=30, env=env)

    def write(raw: bytes) -> None:
        with smtplib.SMTP("localhost", exchanger.port, "acme.example") as customer:
            customer.starttls(context=ssl.create_default_context(cafile=str(keys.ca)))
            customer.login("jo", PASSWORD)
            customer.sendmail("jo@acme.example", ["support@fleet.example"], raw)

    with ServiceProcess(home, tmp_path / "log") as service, app("kathy") as kathy, app("lena") as lena:
        for terminal in (kathy, lena):
            terminal.wait_for("Triage")
        write(mail(1))
        for terminal in (kathy, lena):
            terminal.wait_for("question 1", timeout=60)
        lena.wait_for("▌")
        lena.send("t")
        lena.wait_for("T-1001: yours")
        lena.send("6")
        lena.wait_for("On call for the web chat")
        before = bells(lena)
        write(mail(2, reply_to="<q1@acme.example>"))
        # a message goes after some seconds: it has been on the screen when its words came
        lena.wait_for(lambda _: b"wrote in T-1001" in lena.raw, timeout=60)
        assert bells(lena) == before + 1
        lena.send("4")
        lena.wait_for("▌")
        lena.send("r")
        lena.wait_for("Answer T-1001")
        lena.send("\x14", *"fol")
        lena.wait_for("Ask how it stands")
        lena.send("enter")
        lena.wait_for("I wanted to see how things are")
        lena.send("ctrl+s")
        until(lambda: theirs.mails, "the answer is at the other side")
        kathy.send("enter", "z")  # the page alone: below the list there is no room for its timeline
        kathy.wait_for("sent", timeout=60)
        assert service.stop() == 0
    [received] = theirs.mails
    assert received.to == ("jo@acme.example",)
    assert "I wanted to see how things are" in " ".join(received.text.split())
    read = intake.read(received.content)
    assert (read.references, read.tag, read.subject) == (
        ("<q1@acme.example>", "<q2@acme.example>"),
        "T-1001",
        "question 1",
    )
    imap.stop()
    for server in (exchanger, theirs):
        server.close()
