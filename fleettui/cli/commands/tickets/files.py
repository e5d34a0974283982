"""fleettui tickets: the files of a ticket. Where they are, and adding one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fleettui import access
from fleettui.cli.commands.tickets.json import print_changed
from fleettui.cli.commands.tickets.options import add_id
from fleettui.cli.output import pick, print_rows
from fleettui.cli.parser import Context, Subcommands
from fleettui.errors import WrongUsage

if TYPE_CHECKING:
    from fleettui.workspace.tickets.files import TicketFile


def add_file_commands(subcommands: Subcommands) -> None:
    add_id(
        subcommands.add(
            "files", _files, "its files: where each is, or why it was left behind (SUP-5)", reads=True
        )
    )
    attach = add_id(subcommands.add("attach", _attach, "add a file of your own"))
    attach.add_argument("path", metavar="PATH|-", help="- reads standard input")
    attach.add_argument("--name", default="", metavar="NAME", help="what it is called on the ticket")


def _files(options: argparse.Namespace, context: Context) -> None:
    workspace = context.workspace
    listed = workspace.ticket_files.of(workspace.tickets.find(options.id))
    cells = (_cells(file) for file in listed)
    print_rows(options, (_as_json(file, context) for file in listed), ("", "FILE", "FROM", "WHERE"), cells)


def _as_json(file: TicketFile, context: Context) -> dict[str, Any]:
    from fleettui.domain.tickets.attachments import mismatch

    attachment = file.attachment
    return {
        **pick(attachment, "name", "size", "type"),
        "by": file.by,
        "at": file.at.astimezone(context.workspace.zone),
        "kept": file.path is not None,
        "sha256": attachment.sha256 or None,
        "path": str(file.path) if file.path else None,
        "scp": None
        if access.current().restricted or not file.path
        else context.workspace.ticket_files.scp(file),
        "link": attachment.link or None,
        "why": attachment.why or None,
        "mismatch": mismatch(attachment) or None,
    }


def _cells(file: TicketFile) -> tuple[str, ...]:
    from fleettui.domain.tickets.attachments import in_words

    left = " · ".join(part for part in ("left behind", file.attachment.why, file.attachment.link) if part)
    return str(file.number), in_words(file.attachment), file.by, str(file.path) if file.path else left


def _attach(options: argparse.Namespace, context: Context) -> None:
    files = context.workspace.ticket_files
    if options.path != "-":
        ticket = files.attach_from(options.id, Path(options.path), options.name)
    elif options.name:
        ticket = files.attach(options.id, options.name, sys.stdin.buffer.read(files.most_bytes + 1))
    else:
        raise WrongUsage("say what the file is called", field="--name")
    print_changed(options, context, [ticket], f"has the file {ticket.messages[-1].attachments[0].name}")
