"""A form over the screen: labelled fields, saved by a verb of the workspace, and never losing what was typed.

What has been typed is kept as a draft half a second after the last key, while one types on, on Esc, and at any end
(keeping.py); a form that is opened again has it back, and says where somebody else has changed the same field since.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from textual import events, on
from textual.containers import Container, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from fleettui.documents import Document
from fleettui.errors import FleettuiError, Refused, WrongUsage
from fleettui.text.cleaning import harmless
from fleettui.text.finding import NearlyKnown
from screens.commands.catalogue import bindings
from screens.commands.effective import key_of
from screens.dialogs import reading_along
from screens.dialogs.dialog import Dialog
from screens.dialogs.entries import (
    ENTRIES,
    YES_NO,
    FieldChoice,
    FieldInput,
    FieldText,
    FormField,
    Labels,
    choices_of,
    entries_of,
    entry_for,
    fields_of,
    harmless_field,
)
from screens.dialogs.keeping import DraftKeeping
from screens.shell.arranged import WIDE
from screens.terminal.text import one_line
from screens.widgets.footer import Footer
from screens.widgets.page import Page

__all__ = [
    "YES_NO",
    "FieldInput",
    "FieldText",
    "Form",
    "FormField",
    "Labels",
    "SeenRevision",
    "Values",
    "as_typed",
    "choices_of",
    "fields_of",
]

KEEP_AFTER = 0.5
"""Seconds after the last key until what was typed is on disk."""

PREVIEW_LINES = 2

Values = dict[str, str]


class SeenRevision:
    """The revision of a document that the writer of a form has seen. A save over a newer one is refused and the form shows
    what is there now; then (`Form(stale=…)`) that is what the writer has seen."""

    def __init__(self, document: Document) -> None:
        self.rev = document.rev

    def renew(self, document: Document | None) -> None:
        """None: it is gone meanwhile."""
        if document is not None:
            self.rev = document.rev


def as_typed(document: object, names: Iterable[str]) -> Values:
    """Fields of a document as they are typed into a form; none of None."""
    return {} if document is None else {name: _typed(getattr(document, name)) for name in names}


def _typed(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(map(str, value))
        case Mapping():
            return ",".join(f"{key}={part}" for key, part in value.items())
        case _:
            return str(value)


class Form(Dialog[None]):
    """The dialog; it gives what was changed to `save`, and shows a refusal below the field that it is about."""

    AUTO_FOCUS = ".begins"
    """From the beginning: `focus()` would come after the keys that wait already."""

    BINDINGS = bindings("form")
    AROUND_FIELDS = 8
    """Lines that are no fields: frame, title, note, footer."""
    CSS_PATH = Path(__file__).with_name("form.tcss")  # also for subclasses in other folders

    def __init__(
        self,
        title: str,
        fields: Sequence[FormField],
        *,
        about: str,
        save: Callable[[Values], Any],
        saved: Callable[[Any], None] = lambda made: None,
        stale: Callable[[], None] = lambda: None,
        first: str = "",
        beside: Page | None = None,
        preview: Callable[[Values], str] | None = None,
        as_it_is: bool = False,
    ) -> None:
        """`about` names the draft. `save` gets what differs from the fields' values, in the writing thread; `saved` what it
        returned. `stale` is called when somebody else was first: saving again is then meant. `first` names the field to begin
        with. `beside` is read while one types: the form then fills the screen, and its fields share the height.
        `preview` says in a line what would come of the values, while one types. `as_it_is`: what nobody changed is saved, too."""
        super().__init__(classes="-beside" if beside is not None else None)
        self._title, self._fields, self._about = title, [*map(harmless_field, fields)], about
        self._save, self._saved, self._stale = save, saved, stale
        self._first, self._beside, self._preview, self._as_it_is = first, beside, preview, as_it_is
        self._keeping = DraftKeeping(
            self, self._keeper, lambda keep: self.fleettui.write_quietly(keep), KEEP_AFTER
        )
        self._saving = False
        self._below = reading_along.BelowFields(self)
        self._suggestion: tuple[str, str] | None = None
        """A field, and what was probably meant there."""

    def compose(self) -> Iterable[Widget]:
        typed, self._was = self._draft()
        with Vertical(id="form"):
            yield Static(one_line(self._title), id="form-title", markup=False)
            if self._beside is None:
                yield from self._compose_fields(typed)
            else:
                with Container(id="form-beside"):
                    yield self._beside
                    yield from self._compose_fields(typed)
            if self._preview is not None:
                yield Static(
                    one_line(self._preview(self._first_values(typed))), id="form-preview", markup=False
                )
            yield Static("", id="form-note", markup=False)
        yield Footer()

    def _first_values(self, typed: Values) -> Values:
        return {field.name: typed.get(field.name, field.value) for field in self._fields}

    def _compose_fields(self, typed: Values) -> Iterable[Widget]:
        begins = next((field for field in self._fields if field.name == self._first), self._fields[0])
        with VerticalScroll(id="form-fields", can_focus=False):
            for field in self._fields:
                yield Static(field.label, classes="label", markup=False)
                entry = entry_for(field, typed.get(field.name, field.value))
                entry.set_class(field is begins, "begins")
                yield entry
                if field.guidance or field.reads:
                    yield Static(field.guidance, classes="about", id=f"about-{field.name}", markup=False)

    def on_resize(self, event: events.Resize) -> None:
        """All of the form but its fields is always to be seen; they scroll."""
        self.set_class(event.size.width >= WIDE, "-wide")
        if self._beside is None:
            around = self.AROUND_FIELDS + (PREVIEW_LINES if self._preview else 0)
            self.query_one("#form-fields").styles.max_height = max(3, event.size.height - around)

    def on_mount(self) -> None:
        self.app.clear_notifications()  # they would cover what is typed
        self._begin()
        if self._changes():
            self._note(f"What you typed before is back. {key_of('form.reset')} starts over.")
        for field in self._fields:
            before = self._was.get(field.name)
            if before is not None and before != field.value and field.name in self._changes():
                self._below.complain(
                    field.name, f"is now “{field.value}”; it was “{before}” when you typed this"
                )

    def _begin(self) -> None:
        """In the first field, or at the end of the one that was asked for."""
        for entry in self.query(FieldText):
            if entry.field.name == self._first:
                entry.move_cursor(entry.document.end)

    @on(Page.Left)
    def _back_to_fields(self) -> None:
        self.focus_next(ENTRIES)

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _show_about(self) -> None:
        """What is known of the field that one is in, and what is wrong in those that one has left; no more, for a form must fit
        on a small screen."""
        self._below.show()

    # What is typed

    def _entries(self) -> list[FieldInput | FieldText]:
        return entries_of(self)

    def _values(self) -> Values:
        return {entry.field.name: entry.value for entry in self._entries()}

    def _changes(self) -> Values:
        before = {field.name: field.value for field in self._fields}
        return {name: value for name, value in self._values().items() if value != before[name]}

    def _draft(self) -> tuple[Values, Values]:
        """What was typed, and what the fields held then."""
        try:
            kept = json.loads(self.workspace.drafts.get(self._about) or "{}")
            if "typed" not in kept:  # drafts of the look back were once the answers alone
                kept = {"typed": kept}
            typed = {str(name): harmless(str(value)) for name, value in dict(kept["typed"]).items()}
            return typed, dict(kept.get("was", {}))
        except (ValueError, TypeError, AttributeError, FleettuiError):
            return {}, {}

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _keep_soon(self, event: Input.Changed | TextArea.Changed) -> None:
        self._keeping.soon()
        if isinstance(event.control, FieldInput | FieldText) and event.control.has_focus:
            self._below.typed(event.control)
        if self._preview is not None:
            self.query_one("#form-preview", Static).update(one_line(self._preview(self._values())))

    def _keeper(self) -> Callable[[], None]:
        """What keeps the draft as it is now, whenever it is run."""
        typed, drafts, about = self._changes(), self.workspace.drafts, self._about
        was = {field.name: field.value for field in self._fields if field.name in typed}
        if not typed:
            return lambda: drafts.drop(about)
        return lambda: drafts.keep(about, json.dumps({"typed": typed, "was": was}))

    def keep_draft(self) -> None:
        """Now: there may be no later."""
        try:
            self._keeping.now()
        except FleettuiError as error:
            self.fleettui.report(error, "keeping the draft")

    # What is said

    def _note(self, text: str) -> None:
        self.query_one("#form-note", Static).update(one_line(text))

    def _clear_complaints(self) -> None:
        self._below.clear()
        self._note("")

    # Commands

    def do_next(self) -> None:
        self.focus_next(ENTRIES)

    def do_previous(self) -> None:
        self.focus_previous(ENTRIES)

    def do_reset(self) -> None:
        for entry in self._entries():
            entry.value = entry.field.value
        self._clear_complaints()

    def do_take(self) -> None:
        """What is suggested for a name that nobody has."""
        suggestion, self._suggestion = self._suggestion or reading_along.suggestion(self.focused), None
        if suggestion is None:
            self._show_choices()
            return
        name, suggested = suggestion
        self._clear_complaints()
        for entry in self._entries():
            if entry.field.name == name:
                entry.value = suggested
        self._note(f"{suggested} it is. {key_of('form.save')} saves.")

    def _show_choices(self) -> None:
        entry = self.focused
        if isinstance(entry, FieldInput) and (entry.field.known or entry.field.choices):
            entry.pick()
        else:
            self._note("There is nothing to choose from here.")

    def do_editor(self) -> None:
        from screens.dialogs.in_editor import write_in_editor  # late: few forms need it

        entry = self.focused
        if isinstance(entry, FieldChoice) or not isinstance(entry, FieldInput | FieldText):
            self._note("This is chosen and not written: Space shows all.")
            return
        write_in_editor(entry, f"{self._about} {entry.field.name}", keep=self.keep_draft, note=self._note)

    def do_close(self) -> None:
        changed = bool(self._changes())
        self.keep_draft()
        self.dismiss()
        self.fleettui.everything_changed()  # lists show which drafts there are
        if changed:
            self.fleettui.say("Kept as a draft: it is there when you open this again.")

    def do_save(self) -> None:
        changes = self._changes()
        self._clear_complaints()
        if self._saving:
            return
        if not changes and not self._as_it_is:
            self._note(f"Nothing is changed yet. {key_of('form.close')} closes.")
            return
        self._saving = True
        self._note("Saving …")
        about, drafts = self._about, self.workspace.drafts
        self.fleettui.write(
            lambda: self._keeping.until(lambda: self._save(changes), lambda made: lambda: drafts.drop(about)),
            self._done,
            self.unless_closed(self._refused),
            keys_wait=True,
        )

    def _done(self, made: Any) -> None:
        self._keeping.stop()
        self.dismiss()
        self._saved(made)

    def _refused(self, error: Exception) -> None:
        self._saving = False
        self._note("Not saved. What you typed is kept.")
        self.keep_draft()
        conflicts, changed = conflicts_of(error), self._values()
        if conflicts:
            self._stale()
            for path, text in conflicts.items():  # "details.browser" is the field browser
                for name in [part for part in path.split(".") if part in changed][:1]:
                    self._below.complain(name, text)
            self._note(
                f"Somebody was faster. {key_of('form.save')} now saves yours over theirs; "
                f"{key_of('form.reset')} starts over."
            )
            return
        mistakes = reading_along.with_all(error, self._entries())
        here = [
            mistake
            for mistake in mistakes
            if isinstance(mistake, Refused | WrongUsage) and mistake.field in changed
        ]
        for mistake in here:
            self._below.complain(mistake.field, mistake.text)
            if isinstance(mistake, NearlyKnown):
                self._suggestion = (mistake.field, mistake.nearest)
                self._note(
                    f"{key_of('form.take')} takes {mistake.nearest}. "
                    f"{key_of('form.save')} again keeps it as you typed it."
                )
        if here:
            wrong = {mistake.field for mistake in here}
            next(entry for entry in self._entries() if entry.field.name in wrong).focus()
        for other in mistakes:
            if other not in here:
                self.fleettui.report(other, "saving what was typed")


def conflicts_of(error: Exception) -> Mapping[str, str]:
    """By field, what somebody else wrote there since this form was opened."""
    return {
        str(conflict.field): f"{conflict.by} wrote {shown(conflict.theirs)} here meanwhile"
        for conflict in getattr(error, "conflicts", ())
    }


def shown(value: Any) -> str:
    """The value of a field of a document, as a person reads it."""
    if isinstance(value, list | tuple):
        return f"“{', '.join(str(part) for part in value)}”"
    return f"“{value}”"
