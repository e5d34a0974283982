"""The id of a ticket, where people type it and nothing else."""

from __future__ import annotations

import re

from fleettui.text import cleaning

LONGEST = 40
_TYPED = re.compile(r"(?:#?T-?|#)([0-9]{1,18})|([0-9]{3,18})", re.IGNORECASE)
"""A number of one or two digits alone may be any number."""


def ticket_id(typed: str) -> str:
    """T-1042, of T-1042, t1042, #1042 or 1042; empty where something else was typed."""
    match = _TYPED.fullmatch(cleaning.line(typed, LONGEST).strip())
    return f"T-{match[1] or match[2]}" if match else ""
