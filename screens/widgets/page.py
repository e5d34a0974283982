"""A longer text beside or over a list: headings, facts, steps, paragraphs, wrapped to its width and drawn by lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace
from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from fleettui.text.cleaning import padded, width_of
from screens.commands.catalogue import bindings
from screens.commands.dispatch import Commanded
from screens.commands.effective import key_of
from screens.terminal.text import clean, wrap
from screens.widgets.lines import Lines, Span, cells_of

if TYPE_CHECKING:
    from screens.terminal.hyperlinks import Place
    from screens.widgets.find_line import FindBar
    from screens.widgets.text_search import TextSearch

WHEEL_LINES = 3
LABEL_WIDTH = 11


class Para(Struct, frozen=True):
    """One paragraph. `lead` stands before its first line; the others are indented by as much."""

    text: str
    style: str = ""
    lead: tuple[Span, ...] = ()


BLANK = Para("")


def heading(text: str) -> Para:
    """Above a part of the page."""
    return Para(text, "heading")


def title(text: str) -> Para:
    """At the top of the page: what it is about."""
    return Para(text, "strong")


def fact(label: str, text: str, style: str = "") -> Para:
    """A label, and what there is to say of it."""
    return Para(text or "–", style if text else "muted", ((padded(label, LABEL_WIDTH) + " ", "muted"),))


def fact_if(label: str, text: str, style: str = "") -> list[Para]:
    """A fact; nothing where there is nothing to say."""
    return [fact(label, text, style)] if text else []


def part(name: str, paras: Iterable[Para]) -> list[Para]:
    """A part of the page below its heading; nothing where there is nothing in it."""
    below = list(paras)
    return [BLANK, heading(name), *below] if below else []


def step(sign: str, text: str, style: str = "", depth: int = 0, sign_style: str = "accent") -> Para:
    """A line of a checklist; `depth` is how many steps it is inside of."""
    return Para(text, style, (("  " * depth + sign + " ", sign_style),))


def plain(paras: Sequence[Para]) -> str:
    """As plain text, for the clipboard."""
    lines = ["".join(span for span, _ in para.lead) + clean(para.text) for para in paras]
    return "\n".join(line.rstrip() for line in lines).strip()


class Page(Commanded, Lines, can_focus=True):
    """The widget: a text that scrolls by keys."""

    BINDINGS = bindings("page")

    class Searched(Message):
        """Somebody begins to search in it: all of it should be there."""

    class Left(Message):
        """Back to where this text was opened."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._paras: Sequence[Para] = ()
        self._lines: list[list[Span]] = []
        self._links: dict[int, list[Place]] = {}
        self._wrapped_to = 0
        self._top = 0
        self._paragraphs: list[int] = []
        """The first line of each."""
        self._search: TextSearch | None = None
        self._find_bar: FindBar | None = None

    def show(self, paras: Sequence[Para], same: bool = False) -> None:
        """This text from now on; `same` when it is the same thing, changed: the place in it is kept."""
        if same and paras == self._paras:
            return
        self._paras = paras
        if not same:
            self._top = 0
            self.end_search()
        self._wrapped_to = 0
        self._fit()
        self.refresh()

    def _fit(self) -> None:
        """Its lines for the width that it has now: when it has just been opened, it is drawn before it is told its size."""
        width = self.content_size.width
        if width and width != self._wrapped_to:
            self._wrapped_to = width
            self._lines, self._paragraphs = [], []
            for para in self._paras:
                self._paragraphs.append(len(self._lines))
                self._lines += _lines_of(para, width)
            has_address = any("://" in para.text or "mailto:" in para.text for para in self._paras)
            self._links = _links_of(self._lines, self._paras) if has_address else {}
            self._go_to(self._top)
            if self._search is not None:
                self._search.look(self._lines, self._paragraphs, self._search.words, self._top)
                self._show_count()

    def on_resize(self) -> None:
        self._fit()
        self._go_to(self._top)
        self.refresh()

    def cursor_line(self) -> Offset:
        """Its first line that can be seen."""
        return self.content_region.offset

    @property
    def lines(self) -> list[str]:
        """Its text, line by line."""
        self._fit()
        return ["".join(text for text, _ in line) for line in self._lines]

    @property
    def top(self) -> int:
        """The number of the first line that can be seen."""
        return self._top

    def _go_to(self, top: int) -> None:
        height = self.content_size.height
        top = max(0, min(top, len(self._lines) - height))
        if top != self._top:
            self._top = top
            self.refresh()

    def render_line(self, y: int) -> Strip:
        self._fit()
        number = self._top + y
        spans: Sequence[Span] = self._lines[number] if number < len(self._lines) else []
        if self._search is not None:
            spans = self._search.paint(number, spans)
        if y == self.content_size.height - 1 and number < len(self._lines) - 1:
            spans = [(f"↓ {len(self._lines) - number} more lines", "muted")]
            return self.strip_of(spans, self.content_size.width)
        return self._linked(number, self.strip_of(spans, self.content_size.width))

    def _linked(self, number: int, strip: Strip) -> Strip:
        if number not in self._links:
            return strip
        from screens.terminal.hyperlinks import linked  # only where there is one

        return linked(strip, self._links[number])

    def do_back(self) -> None:
        if self._search is not None:
            self.end_search()
        else:
            self.post_message(self.Left())

    # Searching in it

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """`n` and `N` are keys of the text while it is searched; else they mean what they mean on the screen."""
        if parameters[:1] in (("page.next_match",), ("page.last_match",)):
            return self._search is not None
        return super().check_action(action, parameters)

    def do_find(self) -> None:
        from screens.widgets.find_line import FindBar, FindLine  # seldom needed
        from screens.widgets.text_search import TextSearch

        if self._search is None:
            self._search = TextSearch()
            self._find_bar = FindBar(self)
            self.screen.mount(self._find_bar, before=next(iter(self.screen.query("Footer")), None))
            self.post_message(self.Searched())
        else:
            self.screen.query_one(FindLine).focus()

    def search(self, words: str) -> None:
        """These words from now on."""
        if self._search is not None:
            self._search.look(self._lines, self._paragraphs, words, self._top)
            self._go_to_match()

    def do_next_match(self) -> None:
        self._step(1)

    def do_last_match(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        if self._search is not None:
            self._search.step(by)
            self._go_to_match()

    def _go_to_match(self) -> None:
        line = self._search.line if self._search is not None else -1
        height = self.content_size.height
        if line >= 0 and not self._top <= line < self._top + height - 1:
            self._go_to(line - height // 3)
        self._show_count()
        self.refresh()

    def _show_count(self) -> None:
        if self._search is not None and self._find_bar is not None:
            self._find_bar.show_count(self._search.count if self._search.words.strip() else "")

    def end_search(self) -> None:
        """The text as it was, and the keys back to it."""
        if self._search is None:
            return
        self._search = None
        if self._find_bar is not None:
            if self._find_bar.query("FindLine:focus"):
                self.focus()
            self._find_bar.remove()
            self._find_bar = None
        self.refresh()

    def do_down(self) -> None:
        self._go_to(self._top + 1)

    def do_up(self) -> None:
        self._go_to(self._top - 1)

    def do_page_down(self) -> None:
        if len(self._lines) <= self.content_size.height:
            self.fleettui.say(f"This is all of it. {key_of('page.back')} goes back to the list.", seconds=3)
        self._go_to(self._top + max(1, self.content_size.height - 2))

    def do_page_up(self) -> None:
        self._go_to(self._top - max(1, self.content_size.height - 2))

    def do_top(self) -> None:
        self._go_to(0)

    def do_bottom(self) -> None:
        self._go_to(len(self._lines))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._go_to(self._top + WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._go_to(self._top - WHEEL_LINES)


def _lines_of(para: Para, width: int) -> list[list[Span]]:
    indent = cells_of(para.lead)
    blank: Span = (" " * indent, "")
    lines: list[list[Span]] = []
    for text, is_alone in _parts(para.text, width - indent, width):
        wrapped = [text] if is_alone else wrap(text, width - indent)
        lines += [[(line, para.style)] if is_alone else [blank, (line, para.style)] for line in wrapped]
    if lines[0][0] == blank:
        lines[0][:1] = para.lead
    else:
        lines.insert(0, list(para.lead))
    return lines


def _parts(text: str, room: int, width: int) -> list[tuple[str, bool]]:
    """The text, and apart from it each address that is too long for the room beside a label and not for a line of its own."""
    parts = [("", False)]
    for word in re.split(r"( |\n)", clean(text)) if "://" in text else [text]:
        if "://" in word and room < width_of(word) <= width:
            parts += [(word, True), ("", False)]
        else:
            parts[-1] = (parts[-1][0] + word, False)
    kept = (
        [(part if is_alone else part.strip(" "), is_alone) for part, is_alone in parts]
        if parts[1:]
        else parts
    )
    return [part for part in kept if part[0].strip()] or parts[:1]


def _links_of(lines: Sequence[Sequence[Span]], paras: Sequence[Para]) -> dict[int, list[Place]]:
    """By the number of the line; in cells."""
    from screens.terminal.hyperlinks import places, takes_links  # only where there is an address

    links: dict[int, list[Place]] = {}
    if not takes_links():
        return links
    texts = [line[-1][0] if line else "" for line in lines]
    for place in places("\n".join(para.text for para in paras), texts):
        before = lines[place.line][:-1]
        start = cells_of(before) + width_of(texts[place.line][: place.start])
        moved = replace(place, start=start, end=start + place.end - place.start)
        links.setdefault(place.line, []).append(moved)
    return links
