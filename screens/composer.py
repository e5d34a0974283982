"""Writing: an answer, a note, a post. What was said stands beside it; ready texts, preview, copy, record as sent.

What is typed is kept a quarter of a second after the last key, on Esc, when the connection drops. With it is kept which state
of the ticket it answers: if somebody else has answered since, or the customer has written, sending stops and shows that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from textual import events, on
from textual.containers import Container
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static, TextArea

from fleettui.errors import FleettuiError
from fleettui.tickets import Message, Overtaken
from screens.base import WIDE
from screens.commands import bindings
from screens.dispatch import Commanded
from screens.picker import Picker
from screens.text_safe import clean, cut, one_line
from screens.texts import GAP, Written, gap_names, gaps_in, missing_variables, why_not_sent, written
from screens.widgets.columns import Column
from screens.widgets.footer import Footer
from screens.widgets.page import BLANK, Page, Para, heading
from screens.widgets.rows import Row

if TYPE_CHECKING:
    from fleettui.tickets import Ticket

KEEP_AFTER = 0.25
"""Seconds after the last key until what was typed is on disk."""

Send = Callable[[str, int, bool], Any]
"""The text, the revision that it answers, whether to wait then. Runs in the writing thread."""


class Job(Struct, frozen=True):
    """What is written, about which ticket, and what becomes of it."""

    title: str
    about: str
    """Names the draft."""
    ticket_id: str
    send: Send
    sent: Callable[[Any], None]
    said: Callable[[Ticket], Sequence[Para]]
    """What stands beside the text."""
    start: str = ""
    """The name of a ready text to begin with."""
    ready: tuple[str, ...] = ()
    """Ready texts to choose from."""
    public: bool = False
    """Anybody can read it (SUP-13)."""
    copies: bool = True
    """The text leaves by another way: sending it puts it on the clipboard."""
    waits: bool = False
    """It may be followed by waiting for the customer."""


class Draft(Struct, frozen=True):
    text: str = ""
    since: int = 0
    template: str = ""


class TextPane(TextArea):
    """The composer's keys come before the text's own: they are declared with priority."""

    def __init__(self, text: str) -> None:
        super().__init__(text, soft_wrap=True, compact=True, highlight_cursor_line=False, id="composer-text")
        self.cursor_blink = False

    def on_paste(self, event: events.Paste) -> None:
        """Before the text area takes it in: what was copied from a customer may hold anything."""
        event.text = clean(event.text)


class Composer(Commanded, ModalScreen[None]):
    BINDINGS = bindings("composer")
    CSS_PATH = "composer.tcss"

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.job = job
        self._keeping: Timer | None = None
        self._sending = self._done = self._previews = False
        self._news: tuple[Message, ...] = ()
        self._begun = Draft()

    # What is there

    def ticket(self) -> Ticket:
        return self.workspace.tickets.find(self.job.ticket_id)

    def _first(self) -> Draft:
        """The draft as it was left, else the ready text that the task begins with."""
        kept = self._kept()
        if kept is not None:
            return kept
        ticket = self.ticket()
        if not self.job.start:
            return Draft("", ticket.rev)
        return Draft(self._written(self.job.start).text, ticket.rev, self.job.start)

    def _kept(self) -> Draft | None:
        try:
            kept = json.loads(self.workspace.drafts.get(self.job.about) or "null")
            return (
                Draft(clean(str(kept["text"])), int(kept["since"]), str(kept.get("template", "")))
                if kept
                else None
            )
        except (ValueError, KeyError, TypeError, AttributeError, FleettuiError):
            return None

    def _written(self, name: str) -> Written:
        return written(self.workspace, name, self.ticket())

    @property
    def text(self) -> str:
        return self.query_one(TextPane).text

    def compose(self) -> Iterable[Widget]:
        self._was_kept = self._kept() is not None
        self._begun = self._first()
        yield Static(one_line(self.job.title), id="composer-about", markup=False)
        with Container(id="composer"):
            yield Page(id="composer-said")
            yield TextPane(self._begun.text)
        yield Static("", id="composer-note", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self.set_class(self.app.size.width >= WIDE, "-wide")
        area = self.query_one(TextPane)
        area.focus()
        area.move_cursor(area.document.end if self._was_kept else (0, 0))
        self._see_news()
        self._tell()
        if self._news:
            self._note_news()
        elif self._was_kept:
            self._note("What you typed before is back. Ctrl+R starts over.")
        else:
            self._note_gaps()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= WIDE, "-wide")

    # What others do meanwhile

    def renew(self) -> None:
        """The ticket may have changed."""
        before = self._news
        self._see_news()
        self._tell()
        if self._news and self._news != before:
            self._note_news()

    def _see_news(self) -> None:
        from fleettui.tickets import news_since

        if self.job.copies and self.job.waits:
            self._news = news_since(self.ticket(), self._begun.since)

    def _note_news(self) -> None:
        who = ", ".join(dict.fromkeys(one_line(one.by) for one in self._news))
        self._note(f"New since you began, from {who}: it stands on top. Read it; sending stops once.")

    def _tell(self) -> None:
        page = self.query_one("#composer-said", Page)
        if self._previews:
            page.show(self._preview())
            return
        paras: list[Para] = []
        if self._news:
            paras += [Para("New since you began", "warn"), *(news_para(one) for one in self._news), BLANK]
        page.show([*paras, *self.job.said(self.ticket())], same=True)

    def _preview(self) -> list[Para]:
        text = clean(self.text).strip()
        why_not = why_not_sent(self.workspace, text, self.ticket(), self.job.public)
        state = Para(f"✗ {why_not}", "bad") if why_not else Para("✓ It can leave as it is.", "good")
        return [heading("As it leaves"), state, BLANK, Para(text)]

    # What is said

    def _note(self, text: str) -> None:
        self.query_one("#composer-note", Static).update(one_line(text))

    def _note_gaps(self) -> None:
        gaps = gaps_in(self.text)
        self._note(f"To fill in: {gap_names(gaps)}. Ctrl+G goes there." if gaps else "")

    # The draft

    @on(TextArea.Changed)
    def _keep_soon(self) -> None:
        if self._previews:
            self._tell()
        if self._keeping is not None:
            self._keeping.stop()
        self._keeping = self.set_timer(KEEP_AFTER, lambda: self.fleettui.writer.quietly(self._keeper()))

    def _keeper(self) -> Callable[[], None]:
        text, drafts, about = self.text, self.workspace.drafts, self.job.about
        begun = self._begun
        if not text.strip() or (text == begun.text and not self._was_kept and not begun.template):
            return lambda: drafts.drop(about)
        kept = json.dumps({"text": text, "since": begun.since, "template": begun.template})
        return lambda: drafts.keep(about, kept)

    def keep_draft(self) -> None:
        """Now: there may be no later."""
        if self._done or self._sending:
            return
        try:
            self._keeper()()
        except FleettuiError as error:
            self.fleettui.report(error, "keeping the draft")

    # Commands

    def do_close(self) -> None:
        if self._previews:
            self.do_preview()
            return
        typed = bool(self.text.strip())
        self.keep_draft()
        self._leave()
        if typed:
            self.fleettui.say("Kept as a draft: it is there when you open this again.")

    @on(Page.Left)
    def _back_to_text(self) -> None:
        self.query_one(TextPane).focus()

    def _leave(self) -> None:
        self._done = True
        if self._keeping is not None:
            self._keeping.stop()
        self.dismiss()
        self.fleettui.present("triage", self.job.ticket_id)

    def do_reset(self) -> None:
        about, drafts = self.job.about, self.workspace.drafts
        self._was_kept = False
        self.fleettui.writer.quietly(lambda: drafts.drop(about))
        self._begun = Draft(
            self._written(self.job.start).text if self.job.start else "", self.ticket().rev, self.job.start
        )
        self.query_one(TextPane).text = self._begun.text
        self._news = ()
        self._tell()
        self._note_gaps()

    def do_preview(self) -> None:
        self._previews = not self._previews
        self._tell()

    def do_copy(self) -> None:
        self.app.copy_to_clipboard(clean(self.text).strip())
        self._note("Copied, if your terminal allows it.")

    def do_gap(self) -> None:
        area = self.query_one(TextPane)
        after = index_of(area.text, area.cursor_location)
        places = list(GAP.finditer(area.text))
        if not places:
            self._note("There is nothing left to fill in.")
            return
        found = next((one for one in places if one.start() >= after), places[0])
        start, end = (location_of(area.text, at) for at in found.span())
        area.move_cursor(start)
        area.move_cursor(end, select=True)
        area.focus()

    def do_template(self) -> None:
        self.app.push_screen(TemplatePicker(self.job.ready, self.ticket()), self._take_template)

    def _take_template(self, name: str | None) -> None:
        if name is None:
            return
        try:
            made = self._written(name)
        except FleettuiError as error:
            self._note(str(error))
            return
        area = self.query_one(TextPane)
        if area.text.strip() and area.text != self._begun.text:
            area.insert(made.text)  # what was typed by hand stays
        else:
            area.text = made.text
        self._begun = Draft(made.text, self._begun.since, name)
        self._was_kept = True
        self._note_gaps()
        if made.gaps:
            self.do_gap()

    def do_send(self) -> None:
        self._send(wait=False)

    def do_send_and_wait(self) -> None:
        if not self.job.waits:
            self._note("Only an answer can be followed by waiting. Ctrl+S saves this.")
            return
        self._send(wait=True)

    def _send(self, wait: bool) -> None:
        if self._sending:
            return
        text = clean(self.text).strip()
        why_not = why_not_sent(self.workspace, text, self.ticket(), self.job.public)
        if why_not:
            self._note(why_not)
            return
        self._sending = True
        since = self._begun.since
        self.fleettui.write(
            lambda: self.job.send(text, since, wait), lambda made: self._sent(text, made), self._stopped
        )

    def _sent(self, text: str, made: Any) -> None:
        about, drafts = self.job.about, self.workspace.drafts
        if self.job.copies:
            self.app.copy_to_clipboard(text)
        self._leave()
        self.fleettui.writer.quietly(lambda: drafts.drop(about))
        self.job.sent(made)

    def _stopped(self, error: Exception) -> None:
        self._sending = False
        if isinstance(error, Overtaken):
            self._news = error.news
            self._begun = Draft(self._begun.text, error.revision, self._begun.template)
            self._was_kept = True
            self._tell()
            self._note("Not sent: this came since you began, see above. Ctrl+S again sends yours too.")
        elif isinstance(error, FleettuiError):
            self._note(f"Not sent: {error}")
        else:
            self.fleettui.report(error, self.job.title)
        self.keep_draft()


def index_of(text: str, location: tuple[int, int]) -> int:
    """From line and column to a place in the text."""
    line, column = location
    return sum(len(one) + 1 for one in text.split("\n")[:line]) + column


def location_of(text: str, index: int) -> tuple[int, int]:
    before = text[:index]
    return before.count("\n"), index - (before.rfind("\n") + 1)


def news_para(message: Message) -> Para:
    did = "answered" if message.direction == "out" else "wrote"
    return Para(message.body, "", ((f"▸ {cut(one_line(message.by), 60)} {did}: ", "warn"),))


class TemplatePicker(Picker):
    """Ready texts, those first that need nothing more; what is missing is named."""

    COLUMNS = (
        Column("title", width=24, grow=1),
        Column("wants", width=18, grow=1, hide=1),
        Column("name", width=16, hide=2),
    )
    HINT = "which text?"

    def __init__(self, names: Sequence[str], ticket: Ticket) -> None:
        super().__init__()
        self._names, self._ticket = names, ticket

    def choices(self) -> Sequence[Row]:
        found = [self._row(name) for name in self._names]
        return [row for _, row in sorted(found, key=lambda pair: pair[0])]

    def _row(self, name: str) -> tuple[bool, Row]:
        workspace = self.workspace
        message = workspace.handbook.writer.message(name)
        try:
            missing = missing_variables(workspace, name, self._ticket)
        except FleettuiError as error:
            return True, Row(name, (message.title, (str(error), "bad"), (name, "muted")))
        wants = ", ".join(one.name.replace("_", " ") for one in missing)
        told = (f"wants {wants}", "warn") if wants else ("✓ complete", "good")
        return bool(wants), Row(name, (message.title, told, (name, "muted")))
