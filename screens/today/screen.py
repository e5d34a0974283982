"""Today: what wants something of me now, by the time that is left; what comes next; the team's at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from textual import on

from fleettui.domain import agenda as today
from fleettui.domain.agenda import FirstStep, Item, State, Workload
from fleettui.domain.team.people import Person, time_off_on
from fleettui.time import wording
from fleettui.time.zones import day_of, start_of_day
from screens.commands.catalogue import bindings
from screens.shell import links as goto
from screens.shell.board import Board
from screens.terminal.text import one_line
from screens.widgets.columns import Column
from screens.widgets.page import BLANK, Para, fact, heading, step, title
from screens.widgets.row import Cell, Row
from screens.widgets.rows import Rows

if TYPE_CHECKING:
    from fleettui.workspace.happenings import HistoryLine

RECENT = 30
AHEAD = timedelta(days=7)
STYLES: dict[State, str] = {"late": "bad", "soon": "warn", "open": "", "waiting": "muted", "next": "muted"}
ALL_DONE = "Nothing wants you now"
IN_PLACE = {"tick": "Space does it here, Enter opens it.", "join": "Enter opens the call with its link."}


class TodayScreen(Board):
    NAME = "today"
    CONCERNS = frozenset(
        {
            "people",
            "presence",
            "handbook",
            "tickets",
            "calls",
            "rituals",
            "ticks",
            "runs",
            "customers",
            "rota",
        }
    )
    CSS_PATH = "screen.tcss"
    BINDINGS = bindings("today")
    COLUMNS = (
        Column("when", width=13),
        Column("what", width=26, grow=3),
        Column("about", width=16, grow=1, hide=1),
    )

    def __init__(self) -> None:
        super().__init__()
        self._history: dict[str, HistoryLine] = {}
        self._items: dict[str, Item] = {}
        self._glances: dict[str, Workload] = {}
        self._first: dict[str, FirstStep] = {}

    # The list

    def rows_now(self) -> Sequence[Row]:
        items = self.workspace.today.items()
        mine = [one for one in items if one.mine]
        self._items = {f"item {one.key}": one for one in mine}
        self._first = {f"first {one.key}": one for one in self.workspace.today.first_steps()}
        troubles = [
            Row(f"trouble {said}", (("✗", "bad"), (said, "bad"))) for said in self.workspace.today.troubles
        ]
        return [
            *section("Cannot be read", troubles),
            *section(
                "Begin here",
                [Row(key, (("→ begin", "accent"), one.title)) for key, one in self._first.items()],
            ),
            *section("Now", self.now_rows([one for one in mine if one.wants])),
            *section("Next", self.next_rows([one for one in mine if not one.wants])),
            *section("The team", self.team_rows(items)),
            *section("Here", (*self.here_rows(), *self.away_rows())),
            *section("What changed", self.past_rows()),
        ]

    def minute(self) -> None:
        """Only lines that differ are drawn: time has moved on for all that has a time."""
        self.fill()

    def now_rows(self, wanted: Sequence[Item]) -> Iterator[Row]:
        for one in wanted:
            yield self.item_row(one)
        if not wanted:
            yield Row("now nothing", (("✓", "good"), (ALL_DONE, "good")))

    def item_row(self, one: Item) -> Row:
        left = self.workspace.today.left(one)
        sign: Cell = (f"{one.sign} {left:>8}", STYLES[one.state])
        about = one.about or self.workspace.people.get(one.who).shown * (one.who != self.workspace.me.login)
        return Row(f"item {one.key}", (sign, one_line(one.title), (one_line(about), "muted")))

    def next_rows(self, coming: Sequence[Item]) -> Iterator[Row]:
        """Mine, and what the days bring for everybody."""
        now, zone = self.workspace.now(), self.workspace.zone
        rows = [(one.due or now + AHEAD, self.item_row(one)) for one in coming]
        for at, what in self.coming():
            cells: tuple[Cell, ...] = ((f"  {wording.moment(at, now, zone)}", "muted"), what)
            rows.append((at, Row(f"next {at.isoformat()} {what}", cells)))
        return (row for _, row in sorted(rows, key=lambda pair: pair[0]))

    def coming(self) -> list[tuple[datetime, str]]:
        """What the next days bring, soonest first."""
        now, zone = self.workspace.now(), self.workspace.zone
        is_open, until = self.workspace.opening()
        left = wording.span(until - now)
        found = [(until, f"Support {'closes' if is_open else 'opens'}, {left} from now")]
        for person in self.workspace.people.all():
            for off in person.time_off if person.active else ():
                first, back = start_of_day(off.first, zone), start_of_day(off.last + timedelta(days=1), zone)
                cover = f"; {self.shown(off.cover)} covers" if off.cover else ""
                found += [(first, f"{person.shown} is away{cover}"), (back, f"{person.shown} is back")]
        return sorted((at, what) for at, what in found if now < at <= now + AHEAD)

    def team_rows(self, items: Sequence[Item]) -> Iterator[Row]:
        self._glances = {f"team {one.who}": one for one in today.workloads(items)}
        for key, one in self._glances.items():
            who = self.shown(one.who) if one.who else "Nobody yet"
            late: Cell = (f"! {one.late} late", "bad") if one.late else (f"  {len(one.items)}", "muted")
            yield Row(key, (late, f"{who}: {today.workload_words(one)}"))

    def here_rows(self) -> Iterator[Row]:
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
                back = wording.moment(
                    start_of_day(off.last + timedelta(days=1), self.workspace.zone),
                    self.workspace.now(),
                    self.workspace.zone,
                )
                yield Row(
                    f"away {person.login}", (("◌ away", "warn"), f"{person.shown}, back {back}; {cover}")
                )

    def away(self) -> list[Person]:
        day = self.today()
        return [one for one in self.workspace.people.all() if one.active and time_off_on(one, day)]

    def today(self) -> date:
        return day_of(self.workspace.now(), self.workspace.zone)

    def past_rows(self) -> Iterator[Row]:
        now, zone = self.workspace.now(), self.workspace.zone
        self._history = {
            "past {} {} {}".format(*line.key): line for line in self.workspace.happenings.latest(RECENT)
        }
        for key, line in self._history.items():
            cells: tuple[Cell, ...] = (
                (f"  {wording.moment(line.at, now, zone)}", "muted"),
                f"{line.about}: {line.done_to_subject}",
                (line.who, "muted"),
            )
            yield Row(key, cells)

    def shown(self, login: str) -> str:
        return one_line(self.workspace.people.get(login).shown)

    # The page

    def page_of(self, key: str) -> Sequence[Para]:
        if key in self._items:
            return list(self.item_page(self._items[key]))
        if key in self._first:
            one = self._first[key]
            return [title(one.title), BLANK, Para(one.how)]
        if key in self._glances:
            return list(self.glance_page(self._glances[key]))
        if key in self._history:
            return list(self.past_page(self._history[key]))
        return list(self.standing_page())

    def item_page(self, one: Item) -> Iterator[Para]:
        now, zone = self.workspace.now(), self.workspace.zone
        yield title(one.title)
        yield BLANK
        yield fact("What", one.kind)
        yield fact("Id", one.id)
        if one.about:
            yield fact("Customer", one.about)
        if one.due:
            late = self.workspace.today.left(one)
            yield fact("Due", f"{wording.moment(one.due, now, zone)}  ({late})", STYLES[one.state])
        yield fact("State", f"{one.sign} {one.state}", STYLES[one.state])
        yield fact("Whose", self.shown(one.who) if one.who else one.role)
        if one.who and one.who != self.workspace.me.login:
            yield fact("Why me", f"{self.shown(one.who)} is away, and you cover")
        yield BLANK
        yield Para(IN_PLACE.get(one.does, "Enter opens it."), "accent")

    def glance_page(self, one: Workload) -> Iterator[Para]:
        yield title(self.shown(one.who) if one.who else "What nobody has taken yet")
        yield BLANK
        for item in one.items:
            about = f"{item.about}: " if item.about else ""
            left = self.workspace.today.left(item)
            yield step(
                f"{item.sign} {left:>8}", f"{item.id} {about}{item.title}", sign_style=STYLES[item.state]
            )

    def past_page(self, line: HistoryLine) -> Iterator[Para]:
        yield title(line.about)
        yield BLANK
        yield fact("Who", line.who)
        yield fact("When", wording.moment(line.at, self.workspace.now(), self.workspace.zone))
        yield fact("What", line.words.short)
        if line.why:
            yield fact("Why", line.why)
        yield BLANK
        if line.changes:
            yield heading("Changed")
        yield from map(Para, line.changes)

    def standing_page(self) -> Iterator[Para]:
        """How things stand, where the cursor is on nothing in particular."""
        now, zone = self.workspace.now(), self.workspace.zone
        is_open, until = self.workspace.opening()
        yield title("Today")
        yield BLANK
        yield fact("Support", f"{'open' if is_open else 'closed'} until {wording.moment(until, now, zone)}")
        yield fact("On call", self.oncall_words(now))
        yield BLANK
        yield Para(
            "Above stands what wants something of you, the least time left first. Enter opens it, "
            "Space does what can be done from here. 5 begins a playbook, ? shows every key."
        )

    def oncall_words(self, now: datetime) -> str:
        shift = self.workspace.oncall.shift(now)
        if shift is None or shift.person is None:
            return "nobody; on Team, O says who takes turns"
        return f"{self.shown(shift.person)} until {wording.moment(shift.end, now, self.workspace.zone)}"

    # Commands

    @on(Rows.Opened)
    async def _open_item(self, event: Rows.Opened) -> None:
        """What wants something is opened where it is at home; the rest beside or over the list."""
        item = self._items.get(event.row.key)
        if item is not None and item.kind in goto.HOMES:
            event.prevent_default()
            await goto.reveal(self.fleettui, item_home(item), item.id, item.step)
        first = self._first.get(event.row.key)
        if first is not None:
            event.prevent_default()
            await self.fleettui.go(first.home)
            self.fleettui.say(first.how, seconds=10)

    def item(self) -> Item | None:
        return self._items.get(self.rows.key or "")

    def why_not(self, command_id: str) -> str | None:
        if command_id == "today.tick":
            one = self.item()
            if one is None:
                return "Put the cursor on something that wants you."
            if one.does != "tick":
                return "That is not done from here: Enter opens it."
        return super().why_not(command_id)

    def do_tick(self) -> None:
        one = self.item()
        if one is not None:
            self.fleettui.write(
                lambda: self.workspace.today.do(one),
                lambda said: self.fleettui.say(f"{said} u takes it back."),
                doing="doing it",
            )

    def looking_at(self, key: str) -> str | None:
        return None

    def customer_here(self) -> str:
        one = self.item()
        if one is None:
            line = self._history.get(self.rows.key or "")
            return goto.customer_of(self.workspace, line.id) if line else ""
        return goto.customer_of(self.workspace, one.id)


def item_home(one: Item) -> str:
    """A next step is at home with its call or with its customer."""
    return (
        "customer"
        if one.kind == "next step" and one.id.startswith("K-")
        else ("call" if one.kind == "next step" else one.kind)
    )


def section(name: str, rows: Iterator[Row] | Sequence[Row]) -> list[Row]:
    """Rows below a heading; nothing where there are none."""
    found = list(rows)
    return [Row(f"heading {name}", (name,), heading=True), *found] if found else []
