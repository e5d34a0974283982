"""fleettui rituals text: the text of a ritual that is done by writing one."""

from __future__ import annotations

import argparse
import sys

from fleettui.cli.commands.rituals.options import add_id, add_on, day_given
from fleettui.cli.output import pick, print_json, warn
from fleettui.cli.parser import Context, Subcommands
from fleettui.errors import Refused


def add_text_commands(subcommands: Subcommands) -> None:
    writing = add_on(
        add_id(subcommands.add("text", _text, "its text, drafted from the work; or my draft of it"))
    )
    writing.add_argument("--fresh", action="store_true", help="drafted anew, whatever I have made of it")
    writing.add_argument(
        "--keep",
        action="store_true",
        help="keep what stands on standard input (a pipe), or else the text, as my draft",
    )


def _text(options: argparse.Namespace, context: Context) -> None:
    texts, on = context.workspace.ritual_texts, day_given(options.on, context)
    text = texts.of(options.id, on)
    shown = text.text if options.fresh else text.current
    if options.keep:
        shown = _typed() or shown
        texts.keep(text.period, shown)
        text = texts.of(options.id, on)
    if options.json:
        fields = ("ritual", "name", "period", "message", "text", "gaps", "goes_to", "asked", "draft")
        print_json(pick(text, *fields))
        return
    print(shown)
    if text.asked:
        warn("\n".join(["For you, not for customers: who asked", *(f"  {row}" for row in text.asked)]))
    if text.draft is not None and not options.fresh and not options.keep:
        warn("This is your draft; --fresh drafts it anew.")


def _typed() -> str:
    """From a pipe; nothing where somebody sits at a terminal."""
    if sys.stdin is None or sys.stdin.isatty():
        return ""
    from fleettui.text import cleaning

    typed = sys.stdin.read(cleaning.BODY_LIMIT + 1)
    if len(typed) > cleaning.BODY_LIMIT:
        raise Refused(f"the text is too long; {cleaning.BODY_LIMIT:,} characters are the most")
    return cleaning.clean(typed).strip()
