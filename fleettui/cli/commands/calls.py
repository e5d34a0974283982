"""fleettui calls: what prepares a customer call, what is done when nobody comes, and what follows."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fleettui.cli.parser import Context, Subcommands, assignments, body_text, print_json, print_table
from fleettui.errors import Refused, WrongUsage

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Call
    from fleettui.domain.checklists.model import StepView
    from fleettui.network.link_check import Answer

SIGNS = {"done": "x", "skipped": "-", "not applicable": "-", "stale": "~"}


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = Subcommands(parser)
    listing = verbs.add("list", _list, "those to come, by time")
    listing.add_argument("--past", action="store_true", help="those that are over, and how they ended")
    listing.add_argument("--all", action="store_true", help="both")
    listing.add_argument("--mine", action="store_true", help="only those that I lead")
    _new_arguments(verbs.add("new", _new, "plan one by hand"))
    importing = verbs.add(
        "import", _import, "take in a calendar file: invites, updates, answers, cancellations"
    )
    importing.add_argument("file", metavar="FILE.ics", help="- for standard input")
    _with_id(verbs.add("show", _show, "one of them, with its steps"))
    editing = _with_id(verbs.add("edit", _edit, "change what is known"))
    editing.add_argument("fields", nargs="+", metavar="FIELD=VALUE")
    _step_arguments(verbs)
    _with_id(verbs.add("joined", _joined, "the customer is there"))
    _with_id(verbs.add("missed", _missed, "nobody there: opens the ladder of what to try"))
    slots = _with_id(verbs.add("slots", _slots, "two to three other times, in both zones"))
    slots.add_argument(
        "--ics", metavar="FILE", help="write them as a calendar file to attach; - for standard output"
    )
    done = _with_id(verbs.add("done", _done, "it is over"))
    done.add_argument("--why", default="", help="how it went, in a line")
    done.add_argument("--notes", default="", help="the notes; - for standard input")
    done.add_argument(
        "--next", action="append", default=[], metavar="WHAT|OWNER|DAY", help="a next step; several"
    )
    cancel = _with_id(verbs.add("cancel", _cancel, "it will not take place"))
    cancel.add_argument("--why", default="")
    following = _with_id(verbs.add("next", _next, "write down a next step, or tick one"))
    following.add_argument("--what", help="what is to be done")
    following.add_argument("--owner", help="a login, or whoever of theirs")
    following.add_argument("--due", help="friday, tomorrow, 2026-03-12")
    following.add_argument("--done", metavar="NUMBER", help="this one is done")


def _with_id(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("id", metavar="ID", help="the call's id, or its customer")
    return parser


def _new_arguments(adding: argparse.ArgumentParser) -> None:
    adding.add_argument("--customer", required=True, help="one of the list, or any company")
    adding.add_argument("--start", required=True, help="tomorrow 10:00, fri 9:30, or ISO 8601")
    adding.add_argument("--minutes", help="how long")
    adding.add_argument("--title", help="what it is called")
    adding.add_argument("--name", help="the person, as the notes are called")
    adding.add_argument("--kind", default="", help="customer, handoff, kick-off, check-in")
    adding.add_argument("--attendee", action="append", default=[], metavar="E-MAIL", help="several")
    adding.add_argument("--link", help="the video link")
    adding.add_argument("--host", help="who of us leads it")


def _step_arguments(verbs: Subcommands) -> None:
    checking = _with_id(
        verbs.add("check", _check, "tick a step; the link and documents are tried, unless evidence is given")
    )
    checking.add_argument("step", metavar="STEP")
    checking.add_argument("--evidence", default="", help="what proves it")
    back = _with_id(verbs.add("uncheck", _uncheck, "take a tick back"))
    back.add_argument("step", metavar="STEP")
    skipping = _with_id(verbs.add("skip", _skip, "leave a step out"))
    skipping.add_argument("step", metavar="STEP")
    skipping.add_argument("--why", required=True)
    answering = _with_id(verbs.add("answer", _answer, "say what the product cannot know, like agenda yes"))
    answering.add_argument("fact", metavar="QUESTION")
    answering.add_argument("value", metavar="ANSWER")
    attaching = _with_id(verbs.add("attach", _attach, "a document for the agenda"))
    attaching.add_argument("url", metavar="LINK")
    attaching.add_argument("--title", default="")
    text = _with_id(verbs.add("text", _text, "what a step has to send or copy"))
    text.add_argument("step", metavar="STEP")


# Showing


def _list(asked: argparse.Namespace, context: Context) -> None:
    calls = context.workspace.calls
    found = [] if asked.past else calls.all()
    if asked.past or asked.all:
        found = [*found, *calls.all(past=True)]
    if asked.mine:
        found = [one for one in found if one.host == context.workspace.me.login]
    if asked.json:
        print_json([_plain(one, context) for one in found])
        return
    print_table(("ID", "WHEN", "CUSTOMER", "", "STAGE", "READY"), [_row(one, context) for one in found])


def _row(call: Call, context: Context) -> tuple[str, ...]:
    from fleettui.domain.calls.wording import countdown

    workspace = context.workspace
    view = workspace.calls.view(call)
    start = call.start.astimezone(workspace.zone)
    until = call.ended or countdown(call.start, workspace.now())
    ready = "" if call.over else "yes" if view.ready else "no"
    return (call.id, f"{start:%Y-%m-%d %H:%M}", f"{call.customer} ({call.company})", until, view.stage, ready)


def _plain(call: Call, context: Context) -> dict[str, Any]:
    workspace = context.workspace
    view, zone = workspace.calls.view(call), workspace.zone

    def at(moment: datetime | None) -> str | None:
        return moment.astimezone(zone).isoformat() if moment else None

    return {
        "id": call.id,
        "title": call.title,
        "customer": call.customer,
        "company": call.company,
        "start": at(call.start),
        "end": at(call.end),
        "notes_title": workspace.calls.notes_title(call),
        "notes_heading": workspace.calls.notes_heading(call),
        "stage": view.stage,
        "ready": view.ready,
        "prepare_from": at(view.prepare_from),
        "attendees": [
            {
                "email": one.email,
                "name": one.name,
                "status": one.status,
                "ours": one.ours,
                "invited": one.invited,
            }
            for one in call.attendees
        ],
        "join_url": call.join_url,
        "steps": [row for top in view.steps for row in _step_rows(top, context, call)],
        "documents": [{"title": one.title, "url": one.url} for one in call.documents],
        "kind": call.kind,
        "host": call.host,
        "account": call.account,
        "reaches_out": workspace.calls.reach_out_words(call),
        "ended": call.ended,
        "ended_why": call.ended_why,
        "moved_to": call.moved_to,
        "joined_at": at(call.joined_at),
        "missed_at": at(call.missed_at),
        "notes": call.notes,
        "next_steps": [
            {
                "key": one.key,
                "what": one.what,
                "owner": one.owner,
                "due": one.due.isoformat(),
                "done": one.done_at is not None,
            }
            for one in call.next_steps
        ],
        "revision": call.rev,
    }


def _step_rows(step: StepView, context: Context, call: Call) -> list[dict[str, Any]]:
    """A group, then what is in it."""
    stale = call.stale.get(step.key, "") if step.state in ("todo", "unanswered") else ""
    from fleettui.domain.calls.wording import countdown

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
        row |= {"by": mark.by, "at": mark.at.astimezone(zone).isoformat(), "evidence": mark.evidence}
        row["age"] = countdown(mark.at, context.workspace.now())
    return [row, *(inner for one in step.steps for inner in _step_rows(one, context, call))]


def _show(asked: argparse.Namespace, context: Context) -> None:
    _tell(asked, context, context.workspace.calls.find(asked.id))


def _tell(asked: argparse.Namespace, context: Context, call: Call, said: str = "") -> None:
    if asked.json:
        print_json(_plain(call, context))
    elif said:
        print(f"{call.id}: {said}")
    else:
        _print_call(call, context)


def _print_call(call: Call, context: Context) -> None:
    from fleettui.domain.calls.wording import both_clocks, countdown

    workspace = context.workspace
    plain, about = _plain(call, context), workspace.calls.about(call)
    print(f"{call.id}  {call.title}  [{plain['stage']}, {'ready' if plain['ready'] else 'not ready'}]")
    print(
        f"  when      {both_clocks(call.start, about.theirs, about.ours)}, {countdown(call.start, workspace.now())}"
    )
    print(f"  notes     {plain['notes_title']}")
    print(f"  link      {call.join_url or 'not known'}")
    print(f"  leads     {call.host}")
    if plain["reaches_out"]:
        print(f"  contact   {plain['reaches_out']}")
    for one in call.attendees:
        side = "ours" if one.ours else "theirs" if one.invited else "theirs, not invited"
        print(f"  {one.status:<13} {one.shown} <{one.email}> ({side})")
    for row in plain["steps"]:
        why = f"  ({row['why_not']})" if row["why_not"] else ""
        print(f"  [{SIGNS.get(row['state'], ' ')}] {row['key']:<20} {row['label']}{why}")
    for step in call.next_steps:
        print(
            f"  [{'x' if step.done_at else ' '}] next step {step.key}: {step.what} ({step.owner}, {step.due})"
        )


# Making and changing


def _time(said: str, field: str, context: Context) -> datetime:
    from fleettui.time.typed import a_time

    return a_time(said, field, context.workspace.now(), context.workspace.zone)


def _new(asked: argparse.Namespace, context: Context) -> None:
    given = {"title": asked.title, "customer": asked.name, "join_url": asked.link, "host": asked.host}
    fields = {field: value for field, value in given.items() if value}
    call = context.workspace.calls.new(
        asked.customer,
        _time(asked.start, "start", context),
        minutes=asked.minutes,
        kind=asked.kind,
        attendees=asked.attendee,
        fields=fields,
    )
    _tell(asked, context, call, "planned")


def _edit(asked: argparse.Namespace, context: Context) -> None:
    calls = context.workspace.calls
    fields: dict[str, Any] = assignments(asked.fields)
    if "start" in fields:
        fields["start"] = _time(fields["start"], "start", context)
    _tell(asked, context, calls.edit(calls.find(asked.id).id, fields), "changed")


def _import(asked: argparse.Namespace, context: Context) -> None:
    imported = context.workspace.calls.import_file(_content(asked.file))
    if asked.json:
        print_json(imported)
        return
    for line in imported.lines:
        print(
            f"{line.call or '-':<10} {line.result:<12} {line.title}" + (f": {line.why}" if line.why else "")
        )
    for problem in imported.problems:
        print(f"{'-':<10} {'not read':<12} {problem}")


def _content(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise WrongUsage(f"{file}: cannot be read: {error.strerror}") from None


def _attach(asked: argparse.Namespace, context: Context) -> None:
    calls = context.workspace.calls
    _tell(asked, context, calls.attach(calls.find(asked.id).id, asked.url, asked.title), "attached")


# Steps


def _check(asked: argparse.Namespace, context: Context) -> None:
    from fleettui.workspace.calls.actions import LINK_STEP, OPEN_STEP

    calls = context.workspace.calls
    id_ = calls.find(asked.id).id
    if asked.step in (LINK_STEP, OPEN_STEP) and not asked.evidence:
        _tried(asked, [calls.test_link(id_)] if asked.step == LINK_STEP else calls.test_documents(id_))
    else:
        calls.check(id_, asked.step, asked.evidence)
    _tell(asked, context, calls.find(id_), f"{asked.step} is done")


def _tried(asked: argparse.Namespace, answers: list[Answer]) -> None:
    bad = next((one for one in answers if not one.works), None)
    if bad is not None:
        raise Refused(f"{bad.url}: {bad.told}; to tick it by hand: --evidence TEXT")
    if not asked.json:
        for one in answers:
            print(f"{one.url}: {one.told}")


def _uncheck(asked: argparse.Namespace, context: Context) -> None:
    calls = context.workspace.calls
    _tell(asked, context, calls.uncheck(calls.find(asked.id).id, asked.step), f"{asked.step} is open again")


def _skip(asked: argparse.Namespace, context: Context) -> None:
    calls = context.workspace.calls
    _tell(
        asked,
        context,
        calls.skip(calls.find(asked.id).id, asked.step, asked.why),
        f"{asked.step} is left out",
    )


def _answer(asked: argparse.Namespace, context: Context) -> None:
    calls = context.workspace.calls
    _tell(asked, context, calls.answer(calls.find(asked.id).id, asked.fact, asked.value), "noted")


def _text(asked: argparse.Namespace, context: Context) -> None:
    calls = context.workspace.calls
    call = calls.find(asked.id)
    said = calls.text_of(call, asked.step)
    if not said:
        raise Refused(f"{asked.step}: this step has no text")
    if asked.json:
        print_json({"text": said})
    else:
        print(said)


# What happens


def _joined(asked: argparse.Namespace, context: Context) -> None:
    calls = context.workspace.calls
    _tell(asked, context, calls.joined(calls.find(asked.id).id), "the customer is there")


def _missed(asked: argparse.Namespace, context: Context) -> None:
    calls = context.workspace.calls
    call = calls.missed(calls.find(asked.id).id)
    _tell(asked, context, call, context.workspace.handbook.calls.etiquette.text)
    if asked.json:
        return
    for rung in calls.ladder(call):
        why = f"  ({rung.why_not})" if rung.why_not else f"  {rung.to}"
        print(f"  [{SIGNS.get(rung.state, ' ')}] {rung.key:<18} {rung.label}{why}")


def _slots(asked: argparse.Namespace, context: Context) -> None:
    calls = context.workspace.calls
    call = calls.find(asked.id)
    if asked.ics:
        _write(asked.ics, calls.slots_file(call))
        if asked.ics == "-":
            return
    proposal = calls.slots(call)
    words = calls.slot_words(call, proposal)
    about = calls.about(call)
    if asked.json:
        rows = [
            {
                "start": one.start.astimezone(about.ours).isoformat(),
                "end": one.end.astimezone(about.ours).isoformat(),
                "theirs": one.start.astimezone(about.theirs).isoformat(),
                "zone": about.theirs.key,
                "minutes_outside": one.outside,
                "words": said,
            }
            for one, said in zip(proposal.slots, words, strict=True)
        ]
        print_json({"slots": rows, "note": proposal.note})
        return
    if proposal.note:
        print(proposal.note)
    for number, said in enumerate(words, 1):
        print(f"{number}. {said}")


def _write(file: str, content: bytes) -> None:
    if file == "-":
        sys.stdout.buffer.write(content)
        return
    try:
        Path(file).write_bytes(content)
    except OSError as error:
        raise Refused(f"{file}: cannot be written: {error.strerror}") from None


def _done(asked: argparse.Namespace, context: Context) -> None:
    calls = context.workspace.calls
    steps = tuple(_next_step(said, context) for said in asked.next)
    notes = body_text(asked.notes) if asked.notes else ""
    call = calls.done(calls.find(asked.id).id, why=asked.why, notes=notes, next_steps=steps)
    missing = (
        "" if call.next_steps or call.ended == "missed" else "; write down the next steps with `calls next`"
    )
    _tell(asked, context, call, f"{call.ended}{missing}")


def _next_step(said: str, context: Context) -> tuple[str, str, Any]:
    from fleettui.time.typed import a_day

    parts = [part.strip() for part in said.split("|")]
    if len(parts) != 3:
        raise WrongUsage(f"{said!r}: write it like Send the quote|jonah|friday", field="--next")
    what, owner, due = parts
    return what, owner, a_day(due, "due", context.workspace.now(), context.workspace.zone)


def _cancel(asked: argparse.Namespace, context: Context) -> None:
    calls = context.workspace.calls
    _tell(asked, context, calls.cancel(calls.find(asked.id).id, asked.why), "cancelled")


def _next(asked: argparse.Namespace, context: Context) -> None:
    calls = context.workspace.calls
    id_ = calls.find(asked.id).id
    if asked.done:
        _tell(asked, context, calls.next_step_done(id_, asked.done), f"next step {asked.done} is done")
        return
    if not (asked.what and asked.owner and asked.due):
        raise WrongUsage("a next step needs --what, --owner and --due; or --done NUMBER")
    what, owner, due = _next_step(f"{asked.what.replace('|', '/')}|{asked.owner}|{asked.due}", context)
    _tell(asked, context, calls.agree(id_, what, owner, due), "written down")
