"""fleettui sla: what is promised, and when an answer is due."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fleettui.cli.output import local, pick, print_json, print_table, print_trace, trace_as_json
from fleettui.cli.parser import PRIORITIES_HELP, Context, Subcommands, instant
from fleettui.domain.customers.policy import Emergency
from fleettui.domain.tickets import sla
from fleettui.time.business import hours_in_words


def arguments(parser: argparse.ArgumentParser) -> None:
    subcommands = Subcommands(parser)
    subcommands.add("table", _table, "what is promised for each tier and priority", reads=True)
    due = subcommands.add("due", _due, "when an answer is due to what arrives at a time", reads=True)
    due.add_argument("--tier", required=True, help="such as Premium")
    due.add_argument("--priority", required=True, help=f"its key or name; {PRIORITIES_HELP}")
    due.add_argument("--customer", metavar="C", help="who may have opening hours of their own (SLA-17)")
    due.add_argument("--at", required=True, metavar="TIME", help="when the customer's message arrived")
    due.add_argument("--explain", action="store_true", help="what counted on the way, and what did not")


def _table(options: argparse.Namespace, context: Context) -> None:
    policy = context.workspace.handbook.sla
    emergency = context.workspace.handbook.channels.emergency
    promises = [_promise_row(policy, row, emergency) for row in policy.commitments]
    targets = [_target_row(target) for target in policy.internal]
    hours = [_hours_row(own) for own in policy.hours]
    if options.json:
        print_json(promises + targets + hours)
        return
    _print("Promised", promises, ("rule", "tier", "priority", "name", "response", "how"))
    print("\nWhat the priorities mean (SLA-10):")
    for line in sla.meanings(policy):
        print(f"  {line}")
    if targets:
        print()
        _print("Our own targets, not promised", targets, ("rule", "name", "response", "how"))
    if hours:
        print()
        _print("Opening hours of their own", hours, ("name", "how"))


def _print(title: str, rows: list[dict[str, Any]], columns: tuple[str, ...]) -> None:
    print(f"{title}:")
    print_table([column.upper() for column in columns], [[row[column] for column in columns] for row in rows])


def _promise_row(policy: sla.SlaPolicy, row: sla.Commitment, emergency: Emergency) -> dict[str, Any]:
    """The row, with the priority's name and the ways in beside it; a row for any priority has its contact."""
    any_priority = row.priority == sla.ANY
    ways = list(filter(None, [row.contact]))
    if not any_priority:
        ways = [emergency.named(way) for way in sla.ways_in(policy, row.tier, row.priority)]
    return {
        "kind": "promise",
        **_measure(row),
        **pick(row, "tier", "priority"),
        "name": "" if any_priority else sla.priority_named(policy, row.priority).name,
        "meaning": None if any_priority else sla.priority_named(policy, row.priority).meaning,
        "ways": ways,
        "how": ", ".join(ways),
    }


def _target_row(target: sla.InternalTarget) -> dict[str, Any]:
    return {"kind": "internal", **_measure(target), **pick(target, "key", "name"), "how": target.note}


def _hours_row(own: sla.OwnHours) -> dict[str, Any]:
    """SLA-17."""
    days = hours_in_words(own) if own.holidays else f"{hours_in_words(own)}, also on holidays"
    return {
        "kind": "hours",
        **pick(own, "rule", "tiers", "customers", "zone", "open", "holidays"),
        "name": ", ".join((*own.tiers, *own.customers)),
        "how": days,
    }


def _measure(row: sla.Measure) -> dict[str, Any]:
    return {
        "rule": row.rule,
        "response": sla.in_words(row),
        **pick(row, "clock", "due", "due_out_of_hours", "aim"),
    }


def _due(options: argparse.Namespace, context: Context) -> None:
    workspace = context.workspace
    handbook, zone = workspace.handbook, workspace.zone
    since = instant(options.at, "--at", context)
    tier = sla.tier_named(handbook.sla, options.tier)
    chosen = sla.priority_named(handbook.sla, options.priority)
    priority = chosen.key
    customer = workspace.customers.find(options.customer) if options.customer else None
    whose = (customer.id, customer.name, customer.codename) if customer else ()
    owed = sla.debt_for(handbook.sla, handbook.calendars, tier, priority, since, whose)
    if options.json:
        trace = {"trace": trace_as_json(owed.trace(), zone)} if options.explain else {}
        named = {"meaning": chosen.meaning, **({"customer": customer.id} if customer else {})}
        print_json({"tier": tier, "priority": priority, **named, **_as_json(owed, zone), **trace})
        return
    print(f"{tier} {priority}: {_in_words(owed, zone)}")
    if options.explain:
        print(*sla.meanings(handbook.sla, priority))
    if owed.due is None:
        print(f"Contact: {', '.join(sla.ways_in(handbook.sla, tier, priority))}")
    elif options.explain:
        print_trace(owed.trace(), zone)


def _as_json(owed: sla.Debt, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "rule": owed.rule,
        "since": owed.since.astimezone(zone),
        "due": local(owed.due, zone),
        "target": local(owed.target, zone),
        **pick(owed, "clock", "reason"),
    }


def _in_words(owed: sla.Debt, zone: ZoneInfo) -> str:
    if owed.due is None:
        return f"{owed.reason} ({owed.rule})" if owed.rule else owed.reason
    why = f"{owed.rule}: {owed.reason}".lstrip(": ")
    aim = f"aim for {_shown(owed.target, zone)}, " if owed.target else ""
    return f"{aim}due {_shown(owed.due, zone)} ({why})"


def _shown(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M %Z}"
