"""Themes that a person writes: `themes/NAME.toml` beside the person's config file, a colour for each role.

What the file leaves out is as in the dark or the light theme.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from fleettui import access, config, named_files
from fleettui.errors import WrongUsage
from fleettui.text.finding import did_you_mean
from screens.terminal.contrast import SIGN, TEXT, contrast, rgb
from screens.terminal.themes import DARK_COLOURS, GROUNDS, LIGHT_COLOURS, LOOKS, ROLES, TEXTS, Look, look_from

LARGEST = 64_000
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
BASE = "base"
BASES: Mapping[str, Mapping[str, str]] = {"dark": DARK_COLOURS, "light": LIGHT_COLOURS}
LINE_GROUNDS = ("background", "surface", "panel")
"""What lines are drawn on: none goes through the cursor's row."""


class ThemeFile(Struct, frozen=True):
    """A theme that was read, and what is poor about it; empty where nothing is."""

    look: Look
    warning: str = ""


def folder() -> Path:
    return config.user_config().parent / "themes"


def names() -> list[str]:
    """Of the themes that there are, in order; those of a restricted account are its administrator's business, so it has none."""
    if access.current().restricted:
        return []
    try:
        files = sorted(file.stem for file in folder().iterdir() if file.suffix == ".toml")
    except OSError:
        return []
    return [name for name in files if NAME.fullmatch(name) and name not in LOOKS]


def path_of(name: str) -> Path:
    return folder() / f"{name}.toml"


def read(name: str) -> ThemeFile:
    """The theme of that name; a mistake in its file is `WrongUsage`, in one line."""
    import tomllib  # only for those who have themes

    path = path_of(name)
    try:
        values = tomllib.loads(named_files.read(path, LARGEST).decode("utf-8"))
    except UnicodeDecodeError:
        raise WrongUsage(f"{path}: is no text in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise WrongUsage(f"{path}: {error}") from None
    try:
        base = _base_of(values)
        colours = {**BASES[base], **_colours_of(values)}
    except WrongUsage as error:
        raise WrongUsage(error.text, field=f"{path}: {error.field}") from None
    return ThemeFile(look_from(name, name, colours, is_dark=base == "dark"), _warning(name, colours))


def _base_of(values: dict[str, Any]) -> str:
    base = values.pop(BASE, "dark")
    if not (isinstance(base, str) and base in BASES):
        raise WrongUsage(f'expected "dark" or "light", not {base!r}', field=BASE)
    return base


def _colours_of(values: Mapping[str, Any]) -> dict[str, str]:
    for role, colour in values.items():
        if role not in ROLES:
            near = did_you_mean(role, ROLES)
            every = ", ".join(ROLES)
            raise WrongUsage(f"no theme has such a colour{near or f'; there are {every}'}", field=role)
        if not (isinstance(colour, str) and COLOUR.fullmatch(colour)):
            raise WrongUsage(f'expected a colour like "{DARK_COLOURS[role]}", not {colour!r}', field=role)
    return dict(values)


def _warning(name: str, colours: Mapping[str, str]) -> str:
    """The worst of what stands out too little to be read by everybody."""
    pairs = [(ink, ground, TEXT) for ink in TEXTS for ground in GROUNDS]
    pairs += [("rule", ground, SIGN) for ground in LINE_GROUNDS]
    poor = [
        (ratio / needed, ink, ground, ratio, needed)
        for ink, ground, needed in pairs
        if (ratio := contrast(rgb(colours[ink]), rgb(colours[ground]))) < needed
    ]
    if not poor:
        return ""
    _, ink, ground, ratio, needed = min(poor)
    others = f"; {len(poor) - 1} more are below theirs" if len(poor) > 1 else ""
    return f"{name}: {ink} on {ground} has a contrast of {ratio:.2f}, and needs {needed:g}{others}."
