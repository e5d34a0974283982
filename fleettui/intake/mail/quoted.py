"""Cuts off the earlier mails that a reply quotes at its end: the ticket has them already."""

from __future__ import annotations

import re

from fleettui.intake.mail.languages import LANGUAGES, Words, any_of, every

_LONGEST_LINE = 400
_LONGEST_INTRODUCTION = 3
"""Lines over which mail programs fold "On Monday, Dana wrote:"."""

_DASHES = r"[-–—_=]{2,}"
_SEPARATOR = re.compile(
    rf"\s*(?:>\s*)?{_DASHES}\s*(?:{any_of(every('original'))}|{any_of(every('forwarded'))})\s*{_DASHES}\s*",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*_{10,}\s*")
"""Outlook draws a line above the headers of what it quotes."""

_TIME_OR_ADDRESS = re.compile(r"[0-9][:.h][0-9]{2}|\S@\S")
_DIGIT = re.compile(r"[0-9]")


def header_line(names: tuple[str, ...]) -> str:
    """A pattern for a header as programs print it: "From: Dana", "*Von:* Dana", "De : Dana"."""
    return rf"\s*\*?(?:{any_of(names)})\s*:\*?\s+\S.*"


def _block(words: Words) -> tuple[re.Pattern[str], re.Pattern[str]]:
    others = (*words.sent, *words.to, *words.subject)
    return (
        re.compile(header_line(words.sender), re.IGNORECASE),
        re.compile(header_line(others), re.IGNORECASE),
    )


_BLOCKS = tuple(_block(words) for words in LANGUAGES.values())
"""For each language: the line that begins a block of headers, and those that follow."""

_INTRODUCTIONS = tuple(
    (
        re.compile(rf"\s*(?:{any_of(words.opens)})\b", re.IGNORECASE),
        re.compile(rf"\b(?:{any_of(words.wrote)})\b[^:]{{0,200}}:\s*$", re.IGNORECASE),
    )
    for words in LANGUAGES.values()
)
"""For each language, both ends of "On Mon, Mar 9, 2026 at 8:00 AM Dana wrote:", "Am 09.03.26 um 08:00 schrieb Dana:"."""


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
    return at - _introduction_above(rows, at)


def _introduction_above(rows: list[str], at: int) -> int:
    """How many lines above the quoted ones introduce them."""
    for lines in range(1, _LONGEST_INTRODUCTION + 1):
        if is_introduction(rows[max(at - lines, 0) : at]):
            return lines
    for lines in (1, 2):
        intro = " ".join(rows[max(at - lines, 0) : at]).strip()
        # The second half of such an introduction begins with the address.
        whole = intro.endswith(":") and not intro.startswith("<") and len(intro) < _LONGEST_LINE
        if whole and re.search(r"[@0-9]", intro):
            return lines
    return 0


def is_introduction(rows: list[str]) -> bool:
    """Whether these lines are what a program writes above a quoted mail."""
    if not all(row.strip() for row in rows):
        return False
    text = " ".join(row.strip() for row in rows)
    if len(text) >= _LONGEST_LINE or not text.endswith(":") or not _DIGIT.search(text):
        return False
    return any(opens.match(text) and wrote.search(text) for opens, wrote in _INTRODUCTIONS)


def _old_mail(rows: list[str]) -> int:
    """Where a mail begins that is quoted without marks: below a separator or an introduction, or with its headers."""
    last_mark = max((number for number, row in enumerate(rows) if row.lstrip().startswith(">")), default=-1)
    for number, row in enumerate(rows):
        introduced = number > last_mark and is_introduction([row]) and _TIME_OR_ADDRESS.search(row)
        if introduced or _SEPARATOR.fullmatch(row) or _begins_headers(rows, number):
            before = rows[number - 1] if number else ""
            return number - 1 if _RULE.fullmatch(before) else number
    return len(rows)


def _begins_headers(rows: list[str], number: int) -> bool:
    if ":" not in rows[number][:40]:
        return False
    following = next((later for later in rows[number + 1 : number + 3] if later.strip()), "")
    return any(first.fullmatch(rows[number]) and other.fullmatch(following) for first, other in _BLOCKS)
