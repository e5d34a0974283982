"""The service is killed at random moments while mails go in and out, the lines are cut, and the mail server is moody.

At the end each mail is in the store once, the customer sees each answer once and in order, and what nobody can know is listed.
What has one Message-ID is seen once, as receiving sides show it: an answer of unknown outcome is repeated under the same."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fleettui.workspace.orders import Order
from fleettui.workspace.workspace import Workspace
from tests.support.certificates import certificates
from tests.support.clocks import MONDAY_MORNING
from tests.support.connect_service import ServiceProcess, set_up, until
from tests.support.cutting_proxy import CuttingProxy
from tests.support.homes import make_home
from tests.support.imap_server import ImapServer, mail
from tests.support.smtp_server import ReceivedMail, SmtpServer


class Size(NamedTuple):
    kills: int
    mails: int
    answers: int
    tickets: int
    moods: float = 1.0
    """How often the mail server does something else than to take a mail, as a multiple."""


@pytest.mark.slow
def test_a_few_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    Torture(tmp_path, Size(kills=6, mails=16, answers=24, tickets=6, moods=4), seed=7).run()


@pytest.mark.torture
def test_two_hundred_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    Torture(tmp_path, Size(kills=200, mails=500, answers=500, tickets=50), seed=int(time.time())).run()


class Torture:
    """One run."""

    def __init__(self, folder: Path, size: Size, seed: int) -> None:
        print(f"seed {seed}")
        self.size, self.random = size, random.Random(seed)
        keys = certificates(folder)
        self.smtp, self.imap = SmtpServer(keys), ImapServer(keys)
        self.out = CuttingProxy(self.smtp.port, self.random)
        self.into = CuttingProxy(self.imap.port, self.random)
        self.home = make_home(folder / "home", MONDAY_MORNING, "kathy", demo=False)
        policy = {"per_address_and_hour": 10_000, "tries": 50}
        set_up(self.home, keys, self.out, self.into, more=policy)
        self.log = folder / "log"
        self.kathy = Workspace.open(self.home, login="kathy")
        self.faults: Counter[str] = Counter()
        self.smtp.behaviour.at_recipient = self._at_recipient
        self.smtp.behaviour.before_keeping = self._before_keeping
        self.smtp.behaviour.after_data = self._after_data
        self.moody, self.starts = True, 0

    # -- the mail server's moods

    def _mood(self, name: str, chance: float) -> bool:
        is_so = self.moody and self.random.random() < chance * self.size.moods
        self.faults[name] += is_so
        return is_so

    def _at_recipient(self, _: str) -> str:
        return "451 greylisted" if self._mood("451 to a recipient", 0.03) else "250 OK"

    def _before_keeping(self, _: ReceivedMail) -> str:
        if self._mood("cut before it is kept", 0.02):
            return "cut"
        return "452 no room" if self._mood("452 to a mail", 0.03) else ""

    def _after_data(self, _: ReceivedMail) -> str:
        return "cut" if self._mood("cut after it was kept", 0.02) else "250 OK"

    # -- the run

    def run(self) -> None:
        began = time.monotonic()
        ids = self._tickets()
        writers = [self._beside(self._deliver), self._beside(lambda: self._answer(ids))]
        service = ServiceProcess(self.home, self.log)
        for _ in range(self.size.kills):
            self._wait_for_a_moment()
            service.kill()
            self.starts = self._works_now()
            service.start()
            self._be_impatient()
        for writer in writers:
            writer.join()
        self.moody, self.out.often, self.into.often = False, 0.0, 0.0
        until(self._is_over, "everything is in and out", 900)
        assert service.stop() == 0
        self._judge(ids)
        took = time.monotonic() - began
        print(
            f"{self.size}: {took:.0f} s, cuts {self.out.cuts} out and {self.into.cuts} in, {dict(self.faults)}"
        )
        self.imap.stop()
        self.smtp.close()
        self.kathy.close()

    def _works_now(self) -> int:
        """How many services have come so far that they said so."""
        return self.log.read_bytes().count(b"works for")

    def _wait_for_a_moment(self) -> None:
        """Mostly while it works, sometimes while it starts."""
        if self.random.random() < 0.8:
            until(lambda: self._works_now() > self.starts)
        time.sleep(self.random.uniform(0, 1.5))

    @staticmethod
    def _beside(work: Callable[[], Any]) -> threading.Thread:
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread

    def _tickets(self) -> list[str]:
        raw = (
            mail(number, sender=f"jo{number}@acme.example").replace(b"<q", b"<first")
            for number in range(self.size.tickets)
        )
        return [outcome.ticket or "" for outcome in self.kathy.intake.mail(raw)]

    def _deliver(self) -> None:
        for start in range(0, self.size.mails, 10):
            numbers = range(start, min(start + 10, self.size.mails))
            self.imap.deliver(mail(number) for number in numbers)

    def _answer(self, ids: list[str]) -> None:
        writer = Workspace.open(self.home, login="lena")
        for number in range(self.size.answers):
            writer.tickets.reply(ids[number % len(ids)], f"answer {number}")
            time.sleep(self.random.uniform(0, 0.2))
        writer.close()

    def _orders(self) -> list[Order]:
        self.kathy.refresh()
        return self.kathy.outbox.all()

    def _be_impatient(self) -> None:
        """As a person who does not wait for the next try."""
        for order in self._orders():
            if order.delivery.state == "queued" and order.delivery.again_at is not None:
                try:
                    self.kathy.outbox.retry(order.about)
                except Exception as error:  # it is being sent now
                    assert "sen" in str(error), error

    def _is_over(self) -> bool:
        self._be_impatient()
        time.sleep(0.3)
        open_ = [order for order in self._orders() if order.delivery.state in ("queued", "sending")]
        return not open_ and len(self._taken_in()) >= self.size.mails

    def _taken_in(self) -> list[str]:
        self.kathy.refresh()
        externals = (
            message.external
            for ticket in self.kathy.tickets.all(archived=True)
            for message in ticket.messages
        )
        return [external for external in externals if external.startswith("<q")]

    def _judge(self, ids: list[str]) -> None:
        taken = Counter(self._taken_in())
        assert set(taken.values()) == {1}
        assert len(taken) == self.size.mails
        orders = [order for order in self._orders() if order.ticket and order.ticket.id in ids]
        assert len(orders) == self.size.answers
        copies = Counter(mail.id for mail in self.smtp.mails)
        states = Counter(order.delivery.state for order in orders)
        print(
            f"answers {dict(states)}; shown at the other side {len(copies)},"
            f" repeated under the same Message-ID {copies.total() - len(copies)}"
        )
        assert len({order.delivery.external for order in orders}) == len(orders)
        for order in orders:
            assert order.delivery.state in ("sent", "uncertain")
            is_there = order.delivery.external in copies
            assert is_there or order.delivery.state == "uncertain", f"{order.about} is not there"
        self._judge_what_is_shown(ids)

    def _judge_what_is_shown(self, ids: list[str]) -> None:
        """Each once, by its first copy, in the order in which they were written; a copy says the same."""
        shown: dict[str, ReceivedMail] = {}
        for received_mail in self.smtp.mails:
            first = shown.setdefault(received_mail.id, received_mail)
            assert (first.text, first.to) == (received_mail.text, received_mail.to)
        assert len({received_mail.text for received_mail in shown.values()}) == len(shown)
        numbers: dict[str, list[int]] = {}
        for received_mail in shown.values():
            tag = str(received_mail.message["Subject"]).rpartition("[")[2].rstrip("]")
            numbers.setdefault(tag, []).append(int(received_mail.text.split()[1]))
        assert set(numbers) <= set(ids)
        assert all(in_order == sorted(in_order) for in_order in numbers.values()), numbers
