"""What a form is typed into: a line, a text of several lines, or a choice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property, partial

from msgspec import Struct
from msgspec.structs import replace
from textual import events
from textual.screen import Screen
from textual.suggester import Suggester

from fleettui.text.cleaning import harmless
from screens.commands.catalogue import bindings
from screens.commands.effective import with_keys
from screens.dialogs.picker import Picker
from screens.terminal.text import one_line
from screens.widgets.columns import Column
from screens.widgets.line_input import LineInput
from screens.widgets.row import Row, Today
from screens.widgets.text_pane import LongText

CHOOSING = "← → the next, letters find one, Space shows all"

COMPLETING = "→ completes what you type, [form.take] shows all"

Choices = tuple[tuple[str, str], ...]

Known = Callable[[], Choices]
"""What a field can be among other things, each with what it means; asked for when somebody begins to type there."""

Reads = Callable[[str], str]
"""What is typed, in the words in which it will be understood; raises what saving it would be refused with. Empty: it is fine."""


def choices_of(values: Iterable[str], empty: str = "") -> Choices:
    """Choices that say themselves what they mean; `empty` is what it means to choose none."""
    return (*((("", empty),) if empty else ()), *((value, "") for value in values))


YES_NO: Choices = choices_of(("yes", "no"))


class FormField(Struct, frozen=True):
    """A line of a form."""

    name: str
    """As the verb calls it: its refusals begin with it."""
    label: str
    value: str = ""
    hint: str = ""
    """What a good answer looks like."""
    long: bool = False
    """It may have several lines: Enter begins one there."""
    about: str = ""
    """What one has to know to fill it in, line by line: shown below it while one is there."""
    choices: tuple[tuple[str, str], ...] = ()
    """The values it can have, each with what it means; it is chosen then, and not typed."""
    known: Known | None = None
    """Values to complete what is typed with, where it may be something else as well."""
    several: bool = False
    """Of those it takes several, with commas."""
    reads: Reads | None = None
    """Reads along while one types."""

    @property
    def guidance(self) -> str:
        """Shown below it while one is there, until something is typed."""
        if self.choices:
            return self.about or CHOOSING
        completing = with_keys(COMPLETING) if self.known else ""
        return "\n".join(filter(None, (self.about, completing)))


def harmless_field(field: FormField) -> FormField:
    """Without anything that the terminal would obey: an entry draws its text as it is. Unchanged it is not saved, so what stands
    in the document stays."""
    return replace(
        field,
        label=harmless(field.label),
        value=harmless(field.value),
        hint=harmless(field.hint),
        about=harmless(field.about),
        choices=tuple((harmless(value), harmless(meaning)) for value, meaning in field.choices),
    )


Labels = Mapping[str, tuple[str, str]]
"""The label and the hint of each field, by its name."""


def fields_of(
    labels: Labels,
    values: Mapping[str, str] | None = None,
    choices: Mapping[str, Choices] | None = None,
) -> list[FormField]:
    before, closed = values or {}, choices or {}
    return [
        FormField(name, label, before.get(name, ""), hint, choices=closed.get(name, ()))
        for name, (label, hint) in labels.items()
    ]


def helped(
    fields: Iterable[FormField],
    known: Mapping[str, Known] | None = None,
    reads: Mapping[str, Reads] | None = None,
    *,
    several: Collection[str] = (),
    check: Callable[[str, str], object] | None = None,
) -> list[FormField]:
    """The fields with what helps to fill them in, by name. `check` is what saving would refuse a value with, for fields that
    nothing else reads."""
    completions, readers = known or {}, reads or {}

    def reader(name: str) -> Reads | None:
        return readers.get(name) or (partial(only_checked, partial(check, name)) if check else None)

    return [
        replace(
            field,
            known=completions.get(field.name, field.known),
            several=field.several or field.name in several,
            reads=field.reads or reader(field.name),
        )
        for field in fields
    ]


def only_checked(check: Callable[[str], object], typed: str) -> str:
    """For a field of which there is nothing to say while it is right."""
    check(typed)
    return ""


class FieldInput(LineInput):
    """The form's keys come before a text field's own: Enter goes on."""

    BINDINGS = bindings("form", on="screen.")

    def __init__(self, field: FormField, value: str) -> None:
        self._completing = Completing(field) if field.known else None
        super().__init__(
            value,
            placeholder=field.hint,
            compact=True,
            select_on_focus=False,
            id=f"field-{field.name}",
            suggester=self._completing,
        )
        self.cursor_blink = False
        self.field = field

    def pick(self) -> None:
        """From all that is known."""
        if self._completing is not None:
            self.app.push_screen(ChoicePicker(self.field, self._completing.choices, self.value), self._picked)

    def _picked(self, value: str | None) -> None:
        if value is None:
            return
        before = self.value.rstrip().rstrip(",").rpartition(",")[0] if self._completes_last() else self.value
        kept = f"{before.rstrip().rstrip(',')}, " if self.field.several and before.strip() else ""
        self.value = f"{kept}{value}"
        self.cursor_position = len(self.value)

    def _completes_last(self) -> bool:
        """Whether the last of several is still being typed, and is what was picked."""
        last = self.value.rpartition(",")[2].strip()
        return self._completing is not None and bool(last) and not self._completing.has(last)


class FieldText(LongText):
    """A field of several lines. The arrows leave it at its ends."""

    def __init__(self, field: FormField, value: str) -> None:
        super().__init__(value, placeholder=field.hint, id=f"field-{field.name}")
        self.field = field

    @property
    def value(self) -> str:
        return self.text

    @value.setter
    def value(self, text: str) -> None:
        self.text = text

    def action_cursor_up(self, select: bool = False) -> None:
        if self.cursor_location == (0, 0) and not select:
            self.screen.focus_previous(ENTRIES)
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        if self.cursor_location == self.document.end and not select:
            self.screen.focus_next(ENTRIES)
        else:
            super().action_cursor_down(select)


class Completing(Suggester):
    """What somebody probably goes on to type: the first of what is known that begins like it."""

    def __init__(self, field: FormField) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._field = field

    @cached_property
    def choices(self) -> Choices:
        """Each as it is typed."""
        known = self._field.known() if self._field.known else ()
        return tuple((harmless(value), harmless(meaning)) for value, meaning in known)

    def has(self, typed: str) -> bool:
        return any(value.casefold() == typed.casefold() for value, _ in self.choices)

    async def get_suggestion(self, value: str) -> str | None:
        part = value.rpartition(",")[2].lstrip() if self._field.several else value
        if not part:
            return None
        begun = part.casefold()
        fitting = (known for known, _ in self.choices if known.casefold().startswith(begun))
        known = next(fitting, None)
        return None if known is None else value[: len(value) - len(part)] + known


class ChoicePicker(Picker[str]):
    """All that a field can be."""

    COLUMNS = (Column("name", width=16, grow=1), Column("means", width=20, grow=1))

    def __init__(self, field: FormField, choices: Choices, value: str) -> None:
        super().__init__(field.label, field.hint, today=Today(value))
        self._choices = choices

    def choices(self) -> Sequence[Row[str]]:
        return [
            Row(value, (value or words or "–", (words if value else "", "muted")))
            for value, words in self._choices
        ]


class FieldChoice(FieldInput):
    """A field that is chosen: letters find a choice, the arrows go through them, Space shows all."""

    def __init__(self, field: FormField, value: str) -> None:
        super().__init__(field, value)
        self._typed = ""
        """The letters so far of the one that is looked for."""

    def on_key(self, event: events.Key) -> None:
        if not event.is_printable or event.character is None:
            self._typed = ""
            return
        event.stop()
        event.prevent_default()
        if event.character == " " and not self._beginning(f"{self._typed} "):
            self.pick()
        else:
            self._look_for(event.character)

    def _look_for(self, letters: str) -> None:
        for typed in (self._typed + letters, letters):
            value = self._beginning(typed)
            if value is not None:
                self._typed, self.value = typed, value
                return

    def _beginning(self, typed: str) -> str | None:
        letters = typed.casefold()
        fitting = (
            value
            for value, words in self.field.choices
            if value and (value.casefold().startswith(letters) or words.casefold().startswith(letters))
        )
        return next(fitting, None) if letters.strip() else None

    def pick(self) -> None:
        """From the whole list."""
        self._typed = ""
        self.app.push_screen(ChoicePicker(self.field, self.field.choices, self.value), self._picked)

    def _picked(self, value: str | None) -> None:
        if value is not None:
            self.value = value

    def _step(self, by: int) -> None:
        values = [value for value, _ in self.field.choices]
        at = values.index(self.value) + by if self.value in values else 0 if by > 0 else -1
        self._typed, self.value = "", values[at % len(values)]

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self._typed = ""
        self._look_for(one_line(event.text).strip())

    def on_click(self) -> None:
        self.pick()

    # The keys of a line to type in

    def action_cursor_left(self, select: bool = False) -> None:
        self._step(-1)

    def action_cursor_right(self, select: bool = False) -> None:
        self._step(1)

    def _clear(self) -> None:
        self._typed, self.value = "", ""

    def action_delete_left(self) -> None:
        self._clear()

    action_delete_right = action_delete_left_word = action_delete_right_word = action_delete_left
    action_delete_left_all = action_delete_right_all = action_cut = action_delete_left


ENTRIES = "FieldInput, FieldText, FieldChoice"
"""What is typed into, for Textual to find."""


def entries_of(form: Screen[None]) -> list[FieldInput | FieldText]:
    """In order."""
    return [entry for entry in form.query(ENTRIES) if isinstance(entry, FieldInput | FieldText)]


def entry_for(field: FormField, value: str) -> FieldInput | FieldText:
    """Text that has several lines already is shown with all of them, whatever the field was meant for."""
    if field.choices:
        return FieldChoice(field, value)
    return FieldText(field, value) if field.long or "\n" in field.value + value else FieldInput(field, value)
