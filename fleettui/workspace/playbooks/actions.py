"""What can be done with playbooks: begin one, and take it step by step, each role in its turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from fleettui.domain.checklists import rules as checklist
from fleettui.domain.playbooks import runs as playbooks
from fleettui.domain.playbooks.runs import Edit, Link, PlaybookRun
from fleettui.domain.team import roles as casting
from fleettui.domain.team.roles import ANYBODY, RoleAssignment
from fleettui.errors import Refused
from fleettui.store.protocol import NoSuchDocument
from fleettui.text import cleaning
from fleettui.workspace.collections import RUNS
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import Checklist, Opens, Progress, Run, StepView, Turn, Value
    from fleettui.domain.checklists.rules import Moment
    from fleettui.domain.customers.model import Customer
    from fleettui.domain.playbooks.policy import Playbook
    from fleettui.policy.handbook import Handbook
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.oncall import OnCall
    from fleettui.workspace.people import People
    from fleettui.workspace.playbooks.openings import Openings


class RunView(NamedTuple):
    views: tuple[StepView, ...]
    progress: Progress
    turns: tuple[Turn, ...]


class Playbooks:
    def __init__(
        self,
        session: Session,
        people: People,
        customers: Customers,
        oncall: OnCall,
        openings: Callable[[], Openings],
    ) -> None:
        """`openings` makes what begins other things: only a step that does so needs them all."""
        self._session, self._store = session, session.store
        self._people, self._customers, self._oncall = people, customers, oncall
        self._openings = openings
        self._minute: datetime | None = None
        self._looks: dict[tuple[str, int], RunView] = {}

    # Looking

    def all(self, *, archived: bool = False) -> list[PlaybookRun]:
        """What is open first, the oldest first; then what is closed, the newest first."""
        found = self._store.all(RUNS, archived=archived)
        now = self._session.now()
        return sorted(
            found,
            key=lambda one: (
                not one.open,
                (one.run.started - now) if one.closed is None else (now - one.closed),
            ),
        )

    def open_runs(self) -> list[PlaybookRun]:
        return [one for one in self.all() if one.open]

    def get(self, id_: str) -> PlaybookRun | None:
        return self._store.get(RUNS, id_.strip().upper())

    def find(self, id_: str) -> PlaybookRun:
        found = self.get(id_)
        if found is None:
            raise NoSuchDocument("runs", cleaning.line(id_, 40))
        return found

    def of_customer(self, customer_id: str) -> list[PlaybookRun]:
        return [one for one in self.all() if one.customer == customer_id]

    def begun_by(self, id_: str) -> list[PlaybookRun]:
        """The runs that steps of this one have begun."""
        return [one for one in self.all() if one.parent == id_]

    @property
    def _handbook(self) -> Handbook:
        return self._session.policy.handbook

    @property
    def moment(self) -> Moment:
        return self._handbook.moment(self._session.now())

    def look(self, one: PlaybookRun) -> RunView:
        """How a run stands now. Lists ask again and again: within a minute the answer is the same."""
        minute = self._session.now().replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute, self._looks = minute, {}
        found = self._looks.get((one.id, one.rev))
        if found is None:
            views = playbooks.step_views(one, self.moment)
            found = RunView(views, checklist.progress(views), playbooks.turns(one, views))
            self._looks[one.id, one.rev] = found
        return found

    def view(self, one: PlaybookRun) -> tuple[StepView, ...]:
        return self.look(one).views

    def progress(self, one: PlaybookRun) -> Progress:
        return self.look(one).progress

    def turns(self, one: PlaybookRun) -> tuple[Turn, ...]:
        return self.look(one).turns

    def my_turn(self, one: PlaybookRun) -> list[str]:
        """The steps that I can do now: mine, my roles', and those of whom I cover."""
        turns = self.turns(one)
        if not turns:
            return []
        logins, roles = self._whose(), self.my_roles()
        return [key for turn in turns if playbooks.is_turn_of(turn, logins, roles) for key in turn.keys]

    def my_roles(self) -> frozenset[str]:
        return casting.roles_of(self._people.me, self._handbook.roles)

    def _whose(self) -> frozenset[str]:
        return casting.covered_by(self._people.all(), self._session.login, self._session.today())

    # Beginning

    def start(
        self,
        name: str,
        customer: str | None = None,
        *,
        answers: dict[str, Value] | None = None,
        parent: tuple[str, str] = ("", ""),
    ) -> PlaybookRun:
        """`parent`: the run and the step that begin it."""
        playbook = self._handbook.playbook(name)
        known = self._customers.find(customer) if customer else None
        found = playbooks.known_answers(playbook.checklist, known) | self._understood(playbook, answers or {})
        cast = self._cast(playbook, known)
        sanctions = self._handbook.gtm.sanctions
        reminder = sanctions.message if playbook.id in sanctions.at else ""

        def made(id_: str) -> PlaybookRun:
            return playbooks.started(
                id_,
                playbook,
                by=self._session.login,
                now=self._session.now(),
                customer=known,
                answers=found,
                cast=cast,
                parent=parent,
                reminder=reminder,
            )

        return self._store.add(RUNS, made, self._session.stamp("playbooks.start"))

    def _understood(self, playbook: Playbook, answers: dict[str, Value]) -> dict[str, Value]:
        definition, run = playbook.checklist, checklist.begin(self._session.now())
        for key, value in answers.items():
            named = playbooks.matching_key((fact.key for fact in definition.facts), key)
            run = checklist.answer(
                definition, run, named, cleaning.line(value) if isinstance(value, str) else value
            )
        return run.answers

    def _cast(self, playbook: Playbook, customer: Customer | None) -> dict[str, str]:
        handbook = self._handbook
        group = handbook.groups.of(customer.hosts) if customer else None
        first = next(
            (one.role for one in handbook.gtm.reach_out if customer and one.kind == customer.kind), ""
        )
        cast = RoleAssignment(
            handbook.roles,
            self._people.all(),
            starter=self._people.me,
            customer=customer,
            group=group,
            first_writer=first,
            on_call=self._oncall.person(),
        )
        found = cast.of(playbooks.roles_in(playbook.checklist))
        return {**found, ANYBODY: cast.carrier(playbook.dri)}

    # Step by step

    def tick(self, id_: str, step: str, *, evidence: str = "") -> PlaybookRun:
        """Done. An approval is given by ticking it, by somebody who may give it."""
        roles = self.my_roles()
        return self._edit(
            id_,
            step,
            "playbooks.tick",
            lambda key, moment: (
                lambda definition, run: checklist.tick(
                    definition,
                    run,
                    key,
                    self._session.login,
                    moment,
                    evidence=cleaning.line(evidence),
                    roles=roles,
                )
            ),
        )

    def decline(self, id_: str, step: str, why: str) -> PlaybookRun:
        roles = self.my_roles()
        return self._edit(
            id_,
            step,
            "playbooks.decline",
            lambda key, moment: (
                lambda definition, run: checklist.decline(
                    definition, run, key, self._session.login, moment, why=cleaning.line(why), roles=roles
                )
            ),
            why,
        )

    def skip(self, id_: str, step: str, why: str) -> PlaybookRun:
        return self._edit(
            id_,
            step,
            "playbooks.skip",
            lambda key, moment: (
                lambda definition, run: checklist.skip(
                    definition, run, key, self._session.login, moment, why=cleaning.line(why)
                )
            ),
            why,
        )

    def untick(self, id_: str, step: str) -> PlaybookRun:
        return self._edit(
            id_,
            step,
            "playbooks.untick",
            lambda key, _: lambda definition, run: checklist.untick(definition, run, key),
            wakes=True,
        )

    def again(self, id_: str, step: str) -> PlaybookRun:
        """One more round of a step that repeats: the next draft, the next rep."""
        return self._edit(
            id_,
            step,
            "playbooks.again",
            lambda key, _: lambda definition, run: checklist.repeat(definition, run, key),
            wakes=True,
        )

    def hand_over(self, id_: str, step: str, to: str) -> PlaybookRun:
        """A step, or a group with all in it, to somebody; to nobody: back to its role."""
        login = self._login(to)
        return self._edit(
            id_,
            step,
            "playbooks.hand_over",
            lambda key, _: lambda definition, run: checklist.hand_over(definition, run, key, login),
        )

    def answer(self, id_: str, fact: str, value: Value | None) -> PlaybookRun:
        return self.answer_all(id_, {fact: value})

    def answer_all(self, id_: str, answers: Mapping[str, Value | None]) -> PlaybookRun:
        """Several questions at once; None takes an answer back."""

        def edit(definition: Checklist, run: Run) -> Run:
            names = [fact.key for fact in definition.facts]
            for name, value in answers.items():
                tidy = cleaning.line(value) if isinstance(value, str) else value
                run = checklist.answer(definition, run, playbooks.matching_key(names, name), tidy)
            return run

        return self._change(
            id_, lambda one: playbooks.changed(one, edit, self.moment, wakes=True), "playbooks.answer"
        )

    def fill(self, id_: str, field: str, value: str) -> PlaybookRun:
        return self.fill_all(id_, {field: value})

    def fill_all(self, id_: str, values: Mapping[str, str], *, seen: int | None = None) -> PlaybookRun:
        """Several fields at once; an empty value empties its field."""

        def edit(definition: Checklist, run: Run) -> Run:
            names = [field.key for step in checklist.every_step(definition.steps) for field in step.fields]
            for name, value in values.items():
                run = checklist.fill(definition, run, playbooks.matching_key(names, name), value)
            return run

        return self._change(
            id_,
            lambda one: playbooks.changed(one, edit, self.moment, wakes=True),
            "playbooks.fill",
            seen=seen,
        )

    def cast(self, id_: str, players: Mapping[str, str]) -> PlaybookRun:
        """Who plays which role in this run from now on; nobody in particular: an empty name."""
        found = {self._role(role): self._login(to) for role, to in players.items()}

        def edit(definition: Checklist, run: Run) -> Run:
            for role, login in found.items():
                if role not in playbooks.roles_in(definition):
                    raise Refused(f"{cleaning.line(role, 40)!r} has nothing to do in {id_}")
                run = checklist.assign_role(run, role, login)
            return run

        return self._change(id_, lambda one: playbooks.changed(one, edit, self.moment), "playbooks.cast")

    def _role(self, said: str) -> str:
        known = self._handbook.roles.find(said)
        return known.key if known else said.strip()

    def _login(self, said: str) -> str:
        return self._people.find(said).login if said.strip() else ""

    # The run as a whole

    def cancel(self, id_: str, why: str = "") -> PlaybookRun:
        return self._change(
            id_, lambda one: playbooks.cancelled(one, why, self._session.now()), "playbooks.cancel", why
        )

    def reopen(self, id_: str) -> PlaybookRun:
        return self._change(id_, playbooks.reopened, "playbooks.reopen")

    def open(self, id_: str, step: str, at: datetime | None = None) -> list[Link]:
        """Begin what the step begins: a playbook, a call (`at` a time), a ticket. What is begun already is not begun twice."""
        one = self.find(id_)
        if not one.open:
            raise Refused(f"{one.id} is {one.outcome}; reopen it first")
        key = playbooks.step_key(one, step)
        shown = checklist.find(one.definition, one.run, self.moment, key)
        if not shown.step.opens:
            raise Refused(f"{shown.label}: this step begins nothing")
        if shown.state in ("not applicable", "unanswered", "blocked"):
            raise Refused(f"{shown.label}: {shown.why_not}")
        begun = {link.kind for link in self.links_of(one, key)}
        links = [
            Link(step=key, kind=opens.kind, id=self._begin(one, shown, opens, at))
            for opens in shown.step.opens
            if opens.kind not in begun
        ]
        for link in links:
            if link.kind != "playbook":  # a run knows its parent by itself
                self.link(one.id, link)
        return links

    def _begin(self, run: PlaybookRun, step: StepView, opens: Opens, at: datetime | None) -> str:
        if opens.kind == "playbook":
            return self.start(opens.name, run.customer or None, parent=(run.id, step.key)).id
        return self._openings().begin(run, step, opens, at)

    def link(self, id_: str, link: Link) -> PlaybookRun:
        return self._change(id_, lambda one: playbooks.linked(one, link), "playbooks.link")

    def links_of(self, one: PlaybookRun, step: str) -> list[Link]:
        """What a step has begun: runs know their parent, the rest the run remembers."""
        runs = [
            Link(step=step, kind="playbook", id=run.id)
            for run in self.begun_by(one.id)
            if run.parent_step == step
        ]
        return runs + [link for link in one.links if link.step == step]

    # Texts

    def written(self, one: PlaybookRun, name: str) -> str:
        """A message that a step offers, with what is known; what is not known yet stands in brackets."""
        writer = self._handbook.renderer
        customer = self._customers.get(one.customer) if one.customer else None
        known = playbooks.variables(one, customer, self._people.me.shown)
        gaps = {gap.name: f"[{gap.meaning or gap.name}]" for gap in writer.missing(name, known)}
        return writer.render(name, known | gaps)

    # Writing

    def _edit(
        self,
        id_: str,
        step: str,
        verb: str,
        edit: Callable[[str, Moment], Edit],
        why: str = "",
        *,
        wakes: bool = False,
    ) -> PlaybookRun:
        moment = self.moment

        def change(one: PlaybookRun) -> PlaybookRun:
            key = playbooks.step_key(one, step)
            return playbooks.changed(one, edit(key, moment), moment, wakes=wakes)

        return self._change(id_, change, verb, why)

    def _change(
        self,
        id_: str,
        edit: Callable[[PlaybookRun], PlaybookRun],
        verb: str,
        why: str = "",
        *,
        seen: int | None = None,
    ) -> PlaybookRun:
        id_ = id_.strip().upper()

        def existing(one: PlaybookRun | None) -> PlaybookRun:
            if one is None:
                raise NoSuchDocument("runs", cleaning.line(id_, 40))
            return edit(one)

        stamp = self._session.stamp(verb, cleaning.line(why))
        done = self._store.change(RUNS, id_, existing, stamp, seen=seen)
        if done is None:
            raise NoSuchDocument("runs", cleaning.line(id_, 40))
        return done
