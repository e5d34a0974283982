"""Cuts off the earlier mails that a reply quotes at its end: the ticket has them already."""

from __future__ import annotations

import re

_LONGEST_LINE = 400
_SEPARATOR = re.compile(
    r"\s*-{3,}\s*(?:original message|ursprüngliche nachricht|message d'origine)\s*-{3,}\s*", re.I
)
_OUTLOOK = re.compile(r"\s*\*?from:\*?\s+\S.*", re.I)
_OUTLOOK_NEXT = re.compile(r"\s*\*?(?:sent|date|to|cc|subject):\*?\s+\S.*", re.I)


def without_history(body: str) -> str:
    """The body without what is quoted at its end; answers between quoted lines stay with them, and so does a body that is
    nothing else."""
    rows = body.split("\n")
    end = min(_quoted_end(rows), _old_mail(rows))
    kept = "\n".join(rows[:end]).rstrip()
    if not kept or end == len(rows):
        return body
    return f"{kept}\n\n[{_count(rows[end:])} of earlier mail left out]"


def _count(rows: list[str]) -> str:
    number = sum(1 for row in rows if row.strip())
    return "1 line" if number == 1 else f"{number} lines"


def _quoted_end(rows: list[str]) -> int:
    """Where the last run of quoted lines begins that reaches the end, with "On Monday, Dana wrote:" before it."""
    at = len(rows)
    while at and (not rows[at - 1].strip() or rows[at - 1].lstrip().startswith(">")):
        at -= 1
    if not any(row.lstrip().startswith(">") for row in rows[at:]):
        return len(rows)
    for lines in (1, 2):
        intro = " ".join(rows[max(at - lines, 0) : at]).strip()
        # The second half of such an introduction begins with the address.
        whole = intro.endswith(":") and not intro.startswith("<") and len(intro) < _LONGEST_LINE
        if whole and re.search(r"[@0-9]", intro):
            return max(at - lines, 0)
    return at


def _old_mail(rows: list[str]) -> int:
    for number, row in enumerate(rows):
        following = next((later for later in rows[number + 1 : number + 3] if later.strip()), "")
        if _SEPARATOR.fullmatch(row) or (_OUTLOOK.fullmatch(row) and _OUTLOOK_NEXT.fullmatch(following)):
            return number
    return len(rows)
