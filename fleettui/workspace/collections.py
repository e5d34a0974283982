"""The collections of documents that a workspace keeps, by name."""

from __future__ import annotations

from typing import Any

from fleettui.domain.calls import model as calls
from fleettui.domain.customers.channels import CustomerChannel
from fleettui.domain.customers.model import Customer
from fleettui.domain.delivery import letters
from fleettui.domain.playbooks.runs import PlaybookRun
from fleettui.domain.rituals.model import Instance, Ritual, archive_after
from fleettui.domain.saved_view import SavedView
from fleettui.domain.team.people import Person
from fleettui.domain.team.retro import Retro
from fleettui.domain.team.rota_changes import KeptRota
from fleettui.domain.tickets.linked_issues import LinkedIssue
from fleettui.domain.tickets.model import Ticket, TicketRow, finished_at
from fleettui.domain.tickets.row import VERSION, keys_of, opened_at, row_of, words_of
from fleettui.store.protocol import Collection, RowCollection, RowKind
from fleettui.workspace.answers import Answer

PEOPLE = Collection("people", Person)
CUSTOMERS = Collection("customers", Customer, "K")
RUNS = Collection("runs", PlaybookRun, "P", 101, finished=lambda run: run.closed)
RITUALS = Collection("rituals", Ritual, "RIT")
TICKS = Collection("ticks", Instance, finished=archive_after)
TICKETS = RowCollection(
    "tickets",
    Ticket,
    "T",
    1001,
    finished=finished_at,
    keys=keys_of,
    row=RowKind(row_of, TicketRow, VERSION, words_of, opened_at),
)
CALLS = Collection("calls", calls.Call, "C", finished=calls.finished_at)
CHANNELS = Collection("channels", CustomerChannel)
VIEWS = Collection("views", SavedView)
RETROS = Collection("retros", Retro)
ROTA = Collection("rota", KeptRota)
ISSUES = Collection("issues", LinkedIssue)
LETTERS = Collection("letters", letters.Letter, "L", finished=letters.finished_at)

REQUESTS = Collection("requests", Answer, finished=lambda answer: answer.at, forgotten=True)

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
    ISSUES,
    LETTERS,
)

KEPT: tuple[Collection[Any], ...] = (*ALL, REQUESTS)
"""With what is nobody's work: backups and the search for damage are about it, histories and undo are not."""

BY_NAME = {collection.name: collection for collection in ALL}
