"""The weekly on-call retro: three questions beside the week's facts (SUP-16). Pure functions."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from fleettui.documents import Document
from fleettui.errors import Refused
from fleettui.text import cleaning
from fleettui.time import zones


class Retro(Document, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The id is the week, like 2026-W11; answers by the keys of the questions."""

    answers: dict[str, str] = {}
    finished_at: datetime | None = None
    """When the last question was answered, and by whom (RIT-17)."""
    finished_by: str = ""


class WeekSpan:
    """Monday to Sunday, by the team's clocks; `start` and `end` are instants, the end not included."""

    def __init__(self, day: date, zone: ZoneInfo) -> None:
        self.first = day - timedelta(days=day.weekday())
        self.last = self.first + timedelta(days=6)
        self.start = zones.start_of_day(self.first, zone)
        self.end = zones.end_of_day(self.last, zone)

    @property
    def key(self) -> str:
        """Like 2026-W11."""
        year, week, _ = self.first.isocalendar()
        return f"{year}-W{week:02}"

    def has(self, at: datetime | None) -> bool:
        """Whether the moment is in this week."""
        return at is not None and self.start <= at < self.end


def answered(
    before: Retro, answers: Mapping[str, str], questions: Mapping[str, str], by: str, now: datetime
) -> Retro:
    """`before` with these answers; an empty one takes it back."""
    kept = dict(before.answers)
    for key, answer in answers.items():
        if key not in questions:
            raise Refused(
                f"there is no such question; there are {', '.join(questions)}", field=cleaning.line(key, 40)
            )
        tidy = cleaning.clean(answer, 20_000).strip()
        if tidy:
            kept[key] = tidy
        else:
            kept.pop(key, None)
    if any(key not in kept for key in questions):
        return replace(before, answers=kept, finished_at=None, finished_by="")
    finished_at, finished_by = before.finished_at or now, before.finished_by or by
    return replace(before, answers=kept, finished_at=finished_at, finished_by=finished_by)
