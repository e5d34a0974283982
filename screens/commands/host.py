"""What screens, dialogs and widgets may ask of the app. They import this protocol and never `screens.app`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel
    from textual.screen import Screen
    from textual.timer import Timer
    from textual.worker import Worker

    from fleettui.workspace.workspace import Workspace
    from screens.commands.place import Place
    from screens.terminal.layouts import Layout

T = TypeVar("T")


class Nearest(Struct, frozen=True):
    """The next of my promises, while it is near."""

    id: str
    due: datetime
    left: str
    """In the words of the queue, as of the last minute: business time, where the promise counts that."""
    subject: str


class HeaderLine(Struct, frozen=True):
    """What the first line of every screen says."""

    workspace: str = ""
    me: str = ""
    clock: str = ""
    open: bool = True
    opening: str = ""
    others: tuple[str, ...] = ()
    untriaged: int = 0
    """How many tickets nobody has triaged: on the tab of Triage (SUP-19)."""
    late: int = 0
    """How many of my answers are: on the tab of Triage."""
    news: tuple[tuple[str, int], ...] = ()
    """How many things new for me belong to a screen: on its tab."""
    nearest: Nearest | None = None
    """On a line of its own, while there is one."""
    troubles: tuple[str, ...] = ()
    """Connections that do not work and mistakes in the handbook, in words: on the line below the two."""


class Owner(Protocol):
    """Whoever carries out the commands of a scope: the app, a screen, a widget."""

    @property
    def fleettui(self) -> Host: ...

    @property
    def workspace(self) -> Workspace: ...

    @property
    def actions(self) -> Sequence[object]:
        """Objects beside the owner that carry out some of its commands, and may say why not."""

    @property
    def common_actions(self) -> Sequence[object]:
        """Such objects that all owners of a kind have."""

    def why_not(self, command_id: str) -> str | None: ...


class FrontScreen(Owner, Protocol):
    """One of the seven screens, as far as others ask it."""

    NAME: ClassVar[str]
    CHANGES: ClassVar[frozenset[str]]

    def show_header(self) -> None:
        """What the header says may have changed."""

    def came_back(self, ids: Sequence[str]) -> None:
        """Undo or redo changed these documents."""

    def reveal(self, id_: str, step: str = "") -> None:
        """Put the cursor on the document that this screen shows; `step` is a part of it, or a day (of a ritual)."""

    def to_copy(self) -> str:
        """What is in front of the person, as text; empty where there is nothing."""

    def shows(self, text: str) -> bool:
        """Whether the page that is to be seen has the whole text on it."""

    def whereabouts(self) -> Place:
        """Where one is on it."""

    def return_to(self, place: Place) -> None:
        """As far as it is still there."""

    def go_to_view(self, key: str) -> None:
        """Show the view of that key."""

    def open_document(self, id_: str) -> None:
        """As `reveal`; what the document says is shown, too."""

    def links_here(self) -> Sequence[str]:
        """The addresses on the page of the row under the cursor, in order."""

    def customer_here(self) -> str:
        """The id of the customer whom the row under the cursor is about; empty where there is none."""


class Host(Owner, Protocol):
    """The app, as the modules below it see it. The names in the last part are Textual's own."""

    # To the person

    def say(self, text: str, tone: SeverityLevel = "information", seconds: float = 5) -> None:
        """Show a line or two above the keys, a toast; what stands there gives way."""

    def report(self, error: Exception, doing: str) -> None:
        """Show one line about what went wrong; what nobody expected is also logged."""

    @property
    def message(self) -> str:
        """What `say` shows now; empty where nothing is shown."""

    @property
    def chord(self) -> str:
        """The keys of a chord that is under way, by blanks; empty: none is."""

    @property
    def has_screens(self) -> bool:
        """Not while the app begins or ends."""

    def header_line(self) -> HeaderLine: ...

    layouts: dict[str, Layout]
    """How the person has arranged each screen."""

    # To the workspace and the other sessions

    def write(
        self,
        action: Callable[[], T],
        then: Callable[[T], None] | None = None,
        refused: Callable[[Exception], None] | None = None,
        doing: str = "saving",
        *,
        keys_wait: bool = False,
    ) -> None:
        """Run `action` in the writing thread; then `then` with its result, or `refused` with its error. `keys_wait`: that opens
        or closes something, or moves the cursor, and the next keys are meant for it."""

    def read(
        self, action: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        """Run `action`, which only reads and may wait for files or a network, in the writing thread; then `then` with its
        result, or `failed` with its error."""

    def write_quietly(self, action: Callable[[], object]) -> None:
        """Run `action` in the writing thread; nobody waits for it, and its failure is not reported."""

    def announce(self, screen: str, looking_at: str | None = None, typing: bool = False) -> None:
        """Let the other sessions see which screen and document I look at, and whether I am typing."""

    def everything_changed(self) -> None:
        """What is shown may be out of date: show it anew. `write` does so by itself."""

    def use_theme(self, name: str) -> None:
        """These colours from now on, also at the next start."""

    @property
    def own_themes(self) -> tuple[str, ...]:
        """The names of those that the person has files of."""

    # Among screens

    @property
    def base_screen(self) -> FrontScreen:
        """The one of the seven that is in front, or below the dialog that is open over it."""

    async def go(self, name: str) -> None:
        """To the screen of that name."""

    def note_place(self) -> None:
        """Remember where one is, for the way back: a command begins."""

    def open_views(self, wish: str, views: Any) -> None:
        """The dialog of a board's views to "choose" or "keep" one, or its "columns"."""

    async def wait_for_screen(self) -> None:
        """Wait until what was pushed over the screen can take keys."""

    # Textual's

    @property
    def screen(self) -> Screen[Any]: ...

    def push_screen(
        self,
        screen: Screen[T],
        callback: Callable[[T | None], None] | Callable[[T | None], Awaitable[None]] | None = None,
    ) -> Awaitable[None]: ...

    def copy_to_clipboard(self, text: str) -> None: ...

    def bell(self) -> None: ...

    def set_timer(self, delay: float, callback: Callable[[], Any] | None = None) -> Timer: ...

    def set_interval(self, interval: float, callback: Callable[[], Any] | None = None) -> Timer: ...

    def call_later(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> bool: ...

    def call_from_thread(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> Any: ...

    def run_worker(
        self, work: Callable[[], Any], *, group: str, thread: bool, exit_on_error: bool
    ) -> Worker[Any]: ...
