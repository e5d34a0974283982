"""A longer text beside or over a list: headings, facts, steps, paragraphs, wrapped to its width and drawn by lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from fleettui.text.cleaning import padded, width_of
from screens.commands.catalogue import bindings
from screens.commands.dispatch import Commanded
from screens.terminal.text import clean, wrap
from screens.widgets.lines import Lines, Span

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

    class Left(Message):
        """Back to where this text was opened."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._paras: Sequence[Para] = ()
        self._lines: list[list[Span]] = []
        self._wrapped_to = 0
        self._top = 0

    def show(self, paras: Sequence[Para], same: bool = False) -> None:
        """This text from now on; `same` when it is the same thing, changed: the place in it is kept."""
        if same and paras == self._paras:
            return
        self._paras = paras
        if not same:
            self._top = 0
        self._wrapped_to = 0
        self._fit()
        self.refresh()

    def _fit(self) -> None:
        """Its lines for the width that it has now: when it has just been opened, it is drawn before it is told its size."""
        width = self.content_size.width
        if width and width != self._wrapped_to:
            self._wrapped_to = width
            self._lines = [line for para in self._paras for line in _lines_of(para, width)]
            self._go_to(self._top)

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
        spans = self._lines[number] if number < len(self._lines) else []
        if y == self.content_size.height - 1 and number < len(self._lines) - 1:
            spans = [(f"↓ {len(self._lines) - number} more lines", "muted")]
        return self.strip_of(spans, self.content_size.width)

    def do_back(self) -> None:
        self.post_message(self.Left())

    def do_down(self) -> None:
        self._go_to(self._top + 1)

    def do_up(self) -> None:
        self._go_to(self._top - 1)

    def do_page_down(self) -> None:
        if len(self._lines) <= self.content_size.height:
            self.fleettui.say("This is all of it. Esc goes back to the list.", seconds=3)
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
    indent = sum(width_of(text) for text, _ in para.lead)
    first, *others = wrap(para.text, width - indent)
    blank = " " * indent
    return [[*para.lead, (first, para.style)], *([(blank, ""), (line, para.style)] for line in others)]
