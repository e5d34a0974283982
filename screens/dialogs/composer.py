"""Writing: an answer, a note, a post. What was said stands beside it; ready texts, preview, copy, record as sent.

What is typed is kept a quarter of a second after the last key, on Esc, when the connection drops. With it is kept which state
of the ticket it answers: if somebody else has answered since, or the customer has written, sending stops and shows that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace
from textual import events, on
from textual.containers import Container
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static, TextArea

from fleettui.domain.tickets.messages import Overtaken
from fleettui.domain.tickets.model import Message
from fleettui.errors import FleettuiError
from fleettui.text.cleaning import fit
from screens.commands.catalogue import bindings
from screens.commands.dispatch import Commanded
from screens.dialogs.template_picker import TemplatePicker
from screens.dialogs.texts import Written, taken_back, why_not_sent, written
from screens.shell.board import WIDE
from screens.terminal.text import clean, one_line, wrap
from screens.widgets.footer import Footer
from screens.widgets.gaps import gap_names, gaps_in
from screens.widgets.one_line import OneLine
from screens.widgets.page import BLANK, Page, Para, heading
from screens.widgets.text_pane import TextPane

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.workspace import Workspace

KEEP_AFTER = 0.25
"""Seconds after the last key until what was typed is on disk."""
NOTE_LINES = 3

Send = Callable[[str, int, bool], Any]
"""The text, the revision that it answers, whether to wait then. Runs in the writing thread."""


class Job(Struct, frozen=True):
    """What is written, about which ticket, and what becomes of it."""

    title: str
    kind: str
    """Names the draft, together with the ticket."""
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
    keeps: Callable[[Any], bool] = lambda result: False
    """Whether the draft stays after sending, by what `send` returned."""
    waits: bool = False
    """It may be followed by waiting for the customer."""
    goes_on: Callable[[Ticket], Job] | None = None
    """The same on another ticket, for one that is merged meanwhile."""

    def about(self, ticket_id: str) -> str:
        return f"{self.kind} {ticket_id}"


class Draft(Struct, frozen=True):
    """A merged ticket's draft keeps its name and its revision, so that it is whole when the tickets are parted again."""

    ticket_id: str
    text: str
    since: int
    typed: bool = True
    """By hand: a ready text alone may be replaced by another."""


class Composer(Commanded, ModalScreen[None]):
    BINDINGS = bindings("composer")
    CSS_PATH = Path(__file__).with_name("composer.tcss")  # also for subclasses in other folders

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.job = job
        self._keeping: Timer | None = None
        self._sending = self._done = self._previews = self._is_gone = False
        self._news: tuple[Message, ...] = ()
        self._noted, self._note_follows_text = "", False
        self._known: Ticket

    # What is there

    def ticket(self) -> Ticket:
        """As it is now; as it was last, once its making has been taken back."""
        found = self.workspace.tickets.get(self.job.ticket_id)
        self._known = found or self._known
        return self._known

    def _first(self) -> Draft:
        """The draft as it was left, else the ready text that the task begins with, else an answer that was taken back."""
        if self._kept is not None and self._kept.text.strip():
            return self._kept
        ticket = self.ticket()
        if self.job.start:
            return Draft(ticket.id, self._written(self.job.start).text, ticket.rev, typed=False)
        if self._back is not None and self._kept is None:
            return Draft(ticket.id, clean(self._back.text), self._back.rev)
        return Draft(ticket.id, "", ticket.rev, typed=False)

    def _find_kept(self) -> Draft | None:
        """Of this ticket, else of one that was merged into it."""
        merged = dict.fromkeys(one.moved_from for one in self.ticket().messages if one.moved_from)
        drafts = (self._read(id_) for id_ in (self.job.ticket_id, *merged))
        found = [one for one in drafts if one is not None]
        return next((one for one in found if one.text.strip()), found[0] if found else None)

    def _read(self, id_: str) -> Draft | None:
        try:
            kept = json.loads(self.workspace.drafts.get(self.job.about(id_)) or "null")
            if not kept:
                return None
            return Draft(id_, clean(str(kept["text"])), int(kept["since"]), bool(kept.get("typed", True)))
        except (ValueError, KeyError, TypeError, AttributeError, FleettuiError):
            return None

    def _written(self, name: str) -> Written:
        return written(self.workspace, name, self.ticket())

    @property
    def text(self) -> str:
        return self.query_one(TextPane).text

    def _is_typed(self) -> bool:
        return self.text.strip() not in self._untouched

    def compose(self) -> Iterable[Widget]:
        self._known = self.workspace.tickets.find(self.job.ticket_id)
        self._back = taken_back(self.workspace, self._known) if self.job.waits else None
        self._kept = self._find_kept()
        self._begun = self._first()
        self._untouched = {""} if self._begun.typed else {"", self._begun.text.strip()}
        """What may stand there without anybody having typed it."""
        self._since = self._since_here()
        yield Static(one_line(self.job.title), id="composer-about", markup=False)
        yield OneLine(id="composer-others")
        with Container(id="composer"):
            yield Page(id="composer-said")
            yield TextPane(self._begun.text)
        yield Static("", id="composer-note", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self.set_class(self.app.size.width >= WIDE, "-wide")
        area = self.query_one(TextPane)
        area.focus()
        area.move_cursor(area.document.end if self._begun.typed else (0, 0))
        self._see_news()
        self._tell()
        self._tell_others()
        notes = [self._back_words(), self._news_words()]
        if any(notes):
            self._note(" ".join(one for one in notes if one))
        else:
            self._note_gaps()

    def _back_words(self) -> str:
        if not self._begun.typed:
            return ""
        if self._begun is not self._kept:
            return "Your answer that was taken back is here again."
        if self._begun.ticket_id != self.job.ticket_id:
            return f"What you typed for {self._begun.ticket_id}, which was merged into this one, is here."
        return "" if self._news else "What you typed before is back. Ctrl+R starts over."

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= WIDE, "-wide")
        self.call_after_refresh(self._show_note)

    # What others do meanwhile

    def renew(self) -> None:
        """The ticket may have changed."""
        before, was_gone = self._news, self._is_gone
        moved = self._go_where_it_goes_on()
        self._see_news()
        self._tell()
        self._tell_others()
        self._is_gone = self.workspace.tickets.get(self.job.ticket_id) is None
        if moved:
            self._note(f"{moved} {self._news_words()}")
        elif self._is_gone and not was_gone:
            self._note(f"{self.job.ticket_id} is gone: its making was taken back. Ctrl+B copies your text.")
        elif self._news and self._news != before:
            self._note(self._news_words())

    def _go_where_it_goes_on(self) -> str:
        """An answer follows its ticket into the one that it is merged into, and back when they are parted. What was done, or
        nothing."""
        tickets, was = self.workspace.tickets, self.job.ticket_id
        begun_on = tickets.get(self._begun.ticket_id)
        if self.job.goes_on is None or self._sending or begun_on is None:
            return ""
        ticket = tickets.survivor(begun_on)
        if ticket.id == was:
            return ""
        self.job = self.job.goes_on(ticket)
        self._since = self._since_here()
        self.query_one("#composer-about", Static).update(one_line(self.job.title))
        self.fleettui.present("triage", ticket.id, typing=True)
        if ticket.id == begun_on.id:
            return f"{ticket.id} is parted from {was} again: this answer goes there now."
        return f"{begun_on.id} was merged into {ticket.id}: this answer goes there now."

    def _since_here(self) -> int:
        """Of another ticket, which goes on here, the writer may have read nothing."""
        return self._begun.since if self._begun.ticket_id == self.job.ticket_id else 0

    def _see_news(self) -> None:
        from fleettui.domain.tickets.messages import news_since

        if self.job.waits:
            self._news = self._unread(news_since(self.ticket(), self._since))

    def _unread(self, news: tuple[Message, ...]) -> tuple[Message, ...]:
        """Without what the draft's own ticket had already when it was begun there."""
        from fleettui.domain.tickets.messages import news_since

        begun_on = self.workspace.tickets.get(self._begun.ticket_id)
        if begun_on is None or begun_on.id == self.job.ticket_id:
            return news
        new = {one.key for one in news_since(begun_on, self._begun.since)}
        return tuple(
            one for one in news if one.moved_from != begun_on.id or one.key.rpartition(".")[2] in new
        )

    def _news_words(self) -> str:
        if not self._news:
            return ""
        who = ", ".join(dict.fromkeys(author(self.workspace, one) for one in self._news))
        return f"New since you began, from {who}: it stands on top. Read it; sending stops once."

    def _tell(self) -> None:
        page = self.query_one("#composer-said", Page)
        if self._previews:
            page.show(self._preview())
            return
        paras: list[Para] = []
        if self._news:
            paras.append(Para("New since you began", "warn"))
            paras += [news_para(one, author(self.workspace, one)) for one in self._news]
            paras.append(BLANK)
        page.show([*paras, *self.job.said(self.ticket())], same=True)

    def _tell_others(self) -> None:
        here = self.workspace.presence.here()
        names = [one_line(one.name) for one in here if one.typing and one.looking_at == self.job.ticket_id]
        line = self.query_one("#composer-others", OneLine)
        line.display = bool(names)
        verb = "is" if len(names) == 1 else "are"
        line.show([(f"✎ {', '.join(names)} {verb} answering this, too", "warn")])

    def _preview(self) -> list[Para]:
        text = clean(self.text).strip()
        why_not = why_not_sent(self.workspace, text, self.ticket(), self.job.public)
        state = Para(f"✗ {why_not}", "bad") if why_not else Para("✓ It can leave as it is.", "good")
        return [heading("As it leaves"), state, BLANK, Para(text)]

    # What is said

    def _note(self, text: str, follows_text: bool = False) -> None:
        """`follows_text`: it is about the text as it is, and another one when that changes."""
        self._noted, self._note_follows_text = one_line(text), follows_text
        self._show_note()

    def _show_note(self) -> None:
        width = max(20, self.app.size.width - 2)
        lines = wrap(self._noted, width)
        if len(lines) > NOTE_LINES:
            lines = [*lines[: NOTE_LINES - 1], fit(f"{lines[NOTE_LINES - 1]} …", width)]
        note = self.query_one("#composer-note", Static)
        note.styles.height = len(lines)
        note.update("\n".join(lines))

    def _note_gaps(self) -> None:
        gaps = gaps_in(self.text)
        self._note(f"To fill in: {gap_names(gaps)}. Ctrl+G goes there." if gaps else "", follows_text=True)

    # The draft

    @on(TextArea.Changed)
    def _keep_soon(self) -> None:
        if self._previews:
            self._tell()
        if self._note_follows_text:
            self._note_gaps()
        if self._keeping is not None:
            self._keeping.stop()
        self._keeping = self.set_timer(KEEP_AFTER, lambda: self.fleettui.write_quietly(self._keeper()))

    def _keeper(self) -> Callable[[], None]:
        text, drafts, begun = self.text, self.workspace.drafts, self._begun
        about = self.job.about(begun.ticket_id)
        if not text.strip() and self._back is None:
            return lambda: drafts.drop(about)
        # An empty draft says that nobody wants back what was taken back.
        kept = json.dumps({"text": text, "since": begun.since, "typed": self._is_typed()})
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

    def do_reset(self) -> None:
        """An edit like any other, so that it can be taken back."""
        start = self._written(self.job.start).text if self.job.start else ""
        was_typed = self._is_typed()
        self._put(start)
        if was_typed:
            self._note("Started over. Ctrl+Z brings your text back.")
        else:
            self._note_gaps()

    def _put(self, text: str) -> None:
        """A text that nobody typed, in the place of all that is there."""
        self._untouched.add(text.strip())
        self.query_one(TextPane).put(text)

    def do_preview(self) -> None:
        self._previews = not self._previews
        self._tell()

    def do_copy(self) -> None:
        self.app.copy_to_clipboard(clean(self.text).strip())
        self._note("Copied, if your terminal allows it.")

    def do_gap(self) -> None:
        if not self.query_one(TextPane).select_gap():
            self._note("There is nothing left to fill in.")

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
        if self._is_typed():
            self.query_one(TextPane).put_paragraph(made.text)
        else:
            self._put(made.text)
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
            self._note(why_not, follows_text=True)
            return
        self._sending = True
        job, since = self.job, self._since
        self.fleettui.write(
            lambda: job.send(text, since, wait), lambda made: self._sent(text, made), self._stopped
        )

    def _sent(self, text: str, made: Any) -> None:
        about, drafts = self.job.about(self._begun.ticket_id), self.workspace.drafts
        if self.job.copies:
            self.app.copy_to_clipboard(text)
        draft = self._keeper() if self.job.keeps(made) else partial(drafts.drop, about)
        self._leave()
        self.fleettui.write_quietly(draft)
        self.job.sent(made)

    def _stopped(self, error: Exception) -> None:
        self._sending = False
        if isinstance(error, Overtaken):
            self._overtaken(error)
        elif isinstance(error, FleettuiError):
            self._note(f"Not sent: {error}")
            self.renew()  # merged in this very moment: it says where it goes now
        else:
            self.fleettui.report(error, self.job.title)
        self.keep_draft()

    def _overtaken(self, error: Overtaken) -> None:
        self._news = self._unread(error.news) or error.news
        self._since = error.revision
        if self._begun.ticket_id == self.job.ticket_id:
            self._begun = replace(self._begun, since=error.revision)
        self._tell()
        self._note("Not sent: this came since you began, see above. Ctrl+S again sends yours too.")


def author(workspace: Workspace, message: Message) -> str:
    by = message.by if message.direction == "in" else workspace.people.get(message.by).shown
    return fit(one_line(by), 60)


def news_para(message: Message, who: str) -> Para:
    did = "answered" if message.direction == "out" else "wrote"
    return Para(message.body, "", ((f"▸ {who} {did}: ", "warn"),))
