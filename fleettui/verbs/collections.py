"""What a workspace keeps, by name."""

from __future__ import annotations

from typing import Any

from fleettui import calls
from fleettui.customer_channels import CustomerChannel
from fleettui.customers import Customer
from fleettui.people import Person
from fleettui.playbooks import PlaybookRun
from fleettui.retro import Retro
from fleettui.rituals import Instance, Ritual, put_away
from fleettui.rota import KeptRota
from fleettui.store.protocol import Collection
from fleettui.tickets import Ticket
from fleettui.tickets_views import SavedView

PEOPLE = Collection("people", Person)
CUSTOMERS = Collection("customers", Customer, "K")
RUNS = Collection("runs", PlaybookRun, "P", 101, finished=lambda run: run.closed)
RITUALS = Collection("rituals", Ritual, "RIT")
TICKS = Collection("ticks", Instance, finished=put_away)
TICKETS = Collection("tickets", Ticket, "T", 1001, finished=lambda ticket: ticket.resolved_at)
CALLS = Collection("calls", calls.Call, "C", finished=calls.finished)
CHANNELS = Collection("channels", CustomerChannel)
VIEWS = Collection("views", SavedView)
RETROS = Collection("retros", Retro)
ROTA = Collection("rota", KeptRota)

ALL: tuple[Collection[Any], ...] = (
    PEOPLE,
    CUSTOMERS,
    RUNS,
    RITUALS,
    TICKS,
    TICKETS,
    CALLS,
    CHANNELS,
    VIEWS,
    RETROS,
    ROTA,
)

BY_NAME = {collection.name: collection for collection in ALL}
