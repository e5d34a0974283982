"""Three weeks of rituals as an invented team kept them: nearly always, now and then late, some covered, some left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from fleettui.demo import Stage
from fleettui.time.zones import instant_of

DAYS = 20
MINE = ("RIT-1", "RIT-3", "RIT-4", "RIT-5", "RIT-7")
"""What you have taken over."""
DAILY = {
    "RIT-1": time(6, 40),
    "RIT-2": time(15, 30),
    "RIT-3": time(9, 10),
    "RIT-4": time(8, 5),
    "RIT-14": time(7, 30),
}
WEEKLY = {
    "RIT-5": ((1,), time(10, 0)),
    "RIT-6": ((0, 1, 3), time(9, 30)),
    "RIT-7": ((1,), time(14, 0)),
    "RIT-8": ((2,), time(11, 0)),
    "RIT-10": ((4,), time(9, 0)),
    "RIT-11": ((3,), time(13, 0)),
    "RIT-13": ((1,), time(16, 20)),
    "RIT-9": ((2,), time(15, 40)),
    "RIT-16": ((4,), time(15, 0)),
    "RIT-17": ((4,), time(14, 0)),
    "RIT-18": ((3,), time(9, 0)),
}
MISSED = {("RIT-4", 6), ("RIT-3", 11), ("RIT-1", 15)}
"""So many days ago nobody did it."""
COVERED = {("RIT-1", 4): "ines", ("RIT-2", 5): "ines", ("RIT-11", 10): "salma"}
SKIPPED = {("RIT-8", -2): "No product meeting in the week of the release"}
"""So many weeks from now."""
DOERS = {
    "RIT-11": "jonah",
    "RIT-13": "jonah",
    "RIT-14": "jonah",
    "RIT-16": "ines",
    "RIT-17": "ines",
    "RIT-18": "ines",
}
OFFICE_HOURS = {
    "purpose": "An hour in the community channel: whoever has a question finds us there.",
    "dri": "ines",
    "frequency": "every 2 weeks",
    "weekday": "thu",
    "channel": "#community",
}


def fill(stage: Stage) -> None:
    lead = stage.at(stage.now - timedelta(days=DAYS), "mara")
    for id_ in MINE:
        lead.rituals.edit(id_, {"dri": stage.me})
    lead.rituals.add("Community office hours", **OFFICE_HOURS)
    _Month(stage).play()


class _Month:
    """The past weeks, day by day."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.calendar, self.zone = stage, stage.workspace.handbook.calendar, stage.workspace.zone
        self.today = self.calendar.day_of(stage.now)

    def play(self) -> None:
        for ago in range(DAYS, -1, -1):
            day = self.today - timedelta(days=ago)
            for id_, clock in self.due_on(day, ago):
                self.act(id_, ago, instant_of(datetime.combine(day, clock), self.zone))

    def due_on(self, day: date, ago: int) -> Iterator[tuple[str, time]]:
        for id_, clock in DAILY.items() if self.calendar.is_business_day(day) else ():
            if (id_, ago) not in MISSED and ago:
                yield id_, clock
        for id_, (weekdays, clock) in WEEKLY.items():
            if day.weekday() in weekdays:
                yield id_, clock

    def act(self, id_: str, ago: int, at: datetime) -> None:
        if at >= self.stage.now:
            return
        workspace = self.stage.at(at, COVERED.get((id_, ago)) or self.doer(id_))
        why = SKIPPED.get((id_, at.astimezone(self.zone).isocalendar().week - self.today.isocalendar().week))
        if why:
            workspace.rituals.skip(id_, why)
        else:
            workspace.rituals.tick_all(id_)

    def doer(self, id_: str) -> str:
        return self.stage.me if id_ in MINE else DOERS.get(id_, "tobias")
