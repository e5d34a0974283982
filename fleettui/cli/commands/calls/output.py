"""fleettui calls: a call as JSON and as text."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fleettui.cli.output import iso, pick, print_json, warn
from fleettui.cli.parser import Context

if TYPE_CHECKING:
    from fleettui.domain.calls.leading import Leading
    from fleettui.domain.calls.model import Call
    from fleettui.domain.checklists.model import StepView

SIGNS = {"done": "x", "skipped": "-", "not applicable": "-", "stale": "~"}


def as_json(call: Call, context: Context, leading: Leading | None = None) -> dict[str, Any]:
    from fleettui.domain.calls.invites import changed_here
    from fleettui.domain.calls.stages import declined

    calls, zone = context.workspace.calls, context.workspace.zone
    view, texts = calls.view(call), calls.texts
    leaders = leading or calls.leading()
    return {
        **pick(call, "id", "title", "customer", "company"),
        "start": iso(call.start, zone),
        "end": iso(call.end, zone),
        "notes_title": texts.notes_title(call),
        "notes_heading": texts.notes_heading(call),
        **pick(view, "stage", "ready"),
        "declined": declined(call) or None,
        "prepare_from": iso(view.prepare_from, zone),
        "attendees": [
            pick(attendee, "email", "name", "status", "ours", "invited", "answered_before")
            for attendee in call.attendees
        ],
        "join_url": call.join_url,
        "steps": [row for top in view.steps for row in _step_rows(top, context, call)],
        "documents": [pick(document, "title", "url") for document in call.documents],
        **pick(call, "kind", "host", "account"),
        "host_away": leaders.is_away(call),
        "cover": leaders.cover(call) or None,
        "at_the_same_time": [other.id for other in leaders.overlapping(call)],
        "reaches_out": texts.reach_out(call),
        **pick(call, "ended", "ended_why", "moved_to", "moved_from", "follows"),
        "joined_at": iso(call.joined_at, zone),
        "missed_at": iso(call.missed_at, zone),
        "notes": call.notes,
        "next_steps": [
            {**pick(step, "key", "what", "owner", "due"), "done": step.done_at is not None}
            for step in call.next_steps
        ],
        "changed_here": list(changed_here(call)),
        "revision": call.rev,
    }


def _step_rows(step: StepView, context: Context, call: Call) -> list[dict[str, Any]]:
    """A group, then what is in it."""
    from fleettui.time.wording import countdown

    stale = call.stale.get(step.key, "") if step.state in ("todo", "unanswered") else ""
    mark = step.mark or (call.run.marks.get(step.key) if stale else None)
    row: dict[str, Any] = {
        "key": step.key,
        "label": step.label,
        "state": "stale" if stale else step.state,
        "why_not": stale or step.why_not,
        "rule": step.step.rule,
        "optional": step.optional,
    }
    if mark is not None:
        zone = context.workspace.zone
        row |= {"by": mark.by, "at": iso(mark.at, zone), "evidence": mark.evidence}
        row["age"] = countdown(mark.at, context.workspace.now())
    return [row, *(below for inner in step.steps for below in _step_rows(inner, context, call))]


def print_changed(
    options: argparse.Namespace, context: Context, call: Call, done: str = "", warnings: Sequence[str] = ()
) -> None:
    for warning in warnings:
        warn(warning)
    if options.json:
        print_json({**as_json(call, context), **({"warnings": warnings} if warnings else {})})
    elif done:
        print(f"{call.id}: {done}")
    else:
        _print_call(call, context)


def _leader_trouble(plain: dict[str, Any]) -> str:
    if plain["host_away"]:
        return f" (away; {plain['cover']} covers)" if plain["cover"] else " (away; nobody covers)"
    at_once = ", ".join(plain["at_the_same_time"])
    return f" (at the same time: {at_once})" if at_once else ""


def _print_call(call: Call, context: Context) -> None:
    from fleettui.time.wording import both_clocks, countdown

    workspace = context.workspace
    plain, about = as_json(call, context), workspace.calls.texts.context(call)
    ready = "ready" if plain["ready"] else "not ready"
    why = f": {plain['declined']}" if plain["declined"] else ""
    print(f"{call.id}  {call.title}  [{plain['stage']}, {ready}{why}]")
    print(
        f"  when      {both_clocks(call.start, about.theirs, about.ours)}, {countdown(call.start, workspace.now())}"
    )
    print(f"  notes     {plain['notes_title']}")
    print(f"  link      {call.join_url or 'not known'}")
    if plain["changed_here"]:
        print(f"  changed   {', '.join(plain['changed_here'])}, here by hand: the invite says otherwise")
    print(f"  leads     {call.host}{_leader_trouble(plain)}")
    if plain["reaches_out"]:
        print(f"  contact   {plain['reaches_out']}")
    for attendee in call.attendees:
        side = "ours" if attendee.ours else "theirs" if attendee.invited else "theirs, not invited"
        old = f", {attendee.old_answer}" if attendee.old_answer else ""
        print(f"  {attendee.status:<13} {attendee.shown} <{attendee.email}> ({side}{old})")
    for row in plain["steps"]:
        why = f"  ({row['why_not']})" if row["why_not"] else ""
        print(f"  [{SIGNS.get(row['state'], ' ')}] {row['key']:<20} {row['label']}{why}")
    for step in call.next_steps:
        print(
            f"  [{'x' if step.done_at else ' '}] next step {step.key}: {step.what} ({step.owner}, {step.due})"
        )
