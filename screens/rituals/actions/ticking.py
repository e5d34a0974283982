"""What is done with a ritual of the day: ticked, ticked with a note, taken back, skipped, unfolded."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fleettui.domain.checklists.fields import parsed_field
from fleettui.errors import Refused
from fleettui.time import wording
from fleettui.workspace.rituals.texts import is_text
from screens.commands.effective import key_of, with_keys
from screens.dialogs.entries import only_checked
from screens.dialogs.form import YES_NO, FormField, Values, choices_of
from screens.rituals.actions.asking import RitualBoard, ask, owed_of, show_remarks
from screens.rituals.rows import parts_of

if TYPE_CHECKING:
    from fleettui.workspace.rituals.actions import Done
    from fleettui.workspace.rituals.board import BoardRow
    from screens.rituals.rows import Part

ON_OWED = ("tick", "note", "untick", "skip", "unfold", "text")


class TickActions:
    def __init__(self, board: RitualBoard) -> None:
        self._board = board

    def why_not(self, command_id: str) -> str | None:
        scope, _, verb = command_id.rpartition(".")
        if scope != "rituals" or verb not in ON_OWED or self._board.ritual_here() is None:
            return None
        owed = self._board.owed_here()
        if owed is None:
            return with_keys("It is retired: nothing is owed. [rituals.retire] brings it back.")
        if owed.state == "coming" and verb in ("tick", "note", "skip"):
            return f"That is still to come, from {wording.day(owed.period.first)} on."
        part = self._board.part_here()
        is_done = part.state == "done" if part else owed.state in ("done", "covered")
        if verb == "skip" and is_done:
            return f"{part.label if part else owed.ritual.name} is done already. {key_of('rituals.untick')} takes it back."
        if verb == "unfold" and not parts_of(self._board.workspace, owed):
            return "It has neither boxes nor steps."
        if verb == "text":
            return self._board.workspace.ritual_texts.why_none(owed.ritual.id)
        return None

    def do_tick(self) -> None:
        """Ticks and goes on; a ritual with boxes or steps unfolds instead."""
        board, owed, part = self._board, owed_of(self._board), self._board.part_here()
        if part is None and has_parts(owed):
            self._unfold(owed)
            return
        if part is None and owed.status.count >= owed.status.most:
            self._say_done(owed)
            board.go_on()
            return
        seen = len(owed.instance.ticks) if owed.instance else 0
        key = part.key if part else ""
        tick = partial(board.workspace.rituals.tick, owed.ritual.id, key, on=board.day, seen=seen)
        board.go_on()
        board.fleettui.write(tick, partial(show_remarks, board.fleettui), doing="ticking")

    def _say_done(self, owed: BoardRow) -> None:
        by = ", ".join(self._board.workspace.people.get(login).shown for login in owed.status.by)
        back = key_of("rituals.untick")
        self._board.fleettui.say(
            f"{owed.ritual.name} is done{f' by {by}' if by else ''}. {back} takes it back."
        )

    def do_untick(self) -> None:
        host, owed, part = self._board.fleettui, owed_of(self._board), self._board.part_here()
        key = part.key if part else ""
        untick = partial(self._board.workspace.rituals.untick, owed.ritual.id, key, on=self._board.day)
        host.write(untick, lambda done: host.say(f"{done.row.ritual.name}: taken back."), doing="taking back")

    def do_unfold(self) -> None:
        owed = owed_of(self._board)
        if self._board.is_unfolded(owed.ritual.id):
            self._board.fold(owed.ritual.id)
        else:
            self._unfold(owed)

    def _unfold(self, owed: BoardRow) -> None:
        parts = parts_of(self._board.workspace, owed)
        if not parts:
            raise Refused("No commercial customer is on the list yet: there is nobody to meet.")
        first = next((part for part in parts if part.state == "todo"), parts[0])
        self._board.unfold(owed.ritual.id, first)

    # With something typed

    def do_text(self) -> None:
        """RIT-5, RIT-7, RIT-8, RIT-10."""
        from screens.dialogs.ritual_text import open_text

        open_text(self._board.fleettui, owed_of(self._board).ritual.id, self._board.day)

    def do_note(self) -> None:
        """Ticks with a note or a link; at a step, with what it asks for."""
        board, owed, part = self._board, owed_of(self._board), self._board.part_here()
        if part is not None and owed.demand.customers is None:
            self._step_form(owed, part)
            return
        about = f"ritual note {owed.id} {part.key if part else ''}"
        text = board.workspace.ritual_texts.draft(owed.id)
        if text is None:
            self._note_form(owed, part, about)
        else:
            # As if it had been typed here: what was typed before stays.
            offer = partial(board.workspace.ritual_texts.offer, about, text)
            board.fleettui.write(offer, lambda _: self._note_form(owed, part, about), keys_wait=True)

    def _note_form(self, owed: BoardRow, part: Part | None, about: str) -> None:
        board, texts = self._board, self._board.workspace.ritual_texts
        id_, key, day, rituals = owed.ritual.id, part.key if part else "", board.day, board.workspace.rituals

        def save(typed: Values) -> Done:
            done = rituals.tick(id_, key, on=day, evidence=typed.get("evidence", ""), again=True)
            if done.changed:
                texts.drop(owed.id)
            return done

        wanted = owed.ritual.evidence.what if owed.ritual.evidence else "a note, or a link"
        name = part.label if part else owed.ritual.name
        fields = [FormField("evidence", "Proof", hint=wanted, long=is_text(owed.ritual))]
        ask(board, f"Tick {name}", fields, about, save, partial(show_remarks, board.fleettui))

    def _step_form(self, owed: BoardRow, part: Part) -> None:
        board, rituals, day, id_ = self._board, self._board.workspace.rituals, self._board.day, owed.ritual.id
        step = next(leaf for leaf in rituals.leaves(owed) if leaf.key == part.key).step
        filled = owed.instance.run.filled if owed.instance and owed.instance.run else {}
        fields = [
            FormField(
                field.key,
                field.label,
                filled.get(field.key, ""),
                field.type,
                choices=choices_of(field.choices) or (YES_NO if field.type == "yes-no" else ()),
                reads=partial(only_checked, partial(parsed_field, field)),
            )
            for field in step.fields
        ]
        if step.evidence or not fields:
            fields.append(FormField("evidence", "Proof", hint="a note, or a link"))

        def save(typed: Values) -> Done:
            answers = {key: value for key, value in typed.items() if key != "evidence"}
            return rituals.answer_step(id_, part.key, answers, on=day, evidence=typed.get("evidence", ""))

        about = f"ritual step {owed.id} {part.key}"
        ask(board, part.label, fields, about, save, partial(show_remarks, board.fleettui))

    def do_skip(self) -> None:
        board, owed, part = self._board, owed_of(self._board), self._board.part_here()
        id_, key, day, rituals = owed.ritual.id, part.key if part else "", board.day, board.workspace.rituals
        name = part.label if part else owed.ritual.name

        def skipped(_: Done) -> None:
            board.fleettui.say(
                f"{name} is skipped: neither breaks nor lengthens the streak. {key_of('app.undo')} takes it back."
            )

        ask(
            board,
            f"Skip {name}",
            [FormField("why", "Why", hint="for the others, and for later")],
            f"ritual skip {owed.id} {key}",
            lambda typed: rituals.skip(id_, typed.get("why", ""), key, on=day),
            skipped,
        )


def has_parts(owed: BoardRow) -> bool:
    """Whether it is ticked part by part."""
    return bool(owed.demand.customers is not None or owed.ritual.playbook or owed.ritual.steps)
