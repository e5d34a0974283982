"""What stands on a screen, for ears: its title, its texts, its keys, and where one is: on a row, in a text, in a field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from msgspec import Struct
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from screens.commands.host import HeaderLine
from screens.dialogs.entries import FieldChoice, FieldInput, FieldText
from screens.dialogs.help import HelpScreen
from screens.dialogs.mentions import MentionList
from screens.dialogs.palette import Palette
from screens.dialogs.picker import Picker
from screens.plain.voice import Typed
from screens.plain.words import cell_words, joined, lasting, spoken
from screens.shell.board import Board
from screens.widgets.filter_line import FilterLine
from screens.widgets.footer import Footer
from screens.widgets.info_line import InfoLine
from screens.widgets.line_input import LineInput
from screens.widgets.page import Page
from screens.widgets.row import Cell, Row
from screens.widgets.rows import Rows

REPEATS = ("status", "inbox-below")
"""Texts that say of the row under the cursor what its line says already."""
OF_ROW = "of the row"
SHORT_HINT = 12
"""Letters of a hint that is read with what is typed; a longer one is told once."""
BLANK = "blank"
BARE = re.compile(r"\d[\d/–-]*")


class At(Struct, frozen=True):
    """Where one is, if it is a row of a list or a line of a text."""

    key: object
    """Which row, or which line."""
    text: str
    """What is on it."""
    where: str = ""
    """ "3 of 12"."""
    heading: str = ""
    """What stands above it."""

    @property
    def line(self) -> str:
        """All of it in one line."""
        return joined((self.where, self.text), ": ")


class Scene(Struct, frozen=True):
    """A screen at one moment."""

    screen: Screen[Any]
    title: str
    texts: dict[str, str]
    """What else is said on it, by the name of the widget."""
    header: HeaderLine
    focused: Widget | None = None
    at: At | None = None
    typed: Typed | None = None
    page: tuple[str, ...] = ()
    """The lines of the text that is open."""

    def changed_since(self, known: Mapping[str, str], *, by_me: bool) -> list[str]:
        """The texts that say something else than is known. What only counts time says nothing new, nor what a list counts when
        it was not me who changed it."""
        return [
            text
            for name, text in self.texts.items()
            if text
            and not name.startswith(OF_ROW)
            and text != known.get(name)
            and (by_me or not (name.startswith("InfoLine") or same_but_for_times(text, known.get(name))))
        ]


def same_but_for_times(text: str, other: str | None) -> bool:
    return other is not None and lasting(text) == lasting(other)


def scene_of(screen: Screen[Any], header: HeaderLine) -> Scene:
    """As it is now."""
    texts = dict(_texts_of(screen))
    title = _title_of(screen) or next(iter(texts.values()), "")
    focused = screen.focused
    page = tuple(focused.lines) if isinstance(focused, Page) else ()
    return Scene(screen, title, texts, header, focused, at_of(screen), typed_of(focused), page)


def _title_of(screen: Screen[Any]) -> str:
    if isinstance(screen, Board):
        return screen.NAME.capitalize()
    if isinstance(screen, HelpScreen):
        return "Keys that work here"
    if (
        isinstance(screen.focused, LineInput)
        and isinstance(screen, Picker | Palette)
        and not about_of(screen)
    ):
        return spoken(screen.focused.placeholder)
    return ""


def about_of(screen: Picker[Any] | Palette) -> str:
    return screen.about if isinstance(screen, Picker) else ""


# Texts


def shown(top: Widget | Screen[Any]) -> Iterator[Widget]:
    """The widgets that are to be seen, in their order."""
    for child in top.children:
        if child.display:
            yield child
            yield from shown(child)


def _texts_of(screen: Screen[Any]) -> Iterator[tuple[str, str]]:
    counts: Counter[str] = Counter()
    for widget in shown(screen):
        if widget.has_class("label"):
            continue
        kind = OF_ROW if widget.id in REPEATS else type(widget).__name__
        if widget.has_class("about"):
            yield "about", spoken(str(widget.content)) if isinstance(widget, Static) else ""
        elif isinstance(widget, InfoLine | MentionList):
            yield f"{kind} {widget.id}", spoken(widget.text)
        elif isinstance(widget, LineInput) and not isinstance(widget, FieldInput | FilterLine):
            if len(widget.placeholder) > SHORT_HINT:
                yield "hint", spoken(widget.placeholder)
        elif isinstance(widget, Static):
            counts[kind] += 1
            yield f"{kind} {widget.id or counts[kind]}", spoken(str(widget.content))


def counted_words(line: HeaderLine) -> str:
    """What is counted on the tabs, and wants something of me."""
    counts = (
        f"{line.late} late on Triage" if line.late else "",
        f"{line.untriaged} not triaged" if line.untriaged else "",
        *(f"{count} new on {screen.capitalize()}" for screen, count in line.news),
    )
    return joined(counts)


def nearest_words(line: HeaderLine) -> str:
    nearest = line.nearest
    return spoken(f"Next promise, {nearest.left} left: {nearest.id} {nearest.subject}") if nearest else ""


def standing_words(line: HeaderLine) -> list[str]:
    """What stands on every screen."""
    with_whom = f"{line.me} with {', '.join(line.others)}" if line.others else line.me
    first = joined((line.workspace, with_whom, line.opening, line.clock, counted_words(line)))
    return [first, *map(spoken, line.troubles), nearest_words(line)]


def standing_news(line: HeaderLine, before: HeaderLine) -> list[str]:
    """What of it is new, and wants something of me."""
    more = line.late > before.late or line.untriaged > before.untriaged
    troubles = [spoken(trouble) for trouble in line.troubles if trouble not in before.troubles]
    was = before.nearest.id if before.nearest else ""
    is_next = line.nearest is not None and line.nearest.id != was
    return [counted_words(line) if more else "", *troubles, nearest_words(line) if is_next else ""]


def keys_of(screen: Screen[Any]) -> str:
    """The keys that the footer shows."""
    footer = next((widget for widget in shown(screen) if isinstance(widget, Footer)), None)
    return ", ".join(f"{key} {title}" for key, title in footer.keys) if footer else ""


# Where one is


def at_of(screen: Screen[Any]) -> At | None:
    focused = screen.focused
    if isinstance(focused, Page):
        lines = focused.lines
        text = spoken(lines[focused.top]) if focused.top < len(lines) else ""
        return At(focused.top, text or BLANK)
    rows = rows_of(screen)
    return row_at(rows) if rows is not None else None


def rows_of(screen: Screen[Any]) -> Rows[Any] | None:
    """The list whose cursor counts."""
    focused = screen.focused
    if isinstance(focused, Rows):
        return focused
    if isinstance(focused, FilterLine) and isinstance(screen, Board):
        return screen.rows
    is_led = isinstance(focused, LineInput) and not isinstance(focused, FieldInput)
    return next((widget for widget in shown(screen) if isinstance(widget, Rows)), None) if is_led else None


def row_at(rows: Rows[Any]) -> At:
    listing = rows.listing
    row = listing.row
    if row is None:
        text = f"{listing.count} rows, down goes to the first" if listing.shown else rows.why_empty
        return At(None, text)
    return At(
        row.key, row_text(rows, row.key), f"{listing.place} of {listing.count}", spoken(listing.heading)
    )


def row_text(rows: Rows[Any], key: Any) -> str:
    """The row with that key; empty where it is not shown."""
    listing = rows.listing
    number = listing.number_of(key)
    if number is None:
        return ""
    marked = "marked" if listing.is_marked(key) else ""
    return joined((marked, row_words(listing.with_cells(listing.shown[number]), listing.titles)))


def row_words(row: Row[Any], titles: Sequence[str]) -> str:
    """Its cells in one line, bare numbers with the title of their column, and what is told besides; a heading's first."""
    if row.heading:
        return spoken(text_of(row.cells[0])) if row.cells else ""
    cells = zip_longest(row.cells, titles[: len(row.cells)], fillvalue="")
    shown = (_titled_cell(cell_words(text_of(cell)), str(title)) for cell, title in cells)
    return joined((*shown, spoken(row.spoken)))


def _titled_cell(words: str, title: str) -> str:
    if not BARE.fullmatch(words):
        return words
    return f"{title} {words}" if title else ""


def text_of(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell[0]


def numbered_rows(rows: Rows[Any], most: int) -> Iterator[str]:
    """Headings and numbered rows, as they would be read from above."""
    number = 0
    for row in rows.listing.shown:
        number += not row.heading
        if number > most:
            yield f"… and {rows.listing.count - most:,} more"
            return
        words = row_words(rows.listing.with_cells(row), rows.listing.titles)
        yield f"## {words}" if row.heading else f"{number}: {words}"


# What is typed into


def typed_of(widget: Widget | None) -> Typed | None:
    """The line in which somebody types."""
    if isinstance(widget, TextArea):
        line, column = widget.cursor_location
        label = f"{widget.field.label}: " if isinstance(widget, FieldText) and not line else ""
        return Typed((id(widget), line), label, widget.document.get_line(line), column)
    if isinstance(widget, FieldChoice):
        value = chosen_words(widget)
        return Typed(id(widget), label_of(widget), value, len(value))
    if isinstance(widget, Input):
        return Typed(id(widget), label_of(widget), widget.value, widget.cursor_position)
    return None


def chosen_words(choice: FieldChoice) -> str:
    meaning = dict(choice.field.choices).get(choice.value, "")
    return joined((choice.value, meaning))


def label_of(widget: Input) -> str:
    if isinstance(widget, FilterLine):
        return "Filter: "
    if isinstance(widget, FieldInput):
        hint = f" ({widget.field.hint})" if widget.field.hint and not widget.value else ""
        return f"{spoken(widget.field.label)}{hint}: "
    hint = spoken(widget.placeholder)
    return f"{hint.capitalize()}: " if len(hint) <= SHORT_HINT else "Find: "


def whole_text(widget: Widget | None) -> list[str]:
    """All lines of a text that somebody comes to, where it has several."""
    lines = widget.text.split("\n") if isinstance(widget, TextArea) else []
    return lines if len(lines) > 1 else []
