"""SLA-13: federal holidays with their observed days, and what a team makes of them."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from importlib import resources

import msgspec
import pytest

from fleettui.errors import Refused, WrongUsage
from fleettui.time.business import WEEKDAYS, Calendar, Hours
from fleettui.time.holidays import TABLED, AddedHoliday, HolidayPolicy, from_library, resolve, year_by_year

SEED = msgspec.json.decode(
    resources.files("fleettui.data").joinpath("holidays.json").read_bytes(), type=HolidayPolicy
)

# Written by hand from the published rules: 1 January; third Mondays of January and February; last Monday of May; 19 June;
# 4 July; first Monday of September; second of October; 11 November; fourth Thursday of November; 25 December. What falls on a
# Saturday is observed the Friday before, on a Sunday the Monday after: "19/18" is the day and the day observed.
FEDERAL = """
      jan     jan feb may jun    jul  sep oct nov    nov dec    dec
2021  1       18  15  31  19/18  4/5  6   11  11     25  25/24  31
2022  1       17  21  30  19/20  4    5   10  11     24  25/26  -
2023  1/2     16  20  29  19     4    4   9   11/10  23  25     -
2024  1       15  19  27  19     4    2   14  11     28  25     -
2025  1       20  17  26  19     4    1   13  11     27  25     -
2026  1       19  16  25  19     4/3  7   12  11     26  25     -
2027  1       18  15  31  19/18  4/5  6   11  11     25  25/24  31
2028  1       17  21  29  19     4    4   9   11/10  23  25     -
2029  1       15  19  28  19     4    3   8   11/12  22  25     -
2030  1       21  18  27  19     4    2   14  11     28  25     -
"""
MONTHS = (1, 1, 2, 5, 6, 7, 9, 10, 11, 11, 12, 12)


def by_hand(line: str) -> list[date]:
    year, *cells = line.split()
    days = [
        date(int(year), month, int(day))
        for month, cell in zip(MONTHS, cells, strict=True)
        for day in cell.split("/")
        if day != "-"
    ]
    return sorted(days)


@pytest.mark.parametrize("line", FEDERAL.strip().splitlines()[1:], ids=lambda line: line.split()[0])
def test_sla_13_federal_holidays_by_hand(line: str) -> None:
    assert list(resolve(SEED, [int(line.split()[0])])) == by_hand(line)


def test_the_table_that_travels_with_us_is_what_the_library_says() -> None:
    years = range(2015, 2046)
    closings_kept = msgspec.structs.replace(SEED, remove=[])
    assert resolve(closings_kept, years) == from_library(*TABLED, years)


def test_the_library_is_loaded_only_for_what_the_table_lacks() -> None:
    script = """
import sys
from fleettui.time.holidays import HolidayPolicy, resolve
resolve(HolidayPolicy(country="US", category="government"), range(2015, 2046))
assert "holidays" not in sys.modules
assert resolve(HolidayPolicy(country="US", category="government"), [2050])
assert "holidays" in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_team_adds_and_removes() -> None:
    policy = HolidayPolicy(
        country="US",
        category="government",
        add=[AddedHoliday(date=date(2026, 11, 27), name="The day after")],
        remove=[date(2026, 10, 12)],
    )
    days = resolve(policy, [2026])
    assert days[date(2026, 11, 27)] == "The day after"
    assert date(2026, 10, 12) not in days
    assert days[date(2026, 7, 3)] == "Independence Day (observed)"
    assert date(2026, 11, 27) not in resolve(policy, [2027])


def test_another_country_or_none() -> None:
    bavaria = HolidayPolicy(country="DE", category="public", subdivision="BY")
    assert date(2026, 1, 6) in resolve(bavaria, [2026])
    assert date(2026, 1, 6) not in resolve(HolidayPolicy(country="DE"), [2026])
    own = HolidayPolicy(add=[AddedHoliday(date=date(2026, 5, 4), name="Founders' Day")])
    assert resolve(own, [2026, 2027]) == {date(2026, 5, 4): "Founders' Day"}


def test_a_calendar_asks_year_by_year() -> None:
    hours = Hours(
        zone="America/Los_Angeles", open={weekday: [("06:00", "16:00")] for weekday in WEEKDAYS[:5]}
    )
    calendar = Calendar(hours, year_by_year(SEED))
    # New Year's Day 2028 is a Saturday, so Friday, 31 December 2027, is off.
    assert not calendar.is_business_day(date(2027, 12, 31))
    assert not calendar.is_business_day(date(2026, 7, 3))
    assert calendar.is_business_day(date(2026, 7, 2))


@pytest.mark.parametrize(
    ("policy", "error", "message"),
    [
        (HolidayPolicy(country="Atlantis"), WrongUsage, "country: no holidays are known for 'Atlantis'"),
        (
            HolidayPolicy(country="DE", subdivision="Q"),
            WrongUsage,
            "country: no holidays are known for 'DE' with",
        ),
        (
            HolidayPolicy(country="DE", category="fun"),
            WrongUsage,
            "category: DE has no holidays called 'fun', but",
        ),
    ],
)
def test_a_rule_set_that_does_not_exist(policy: HolidayPolicy, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        resolve(policy, [2026])
    assert message in str(caught.value)


def test_years_of_which_nothing_is_known_are_not_years_without_holidays() -> None:
    with pytest.raises(Refused, match="country: the holidays of US in 2150 are not known"):
        resolve(SEED, [2150])
