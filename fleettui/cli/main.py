"""The entry point: runs the command that the first word names; without a command, the app.

A command is a module of `fleettui.cli.commands` with `arguments(parser)`. Only the module of the command that runs is
imported. Errors become one line on stderr and an exit code here, and nowhere else.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from fleettui import access
from fleettui.cli import ending, front_door
from fleettui.cli.commands import COMMANDS as COMMANDS
from fleettui.cli.commands import HIDDEN
from fleettui.cli.parser import Context, Parser, parser_of
from fleettui.errors import FleettuiError, Refused, Unusable, WrongUsage
from fleettui.store import committed

if TYPE_CHECKING:
    from fleettui.cli.repeating import Request

_USUAL = gc.get_threshold()
DEBUG_BY = "FLEETTUI_DEBUG"
INTERRUPTED = 130
AS_A_PIPE = "--pipe"
"""The option of `intake` by which a mail server hands over mails."""
SELDOM = 100_000
"""New objects after which Python looks for garbage, while a command runs: most end before there is any worth the search. The app
has Python's own number again, and so have commands that run for days."""


def main(arguments: list[str] | None = None) -> int:
    """Run a command; the exit code. Without `arguments` it is this process's own."""
    if arguments is None:
        gc.set_threshold(SELDOM)
    ending.open_closed_streams()
    committed.begin()
    for stream in (sys.stdout, sys.stderr):
        # An unpaired surrogate in somebody's text must not end a command.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = _answered(sys.argv[1:] if arguments is None else arguments)
        if access.current().restricted:
            from fleettui.cli import hardening

            hardening.end_here(code)
        return code
    finally:
        access.forget()
        if arguments is None:
            gc.freeze()  # Python, ending, would search once more through all that is loaded, just to find that it ends


def _answered(arguments: list[str]) -> int:
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        ending.silence(sys.stdout, 1)
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        if os.environ.get(DEBUG_BY):
            raise
        code = _print_error(error)
    # A mail server sends back what ends with any other code, a mistake in its own line for us, too.
    return os.EX_TEMPFAIL if code and AS_A_PIPE in arguments else code


def _print_error(error: Exception) -> int:
    error = _for_people(error)
    ending.say(ending.words_of(error))
    ending.silence(sys.stdout, 1)
    return error.exit_code


def _for_people(error: Exception) -> FleettuiError:
    if isinstance(error, OSError):
        from fleettui.store.files import explain

        error = explain(error, error.filename or "this machine")
    if isinstance(error, FleettuiError):
        return error
    what = f"{type(error).__name__}: {error}"
    return Unusable(f"something unexpected went wrong ({what}). {DEBUG_BY}=1 shows where.")


def _run_to_the_end(options: argparse.Namespace, context: Context, words: list[str]) -> int:
    id_ = getattr(options, "request_id", None)
    if id_ is None:
        return _run_once(options, context, None)
    from fleettui.cli.repeating import Request
    from fleettui.store.protocol import RepeatedRequest

    request = Request(id_, words, context, resumes=getattr(options, "resumes", False))
    if context.is_made():
        context.refuse_stranger()
    earlier = request.earlier()
    if earlier is None:
        try:
            return _run_once(options, context, request)
        except RepeatedRequest:
            earlier = request.of_another_process()
        except Refused:
            # What it changed may be why: another process with this id was faster.
            earlier = request.earlier()
            if earlier is None:
                raise
    context.close()
    output = ending.Output(sys.stdout, held=True, is_done=True)
    output.write(earlier.text_for(as_json=options.json))
    _tell(output, earlier.warnings)
    return earlier.code


def _run_once(options: argparse.Namespace, context: Context, request: Request | None) -> int:
    """Commit first, then talk: what fails once something is on disk is a warning, and the exit code stays 0."""
    real = sys.stdout
    if getattr(options, "lasts", False):
        gc.set_threshold(*_USUAL)
    is_held = options.json and not getattr(options, "streams", False)
    output = ending.Output(real, held=is_held or request is not None)
    sys.stdout = output
    code, late, resumes = 0, None, getattr(options, "resumes", False)
    try:
        try:
            context.refuse_stranger()
            code = int(options.run(options, context) or 0)
            resumes = False  # nothing is left to be given again
        finally:
            context.close()
    except (Exception, KeyboardInterrupt) as error:
        if not committed.commits() or os.environ.get(DEBUG_BY):
            output.end()
            raise
        late = _for_people(error) if isinstance(error, Exception) else error
        if resumes:
            code = getattr(late, "exit_code", INTERRUPTED)
    finally:
        sys.stdout = real
    warnings = committed.troubles()
    if late is not None:
        warnings.append(ending.late_warning(late, resumes=resumes))
    if is_held:
        output.join(warnings)
    if request is not None and not (late and resumes) and (code == 0 or committed.commits()):
        warnings += request.keep(code, output.text, warnings)
    _tell(output, warnings)
    return code


def _tell(output: ending.Output, warnings: Sequence[str]) -> None:
    """Print the answer and the warnings. Neither changes what is on disk, so neither changes how the command ended."""
    output.end()
    for warning in (*warnings, *output.complaints()):
        ending.say(warning)


def _run(words: list[str]) -> int:
    commands = {**COMMANDS, **HIDDEN}
    opening = front_door.opened(words, COMMANDS, HIDDEN)
    if not opening.words:
        return _open_app(Context(opening.home), opening.screen, plain=opening.plain)
    name, *rest = opening.words
    if name not in commands:
        ticket = _ticket_named(name)
        if ticket:
            return _open_app(Context(_home_after(rest) or opening.home), "", ticket, plain=opening.plain)
        from fleettui.cli.other_words import no_such_word  # only a mistake needs it

        raise no_such_word("fleettui", name, COMMANDS)
    module = import_module(f"fleettui.cli.commands.{name}")
    parser = parser_of(name, commands[name], rest, module.arguments)
    options = parser.parse_args(rest)
    context = Context(getattr(options, "home", None) or opening.home)
    context.is_plain = opening.plain
    return _run_to_the_end(options, context, [name, *rest])


def _ticket_named(word: str) -> str:
    """The id of the ticket that stands where a command could; empty where it is none."""
    from fleettui.domain.tickets.ids import ticket_id  # only where no command was meant

    return ticket_id(word)


def _home_after(words: list[str]) -> str | None:
    parser = Parser(prog="fleettui TICKET")
    parser.add_argument("--home", metavar="DIR", help="the workspace")
    home: str | None = parser.parse_args(words).home
    return home


def _refuse_making(context: Context) -> None:
    if access.current().restricted:
        raise Unusable(f"There is no workspace in {context.place}, and this account can make none.")


def _greet_instead(context: Context) -> int:
    """On a terminal that only prints: a line that says why, and what the first screen would show."""
    from fleettui.cli.commands import today

    ending.say(
        "TERM is dumb: the app needs a terminal that can move its cursor, and `fleettui --plain` needs none. "
        "This is `fleettui today`; "
        "`fleettui --help` lists what else works here."
    )
    parser = Parser(prog="fleettui today")
    today.arguments(parser)
    return _run_to_the_end(parser.parse_args([]), context, ["today"])


def _open_app(context: Context, screen: str, ticket: str = "", *, plain: bool) -> int:
    if not context.is_made():
        _refuse_making(context)
        from fleettui.cli.commands.init import offer

        if not offer(context):
            return Unusable.exit_code
    from fleettui.cli.asking import has_terminal

    if not has_terminal():
        without = (
            f"`fleettui tickets show {ticket}` prints it"
            if ticket
            else "`fleettui --help` lists what works without one"
        )
        raise WrongUsage(f"the app needs a terminal; {without}")
    if os.environ.get("TERM") == "dumb" and not plain:
        return _greet_instead(context)
    gc.set_threshold(*_USUAL)
    context.in_app = True
    context.refuse_stranger()
    if ticket:
        ticket = context.workspace.tickets.find(ticket).id  # refused here, in a line, and not in the app
    gc.disable()  # until the first screen is to be seen: nothing of what is loaded now is garbage
    # The only ways from here to Textual.
    if plain:
        from screens.plain.app import run
    else:
        from screens.app import run
    code: int = run(context.workspace, screen, ticket)
    return code
