"""fleettui handbook check: what is wrong in the files of the handbook, before they are saved or where they stand."""

from __future__ import annotations

import argparse
from pathlib import Path

from fleettui.cli.output import pick, print_result
from fleettui.cli.parser import Context, Subcommands
from fleettui.errors import Refused, WrongUsage
from fleettui.workspace.handbook_check import name_in_handbook


def arguments(parser: argparse.ArgumentParser) -> None:
    subcommands = Subcommands(parser)
    check = subcommands.add(
        "check", _check, "look for mistakes in a file, or in the whole handbook", reads=True
    )
    pulling = subcommands.add("pull", _pull, "copy its files into a folder, to edit them", reads=True)
    pulling.add_argument("folder", metavar="DIR", help="a new folder")
    # The same a second time changes nothing, so it needs no request id.
    pushing = subcommands.add("push", _push, "put back what was edited in such a folder", reads=True)
    pushing.add_argument("folder", metavar="DIR", help="the folder of `handbook pull`")
    check.add_argument(
        "file", metavar="FILE", nargs="?", default="", help="a file that is not saved there yet"
    )
    check.add_argument("--as", dest="called", metavar="NAME", default="", help="which file it is: hours.json")


def _pull(options: argparse.Namespace, context: Context) -> None:
    from fleettui.workspace.handbook_copies import pull

    folder = Path(options.folder).expanduser()
    names = pull(context.place.handbook, folder)
    print_result(
        options,
        {"folder": str(folder), "files": names},
        f"{len(names)} files are in {folder}. `fleettui handbook push {folder}` puts back what you edit.",
    )


def _push(options: argparse.Namespace, context: Context) -> None:
    from fleettui.workspace.handbook_copies import edits_in

    workspace = context.workspace
    logins = {person.login for person in workspace.people.all()}
    edits = edits_in(context.place.handbook, Path(options.folder).expanduser(), logins)
    if edits.new:
        workspace.services.put_policy(workspace.session, edits)
    names = sorted(edits.new)
    print_result(
        options, {"files": names}, f"{', '.join(names)}: in force." if names else "Nothing is changed."
    )


def _check(options: argparse.Namespace, context: Context) -> int:
    place = context.place
    if options.called and not options.file:
        raise WrongUsage("says which file FILE is; name FILE too", field="--as")
    if options.file:
        path = Path(options.file).expanduser()
        name = name_in_handbook(path, options.called)
        mistakes = place.mistakes_with(path, name)
        what = f"{path} as handbook/{name}"
    else:
        mistakes, what = place.mistakes(), str(place.handbook)
    rows = [{**pick(row, "file", "field", "what", "serious"), "line": row.line or None} for row in mistakes]
    lines = [
        f"handbook/{row.file}{f', line {row.line}' if row.line else ''}: {_about(row.field)}{row.what}"
        for row in mistakes
    ]
    count = f"{len(rows)} mistake{'s' if len(rows) != 1 else ''}" if rows else "no mistakes"
    print_result(options, {"ok": not rows, "mistakes": rows}, *lines, f"{what}: {count}.")
    return Refused.exit_code if rows else 0


def _about(field: str) -> str:
    return f"{field}: " if field else ""
