"""fleettui calls: the list, and what is known of a call."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from fleettui import named_files
from fleettui.cli.commands.calls.imported import imported_as_json, imported_lines
from fleettui.cli.commands.calls.options import add_id, call_id
from fleettui.cli.commands.calls.output import as_json, print_changed
from fleettui.cli.contact import add_despite, unless_meant
from fleettui.cli.output import print_documents, print_result
from fleettui.cli.parser import Context, Subcommands, add_fields, assignments
from fleettui.cli.viewing import add_view, chosen_by
from fleettui.domain.checklists.model import Opens
from fleettui.errors import WrongUsage

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Call


def add_planning_commands(subcommands: Subcommands) -> None:
    listing = subcommands.add("list", _list, "those to come, by time", reads=True)
    listing.add_argument("--past", action="store_true", help="those that are over, and how they ended")
    listing.add_argument("--all", action="store_true", help="both")
    listing.add_argument("--mine", action="store_true", help="only those that I lead")
    listing.add_argument("--host", metavar="LOGIN", help="only those that this person leads")
    add_view(listing, "calls")
    listing.add_argument("--search", default="", metavar="QUERY", help="such as: start:today whose:me")
    _new_arguments(subcommands.add("new", _new, "plan one by hand"))
    importing = subcommands.add(
        "import", _import, "take in a calendar file: invites, updates, answers, cancellations"
    )
    importing.set_defaults(resumes=True)
    importing.add_argument("file", metavar="FILE.ics", help="- for standard input")
    importing.add_argument("--dry-run", action="store_true", help="only say what it would do")
    importing.add_argument(
        "--all",
        action="store_true",
        help="also what is left out otherwise: among ourselves, private, all day",
    )
    importing.add_argument(
        "--uid", action="append", default=[], metavar="UID", help="also this one of the file; several"
    )
    add_id(subcommands.add("show", _show, "one of them, with its steps", reads=True))
    add_fields(add_id(subcommands.add("edit", _edit, "change what is known")), required=True)
    attaching = add_id(subcommands.add("attach", _attach, "a document for the agenda"))
    attaching.add_argument("url", metavar="LINK")
    attaching.add_argument("--title", default="")


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
    add_despite(adding)


def _list(options: argparse.Namespace, context: Context) -> None:
    calls = context.workspace.calls
    context.workspace.call_series.lay_out()
    listed = [] if options.past else calls.all()
    if options.past or options.all:
        listed = [*listed, *calls.all(past=True)]
    if options.mine:
        listed = [call for call in listed if call.host == context.workspace.me.login]
    if options.host:
        host = context.workspace.people.find(options.host).login
        listed = [call for call in listed if call.host == host]
    listed = chosen_by(options, context, "calls", listed)
    leading = calls.leading()
    headings = ("ID", "WHEN", "CUSTOMER", "", "STAGE", "READY", "LEADS")
    print_documents(
        options,
        listed,
        lambda call: as_json(call, context, leading),
        headings,
        lambda call: _row(call, context),
    )


def _row(call: Call, context: Context) -> tuple[str, ...]:
    from fleettui.time.wording import countdown

    workspace = context.workspace
    view = workspace.calls.view(call)
    start = call.start.astimezone(workspace.zone)
    until = call.ended or countdown(call.start, workspace.now())
    ready = "" if call.over else "yes" if view.ready else "no"
    who = f"{call.customer} ({workspace.calls.company(call)})"
    return (call.id, f"{start:%Y-%m-%d %H:%M}", who, until, view.stage, ready, call.host)


def _show(options: argparse.Namespace, context: Context) -> None:
    print_changed(options, context, context.workspace.calls.find(options.id))


def _new(options: argparse.Namespace, context: Context) -> None:
    given = {"title": options.title, "customer": options.name, "join_url": options.link, "host": options.host}
    fields = {field: value for field, value in given.items() if value}
    with unless_meant(options):
        context.workspace.customers.refuse_begin([Opens(kind="call", name=options.kind)], options.customer)
    call = context.workspace.calls.new(
        options.customer,
        options.start,
        minutes=options.minutes,
        kind=options.kind,
        attendees=options.attendee,
        fields=fields,
    )
    print_changed(options, context, call, "planned")


def _edit(options: argparse.Namespace, context: Context) -> None:
    call = context.workspace.calls.edit(call_id(options, context), assignments(options.fields))
    print_changed(options, context, call, "changed")


def _import(options: argparse.Namespace, context: Context) -> None:
    from fleettui.workspace.calls.import_result import Choice

    choice = Choice(everything=options.all, uids=frozenset(options.uid))
    imported = context.workspace.calls.import_file(_content(options.file), choice, dry_run=options.dry_run)
    print_result(options, imported_as_json(imported, context), *imported_lines(imported, context))


def _content(file: str) -> bytes:
    from fleettui.workspace.calls.import_result import LARGEST_CALENDAR_FILE

    if file == "-":
        return named_files.read_input(LARGEST_CALENDAR_FILE)
    try:
        return named_files.read(Path(file), LARGEST_CALENDAR_FILE)
    except named_files.NotRead as error:
        raise WrongUsage(error.text) from None


def _attach(options: argparse.Namespace, context: Context) -> None:
    call = context.workspace.calls.attach(call_id(options, context), options.url, options.title)
    print_changed(options, context, call, "attached")
