"""Reading along: while somebody types, the line below the field says how it will be understood, or why it cannot be saved. What
cannot is red only once the person has left the field: nobody is at fault in the middle of a word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from fleettui.errors import FleettuiError, Mistakes, Refused, WrongUsage
from fleettui.text.finding import NearlyKnown
from screens.commands.effective import key_of
from screens.dialogs.entries import FieldInput, FieldText, entries_of
from screens.terminal.text import one_line, wrap

Entry = FieldInput | FieldText
WIDEST, AROUND_COLUMNS, ABOUT_INDENT, COMPLAINT_INDENT = 76, 4, 2, 16
"""As form.tcss has them."""
MOST_NARROW = 20


class BelowFields:
    """The lines below the fields of a form: what helps to fill one in, and complaints of what was refused."""

    def __init__(self, form: Screen[None]) -> None:
        self._form = form
        self._complained: dict[str, str] = {}
        """The fields with a complaint, and what stood there."""

    @property
    def _fields(self) -> Widget:
        return self._form.query_one("#form-fields")

    @property
    def _width(self) -> int:
        """Before the first layout, what it will be."""
        return self._fields.size.width or min(WIDEST, self._form.app.size.width) - AROUND_COLUMNS

    def show(self) -> None:
        """What is known of the field that one is in, and what is wrong in those that one has left; no more, for a form must fit
        on a small screen."""
        for entry in entries_of(self._form):
            for line in self._form.query(f"#about-{entry.field.name}").results(Static):
                self._show(entry, line, is_there=entry is self._form.focused)

    def _show(self, entry: Entry, line: Static, *, is_there: bool) -> None:
        words, error = read(entry)
        is_wrong = error is not None and not is_there
        text = f"= {one_line(words)}" if words else entry.field.guidance
        if error is not None:
            text = f"{'↑' if is_wrong else '…'} {one_line(error.text)}{_offered(error)}"
        is_shown = bool(text) and (is_wrong or is_there) and entry.field.name not in self._complained
        line.set_class(is_wrong, "-wrong")
        line.set_class(is_shown, "-shown")
        if is_shown:
            put(line, text, self._width - ABOUT_INDENT)

    def typed(self, entry: Entry) -> None:
        """A complaint is about what stood there when it was made."""
        if self._complained.get(entry.field.name, entry.value) != entry.value:
            del self._complained[entry.field.name]
            entry.remove_class("-invalid")
            self._form.query(f".complaint-{entry.field.name}").remove()
        self.show()

    def complain(self, name: str, text: str) -> None:
        """Below the field that is meant."""
        entry = next(entry for entry in entries_of(self._form) if entry.field.name == name)
        entry.add_class("-invalid")
        self._complained[name] = entry.value
        line = Static(classes=f"complaint complaint-{name}", markup=False)
        put(line, f"↑ {one_line(text)}", self._width - COMPLAINT_INDENT)
        self._fields.mount(line, after=entry)
        self.show()

    def clear(self) -> None:
        self._complained.clear()
        for entry in entries_of(self._form):
            entry.remove_class("-invalid")
        self._form.query(".complaint").remove()


def put(line: Static, text: str, width: int) -> None:
    """With its height: a grid takes what goes over two columns for as narrow as the first."""
    lines = wrap(text, max(MOST_NARROW, width))
    line.styles.height = len(lines)
    line.update("\n".join(lines))


def suggestion(entry: Widget | None) -> tuple[str, str] | None:
    """The field where the person is, and the name that was probably meant there."""
    if not isinstance(entry, FieldInput | FieldText):
        return None
    error = read(entry)[1]
    return (entry.field.name, error.nearest) if isinstance(error, NearlyKnown) else None


def with_all(error: Exception, entries: Iterable[Entry]) -> Sequence[Exception]:
    """What saving was refused for, and what else is wrong: all at once."""
    if not isinstance(error, Refused | WrongUsage):
        return [error]
    mistakes = list(error.errors) if isinstance(error, Mistakes) else [error]
    fields = [*entries]
    names = {entry.field.label: entry.field.name for entry in fields}
    for mistake in mistakes:  # the field of a step is called by its label
        mistake.field = names.get(mistake.field, mistake.field)
    named = {mistake.field for mistake in mistakes}
    others = (read(entry)[1] for entry in fields if entry.field.name not in named)
    return [*mistakes, *(other for other in others if other and not isinstance(other, NearlyKnown))]


def read(entry: Entry) -> tuple[str, FleettuiError | None]:
    """How what is typed is understood, or what would be refused. What stood there before is not questioned."""
    field, typed = entry.field, entry.value
    if field.reads is None or not typed.strip():
        return "", None
    try:
        return field.reads(typed), None
    except (Refused, WrongUsage) as error:
        mine = error.errors[0] if isinstance(error, Mistakes) else error
        mine.field = field.name  # a rule may call it otherwise
        return "", None if typed == field.value else mine


def _offered(error: FleettuiError) -> str:
    return (
        f" {key_of('form.take')} takes {one_line(error.nearest)}." if isinstance(error, NearlyKnown) else ""
    )
