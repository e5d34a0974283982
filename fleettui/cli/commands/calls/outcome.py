"""fleettui calls: whether the customer comes, other times, how it ended, and what follows."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fleettui import named_files
from fleettui.cli.commands.calls.options import add_id, call_id, next_step
from fleettui.cli.commands.calls.output import SIGNS, print_changed
from fleettui.cli.output import iso, print_content, print_result
from fleettui.cli.parser import Context, Subcommands, body_text
from fleettui.errors import Refused, WrongUsage
from fleettui.time import typed as typed_times

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Call
    from fleettui.workspace.calls.rebooking import Rebooked


def add_outcome_commands(subcommands: Subcommands) -> None:
    add_id(subcommands.add("joined", _joined, "the customer is there"))
    missed = add_id(subcommands.add("missed", _missed, "nobody there: opens the ladder of what to try"))
    missed.add_argument(
        "--rebook", metavar="SLOT", help="and this is the new time: the number of a slot, or a time"
    )
    _add_invitation(missed)
    moved = add_id(subcommands.add("moved", _moved, "it did not take place: another time was agreed on"))
    moved.add_argument(
        "--to", metavar="SLOT", help="the number of a slot, or a time; without it: not known yet"
    )
    _add_invitation(moved)
    slots = add_id(subcommands.add("slots", _slots, "two to three other times, in both zones", reads=True))
    slots.add_argument(
        "--ics", metavar="FILE", help="write them as a calendar file to attach; - for standard output"
    )
    done = add_id(subcommands.add("done", _done, "it is over"))
    done.add_argument("--why", default="", help="how it went, in a line")
    done.add_argument("--notes", default="", help="the notes; - for standard input")
    done.add_argument(
        "--next", action="append", default=[], metavar="WHAT|OWNER|DAY", help="a next step; several"
    )
    check_in = done.add_mutually_exclusive_group()
    check_in.add_argument(
        "--next-check-in", metavar="TIME", help="when the next one is; else as far ahead as before (CALL-12)"
    )
    check_in.add_argument("--no-next-check-in", action="store_true", help="make none")
    cancel = add_id(subcommands.add("cancel", _cancel, "it will not take place"))
    cancel.add_argument("--why", default="")
    following = add_id(subcommands.add("next", _next, "write down a next step, or tick one"))
    following.add_argument("--what", help="what is to be done")
    following.add_argument("--owner", help="a login, or whoever of theirs")
    following.add_argument("--due", help="friday, tomorrow, 2026-03-12")
    following.add_argument("--done", metavar="NUMBER", help="this one is done")


def _joined(options: argparse.Namespace, context: Context) -> None:
    call = context.workspace.calls.joined(call_id(options, context))
    print_changed(options, context, call, "the customer is there")


def _add_invitation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--ics", metavar="FILE", help="where the invitation is written; without it: in your home folder"
    )


def _refuse_json_and_file(options: argparse.Namespace) -> None:
    """Both on standard output would be no JSON."""
    if options.json and options.ics == "-":
        raise WrongUsage("with --json standard output has the JSON; name a file", field="--ics")


def _missed(options: argparse.Namespace, context: Context) -> None:
    _refuse_json_and_file(options)
    calls = context.workspace.calls
    if options.rebook:
        call = calls.find(options.id)
        start = calls.rebooking.time_of(call, options.rebook, "--rebook")
        _print_rebooked(options, context, calls.rebooking.no_show(call.id, start))
        return
    call = calls.missed(call_id(options, context))
    print_changed(options, context, call, context.workspace.handbook.calls.etiquette.text)
    if options.json:
        return
    for step in calls.ladder(call):
        why = f"  ({step.why_not})" if step.why_not else f"  {step.to}"
        print(f"  [{SIGNS.get(step.state, ' ')}] {step.key:<18} {step.label}{why}")


def _moved(options: argparse.Namespace, context: Context) -> None:
    _refuse_json_and_file(options)
    calls = context.workspace.calls
    call = calls.find(options.id)
    start = calls.rebooking.time_of(call, options.to, "--to") if options.to else None
    rebooked = calls.rebooking.moved(call.id, start)
    if rebooked is not None:
        _print_rebooked(options, context, rebooked)
    else:
        print_changed(options, context, calls.find(call.id), "moved; the new time is not known yet")


def _print_rebooked(options: argparse.Namespace, context: Context, rebooked: Rebooked) -> None:
    file = options.ics or str(named_files.own(rebooked.file_name))
    workspace, new = context.workspace, rebooked.call
    done, warnings = f"{workspace.calls.texts.when(new)}, in place of {new.moved_from}", list[str]()
    try:
        file = _write(file, rebooked.invitation)
        done += f"; to send: {file}"
    except Refused as error:  # the change is on disk
        again = f"`fleettui undo {new.id} --yes` takes it back"
        warnings = [f"{new.id} is made, but without its invitation: {error.text}; {again}"]
    if options.ics != "-":
        print_changed(options, context, new, done, warnings)


def _slots(options: argparse.Namespace, context: Context) -> None:
    _refuse_json_and_file(options)
    calls = context.workspace.calls
    call = calls.find(options.id)
    if options.ics:
        _write(options.ics, calls.texts.slots_file(call))
        if options.ics == "-":
            return
    proposal = calls.texts.slots(call)
    words = calls.texts.slot_words(call, proposal)
    about = calls.texts.context(call)
    rows = [
        {
            "start": iso(slot.start, about.ours),
            "end": iso(slot.end, about.ours),
            "theirs": iso(slot.start, about.theirs),
            "zone": about.theirs.key,
            "minutes_outside": slot.outside,
            "words": text,
        }
        for slot, text in zip(proposal.slots, words, strict=True)
    ]
    numbered = [f"{number}. {text}" for number, text in enumerate(words, 1)]
    note = [proposal.note] if proposal.note else []
    print_result(options, {"slots": rows, "note": proposal.note}, *note, *numbered)


def _write(file: str, content: bytes) -> str:
    """Where it stands now."""
    if file != "-":
        return str(named_files.write(Path(file), content))
    print_content(content)
    return file


def _done(options: argparse.Namespace, context: Context) -> None:
    steps = tuple(next_step(text, context) for text in options.next)
    notes = body_text(options.notes) if options.notes else ""
    id_ = call_id(options, context)
    calls = context.workspace.calls
    check_in = _next_check_in(calls.find(id_), options, context)
    call = calls.done(id_, why=options.why, notes=notes, next_steps=steps, check_in=check_in)
    complete = call.next_steps or call.ended == "missed"
    missing = "" if complete else "; write down the next steps with `calls next`"
    following = calls.check_ins.after(call)
    when = f"{following.start.astimezone(context.workspace.zone):%a %-d %b %H:%M}" if following else ""
    planned = f"; the next check-in is {following.id}, {when}" if following else ""
    print_changed(options, context, call, f"{call.ended}{missing}{planned}")


def _next_check_in(call: Call, options: argparse.Namespace, context: Context) -> datetime | None:
    if options.no_next_check_in:
        return None
    if options.next_check_in:
        workspace = context.workspace
        return typed_times.moment(options.next_check_in, "--next-check-in", workspace.now(), workspace.zone)
    return context.workspace.calls.check_ins.proposed(call)


def _cancel(options: argparse.Namespace, context: Context) -> None:
    call = context.workspace.calls.cancel(call_id(options, context), options.why)
    print_changed(options, context, call, "cancelled")


def _next(options: argparse.Namespace, context: Context) -> None:
    calls, id_ = context.workspace.calls, call_id(options, context)
    if options.done:
        call = calls.next_step_done(id_, options.done)
        print_changed(options, context, call, f"next step {options.done} is done")
        return
    if not (options.what and options.owner and options.due):
        raise WrongUsage("a next step needs --what, --owner and --due; or --done NUMBER")
    what, owner, due = next_step(f"{options.what.replace('|', '/')}|{options.owner}|{options.due}", context)
    print_changed(options, context, calls.agree(id_, what, owner, due), "written down")
