"""The line in which a search is typed, above its list, and below it what may be typed. The list follows each letter at once, in
the same redraw."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from rich.highlighter import Highlighter
from rich.text import Text
from textual.message import Message

from fleettui.domain.tickets.ids import ticket_id
from screens.commands.catalogue import bindings
from screens.commands.dispatch import Commanded
from screens.commands.effective import key_of
from screens.terminal.text import one_line
from screens.widgets.info_line import InfoLine
from screens.widgets.line_input import LineInput
from screens.widgets.lines import Span
from screens.widgets.row import Aside, Row
from screens.widgets.rows import Rows

if TYPE_CHECKING:
    from fleettui.domain.searching.completion import Completion, Offer
    from fleettui.domain.searching.language import Mistake


class Guide(Protocol):
    """What is known of a search while it is typed."""

    def complete(self, typed: str, cursor: int) -> Completion: ...

    def mistakes(self, typed: str) -> Sequence[Mistake]: ...

    def past(self) -> Sequence[str]: ...

    def keep(self, typed: str) -> None: ...

    def prepare(self) -> None:
        """Somebody is about to type."""

    def aside(self, typed: str) -> Aside | None:
        """A search that is better made beside the event loop."""


class _Underline(Highlighter):
    """What was not understood."""

    def __init__(self) -> None:
        self.mistakes: Sequence[Mistake] = ()

    def highlight(self, text: Text) -> None:
        for mistake in self.mistakes:
            text.stylize("underline", mistake.start, mistake.end)


class FilterLine(Commanded, LineInput):
    """The field for a search. Down moves the cursor of its list; so does up, once something is typed."""

    BINDINGS = bindings("filter")

    class TicketTyped(Message):
        """What was typed is the id of a ticket and nothing else."""

        def __init__(self, id_: str) -> None:
            super().__init__()
            self.id = id_

    def __init__(self, rows: Rows[Any], guide: Guide) -> None:
        self._underline = _Underline()
        super().__init__(
            placeholder="Words to look for; ↑ the last ones",
            compact=True,
            select_on_focus=False,
            highlighter=self._underline,
        )
        self.cursor_blink = False
        self._rows, self._guide = rows, guide
        self.offers = InfoLine(id="offers")
        """To be shown below it."""
        self._offered: Completion | None = None
        self._searches = 0
        self._pending: int | None = None
        """The number of the search that is made beside the event loop."""
        self._at_rest = asyncio.Event()
        self._at_rest.set()
        self._past: Sequence[str] = ()
        self._place = -1
        """Which of the past searches stands here; -1 for what is typed."""

    def begin(self) -> None:
        """Empty, with the keys."""
        self.display = self.offers.display = True
        self.value = ""
        self._guide.prepare()
        self._past, self._place = self._guide.past(), -1
        self._advise()
        self.focus()

    def watch_value(self, value: str) -> None:
        """Not by a message: that would be a second redraw, a sixtieth of a second later."""
        if self.is_mounted:
            self._search(value)
            if self._place >= 0 and value != self._past[self._place]:
                self._place = -1
            self.call_next(self._advise)  # the cursor stands behind the letter then

    def _search(self, value: str) -> None:
        """At once; among very many rows beside the event loop, where a newer letter cancels the older one."""
        aside = self._guide.aside(value) if value.strip() else None
        if aside is None:
            self._rest()
            self._rows.filter(value)
        else:
            self._begin_aside(value, aside)

    def search_again(self) -> bool:
        """There are other rows: what is found among them is shown when it is known. Whether there are so many that it is not
        looked for at once."""
        aside = self._guide.aside(self.value) if self.value.strip() else None
        if aside is not None:
            self._begin_aside(self.value, aside)
        return aside is not None

    def _begin_aside(self, value: str, aside: Aside) -> None:
        self._searches += 1
        self._pending = self._searches
        self._at_rest.clear()
        work = partial(self._search_aside, self._searches, value, aside)
        self.run_worker(work, thread=True, exclusive=True, group="search", exit_on_error=False)

    def _search_aside(self, number: int, value: str, aside: Aside) -> None:
        rows: Callable[[], Sequence[Row[Any]]] | None = None
        try:
            rows = aside(lambda: self._pending != number)
        finally:
            if self._pending == number:
                self.app.call_from_thread(self._show, number, value, rows)

    def _show(self, number: int, value: str, rows: Callable[[], Sequence[Row[Any]]] | None) -> None:
        """`rows`: None where the search failed, which its worker says."""
        if self._pending == number:
            self._rest()
            if rows is not None:
                self._rows.filter(value, rows())

    def _rest(self) -> None:
        self._pending = None
        self._at_rest.set()

    def on_focus(self) -> None:
        self._rows.lead(True)

    def on_blur(self) -> None:
        self._rows.lead(False)
        self.offers.display = False

    def on_unmount(self) -> None:
        self._rest()

    async def do_done(self) -> None:
        await self._at_rest.wait()  # the next key is meant for what is found, and waits with this one
        self.screen.set_focus(self._rows)  # at once: the next key is meant for it
        if not self.value.strip():
            self.do_clear()
        elif id_ := ticket_id(self.value):
            self.post_message(self.TicketTyped(id_))
        else:
            self._guide.keep(self.value)

    def do_clear(self) -> None:
        self.value = ""
        self.display = self.offers.display = False
        self.screen.set_focus(self._rows)  # at once: the next key is meant for it

    def do_down(self) -> None:
        if self._place < 0:
            self._rows.do_down()
        else:
            self._show_past(self._place - 1)

    def do_up(self) -> None:
        """The searches before, where nothing else is typed."""
        if self.value and self._place < 0:
            self._rows.do_up()
        elif self._place + 1 < len(self._past):
            self._show_past(self._place + 1)

    def _show_past(self, place: int) -> None:
        self._place = place
        self.value = self._past[place] if place >= 0 else ""
        self.cursor_position = len(self.value)

    # What may be typed

    def do_take(self) -> None:
        """The first of what is offered."""
        offered = self._offered
        if offered is None or not offered.offers:
            return
        text = offered.offers[0].text
        behind = "" if text.endswith((":", "<", ">")) else " "
        rest = self.value[offered.end :].lstrip() if behind else self.value[offered.end :]
        self.value = f"{self.value[: offered.start]}{text}{behind}{rest}"
        self.cursor_position = offered.start + len(text) + len(behind)
        self._advise()

    def _advise(self) -> None:
        """A word that may still become one of those offered is no mistake yet."""
        if not self.is_mounted or not self.offers.display:
            return
        typed, cursor = self.value, self.cursor_position
        offered = self._offered = self._guide.complete(typed, cursor)
        unfinished = offered.end if offered.offers else -1
        mistakes = [mistake for mistake in self._guide.mistakes(typed) if mistake.end != unfinished]
        if mistakes != list(self._underline.mistakes):
            self._underline.mistakes = mistakes
            self.refresh()
        if mistakes:
            self.offers.show([("✗ ", "bad"), (one_line(mistakes[0].text), "warn")])
        else:
            self.offers.show(list(_in_words(offered.offers)))


def _in_words(offers: Sequence[Offer]) -> Iterator[Span]:
    if offers:
        first, *others = offers
        yield f"{key_of('filter.take')} ", "muted"
        yield one_line(first.text), "accent"
        if first.meaning:
            yield f" {one_line(first.meaning)}", "muted"
        for offer in others:
            yield f" · {one_line(offer.text)}", ""
