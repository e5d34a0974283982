"""What is typed about a ritual: a note with the tick, the reason for a skip, a step's answers, the ritual itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from fleettui.errors import Refused
from screens.commands.dispatch import Commanded
from screens.dialogs.form import Form, FormField, Values
from screens.rituals.rows import Part
from screens.widgets.rows import Rows

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import StepView
    from fleettui.domain.rituals.model import Ritual
    from fleettui.workspace.rituals.actions import Done
    from fleettui.workspace.rituals.board import BoardRow

LABELS = {
    "name": ("Name", ""),
    "purpose": ("What for", ""),
    "dri": ("DRI", "a login, the beginning of a name, or a role"),
    "frequency": (
        "How often",
        "daily, every business day, weekly, every 3 weeks, monthly, quarterly, annually",
    ),
    "weekday": ("Weekday", "for weekly ones: mon to sun, or nothing"),
    "day": ("Day", "for monthly ones: 1 to 31"),
    "times": ("Times", "how often in a period: 1, or 3-4"),
    "at": ("At", "due at 09:30; nothing: when the team closes"),
    "evidence": ("Wants", "what to note or link as proof"),
    "per_customer": ("Boxes", "yes: one for each commercial customer"),
    "before": ("Before", "the ids of what comes after it"),
    "channel": ("Channel", "#help-support"),
    "url": ("Link", "https://"),
    "note": ("Note", ""),
}


class RitualForms(Commanded):
    """The part of the screen that asks."""

    if TYPE_CHECKING:

        @property
        def rows(self) -> Rows: ...

        @property
        def here(self) -> BoardRow: ...

        @property
        def day(self) -> date | None: ...

        def part_of(self, key: str | None) -> Part | None: ...

        def told(self, done: Done) -> None: ...

    def do_note(self) -> None:
        """Ticks with a note or a link; at a step, with what it asks for."""
        line, part = self.here, self.part_of(self.rows.key)
        if part is not None and line.asked.customers is None:
            self._step_form(line, part)
            return
        key = part.key if part else ""
        id_, day, verbs = line.ritual.id, self.day, self.workspace.rituals
        wanted = line.ritual.evidence.what if line.ritual.evidence else "a note, or a link"

        def save(typed: Values) -> Done:
            return verbs.tick(id_, key, on=day, evidence=typed.get("evidence", ""), again=True)

        name = part.label if part else line.ritual.name
        fields = [FormField("evidence", "Proof", hint=wanted)]
        self._ask(f"Tick {name}", fields, f"ritual note {line.id} {key}", save, self.told)

    def _step_form(self, line: BoardRow, part: Part) -> None:
        view = next(one for one in self.workspace.rituals.leaves(line) if one.key == part.key)
        filled = line.instance.run.filled if line.instance and line.instance.run else {}
        fields = [
            FormField(field.key, field.label, filled.get(field.key, ""), field.type)
            for field in view.step.fields
        ]
        if view.step.evidence or not fields:
            fields.append(FormField("evidence", "Proof", hint="a note, or a link"))
        id_, day = line.ritual.id, self.day

        def save(typed: Values) -> Done:
            return self._save_step(id_, view, typed, day)

        self._ask(part.label, fields, f"ritual step {line.id} {part.key}", save, self.told)

    def _save_step(self, id_: str, view: StepView, typed: Values, day: date | None) -> Done:
        verbs = self.workspace.rituals
        answers = {key: value for key, value in typed.items() if key != "evidence"}
        return verbs.answer_step(id_, view.key, answers, on=day, evidence=typed.get("evidence", ""))

    def do_skip(self) -> None:
        line, part = self.here, self.part_of(self.rows.key)
        id_, day, key, verbs = line.ritual.id, self.day, part.key if part else "", self.workspace.rituals
        name = part.label if part else line.ritual.name

        def save(typed: Values) -> Done:
            return verbs.skip(id_, typed.get("why", ""), key, on=day)

        def said(done: Done) -> None:
            self.fleettui.say(f"{name} is skipped: neither breaks nor lengthens the streak. u takes it back.")

        fields = [FormField("why", "Why", hint="for the others, and for later")]
        self._ask(f"Skip {name}", fields, f"ritual skip {line.id} {key}", save, said)

    def do_add(self) -> None:
        def save(typed: Values) -> Ritual:
            return self.workspace.rituals.add(typed.pop("name", ""), **typed)

        fields = [
            FormField(name, label, "weekly" if name == "frequency" else "", hint)
            for name, (label, hint) in LABELS.items()
        ]
        self._ask("Add a ritual", fields, "ritual add", save, self._kept)

    def do_edit(self) -> None:
        ritual = self._ritual_here()
        values = as_typed(ritual)
        fields = [FormField(name, label, values[name], hint) for name, (label, hint) in LABELS.items()]
        seen = [ritual.rev]
        verbs = self.workspace.rituals

        def save(typed: Values) -> Ritual:
            return verbs.edit(ritual.id, typed, seen=seen[0])

        def stale() -> None:
            newest = verbs.get(ritual.id)
            seen[0] = newest.rev if newest else seen[0]

        self._ask(f"Change {ritual.name}", fields, f"ritual edit {ritual.id}", save, self._kept, stale)

    def _ritual_here(self) -> Ritual:
        key = (self.rows.key or "").partition("#")[0]
        ritual = self.workspace.rituals.get(key)
        if ritual is None:
            raise Refused("There is no ritual here.")
        return ritual

    def _kept(self, ritual: Ritual) -> None:
        self.fleettui.say(f"{ritual.name} is saved. u takes it back.")
        self.rows.go_to(ritual.id)

    def do_retire(self) -> None:
        ritual, verbs = self._ritual_here(), self.workspace.rituals
        if ritual.retired is None:
            self.fleettui.write(
                lambda: verbs.retire(ritual.id),
                lambda one: self.fleettui.say(f"{one.name} is retired; its past stays. u takes it back."),
                doing="retiring",
            )
        else:
            self.fleettui.write(
                lambda: verbs.bring_back(ritual.id),
                lambda one: self.fleettui.say(f"{one.name} is owed again, from today on."),
                doing="bringing back",
            )

    def _ask(
        self,
        name: str,
        fields: list[FormField],
        about: str,
        save: Callable[[Values], Any],
        saved: Callable[[Any], None],
        stale: Callable[[], None] = lambda: None,
    ) -> None:
        self.fleettui.present("rituals", (self.rows.key or "").partition("#")[0] or None, typing=True)
        self.fleettui.push_screen(Form(name, fields, about=about, save=save, saved=saved, stale=stale))


def as_typed(ritual: Ritual) -> dict[str, str]:
    """A ritual's fields as they are typed into a form."""
    rhythm = ritual.rhythm
    low, high = rhythm.times
    plain = {name: getattr(ritual, name, "") for name in LABELS}
    return {name: value for name, value in plain.items() if isinstance(value, str)} | {
        "frequency": frequency_words(ritual),
        "weekday": rhythm.weekday or "",
        "day": str(rhythm.day or ""),
        "times": str(low) if low == high else f"{low}-{high}",
        "at": rhythm.at or "",
        "evidence": ritual.evidence.what if ritual.evidence else "",
        "per_customer": "yes" if ritual.per_customer else "no",
        "before": ", ".join(ritual.before),
    }


def frequency_words(ritual: Ritual) -> str:
    from fleettui.domain.rituals.fields import FREQUENCIES

    rhythm = ritual.rhythm
    word = next((word for word, known in FREQUENCIES.items() if known == (rhythm.every, rhythm.interval)), "")
    return word or f"every {rhythm.interval} {rhythm.every}s"
