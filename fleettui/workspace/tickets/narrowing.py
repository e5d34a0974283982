"""What of a search for tickets a store can narrow by itself. What it cannot, fleettui decides by the rows."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from fleettui.domain.customers.model import Customer
from fleettui.domain.searching.fields import NOBODY
from fleettui.domain.searching.language import TEXT, Search, Term
from fleettui.domain.tickets.search import TicketContext
from fleettui.store.protocol import Narrow, Needle


def narrowed(search: Search, context: TicketContext, customers: Iterable[Customer]) -> tuple[Narrow, Search]:
    """What the archive is asked for, and the search without what is decided by that."""
    named = list(customers)
    needles: list[Needle] = []
    among: dict[str, frozenset[str]] = {}
    rest: list[tuple[Term, ...]] = []
    for clause in search.clauses:
        term = clause[0]
        if len(clause) == 1 and term.field in TEXT:
            needle = _needle(term.value, [each for each in named if _is_named(term.value, each)])
            needles.append(replace(needle, negative=term.negative))
            continue
        is_plain = len(clause) == 1 and not term.negative
        rest.append(clause)
        if is_plain and term.field == "customer":
            meant = [
                each for each in named if term.value == each.id.casefold() or _is_named(term.value, each)
            ]
            needles.append(_needle(term.value, meant))
        elif is_plain and term.field == "label":
            needles.append(Needle(term.value.removesuffix("*")))
        elif is_plain and (logins := _logins(term, context)) is not None:
            among["assignee"] = among.get("assignee", logins) & logins
    return Narrow(tuple(needles), among, only_archived=True), Search(tuple(rest))


def _needle(text: str, customers: Iterable[Customer]) -> Needle:
    """In the words of the ticket, or in the names of its customer today: the ticket has the one of then."""
    return Needle(text, "customer_id", frozenset(each.id for each in customers))


def _is_named(text: str, customer: Customer) -> bool:
    return any(text in name.casefold() for name in (customer.name, customer.codename))


def _logins(term: Term, context: TicketContext) -> frozenset[str] | None:
    """Whose it has to be, where that is sure."""
    match term.field, term.value:
        case ("is", "mine") | ("assignee" | "whose", "me"):
            return frozenset((context.me,))
        case "is", "unassigned":
            return frozenset(("",))
        case (("assignee" | "whose"), value) if value in NOBODY:
            return frozenset(("",))
        case (("assignee" | "whose"), value) if value in context.logins:
            return frozenset((context.logins[value],))
        case _:
            return None
