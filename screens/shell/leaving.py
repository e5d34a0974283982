"""What Ctrl+C says: people press it to leave, and in a text to copy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from screens.commands.effective import with_keys

if TYPE_CHECKING:
    from textual.screen import Screen

ON_A_SCREEN = "[app.leave] leaves; what you did is saved. Ctrl+C only copies."
IN_A_DIALOG = "[form.close] closes this; [app.leave_now] leaves fleettui."
WHILE_TYPING = "[form.close] closes this, [app.leave_now] leaves; your text stays as a draft."
IN_A_LINE = "[filter.clear] closes this line; [app.leave_now] leaves fleettui."


@runtime_checkable
class HasDraft(Protocol):
    """A screen in which somebody types."""

    def keep_draft(self) -> None: ...


def keep_drafts(screens: Iterable[Screen[Any]]) -> None:
    """Of everything that is being typed on any of them: there may be no later."""
    for screen in screens:
        if isinstance(screen, HasDraft):
            screen.keep_draft()


def has_selection(screen: Screen[Any]) -> bool:
    """Whether Ctrl+C has something to copy."""
    from textual.widgets import Input, TextArea  # late: no list needs them

    focused = screen.focused
    if isinstance(focused, Input | TextArea) and focused.selected_text:
        return True
    return bool(screen.get_selected_text())


def how_to_leave(screen: Screen[Any], *, is_over: bool) -> str:
    """By the keys that work here and now. `is_over`: it was opened over one of the seven screens."""
    from textual.widgets import Input

    if isinstance(screen, HasDraft):
        return with_keys(WHILE_TYPING)
    if is_over:
        return with_keys(IN_A_DIALOG)
    return with_keys(IN_A_LINE if isinstance(screen.focused, Input) else ON_A_SCREEN)
