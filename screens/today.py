"""Today: how things stand now, what comes next, who is here, and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from fleettui.localtime import day_of, start_of_day
from fleettui.people import Person, time_off_on
from screens.base import Board
from screens.past import change_words, entry_words, name_of
from screens.text_safe import one_line
from screens.widgets.columns import Column
from screens.widgets.page import BLANK, Para, fact, heading, title
from screens.widgets.rows import Cell, Row
from screens.words import duration_words, moment_words

if TYPE_CHECKING:
    from fleettui.store.protocol import Happening

RECENT = 30
AHEAD = timedelta(days=7)

SOON_HERE = """What needs you will stand on top of this list: rituals that are open or late, calls to prepare, tickets by
the time that is left. Below it is what you see now: how things stand, who is here, what changed."""


class TodayScreen(Board):
    NAME = "today"
    CONCERNS = frozenset({"people", "presence", "handbook"})
    CSS_PATH = "today.tcss"
    COLUMNS = (Column("when", width=12), Column("what", width=30, grow=1), Column("by", width=16, hide=1))

    def __init__(self) -> None:
        super().__init__()
        self._happenings: dict[str, Happening] = {}

    def rows_now(self) -> Sequence[Row]:
        return [
            *section("Now", self.now_rows()),
            *section(
                "Next",
                (Row(f"next {at.isoformat()} {what}", (when, what)) for at, when, what in self.coming()),
            ),
            *section("Here", self.here_rows()),
            *section("Away", self.away_rows()),
            *section("What changed", self.past_rows()),
        ]

    def minute(self) -> None:
        """Spans of time are told anew; the rest stands."""
        opening = next(self.now_rows())
        self.rows.update_cells({opening.key: {"when": opening.cells[0], "what": opening.cells[1]}})

    def now_rows(self) -> Iterator[Row]:
        now, zone = self.workspace.now(), self.workspace.zone
        is_open, until = self.workspace.opening()
        sign: Cell = ("● open", "good") if is_open else ("○ closed", "warn")
        told = f"until {moment_words(until, now, zone)}, {duration_words(until - now)} from now"
        yield Row("now opening", (sign, told))
        yield Row("now oncall", ("☎ on call", self.oncall_words(now)))

    def oncall_words(self, now: datetime) -> str:
        rota = self.workspace.handbook.rota
        if not rota.order and not rota.overrides:
            return "Nobody: the rota in handbook/oncall.json is empty"
        from fleettui.oncall import shift_at

        shift = shift_at(rota, now, self.workspace.zone)
        if shift is None or shift.person is None:
            return "Nobody"
        return f"{self.shown(shift.person)} until {moment_words(shift.end, now, self.workspace.zone)}"

    def coming(self) -> list[tuple[datetime, str, str]]:
        """What the next days bring, soonest first: when, in words, and what."""
        now, zone = self.workspace.now(), self.workspace.zone
        is_open, until = self.workspace.opening()
        found = [(until, "Support closes" if is_open else "Support opens")]
        for person in self.workspace.people.all():
            for off in person.time_off if person.active else ():
                first, back = start_of_day(off.first, zone), start_of_day(off.last + timedelta(days=1), zone)
                cover = f"; {self.shown(off.cover)} covers" if off.cover else ""
                found += [(first, f"{person.shown} is away{cover}"), (back, f"{person.shown} is back")]
        near = sorted((at, what) for at, what in found if now < at <= now + AHEAD)
        return [(at, moment_words(at, now, zone), what) for at, what in near]

    def here_rows(self) -> Iterator[Row]:
        yield Row("here", (("● you", "good"), self.workspace.me.shown))
        for session in self.workspace.presence.here():
            where = f"on {session.screen.capitalize()}" if session.screen else ""
            doing = " · writing" if session.typing else ""
            seen = f", {session.looking_at}" if session.looking_at else ""
            told = f"{one_line(session.name)}  {where}{one_line(seen)}{doing}"
            yield Row(f"here {session.pid}", (("● here", "good"), told))

    def away_rows(self) -> Iterator[Row]:
        for person in self.away():
            off = time_off_on(person, self.today())
            if off is not None:
                cover = f"{self.shown(off.cover)} covers" if off.cover else "nobody covers"
                back = moment_words(
                    start_of_day(off.last + timedelta(days=1), self.workspace.zone),
                    self.workspace.now(),
                    self.workspace.zone,
                )
                yield Row(
                    f"away {person.login}", (("◌ away", "warn"), f"{person.shown}, back {back}; {cover}")
                )

    def away(self) -> list[Person]:
        today = self.today()
        return [one for one in self.workspace.people.all() if one.active and time_off_on(one, today)]

    def today(self) -> date:
        return day_of(self.workspace.now(), self.workspace.zone)

    def past_rows(self) -> Iterator[Row]:
        now, zone = self.workspace.now(), self.workspace.zone
        self._happenings = {
            f"past {one.collection} {one.id} {one.entry.rev}": one
            for one in self.workspace.history(limit=RECENT)
        }
        for key, one in self._happenings.items():
            told = f"{self.about(one)}: {entry_words(one.entry)}"
            by = name_of(self.workspace, one)
            yield Row(key, ((moment_words(one.entry.at, now, zone), "muted"), told, (by, "muted")))

    def about(self, happening: Happening) -> str:
        return self.shown(happening.id) if happening.collection == "people" else one_line(happening.id)

    def shown(self, login: str) -> str:
        return one_line(self.workspace.people.get(login).shown)

    def page_of(self, key: str) -> Sequence[Para]:
        happening = self._happenings.get(key)
        if happening is None:
            return [title("Today"), BLANK, Para(" ".join(SOON_HERE.split()))]
        entry = happening.entry
        return [
            title(self.about(happening)),
            BLANK,
            fact("Who", name_of(self.workspace, happening)),
            fact("When", moment_words(entry.at, self.workspace.now(), self.workspace.zone)),
            fact("What", entry.verb),
            *([fact("Why", entry.why)] if entry.why else []),
            BLANK,
            *([heading("Changed")] if entry.changes else []),
            *(Para(change_words(change)) for change in entry.changes),
        ]


def section(name: str, rows: Iterator[Row]) -> list[Row]:
    """Rows below a heading; nothing where there are none."""
    found = list(rows)
    return [Row(f"heading {name}", (name,), heading=True), *found] if found else []
