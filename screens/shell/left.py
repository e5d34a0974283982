"""Where a person left each workspace, for the next start; and whether they want to begin there."""

from __future__ import annotations

import contextlib
from pathlib import Path
from urllib.parse import quote

import msgspec

from fleettui import config
from fleettui.config import Address
from screens.commands.place import Place

LEFT, START, ON_TODAY = "left", "start", "today"
LONGEST_NAME = 200


def _file(home: Address) -> Path:
    return config.state_folder() / LEFT / f"{quote(str(home), safe='')[-LONGEST_NAME:]}.json"


def place_left(home: Address) -> Place | None:
    """Nothing at a first start, or where the person begins on Today."""
    if not begins_where_left():
        return None
    try:
        return msgspec.json.decode(_file(home).read_bytes(), type=Place)
    except (OSError, ValueError, RecursionError):
        return None


def keep_place(home: Address, place: Place) -> None:
    """A courtesy: where it cannot be written, the next start begins on Today."""
    file = _file(home)
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_bytes(msgspec.json.encode(place))


def begins_where_left() -> bool:
    try:
        return (config.state_folder() / START).read_text(encoding="utf-8").strip() != ON_TODAY
    except (OSError, UnicodeDecodeError):
        return True


def begin_where_left(wanted: bool) -> None:
    """Or on Today."""
    file = config.state_folder() / START
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text(LEFT if wanted else ON_TODAY, encoding="utf-8")
