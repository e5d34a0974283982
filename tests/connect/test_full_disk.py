"""No room on the disk: the service waits, and nothing is lost, doubled or sent that cannot be noted."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import pytest

from fleettui.workspace.workspace import Workspace
from tests.support.certificates import certificates
from tests.support.clocks import MONDAY_MORNING
from tests.support.connect_service import ServiceProcess, set_up, until
from tests.support.homes import make_home
from tests.support.imap_server import ImapServer, mail
from tests.support.smtp_server import SmtpServer

pytestmark = pytest.mark.slow


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits files of a running process")
def test_without_room_it_waits_and_then_goes_on_by_itself(tmp_path: Path) -> None:
    keys = certificates(tmp_path)
    imap, smtp = ImapServer(keys), SmtpServer(keys)
    home = make_home(tmp_path / "home", MONDAY_MORNING, "kathy", demo=False)
    set_up(home, keys, smtp, imap)
    kathy = Workspace.open(home, login="kathy")
    service = ServiceProcess(home, tmp_path / "log")
    imap.deliver([mail(1)])
    until(lambda: kathy.refresh() and kathy.tickets.all())
    # What a process may write into a file ends here: for it, the disk is full.
    journal = max(path.stat().st_size for path in (home / "journal").iterdir())
    limit = min(journal, (tmp_path / "log").stat().st_size) // 2
    resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    imap.deliver(mail(number) for number in range(2, 12))
    [ticket] = kathy.tickets.all()
    for number in range(5):
        kathy.tickets.reply(ticket.id, f"answer {number}")
    time.sleep(3)
    assert (len(kathy.tickets.all()), smtp.mails) == (1, []), "nothing leaves that cannot be noted"
    assert service.process.poll() is None
    resource.prlimit(
        service.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    )
    until(lambda: kathy.refresh() and len(kathy.tickets.all()) == 11)
    until(lambda: len(smtp.mails) == 5)
    assert [mail.text for mail in smtp.mails] == [f"answer {number}\n" for number in range(5)]
    until(lambda: kathy.refresh() or all(order.delivery.state == "sent" for order in kathy.outbox.all()))
    assert service.stop() == 0
    assert sum(len(ticket.messages) for ticket in kathy.tickets.all()) == 16
    imap.stop()
    smtp.close()
    kathy.close()
