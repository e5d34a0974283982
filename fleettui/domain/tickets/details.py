"""What has to be known before a problem can be solved (SUP-10). Pure functions."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from fleettui.domain.tickets.model import Ticket
from fleettui.domain.tickets.policy import Detail, Details


class KnownDetail(NamedTuple):
    """A detail and its answer."""

    detail: Detail
    answer: str


def rows(ticket: Ticket, details: Details) -> list[KnownDetail]:
    """Every detail with its answer, empty where there is none; the required ones first."""
    details_known = [KnownDetail(detail, ticket.details.get(detail.key, "")) for detail in details.details]
    return sorted(details_known, key=lambda row: not row.detail.required)


def missing(ticket: Ticket, details: Details, *, required: bool) -> list[Detail]:
    """The details without an answer, the required or the other ones."""
    return [row.detail for row in rows(ticket, details) if row.detail.required is required and not row.answer]


def answered(ticket: Ticket, details: Details, besides: Collection[str] = ()) -> list[str]:
    """What is known, a line each, for whoever is called to help; without those whose keys are told elsewhere."""
    return [
        f"{row.detail.label}: {row.answer}"
        for row in rows(ticket, details)
        if row.answer and row.detail.key not in besides
    ]
