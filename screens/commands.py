"""Every command of the app, declared once.

From here come the key bindings, the footer, the palette, the help screen and docs/keys.md. A command `team.edit` is
carried out by the method `do_edit` of whatever owns the scope `team` (see dispatch.py). The id is also what a user's
keymap names, so ids do not change.
"""

from __future__ import annotations

import msgspec
from textual.binding import Binding, BindingType

ANYWHERE = "anywhere"
INSIDE = ("list", "page", "filter", "form", "picker", "help")
"""Scopes of what is typed into or moved in: nobody looks for these by name."""


class Command(msgspec.Struct, frozen=True):
    id: str
    title: str
    """One or two words, for the footer and the palette."""
    help: str
    """One sentence: what it does."""
    keys: str
    """As Textual writes them, by commas."""
    scope: str = ANYWHERE
    footer: bool = False
    while_typing: bool = False
    """Works in a text field and over a form too: for keys that no text contains."""
    named: bool = True
    """Found by its name in the palette, if its scope is one of those."""

    @property
    def verb(self) -> str:
        """The last word of the id: `do_<verb>` carries it out."""
        return self.id.rpartition(".")[2]

    @property
    def in_palette(self) -> bool:
        return self.named and self.scope not in INSIDE


def _go(number: int, screen: str, what: str) -> Command:
    return Command(f"go.{screen}", screen.capitalize(), what, str(number))


COMMANDS: tuple[Command, ...] = (
    # Anywhere
    _go(1, "today", "What needs you now: who is here, what is open, what changed."),
    _go(2, "rituals", "The team's recurring duties."),
    _go(3, "calls", "Customer calls and what prepares them."),
    _go(4, "triage", "The support queue and what it promises."),
    _go(5, "playbooks", "Checklists for what is done on demand."),
    _go(6, "team", "Who we are, who is away, who covers."),
    Command("app.help", "help", "Shows the keys that work here.", "question_mark", footer=True),
    Command(
        "app.palette",
        "commands",
        "Finds every command by its name.",
        "ctrl+p",
        footer=True,
        while_typing=True,
    ),
    Command("app.undo", "undo", "Takes back your last change, after it was saved.", "u"),
    Command("app.copy", "copy", "Copies what is in front of you to your terminal's clipboard.", "y"),
    Command("app.theme", "theme", "Changes the colours: dark, light, or your terminal's own 16.", "T"),
    Command(
        "app.redraw", "redraw", "Draws the whole screen again, after something else wrote over it.", "ctrl+l"
    ),
    Command("app.leave", "leave", "Leaves; what you typed stays as a draft.", "q"),
    Command(
        "app.leave_now",
        "leave",
        "Leaves, also while you are typing.",
        "ctrl+q",
        while_typing=True,
        named=False,
    ),
    # Every list
    Command("list.down", "down", "One row down.", "j,down", "list"),
    Command("list.up", "up", "One row up.", "k,up", "list"),
    Command("list.page_down", "page down", "One page down.", "pagedown,ctrl+d", "list"),
    Command("list.page_up", "page up", "One page up.", "pageup,ctrl+u", "list"),
    Command("list.top", "first", "To the first row.", "g,home", "list"),
    Command("list.bottom", "last", "To the last row.", "G,end", "list"),
    Command("list.open", "open", "Opens the row.", "enter,l,right", "list", footer=True),
    # Every screen with a list and the thing itself
    Command(
        "board.filter", "filter", "Shows only rows with the words you type.", "slash", "board", footer=True
    ),
    Command("board.back", "every row", "Takes the filter away.", "escape", "board"),
    # The filter line
    Command("filter.done", "keep", "Back to the list; the filter stays.", "enter", "filter", footer=True),
    Command("filter.clear", "clear", "Back to the list; every row again.", "escape", "filter", footer=True),
    Command("filter.down", "down", "One row down.", "down", "filter"),
    Command("filter.up", "up", "One row up.", "up", "filter"),
    # Text that is longer than its place
    Command("page.back", "back", "Back to the list.", "escape,h,left", "page", footer=True),
    Command("page.down", "down", "One line down.", "j,down", "page"),
    Command("page.up", "up", "One line up.", "k,up", "page"),
    Command("page.page_down", "page down", "One page down.", "pagedown,space,ctrl+d", "page"),
    Command("page.page_up", "page up", "One page up.", "pageup,ctrl+u", "page"),
    Command("page.top", "start", "To the first line.", "g,home", "page"),
    Command("page.bottom", "end", "To the last line.", "G,end", "page"),
    # Forms
    Command("form.save", "save", "Saves what the form says.", "ctrl+s", "form", footer=True),
    Command("form.close", "close", "Closes; what you typed stays as a draft.", "escape", "form", footer=True),
    Command(
        "form.reset", "start over", "Every field as it was; the draft goes.", "ctrl+r", "form", footer=True
    ),
    Command("form.next", "next", "To the next field.", "enter,down", "form"),
    Command("form.previous", "previous", "To the field before.", "up", "form"),
    # Choosing from a list by typing
    Command("picker.choose", "choose", "Takes the row.", "enter", "picker", footer=True),
    Command("picker.close", "close", "Back, with nothing chosen.", "escape", "picker", footer=True),
    Command("picker.down", "down", "One row down.", "down,ctrl+n", "picker"),
    Command("picker.up", "up", "One row up.", "up", "picker"),
    # Help
    Command("help.close", "close", "Back to where you were.", "escape,h,left", "help", footer=True),
    # Team
    Command("team.add", "add", "Adds a person to the list.", "a", "team", footer=True),
    Command("team.edit", "edit", "Changes what is written about the person.", "e", "team", footer=True),
    Command("team.away", "away", "Writes down days off, and who covers them.", "w", "team", footer=True),
)

BY_ID = {command.id: command for command in COMMANDS}

SCOPES = {
    ANYWHERE: "Anywhere",
    "list": "In every list",
    "board": "On a screen with a list",
    "page": "In a longer text",
    "filter": "While filtering",
    "form": "In a form",
    "picker": "While choosing",
    "help": "On this page",
    "team": "On Team",
}


def in_scope(scope: str) -> list[Command]:
    return [command for command in COMMANDS if command.scope == scope]


def bindings(scope: str) -> list[BindingType]:
    """What Textual needs to know of a scope's keys; each carries its command's id, for a keymap."""
    return [
        Binding(
            command.keys,
            f"command('{command.id}')",
            command.title,
            show=command.footer,
            priority=command.while_typing,
            id=command.id,
        )
        for command in in_scope(scope)
    ]


KEY_WORDS = {
    "question_mark": "?",
    "slash": "/",
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "tab": "Tab",
}


def key_word(key: str) -> str:
    """How a key is written for people: `ctrl+p` is Ctrl+P."""
    *held, last = key.strip().split("+")
    word = KEY_WORDS.get(last, last.upper() if held else last)
    return "+".join([*(name.capitalize() for name in held), word])


def key_words(keys: str) -> str:
    return " ".join(key_word(key) for key in keys.split(","))
