"""The id of a ticket, as people say it."""

from __future__ import annotations

import re

from fleettui.text import cleaning

LONGEST = 40
_SPOKEN = re.compile(r"#?(?:T-?)?(\d{1,18})", re.IGNORECASE)
_BARE = re.compile(r"#?(?:T-?)?(\d{3,18})", re.IGNORECASE)


def ticket_id(typed: str) -> str:
    """T-1042, of T-1042, t1042, #1042 or 1042; empty where it is none."""
    match = _SPOKEN.fullmatch(cleaning.line(typed, LONGEST).strip())
    return f"T-{match[1]}" if match else ""


def bare_ticket_id(typed: str) -> str:
    """The same where nothing says that a ticket is meant: a number of few digits may be any number."""
    match = _BARE.fullmatch(cleaning.line(typed, LONGEST).strip())
    return f"T-{match[1]}" if match else ""
