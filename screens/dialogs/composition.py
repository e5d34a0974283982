"""What is being written about a ticket: the draft, the revision that it answers, and what has arrived since.

The composer (composer.py) shows it. With the text it keeps which revision of the ticket the writer has read: if somebody else has
answered since, or the customer has written, sending stops and shows that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from fleettui.domain.customers.public_text import PublicText
from fleettui.domain.tickets.messages import Overtaken, news_since
from fleettui.domain.tickets.model import Message
from fleettui.errors import FleettuiError
from fleettui.text.cleaning import fit
from screens.commands.effective import key_of
from screens.dialogs.texts import TakenBack, Written, taken_back, why_not_sent, written
from screens.terminal.text import clean, one_line
from screens.widgets.page import Para

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.workspace import Workspace
    from screens.dialogs.several_answers import SeveralAnswers

Send = Callable[[str, int, bool], Any]
"""The text, the revision that it answers, whether to wait then. Runs in the writing thread."""


class Job(Struct, frozen=True):
    """What is written, about which ticket, and what becomes of it."""

    title: str
    kind: str
    """Names the draft, together with the ticket."""
    ticket_id: str
    send: Send
    sent: Callable[[Any], None] = lambda result: None
    """What comes then."""
    done: Callable[[Any], str] = lambda result: ""
    """What was recorded, in a sentence, by what `send` returned; shown with a text that is copied."""
    goes_to: str = ""
    """Where a text that is copied is to be pasted."""
    start: str = ""
    """The name of a ready text to begin with."""
    ready: tuple[str, ...] = ()
    """Ready texts to choose from."""
    public: bool = False
    """Anybody can read it (SUP-13)."""
    copies: bool = True
    """The text leaves by another way: sending it puts it on the clipboard."""
    leaves: Callable[[], str] = lambda: ""
    """That it leaves by itself: for whom, in whose name, and for how long it can be taken back; empty where it does not."""
    left: Callable[[Any], str] = lambda result: ""
    """What is said of what `send` returned, where it leaves by itself; empty where it is to be copied."""
    record: Send | None = None
    """Only records it, though it would leave by itself."""
    keeps: Callable[[Any], bool] = lambda result: False
    """Whether the draft stays after sending, by what `send` returned."""
    waits: bool = False
    """It may be followed by waiting for the customer."""
    does: str = ""
    """What saving is called in the line of keys; empty: it sends, or copies and records what does not leave by itself."""
    several: SeveralAnswers | None = None
    """It goes to these tickets, of which `ticket_id` is the first; `send` is not used then."""
    goes_on: Callable[[Ticket], Job] | None = None
    """The same on another ticket, for one that is merged meanwhile."""

    @property
    def key_titles(self) -> Mapping[str, str]:
        """What keys are called here, where it is not as usual: nobody is to take for sent what is to be pasted by hand."""
        if self.does:
            return {"composer.send": self.does}
        if self.waits and not self.leaves():
            return {"composer.send": "copy, record", "composer.send_and_wait": "copy, wait"}
        return {}

    def draft_name(self, ticket_id: str) -> str:
        """Under which the draft of that ticket is kept."""
        return f"{self.kind} {ticket_id}"


class Draft(Struct, frozen=True):
    """A merged ticket's draft keeps its name and its revision, so that it is whole when the tickets are parted again."""

    ticket_id: str
    text: str
    since: int
    typed: bool = True
    """By hand: a ready text alone may be replaced by another."""
    seen: dict[str, int] = {}
    """The revisions of several tickets that the writer had read."""


class Composition:
    """The text that is being written, without the dialog that shows it."""

    def __init__(self, workspace: Workspace, job: Job) -> None:
        self._workspace = workspace
        self.job = job
        self._ticket = workspace.tickets.find(job.ticket_id)
        self.left_out: tuple[str, ...] = ()
        """Addresses that the ready text had, which nobody outside may read."""
        self._taken_back: TakenBack | None = None
        self._kept = self._find_kept()
        self.draft = self._first()
        if job.several is not None:
            job.several.resume(self.draft.seen)
        self._untouched = {""} if self.draft.typed else {"", self.draft.text.strip()}
        """What may be the text without anybody having typed it."""
        self.since = self._since_here()
        """The revision of the ticket that the writer has read."""
        self.news: tuple[Message, ...] = ()
        """Messages that have arrived since."""

    @property
    def ticket(self) -> Ticket:
        """As it is now; as it was last, once its making has been taken back."""
        self._ticket = self._workspace.tickets.get(self.job.ticket_id) or self._ticket
        return self._ticket

    @property
    def is_gone(self) -> bool:
        """The making of the ticket has been taken back."""
        return self._workspace.tickets.get(self.job.ticket_id) is None

    # The draft

    def _first(self) -> Draft:
        """The draft as it was left, else the ready text that the job begins with, else nothing yet."""
        if self._kept is not None and self._kept.text.strip():
            return self._kept
        ticket = self.ticket
        if self.job.start:
            return Draft(ticket.id, self.written(self.job.start).text, ticket.rev, typed=False)
        return Draft(ticket.id, "", ticket.rev, typed=False)

    def find_taken_back(self) -> TakenBack | None:
        """An answer of mine that may be wanted again. It reads the ticket's history."""
        if not self.job.waits or self.job.several is not None:
            return None
        return taken_back(self._workspace, self._ticket)

    def has_taken_back(self, answer: TakenBack, text: str) -> bool:
        """It was found; whether it is what the writing begins with now: nothing else is there, and nobody has typed yet."""
        self._taken_back = answer
        if self._kept is not None or self.job.start or text.strip():
            return False
        self.draft = Draft(self.ticket.id, clean(answer.text), answer.rev)
        self.since = self._since_here()
        return True

    def _find_kept(self) -> Draft | None:
        """Of this ticket, else of one that was merged into it."""
        merged = dict.fromkeys(message.moved_from for message in self.ticket.messages if message.moved_from)
        read = (self._read(id_) for id_ in (self.job.ticket_id, *merged))
        drafts = [draft for draft in read if draft is not None]
        return next((draft for draft in drafts if draft.text.strip()), drafts[0] if drafts else None)

    def _read(self, ticket_id: str) -> Draft | None:
        try:
            kept = json.loads(self._workspace.drafts.get(self.job.draft_name(ticket_id)) or "null")
            if not kept:
                return None
            return Draft(
                ticket_id,
                clean(str(kept["text"])),
                int(kept["since"]),
                bool(kept.get("typed", True)),
                {str(id_): int(rev) for id_, rev in dict(kept.get("seen", {})).items()},
            )
        except (ValueError, KeyError, TypeError, AttributeError, FleettuiError):
            return None

    def keeper(self, text: str) -> Callable[[], None]:
        """What keeps this text as the draft, whenever it is run."""
        if not text.strip() and self._taken_back is None:
            return self.dropper()
        # An empty draft says that nobody wants back what was taken back.
        kept: dict[str, object] = {
            "text": text,
            "since": self.draft.since,
            "typed": self.is_typed(text),
        }
        if self.job.several is not None:
            kept["seen"] = self.job.several.seen
        name = self.job.draft_name(self.draft.ticket_id)
        return partial(self._workspace.drafts.keep, name, json.dumps(kept))

    def dropper(self) -> Callable[[], None]:
        """What drops the draft, whenever it is run."""
        return partial(self._workspace.drafts.drop, self.job.draft_name(self.draft.ticket_id))

    def is_typed(self, text: str) -> bool:
        """Whether somebody typed it, or it is a ready text as it was put there."""
        return text.strip() not in self._untouched

    def put(self, text: str) -> None:
        """A text that nobody typed is now what is there."""
        self._untouched.add(text.strip())

    def origin(self) -> str:
        """A sentence that says where the text comes from with which the writing begins; empty where that is plain."""
        if not self.draft.typed:
            return ""
        if self.draft is not self._kept:
            return "Your answer that was taken back is here again."
        if self.draft.ticket_id != self.job.ticket_id:
            return f"What you typed for {self.draft.ticket_id}, which was merged into this one, is here."
        return "" if self.news else f"What you typed before is back. {key_of('composer.reset')} starts over."

    # Texts

    def written(self, name: str) -> Written:
        """The ready text of that name, as far as it can be written."""
        several = self.job.several
        made = several.written(name) if several else written(self._workspace, name, self.ticket)
        self.left_out = made.left_out
        return made

    def as_it_leaves(self, text: str) -> PublicText:
        """A public text leaves without addresses (SUP-11)."""
        return self._workspace.support.public_text(text, self.ticket) if self.job.public else PublicText(text)

    def why_not_sent(self, text: str) -> str:
        """A sentence where the text cannot leave as it is; empty where it can."""
        why_not = why_not_sent(self._workspace, text, self.ticket, self.job.public)
        return self.job.several.why_not_sent(text) if self.job.several and not why_not else why_not

    # What others do meanwhile

    def see_news(self) -> None:
        """Look for messages that have arrived since the writer has read the ticket."""
        if self.job.several is not None:
            self.news = self.job.several.news()
        elif self.job.waits:
            self.news = self._unread(news_since(self.ticket, self.since))

    def _unread(self, news: tuple[Message, ...]) -> tuple[Message, ...]:
        """Without what the draft's own ticket had already when it was begun there."""
        begun_on = self._workspace.tickets.get(self.draft.ticket_id)
        if begun_on is None or begun_on.id == self.job.ticket_id:
            return news
        new = {message.key for message in news_since(begun_on, self.draft.since)}
        return tuple(
            message
            for message in news
            if message.moved_from != begun_on.id or message.key.rpartition(".")[2] in new
        )

    def overtaken(self, error: Overtaken) -> None:
        """Sending was stopped by messages that the writer had not read; now they have."""
        self.news = self._unread(error.news) or error.news
        self.since = error.revision
        if self.draft.ticket_id == self.job.ticket_id:
            self.draft = replace(self.draft, since=error.revision)

    def author(self, message: Message) -> str:
        """The name of who wrote it: a customer or one of the team."""
        by = self._workspace.names.author(self.ticket, message)
        return fit(one_line(by), 60)

    def follow(self) -> str:
        """An answer follows its ticket into the one that it is merged into, and back when they are parted. A sentence that
        says so, or nothing."""
        tickets, before = self._workspace.tickets, self.job.ticket_id
        begun_on = tickets.get(self.draft.ticket_id)
        if self.job.goes_on is None or begun_on is None:
            return ""
        ticket = tickets.survivor(begun_on)
        if ticket.id == before:
            return ""
        self.job = self.job.goes_on(ticket)
        self.since = self._since_here()
        if ticket.id == begun_on.id:
            return f"{ticket.id} is parted from {before} again: this answer goes there now."
        return f"{begun_on.id} was merged into {ticket.id}: this answer goes there now."

    def _since_here(self) -> int:
        """Of another ticket, which goes on here, the writer may have read nothing."""
        return self.draft.since if self.draft.ticket_id == self.job.ticket_id else 0

    @property
    def _ids(self) -> Collection[str]:
        """Of all tickets that it goes to."""
        return self.job.several.seen if self.job.several else (self.job.ticket_id,)

    def others_answering(self) -> list[str]:
        """The names of those who are writing about the same ticket now."""
        visitors = self._workspace.presence.here()
        return [
            one_line(visitor.name)
            for visitor in visitors
            if visitor.typing and visitor.looking_at in self._ids
        ]


def news_para(message: Message, who: str) -> Para:
    """A message that has arrived since the writing began."""
    did = "answered" if message.direction == "out" else "wrote"
    return Para(message.body, "", ((f"▸ {who} {did}: ", "warn"),))
