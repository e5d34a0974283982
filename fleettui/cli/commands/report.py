"""fleettui report: how a week of support went, as text, Markdown, JSON or CSV."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fleettui.cli import width
from fleettui.cli.output import local, pick, print_json, print_table
from fleettui.cli.parser import Context, Subcommands, day_of
from fleettui.domain.calls.weekly import WeekCall, counts, counts_in_words
from fleettui.domain.tickets.report import Attainment, Breach, WeekReport
from fleettui.errors import WrongUsage
from fleettui.time.wording import BUSINESS_HOURS, span
from fleettui.workspace.reports import department_words, unanswered_words
from fleettui.workspace.rituals.actions import RitualWeek

FORMATS = ("text", "md", "json", "csv")
Table = tuple[str, tuple[str, ...], Sequence[Sequence[str]]]
"""A heading, the columns, the rows."""
Figures = Sequence[tuple[str, str]]
"""Each figure with its name."""


def arguments(parser: argparse.ArgumentParser) -> None:
    week = Subcommands(parser).add("week", _week, "Monday to Sunday", reads=True)
    week.add_argument("--of", metavar="DATE", help="any day of that week; without it: this one")
    week.add_argument("--format", choices=FORMATS, default="text")


def _week(options: argparse.Namespace, context: Context) -> None:
    day = day_of(options.of, "--of", context)
    if day is not None and not 1900 < day.year < 2200:
        raise WrongUsage(f"the year {day.year} is too far away", field="--of")
    report, zone = context.workspace.reports.week(day), context.workspace.zone
    rituals = context.workspace.rituals.week(report.first)
    department = context.workspace.reports.week(day, department=True)
    calls = context.workspace.reports.calls(report.first)
    chosen = "json" if options.json else options.format
    if chosen == "json":
        print_json(
            {
                **as_json(report, zone),
                "department": _department_as_json(department),
                "calls": _calls_as_json(calls, zone),
                "rituals": [_ritual_as_json(week) for week in rituals],
            }
        )
    elif chosen == "csv":
        _print_csv(report, rituals, calls, zone)
    else:
        tables = [*_tables(report, zone), _call_table(calls, zone), _ritual_table(rituals)]
        figures = [*_figures(report)]
        words = department_words(department)
        figures += [("to the department", words)] if words else []
        held = counts_in_words(calls)
        figures += [("calls", held)] if held else []
        (_print_markdown if chosen == "md" else _print_text)(report, figures, tables)


def _ritual_as_json(week: RitualWeek) -> dict[str, Any]:
    return {
        **pick(week.ritual, "id", "name", "dri"),
        "outcomes": {outcome: week.count(outcome) for outcome in dict.fromkeys(week.outcomes)},
        "by": week.by,
    }


def _calls_as_json(calls: list[WeekCall], zone: ZoneInfo) -> dict[str, Any]:
    rows = [
        {**pick(call, *WeekCall.__struct_fields__), "start": call.start.astimezone(zone)} for call in calls
    ]
    return {**{outcome.replace(" ", "_"): count for outcome, count in counts(calls).items()}, "list": rows}


def _call_table(calls: list[WeekCall], zone: ZoneInfo) -> Table:
    rows = [
        (
            call.id,
            f"{call.customer} ({call.company})",
            _at(call.start, zone),
            call.host,
            call.outcome,
            call.why,
        )
        for call in calls
    ]
    return "Calls", ("CALL", "CUSTOMER", "WHEN", "LEADS", "OUTCOME", "WHY"), rows


def _ritual_table(weeks: list[RitualWeek]) -> Table:
    rows = [(week.ritual.name, week.ritual.dri, _outcomes(week), ", ".join(week.by)) for week in weeks]
    return "Rituals", ("RITUAL", "DRI", "HOW IT WENT", "BY"), rows


def _outcomes(week: RitualWeek) -> str:
    return ", ".join(f"{week.count(outcome)} {outcome}" for outcome in dict.fromkeys(week.outcomes))


def as_json(report: WeekReport, zone: ZoneInfo) -> dict[str, Any]:
    """Spans in minutes."""
    work = report.still_open
    return {
        **pick(report, "week", "first", "last", "arrivals", "messages", "answers", "resolved"),
        "resolved_unanswered": {
            "in_time": report.resolved_unanswered - report.resolved_unanswered_late,
            "late": report.resolved_unanswered_late,
        },
        **pick(report, "in_time", "late"),
        "attainment": report.share,
        "median_minutes": _minutes(report.median),
        "worst_minutes": _minutes(report.worst),
        "worst_ticket": report.worst_ticket or None,
        "by_tier_and_priority": [_row(row) for row in report.attainment],
        "breaches": [_breach(breach, zone) for breach in report.breaches],
        "open": {
            **pick(work, "open", "owed", "waiting", "snoozed"),
            "median_age_minutes": _minutes(work.median_age),
            "oldest_age_minutes": _minutes(work.oldest_age),
            "oldest": work.oldest or None,
        },
        **pick(report, "by_hour", "by_weekday"),
    }


def _department_as_json(report: WeekReport) -> dict[str, Any]:
    return {
        **pick(report, "arrivals", "answers", "resolved", "in_time", "late"),
        "open": report.still_open.open,
    }


def _row(row: Attainment) -> dict[str, Any]:
    return {
        **pick(row, "tier", "priority", "in_time", "late"),
        "attainment": row.share,
        "median_minutes": _minutes(row.median),
        "worst_minutes": _minutes(row.worst),
    }


def _breach(breach: Breach, zone: ZoneInfo) -> dict[str, Any]:
    return {
        **pick(breach, "ticket", "customer", "tier", "priority", "rule"),
        "since": breach.since.astimezone(zone),
        "due": breach.due.astimezone(zone),
        "answered": local(breach.answered, zone),
        "resolved": local(breach.resolved, zone),
        "by": breach.by or None,
        "over_minutes": _minutes(breach.over),
        "reasons": breach.reasons,
    }


def _minutes(amount: timedelta | None) -> float | None:
    return None if amount is None else round(amount / timedelta(minutes=1), 1)


# Text and Markdown


def _figures(report: WeekReport) -> Iterator[tuple[str, str]]:
    work = report.still_open
    yield "tickets that came", str(report.arrivals)
    yield "customers' messages", str(report.messages)
    yield "answers", str(report.answers)
    dropped = f" ({unanswered_words(report)})" if report.resolved_unanswered else ""
    yield "resolved", f"{report.resolved}{dropped}"
    yield "promises kept", f"{report.in_time} of {report.in_time + report.late}{_share(report.share)}"
    if report.median is not None and report.worst is not None:
        yield "median response", f"{_span(report.median)} of business time"
        yield "worst response", f"{_span(report.worst)} of business time ({report.worst_ticket})"
    yield "open", f"{work.open} ({work.owed} owed, {work.waiting} waiting, {work.snoozed} snoozed)"
    if work.median_age is not None and work.oldest_age is not None:
        yield (
            "age of open ones",
            f"median {_span(work.median_age)}, oldest {_span(work.oldest_age)} ({work.oldest})",
        )


def _tables(report: WeekReport, zone: ZoneInfo) -> Iterator[Table]:
    kinds = [
        (row.tier, row.priority, str(row.in_time), str(row.late), _share(row.share).strip(" ()"),
         _span(row.median), _span(row.worst))
        for row in report.attainment
    ]  # fmt: skip
    yield "Promises", ("TIER", "PRIORITY", "IN TIME", "LATE", "KEPT", "MEDIAN", "WORST"), kinds
    late = [
        (row.ticket, row.customer, f"{row.tier} {row.priority}", _at(row.due, zone), _span(row.over), "; ".join(row.reasons))
        for row in report.breaches
    ]  # fmt: skip
    yield "Late", ("TICKET", "CUSTOMER", "PROMISE", "WAS DUE", "OVER", "WHY"), late


def _share(share: float | None) -> str:
    return "" if share is None else f" ({share:.0%})"


def _span(amount: timedelta | None) -> str:
    return "" if amount is None else span(amount, BUSINESS_HOURS)


def _at(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %d %b %H:%M}"


def _print_text(report: WeekReport, figures: Figures, tables: Sequence[Table]) -> None:
    room = width.there_is()
    width.print_wrapped(f"Support, {report.first} to {report.last} ({report.week})", room)
    for name, figure in figures:
        width.print_wrapped(f"  {name:<20}{figure}", room, " " * 22)
    for title, columns, rows in tables:
        if rows:
            print(f"\n{title}:")
            print_table(columns, rows)


def _print_markdown(report: WeekReport, figures: Figures, tables: Sequence[Table]) -> None:
    print(f"# Support, {report.first} to {report.last} ({report.week})\n")
    for name, figure in figures:
        print(f"- {name}: {_escaped(figure)}")
    for title, columns, rows in tables:
        if rows:
            print(f"\n## {title}\n")
            print(_line([column.capitalize() for column in columns]))
            print(_line(["---"] * len(columns)))
            for row in rows:
                print(_line([_escaped(cell) for cell in row]))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """What a customer is called must not become markup."""
    for sign in "\\|`*_[]<>":
        text = text.replace(sign, f"\\{sign}")
    return text


def _print_csv(report: WeekReport, rituals: list[RitualWeek], calls: list[WeekCall], zone: ZoneInfo) -> None:
    """One row for the whole week, one for each tier and priority, breach, call and ritual: `kind` tells them apart."""
    import csv
    import sys

    from fleettui.text.cleaning import csv_cell

    columns = (
        "week", "kind", "tier", "priority", "arrivals", "answers", "in_time", "late", "median_minutes",
        "worst_minutes", "id", "customer", "since", "due", "answered", "over_minutes", "reasons",
    )  # fmt: skip
    writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n", restval="")
    writer.writeheader()
    whole = as_json(report, zone)
    rows = [{"kind": "week", **whole}]
    rows += [{"kind": "promise", **row} for row in whole["by_tier_and_priority"]]
    rows += [
        {"kind": "breach", **row, "id": row["ticket"], "reasons": "; ".join(row["reasons"])}
        for row in whole["breaches"]
    ]
    rows += [
        {"kind": "call", **row, "customer": f"{row['customer']} ({row['company']})", "since": row["start"],
         "reasons": "; ".join(filter(None, (row["outcome"], row["why"])))}
        for row in _calls_as_json(calls, zone)["list"]
    ]  # fmt: skip
    rows += [
        {"kind": "ritual", "id": week.ritual.id, "reasons": f"{week.ritual.name}: {_outcomes(week)}"}
        for week in rituals
    ]
    for row in rows:
        kept = {name: row[name] for name in columns if row.get(name) is not None}
        cells = {
            name: csv_cell(value.isoformat() if isinstance(value, datetime) else str(value))
            for name, value in kept.items()
        }
        writer.writerow({**cells, "week": report.week})
