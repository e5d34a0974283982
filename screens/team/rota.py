"""Team, who answers the web chat: the shifts of the next weeks, and agreeing on something else (SUP-15)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from fleettui.domain.team.rota import Gap, Shift
from fleettui.domain.team.rota_changes import ID as ROTA
from fleettui.time.zones import day_of
from screens.commands.dispatch import Commanded
from screens.dialogs.form import FormField, SeenRevision, Values
from screens.dialogs.picker import Picker
from screens.shell.words import moment_words
from screens.team.people import day_typed, day_words
from screens.terminal.text import one_line
from screens.widgets.columns import Column
from screens.widgets.page import BLANK, Para, fact, heading, step, title
from screens.widgets.row import Row
from screens.widgets.rows import Rows

if TYPE_CHECKING:
    from fleettui.workspace.oncall import OnCallNow
    from fleettui.workspace.workspace import Workspace

SHIFT = "shift "
ROWS_AHEAD, PAGE_AHEAD, SWAPS_AHEAD = timedelta(weeks=4), timedelta(weeks=8), timedelta(weeks=26)
NOBODY_YET = "Nobody takes turns yet. O says who does."
ON_CALL = frozenset({"team.swap", "team.turns"})
"""What needs a shift under the cursor."""


class TeamRota(Commanded):
    """The part of the screen that is about the rota."""

    if TYPE_CHECKING:

        @property
        def rows(self) -> Rows: ...

        def ask(
            self,
            name: str,
            fields: Sequence[FormField],
            about: str,
            save: Callable[[Values], Any],
            said: Callable[[Any], str],
            stale: Callable[[], None] = lambda: None,
        ) -> None: ...

    # The list

    def rota_rows(self) -> list[Row]:
        found = self.workspace.oncall.now_and_next()
        shifts = self.workspace.oncall.shifts(found.at, found.at + ROWS_AHEAD)
        if not any(shift.person for shift in shifts):
            return [Row(SHIFT + "none", ("! nobody", (NOBODY_YET, "muted")), style="bad")]
        return [self._shift_row(shift, found) for shift in shifts]

    def _shift_row(self, shift: Shift, found: OnCallNow) -> Row:
        zone = self.workspace.zone
        first = day_of(shift.start, zone)
        is_now = shift.start <= found.at
        when = "now" if is_now else "next" if shift.start == found.next.start else day_words(first)
        name = self._called(shift.person)
        return Row(
            SHIFT + first.isoformat(),
            (
                f"☎ {name}" if is_now else name,
                (when, "accent" if is_now else "muted"),
                self._until_cell(shift, found),
                "",
            ),
            style="" if shift.person else "bad",
        )

    def _until_cell(self, shift: Shift, found: OnCallNow) -> tuple[str, str]:
        """Until when; and what there is to say beside it that is not as always."""
        until = f"to {until_words(shift, self.workspace.zone)}"
        cover = self.workspace.oncall.cover(shift, found.at)
        if any(gap.start < shift.end and shift.start < gap.end for gap in found.gaps):
            return f"! gap · {until}", "bad"
        if cover:
            return f"{until} · {self._called(cover)} covers", "warn"
        return (until, "") if shift.why == "turn" else (f"{until} · {one_line(shift.why)}", "")

    def _called(self, login: str | None) -> str:
        return one_line(self.workspace.people.get(login).shown) if login else "nobody"

    def shift_here(self) -> Shift | None:
        """Under the cursor."""
        key = self.rows.key or ""
        if not key.startswith(SHIFT) or key == SHIFT + "none":
            return None
        day = date.fromisoformat(key.removeprefix(SHIFT))
        return next(iter(self.workspace.oncall.on_days(day, day)[-1:]), None)

    # The page

    def shift_page(self) -> Sequence[Para]:
        found, shift = self.workspace.oncall.now_and_next(), self.shift_here()
        if shift is None:
            return [title("On call for the web chat"), BLANK, Para(NOBODY_YET)]
        return [
            title(f"On call: {self._called(shift.person)}"),
            BLANK,
            *self._standing(shift, found),
            *self._gaps(found.gaps),
            BLANK,
            heading("The next weeks"),
            *self._weeks(found.at, shift),
            BLANK,
            heading("Whose turn follows whose"),
            *self._order(shift),
            BLANK,
            heading("What was agreed"),
            *self._agreed(),
        ]

    def _standing(self, shift: Shift, found: OnCallNow) -> Iterator[Para]:
        oncall, zone = self.workspace.oncall, self.workspace.zone
        yield fact("From", moment_words(shift.start, found.at, zone))
        yield fact("Until", moment_words(shift.end, found.at, zone))
        if shift.person and shift.why != "turn":
            yield fact("Because", shift.why, "accent")
        cover = oncall.cover(shift, found.at)
        if cover:
            yield fact("Stands in", f"{self._called(cover)}: {self._called(shift.person)} is away", "warn")
        reminder = oncall.reminder_at(shift)
        due = found.reminder is not None and found.reminder.at == reminder
        yield fact(
            "Reminder", f"{moment_words(reminder, found.at, zone)}{', due now: m copies it' if due else ''}"
        )

    def _gaps(self, gaps: Sequence[Gap]) -> Iterator[Para]:
        if not gaps:
            return
        now, zone = self.workspace.now(), self.workspace.zone
        yield BLANK
        yield heading("Nobody answers")
        for gap in gaps:
            start, end = (moment_words(at, now, zone) for at in (gap.start, gap.end))
            yield step("!", f"{start} to {end}: {gap.why}", sign_style="bad")

    def _weeks(self, now: datetime, here: Shift) -> Iterator[Para]:
        zone = self.workspace.zone
        for shift in self.workspace.oncall.shifts(now, now + PAGE_AHEAD):
            first = day_words(day_of(shift.start, zone))
            why = "" if shift.why == "turn" or shift.person is None else f" ({shift.why})"
            told = f"{first} to {until_words(shift, zone)}  {self._called(shift.person)}{why}"
            yield step("▸" if shift.start == here.start else "·", told)

    def _order(self, shift: Shift) -> Iterator[Para]:
        turns = self.workspace.oncall.turns(day_of(shift.start, self.workspace.zone))
        if not turns.order:
            yield Para(NOBODY_YET, "muted")
        for login in turns.order:
            yield step("☎" if login == shift.person else "·", self._called(login))

    def _agreed(self) -> Iterator[Para]:
        now, zone = self.workspace.now(), self.workspace.zone
        lines = self.workspace.happenings.of(ROTA)
        if not lines:
            yield Para("Nothing yet beside the turns. o, s and O do.", "muted")
        for line in lines:
            lead = f"{moment_words(line.at, now, zone)} ", "muted"
            yield Para(line.why or line.done, lead=(lead, (f"{one_line(line.who)} ", "accent")))

    # Commands

    def rota_why_not(self, command_id: str) -> str | None:
        if command_id not in ON_CALL:
            return None
        shift = self.shift_here()
        if shift is None:
            return "Put the cursor on a shift, below “On call for the web chat”."
        if command_id == "team.turns" and shift.why == "turn":
            return "The turns hold there already."
        return None

    def do_override(self) -> None:
        """On a shift: for its days that are still to come. On a person: they."""
        oncall, zone = self.workspace.oncall, self.workspace.zone
        shift, key = self.shift_here(), self.rows.key or ""
        first = last = person = ""
        if shift is not None:
            first = max(day_of(shift.start, zone), day_of(self.workspace.now(), zone)).isoformat()
            last = last_day(shift, zone).isoformat()
        elif " " not in key:
            person = key
        seen = SeenRevision(oncall.kept())

        def save(typed: Values) -> list[Shift]:
            begin = day_typed(self.workspace, "first", typed.get("first", first))
            end = day_typed(self.workspace, "last", typed.get("last", last) or begin.isoformat())
            return oncall.override(
                begin, end, typed.get("person", person), typed.get("why", ""), seen=seen.rev
            )

        self.ask(
            "Somebody else on call",
            [
                FormField("person", "Who", person, "a login, or the beginning of a name; or nobody"),
                FormField("first", "First day", first, "2026-03-09"),
                FormField("last", "Last day", last, "the same day when left empty"),
                FormField("why", "Why", "", "for the others to know"),
            ],
            "team override",
            save,
            self._agreed_words,
            lambda: seen.renew(oncall.kept()),
        )

    def do_swap(self) -> None:
        mine, oncall = self.shift_here(), self.workspace.oncall
        if mine is None:
            return
        zone, seen = self.workspace.zone, oncall.kept().rev
        one = day_of(mine.start, zone)

        def chosen(key: str | None) -> None:
            if key is not None:
                self._agree(lambda: oncall.swap(one, date.fromisoformat(key), seen=seen), "swapping")

        picker = ShiftPicker(self.workspace, mine)
        if picker.choices():
            self.fleettui.push_screen(picker, chosen)
        else:
            self.fleettui.say(
                "Nobody else has a shift in the next half year: there is nothing to swap with.", "warning"
            )

    def do_turns(self) -> None:
        """An override ends; where there is none, a swap does."""
        shift, oncall = self.shift_here(), self.workspace.oncall
        if shift is None:
            return
        zone = self.workspace.zone
        first, last, seen = day_of(shift.start, zone), last_day(shift, zone), oncall.kept().rev
        other = oncall.swapped_with(first)
        if shift.why == "swap" and other is not None:
            self._agree(lambda: oncall.swap(first, other, back=True, seen=seen), "swapping back")
        else:
            self._agree(lambda: oncall.clear(first, last, seen=seen), "going back to the turns")

    def do_order(self) -> None:
        oncall = self.workspace.oncall
        today = day_of(self.workspace.now(), self.workspace.zone)
        before = ", ".join(oncall.turns(today + timedelta(weeks=1)).order)
        seen = SeenRevision(oncall.kept())

        def save(typed: Values) -> list[Shift]:
            logins = [name.strip() for name in typed.get("order", before).split(",") if name.strip()]
            since = typed.get("since", "").strip()
            return oncall.set_order(
                logins, day_typed(self.workspace, "since", since) if since else None, seen=seen.rev
            )

        self.ask(
            "Who takes turns",
            [
                FormField("order", "In turn", before, "kathy, alex, zay: the first one first"),
                FormField("since", "From", "", "the next shift when left empty; or a day in another one"),
            ],
            "team order",
            save,
            self._agreed_words,
            lambda: seen.renew(oncall.kept()),
        )

    def _agree(self, verb: Callable[[], list[Shift]], doing: str) -> None:
        self.fleettui.write(
            verb, lambda made: self.fleettui.say(f"{self._agreed_words(made)} u takes it back."), doing=doing
        )

    def _agreed_words(self, shifts: list[Shift]) -> str:
        zone = self.workspace.zone
        told = "; ".join(
            f"{self._called(one.person)} {day_words(day_of(one.start, zone))} to {until_words(one, zone)}"
            for one in shifts[:3]
        )
        gaps = self.workspace.oncall.gaps(shifts[0].start, shifts[-1].end) if shifts else []
        warning = f" But nobody answers then: {gaps[0].why}." if gaps else ""
        return f"On call: {told}{' …' if len(shifts) > 3 else ''}.{warning}"

    def copy_reminder(self, shift: Shift) -> None:
        text = self.workspace.oncall.reminder_text(shift)
        self.fleettui.copy_to_clipboard(text)
        self.fleettui.say(f"Copied, if your terminal allows it:\n{text}", seconds=10)


class ShiftPicker(Picker):
    """The coming shifts of others."""

    COLUMNS = (Column("who", width=20, grow=1), Column("days", width=26, grow=1))
    HINT = "swap with which shift?"

    def __init__(self, workspace: Workspace, mine: Shift) -> None:
        super().__init__()
        self._of, self._mine = workspace, mine

    def choices(self) -> Sequence[Row]:
        now, zone = self._of.now(), self._of.zone
        rows: dict[date, Row] = {}
        for shift in self._of.oncall.shifts(now, now + SWAPS_AHEAD):
            theirs = shift.week_of != self._mine.week_of and shift.person != self._mine.person
            if theirs and shift.week_of not in rows:
                days = f"{day_words(day_of(shift.start, zone))} to {until_words(shift, zone)}"
                name = self._of.people.get(shift.person).shown if shift.person else "nobody"
                rows[shift.week_of] = Row(day_of(shift.start, zone).isoformat(), (name, (days, "muted")))
        return list(rows.values())


def last_day(shift: Shift, zone: Any) -> date:
    """The day of its last moment."""
    return day_of(shift.end - timedelta(microseconds=1), zone)


def until_words(shift: Shift, zone: Any) -> str:
    return day_words(last_day(shift, zone))
