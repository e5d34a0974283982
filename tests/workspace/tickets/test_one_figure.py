"""SLA-15 over random histories: the queue, Today, `tickets list`, `report week`, `sla due` and the past agree on what is owed.

What they have to agree with is worked out here, once more and slowly: by hand on a list of unanswered messages for each ticket.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleettui.domain.agenda import Item
from fleettui.domain.tickets import sla
from fleettui.domain.tickets.debt import GLYPHS
from fleettui.domain.tickets.report import WeekReport
from fleettui.errors import Refused
from fleettui.workspace.workspace import Workspace
from tests.support.homes import make_home

pytestmark = pytest.mark.slow

START = datetime(2026, 3, 5, 16, 0, tzinfo=UTC)  # a Thursday: clocks go forward that Sunday
PRIORITY = {"P0": 0, "P1": 1, "P2": 2, "P3": 3}


@dataclass
class Run:
    """A time in which an answer was owed."""

    since: datetime
    began: datetime
    again: bool
    ended: datetime | None = None
    how: str = ""
    tier: str = ""
    priority: str = ""


@dataclass
class Slip:
    """A ticket on paper: the times of the unanswered messages, and what stands against answering them.

    What came with a merged ticket is kept apart, by that ticket's id.
    """

    tier: str
    priority: str
    unanswered: dict[str, list[datetime]] = field(default_factory=dict)
    label: bool = False
    resolved: bool = False
    merged: bool = False
    runs: dict[str, list[Run]] = field(default_factory=dict)

    @property
    def since(self) -> datetime | None:
        stands = self.label or self.resolved or self.merged
        times = [at for times in self.unanswered.values() for at in times]
        return None if stands or not times else min(times)

    def settle(self, now: datetime, how: str) -> None:
        """What runs now ends or begins, as the slip says."""
        for origin in {**self.runs, **self.unanswered}:
            times = self.unanswered.get(origin) if self.since is not None else None
            runs = self.runs.setdefault(origin, [])
            running = runs[-1] if runs and runs[-1].ended is None else None
            if running and not times:
                running.ended, running.how = now, how
                running.tier, running.priority = self.tier, self.priority
            elif running and times:
                running.since = min(times)
            elif times:
                again = bool(origin) or any(run.since == min(times) for run in runs)
                runs.append(Run(min(times), now if again else min(times), again))

    def wake(self) -> None:
        """The customer wrote: what was unanswered while nothing was owed is settled."""
        if self.label or self.resolved:
            self.unanswered = {}
        self.label = self.resolved = False


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


class Day:
    """The workspace, and the slips of paper beside it."""

    def __init__(self, home: Path) -> None:
        self.clock = Clock()
        make_home(home, START)
        self.workspace = Workspace.open(home, clock=self.clock, login="kathy")
        self.slips: dict[str, Slip] = {}
        self.past: list[tuple[datetime, dict[str, tuple[datetime, datetime | None]]]] = []
        self.reports: dict[date, WeekReport] = {}

    # What can happen

    def happen(self, what: str, which: int, other: int, late: bool) -> None:
        """`late`: the message was written an hour before it came."""
        ids = [id_ for id_, slip in self.slips.items() if not slip.merged]
        if what == "new" or not ids:
            self._new(which, other)
            return
        id_ = ids[which % len(ids)]
        try:
            match what:
                case "received":
                    self._received(id_, late)
                case "set":
                    self._set(id_, ("Premium", "Ultimate", "Free")[which % 3], f"P{other % 4}")
                case "merge":
                    self._merge(id_, ids[other % len(ids)])
                case _:
                    self._flow(what, id_)
        except Refused:
            return  # there was nothing to do
        how = {"reply": "answered", "resolve": "resolved"}.get(what, "stopped")
        self.slips[id_].settle(self.clock.now, how)

    def _flow(self, what: str, id_: str) -> None:
        tickets, slip = self.workspace.tickets, self.slips[id_]
        actions: dict[str, tuple[Callable[[], object], dict[str, object]]] = {
            "reply": (lambda: tickets.reply(id_, "Try this"), {"unanswered": {}}),
            "label": (lambda: tickets.label(id_, ["+more info"]), {"label": True}),
            "unlabel": (lambda: tickets.label(id_, drop=["+more info"]), {"label": False}),
            "wait": (lambda: tickets.wait(id_), {}),
            "snooze": (lambda: tickets.snooze(id_, self.clock.now + timedelta(hours=5)), {}),
            "resolve": (lambda: tickets.resolve(id_, unanswered=True), {"resolved": True}),
            "reopen": (lambda: tickets.reopen(id_), {"resolved": False}),
        }
        action, outcome = actions[what]
        action()
        for name, value in outcome.items():
            setattr(slip, name, value)

    def _received(self, id_: str, late: bool) -> None:
        now, slip = self.clock.now, self.slips[id_]
        at = max(now - timedelta(hours=1), self.week_began()) if late else now
        self.workspace.tickets.received(id_, "And this?", at=at)
        slip.wake()
        slip.unanswered.setdefault("", []).append(at)

    def _set(self, id_: str, tier: str, priority: str) -> None:
        self.workspace.tickets.set(id_, {"priority": priority, "tier": tier})
        self.slips[id_].tier, self.slips[id_].priority = tier, priority

    def week_began(self) -> datetime:
        return self.workspace.reports.week_of().start

    def _new(self, which: int, other: int) -> None:
        tier, priority = ("Premium", "Ultimate", "Free")[which % 3], f"P{other % 4}"
        ticket = self.workspace.tickets.new("Acme", "It fails", tier=tier, priority=priority)
        self.workspace.tickets.take(ticket.id)
        slip = self.slips[ticket.id] = Slip(tier, priority, {"": [self.clock.now]})
        slip.settle(self.clock.now, "")

    def _merge(self, gone: str, stays: str) -> None:
        self.workspace.tickets.merge(gone, stays)
        now, ends, goes_on = self.clock.now, self.slips[gone], self.slips[stays]
        if not ends.resolved and PRIORITY[ends.priority] < PRIORITY[goes_on.priority]:
            goes_on.priority = ends.priority
        if ends.since is not None:
            goes_on.wake()
            for origin, times in ends.unanswered.items():
                goes_on.unanswered.setdefault(origin or gone, []).extend(times)
        ends.merged = True
        goes_on.settle(now, "stopped")

    # What has to agree

    def due(self, tier: str, priority: str, since: datetime) -> datetime | None:
        handbook = self.workspace.handbook
        return sla.debt_for(handbook.sla, handbook.calendars, tier, priority, since).due

    def owed(self) -> dict[str, tuple[datetime, datetime | None]]:
        """Since when an answer is owed, and when it is due, by ticket."""
        return {
            id_: (slip.since, self.due(slip.tier, slip.priority, slip.since))
            for id_, slip in self.slips.items()
            if slip.since is not None
        }

    def check(self) -> None:
        owed, now = self.owed(), self.clock.now
        self.check_queue(owed, None)
        items: dict[str, Item] = {
            item.id: item for item in self.workspace.agenda.items() if item.kind == "ticket"
        }
        assert items.keys() == owed.keys()
        for id_, (_, due) in owed.items():
            row = self.workspace.queue.row(self.workspace.queue.of(self.workspace.tickets.find(id_)))
            is_late = due is not None and now > due
            assert (row.state == "breached", items[id_].state == "late") == (is_late, is_late)
            assert (row.due, items[id_].due, items[id_].sign) == (due, due, GLYPHS[row.state])
            assert self.workspace.agenda.left(items[id_]) == row.left
        self.check_report(self.workspace.reports.week())
        self.past.append((now, owed))

    def check_queue(self, owed: dict[str, tuple[datetime, datetime | None]], as_of: datetime | None) -> None:
        entries = self.workspace.queue.queue(search="is:owed", as_of=as_of).entries
        assert {entry.ticket.id: (entry.owed.since, entry.due) for entry in entries if entry.owed} == owed
        dues = [entry.due for entry in entries if entry.due is not None]
        assert dues == sorted(dues)

    def check_report(self, report: WeekReport) -> None:
        week, now = self.workspace.reports.week_of(report.first), self.clock.now
        late: list[tuple[str, datetime, datetime]] = []
        in_time = answers = dropped = dropped_late = 0
        lanes = [
            (id_, slip, origin, runs)
            for id_, slip in self.slips.items()
            for origin, runs in slip.runs.items()
        ]
        for id_, slip, origin, runs in lanes:
            broken: set[datetime] = set()
            for number, run in enumerate(runs):
                tier, priority = run.tier or slip.tier, run.priority or slip.priority
                due, end = self.due(tier, priority, run.since), run.ended or now
                is_late = due is not None and end > due
                answers += run.how == "answered" and week.has(run.ended)
                dropped += run.how == "resolved" and week.has(run.ended)
                dropped_late += run.how == "resolved" and week.has(run.ended) and is_late
                if origin and not number and due is not None and due < run.began:
                    broken.add(run.since)  # it was late before it was merged in
                if run.since in broken:
                    continue
                if due is not None and is_late:
                    broken.add(run.since)
                    if week.has(max(due, run.began) if run.again else due):
                        late.append((id_, run.since, end))
                elif due is not None and run.how == "answered":
                    in_time += week.has(run.ended)
        assert sorted((breach.ticket, breach.since) for breach in report.breaches) == sorted(
            (id_, since) for id_, since, _ in late
        )
        assert (report.answers, report.in_time, report.late) == (answers, in_time, len(late))
        assert (report.resolved_unanswered, report.resolved_unanswered_late) == (dropped, dropped_late)

    def week_is_over(self) -> None:
        """The week before this moment's: its report is kept, to be compared with what it says later."""
        before = self.workspace.reports.week_of().first - timedelta(days=1)
        if before not in self.reports:
            self.reports[before] = self.workspace.reports.week(before)

    def check_past(self) -> None:
        for when, owed in self.past:
            self.check_queue(owed, when)
        for day, report in self.reports.items():
            assert self.workspace.reports.week(day) == report


HAPPENINGS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "new",
                "received",
                "received",
                "reply",
                "reply",
                "label",
                "unlabel",
                "wait",
                "snooze",
                "resolve",
                "resolve",
                "reopen",
                "reopen",
                "set",
                "merge",
            ]
        ),
        st.integers(0, 5),
        st.integers(0, 5),
        st.booleans(),
        st.sampled_from([1, 30, 120, 245, 600, 1500, 4000]),
    ),
    min_size=3,
    max_size=16,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(HAPPENINGS)
def test_sla_15_the_queue_today_the_report_and_the_past_never_disagree(
    happenings: list[tuple[str, int, int, bool, int]],
) -> None:
    with TemporaryDirectory() as folder:
        day = Day(Path(folder) / "home")
        for what, which, other, late, minutes in happenings:
            day.clock.now += timedelta(minutes=minutes)
            day.week_is_over()
            day.happen(what, which, other, late)
            day.check()
        day.clock.now += timedelta(days=9)
        day.check()
        day.check_past()
        day.workspace.close()
