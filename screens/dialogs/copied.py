"""A text leaves by the terminal's clipboard. Nobody knows whether it arrived there, so the text itself is always to be seen, with
where it is to be pasted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from screens.dialogs.text_dialog import TextDialog
from screens.terminal.clipboard import invitation, sent_words
from screens.terminal.text import wrap
from screens.widgets.page import BLANK, Para, title

if TYPE_CHECKING:
    from screens.commands.host import Host

CORNER_WIDTH, CORNER_LINES = 64, 9
"""A text of so many lines fits above the keys; a longer one gets a page of its own."""
CORNER_SECONDS = 20


def nothing() -> None:
    """What follows where nothing follows."""


def copy(
    host: Host,
    text: str,
    note: str = "",
    *,
    goes_to: str = "",
    in_view: bool = False,
    then: Callable[[], None] = nothing,
) -> None:
    """The text to the clipboard, and shown.

    `note` stands above it, `goes_to` says where to paste it, `in_view`: the screen shows the whole text already. `then` is
    called once it is read.
    """
    about = [line for line in (note, destination(goes_to)) if line]
    if not in_view and len(wrap(text, CORNER_WIDTH)) > CORNER_LINES:
        copy_on_page(host, text, about, then=then)
        return
    host.copy_to_clipboard(text)
    sent = sent_words()
    if in_view:
        host.say(" ".join([*about, sent, "The text is on this page."]), seconds=8)
    else:
        host.say("\n".join([*about, f"{sent} {invitation(sent)}", text]), seconds=CORNER_SECONDS)
    then()


def copy_on_page(
    host: Host,
    text: str,
    about: Sequence[str],
    paras: Sequence[Para] = (),
    *,
    then: Callable[[], None] = nothing,
) -> None:
    """As `copy`, on a page that stays until it is closed; `paras` show the text where it is more than one."""
    host.copy_to_clipboard(text)
    sent = sent_words()
    head = [*map(title, about), Para(f"{sent} {invitation(sent)}", "muted"), BLANK]
    host.push_screen(TextDialog([*head, *(paras or [Para(text)])]), lambda _: then())


def destination(goes_to: str) -> str:
    """The sentence that says where to paste it."""
    return f"Paste it into {goes_to}." if goes_to else ""
