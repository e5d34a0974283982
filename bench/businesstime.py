"""How many questions about business time a core answers in a second.

The floor is one bare conversion between time zones, timed in the same run, so that the ratio means the same on every machine.

    python -m bench.businesstime
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import resources

import msgspec

from fleettui.domain.tickets.sla import Calendars, SlaPolicy, debt_for
from fleettui.time.business import WEEKDAYS, Calendar, Hours

QUESTIONS = 20_000
WANTED_A_SECOND = 10_000
TEN_YEARS = timedelta(minutes=10 * 52 * 50 * 60)

Question = Callable[[datetime], object]


def per_second(question: Question, moments: list[datetime]) -> float:
    question(moments[0])  # what is laid out once is laid out before
    began = time.perf_counter()
    for moment in moments:
        question(moment)
    return len(moments) / (time.perf_counter() - began)


def main() -> None:
    hours = Hours(
        zone="America/Los_Angeles", open={weekday: [("06:00", "16:00")] for weekday in WEEKDAYS[:5]}
    )
    calendar = Calendar(hours)
    first, chance = datetime(2026, 1, 1, tzinfo=UTC), random.Random(1)
    moments = [first + timedelta(minutes=chance.randrange(365 * 1440)) for _ in range(QUESTIONS)]
    policy = msgspec.json.decode((resources.files("fleettui.data") / "sla.json").read_bytes(), type=SlaPolicy)
    calendars = Calendars.of(hours)
    questions: dict[str, Question] = {
        "add a minute": lambda at: calendar.add(at, timedelta(minutes=1)),
        "add four hours": lambda at: calendar.add(at, timedelta(hours=4)),
        "add ten years": lambda at: calendar.add(at, TEN_YEARS),
        "add a business day": lambda at: calendar.add_days(at, 1),
        "between, over ten years": lambda at: calendar.between(at, datetime(2036, 6, 1, tzinfo=UTC)),
        "next opening": calendar.next_opening,
        "a promise (Ultimate, P0)": lambda at: debt_for(policy, calendars, "Ultimate", "P0", at),
        "a promise (Premium, P3)": lambda at: debt_for(policy, calendars, "Premium", "P3", at),
        "four hours, explained": lambda at: calendar.forward(at, timedelta(hours=4)).trace(),
    }
    floor = per_second(lambda at: at.astimezone(calendar.zone), moments)
    print(f"{'floor: one zone conversion':28}{floor:12,.0f} a second")
    for name, question in questions.items():
        rate = per_second(question, moments)
        verdict = "" if rate >= WANTED_A_SECOND else "   TOO SLOW"
        print(f"{name:28}{rate:12,.0f} a second{floor / rate:8.1f} x the floor{verdict}")


if __name__ == "__main__":
    main()
