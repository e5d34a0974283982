"""Working off the steps of a call: ticked, tried by a request, left out, answered. The rules are in domain/calls/gate.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from fleettui.domain.calls import gate
from fleettui.domain.calls import model as calls
from fleettui.domain.calls.gate import Tick
from fleettui.domain.calls.model import Call
from fleettui.domain.calls.policy import (
    ACCEPTED_STEP,
    AGENDA_FACT,
    DOCUMENTS_STEP,
    LINK_STEP,
    SLOTS_STEP,
)
from fleettui.domain.calls.stages import contact_of, current_run, with_run, with_stale_checks
from fleettui.domain.checklists import rules as checklist
from fleettui.domain.checklists.model import Run, Value
from fleettui.domain.customers.model import Customer, with_contact
from fleettui.errors import Refused
from fleettui.store import committed
from fleettui.text import cleaning
from fleettui.time.wording import beside_start, countdown
from fleettui.workspace.collections import CALLS, CUSTOMERS
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.calls.stages import CallRules, CallView
    from fleettui.network.link_check import Answer
    from fleettui.workspace.calls.texts import CallTexts

NO_DOCUMENTS_REFUSED = (
    "documents are attached; leave the step out with the reason, if they do not belong to this call"
)


class CallSteps:
    """What a person can do with the steps of a call."""

    def __init__(
        self,
        session: Session,
        find: Callable[[str], Call],
        view: Callable[[Call], CallView],
        rules: Callable[[], CallRules],
        texts: Callable[[], CallTexts],
    ) -> None:
        self._session, self._find, self._view = session, find, view
        self._rules, self._texts = rules, texts

    def check(self, id_: str, step: str, evidence: str = "", *, early: bool = False) -> Call:
        """Tick a step by hand, with its proof. `early`: although it is too soon, which the proof then says."""
        call = self._find(id_)
        tick = Tick(step=step, evidence=cleaning.line(evidence), early=early)
        own = tick.evidence or self._own_evidence(call, step)
        return self._edit_run(call.id, self._ticking(tick, own), "calls.check", step)

    def _ticking(self, tick: Tick, evidence: str) -> Callable[[Call, Run], Run]:
        now, rules = self._session.now(), self._rules()

        def ticked(call: Call, run: Run) -> Run:
            view = self._view(call)
            gate.refuse_unfounded(view, tick, now, rules)
            why = gate.why_early(view, tick.step, now, rules)
            note = f"ticked early, the call was {countdown(call.start, now)}" if why else ""
            proof = "; ".join(part for part in (evidence, note) if part)
            return checklist.tick(
                call.checklist, run, tick.step, self._session.login, self._moment(), evidence=proof
            )

        return ticked

    def why_early(self, call: Call, step: str) -> str:
        """Why it is too soon to tick this step; empty when it is not."""
        return gate.why_early(self._view(call), step, self._session.now(), self._rules())

    def uncheck(self, id_: str, step: str) -> Call:
        """Take a tick back."""

        def back(call: Call, run: Run) -> Run:
            if step in call.stale:
                raise Refused(f"{step}: it has to be looked at again already")
            return checklist.untick(call.checklist, run, step)

        return self._edit_run(id_, back, "calls.uncheck", step)

    def skip(self, id_: str, step: str, why: str) -> Call:
        """Mark a step as not needed, with the reason."""

        def skipped(call: Call, run: Run) -> Run:
            gate.refuse_called_off(call)
            return checklist.skip(
                call.checklist, run, step, self._session.login, self._moment(), why=cleaning.line(why)
            )

        return self._edit_run(id_, skipped, "calls.skip", step)

    # Answers

    def answer(self, id_: str, fact: str, value: Value | None) -> Call:
        """Answer a question of the checklist that the product cannot answer, or answers wrongly."""

        def answered(call: Call, run: Run) -> Run:
            after = checklist.answer(call.checklist, run, fact, value)
            if after.answers.get(AGENDA_FACT) is False and call.documents:
                raise Refused(f"{call.id}: {NO_DOCUMENTS_REFUSED}")
            return after

        return self._edit_run(id_, answered, "calls.answer", fact)

    def no_documents(self, id_: str) -> Call:
        """CALL-6: somebody says that there are none."""

        def none(call: Call, run: Run) -> Run:
            gate.refuse_called_off(call)
            if call.documents:
                raise Refused(f"{call.id}: {NO_DOCUMENTS_REFUSED}")
            return checklist.answer(call.checklist, run, AGENDA_FACT, value=False)

        return self._edit_run(id_, none, "calls.no_documents", "")

    def number(self, id_: str, phone: str, kind: str) -> Call:
        """CALL-8 (d): their number was found. It is kept with the contact; where they are not on the list, with the call."""
        call = self._find(id_)
        calls.refuse_over(call)
        number, of_kind = calls.phone_number(phone, kind)
        if not call.account:
            return self._edit(
                call.id, lambda fresh: replace(fresh, phone=number, phone_kind=of_kind), "calls.number", ""
            )
        contact = contact_of(call, self._customer(call))

        def known(customer: Customer) -> Customer:
            return with_contact(customer, contact, {"phone": number, "phone_kind": of_kind})

        self._session.edit(CUSTOMERS, call.account, known, "customers.contact")
        return self._find(call.id)

    # Links

    def test_link(self, id_: str, *, early: bool = False, **how: Any) -> Answer:
        """CALL-5: try the link with a real request; if it works, that is the proof. Takes seconds, so not in the event loop."""
        call = self._find(id_)
        gate.refuse_without_link(call)
        return self._test(call, LINK_STEP, [call.join_url], early=early, **how)[0]

    def test_documents(self, id_: str, *, early: bool = False, **how: Any) -> list[Answer]:
        """CALL-6: try each document as somebody without our login would open it."""
        call = self._find(id_)
        links = [document.url for document in call.documents if document.url]
        if not links:
            raise Refused(f"{call.id}: no document has a link to try; tick it by hand")
        return self._test(call, DOCUMENTS_STEP, links, early=early, **how)

    def _test(self, call: Call, step: str, links: list[str], *, early: bool, **how: Any) -> list[Answer]:
        from fleettui.network.link_check import check  # late: brings ssl

        calls.refuse_over(call)
        if not early:
            gate.refuse_early(self._view(call), step, self._session.now(), self._rules())
        private = self._rules().policy.links.private
        answers = [check(url, private=private, **how) for url in links]
        results = {answer.url: "" if answer.works else answer.what for answer in answers}
        if not all(answer.works for answer in answers):
            self._keep_failure(call, step, results, answers)
            return answers
        proof = "; ".join(answer.text for answer in answers)
        tick = self._ticking(Tick(step=step, evidence=proof, early=early), proof)
        self._edit(
            call.id, lambda fresh: self._with_run(gate.tried(fresh, results), tick), "calls.check", step
        )
        return answers

    def _keep_failure(self, call: Call, step: str, results: dict[str, str], answers: list[Answer]) -> None:
        """What was ticked before is open again; what the server itself says is not to be ticked by hand either."""
        bad = next(answer for answer in answers if not answer.works)
        certain = {answer.url: results[answer.url] for answer in answers if answer.works or answer.is_certain}

        def failed(fresh: Call) -> Call:
            return with_stale_checks(
                gate.tried(fresh, certain), f"{cleaning.line(bad.what, 80)},", self._rules(), (step,)
            )

        if failed(call) != call:
            with committed.aside():  # whoever asked for the tick did not get it
                self._edit(call.id, failed, "calls.link_failed", "")

    # Inside

    def _own_evidence(self, call: Call, step: str) -> str:
        """The proof that the product itself knows for a step that is ticked without one."""
        if step == ACCEPTED_STEP:
            answers = ", ".join(f"{person.shown}: {person.status}" for person in call.wanted)
            return answers or "nobody of theirs is invited"
        if step == SLOTS_STEP:
            texts = self._texts()
            return "; ".join(texts.slot_words(call, texts.slots(call)))
        if step == self._rules().policy.join.group:
            return beside_start(call.start, self._session.now())
        return ""

    def _moment(self) -> checklist.Moment:
        return self._session.policy.handbook.moment(self._session.now())

    def _customer(self, call: Call) -> Customer | None:
        return self._session.store.get(CUSTOMERS, call.account) if call.account else None

    def _with_run(self, call: Call, edit: Callable[[Call, Run], Run]) -> Call:
        before = current_run(call, self._customer(call))
        return with_run(call, before, edit(call, before))

    def _edit_run(self, id_: str, edit: Callable[[Call, Run], Run], verb: str, step: str) -> Call:
        return self._edit(id_, lambda call: self._with_run(call, edit), verb, step)

    def _edit(self, id_: str, edit: Callable[[Call], Call], verb: str, step: str) -> Call:
        return self._session.edit(CALLS, id_, edit, verb, step)
