"""What was owed in the past, from a customer's message to what ended it: an answer, or the ticket's resolution. Pure functions.

The past is worked out as it stood at a moment (`until`): what happened later changes nothing of what was late, and by how much.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from fleettui.domain.tickets.model import Message, Status, Ticket, is_waiting_label

StopState = Literal["", "waiting", "resolved", "merged"]
"""Why no answer is owed, whatever is unanswered: a waiting label (SUP-12), resolved, merged into another ticket."""
End = Literal["", "answered", "waiting", "resolved", "merged", "deleted"]
"""What ended an episode; empty: nothing yet."""


class ClockChange(NamedTuple):
    """With this revision the clock of the ticket's debt was stopped, or started again (`state` is empty)."""

    rev: int
    at: datetime
    by: str
    state: StopState
    undoes: int | None = None


class ClockPast(NamedTuple):
    """What the history of a ticket says of its clock. `recorded` is when each revision was made."""

    changes: tuple[ClockChange, ...] = ()
    recorded: Mapping[int, datetime] = {}


class Stop(NamedTuple):
    """A time in which the clock stood."""

    rev: int
    start: datetime
    why: StopState
    by: str
    end: datetime | None = None
    end_rev: int = 0


class Episode(NamedTuple):
    """A time in which an answer was owed. `since` is the customer's message, `began` is later only where the ticket was reopened,
    or where the debt came with a merged ticket; then the same debt ran before (`again`). `by` is who answered or resolved."""

    since: datetime
    began: datetime
    ended: datetime | None
    end: End
    by: str
    again: bool = False

    @property
    def answered(self) -> datetime | None:
        """When the customer got the answer."""
        return self.ended if self.end == "answered" else None


class _Debt(NamedTuple):
    """Messages and their answer, whether or not the clock ran."""

    messages: tuple[Message, ...]
    ended: datetime | None = None
    end: End = ""
    by: str = ""


def stop_state(status: Status, labels: Iterable[str], merged_into: str, prefix: str) -> StopState:
    """Why no answer is owed by a ticket like that."""
    if merged_into:
        return "merged"
    if status == "resolved":
        return "resolved"
    return "waiting" if any(is_waiting_label(label, prefix) for label in labels) else ""


def stops(changes: Iterable[ClockChange], until: datetime | None = None) -> list[Stop]:
    """The times in which the clock stood, in order. A stop that was undone is none."""
    made: list[Stop] = []
    for change in changes:
        if until is not None and change.at >= until:
            continue
        stands = bool(made) and made[-1].end is None
        if change.state and not stands:
            made.append(Stop(change.rev, change.at, change.state, change.by))
        elif not change.state and stands and change.undoes == made[-1].rev:
            made.pop()
        elif not change.state and stands:
            made[-1] = made[-1]._replace(end=change.at, end_rev=change.rev)
    return made


def episodes(ticket: Ticket, past: ClockPast, until: datetime | None = None) -> list[Episode]:
    """Every debt there was (SLA-15), in order, as it stood at `until`; None: as it stands."""
    stood = stops(past.changes, until)
    debts = _debts(ticket, past, stood, until)
    return [episode for debt in debts for part in _by_origin(debt) for episode in _running(part, stood, past)]


# From messages to debts


def _debts(ticket: Ticket, past: ClockPast, stood: Sequence[Stop], until: datetime | None) -> Iterator[_Debt]:
    """In the order of the messages: an answer is to all that stands before it."""
    ended_by = {stop.end_rev: stop for stop in stood if stop.end is not None}
    open_messages: list[Message] = []
    for message in ticket.messages:
        if _is_to_come(_came(message, past), until):
            continue
        if message.direction == "in":
            if message.moved_from and message.settled:
                continue
            stop = ended_by.get(message.rev)
            if stop is not None and open_messages and all(other.settled for other in open_messages):
                # The customer wrote while the clock stood: a new debt; what was unanswered then is settled.
                yield from _debt(open_messages, until, stop.start, stop.why, stop.by)
                open_messages = []
            open_messages.append(message)
        elif _answers(message, until):
            yield from _debt(open_messages, until, message.at, "answered", message.by)
            open_messages = []
    yield from _debt(open_messages, until)


def _came(message: Message, past: ClockPast) -> datetime:
    """When it came here: what was merged in came with the merge."""
    return past.recorded.get(message.rev, message.at) if message.moved_from else message.at


def _is_to_come(at: datetime | None, until: datetime | None) -> bool:
    return at is None or (until is not None and at >= until)


def _answers(message: Message, until: datetime | None) -> bool:
    """As `Message.is_answer`, at that moment. Answers that were given in a merged ticket were not to what was asked here."""
    is_there = _is_to_come(message.deleted_at, until)
    return message.direction == "out" and not message.automatic and not message.moved_from and is_there


def _debt(
    messages: Sequence[Message],
    until: datetime | None,
    ended: datetime | None = None,
    end: End = "",
    by: str = "",
) -> Iterator[_Debt]:
    """The debt of these messages, if there are any; it ends when the last of them is taken back."""
    there = tuple(message for message in messages if _is_to_come(message.deleted_at, until))
    if there:
        yield _Debt(there, ended, end, by)
    elif messages:
        gone = max(message.deleted_at for message in messages if message.deleted_at)
        yield _Debt(tuple(messages), gone, "deleted", messages[-1].by)


def _by_origin(debt: _Debt) -> Iterator[_Debt]:
    """What came with a merged ticket stays a debt of its own: it was promised by itself."""
    for origin in dict.fromkeys(message.moved_from for message in debt.messages):
        yield debt._replace(messages=tuple(m for m in debt.messages if m.moved_from == origin))


# From debts to the times in which they ran


def _running(debt: _Debt, stood: Sequence[Stop], past: ClockPast) -> Iterator[Episode]:
    """Between the stops; each time with the messages that had come by then."""
    before: set[datetime] = set()
    first, resumed = min(message.rev for message in debt.messages), None
    for stop in stood:
        if stop.end is not None and stop.end_rev <= first:
            continue  # it was over when they came
        if debt.ended is not None and stop.start >= debt.ended:
            break
        came = [message for message in debt.messages if message.rev < stop.rev]
        if came:
            yield _episode(came, past, resumed, before, stop.start, stop.why, stop.by)
        resumed = stop.end
        if resumed is None:
            return
    if resumed is None or debt.ended is None or resumed <= debt.ended:
        yield _episode(debt.messages, past, resumed, before, debt.ended, debt.end, debt.by)


def _episode(
    messages: Sequence[Message],
    past: ClockPast,
    resumed: datetime | None,
    before: set[datetime],
    ended: datetime | None,
    end: End,
    by: str,
) -> Episode:
    """`before`: the debts that ran already; this one is added to them."""
    oldest = min(messages, key=lambda message: message.at)
    again = oldest.at in before or bool(oldest.moved_from)
    before.add(oldest.at)
    began = max(oldest.at, _came(oldest, past), resumed or oldest.at) if again else oldest.at
    return Episode(oldest.at, began, max(ended, oldest.at) if ended else None, end, by, again)
