"""fleettui move: the whole workspace to another folder, or onto PostgreSQL and back."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from fleettui.cli.output import print_result
from fleettui.cli.parser import Context, add_common_options

if TYPE_CHECKING:
    from fleettui.workspace.moving import Moved


def arguments(parser: argparse.ArgumentParser) -> None:
    # Given again it says where the workspace is, so a script needs no request id.
    add_common_options(parser, _run, reads=True)
    parser.add_argument(
        "--to",
        metavar="ADDRESS",
        required=True,
        help="where: a folder, postgresql://HOST/DATABASE, or service=NAME",
    )
    parser.add_argument("--check", action="store_true", help="say what would move, and move nothing")
    parser.add_argument(
        "--shared", metavar="GROUP", help="of a new folder: every member of this OS group can work in it"
    )


def _run(options: argparse.Namespace, context: Context) -> None:
    from fleettui.workspace import moving

    services, login = context.workspace.services, context.workspace.session.login
    target = Context(options.to, "--to").place
    if options.check:
        moving.refuse_taken(services, target)
        moved, begins = moving.count(services), "Would move"
    else:
        moved = moving.move(services, target, login, context.clock, options.shared)
        begins = "Moved"
    plain = {
        "to": str(target),
        "moved": not options.check,
        "documents": moved.documents,
        "changes": moved.changes,
        "files": moved.files,
        "private": list(moved.hidden),
    }
    print_result(options, plain, f"{begins} {_in_words(moved)} to {target}.", *_left(moved, options.check))


def _in_words(moved: Moved) -> str:
    files = f", {moved.files:,} files" if moved.files else ""
    return f"{moved.documents:,} documents with {moved.changes:,} changes{files}"


def _left(moved: Moved, is_check: bool) -> list[str]:
    lines = []
    if moved.hidden:
        lines.append(
            f"Read marks and inboxes of {', '.join(moved.hidden)} are private and stay behind. Drafts of others do, too."
        )
    if not is_check:
        lines.append("Whoever opens the old place is told the new address, and can change nothing there.")
    return lines
