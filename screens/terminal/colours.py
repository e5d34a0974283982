"""Which theme the app wears: the one that the person has chosen for all sessions on this box. It is one of ours, or one from a
file, which is followed while it is worn."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.message import Message

from fleettui import config
from fleettui.errors import FleettuiError
from screens.terminal.themes import LOOKS, Look, look_for_terminal

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

Stamp = tuple[int, int, int]
"""Of a file: when it was written, how long it is, which one it is."""


CHOICE = "theme"
MISTAKE_SECONDS = 10


def chosen_last() -> str | None:
    """The name of the theme, if it is one of ours or there is a file of it."""
    try:
        name = (config.state_folder() / CHOICE).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    if name in LOOKS:
        return name
    from screens.terminal import theme_files  # only for those who have themes

    return name if name in theme_files.names() else None


def keep(name: str) -> None:
    """For the next start."""
    with contextlib.suppress(OSError):
        folder = config.state_folder()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / CHOICE).write_text(name + "\n", encoding="utf-8")


class ThemeChosen(Message):
    """A theme to wear from now on, and what is poor about it; or why that cannot be."""

    def __init__(self, look: Look | None, words: str, *, is_well: bool = True) -> None:
        super().__init__()
        self.look, self.words, self.is_well = look, words, is_well


class Colours:
    """`post` takes its messages to the event loop: files are read in other threads than that."""

    def __init__(self, app: App[Any], post: Callable[[Message], object]) -> None:
        self._app, self._post = app, post
        self.own: tuple[str, ...] = ()
        """The names of the person's own themes, as of the last look."""
        self._followed = ""
        self._worn: Stamp | None = None
        self._looked: Stamp | None = None
        self._begins_with: ThemeChosen | None = None

    def begin(self) -> None:
        """With the theme chosen last."""
        for look in LOOKS.values():
            self._app.register_theme(look)
        name = chosen_last()
        self._app.theme = name if name in LOOKS else look_for_terminal().name
        if name and name not in LOOKS:
            self._begins_with = self._from_file(name)
            if self._begins_with.look is not None:
                self._app.register_theme(self._begins_with.look)
                self._app.theme = name

    def settle(self) -> None:
        """The first screen is there: what was wrong with the theme can be said."""
        if self._begins_with is not None and not self._begins_with.is_well:
            self._post(self._begins_with)

    def turn(self) -> None:
        """To the next one. Not on the event loop: it reads files."""
        self._list()
        every = [*LOOKS, *self.own]
        worn = self._followed or self._app.theme
        self.choose(every[(every.index(worn) + 1) % len(every)] if worn in every else every[0])

    def choose(self, name: str) -> None:
        """The theme of that name, also at the next start. Not on the event loop."""
        if name in LOOKS:
            self._followed = ""
            chosen = ThemeChosen(LOOKS[name], f"Colours: {LOOKS[name].title}")
        else:
            chosen = self._from_file(name)
        keep(name)
        self._post(chosen)

    def _list(self) -> None:
        from screens.terminal import theme_files

        self.own = tuple(theme_files.names())

    def look(self) -> None:
        """Whether the file that is followed was saved; several times a second, in the thread that notices things. A file is read
        when it has been the same for two looks: an editor may still be writing."""
        self._list()
        stamp = self._stamp() if self._followed else None
        is_new = stamp is not None and stamp != self._worn and stamp == self._looked
        self._looked = stamp
        if is_new:
            self._post(self._from_file(self._followed))

    def wear(self, chosen: ThemeChosen) -> None:
        """On the event loop."""
        if chosen.look is not None:
            self._app.register_theme(chosen.look)
            is_same = self._app.theme == chosen.look.name
            self._app.theme = chosen.look.name
            if is_same:
                self._app.mutate_reactive(App.theme)

    def _stamp(self) -> Stamp | None:
        from screens.terminal import theme_files

        path: Path = theme_files.path_of(self._followed)
        try:
            facts = path.stat()
        except OSError:
            return None
        return facts.st_mtime_ns, facts.st_size, facts.st_ino

    def _from_file(self, name: str) -> ThemeChosen:
        """A mistake in the file leaves the colours as they are, and the file is followed until it is mended."""
        from screens.terminal import theme_files

        self._followed = name
        self._worn = self._stamp()
        try:
            theme = theme_files.read(name)
        except FleettuiError as error:
            return ThemeChosen(None, str(error), is_well=False)
        return ThemeChosen(theme.look, theme.warning or f"Colours: {name}", is_well=not theme.warning)


class WearsThemes(App[int]):
    """An app whose colours the person chooses."""

    if TYPE_CHECKING:  # of the app as a whole

        def say(self, text: str, tone: SeverityLevel = "information", seconds: float = 5) -> None: ...

        def write_quietly(self, action: Callable[[], object]) -> None: ...

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.colours = Colours(self, self.post_message)

    @property
    def own_themes(self) -> tuple[str, ...]:
        return self.colours.own

    def use_theme(self, name: str) -> None:
        self.write_quietly(lambda: self.colours.choose(name))

    def do_theme(self) -> None:
        self.write_quietly(self.colours.turn)

    def on_theme_chosen(self, message: ThemeChosen) -> None:
        self.colours.wear(message)
        if message.is_well:
            self.say(message.words)
        else:
            self.say(message.words, "warning", MISTAKE_SECONDS)
