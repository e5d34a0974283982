"""The colours: dark, light, and the terminal's own 16. What a colour says is said by a sign or a word as well.

A theme is Textual's (backgrounds, fields, toasts: app.tcss) and the styles of the text that widgets draw line by line,
which are looked up here because a style sheet would be asked for each of them, for each widget, at every start.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rich.style import Style
from textual.theme import BUILTIN_THEMES, Theme

STYLES = (
    "muted",
    "strong",
    "accent",
    "good",
    "warn",
    "bad",
    "heading",
    "rule",
    "key",
    "cursor",
    "cursor-idle",
    "marked",
    "here",
    "match",
)
"""The names that a span of text may carry. `cursor` and `cursor-idle` are for a whole line."""


@dataclass
class Look(Theme):
    """A theme of Textual and the styles of the text that we draw."""

    title: str = ""
    inks: Mapping[str, str] = field(default_factory=dict)
    """What `Style.parse` reads, by the name of the style."""

    @cached_property
    def styles(self) -> Mapping[str, Style]:
        """By name. Only those of the look in use are ever made."""
        return {name: Style.parse(ink) for name, ink in self.inks.items()}


ROLES = {
    "background": "behind everything",
    "surface": "behind forms and long texts",
    "panel": "behind fields and messages",
    "cursor": "behind the row under the cursor, and behind the field that is typed in",
    "cursor-idle": "behind the row under the cursor of a list that has not the keys",
    "text": "ordinary text",
    "strong": "titles of pages, the name of the workspace",
    "muted": "what is said beside: labels, titles of columns",
    "accent": "headings, the sign of the cursor",
    "good": "done, open, well",
    "warn": "soon; keys and marks",
    "bad": "late, failed",
    "rule": "lines between things",
}
"""What each colour of a theme is for."""
GROUNDS = ("background", "surface", "panel", "cursor", "cursor-idle")
"""The roles that stand behind text."""
TEXTS = ("text", "strong", "muted", "accent", "good", "warn", "bad")
"""The roles that text is written in, on any of the grounds."""


def look_from(name: str, title: str, colours: Mapping[str, str], *, is_dark: bool) -> Look:
    """A theme of these colours, one for each role."""
    text, background, cursor = colours["text"], colours["background"], colours["cursor"]
    accent, warn, strong = colours["accent"], colours["warn"], colours["strong"]
    return Look(
        name=name,
        title=title,
        dark=is_dark,
        primary=accent,
        secondary=colours["good"],
        accent=warn,
        foreground=text,
        background=background,
        surface=colours["surface"],
        panel=colours["panel"],
        success=colours["good"],
        warning=warn,
        error=colours["bad"],
        variables={  # what Textual would mix itself, by transparency, is too pale to be read
            "text": text,
            "text-muted": colours["muted"],
            "text-disabled": colours["muted"],
            "text-accent": warn,
            "text-success": colours["good"],
            "text-warning": warn,
            "text-error": colours["bad"],
            "input-cursor-background": text,
            "input-cursor-foreground": background,
            "input-selection-background": accent,
            "input-selection-foreground": background,
            "screen-selection-background": accent,
            "screen-selection-foreground": background,
            "border": accent,
            "border-blurred": colours["rule"],
            "scrollbar": colours["rule"],
            "scrollbar-hover": accent,
            "scrollbar-active": accent,
            "scrollbar-background": colours["panel"],
            "cursor": cursor,
            "rule": colours["rule"],
        },
        inks={
            **{role: colours[role] for role in (*TEXTS, "rule") if role != "text"},
            "strong": f"bold {strong}",
            "heading": f"bold {accent}",
            "key": warn,
            "marked": f"bold {warn}",
            "cursor": f"on {cursor}",
            "cursor-idle": f"on {colours['cursor-idle']}",
            "here": f"bold {strong} on {cursor}",
            "match": f"underline {warn}",
        },
    )


DARK_COLOURS = {
    "background": "#14171b",
    "surface": "#1a1e23",
    "panel": "#20252b",
    "cursor": "#243342",
    "cursor-idle": "#20252b",
    "text": "#e4e7eb",
    "strong": "#ffffff",
    "muted": "#bcc3ca",
    "accent": "#a3c8f0",
    "good": "#9cd49c",
    "warn": "#efba6c",
    "bad": "#ffaca2",
    "rule": "#8391a2",
}
LIGHT_COLOURS = {
    "background": "#f9f8f4",
    "surface": "#f1f0ea",
    "panel": "#e9e7df",
    "cursor": "#d8e5f1",
    "cursor-idle": "#e9e7df",
    "text": "#181c21",
    "strong": "#000000",
    "muted": "#42474d",
    "accent": "#1a4770",
    "good": "#1a5026",
    "warn": "#633e00",
    "bad": "#871f18",
    "rule": "#696556",
}
DARK = look_from("dark", "dark", DARK_COLOURS, is_dark=True)
LIGHT = look_from("light", "light", LIGHT_COLOURS, is_dark=False)

ANSI_DARK = BUILTIN_THEMES[
    "ansi-dark"
]  # it brings the variables that Textual's own style sheets ask of such a theme
ANSI = Look(
    **{
        **vars(ANSI_DARK),
        "name": "ansi",
        "accent": "ansi_cyan",
        "variables": {**ANSI_DARK.variables, "cursor": f"{ANSI_DARK.primary} 25%", "rule": "ansi_default"},
    },
    title="16 colours",
    inks={
        "muted": "dim",
        "strong": "bold",
        "accent": "cyan",
        "good": "green",
        "warn": "yellow",
        "bad": "bold red",
        "heading": "bold cyan",
        "rule": "dim",
        "key": "cyan",
        "cursor": "reverse",
        "cursor-idle": "bold",
        "marked": "bold yellow",
        "here": "reverse",
        "match": "underline",
    },
)
"""Which colours these are, the person's terminal decides: their contrast cannot be computed. Nothing is told by them alone."""

LOOKS = {look.name: look for look in (DARK, LIGHT, ANSI)}


def look_of(theme: Theme) -> Look:
    """The look of a theme of ours; of another, the one that suits it."""
    if isinstance(theme, Look):
        return theme
    if theme.ansi:
        return ANSI
    return DARK if theme.dark else LIGHT


def look_for_terminal(environment: Mapping[str, str] = os.environ) -> Look:
    """Where the terminal has 16 colours or fewer, or none are wanted: its own. Else dark."""
    term = environment.get("TERM", "")
    few = term in ("linux", "vt100", "vt220", "ansi", "dumb") or term.endswith(("-16color", "-mono"))
    return ANSI if few or environment.get("NO_COLOR") is not None else DARK
