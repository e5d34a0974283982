"""Answers that leave by themselves: the order is one change with the answer, undo takes both back until it leaves, and what the
service says of it stands on the ticket."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from fleettui.domain.delivery.model import Delivery
from fleettui.domain.tickets.arrivals import Arrival
from fleettui.domain.tickets.messages import NewMessage
from fleettui.domain.tickets.model import Message, Ticket
from fleettui.errors import Refused
from fleettui.workspace.collections import TICKETS
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.connections import connect
from tests.support.homes import make_home

UNDO = timedelta(seconds=20)


class Clock:
    """Goes on when a test says so."""

    def __init__(self) -> None:
        self.now = MONDAY_MORNING

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(tmp_path: Path, clock: Clock) -> Iterator[Callable[..., Workspace]]:
    """Opens the workspace once more, as another process would."""
    home = make_home(tmp_path / "home", MONDAY_MORNING, "kathy", demo=False)
    connect(home)
    known: list[Workspace] = []

    def open_(login: str = "kathy", *, in_app: bool = False) -> Workspace:
        known.append(Workspace.open(home, clock=clock, login=login, in_app=in_app))
        return known[-1]

    yield open_
    for workspace in known:
        workspace.close()


@pytest.fixture
def kathy(opened: Callable[..., Workspace]) -> Workspace:
    return opened(in_app=True)


@pytest.fixture
def service(opened: Callable[..., Workspace]) -> Workspace:
    return opened("fleettui")


def by_mail(workspace: Workspace, thread: str = "<1@acme.example>", cc: tuple[str, ...] = ()) -> Ticket:
    arrival = Arrival(
        thread=thread, external=thread, at=workspace.now(), by="Jo Park", subject="It fails", body="Help",
        customer="Acme", channel="jo@acme.example", way="mail", cc=cc,
    )  # fmt: skip
    ticket = workspace.tickets.arrive(arrival).ticket
    assert ticket
    return ticket


def by_slack(workspace: Workspace) -> Ticket:
    arrival = Arrival(
        thread="1700000000.000100", external="1700000000.000100", at=workspace.now(), by="Jo Park",
        subject="It fails", body="Help", customer="Acme", channel="C0123ABCD", way="slack",
    )  # fmt: skip
    ticket = workspace.tickets.arrive(arrival).ticket
    assert ticket
    return ticket


def answer(workspace: Workspace, ticket: Ticket, body: str = "On it.", **more: Any) -> Message:
    return workspace.tickets.reply(ticket.id, body, **more).messages[-1]


def delivery_of(message: Message) -> Delivery:
    assert message.delivery
    return message.delivery


# -- what is queued


def test_an_answer_and_its_order_are_one_change(kathy: Workspace) -> None:
    ticket = by_mail(kathy, cc=("Al <al@acme.example>", "Us <support@fleet.example>"))
    message = answer(kathy, ticket)
    delivery = delivery_of(message)
    assert (delivery.way, delivery.to, delivery.state) == ("mail", ("jo@acme.example",), "queued")
    assert delivery.copies == ("Al <al@acme.example>",), "not to ourselves"
    assert delivery.leaves_at == kathy.now() + UNDO
    assert message.external == delivery.external
    assert message.external.startswith(f"<{ticket.id.lower()}.{message.key}.")
    assert message.external.endswith("@fleet.example>")
    assert len(kathy.history.happenings(ticket.id)) == 2


def test_an_answer_to_a_thread_of_slack_goes_into_the_thread(kathy: Workspace) -> None:
    message = answer(kathy, by_slack(kathy))
    delivery = delivery_of(message)
    assert (delivery.way, delivery.to, delivery.thread) == ("slack", ("C0123ABCD",), "1700000000.000100")
    assert message.external == "", "Slack gives it"


def test_only_what_can_be_sent_is_queued(kathy: Workspace) -> None:
    typed = kathy.tickets.new("Acme", "It fails", channel="#fleet-at-acme")
    direct = kathy.tickets.new("Acme", "It fails too", channel="C0123ABCD", by_dm=True)
    for ticket in (typed, direct):
        assert answer(kathy, ticket).delivery is None
    ticket = by_mail(kathy)
    assert answer(kathy, ticket, "Said elsewhere.", copy=True).delivery is None
    assert answer(kathy, ticket, "Said before.", at=kathy.now() - timedelta(hours=1)).delivery is None
    assert kathy.outbox.all() == []


def test_without_connections_an_answer_is_kept_as_before(kathy: Workspace) -> None:
    (kathy.home / "handbook/connections.json").unlink()
    kathy.refresh()
    message = answer(kathy, by_mail(kathy))
    journals = [file.read_text() for file in (kathy.home / "journal").glob("tickets*")]
    kept = "".join(journals)
    assert (message.delivery, message.external) == (None, "")
    assert "On it." in kept
    assert "delivery" not in kept


def test_the_same_words_twice_are_two_answers(kathy: Workspace) -> None:
    ticket = by_mail(kathy)
    first, second = answer(kathy, ticket, "Thanks!"), answer(kathy, ticket, "Thanks!")
    assert first.key != second.key
    assert first.external != second.external


def test_an_answer_to_each_of_several_leaves_for_each(kathy: Workspace) -> None:
    tickets = [by_mail(kathy, f"<{n}@acme.example>") for n in (1, 2)]
    kathy.tickets.reply_each({t.id: "It works again." for t in tickets}, since={t.id: t.rev for t in tickets})
    assert [order.id for order in kathy.outbox.all()] == [ticket.id for ticket in tickets]
    kathy.history.undo()
    assert kathy.outbox.all() == []


# -- undo


def test_until_it_leaves_undo_takes_back_the_answer_with_its_order(
    kathy: Workspace, service: Workspace, clock: Clock
) -> None:
    ticket = by_mail(kathy)
    answer(kathy, ticket)
    clock.passes(19)
    kathy.history.undo()
    clock.passes(60)
    service.refresh()
    assert service.outbox.due() == []
    assert len(kathy.tickets.find(ticket.id).messages) == 1


def test_undo_takes_it_back_also_when_the_customer_wrote_meanwhile(
    kathy: Workspace, opened: Callable[..., Workspace]
) -> None:
    ticket = by_mail(kathy)
    answer(kathy, ticket)
    zay = opened("zay")
    zay.tickets.arrive(
        Arrival(
            thread="<1@acme.example>", external="<2@acme.example>", at=zay.now(), by="Jo", body="Never mind"
        )
    )
    zay.tickets.note(ticket.id, "They say it works.")
    kathy.refresh()
    kathy.history.undo()
    bodies = [message.body for message in kathy.tickets.find(ticket.id).messages]
    assert bodies == ["Help", "Never mind", "They say it works."]
    kathy.history.redo()
    bodies = [message.body for message in kathy.tickets.find(ticket.id).messages]
    assert bodies == ["Help", "On it.", "Never mind", "They say it works."]


def test_what_has_left_is_not_taken_back_and_undo_says_when_it_left(
    kathy: Workspace, service: Workspace, clock: Clock
) -> None:
    ticket = by_mail(kathy)
    answer(kathy, ticket)
    clock.passes(20)
    order = service.outbox.begin(service.outbox.due()[0])
    kathy.refresh()
    with pytest.raises(Refused, match=r"T-1001: it began to leave at 09:00 and cannot be taken back"):
        kathy.history.undo()
    clock.passes(60)
    service.outbox.sent(order)
    kathy.refresh()
    for id_ in (None, ticket.id):
        with pytest.raises(Refused, match=r"T-1001: it left at 09:01 and cannot be taken back"):
            kathy.history.undo(id_)


def test_a_later_note_is_taken_back_though_the_answer_before_it_left(
    kathy: Workspace, service: Workspace, clock: Clock
) -> None:
    ticket = by_mail(kathy)
    answer(kathy, ticket)
    kathy.tickets.note(ticket.id, "For us.")
    clock.passes(20)
    service.outbox.sent(service.outbox.begin(service.outbox.due()[0]))
    kathy.refresh()
    kathy.history.undo()
    after = kathy.tickets.find(ticket.id).messages
    assert [message.body for message in after] == ["Help", "On it."]
    assert delivery_of(after[-1]).state == "sent"


def test_redo_brings_an_answer_back_only_while_it_could_still_be_taken_back(
    kathy: Workspace, clock: Clock
) -> None:
    ticket = by_mail(kathy)
    answer(kathy, ticket)
    kathy.history.undo()
    clock.passes(5)
    kathy.history.redo()
    assert len(kathy.outbox.all()) == 1
    kathy.history.undo()
    clock.passes(20)
    with pytest.raises(Refused, match="its time to leave is over; write it again"):
        kathy.history.redo()


def together(**actions: Callable[[], object]) -> dict[str, bool]:
    """Carries them out at the same moment; by name, whether each was not refused."""
    ready, done = threading.Barrier(len(actions)), dict[str, bool]()

    def act(name: str) -> None:
        ready.wait()
        try:
            actions[name]()
            done[name] = True
        except Refused:
            done[name] = False

    threads = [threading.Thread(target=act, args=(name,)) for name in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


@pytest.mark.slow
def test_of_undo_and_the_service_at_the_same_moment_one_is_refused(
    opened: Callable[..., Workspace], clock: Clock
) -> None:
    kathy, service = opened(in_app=True), opened("fleettui")
    outcomes = set()
    for number in range(30):
        ticket = by_mail(kathy, f"<{number}@acme.example>")
        answer(kathy, ticket)
        clock.passes(20)
        service.refresh()
        (order,) = service.outbox.due()
        done = together(undo=kathy.history.undo, begin=partial(service.outbox.begin, order))
        assert done["undo"] != done["begin"], number
        outcomes.add(done["undo"])
        kathy.refresh()
        messages = kathy.tickets.find(ticket.id).messages
        assert [message.body for message in messages] == ["Help"] + ["On it."] * done["begin"]
        if done["begin"]:
            service.outbox.sent(order)
    assert outcomes


# -- what the service says


def test_the_service_leaves_no_trace_in_anybodys_undo_or_news(
    kathy: Workspace, service: Workspace, clock: Clock
) -> None:
    ticket = by_mail(kathy)
    message = answer(kathy, ticket)
    since = kathy.tickets.find(ticket.id).rev
    clock.passes(20)
    service.outbox.sent(service.outbox.begin(service.outbox.due()[0]))
    with pytest.raises(Refused, match="nothing of yours to take back"):
        service.history.undo()
    kathy.refresh()
    assert answer(kathy, ticket, "And more.", since=since).external != message.external


def test_in_one_thread_nothing_overtakes_what_was_written_before(
    kathy: Workspace, service: Workspace, clock: Clock
) -> None:
    ticket, other = by_mail(kathy), by_mail(kathy, "<2@acme.example>")
    answer(kathy, ticket, "First.")
    answer(kathy, ticket, "Second.")
    answer(kathy, other, "Of another thread.")
    clock.passes(20)
    service.refresh()
    assert [order.body for order in service.outbox.due()] == ["First.", "Of another thread."]
    order = service.outbox.begin(service.outbox.due()[0])
    assert [order.body for order in service.outbox.due()] == ["Of another thread."]
    service.outbox.failed(order, "421 busy", service.now() + timedelta(minutes=5))
    assert [order.body for order in service.outbox.due()] == ["Of another thread."]
    clock.passes(300)
    first = service.outbox.due()[-1]
    assert (first.body, first.delivery.tries) == ("First.", 1)
    service.outbox.sent(service.outbox.begin(first))
    assert {order.body for order in service.outbox.due()} == {"Second.", "Of another thread."}


def test_an_order_has_all_that_a_sender_needs(kathy: Workspace) -> None:
    ticket = by_mail(kathy)
    first = answer(kathy, ticket, "First.")
    kathy.tickets.arrive(
        Arrival(thread="<1@acme.example>", external="<3@acme.example>", at=kathy.now(), by="Jo", body="So?")
    )
    answer(kathy, ticket, "Second.")
    order = kathy.outbox.all()[-1]
    assert (order.subject, order.body, order.who.login) == ("It fails", "Second.", "kathy")
    assert order.references == ("<1@acme.example>", first.external, "<3@acme.example>")
    assert not order.is_automatic


def test_the_history_says_what_became_of_an_answer(
    kathy: Workspace, service: Workspace, clock: Clock
) -> None:
    ticket = by_slack(kathy)
    answer(kathy, ticket)
    failed(service, clock)
    kathy.refresh()
    lines = [(line.done, line.why) for line in kathy.happenings.of(ticket.id)]
    assert lines[:2] == [
        ("could not be sent: On it.", "channel_not_found"),
        ("begins to leave: On it.", ""),
    ]
    latest = [line.done for line in kathy.happenings.latest(10)]
    assert "begins to leave" not in latest
    assert "could not be sent" in latest


def test_after_a_restart_what_was_being_sent_is_looked_at(
    kathy: Workspace, service: Workspace, clock: Clock, opened: Callable[..., Workspace]
) -> None:
    answer(kathy, by_slack(kathy))
    clock.passes(20)
    service.outbox.begin(service.outbox.due()[0])
    again = opened("fleettui")
    assert again.outbox.due() == []
    (order,) = again.outbox.interrupted()
    again.outbox.sent(order, "1700000099.000200")
    message = again.tickets.find(order.id).messages[-1]
    assert (message.external, delivery_of(message).state) == ("1700000099.000200", "sent")


def test_an_echo_that_comes_first_says_the_same(kathy: Workspace, service: Workspace, clock: Clock) -> None:
    answer(kathy, by_slack(kathy))
    clock.passes(20)
    order = service.outbox.begin(service.outbox.due()[0])
    echoed = service.outbox.get(order.about)
    assert echoed
    service.outbox.sent(echoed, "1700000099.000200")
    rev = service.tickets.find(order.id).rev
    service.outbox.sent(order, "1700000099.000200")
    assert service.tickets.find(order.id).rev == rev


# -- what people decide


def failed(service: Workspace, clock: Clock, why: str = "channel_not_found") -> None:
    clock.passes(20)
    service.outbox.failed(service.outbox.begin(service.outbox.due()[0]), why)


def test_what_failed_is_listed_for_its_writer_and_sent_again_when_they_say_so(
    kathy: Workspace, service: Workspace, clock: Clock
) -> None:
    ticket = by_slack(kathy)
    answer(kathy, ticket)
    failed(service, clock)
    kathy.refresh()
    (order,) = kathy.outbox.to_do("kathy")
    assert (order.delivery.state, order.delivery.why) == ("failed", "channel_not_found")
    assert kathy.outbox.to_do("zay") == []
    kathy.outbox.retry(ticket.id)
    service.refresh()
    service.outbox.sent(service.outbox.begin(service.outbox.due()[0]), "1700000099.000200")
    assert kathy.refresh() >= {"tickets"}
    assert kathy.outbox.to_do("kathy") == []


def test_sla_15_what_never_got_through_is_still_owed(
    kathy: Workspace, service: Workspace, clock: Clock
) -> None:
    ticket = by_mail(kathy)
    answer(kathy, ticket)
    assert kathy.queue.debt(kathy.tickets.find(ticket.id)) is None
    failed(service, clock)
    kathy.refresh()
    assert kathy.queue.debt(kathy.tickets.find(ticket.id)) is not None
    kathy.outbox.retry(ticket.id)
    assert kathy.queue.debt(kathy.tickets.find(ticket.id)) is None


def test_what_is_dropped_stays_on_the_ticket_to_copy(
    kathy: Workspace, service: Workspace, clock: Clock
) -> None:
    ticket = by_mail(kathy)
    answer(kathy, ticket)
    failed(service, clock, "550 no such user")
    kathy.refresh()
    kathy.outbox.drop(ticket.id)
    message = kathy.tickets.find(ticket.id).messages[-1]
    assert (message.body, message.delivery, message.external) == ("On it.", None, "")
    kathy.history.undo()
    assert len(kathy.outbox.to_do("kathy")) == 1


def test_what_may_be_there_keeps_its_id_when_it_is_dropped(
    kathy: Workspace, service: Workspace, clock: Clock
) -> None:
    ticket = by_mail(kathy)
    external = answer(kathy, ticket).external
    clock.passes(20)
    service.outbox.uncertain(service.outbox.begin(service.outbox.due()[0]), "timed out after the data")
    kathy.refresh()
    with pytest.raises(Refused, match="it may have left at 09:00"):
        kathy.history.undo(ticket.id)
    kathy.outbox.drop(ticket.id)
    assert kathy.tickets.find(ticket.id).messages[-1].external == external


def test_an_order_is_named_by_its_ticket_where_that_is_enough(kathy: Workspace) -> None:
    ticket = by_mail(kathy)
    answer(kathy, ticket, "First.")
    assert kathy.outbox.find("1001").body == "First."
    answer(kathy, ticket, "Second.")
    with pytest.raises(Refused, match="T-1001 has several: T-1001/m2, T-1001/m3"):
        kathy.outbox.find("t-1001")
    assert kathy.outbox.find("t-1001/m3").body == "Second."
    for typed in ("T-1001/m9", "L-1", "T-77"):
        with pytest.raises(Refused, match="outbox"):
            kathy.outbox.find(typed)


def test_an_answer_that_failed_before_a_merge_is_found_from_the_ticket_that_goes_on(
    kathy: Workspace, service: Workspace, clock: Clock
) -> None:
    ticket, other = by_mail(kathy), by_mail(kathy, "<2@acme.example>")
    answer(kathy, ticket)
    failed(service, clock, "550 no such user")
    kathy.refresh()
    kathy.tickets.merge(ticket.id, other.id)
    assert [order.about for order in kathy.outbox.of_ticket(other.id)] == [f"{ticket.id}/m2"]
    assert kathy.outbox.retry(other.id).about == f"{ticket.id}/m2"
    assert [order.about for order in kathy.outbox.due()] == [f"{ticket.id}/m2"]


def test_a_merged_answer_leaves_once(kathy: Workspace, clock: Clock) -> None:
    ticket, other = by_mail(kathy), by_mail(kathy, "<2@acme.example>")
    answer(kathy, ticket)
    kathy.tickets.merge(ticket.id, other.id)
    clock.passes(20)
    assert [order.about for order in kathy.outbox.due()] == [f"{ticket.id}/m2"]


def test_a_ticket_with_an_answer_that_did_not_leave_is_not_put_into_the_archive(kathy: Workspace) -> None:
    ticket = by_mail(kathy)
    answer(kathy, ticket)
    kathy.tickets.resolve(ticket.id, documentation="no")
    resolved = kathy.tickets.find(ticket.id)
    assert TICKETS.finished(resolved) is None
    kathy.outbox.drop(ticket.id)
    assert TICKETS.finished(kathy.tickets.find(ticket.id)) == kathy.now()


def test_an_answer_recorded_by_hand_is_no_order(kathy: Workspace) -> None:
    ticket = by_mail(kathy)
    ours = NewMessage(at=kathy.now(), by="kathy", direction="out", body="From my own mail program.")
    assert ours.delivery is None
    assert kathy.outbox.get(ticket.id) is None
