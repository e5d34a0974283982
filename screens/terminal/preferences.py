"""What a person has chosen for all sessions on this box: the colours."""

from __future__ import annotations

import contextlib

from fleettui import config
from screens.terminal.themes import LOOKS

THEME = "theme"


def theme() -> str | None:
    """The theme chosen last, if it is one of ours."""
    try:
        name = (config.state_folder() / THEME).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return name if name in LOOKS else None


def keep_theme(name: str) -> None:
    """For the next start."""
    with contextlib.suppress(OSError):
        folder = config.state_folder()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / THEME).write_text(name + "\n", encoding="utf-8")
