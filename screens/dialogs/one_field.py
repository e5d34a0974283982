"""Choosing one field of several documents, to give all of them the same value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from msgspec.structs import replace

from screens.dialogs.form import FormField
from screens.dialogs.picker import Picker
from screens.terminal.text import one_line
from screens.widgets.columns import Column
from screens.widgets.row import Row

DIFFER = "they differ"


class FieldPicker(Picker[str]):
    """One of the fields, by name; each with the value that all have."""

    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("label", width=14, grow=1),
        Column("value", width=20, grow=3, hide=1),
    )
    HINT = "Which field?"

    def __init__(self, fields: Sequence[FormField], about: str) -> None:
        super().__init__(about)
        self._fields = fields

    def choices(self) -> Sequence[Row[str]]:
        return [
            Row(field.name, (field.label, (one_line(field.value) or field.hint, "muted")))
            for field in self._fields
        ]


def with_common(fields: Sequence[FormField], documents: Sequence[Mapping[str, str]]) -> list[FormField]:
    """The fields with the value that all documents have; where they differ it is empty, and the hint says so."""
    return [_common(field, [values.get(field.name, "") for values in documents]) for field in fields]


def _common(field: FormField, values: Sequence[str]) -> FormField:
    if len(set(values)) == 1:
        return replace(field, value=values[0])
    differ = len(values) > 1
    choices = (("", DIFFER), *field.choices) if differ and field.choices else field.choices
    return replace(field, value="", hint=DIFFER if differ else field.hint, choices=choices)
