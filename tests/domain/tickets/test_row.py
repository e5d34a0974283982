"""The row of a ticket says what the ticket says."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from fleettui.domain.tickets.model import Direction, Message, Ticket, TicketRow, owed_since, status_at
from fleettui.domain.tickets.row import keys_of, row_of, says_in
from tests.support.things import NOW

PREFIX = "waiting"


def message(key: str, direction: Direction, minutes: int, by: str, rev: int) -> Message:
    at = NOW + timedelta(minutes=minutes)
    return Message(key=key, at=at, by=by, direction=direction, body=key, rev=rev, external=f"<{key}>")


def a_ticket() -> Ticket:
    written = (
        message("m1", "in", 0, "Jo", 1),
        message("m2", "out", 5, "kathy", 2),
        message("m3", "in", 9, "Jo", 3),
    )
    return Ticket(
        id="T-1", rev=3, subject="It fails", customer="Acme", tier="Premium", priority="P1", status="open",
        opened_at=NOW, thread="<m1>", messages=written,
    )  # fmt: skip


def test_it_has_the_tickets_own_values_under_the_same_names() -> None:
    ticket = a_ticket()
    row = row_of(ticket)
    same = set(TicketRow.__struct_fields__) & set(Ticket.__struct_fields__)
    assert len(same) == len(TicketRow.__struct_fields__) - 4
    assert {name: getattr(row, name) for name in same} == {name: getattr(ticket, name) for name in same}


def test_sla_15_an_answer_is_owed_since_the_same_moment() -> None:
    ticket = a_ticket()
    waiting, resolved = replace(ticket, labels=("waiting: for us",)), replace(ticket, status="resolved")
    for each in (ticket, waiting, resolved, replace(ticket, messages=ticket.messages[:2])):
        assert owed_since(row_of(each), PREFIX) == owed_since(each, PREFIX)
        assert status_at(row_of(each), NOW) == status_at(each, NOW)
    assert owed_since(row_of(ticket), PREFIX) == NOW + timedelta(minutes=9)


def test_it_says_who_wrote_and_when_last() -> None:
    row = row_of(a_ticket())
    assert dict(row.says) == {"Jo": 3, "kathy": 2} == dict(says_in(a_ticket()))
    assert row.written_at == NOW + timedelta(minutes=9)


def test_the_keys_are_those_of_the_thread_and_of_each_message() -> None:
    assert set(keys_of(a_ticket())) == {"<m1>", "<m2>", "<m3>"}
