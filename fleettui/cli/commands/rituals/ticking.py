"""fleettui rituals: ticking, skipping, and what a step asks for."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from fleettui.cli.commands.rituals.options import add_id, add_on, add_part, day_given
from fleettui.cli.commands.rituals.output import as_json, count_words
from fleettui.cli.output import print_json
from fleettui.cli.parser import Context, Subcommands
from fleettui.errors import Refused

if TYPE_CHECKING:
    from datetime import date

    from fleettui.workspace.rituals.actions import Done


def add_ticking_commands(subcommands: Subcommands) -> None:
    ticking = add_part(add_on(add_id(subcommands.add("tick", _tick, "done"))))
    ticking.add_argument("--evidence", default="", metavar="TEXT", help="a note or a link as proof")
    ticking.add_argument("--with-text", action="store_true", help="my draft of its text as proof")
    ticking.add_argument("--again", action="store_true", help="once more, though somebody ticked it today")
    ticking.add_argument("--all", action="store_true", help="every box or step that is still open")
    add_part(add_on(add_id(subcommands.add("untick", _untick, "take it back"))))
    skipping = add_part(
        add_on(add_id(subcommands.add("skip", _skip, "leave it out this time, for a reason")))
    )
    skipping.add_argument("--why", required=True, metavar="TEXT", help="the reason")
    writing = add_on(add_id(subcommands.add("write", _write, "write down what a step asks for")))
    writing.add_argument("field")
    writing.add_argument("text")


def _tick(options: argparse.Namespace, context: Context) -> None:
    rituals, on = context.workspace.rituals, day_given(options.on, context)
    id_ = rituals.find(options.id).id
    if options.all:
        return _print_changed(options, context, rituals.tick_all(id_, on=on))
    row = rituals.row(id_, on)
    if options.with_text:
        options.evidence = _text_as_proof(id_, on, context)
    seen = len(row.instance.ticks) if row and row.instance else 0
    done = rituals.tick(id_, options.part, on=on, evidence=options.evidence, seen=seen, again=options.again)
    if options.with_text and done.changed and row is not None:
        context.workspace.ritual_texts.drop(row.id)
    return _print_changed(options, context, done)


def _text_as_proof(id_: str, on: date | None, context: Context) -> str:
    text = context.workspace.ritual_texts.of(id_, on)
    if text.draft is None:
        raise Refused(f"there is no draft of {text.name} yet; `fleettui rituals text {id_} --keep` keeps one")
    return text.draft


def _untick(options: argparse.Namespace, context: Context) -> None:
    rituals, on = context.workspace.rituals, day_given(options.on, context)
    _print_changed(options, context, rituals.untick(rituals.find(options.id).id, options.part, on=on))


def _skip(options: argparse.Namespace, context: Context) -> None:
    rituals, on = context.workspace.rituals, day_given(options.on, context)
    done = rituals.skip(rituals.find(options.id).id, options.why, options.part, on=on)
    _print_changed(options, context, done)


def _write(options: argparse.Namespace, context: Context) -> None:
    rituals, on = context.workspace.rituals, day_given(options.on, context)
    done = rituals.fill(rituals.find(options.id).id, options.field, options.text, on=on)
    _print_changed(options, context, done)


def _print_changed(options: argparse.Namespace, context: Context, done: Done) -> None:
    row = done.row
    if options.json:
        print_json({**as_json(row, context), "said": list(done.remarks), "changed": done.changed})
        return
    count = f", {count_words(row)}" if row.status.most > 1 else ""
    print(f"{row.ritual.id} {row.ritual.name}: {row.state}{count}, streak {row.streak}")
    for text in done.remarks:
        print(text)
