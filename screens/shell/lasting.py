"""A session lasts all day: what is closed is let go.

Textual 8 keeps some of what nobody sees any more, and goes through part of it at each layout. Each is let go here by its public
methods, or in the widget that it concerns (`widgets/text_pane.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.await_complete import AwaitComplete
from textual.notifications import SeverityLevel
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.screen import Screen
    from textual.timer import Timer

LONGER = 1.0
"""Seconds that Textual would show a message after the app has taken it away."""


def forget_lines(top: DOMNode) -> None:
    """Textual remembers two colours for each of the last 1,024 widgets, and with them the widget's drawn lines, closed or not:
    some 40 MB. A widget that is refreshed forgets its lines."""
    for widget in top.walk_children(Widget, with_self=True):
        widget.refresh()


class LastsAllDay(App[int]):
    """An app in which a closed dialog or message leaves nothing behind."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._message_timer: Timer | None = None
        self._kept_screens: list[Screen[Any]] = []
        self.message = ""
        """What stands above the keys now."""
        self.when_corner_is_free: Callable[[], object] = lambda: None
        """Called when a dialog has been closed, or the message taken away."""

    def install_screen(self, screen: Screen[Any], name: str) -> None:
        super().install_screen(screen, name)
        self._kept_screens.append(screen)

    def pop_screen(self) -> AwaitComplete:
        closed = self.screen
        popping = super().pop_screen()
        if not self.is_screen_installed(closed):
            forget_lines(closed)
        self.when_corner_is_free()
        return popping

    def say(self, text: str, tone: SeverityLevel = "information", seconds: float = 5) -> None:
        """A line or two above the keys, in the place of the one before. What stands there gives way: nothing is covered."""
        self.clear_notifications()
        self.message = text
        self.notify(text, severity=tone, timeout=seconds + LONGER, markup=False)
        self._message_timer = self.set_timer(seconds, self.clear_notifications)
        self.call_after_refresh(self._keep_field_in_sight)

    def _keep_field_in_sight(self) -> None:
        """A form that gave way may have its lowest fields below the edge."""
        if len(self.screen_stack) > 1 and self.focused is not None:
            self.focused.scroll_visible(animate=False)

    def clear_notifications(self) -> None:
        """Textual takes the message away and leaves the container that it was in; all of them would stay, also in a screen that
        the person left while the message stood there."""
        super().clear_notifications()
        self.message = ""
        if self._message_timer is not None:
            self._message_timer.stop()
            self._message_timer = None
        for screen in {*self.screen_stack, *self._kept_screens}:
            for holder in screen.query("ToastHolder"):
                holder.display = False
                forget_lines(holder)
                holder.remove()
        self.when_corner_is_free()
