"""Who answers the web chat: the rows of the next shifts, and the page of one of them (SUP-15)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fleettui.domain.team.rota import Gap, Shift
from fleettui.domain.team.rota_changes import ID as ROTA
from fleettui.time import wording
from fleettui.time.zones import day_of
from screens.commands.effective import with_keys
from screens.team.row_keys import ShiftKey, TeamKey
from screens.terminal.text import one_line
from screens.widgets.page import BLANK, Para, fact, part, step, title
from screens.widgets.row import Row

if TYPE_CHECKING:
    from fleettui.workspace.oncall import OnCallNow
    from fleettui.workspace.workspace import Workspace
    from screens.shell.asking import Asked

ROWS_AHEAD, PAGE_AHEAD = timedelta(weeks=4), timedelta(weeks=8)
NOBODY_YET = "Nobody takes turns yet. [team.order] says who does."


class RotaView:
    """The rows of the shifts on Team's list, and the page of a shift."""

    def __init__(self, workspace: Workspace, asked: Asked) -> None:
        self._workspace, self._asked = workspace, asked

    # The rows

    def rows(self) -> list[Row[TeamKey]]:
        now_and_next = self._workspace.oncall.now_and_next()
        shifts = self._workspace.oncall.shifts(now_and_next.at, now_and_next.at + ROWS_AHEAD)
        if not any(shift.person for shift in shifts):
            return [Row(ShiftKey(None), ("! nobody", (with_keys(NOBODY_YET), "muted")), style="bad")]
        return [self._row(shift, now_and_next) for shift in shifts]

    def _row(self, shift: Shift, now_and_next: OnCallNow) -> Row[TeamKey]:
        first = day_of(shift.start, self._workspace.zone)
        is_now = shift.start <= now_and_next.at
        is_next = shift.start == now_and_next.next.start
        when = "now" if is_now else "next" if is_next else wording.day(first)
        name = self.name_of(shift.person)
        return Row(
            ShiftKey(first),
            (
                f"☎ {name}" if is_now else name,
                (when, "accent" if is_now else "muted"),
                self._until_cell(shift, now_and_next),
                "",
            ),
            style="" if shift.person else "bad",
        )

    def _until_cell(self, shift: Shift, now_and_next: OnCallNow) -> tuple[str, str]:
        """Until when, and what is not as always."""
        until = f"to {until_words(shift, self._workspace.zone)}"
        cover = self._workspace.oncall.cover(shift, now_and_next.at)
        if any(gap.start < shift.end and shift.start < gap.end for gap in now_and_next.gaps):
            return f"! gap · {until}", "bad"
        if cover:
            return f"{until} · {self.name_of(cover)} covers", "warn"
        return (until, "") if shift.why == "turn" else (f"{until} · {one_line(shift.why)}", "")

    def name_of(self, login: str | None) -> str:
        return one_line(self._workspace.people.get(login).shown) if login else "nobody"

    def shift(self, key: TeamKey | None) -> Shift | None:
        """That a row stands for."""
        if not isinstance(key, ShiftKey) or key.first is None:
            return None
        return next(iter(self._workspace.oncall.on_days(key.first, key.first)[-1:]), None)

    # The page

    def page(self, key: ShiftKey) -> Sequence[Para]:
        now_and_next, shift = self._workspace.oncall.now_and_next(), self.shift(key)
        if shift is None:
            return [title("On call for the web chat"), BLANK, Para(with_keys(NOBODY_YET))]
        return [
            title(f"On call: {self.name_of(shift.person)}"),
            BLANK,
            *self._facts(shift, now_and_next),
            *part("Nobody answers", self._gaps(now_and_next.gaps)),
            *part("The next weeks", self._weeks(now_and_next.at, shift)),
            *part("Whose turn follows whose", self._order(shift)),
            *part("What was agreed", self._agreed()),
        ]

    def _facts(self, shift: Shift, now_and_next: OnCallNow) -> Iterator[Para]:
        oncall, zone, now = self._workspace.oncall, self._workspace.zone, now_and_next.at
        yield fact("From", wording.moment(shift.start, now, zone))
        yield fact("Until", wording.moment(shift.end, now, zone))
        if shift.person and shift.why != "turn":
            yield fact("Because", shift.why, "accent")
        cover = oncall.cover(shift, now)
        if cover:
            yield fact("Stands in", f"{self.name_of(cover)}: {self.name_of(shift.person)} is away", "warn")
        reminder = oncall.reminder_at(shift)
        is_due = now_and_next.reminder is not None and now_and_next.reminder.at == reminder
        due = with_keys(", due now: [team.message] copies it") if is_due else ""
        yield fact("Reminder", f"{wording.moment(reminder, now, zone)}{due}")

    def _gaps(self, gaps: Sequence[Gap]) -> Iterator[Para]:
        now, zone = self._workspace.now(), self._workspace.zone
        for gap in gaps:
            start, end = (wording.moment(at, now, zone) for at in (gap.start, gap.end))
            yield step("!", f"{start} to {end}: {gap.why}", sign_style="bad")

    def _weeks(self, now: datetime, here: Shift) -> Iterator[Para]:
        zone = self._workspace.zone
        for shift in self._workspace.oncall.shifts(now, now + PAGE_AHEAD):
            first = wording.day(day_of(shift.start, zone))
            why = "" if shift.why == "turn" or shift.person is None else f" ({shift.why})"
            text = f"{first} to {until_words(shift, zone)}  {self.name_of(shift.person)}{why}"
            yield step("▸" if shift.start == here.start else "·", text)

    def _order(self, shift: Shift) -> Iterator[Para]:
        turns = self._workspace.oncall.turns(day_of(shift.start, self._workspace.zone))
        if not turns.order:
            yield Para(with_keys(NOBODY_YET), "muted")
        for login in turns.order:
            yield step("☎" if login == shift.person else "·", self.name_of(login))

    def _agreed(self) -> Iterator[Para]:
        now, zone = self._workspace.now(), self._workspace.zone
        lines = self._asked.of(ROTA, partial(self._workspace.happenings.of, ROTA), None)
        if lines is None:
            return
        if not lines:
            yield Para(
                with_keys("Nothing yet beside the turns. [team.override], [team.swap] and [team.order] do."),
                "muted",
            )
        for line in lines:
            lead = f"{wording.moment(line.at, now, zone)} ", "muted"
            yield Para(line.why or line.done, lead=(lead, (f"{one_line(line.who)} ", "accent")))


def last_day(shift: Shift, zone: ZoneInfo) -> date:
    """The day of its last moment."""
    return day_of(shift.end - timedelta(microseconds=1), zone)


def until_words(shift: Shift, zone: ZoneInfo) -> str:
    return wording.day(last_day(shift, zone))
