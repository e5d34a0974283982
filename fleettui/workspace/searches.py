"""What can be searched besides tickets, and the fields of each: customers, calls, rituals, runs, people, lines of Today.

A row of a list is found by its own text, by what its document says beside it, and by the document's fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from fleettui.domain.agenda import KINDS, Item
from fleettui.domain.checklists.status import every_step
from fleettui.domain.customers.model import Customer
from fleettui.domain.playbooks.runs import PlaybookRun
from fleettui.domain.rituals.model import Ritual
from fleettui.domain.searching import completion, fields, language
from fleettui.domain.searching.completion import Completion, Named
from fleettui.domain.searching.language import Field, Language, Mistake, Search, SearchContext
from fleettui.domain.team.people import Person, time_off_on
from fleettui.errors import Refused

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Call
    from fleettui.store.beside_documents import PastSearches
    from fleettui.workspace.calls.actions import Calls
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.people import People
    from fleettui.workspace.place import Services
    from fleettui.workspace.playbooks.actions import Playbooks
    from fleettui.workspace.rituals.board import BoardRow
    from fleettui.workspace.session import Session

D = TypeVar("D")


class Line(NamedTuple, Generic[D]):
    """What a search looks at: a document, if the row is about one, and the text that is shown of it, in small letters."""

    document: D | None
    text: str


Fields = Mapping[str, Field[D, Any]]

OF_SCREEN = {
    "today": "items",
    "rituals": "rituals",
    "calls": "calls",
    "playbooks": "runs",
    "team": "people",
    "customers": "customers",
}
"""The searcher for each list but the queue, which has a language of its own (tickets/searching.py)."""


class Searcher(Generic[D]):
    """The search of one kind of list."""

    def __init__(
        self,
        context: Callable[[], SearchContext],
        of_kind: Fields[D],
        text_of: Callable[[D], Iterable[str]],
        known: Mapping[str, Callable[[], Sequence[str]]],
    ) -> None:
        """`text_of`: what a document is found by beside what its row shows."""
        self._context, self._text_of, self._known = context, text_of, known
        about = {name: _of_line(field) for name, field in of_kind.items()}
        self.language: Language[Line[D], SearchContext] = Language(about, self._text)

    def known(self, field: str) -> Sequence[str]:
        """The values that there are for a field, for whoever types one."""
        return self._known[field]() if field in self._known else ()

    def parse(self, typed: str) -> Search:
        return language.parse(self.language, typed, lambda _: ())

    def complete(self, typed: str, cursor: int) -> Completion:
        return completion.complete(self.language, typed, cursor, self.known)

    def mistakes(self, typed: str) -> Sequence[Mistake]:
        return self.parse(typed).mistakes

    def tester(self, typed: str) -> Callable[[D | None, str], bool]:
        """Whether a row is found: by its document, and its text in small letters."""
        search, context = self.parse(typed), self._context()
        tests = [
            language.clause_test(self.language, clause, context) for clause in language.cheap_first(search)
        ]
        needs_document = any(term.field not in language.TEXT for term in search.terms)

        def test(document: D | None, text: str) -> bool:
            if document is None and needs_document:
                return False
            line = Line(document, text)
            return all(matches(line) for matches in tests)

        return test

    def find(self, typed: str, among: Iterable[D]) -> list[D]:
        """For a script: what is not understood is refused."""
        problems = self.parse(typed).problems
        if problems:
            raise Refused(problems[0], field="search")
        matches = self.tester(typed)
        return [document for document in among if matches(document, "")]

    def _text(self, value: str, _: SearchContext) -> Callable[[Line[D]], bool]:
        def test(line: Line[D]) -> bool:
            if value in line.text:
                return True
            document = line.document
            return document is not None and any(value in text.casefold() for text in self._text_of(document))

        return test


def _of_line(field: Field[D, Any]) -> Field[Line[D], Any]:
    def test(value: str, context: Any) -> Callable[[Line[D]], bool]:
        matches = field.test(value, context)
        return lambda line: line.document is not None and matches(line.document)

    return field._replace(test=test)  # type: ignore[return-value, arg-type]  # another type of document, and nothing else


class Searches:
    """A searcher for each kind."""

    def __init__(
        self,
        session: Session,
        services: Services,
        people: People,
        customers: Customers,
        calls: Callable[[], Calls],
        playbooks: Callable[[], Playbooks],
    ) -> None:
        self._session, self._services = session, services
        self._people, self._customers = people, customers
        self._calls, self._playbooks = calls, playbooks

    @property
    def past(self) -> PastSearches:
        """What this person searched for."""
        return self._services.past_searches

    def of(self, screen: str) -> Searcher[Any]:
        """What the list of a screen is searched by."""
        searcher: Searcher[Any] = getattr(self, OF_SCREEN[screen])
        return searcher

    @cached_property
    def words(self) -> Searcher[Any]:
        """For rows that are about no document."""
        return self._searcher({}, lambda _: ())

    @cached_property
    def customers(self) -> Searcher[Customer]:
        def group(customer: Customer) -> str:
            of_size = self._session.policy.handbook.groups.of(customer.hosts)
            return of_size.key if of_size else ""

        every: Fields[Customer] = {
            "customer": fields.containing("by name or codename", lambda row: (row.name, row.codename)),
            "tier": fields.beginning("the contract", lambda row: row.tier),
            "kind": fields.beginning("customer or kind of prospect", lambda row: row.kind),
            "group": fields.beginning("how large they are", group),
            "hosts": fields.numbers("hosts", "how many hosts", lambda row: row.hosts),
            "whose": fields.person("who looks after them", lambda row: row.owners.values()),
            "contact": fields.containing("somebody there", _contacts),
            "touched": fields.moments(
                "touched", "when we were in touch last", lambda row: row.last_contact, past=True
            ),
            "due": fields.moments(
                "due",
                "the next step of a deal",
                lambda row: min(
                    (deal.next_step_due for deal in row.opportunities if deal.next_step_due), default=None
                ),
            ),
            "is": fields.states(
                "is",
                "a state",
                {
                    "active": lambda _: lambda row: row.active,
                    "former": lambda _: lambda row: not row.active,
                    "anonymous": lambda _: lambda row: row.anonymous,
                    "mine": lambda context: lambda row: context.me in row.owners.values(),
                },
            ),
            "has": fields.states(
                "has",
                "what there is",
                {
                    "deals": lambda _: lambda row: any(deal.state == "open" for deal in row.opportunities),
                    "contacts": lambda _: lambda row: bool(row.contacts),
                    "note": lambda _: lambda row: bool(row.note),
                },
            ),
        }
        return self._searcher(every, lambda row: (row.id, row.name, row.codename, row.note, *_contacts(row)))

    @cached_property
    def calls(self) -> Searcher[Call]:
        def stage(call: Call) -> str:
            return self._calls().stage(call)

        every: Fields[Call] = {
            "customer": fields.containing("by name", lambda call: (call.customer, call.company)),
            "whose": fields.person("who leads it", lambda call: (call.host,)),
            "kind": fields.beginning("customer, check-in, kick-off", lambda call: call.kind),
            "start": fields.moments("start", "when it begins", lambda call: call.start),
            "due": fields.moments(
                "due",
                "what was agreed",
                lambda call: min((step.due for step in call.open_steps), default=None),
            ),
            "status": fields.beginning("how it stands", stage),
            "is": fields.states(
                "is",
                "a state",
                {
                    "mine": lambda context: lambda call: call.host == context.me,
                    "planned": lambda _: lambda call: not call.over,
                    "over": lambda _: lambda call: call.over,
                    "held": lambda _: lambda call: call.ended == "held",
                    "missed": lambda _: lambda call: call.ended == "missed" or stage(call) == "missed?",
                    "cancelled": lambda _: lambda call: call.ended == "cancelled",
                    "internal": lambda _: lambda call: call.internal,
                },
            ),
        }
        return self._searcher(
            every, lambda call: (call.id, call.title, call.customer, call.company, call.about, call.notes)
        )

    @cached_property
    def rituals(self) -> Searcher[BoardRow | Ritual]:
        """Those that are owed on a day, and others."""

        def on_board(
            test: Callable[[SearchContext], Callable[[BoardRow], bool]],
        ) -> Callable[[SearchContext], Callable[[BoardRow | Ritual], bool]]:
            def begin(context: SearchContext) -> Callable[[BoardRow | Ritual], bool]:
                matches = test(context)
                return lambda row: not isinstance(row, Ritual) and matches(row)

            return begin

        every: Fields[BoardRow | Ritual] = {
            "whose": fields.person("who does it", _doers),
            "label": fields.listed("one of its labels", lambda row: _ritual(row).labels),
            "status": fields.beginning(
                "how it stands", lambda row: "retired" if isinstance(row, Ritual) else row.state
            ),
            "due": fields.moments(
                "due", "until when", lambda row: None if isinstance(row, Ritual) else row.demand.due
            ),
            "is": fields.states(
                "is",
                "a state",
                {
                    "mine": lambda context: lambda row: context.me in _doers(row),
                    "waiting": on_board(lambda _: lambda row: row.waits),
                    "open": on_board(lambda _: lambda row: row.waits),
                    "done": on_board(lambda _: lambda row: row.state in ("done", "covered")),
                    "late": on_board(lambda _: lambda row: row.state == "late"),
                    "missed": on_board(lambda _: lambda row: row.state == "missed"),
                    "skipped": on_board(lambda _: lambda row: row.state == "skipped"),
                    "retired": lambda _: lambda row: _ritual(row).retired is not None,
                },
            ),
        }
        return self._searcher(
            every, lambda row: (_ritual(row).id, _ritual(row).name, _ritual(row).purpose, _ritual(row).note)
        )

    @cached_property
    def runs(self) -> Searcher[PlaybookRun]:
        def customer_names(run: PlaybookRun) -> Iterable[str]:
            customer = self._customers.get(run.customer) if run.customer else None
            return (customer.name, customer.codename) if customer else ()

        every: Fields[PlaybookRun] = {
            "playbook": fields.containing("by name or rule", lambda run: (run.name, run.rule, run.playbook)),
            "customer": fields.containing("by name or codename", customer_names),
            "whose": fields.person("who began it", lambda run: (run.by,)),
            "created": fields.moments("created", "when it began", lambda run: run.run.started, past=True),
            "closed": fields.moments("closed", "when it ended", lambda run: run.closed, past=True),
            "is": fields.states(
                "is",
                "a state",
                {
                    "mine": lambda _: lambda run: bool(self._playbooks().my_turn(run)),
                    "open": lambda _: lambda run: run.open,
                    "finished": lambda _: lambda run: run.outcome == "finished",
                    "cancelled": lambda _: lambda run: run.outcome == "cancelled",
                },
            ),
        }
        return self._searcher(every, words_of)

    @cached_property
    def people(self) -> Searcher[Person]:
        def is_away(person: Person) -> bool:
            return time_off_on(person, self._session.today()) is not None

        every: Fields[Person] = {
            "role": fields.containing("one of the roles", lambda person: person.roles),
            "group": fields.beginning("the group", lambda person: person.group),
            "zone": fields.containing("where they are", lambda person: (person.zone,)),
            "is": fields.states(
                "is",
                "a state",
                {
                    "active": lambda _: lambda person: person.active,
                    "away": lambda _: is_away,
                    "here": lambda _: lambda person: person.active and not is_away(person),
                    "mine": lambda context: lambda person: person.login == context.me,
                },
            ),
        }
        return self._searcher(
            every, lambda person: (person.login, person.name, person.email, person.slack, *person.roles)
        )

    @cached_property
    def items(self) -> Searcher[Item]:
        """Lines of Today."""
        every: Fields[Item] = {
            "kind": fields.beginning("ticket, call, ritual, playbook", lambda item: item.kind),
            "customer": fields.containing("by name", lambda item: (item.about,)),
            "whose": fields.person("whose it is", lambda item: (item.who,)),
            "due": fields.moments("due", "until when", lambda item: item.due),
            "is": fields.states(
                "is",
                "a state",
                {
                    "mine": lambda _: lambda item: item.mine,
                    "late": lambda _: lambda item: item.state == "late",
                    "soon": lambda _: lambda item: item.state == "soon",
                    "open": lambda _: lambda item: item.wants,
                    "waiting": lambda _: lambda item: item.state == "waiting",
                },
            ),
        }
        return self._searcher(every, lambda item: (item.id, item.title, item.about))

    # -- what is known

    def _searcher(self, every: Fields[D], text_of: Callable[[D], Iterable[str]]) -> Searcher[D]:
        return Searcher(self._context, every, text_of, self._known)

    def _context(self) -> SearchContext:
        logins = {person.name.casefold(): person.login for person in self._people.all()}
        policy = self._session.policy
        return SearchContext(me=self._session.login, now=self._session.now(), zone=policy.zone, logins=logins)

    @cached_property
    def _known(self) -> Mapping[str, Callable[[], Sequence[str]]]:
        return {
            "whose": lambda: [Named(row.login, row.name) for row in self._people.all() if row.active],
            "customer": lambda: [customer.name for customer in self._customers.all() if customer.active],
            "tier": self._tiers,
            "group": lambda: [group.key for group in self._session.policy.handbook.groups.groups],
            "kind": lambda: KINDS,
            "role": lambda: sorted({role for person in self._people.all() for role in person.roles}),
            "playbook": lambda: [book.name for book in self._session.policy.handbook.playbooks.values()],
        }

    def _tiers(self) -> Sequence[str]:
        from fleettui.domain.tickets import sla

        return sla.tiers(self._session.policy.handbook.sla)


def _contacts(customer: Customer) -> Iterable[str]:
    return [text for contact in customer.contacts for text in (contact.name, contact.email)]


def _ritual(row: BoardRow | Ritual) -> Ritual:
    return row if isinstance(row, Ritual) else row.ritual


def _doers(row: BoardRow | Ritual) -> Iterable[str]:
    return (row.dri,) if isinstance(row, Ritual) else row.whose.doers


def words_of(run: PlaybookRun) -> Iterable[str]:
    """All that a run is found by: its number, its steps, and what was written down."""
    steps = every_step(run.definition.steps)
    return (run.id, run.name, run.rule, *(step.label for step in steps), *run.run.filled.values())
