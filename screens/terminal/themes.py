"""The colours: dark, light, and the terminal's own 16. What a colour says is said by a sign or a word as well.

A theme is Textual's (backgrounds, fields, toasts: app.tcss) and the styles of the text that widgets draw line by line,
which are looked up here because a style sheet would be asked for each of them, for each widget, at every start.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
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
)
"""The names that a span of text may carry. `cursor` and `cursor-idle` are for a whole line."""


class Look:
    """A theme of Textual and the styles of the text that we draw."""

    def __init__(self, theme: Theme, title: str, **inks: str) -> None:
        self.theme, self.title, self._inks = theme, title, inks

    @cached_property
    def styles(self) -> Mapping[str, Style]:
        """By name. Only those of the look in use are ever made."""
        return {name.replace("_", "-"): Style.parse(ink) for name, ink in self._inks.items()}


DARK = Look(
    Theme(
        name="dark",
        dark=True,
        primary="#7aa2c8",
        secondary="#8fb8a8",
        accent="#d9a566",
        foreground="#d3d7dc",
        background="#16191d",
        surface="#1c2025",
        panel="#23282e",
        success="#8fbc8f",
        warning="#d9a566",
        error="#dd8378",
    ),
    "dark",
    muted="#88929d",
    strong="bold #eceff2",
    accent="#7aa2c8",
    good="#8fbc8f",
    warn="#d9a566",
    bad="#dd8378",
    heading="bold #7aa2c8",
    rule="#333b44",
    key="#d9a566",
    cursor="on #2c3a48",
    cursor_idle="on #23282e",
    marked="bold #d9a566",
    here="bold #eceff2 on #2c3a48",
)

LIGHT = Look(
    Theme(
        name="light",
        dark=False,
        primary="#2c5f8a",
        secondary="#3d7562",
        accent="#8f5a0b",
        foreground="#23282e",
        background="#f7f6f2",
        surface="#efeee8",
        panel="#e6e4dc",
        success="#2f6b3a",
        warning="#8f5a0b",
        error="#a3342b",
    ),
    "light",
    muted="#666d75",
    strong="bold #101418",
    accent="#2c5f8a",
    good="#2f6b3a",
    warn="#8f5a0b",
    bad="#a3342b",
    heading="bold #2c5f8a",
    rule="#d8d5cb",
    key="#8f5a0b",
    cursor="on #d5e2ee",
    cursor_idle="on #e6e4dc",
    marked="bold #8f5a0b",
    here="bold #101418 on #d5e2ee",
)

ANSI = Look(
    replace(
        BUILTIN_THEMES[
            "ansi-dark"
        ],  # it brings the variables that Textual's own style sheets ask of such a theme
        name="ansi",
        accent="ansi_cyan",
    ),
    "16 colours",
    muted="dim",
    strong="bold",
    accent="cyan",
    good="green",
    warn="yellow",
    bad="bold red",
    heading="bold cyan",
    rule="dim",
    key="cyan",
    cursor="reverse",
    cursor_idle="bold",
    marked="bold yellow",
    here="reverse",
)

LOOKS = {look.theme.name: look for look in (DARK, LIGHT, ANSI)}


def look_of(theme: Theme) -> Look:
    """The look of a theme of ours; of another, the one that suits it."""
    if theme.name in LOOKS:
        return LOOKS[theme.name]
    if theme.ansi:
        return ANSI
    return DARK if theme.dark else LIGHT


def look_for_terminal(environment: Mapping[str, str] = os.environ) -> Look:
    """Where the terminal has 16 colours or fewer, or none are wanted: its own. Else dark."""
    term = environment.get("TERM", "")
    few = term in ("linux", "vt100", "vt220", "ansi", "dumb") or term.endswith(("-16color", "-mono"))
    return ANSI if few or environment.get("NO_COLOR") is not None else DARK
