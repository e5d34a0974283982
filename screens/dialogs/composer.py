"""Writing: an answer, a note, a post. The conversation stands beside it; ready texts, preview, copy, record as sent.

What is typed is kept a quarter of a second after the last key, while one types on, on Esc, and at any end (keeping.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from textual import events, on
from textual.actions import SkipAction
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Static, TextArea

from fleettui.domain.tickets.messages import Overtaken
from fleettui.domain.tickets.model import Ticket
from fleettui.domain.tickets.own_words import NotAnswered
from fleettui.errors import FleettuiError
from fleettui.text.cleaning import fit
from fleettui.text.gaps import gap_names, gaps_in
from fleettui.text.mentions import mentioned
from screens.commands.catalogue import bindings
from screens.commands.effective import key_of, with_keys
from screens.dialogs.composition import Composition, Job, news_para
from screens.dialogs.copied import copy
from screens.dialogs.dialog import Dialog
from screens.dialogs.keeping import DraftKeeping
from screens.dialogs.mentions import MentioningText, MentionList
from screens.dialogs.several_answers import OWN_WORDS
from screens.dialogs.template_picker import TemplatePicker
from screens.dialogs.texts import TakenBack, left_out_words
from screens.shell.arranged import WIDE
from screens.terminal.clipboard import sent_words
from screens.terminal.text import clean, one_line, wrap
from screens.widgets.footer import Footer
from screens.widgets.info_line import InfoLine
from screens.widgets.page import BLANK, Page, Para, heading
from screens.widgets.text_pane import TextPane

KEEP_AFTER = 0.25
"""Seconds after the last key until what was typed is on disk."""
NOTE_LINES = 3
LEAVING_LINES = 2
LEFT_SECONDS = 8


class Composer(Dialog[None]):
    """The dialog in which an answer, a note or a post is written."""

    AUTO_FOCUS = "TextPane"
    """From the beginning: `focus()` would come after the keys that wait already."""

    BINDINGS = bindings("composer")
    CSS_PATH = Path(__file__).with_name("composer.tcss")  # also for subclasses in other folders

    def __init__(self, job: Job, beside: Callable[[Ticket], Sequence[Para]]) -> None:
        """`beside`: what of the ticket is shown beside the text."""
        super().__init__()
        self._job, self._beside = job, beside
        self.FOOTER_TITLES = job.key_titles
        self.FOOTER_WITHOUT = () if job.waits else ("composer.send_and_wait",)
        self.composition: Composition
        self._keeping = DraftKeeping(
            self,
            lambda: self.composition.keeper(self.text),
            lambda keep: self.fleettui.write_quietly(keep),
            KEEP_AFTER,
        )
        self._sending = self._done = self._previews = self._is_gone = False
        self._noted, self._note_follows_text = "", False
        self._people: list[tuple[str, str]] = []
        """Logins and names of whom @ may mean."""

    @property
    def text(self) -> str:
        """As it is typed now."""
        return self.query_one(TextPane).text

    def compose(self) -> Iterable[Widget]:
        self.composition = Composition(self.workspace, self._job)
        self._people = [
            (person.login, person.name) for person in self.workspace.people.all() if person.active
        ]
        names = MentionList()
        yield Static(one_line(self._job.title), id="composer-about", markup=False)
        yield Static("", id="composer-leaves", markup=False)
        yield InfoLine(id="composer-others")
        with Container(id="composer"):
            yield Page(id="composer-beside")
            yield MentioningText(self.composition.draft.text, self._people, names)
        yield Static("", id="composer-note", markup=False)
        yield names
        yield Footer()

    def on_mount(self) -> None:
        self.set_class(self.app.size.width >= WIDE, "-wide")
        self.app.clear_notifications()  # they would cover what is typed
        area = self.query_one(TextPane)
        area.move_cursor(area.document.end if self.composition.draft.typed else (0, 0))
        self._show_ticket()
        left_out = left_out_words(self.composition.left_out)
        own_words = with_keys(OWN_WORDS) if self.composition.job.several else ""
        notes = [note for note in (own_words, left_out, self.composition.origin(), self._news_note()) if note]
        if notes:
            self._note(" ".join(notes))
        else:
            self._note_gaps()
        failed = partial(self.fleettui.report, doing="looking for an answer that was taken back")
        self.fleettui.read(self.composition.find_taken_back, self._begin_with, failed)

    def _begin_with(self, answer: TakenBack | None) -> None:
        """What was typed before it came stays."""
        is_open = not self._done and self.is_attached
        if answer is not None and is_open and self.composition.has_taken_back(answer, self.text):
            area = self.query_one(TextPane)
            area.load_text(self.composition.draft.text)
            area.move_cursor(area.document.end)
            self._show_ticket()
            self._note(" ".join(filter(None, (self.composition.origin(), self._news_note()))))

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= WIDE, "-wide")
        self.call_after_refresh(self._show_note)
        self.call_after_refresh(self._show_leaving)

    # What others do meanwhile

    def renew(self) -> None:
        """The ticket may have changed."""
        writing, news_before, was_gone = self.composition, self.composition.news, self._is_gone
        moved = "" if self._sending else writing.follow()
        if moved:
            self.query_one("#composer-about", Static).update(one_line(writing.job.title))
            self.fleettui.announce("triage", writing.job.ticket_id, typing=True)
        self._show_ticket()
        self._is_gone = writing.is_gone
        if moved:
            self._note(f"{moved} {self._news_note()}")
        elif self._is_gone and not was_gone:
            self._note(
                f"{writing.job.ticket_id} is gone: its making was taken back. {key_of('composer.copy')} copies your text."
            )
        elif writing.news and writing.news != news_before:
            self._note(self._news_note())

    def _show_ticket(self) -> None:
        self.composition.see_news()
        self._show_leaving()
        self._show_beside()
        self._show_others()

    def _news_note(self) -> str:
        news = self.composition.news
        if not news:
            return ""
        who = ", ".join(dict.fromkeys(self.composition.author(message) for message in news))
        return f"New since you began, from {who}: it stands on top. Read it; sending stops once."

    def _show_beside(self) -> None:
        page, writing = self.query_one("#composer-beside", Page), self.composition
        if self._previews:
            page.show(self._preview())
            return
        paras: list[Para] = []
        if writing.news:
            paras.append(Para("New since you began", "warn"))
            paras += [news_para(message, writing.author(message)) for message in writing.news]
            paras.append(BLANK)
        page.show([*paras, *self._beside(writing.ticket)], same=True)

    def _show_leaving(self) -> None:
        """Where it will go: before it is written, not after."""
        words = one_line(self.composition.job.leaves())
        line = self.query_one("#composer-leaves", Static)
        line.display = bool(words)
        lines = wrap(words, max(20, self.app.size.width - 2))[:LEAVING_LINES]
        line.styles.height = max(1, len(lines))
        line.update("\n".join(lines))

    def _show_others(self) -> None:
        names = self.composition.others_answering()
        line = self.query_one("#composer-others", InfoLine)
        line.display = bool(names)
        verb = "is" if len(names) == 1 else "are"
        line.show([(f"✎ {', '.join(names)} {verb} answering this, too", "warn")])

    def _preview(self) -> list[Para]:
        text = clean(self.text).strip()
        why_not = self.composition.why_not_sent(text)
        state = Para(f"✗ {why_not}", "bad") if why_not else Para("✓ It can leave as it is.", "good")
        several = self.composition.job.several
        if several and not why_not:
            return [heading("As they leave"), state, BLANK, *several.preview(text)]
        public = self.composition.as_it_leaves(text)
        left_out = [Para(left_out_words(public.left_out), "warn")] if public.left_out else []
        return [heading("As it leaves"), state, *left_out, BLANK, Para(public.text)]

    # The note below the text

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
        to_fill = f"To fill in: {gap_names(gaps)}. {key_of('composer.gap')} goes there." if gaps else ""
        unclear = [f"{sentence}." for sentence in mentioned(self.text, self._people).unclear]
        self._note(" ".join(filter(None, (to_fill, *unclear))), follows_text=True)

    # The draft

    @on(TextArea.Changed)
    def _keep_soon(self) -> None:
        if self._previews:
            self._show_beside()
        if self._note_follows_text:
            self._note_gaps()
        self._keeping.soon()

    def keep_draft(self) -> None:
        """Now: there may be no later."""
        if self._done:
            return
        try:
            self._keeping.now()
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
        self.fleettui.everything_changed()  # lists show which drafts there are
        if typed:
            self.fleettui.say("Kept as a draft: it is there when you open this again.")

    @on(Page.Left)
    def _back_to_text(self) -> None:
        self.query_one(TextPane).focus()

    def _leave(self) -> None:
        self._done = True
        self._keeping.stop()
        self.dismiss()

    def do_reset(self) -> None:
        """An edit like any other, so that it can be taken back."""
        start = self.composition.job.start
        was_typed = self.composition.is_typed(self.text)
        self._put(self.composition.written(start).text if start else "")
        if was_typed:
            self._note("Started over. Ctrl+Z brings your text back.")
        else:
            self._note_gaps()

    def _put(self, text: str) -> None:
        """A text that nobody typed, in the place of all that is there."""
        self.composition.put(text)
        self.query_one(TextPane).put(text)

    def do_preview(self) -> None:
        self._previews = not self._previews
        self._show_beside()

    def do_copy(self) -> None:
        self.app.copy_to_clipboard(clean(self.text).strip())
        goes_to = self.composition.job.goes_to
        self._note(f"{sent_words()} {f'It is for {goes_to}.' if goes_to else ''}")

    def do_down(self) -> None:
        """Where a list of names is open, in there; as in other lists while typing."""
        area = self.query_one(MentioningText)
        if not area.has_focus:
            raise SkipAction
        area.line_down()

    def do_gap(self) -> None:
        if not self.query_one(TextPane).select_gap():
            self._note("There is nothing left to fill in.")

    def do_editor(self) -> None:
        from screens.dialogs.in_editor import write_in_editor  # late: few texts need it

        name = self.composition.job.draft_name(self.composition.job.ticket_id)
        write_in_editor(self.query_one(TextPane), name, keep=self.keep_draft, note=self._note)

    def do_template(self) -> None:
        self.app.push_screen(
            TemplatePicker(self.composition.job.ready, self.composition.ticket), self._take_template
        )

    def _take_template(self, name: str | None) -> None:
        if name is None:
            return
        try:
            ready = self.composition.written(name)
        except FleettuiError as error:
            self._note(str(error))
            return
        if self.composition.is_typed(self.text):
            self.query_one(TextPane).put_paragraph(ready.text)
        else:
            self._put(ready.text)
        self._note_gaps()
        if ready.gaps:
            self.do_gap()

    def do_send(self) -> None:
        self._send(wait=False)

    def do_send_and_wait(self) -> None:
        if not self.composition.job.waits:
            self._note(f"Only an answer can be followed by waiting. {key_of('composer.send')} saves this.")
            return
        self._send(wait=True)

    def do_record(self) -> None:
        if not self.composition.job.leaves():
            self._note(
                f"It does not leave by itself: {key_of('composer.send')} records it, and copies it for you."
            )
            return
        self._send(wait=False, record=True)

    def _send(self, wait: bool, record: bool = False) -> None:
        if self._sending:
            return
        text = clean(self.text).strip()
        why_not = self.composition.why_not_sent(text)
        if why_not:
            self._note(why_not, follows_text=True)
            return
        self._sending = True
        job, since = self.composition.job, self.composition.since
        several, send = job.several, job.record if record and job.record else job.send
        drop = self.composition.dropper()
        self.fleettui.write(
            lambda: self._keeping.until(
                lambda: several.send(text, wait, record) if several else send(text, since, wait),
                lambda result: None if job.keeps(result) else drop,
            ),
            lambda result: self._sent(text, result),
            self.unless_closed(self._stopped),
            keys_wait=True,
        )

    def _sent(self, text: str, result: Any) -> None:
        job = self.composition.job
        if job.keeps(result):
            self.fleettui.write(self.composition.keeper(self.text))  # lists show which drafts there are
        self._leave()
        left = job.left(result)
        if left:
            self.fleettui.say(left, seconds=LEFT_SECONDS)
            job.sent(result)
        elif job.copies:
            copy(self.fleettui, text, job.done(result), goes_to=job.goes_to, then=partial(job.sent, result))
        else:
            job.sent(result)

    def _stopped(self, error: Exception) -> None:
        self._sending = False
        several = self.composition.job.several
        if several and isinstance(error, NotAnswered):
            self._note(several.stopped(error))
            self._show_ticket()
        elif isinstance(error, Overtaken):
            self.composition.overtaken(error)
            self._show_beside()
            self._note(
                f"Not sent: this came since you began, see above. {key_of('composer.send')} again sends yours too."
            )
        elif isinstance(error, FleettuiError):
            self._note(f"Not sent: {error}")
            self.renew()  # merged in this very moment: it says where it goes now
        else:
            self.fleettui.report(error, "saving what was typed")
        self.keep_draft()
