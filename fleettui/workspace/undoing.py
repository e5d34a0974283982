"""Which change undo or redo is about, and why somebody should be asked first. Pure functions over entries, and their words."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from fleettui.domain.delivery.letters import Letter
from fleettui.domain.delivery.model import Delivery
from fleettui.domain.delivery.wording import why_not_taken_back
from fleettui.errors import Refused
from fleettui.store.conflicts import live
from fleettui.store.protocol import Collection, Entry, Happening
from fleettui.time import wording
from fleettui.workspace.done_wording import CHANGED, done_words, known
from fleettui.workspace.session import CONNECT, Session, is_arrival
from fleettui.workspace.subjects import NAMED_BY

RECENT = timedelta(minutes=15)
"""A command takes back what I did since, without asking."""
AHEAD = timedelta(minutes=1)
"""What is later than this from now was done under a clock that ran ahead; machines that share a folder differ by less."""
CARRY_ORDERS = ("tickets", "letters")
"""The collections whose texts may leave by themselves."""
LONGEST_ACT = 60_000_000
"""Microseconds: so far from each other may the commits of one act be."""


def is_ahead(entry: Entry, now: datetime) -> bool:
    """Its time has not come yet: a clock ran ahead, the box's or FLEETTUI_NOW. Nobody takes it back by accident."""
    return entry.made_at - now > AHEAD


def recency(entry: Entry, machine_now: int) -> int:
    """By which changes of several collections are compared. After a clock that ran ahead, `recorded` of one collection goes on
    from there; then the time of the entry is nearer to when it was made."""
    if entry.order <= machine_now:
        return entry.order
    return min(entry.order, int(entry.made_at.timestamp() * 1_000_000))


class Step(msgspec.Struct, frozen=True):
    """A change that can be taken back now. Where it is itself an undo, taking it back is a redo."""

    collection: Collection[Any]
    parts: Sequence[Happening]
    """The first is the one that was asked for; the others were changed in one commit with it."""
    root: Entry
    """What somebody did: where undo and redo took turns, the change that they are about."""
    subject: str
    zone: ZoneInfo
    now: datetime
    doubts: tuple[str, ...] = ()
    """Why somebody should be asked first."""
    others: tuple[Step, ...] = ()
    """What the same act changed in commits of their own: they are taken back with it."""

    @property
    def count(self) -> int:
        """How many documents it is about."""
        return sum(len(commit.parts) for commit in (self, *self.others))

    @property
    def id(self) -> str:
        return self.parts[0].id

    @property
    def entry(self) -> Entry:
        return self.parts[0].entry

    @property
    def is_redo(self) -> bool:
        return self.entry.undoes is not None

    @property
    def brings_back(self) -> bool:
        return self._is_named and self.entry.kind == "removed"

    @property
    def _is_named(self) -> bool:
        return self.collection.name in NAMED_BY

    @property
    def removes(self) -> bool:
        """Whether a document goes with it that people have a name for; a tick or a kept answer is none."""
        return self._is_named and any(part.entry.kind == "made" for part in self.parts)

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(change.field for change in self.root.changes))

    @property
    def named(self) -> str:
        """ "“taken” on T-1042 · It fails and 2 more, today 09:12"."""
        done, others = done_words(self.root.verb), self.count - 1
        more = f" and {others} more" if others else ""
        fields = ", ".join(field.replace("_", " ") for field in self.fields)
        which = f" ({fields})" if done == CHANGED and fields else ""
        when = wording.named_moment(self.root.at, self.now, self.zone)
        return f"“{done}” on {self.about}{more}{which}, {when}"

    @property
    def about(self) -> str:
        """The document's id, with the subject or name that people know it by."""
        id_ = self.id.partition("@")[0]
        return f"{id_} · {self.subject}" if self.subject and self.subject != id_ else id_

    @property
    def intent(self) -> str:
        """What it would do: "Take back “taken” on T-1042 …"."""
        return f"{'Do again' if self.is_redo else 'Take back'} {self.named}"

    @property
    def why_ask(self) -> str:
        return f"This {' and '.join(self.doubts)}."

    @property
    def result(self) -> str:
        """What it did."""
        if self.brings_back:
            return f"Brought back {self.about}."
        if self.is_redo:
            return f"Did again: {self.named}."
        if self.removes:
            id_ = self.id.partition("@")[0]
            return f"Took back {self.named}: it is gone now. U or `fleettui undo {id_}` brings it back."
        return f"Took back {self.named}."


class Unsure(Refused):
    """A change that is not taken back before somebody was asked."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(f"{step.intent}? {step.why_ask}")


# -- which one is next


def root_of(entry: Entry, entries: Sequence[Entry]) -> tuple[Entry, int]:
    """The change that an undo or redo is about, and how often it was turned: an odd number means that it is taken back."""
    by_rev: Mapping[int, Entry] = {known.rev: known for known in entries}
    turns = 0
    while entry.undoes is not None:
        entry, turns = by_rev[entry.undoes], turns + 1
    return entry, turns


def is_undo(entry: Entry, entries: Sequence[Entry]) -> bool:
    """It took back a change, and is in force: redo can bring the change again."""
    return root_of(entry, entries)[1] % 2 == 1 and entry.rev in live(entries)


def newest_undoable(id_: str, entries: Sequence[Entry]) -> Entry:
    """Of one document, whoever changed it; where it was removed, its removal."""
    if entries[-1].kind == "removed":
        return entries[-1]
    in_force = live(entries)
    for entry in reversed(entries):
        if entry.rev in in_force and entry.undoes is None and entry.session != CONNECT:
            return entry
    raise Refused(f"Nothing of {id_} is left to take back.")


def newest_redoable(id_: str, entries: Sequence[Entry]) -> Entry:
    """Of one document, whoever took it back; a change since then ends it."""
    for entry in reversed(entries):
        if entry.undoes is None:
            break
        if is_undo(entry, entries):
            return entry
    raise Refused(f"Nothing of {id_} can be done again: nothing was taken back since its last change.")


# -- what has left


def refuse_left(step: Step, session: Session) -> None:
    """What went to people is not taken back here; and what was taken back does not leave later without anybody noticing."""
    for commit in step.others:
        refuse_left(commit, session)
    for part in step.parts:
        for delivery in _taken_deliveries(step, part, session):
            if not delivery.is_untried:
                why = why_not_taken_back(delivery, step.now, step.zone)
                raise Refused(f"{part.id}: {why}.")
        for delivery in _returning(step, part):
            if delivery.leaves_at <= step.now:
                raise Refused(f"{part.id}: its time to leave is over; write it again.")


def _taken_deliveries(step: Step, part: Happening, session: Session) -> Iterator[Delivery]:
    """As they stand now: those of the texts that would go."""
    if step.collection.name not in CARRY_ORDERS:
        return
    document = session.store.get(step.collection, part.id)
    if isinstance(document, Letter) and part.entry.kind == "made":
        yield document.delivery
    new, _ = _message_keys(part.entry)
    for message in getattr(document, "messages", ()):
        if message.key in new and message.delivery is not None:
            yield message.delivery


def _returning(step: Step, part: Happening) -> Iterator[Delivery]:
    """Those of the texts that would come back, as they were."""
    if step.collection.name not in CARRY_ORDERS or not step.is_redo:
        return
    _, gone = _message_keys(part.entry)
    known_before = [known(change.before) for change in part.entry.changes]
    carriers: list[Mapping[str, Any]]
    if part.entry.kind == "removed":
        carriers = [{change.field: known(change.before) for change in part.entry.changes}]
    else:
        carriers = [row for value in known_before for row in _messages(value) if row.get("key") in gone]
    for carrier in carriers:
        if carrier.get("delivery"):
            yield msgspec.convert(carrier["delivery"], Delivery)


def _message_keys(entry: Entry) -> tuple[set[str], set[str]]:
    """Of the messages that came with it, and of those that went."""
    before, after = set[str](), set[str]()
    for change in entry.changes:
        before |= {str(message.get("key")) for message in _messages(known(change.before))}
        after |= {str(message.get("key")) for message in _messages(known(change.after))}
    return after - before, before - after


# -- why to ask


def doubts(step: Step, session: Session, here: Container[str] | None) -> Iterator[str]:
    """`here`: the collections and actions of the screen in front; None where there is no screen."""
    if step.brings_back:
        return
    if step.removes:
        yield f"removes {_counted(step)}"
    entry = step.entry
    if is_arrival(step.root):
        yield "came from outside"
    elif entry.by != session.login:
        yield f"was done by {entry.by}"
    writers = sorted({writer for part in step.parts for writer in _words_taken(part.entry)})
    if writers:
        yield f"takes away what {' and '.join(writers)} wrote"
    if is_ahead(entry, session.now()):
        yield "has a time that has not come yet, from a clock that ran ahead"
    elif not is_mine_now(entry, session):
        yield "was not done in this session" if session.id else "is older than 15 minutes"
    if here is not None and step.collection.name not in here and step.root.verb not in here:
        yield "was done on another screen"


def is_mine_now(entry: Entry, session: Session) -> bool:
    """What a bare undo takes back: in the app what this session did, for a command what I did just now."""
    if session.id:
        return entry.session == session.id
    return session.now() - entry.made_at <= RECENT


def _counted(step: Step) -> str:
    made = [part.id for part in step.parts if part.entry.kind == "made"]
    return made[0].partition("@")[0] if len(made) == 1 else f"{len(made)} documents"


def _words_taken(entry: Entry) -> Iterator[str]:
    """Who wrote the messages of customers that go with the change. What a merge brought stays in the merged ticket."""
    for change in entry.changes:
        kept = {message.get("key") for message in _messages(known(change.before))}
        for message in _messages(known(change.after)):
            if (
                message["direction"] == "in"
                and message.get("key") not in kept
                and not message.get("moved_from")
            ):
                yield str(message.get("by") or "a customer")


def _messages(value: Any) -> list[Mapping[str, Any]]:
    parts = value if isinstance(value, list | tuple) else [value]
    return [part for part in parts if isinstance(part, dict) and "direction" in part]
