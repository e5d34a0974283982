"""Playbooks: what is done with them, from the keys: begun, ticked, answered, filled in, handed over, cancelled."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from fleettui.domain.checklists.model import StepView
from fleettui.domain.playbooks.runs import Link, PlaybookRun
from screens.commands.catalogue import bindings
from screens.dialogs.choosing import NOBODY, CustomerPicker, PersonPicker
from screens.dialogs.form import Form, FormField, Values
from screens.dialogs.text_dialog import TextDialog
from screens.playbooks.board import BOOK, FACT, RUN, STEP, PlaybookBoard
from screens.playbooks.wording import answer_words
from screens.shell import links as goto
from screens.widgets.page import BLANK, Para, heading

NEEDS_STEP = "Put the cursor on a step: Enter on a playbook that is on its way shows them."


class PlaybooksScreen(PlaybookBoard):
    BINDINGS = bindings("playbooks")

    def why_not(self, command_id: str) -> str | None:
        verb = command_id.rpartition(".")[2]
        if command_id.startswith("playbooks."):
            if verb in ("skip", "decline", "again", "open", "texts", "hand") and self.step() is None:
                return NEEDS_STEP
            if verb in ("cancel", "reopen", "answer", "fill", "tick") and self.run_here() is None:
                return "Put the cursor on a playbook that is on its way; n begins one."
            return self._why_not_step(verb)
        return super().why_not(command_id)

    def _why_not_step(self, verb: str) -> str | None:
        step = self.step()
        if step is None:
            return None
        missing = {
            "texts": (step.step.text, "This step has no text to copy."),
            "open": (step.step.opens, "This step begins nothing."),
            "again": (step.step.repeats, "This step does not repeat; Space takes its tick back."),
            "decline": (step.step.approval, "Only an approval is declined; x leaves a step out."),
        }
        if verb in missing and not missing[verb][0]:
            return missing[verb][1]
        return None

    # Commands

    def do_tick(self) -> None:
        key = self.rows.key or ""
        if key.startswith(FACT):
            self._flip(key.removeprefix(FACT))
            return
        step = self.step()
        if step is None:
            self.enter(key.removeprefix(RUN))
            return
        verbs, id_ = self.workspace.playbooks, self.inside
        if step.state in ("done", "skipped"):
            self._write(partial(verbs.untick, id_, step.key), f"{step.label}: open again.")
        elif self._wants_more(step):
            self._fill_step(step)
        else:
            self._write(partial(verbs.tick, id_, step.key), f"Done: {step.label}.", on=True)

    def _wants_more(self, step: StepView) -> bool:
        """Something has to be written down before it can be ticked."""
        filled = self.shown_run().run.filled
        proof = step.step.evidence
        if step.state != "todo":
            return False
        return bool(proof and proof.required) or any(
            one.required and one.key not in filled for one in step.step.fields
        )

    def _flip(self, name: str) -> None:
        run = self.shown_run()
        fact = self.fact(run, name)
        if fact.type != "yes-no":
            self.do_answer()
            return
        self._answer(run.id, fact.key, run.run.answers.get(fact.key) is not True)

    def _answer(self, id_: str, key: str, yes: bool) -> None:
        self._write(
            lambda: self.workspace.playbooks.answer(id_, key, yes), f"Answered: {'yes' if yes else 'no'}."
        )

    def do_answer(self) -> None:
        run = self.run_here()
        if run is None or not run.definition.facts:
            self.fleettui.say("There is nothing to answer: all its steps apply.", "warning")
            return
        answers = run.run.answers
        fields = [
            FormField(
                one.key,
                one.question,
                answer_words(answers[one.key]) if one.key in answers else "",
                ", ".join(one.choices) or {"yes-no": "yes or no", "number": "a number"}.get(one.type, ""),
            )
            for one in run.definition.facts
        ]
        self._form(
            f"What decides in {run.name}",
            fields,
            f"playbooks answer {run.id}",
            lambda typed: self.workspace.playbooks.answer_all(
                run.id, {key: value or None for key, value in typed.items()}
            ),
            "Answered.",
        )

    def do_fill(self) -> None:
        step = self.step()
        if step is not None and (step.step.fields or step.step.evidence):
            self._fill_step(step)
            return
        if (self.rows.key or "").startswith(FACT):
            self.do_answer()
            return
        self.fleettui.say("There is nothing to write down here.", "warning")

    def _fill_step(self, step: StepView) -> None:
        """Its fields, and the proof; what has a proof is done."""
        run, verbs = self.shown_run(), self.workspace.playbooks
        fields = [
            FormField(one.key, one.label, run.run.filled.get(one.key, ""), ", ".join(one.choices) or one.type)
            for one in step.step.fields
        ]
        proof = step.step.evidence
        if proof is not None and step.state != "done":
            fields.append(FormField("proof", "Proof", "", proof.what))

        def save(typed: Values) -> PlaybookRun:
            evidence = typed.pop("proof", "")
            done = verbs.fill_all(run.id, typed, seen=run.rev) if typed else run
            return verbs.tick(run.id, step.key, evidence=evidence) if evidence else done

        self._form(
            step.label, fields, f"playbooks fill {run.id} {step.key}", save, "Written down. Space ticks it."
        )

    def do_skip(self) -> None:
        self._why("Leave out", self.workspace.playbooks.skip, "Left out.")

    def do_decline(self) -> None:
        self._why("Decline", self.workspace.playbooks.decline, "Declined; what follows stays blocked.")

    def _why(self, name: str, verb: Callable[[str, str, str], PlaybookRun], said: str) -> None:
        step, id_ = self.step(), self.inside
        if step is not None:
            key = step.key
            self._form(
                f"{name}: {step.label}",
                [FormField("why", "Why", hint="in a few words, for the others")],
                f"playbooks {name} {id_} {key}",
                lambda typed: verb(id_, key, typed.get("why", "")),
                said,
            )

    def do_again(self) -> None:
        step, id_ = self.step(), self.inside
        if step is not None:
            key = step.key
            self._write(lambda: self.workspace.playbooks.again(id_, key), f"Once more: {step.step.repeats}.")

    async def do_open(self) -> None:
        """What has been begun is gone to; else it is begun."""
        step, run = self.step(), self.run_here()
        if step is None or run is None:
            return
        verbs, key = self.workspace.playbooks, step.key
        there = [link for link in verbs.links_of(run, key) if link.kind != "issue"]
        if there:
            await goto.reveal(self.fleettui, there[0].kind, there[0].id)
            return

        def begun(links: list[Link]) -> None:
            told = ", ".join(f"{link.kind} {link.id}" for link in links)
            self.fleettui.say(f"Begun: {told}. o goes there; u takes it back.")

        self.fleettui.write(lambda: verbs.open(run.id, key), begun, doing="open")

    def do_texts(self) -> None:
        step, run = self.step(), self.run_here()
        if step is None or run is None:
            return
        verbs = self.workspace.playbooks
        texts = {name: verbs.written(run, name) for name in step.step.text}
        paras = [para for name, text in texts.items() for para in (heading(name), Para(text), BLANK)]
        self.app.push_screen(TextDialog(paras))
        self.fleettui.copy_to_clipboard("\n\n".join(texts.values()))
        self.fleettui.say("Copied, if your terminal allows it; here it is to read.")

    def do_hand(self) -> None:
        step, id_ = self.step(), self.inside
        if step is None:
            return
        key, label = step.key, step.label

        def chosen(login: str | None) -> None:
            if login is not None:
                to = "" if login == NOBODY else login
                self._write(
                    lambda: self.workspace.playbooks.hand_over(id_, key, to),
                    f"{label}: handed to {self.workspace.people.get(to).shown if to else 'its role'}.",
                )

        self.app.push_screen(PersonPicker(self.workspace, nobody="back to its role"), chosen)

    def do_begin(self) -> None:
        key = self.rows.key or ""
        if not key.startswith(BOOK):
            self.inside = ""
            self.fill()
            self.rows.go_to(BOOK + next(iter(self.workspace.handbook.playbooks), ""))
            self.fleettui.say("Put the cursor on a playbook and press n again.")
            return
        book = self.workspace.handbook.playbooks[key.removeprefix(BOOK)]
        if not book.customer:
            self._begin(book.id, None)
            return
        self.app.push_screen(
            CustomerPicker(self.workspace), lambda id_: self._begin(book.id, id_) if id_ else None
        )

    def _begin(self, name: str, customer: str | None) -> None:
        def begun(run: PlaybookRun) -> None:
            self.enter(run.id)
            verbs = self.workspace.playbooks
            reminders = [verbs.written(run, reminder) for reminder in run.reminders]
            self.fleettui.say("\n".join([f"{run.id} is begun.", *reminders]), seconds=10)

        self.fleettui.write(
            lambda: self.workspace.playbooks.start(name, customer), begun, doing="beginning a playbook"
        )

    def do_cancel(self) -> None:
        run = self.run_here()
        if run is not None:
            id_ = run.id
            self._form(
                f"Cancel {run.name}",
                [FormField("why", "Why", hint="what made it unnecessary")],
                f"playbooks cancel {id_}",
                lambda typed: self.workspace.playbooks.cancel(id_, typed.get("why", "")),
                "Cancelled.",
            )

    def do_reopen(self) -> None:
        run = self.run_here()
        if run is not None:
            id_ = run.id
            self._write(lambda: self.workspace.playbooks.reopen(id_), f"{id_} goes on.")

    def do_closed(self) -> None:
        self.closed_too = not self.closed_too
        self.inside = ""
        self.fill()
        self.fleettui.say("With what is finished." if self.closed_too else "Only what is on its way.")

    # Writing

    def _write(self, verb: Callable[[], Any], said: str, *, on: bool = False) -> None:
        """`on`: the cursor goes on to what is next."""
        before = self.rows.key

        def done(_: Any) -> None:
            self.fleettui.say(f"{said} u takes it back.")
            if on and self.rows.key == before:
                self._go_on()

        self.fleettui.write(verb, done)

    def _go_on(self) -> None:
        run = self.run_here()
        mine = self.workspace.playbooks.my_turn(run) if run else []
        if mine and self.inside:
            self.rows.go_to(STEP + mine[0])

    def _form(
        self, name: str, fields: list[FormField], about: str, save: Callable[[Values], Any], said: str
    ) -> None:
        self.fleettui.present(self.NAME, self.inside or None, typing=True)
        self.app.push_screen(
            Form(
                name,
                fields,
                about=about,
                save=save,
                saved=lambda _: self.fleettui.say(f"{said} u takes it back."),
            )
        )
