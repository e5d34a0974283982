"""Writing in one's own editor (Ctrl+E), and coming back with the text, or with the one of before.

The draft is kept before the editor begins, so neither its end nor ours takes anything away. What the editor leaves is taken where
it ended well and left text; else the text of before stays, and what the editor saved stays in its file, which is named.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast
from urllib.parse import quote

from textual.app import App
from textual.widgets import Input, TextArea

from fleettui import access, config
from fleettui.errors import Refused
from fleettui.ownership import NotOpened
from fleettui.places import Place, of_mine
from fleettui.text.cleaning import BODY_LIMIT
from screens.commands.effective import with_keys
from screens.shell.aside import KILLED_BY, run_aside
from screens.terminal.text import clean
from screens.widgets.line_input import LINE_END

if TYPE_CHECKING:
    from screens.commands.host import Host

NAMED_BY = ("VISUAL", "EDITOR")
USUAL = ("sensible-editor", "nano", "vim", "vi")
"""Where nobody has named any."""
NO_PROGRAMS = "This account starts no programs, so no editor either: write here."
NO_EDITOR = "No editor is named: set EDITOR before you start fleettui, for example EDITOR=nano."
UNCHANGED = "The editor left the text as it was."
TAKEN = "The text is back from your editor. [form.save] saves it."
FOLDER = "editor"
FOR_ME, MY_FOLDER = 0o600, 0o700
MOST_BYTES = 4 * BODY_LIMIT
"""A character has four bytes at most in UTF-8."""


class Edited(NamedTuple):
    """How it ended."""

    text: str | None
    """None: the one of before stays."""
    note: str
    file: Place | None = None
    """What can go once the text is kept."""


class NotTaken(Exception):
    """What the editor left cannot be taken; why, as the end of a sentence."""


def editor_argv() -> list[str]:
    """The person's editor, as a program and what goes before the file. No shell reads it."""
    if access.current().restricted:
        raise Refused(NO_PROGRAMS)
    for name in NAMED_BY:
        value = os.environ.get(name, "").strip()
        if value:
            try:
                return shlex.split(value)
            except ValueError as error:
                raise Refused(f"${name} cannot be read as a program: {error}") from None
    for program in USUAL:
        if shutil.which(program):
            return [program]
    raise Refused(NO_EDITOR)


async def edited(app: App[int], argv: list[str], text: str, name: str) -> Edited:
    """The text as the person's editor leaves it; `name` is what its file is called."""
    file = await asyncio.to_thread(_write, text, name)
    try:
        code = await run_aside(app, [*argv, str(file)])
    except OSError as error:
        await asyncio.to_thread(_remove, file)
        return Edited(
            None, f"{argv[0]} cannot be started ({error.strerror or error}); your text is as it was."
        )
    return await asyncio.to_thread(_outcome, file, code, text)


def _outcome(file: Place, code: int, before: str) -> Edited:
    try:
        after: str | None = _read(file)
        trouble = ""
    except NotTaken as error:
        after, trouble = None, str(error)
    if code:
        trouble = _ended(code)
    if trouble:
        if after == before:
            _remove(file)
            return Edited(None, f"{trouble}; your text is as it was.")
        kept = f" What it left is in {_short(file)}." if file.exists() else ""
        return Edited(None, f"{trouble}; your text is as it was.{kept}")
    if after == before:
        _remove(file)
        return Edited(None, UNCHANGED)
    return Edited(after, with_keys(TAKEN), file)


def _ended(code: int) -> str:
    if code <= KILLED_BY:
        return f"The editor ended with {code}"
    try:
        return f"The editor was ended by {signal.Signals(code - KILLED_BY).name}"
    except ValueError:
        return f"The editor ended with {code}"


# The file


def _write(text: str, name: str) -> Place:
    """In the person's own folder, for nobody else to read; each time under a name of its own."""
    state = config.state_folder()
    state.mkdir(mode=MY_FOLDER, parents=True, exist_ok=True)
    folder = of_mine(state) / FOLDER
    folder.make_folder(MY_FOLDER)
    file = folder / f"{quote(name, safe=' ')[:60].replace(' ', '-')}-{os.urandom(4).hex()}.txt"
    descriptor = file.open(os.O_WRONLY | os.O_CREAT | os.O_EXCL, FOR_ME)
    with os.fdopen(descriptor, "wb") as writing:
        writing.write(text.encode("utf-8", "replace") + (b"\n" if text else b""))
    return file


def _read(file: Place) -> str:
    """As the editor left it: the same file or another one of that name."""
    try:
        descriptor = file.open(os.O_RDONLY)
        with os.fdopen(descriptor, "rb") as reading:
            content = reading.read(MOST_BYTES + 1)
    except (OSError, NotOpened) as error:
        why = error.strerror if isinstance(error, OSError) else "no ordinary file of yours"
        raise NotTaken(f"The editor left nothing that can be read ({why})") from None
    try:
        text = content.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n").removesuffix("\n")
    except UnicodeDecodeError:
        is_cut = len(content) > MOST_BYTES
        raise NotTaken("The editor left too much" if is_cut else "The editor left no UTF-8 text") from None
    if len(text) > BODY_LIMIT or len(content) > MOST_BYTES:
        raise NotTaken(f"The editor left more than {BODY_LIMIT:,} characters")
    return text if text.isprintable() else clean(text)


def _short(file: Place) -> str:
    """As a shell takes it, too."""
    home = Path.home()
    return f"~/{file.path.relative_to(home)}" if file.path.is_relative_to(home) else str(file)


def _remove(file: Place) -> None:
    with suppress(OSError, NotOpened):
        file.unlink()


def write_in_editor(
    entry: Input | TextArea, name: str, *, keep: Callable[[], None], note: Callable[[str], None]
) -> None:
    """`keep` keeps what is typed as a draft, at once; `note` is given how it ended."""
    argv, app = editor_argv(), cast("App[int]", entry.app)
    keep()

    async def write() -> None:
        result = await edited(app, argv, text_of(entry), name)
        if result.file is not None and not entry.is_attached:
            cast("Host", app).say(
                f"What you wrote in is closed meanwhile; your text is in {_short(result.file)}."
            )
            return
        if result.text is not None:
            put(entry, result.text)
            keep()
        note(result.note)
        if result.file is not None:
            await asyncio.to_thread(_remove, result.file)

    async def write_or_report() -> None:
        try:
            await write()
        except Exception as error:
            cast("Host", app).report(error, "writing in the editor")

    app.run_worker(write_or_report(), group="editor", exit_on_error=False)


def text_of(entry: Input | TextArea) -> str:
    """What is typed there now."""
    return entry.value if isinstance(entry, Input) else entry.text


def put(entry: Input | TextArea, text: str) -> None:
    """In the place of all that is there; in a longer text an edit like any other, which Ctrl+Z takes back."""
    if isinstance(entry, Input):
        entry.value = LINE_END.sub(" ", text.strip()).replace("\t", " ")
        entry.cursor_position = len(entry.value)
    else:
        entry.replace(text, (0, 0), entry.document.end, maintain_selection_offset=False)
        entry.move_cursor(entry.document.end)
