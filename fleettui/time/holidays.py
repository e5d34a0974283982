"""Holidays: from a policy that a team can edit to dates with names (SLA-13).

The days come from the `holidays` library. Loading it takes longer than the first screen may, so the one rule set that
most workspaces use travels with us as a table (data/holidays-us.json); the library is loaded only for other rule sets and
other years.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache

import msgspec

from fleettui import shipped
from fleettui.errors import FleettuiError, Refused, WrongUsage

# The rule set that data/holidays-us.json holds.
TABLED = ("US", "government", None)
USUAL_YEAR = 2026
"""For trying whether there are holidays: the library knows this year for every country."""


class AddedHoliday(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    date: date
    name: str


class HolidayPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A country's days off, observed days included, and what the team adds to them or takes away.

    Without a country there are only the team's own. `category` and `subdivision` are those of the `holidays` library.
    """

    rule: str = ""
    country: str | None = None
    category: str = "public"
    subdivision: str | None = None
    add: list[AddedHoliday] = []
    remove: list[date] = []

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """A country or a category that nobody knows, before the first day is asked for."""
        if self.country and (self.country, self.category, self.subdivision) != TABLED:
            try:
                resolve(self, [USUAL_YEAR])
            except FleettuiError as error:
                yield error.field, error.text


class _Table(msgspec.Struct, frozen=True):
    first_year: int
    last_year: int
    days: dict[date, str]


def resolve(policy: HolidayPolicy, years: Iterable[int]) -> dict[date, str]:
    """Every holiday of those years with its name, in order."""
    asked = sorted(set(years))
    days: dict[date, str] = {}
    if policy.country:
        for year in asked:
            days |= _official(policy.country, policy.category, policy.subdivision, year)
    days |= {added.date: added.name for added in policy.add if added.date.year in asked}
    return {day: days[day] for day in sorted(days) if day not in policy.remove}


def year_by_year(policy: HolidayPolicy) -> Callable[[int], Mapping[date, str]]:
    """The policy in the form that a Calendar asks it in: a year at a time, each worked out once."""
    return cache(lambda year: resolve(policy, (year,)))


@cache
def _official(country: str, category: str, subdivision: str | None, year: int) -> dict[date, str]:
    if (country, category, subdivision) == TABLED:
        table = _table()
        if table.first_year <= year <= table.last_year:
            return {day: name for day, name in table.days.items() if day.year == year}
    return from_library(country, category, subdivision, [year])


@cache
def _table() -> _Table:
    text = (shipped.DATA / "holidays-us.json").read_bytes()
    return msgspec.json.decode(text, type=_Table)


def from_library(
    country: str, category: str, subdivision: str | None, years: Iterable[int]
) -> dict[date, str]:
    import holidays  # late: it takes a tenth of a second to load

    asked = list(years)
    try:
        days = holidays.country_holidays(
            country, subdiv=subdivision, years=asked, categories=(category,), observed=True
        )
    except NotImplementedError:
        where = f"{country!r}" if subdivision is None else f"{country!r} with subdivision {subdivision!r}"
        raise WrongUsage(
            f"no holidays are known for {where}; write it like US or DE", field="country"
        ) from None
    except ValueError:
        known = ", ".join(holidays.country_holidays(country).supported_categories)
        raise WrongUsage(
            f"{country} has no holidays called {category!r}, but {known}", field="category"
        ) from None
    # Outside these years the library is silent, which would read as "a year without holidays".
    for year in asked:
        if not days.start_year <= year <= days.end_year:
            known = f"{days.start_year} to {days.end_year}"
            raise Refused(
                f"the holidays of {country} in {year} are not known, only those of {known}", field="country"
            )
    # An observed day may fall into a neighbouring year that was not asked for.
    return {day: name for day, name in sorted(days.items()) if day.year in asked}
