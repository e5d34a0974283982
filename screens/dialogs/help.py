"""The keys that work where one is (?), from the same declarations that bind them; Enter does what the row says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar

from textual import events, on
from textual.screen import Screen
from textual.widget import Widget

from screens.commands.catalogue import BY_ID, SCOPES, bindings
from screens.commands.command import UNBOUND, chord_word
from screens.commands.dispatch import Commanded
from screens.commands.host import Host
from screens.dialogs.palette import run_chosen
from screens.shell.signs import EVERYWHERE, EXPLAINED
from screens.terminal.text import wrap
from screens.widgets.columns import Column
from screens.widgets.footer import Footer
from screens.widgets.header import Header
from screens.widgets.row import Row
from screens.widgets.row_painter import GUTTER
from screens.widgets.rows import Rows

KEYS_CELLS, ID_CELLS, GAP = 14, 20, 2
LEAST_SENTENCE = 30
"""Cells: in less, sentences are cut rather than stacked word by word."""
WITH_IDS = 110
"""Columns of a terminal that has room for the commands' ids beside whole sentences."""


class HelpScreen(Commanded, Screen[None]):
    """The keys that work where help was asked for; Enter runs a command."""

    BINDINGS = bindings("help")
    FOOTER_TITLES: ClassVar[Mapping[str, str]] = MappingProxyType({"list.open": "do it"})
    FOOTER_IS_OWN: ClassVar[bool] = True
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("keys", width=KEYS_CELLS, most=KEYS_CELLS),
        Column("help", width=58, grow=1),
        Column("id", width=ID_CELLS, hide=1),
    )

    def __init__(self, keys: dict[str, list[str]], here: str, wraps: bool = True) -> None:
        """`keys` of the commands that worked where help was asked for. `wraps`: sentences that are wider than the terminal go on
        below; else each is one line, however long, to be read aloud."""
        super().__init__()
        self._keys, self._here, self._wraps = keys, here, wraps

    def compose(self) -> Iterable[Widget]:
        yield Header(self._here)
        yield Rows(self.COLUMNS)
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(Header).show(self.fleettui.header_line())
        self._show(self.app.size.width)
        self.query_one(Rows).focus()

    def on_resize(self, event: events.Resize) -> None:
        self._show(event.size.width)

    def _show(self, width: int) -> None:
        shown, rows = help_rows(self._keys, self._here, width if self._wraps else None), self.query_one(Rows)
        rows.painter.measure(shown)  # all of them: columns do not move when one scrolls
        rows.show(shown)

    @on(Rows.Opened)
    async def _run(self, event: Rows.Opened) -> None:
        app = self.fleettui
        if event.row.key not in BY_ID:  # what a sign means
            return
        self.do_close()
        if BY_ID[event.row.key].in_palette:
            app.call_later(run_chosen, app, event.row.key)

    def do_close(self) -> None:
        if self.is_current:  # not twice: the screen below would close
            self.app.pop_screen()


def keys_now(screen: Screen[object]) -> dict[str, list[str]]:
    """The commands that the focused widget, its screen and the app answer to, and by which keys."""
    keys: dict[str, list[str]] = {}
    for key, active in screen.active_bindings.items():
        if active.binding.id in BY_ID and key != UNBOUND:
            keys.setdefault(active.binding.id, []).append(chord_word(key))
    return keys


def toggle_help(app: Host, wraps: bool = True) -> None:
    """Opens it, or closes it where it is open."""
    if isinstance(app.screen, HelpScreen):
        app.screen.do_close()
    else:
        app.push_screen(HelpScreen(keys_now(app.screen), app.base_screen.NAME, wraps))


def help_rows(keys: dict[str, list[str]], here: str = "", width: int | None = None) -> Sequence[Row]:
    """What belongs to this place alone comes first. `width` of the terminal; None: no sentence goes on below."""
    rows: list[Row] = []
    for scope, title in reversed(SCOPES.items()):
        commands = [command for command in BY_ID.values() if command.scope == scope and command.id in keys]
        if commands:
            rows.append(Row(f"scope {scope}", (title,), heading=True))
        for command in commands:
            first, *others = _lines(command.help, _sentence_cells(width))
            rows.append(Row(command.id, ((_fitting(keys[command.id]), "key"), first, (command.id, "muted"))))
            rows += _going_on(command.id, others)
    rows.append(Row("signs", ("Signs",), heading=True))
    for number, (sign, meaning) in enumerate((*EXPLAINED.get(here, ()), *EVERYWHERE)):
        first, *others = _lines(meaning, _sentence_cells(width))
        rows.append(Row(f"sign {number}", ((sign, "key"), first, "")))
        rows += _going_on(f"sign {number}", others)
    return rows


def _sentence_cells(width: int | None) -> int | None:
    if width is None:
        return None
    beside = ID_CELLS + GAP if width >= WITH_IDS else 0
    return max(LEAST_SENTENCE, width - GUTTER - KEYS_CELLS - GAP - beside)


def _lines(text: str, cells: int | None) -> list[str]:
    return [text] if cells is None else wrap(text, cells)


def _going_on(id_: str, lines: Sequence[str]) -> Iterator[Row]:
    """The cursor passes them, as it passes headings."""
    for number, line in enumerate(lines):
        yield Row(f"{id_} {number}", ("", line, ""), heading=True)


def _fitting(keys: Sequence[str]) -> str:
    """As many of them as there is room for, whole."""
    words = keys[0]
    for key in keys[1:]:
        if len(f"{words} {key}") <= KEYS_CELLS:
            words = f"{words} {key}"
    return words
