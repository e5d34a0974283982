"""Actions on playbooks: start one, and do its steps one after the other, each role in its turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from fleettui.domain.checklists import rules as checklist
from fleettui.domain.checklists.fields import with_day_read
from fleettui.domain.playbooks import runs as playbooks
from fleettui.domain.playbooks.runs import Link, PlaybookRun
from fleettui.domain.team import roles as team_roles
from fleettui.errors import Fields, Refused
from fleettui.store.protocol import NoSuchDocument
from fleettui.text import cleaning
from fleettui.workspace.collections import RUNS
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import Checklist, Progress, Run, StepView, Turn, Value
    from fleettui.domain.checklists.rules import Moment
    from fleettui.domain.playbooks.policy import Playbook
    from fleettui.policy.handbook import Handbook
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.oncall import OnCall
    from fleettui.workspace.people import People
    from fleettui.workspace.playbooks.casting import Casting
    from fleettui.workspace.playbooks.links import StepLinks
    from fleettui.workspace.playbooks.step_opener import StepOpener
    from fleettui.workspace.playbooks.texts import RunTexts

    EditStep = Callable[[Checklist, Run, str, Moment], Run]


class RunView(msgspec.Struct, frozen=True):
    """A run's steps, its progress, and whose turn it is."""

    views: tuple[StepView, ...]
    progress: Progress
    turns: tuple[Turn, ...]


class Playbooks:
    """What a person can do with runs of playbooks."""

    def __init__(
        self,
        session: Session,
        people: People,
        customers: Customers,
        oncall: OnCall,
        step_opener: Callable[[], StepOpener],
    ) -> None:
        """`step_opener` is called only for a step that begins something elsewhere: it needs calls, tickets and rituals."""
        self._session, self._store = session, session.store
        self._people, self._customers = people, customers
        self._step_opener = step_opener
        self._oncall = oncall
        self._minute: datetime | None = None
        self._looks: dict[tuple[str, int], RunView] = {}

    # Looking

    def all(self, *, archived: bool = False) -> list[PlaybookRun]:
        """What is open first, the oldest first; then what is closed, the newest first."""
        runs = self._store.all(RUNS, archived=archived)
        now = self._session.now()
        return sorted(
            runs,
            key=lambda run: (
                not run.open,
                (run.run.started - now) if run.closed is None else (now - run.closed),
            ),
        )

    def open_runs(self) -> list[PlaybookRun]:
        return [run for run in self.all() if run.open]

    def get(self, id_: str) -> PlaybookRun | None:
        return self._store.get(RUNS, id_.strip().upper())

    def find(self, id_: str) -> PlaybookRun:
        run = self.get(id_)
        if run is None:
            raise NoSuchDocument("runs", cleaning.line(id_, 40))
        return run

    def of_customer(self, customer_id: str) -> list[PlaybookRun]:
        return [run for run in self.all() if run.customer == customer_id]

    def begun_by(self, id_: str) -> list[PlaybookRun]:
        """The runs that steps of this one have begun."""
        return [run for run in self.all() if run.parent == id_]

    @property
    def _handbook(self) -> Handbook:
        return self._session.policy.handbook

    @property
    def moment(self) -> Moment:
        """Now, as checklists need it."""
        return self._handbook.moment(self._session.now())

    def look(self, run: PlaybookRun) -> RunView:
        """The state of a run now. Lists ask for it again and again, so it is kept for a minute."""
        minute = self._session.now().replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute, self._looks = minute, {}
        look = self._looks.get((run.id, run.rev))
        if look is None:
            views = playbooks.step_views(run, self.moment)
            look = RunView(views, checklist.progress(views), playbooks.turns(run, views))
            self._looks[run.id, run.rev] = look
        return look

    def view(self, run: PlaybookRun) -> tuple[StepView, ...]:
        return self.look(run).views

    def progress(self, run: PlaybookRun) -> Progress:
        return self.look(run).progress

    def turns(self, run: PlaybookRun) -> tuple[Turn, ...]:
        return self.look(run).turns

    def my_turn(self, run: PlaybookRun) -> list[str]:
        """The steps that I can do now: mine, my roles', and those of whom I cover."""
        turns = self.turns(run)
        if not turns:
            return []
        logins = team_roles.covered_logins(self._people.all(), self._session.login, self._session.today())
        roles = self.my_roles()
        return [key for turn in turns if playbooks.is_turn_of(turn, logins, roles) for key in turn.keys]

    def my_roles(self) -> frozenset[str]:
        """The roles of whoever is at work here."""
        return team_roles.roles_of(self._people.me, self._handbook.roles)

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
        known_answers = playbooks.known_answers(playbook.checklist, known)
        all_answers = known_answers | self._checked_answers(playbook, answers or {})
        cast = self._casting.players(playbook, known)
        sanctions = self._handbook.gtm.sanctions
        reminder = sanctions.message if playbook.id in sanctions.at else ""

        def made(id_: str) -> PlaybookRun:
            return playbooks.started(
                id_,
                playbook,
                by=self._session.login,
                now=self._session.now(),
                customer=known,
                answers=all_answers,
                cast=cast,
                parent=parent,
                reminder=reminder,
            )

        return self._store.add(RUNS, made, self._session.stamp("playbooks.start"))

    def _checked_answers(self, playbook: Playbook, answers: dict[str, Value]) -> dict[str, Value]:
        definition, run = playbook.checklist, checklist.begin(self._session.now())
        for key, value in answers.items():
            named = playbooks.matching_key((fact.key for fact in definition.facts), key)
            run = checklist.answer(
                definition, run, named, cleaning.line(value) if isinstance(value, str) else value
            )
        return run.answers

    @property
    def _casting(self) -> Casting:
        from fleettui.workspace.playbooks.casting import (
            Casting,
        )  # late: only where a run begins or a text is written

        return Casting(self._session, self._people, self._oncall)

    # Step by step

    def tick(self, id_: str, step: str, *, evidence: str = "") -> PlaybookRun:
        """Mark a step as done. An approval is given by ticking it, by somebody who may give it."""
        me, roles, proof = self._session.login, self.my_roles(), self._proof(id_, step, evidence)

        def edit(definition: Checklist, run: Run, key: str, moment: Moment) -> Run:
            return checklist.tick(definition, run, key, me, moment, evidence=proof, roles=roles)

        return self._edit(id_, step, "playbooks.tick", edit)

    def _proof(self, id_: str, step: str, evidence: str) -> str:
        """Of a step that follows another run: that run, which is tied to it."""
        from fleettui.workspace.playbooks import following  # late: only where something is done

        run, typed = self.find(id_), cleaning.line(evidence)
        key = playbooks.step_key(run, step)
        begun = following.proof(self, run, key, typed)
        if begun is not None and typed:
            self._links.link(run.id, Link(step=key, kind="playbook", id=begun.id))
        return typed if begun is None else begun.id

    def decline(self, id_: str, step: str, why: str) -> PlaybookRun:
        """Refuse an approval, with the reason."""
        me, roles, reason = self._session.login, self.my_roles(), cleaning.line(why)

        def edit(definition: Checklist, run: Run, key: str, moment: Moment) -> Run:
            return checklist.decline(definition, run, key, me, moment, why=reason, roles=roles)

        return self._edit(id_, step, "playbooks.decline", edit, why)

    def skip(self, id_: str, step: str, why: str) -> PlaybookRun:
        """Mark a step as not needed, with the reason."""
        me, reason = self._session.login, cleaning.line(why)

        def edit(definition: Checklist, run: Run, key: str, moment: Moment) -> Run:
            return checklist.skip(definition, run, key, me, moment, why=reason)

        return self._edit(id_, step, "playbooks.skip", edit, why)

    def untick(self, id_: str, step: str) -> PlaybookRun:
        def edit(definition: Checklist, run: Run, key: str, moment: Moment) -> Run:
            return checklist.untick(definition, run, key)

        return self._edit(id_, step, "playbooks.untick", edit, reopens=True)

    def again(self, id_: str, step: str) -> PlaybookRun:
        """One more round of a step that repeats: the next draft, the next rep."""

        def edit(definition: Checklist, run: Run, key: str, moment: Moment) -> Run:
            return checklist.repeat(definition, run, key)

        return self._edit(id_, step, "playbooks.again", edit, reopens=True)

    def hand_over(self, id_: str, step: str, to: str) -> PlaybookRun:
        """Give a step, or a group with all its steps, to somebody; an empty name gives it back to its role."""
        login = self._login(to)

        def edit(definition: Checklist, run: Run, key: str, moment: Moment) -> Run:
            return checklist.hand_over(definition, run, key, login)

        return self._edit(id_, step, "playbooks.hand_over", edit)

    def answer(self, id_: str, fact: str, value: Value | None) -> PlaybookRun:
        return self.answer_all(id_, {fact: value})

    def answer_all(self, id_: str, answers: Mapping[str, Value | None]) -> PlaybookRun:
        """Several questions at once; None takes an answer back."""

        def edit(definition: Checklist, run: Run) -> Run:
            names = [fact.key for fact in definition.facts]
            checked = Fields()
            for name, value in answers.items():
                tidy = cleaning.line(value) if isinstance(value, str) else value
                with checked.check():
                    run = checklist.answer(definition, run, playbooks.matching_key(names, name), tidy)
            checked.refuse()
            return run

        return self._change(
            id_, lambda run: playbooks.changed(run, edit, self.moment, reopens=True), "playbooks.answer"
        )

    def fill(self, id_: str, field: str, value: str) -> PlaybookRun:
        return self.fill_all(id_, {field: value})

    def fill_all(self, id_: str, values: Mapping[str, str], *, seen: int | None = None) -> PlaybookRun:
        """Several fields at once; an empty value empties its field."""

        def edit(definition: Checklist, run: Run) -> Run:
            fields = {f.key: f for step in checklist.every_step(definition.steps) for f in step.fields}
            checked = Fields()
            for name, value in values.items():
                with checked.check():
                    key = playbooks.matching_key(list(fields), name)
                    typed = with_day_read(fields[key], value, self._session.day_typed)
                    run = checklist.fill(definition, run, key, typed)
            checked.refuse()
            return run

        return self._change(
            id_,
            lambda run: playbooks.changed(run, edit, self.moment, reopens=True),
            "playbooks.fill",
            seen=seen,
        )

    def cast(self, id_: str, players: Mapping[str, str]) -> PlaybookRun:
        """Set who has which role in this run; an empty name leaves the role to everybody who has it."""
        roles = self._handbook.roles
        players = {
            role.key if (role := roles.find(name)) else name.strip(): self._login(to)
            for name, to in players.items()
        }

        def edit(definition: Checklist, run: Run) -> Run:
            for role, login in players.items():
                if role not in playbooks.roles_in(definition):
                    raise Refused(f"{cleaning.line(role, 40)!r} has nothing to do in {id_}")
                run = checklist.assign_role(run, role, login)
            return run

        return self._change(id_, lambda run: playbooks.changed(run, edit, self.moment), "playbooks.cast")

    def _login(self, name: str) -> str:
        return self._people.find(name).login if name.strip() else ""

    # The run as a whole

    def cancel(self, id_: str, why: str = "") -> PlaybookRun:
        return self._change(
            id_, lambda run: playbooks.cancelled(run, why, self._session.now()), "playbooks.cancel", why
        )

    def reopen(self, id_: str) -> PlaybookRun:
        return self._change(id_, playbooks.reopened, "playbooks.reopen")

    def open(self, id_: str, step: str, at: datetime | None = None) -> list[Link]:
        """Begin what the step begins: a playbook, a call (`at` a time), a ticket. Nothing is begun twice."""
        return self._links.open(id_, step, at)

    @property
    def _links(self) -> StepLinks:
        from fleettui.workspace.playbooks.links import StepLinks  # late: only where something is begun

        return StepLinks(self, lambda id_, edit: self._change(id_, edit, "playbooks.link"), self._step_opener)

    def links_of(self, run: PlaybookRun, step: str) -> list[Link]:
        """What a step has begun: other runs know their parent, everything else is kept as a link in the run.

        A run that was cancelled is none of it: another can be begun instead.
        """
        begun = [child for child in self.begun_by(run.id) if child.parent_step == step]
        links = [Link(step=step, kind="playbook", id=child.id) for child in begun]
        links += [link for link in run.links if link.step == step]
        cancelled = {run.id for run in self.all() if run.outcome == "cancelled"}
        return [link for link in links if not (link.kind == "playbook" and link.id in cancelled)]

    # Texts

    @property
    def texts(self) -> RunTexts:
        """What the steps of a run offer to copy: texts and links."""
        from fleettui.workspace.playbooks.texts import RunTexts  # late: only where a text is written

        return RunTexts(self._session, self._people, self._customers, self._casting.assignment)

    def written(self, run: PlaybookRun, name: str) -> str:
        """A message that a step offers, filled in; what is not known yet is shown in brackets."""
        return self.texts.written(run, name)

    # Writing

    def _edit(
        self, id_: str, step: str, verb: str, edit: EditStep, why: str = "", *, reopens: bool = False
    ) -> PlaybookRun:
        moment = self.moment

        def change(run: PlaybookRun) -> PlaybookRun:
            key = playbooks.step_key(run, step)
            return playbooks.changed(
                run, lambda definition, state: edit(definition, state, key, moment), moment, reopens=reopens
            )

        from fleettui.workspace.playbooks import following  # late: only where something is done

        followers = following.followers(self, self.find(id_))
        if not followers:
            return self._change(id_, change, verb, why)
        return following.change(
            self._session, id_.strip().upper(), change, followers, verb, cleaning.line(why), moment
        )

    def _change(
        self,
        id_: str,
        edit: Callable[[PlaybookRun], PlaybookRun],
        verb: str,
        why: str = "",
        *,
        seen: int | None = None,
    ) -> PlaybookRun:
        return self._session.edit(RUNS, id_.strip().upper(), edit, verb, cleaning.line(why), seen=seen)
