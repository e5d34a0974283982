"""A person's own commands: a program of theirs gets the row, as JSON, and chosen fields of it as arguments.

No shell reads anything, nothing of it holds up the event loop, and what it prints is cleaned like all that comes from outside.
What the row is as JSON is what the command line says of it (`fleettui tickets show ID --json`): it is asked, in a process of its
own.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from textual.app import App
from textual.binding import Binding
from textual.widgets import Input

from fleettui import access
from fleettui.config import HOME_BY, Address
from fleettui.errors import FleettuiError, Refused
from fleettui.processes import Watched
from fleettui.text.cleaning import line
from screens.commands.catalogue import use_own
from screens.commands.command import UNBOUND
from screens.commands.own import OwnCommand, arguments
from screens.dialogs.text_dialog import TextDialog
from screens.shell.aside import KILLED_BY, run_aside
from screens.terminal.text import clean
from screens.widgets.page import BLANK, Para, title

if TYPE_CHECKING:
    from fleettui.workspace.workspace import Workspace
    from screens.commands.host import Host
    from screens.shell.board import Board

FleettuiAppKind = TypeVar("FleettuiAppKind", bound=App[int])
MOST_OUTPUT = 100_000
"""Bytes that are shown; the rest is read and thrown away."""
SHOWN = 160
ROW_SECONDS = 30
RESTRICTED = "This account starts no programs: your own commands are off."
UNCOVERED_EVERY = 0.3
"""Seconds between two looks whether a page would cover something."""
SOURCES = Path(__file__).parents[2]
"""Where Python finds fleettui, wherever it was started from."""


class Outcome(NamedTuple):
    """How a program ended."""

    code: int
    output: str = ""
    is_cut: bool = False
    """There was more."""
    is_late: bool = False
    """It was ended, because its time was over."""

    @property
    def words(self) -> str:
        """What became of it; empty where all is well."""
        if self.is_late:
            return "took too long and was ended"
        if self.code > KILLED_BY:
            return f"was ended by signal {self.code - KILLED_BY}"
        return f"ended with {self.code}" if self.code else ""

    @property
    def first_line(self) -> str:
        return next((line(text, SHOWN) for text in self.output.splitlines() if text.strip()), "")


# The row


class Shown(NamedTuple):
    """A document, and the words of the command line that show it."""

    words: tuple[str, ...]
    id: str


def shown_by(workspace: Workspace, ids: Iterable[str]) -> Shown | None:
    """How the first of these ids that is a document is shown; None where none is."""
    kinds = (
        (("tickets", "show"), workspace.tickets.get),
        (("calls", "show"), workspace.calls.get),
        (("playbooks", "show"), workspace.playbooks.get),
        (("customers", "show"), workspace.customers.get),
        (("rituals", "show"), workspace.rituals.get),
    )
    logins = {person.login for person in workspace.people.all()}
    for id_ in filter(None, ids):
        for words, get in kinds:
            if get(id_) is not None:
                return Shown((*words, id_), id_)
        if id_ in logins:
            return Shown(("people", "list"), id_)
    return None


def row_of(workspace: Workspace, ids: Iterable[str]) -> dict[str, Any] | None:
    """Of what is under the cursor, as the command line prints it; None where nothing is."""
    shown = shown_by(workspace, ids)
    return None if shown is None else row_as_json(workspace.address, shown)


def row_as_json(home: Address, shown: Shown) -> dict[str, Any]:
    """What the command line prints of it. Takes the start of a process."""
    argv = [sys.executable, "-m", "fleettui", "--home", str(home), *shown.words, "--json"]
    done = subprocess.run(argv, capture_output=True, timeout=ROW_SECONDS, check=False, cwd=SOURCES)
    if done.returncode:
        why = line(done.stderr.decode("utf-8", "replace").removeprefix("fleettui: "), SHOWN)
        raise Refused(f"the row cannot be read: {why}")
    printed = json.loads(done.stdout)
    rows = printed if isinstance(printed, list) else [printed]
    row = next((row for row in rows if len(rows) == 1 or row["id"] == shown.id), None)
    if row is None:
        raise Refused(f"{shown.id} is gone meanwhile")
    return cast("dict[str, Any]", row)


# The program


def surroundings(home: Address) -> dict[str, str]:
    """Our own, and the workspace, for a program that asks or changes something with `fleettui`."""
    return {**os.environ, HOME_BY: str(home)}


@contextmanager
def as_file(row: Mapping[str, Any] | None) -> Iterator[IO[bytes]]:
    """The row for standard input: whole, whether it is read or not."""
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        file.seek(0)
        yield file


def run_program(
    argv: Sequence[str], given: IO[bytes], seconds: float, environment: Mapping[str, str]
) -> Outcome:
    """Run it, in a thread that may wait. OSError where it cannot be started."""
    process = subprocess.Popen(
        argv,
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=dict(environment),
        start_new_session=True,  # it cannot reach the terminal, where the app is
    )
    with process:
        watched = Watched(process, MOST_OUTPUT)
        is_over = watched.attend(time.monotonic() + seconds)
        if not is_over:
            watched.end_group()
        watched.read_rest()
    code = process.returncode
    output = clean(watched.output.decode("utf-8", "replace"))
    return Outcome(KILLED_BY - code if code < 0 else code, output, watched.is_cut, not is_over)


def with_own(kind: type[FleettuiAppKind], commands: Sequence[OwnCommand]) -> type[FleettuiAppKind]:
    """The app with the keys of these commands, each on its screens: Textual takes bindings from a class alone."""
    use_own(command.command for command in commands)
    screens = {command.id: command.on for command in commands}

    def check_action(self: Any, action: str, parameters: tuple[object, ...]) -> bool | None:
        on = screens.get(str(parameters[0])) if action == "command" and parameters else None
        if on and (not self.has_screens or self.base_screen.NAME not in on):
            return False
        return bool(kind.check_action(self, action, parameters))

    def begin(self: Any, *given: Any, **named: Any) -> None:
        kind.__init__(self, *given, **named)
        self.actions = (*self.actions, OwnActions(self, commands))

    bindings = [
        Binding(
            command.key or UNBOUND,
            f"command('{command.id}')",
            command.title,
            show=command.footer,
            id=command.id,
        )
        for command in commands
    ]
    # The module decides where Textual looks for the files of the styles.
    body = {
        "__init__": begin,
        "BINDINGS": bindings,
        "check_action": check_action,
        "__module__": kind.__module__,
    }
    return type(kind.__name__, (kind,), body)


class OwnActions:
    """They carry out the own commands: `do_<verb>` for each, made here, as the file names them."""

    def __init__(self, app: App[int], commands: Sequence[OwnCommand]) -> None:
        self._app, self._host = app, cast("Host", app)
        self._commands = {command.id: command for command in commands}
        for command in commands:
            setattr(self, f"do_{command.command.verb}", partial(self._begin, command))

    @property
    def _board(self) -> Board[Any]:
        return cast("Board[Any]", self._host.base_screen)

    def why_not(self, command_id: str) -> str | None:
        command = self._commands.get(command_id)
        if command is None:
            return None
        if access.current().restricted:
            return RESTRICTED
        if command.on and self._board.NAME not in command.on:
            return f"“{command.title}” works on {' and '.join(name.capitalize() for name in command.on)}."
        return None

    def _begin(self, command: OwnCommand) -> None:
        board = self._board
        key = board.rows.key
        ids = [] if key is None else [board.id_of(key), str(getattr(key, "id", ""))]
        self._app.run_worker(self._run(command, ids), group="own commands", exit_on_error=False)

    async def _run(self, command: OwnCommand, ids: Sequence[str]) -> None:
        try:
            self._show_outcome(command, await self._outcome(command, ids))
        except OSError as error:
            why = error.strerror or str(error)
            self._host.say(f"{command.title}: {command.run[0]} cannot be started ({why}).", "error", 10)
        except FleettuiError as error:
            self._host.say(f"{command.title}: {error}.", "warning", 10)
        except Exception as error:
            self._host.report(error, command.title)

    async def _outcome(self, command: OwnCommand, ids: Sequence[str]) -> Outcome:
        home = self._host.workspace.address
        row = await asyncio.to_thread(row_of, self._host.workspace, ids)
        argv = arguments(command.run, row)
        with as_file(row) as given:
            if command.how == "suspended":
                stdin = given.fileno() if command.input == "row" else None
                return Outcome(await run_aside(self._app, argv, stdin=stdin, environment=surroundings(home)))
            self._host.say(f"{command.title} …", seconds=command.seconds)
            return await asyncio.to_thread(run_program, argv, given, command.seconds, surroundings(home))

    def _show_outcome(self, command: OwnCommand, outcome: Outcome) -> None:
        """In a line; of a page that nothing covers, all of it."""
        if command.how == "page" and outcome.output.strip():
            self._app.clear_notifications()
            self._app.run_worker(self._show_page(command, outcome), group="own commands", exit_on_error=False)
            return
        words = outcome.words
        if words:
            about = f": {outcome.first_line}" if outcome.first_line else ""
            self._host.say(f"{command.title} {words}{about}", "error", 10)
        elif command.how != "suspended":
            self._host.say(f"{command.title}: {outcome.first_line or 'done'}", seconds=8)

    async def _show_page(self, command: OwnCommand, outcome: Outcome) -> None:
        while self._app.screen is not self._board or isinstance(self._app.focused, Input):
            await asyncio.sleep(UNCOVERED_EVERY)  # somebody writes: it comes after that
        state = [Para(f"It {outcome.words}.", "warn")] if outcome.words else []
        cut = (
            [BLANK, Para(f"Only the first {MOST_OUTPUT:,} bytes are shown.", "muted")]
            if outcome.is_cut
            else []
        )
        self._host.push_screen(TextDialog([title(command.title), *state, BLANK, Para(outcome.output), *cut]))
