"""Agreeing on something else than the turns: somebody else on call, a swap, another order (SUP-15)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fleettui.text.reading import listed
from fleettui.time import wording
from fleettui.time.zones import day_of
from screens.commands.effective import key_of
from screens.dialogs.copied import copy
from screens.dialogs.field_choices import known_people, people_choices, read_day
from screens.dialogs.form import FormField, SeenRevision, Values
from screens.dialogs.picker import Picker
from screens.team.people import day_typed
from screens.team.rota import last_day, until_words
from screens.widgets.columns import Column
from screens.widgets.row import Row

if TYPE_CHECKING:
    from fleettui.domain.team.rota import Shift
    from screens.team.actions.tools import TeamTools
    from screens.team.rota import RotaView

SWAPS_AHEAD = timedelta(weeks=26)
ON_SHIFT = frozenset({"team.swap", "team.turns"})
"""What needs a shift under the cursor."""


class RotaActions:
    """Agreeing on shifts; `why_not` says which need a shift under the cursor."""

    def __init__(self, tools: TeamTools, rota: RotaView) -> None:
        self.tools, self.rota = tools, rota

    def shift_here(self) -> Shift | None:
        """The shift under the cursor."""
        return self.rota.shift(self.tools.selection.key)

    def why_not(self, command_id: str) -> str | None:
        if command_id not in ON_SHIFT:
            return None
        shift = self.shift_here()
        if shift is None:
            return "Put the cursor on a shift, below “On call for the web chat”."
        if command_id == "team.turns" and shift.why == "turn":
            return "The turns hold there already."
        return None

    def do_override(self) -> None:
        """On a shift: for its days that are still to come. On a person: it is them."""
        workspace, shift = self.tools.workspace, self.shift_here()
        oncall, zone, person = workspace.oncall, workspace.zone, self.tools.person
        first = last = ""
        if shift is not None:
            first = max(day_of(shift.start, zone), day_of(workspace.now(), zone)).isoformat()
            last = last_day(shift, zone).isoformat()
        seen = SeenRevision(oncall.kept())

        def save(typed: Values) -> list[Shift]:
            begin = day_typed(workspace, "first", typed.get("first", first))
            end = day_typed(workspace, "last", typed.get("last", last) or begin.isoformat())
            return oncall.override(
                begin, end, typed.get("person", person), typed.get("why", ""), seen=seen.rev
            )

        self.tools.ask(
            "Somebody else on call",
            [
                FormField("person", "Who", person, choices=people_choices(workspace, "nobody")),
                FormField("first", "First day", first, "fri, 2026-03-09", reads=read_day(workspace)),
                FormField(
                    "last", "Last day", last, "the same day when left empty", reads=read_day(workspace)
                ),
                FormField("why", "Why", "", "for the others to know"),
            ],
            "team override",
            save,
            self._agreed_words,
            lambda: seen.renew(oncall.kept()),
        )

    def do_swap(self) -> None:
        mine, workspace, host = self.shift_here(), self.tools.workspace, self.tools.host
        if mine is None:
            return
        oncall, first = workspace.oncall, day_of(mine.start, workspace.zone)
        seen = oncall.kept().rev

        def chosen(other: date | None) -> None:
            if other is not None:
                self._agree(lambda: oncall.swap(first, other, seen=seen), "swapping")

        picker = ShiftPicker(mine)
        if picker.choices():
            host.push_screen(picker, chosen)
        else:
            host.say(
                "Nobody else has a shift in the next half year: there is nothing to swap with.", "warning"
            )

    def do_turns(self) -> None:
        """An override ends; where there is none, a swap does."""
        shift, workspace = self.shift_here(), self.tools.workspace
        if shift is None:
            return
        oncall, zone = workspace.oncall, workspace.zone
        first, last, seen = day_of(shift.start, zone), last_day(shift, zone), oncall.kept().rev
        other = oncall.swapped_with(first)
        if shift.why == "swap" and other is not None:
            self._agree(lambda: oncall.swap(first, other, back=True, seen=seen), "swapping back")
        else:
            self._agree(lambda: oncall.clear(first, last, seen=seen), "going back to the turns")

    def do_order(self) -> None:
        workspace = self.tools.workspace
        oncall, today = workspace.oncall, day_of(workspace.now(), workspace.zone)
        before = ", ".join(oncall.turns(today + timedelta(weeks=1)).order)
        seen = SeenRevision(oncall.kept())

        def save(typed: Values) -> list[Shift]:
            logins = listed(typed.get("order", before))
            since = typed.get("since", "").strip()
            return oncall.set_order(
                logins, day_typed(workspace, "since", since) if since else None, seen=seen.rev
            )

        self.tools.ask(
            "Who takes turns",
            [
                FormField(
                    "order",
                    "In turn",
                    before,
                    "kathy, alex, zay: the first one first",
                    known=known_people(workspace),
                    several=True,
                ),
                FormField(
                    "since",
                    "From",
                    "",
                    "the next shift when left empty; or a day in another one",
                    reads=read_day(workspace),
                ),
            ],
            "team order",
            save,
            self._agreed_words,
            lambda: seen.renew(oncall.kept()),
        )

    def _agree(self, action: Callable[[], list[Shift]], doing: str) -> None:
        host = self.tools.host
        host.write(
            action,
            lambda shifts: host.say(f"{self._agreed_words(shifts)} {key_of('app.undo')} takes it back."),
            doing=doing,
        )

    def _agreed_words(self, shifts: list[Shift]) -> str:
        workspace = self.tools.workspace
        zone = workspace.zone
        agreed = "; ".join(
            f"{self.rota.name_of(shift.person)} {days_words(shift, zone)}" for shift in shifts[:3]
        )
        gaps = workspace.oncall.gaps(shifts[0].start, shifts[-1].end) if shifts else []
        warning = f" But nobody answers then: {gaps[0].why}." if gaps else ""
        return f"On call: {agreed}{' …' if len(shifts) > 3 else ''}.{warning}"

    def copy_reminder(self, shift: Shift) -> None:
        text = self.tools.workspace.oncall.reminder_text(shift)
        goes_to = f"a message to {self.rota.name_of(shift.person)}" if shift.person else ""
        copy(self.tools.host, text, goes_to=goes_to)


class ShiftPicker(Picker[date]):
    """The coming shifts of others, each named by its first day."""

    COLUMNS = (Column("who", width=20, grow=1), Column("days", width=26, grow=1))
    HINT = "Swap with which shift?"

    def __init__(self, mine: Shift) -> None:
        super().__init__()
        self._mine = mine

    def choices(self) -> Sequence[Row[date]]:
        workspace, mine = self.workspace, self._mine
        now, zone = workspace.now(), workspace.zone
        rows: dict[date, Row[date]] = {}
        for shift in workspace.oncall.shifts(now, now + SWAPS_AHEAD):
            is_other = shift.week_of != mine.week_of and shift.person != mine.person
            if is_other and shift.week_of not in rows:
                name = workspace.people.get(shift.person).shown if shift.person else "nobody"
                first = day_of(shift.start, zone)
                rows[shift.week_of] = Row(first, (name, (days_words(shift, zone), "muted")))
        return list(rows.values())


def days_words(shift: Shift, zone: ZoneInfo) -> str:
    return f"{wording.day(day_of(shift.start, zone))} to {until_words(shift, zone)}"
