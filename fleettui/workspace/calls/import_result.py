"""What is chosen of a calendar file, and what became of each event of it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import msgspec

from fleettui import named_files
from fleettui.domain.calls.invites import FieldChange
from fleettui.domain.calls.selection import OVER, LeftOut

LARGEST_CALENDAR_FILE = 20 * named_files.MEGABYTE
"""Many years of a busy person are less."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What of a file becomes a call besides what has somebody from outside: all, or these UIDs; and what does not."""

    everything: bool = False
    uids: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()


class ImportedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What was done with one event."""

    result: str
    call: str
    title: str
    why: str
    uid: str = ""
    start: datetime | None = None
    fields: tuple[FieldChange, ...] = ()
    """Field by field: what the organizer sent before, what now, what stood here, and which counts."""


class ImportResult(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did, or would do, event by event."""

    lines: tuple[ImportedEvent, ...]
    problems: tuple[str, ...]
    """What could not be read, by name."""
    left_out: tuple[LeftOut, ...] = ()
    dry_run: bool = False

    @property
    def taken(self) -> tuple[ImportedEvent, ...]:
        """The calls that are new."""
        return tuple(line for line in self.lines if line.result in ("new", "rescheduled"))

    @property
    def updated(self) -> tuple[ImportedEvent, ...]:
        return tuple(line for line in self.lines if line.result in ("updated", "answered", "cancelled"))

    @property
    def unchanged(self) -> tuple[ImportedEvent, ...]:
        """Those that say what we know already."""
        return tuple(line for line in self.lines if line.result == "nothing")

    def reasons(self) -> list[tuple[str, list[str]]]:
        """Why events were left out, the most frequent first, each with their titles."""
        counts = Counter(event.why for event in self.left_out)
        return [
            (why, [event.title for event in self.left_out if event.why == why])
            for why, _ in counts.most_common()
        ]

    @property
    def summary(self) -> str:
        """The counts in one line."""
        counts = Counter(line.result for line in self.lines if line.result != "nothing")
        parts = [f"{number} {word}" for word, number in counts.items()]
        text = ", ".join(parts) or ("nothing new" if self.unchanged else self._why_nothing())
        if self.left_out and (parts or self.unchanged):
            text += f"; {len(self.left_out)} left out"
        return text + (f"; {len(self.problems)} not read" if self.problems else "")

    def _why_nothing(self) -> str:
        """A file that brings nothing says so, with the reason."""
        number, whys = len(self.left_out), {event.why for event in self.left_out}
        if whys and all(why == OVER or why.startswith("the series ended") for why in whys):
            return "nothing taken: " + (
                "its event is over" if number == 1 else f"all {number} events are over"
            )
        reasons = ", ".join(f"{len(titles)} {why}" for why, titles in self.reasons()[:4])
        return f"nothing taken, {number} left out: {reasons}" if reasons else "nothing new"


class OvertakenError(Exception):
    """Somebody else was faster."""
