"""An outage: one ticket is the incident and has the status line of all, the others belong to it. Pure functions."""

from __future__ import annotations

from msgspec.structs import replace

from fleettui.domain.tickets.lifecycle import refuse_resolved
from fleettui.domain.tickets.model import Listed, Ticket
from fleettui.errors import Refused
from fleettui.text import cleaning

LONGEST_STATUS = 200


def with_status(ticket: Ticket, status: str) -> Ticket:
    """The ticket as the incident, or with a new status line."""
    refuse_resolved(ticket)
    if ticket.incident_of:
        raise Refused(f"{ticket.id} belongs to the incident {ticket.incident_of}; it leaves that first")
    line = cleaning.line(status, LONGEST_STATUS)
    if not line:
        raise Refused("say in a line how it stands: all tickets of the incident show it", field="status")
    return replace(ticket, incident=line)


def joined(ticket: Ticket, incident: Ticket) -> Ticket:
    """The ticket as one of the incident's."""
    refuse_resolved(ticket)
    if ticket.incident:
        raise Refused(f"{ticket.id} is an incident itself; close that first")
    if ticket.incident_of:
        raise Refused(f"{ticket.id} belongs to the incident {ticket.incident_of}; it leaves that first")
    return replace(ticket, incident_of=incident.id)


def left(ticket: Ticket) -> Ticket:
    """The ticket alone again."""
    if not ticket.incident_of:
        raise Refused(f"{ticket.id} belongs to no incident")
    return replace(ticket, incident_of="")


def over(ticket: Ticket) -> Ticket:
    """The incident has no status line any more; what belonged to it still says so."""
    refuse_no_incident(ticket)
    return replace(ticket, incident="")


def refuse_no_incident(ticket: Ticket) -> None:
    if ticket.incident:
        return
    of = f"; it belongs to {ticket.incident_of}" if ticket.incident_of else ""
    raise Refused(f"{ticket.id} is no incident{of}")


def status_words(ticket: Listed, incident: Ticket | None) -> str:
    """The status line as each of its tickets shows it; empty where there is none. `incident`: what the ticket belongs to."""
    if ticket.incident:
        return f"incident: {ticket.incident}"
    if not ticket.incident_of:
        return ""
    if incident is None or not incident.incident:
        return f"incident {ticket.incident_of}: over"
    return f"incident {ticket.incident_of}: {incident.incident}"
