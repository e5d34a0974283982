"""A mail that somebody passed on within theirs: who wrote it, when, and what; and the words of whoever passed it on."""

from __future__ import annotations

import re
from datetime import datetime
from hashlib import sha256

import msgspec

from fleettui.intake.mail.languages import LANGUAGES, any_of, every
from fleettui.intake.mail.printed_dates import printed_date
from fleettui.text import cleaning

_DASHES = r"[-–—_]{2,}"
_SEPARATOR = re.compile(
    rf"\s*(?:{_DASHES}\s*(?:{any_of(every('forwarded'))})\s*{_DASHES}|(?:{any_of(every('forwarded'))})\s*:)\s*",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*(?:_{10,}|-{2,}\s*(?:" + any_of(every("original")) + r")\s*-{2,})\s*", re.IGNORECASE)
_HEADER = re.compile(r"\s*\*?([^\W\d_][^:*]{0,30}?)\s*:\*?(?:\s+(.*)|)")
_ADDRESS = re.compile(r"[^\s<>@,;:\"'()\[\]]{1,100}@[^\s<>@,;:\"'()\[\]]{1,150}")
_MARK = re.compile(r"^\s*> ?")
_MOST_HEADERS = 30
"""Lines that the headers may take: lists of recipients are folded."""

_COPIES = ("cc", "kopie", "kopie (cc)", "copie à")
_KINDS = {
    name: kind
    for kind in ("subject", "to", "sent", "sender")
    for words in LANGUAGES.values()
    for name in getattr(words, kind)
} | dict.fromkeys(_COPIES, "cc")


class Forwarded(msgspec.Struct, frozen=True, kw_only=True):
    """The original mail, as it is printed; `above` is what the colleague wrote."""

    above: str
    name: str
    email: str
    sent: datetime | None
    subject: str
    cc: str
    body: str

    @property
    def key(self) -> str:
        """An id for an original that does not tell its own: the same for the same words."""
        return f"forwarded-{sha256('|'.join((self.email, self.subject, self.body)).encode()).hexdigest()}"


def read_forwarded(body: str, forwarded: datetime, *, believed: bool) -> Forwarded | None:
    """The mail that was passed on; None where there is none, or where it does not tell an address. `believed`: the subject says
    that it is one, so that headers within the text begin it, also without a line of dashes above them."""
    rows = body.split("\n")
    begin, first = _begin(rows, believed)
    if first is None:
        return None
    if rows[first].lstrip().startswith(">"):
        rows = [*rows[:first], *(_MARK.sub("", row) for row in rows[first:])]
    headers, end = _headers(rows, first)
    address = _ADDRESS.search(headers.get("sender", ""))
    if address is None:
        return None
    sender = headers["sender"]
    name = sender[: address.start()].strip(" \t<\"'[(*").removesuffix("mailto:").strip(" <\"'[(*")
    return Forwarded(
        above="\n".join(rows[:begin]).strip(),
        name=cleaning.line(name, 100),
        email=cleaning.line(address[0].rstrip(".>"), 254).casefold(),
        sent=printed_date(headers.get("sent", ""), forwarded),
        subject=cleaning.line(headers.get("subject", ""), 300),
        cc=headers.get("cc", ""),
        body="\n".join(rows[end:]).strip(),
    )


def _begin(rows: list[str], believed: bool) -> tuple[int, int | None]:
    """Where the colleague's words end, and the first header; None where no mail is passed on."""
    for number, row in enumerate(rows):
        # In what somebody quotes a line of dashes says nothing about this mail.
        bare = _MARK.sub("", row) if believed else row
        if _SEPARATOR.fullmatch(bare):
            following = (
                later
                for later in range(number + 1, min(number + 5, len(rows)))
                if _MARK.sub("", rows[later]).strip()
            )
            first = next(following, None)
            if first is not None and _kind(rows[first]):
                return number, first
        if believed and _kind(row) and _is_block(rows, number):
            above = number - 1 if number and _RULE.fullmatch(rows[number - 1]) else number
            return above, number
    return 0, None


def _is_block(rows: list[str], number: int) -> bool:
    """Whether at least three headers stand here, one of them the sender's with an address."""
    headers, _ = _headers(rows, number)
    return len(headers) >= 3 and "@" in headers.get("sender", "")


def _kind(row: str) -> str:
    match = _HEADER.fullmatch(_MARK.sub("", row))
    return _KINDS.get(" ".join(match[1].split()).casefold(), "") if match else ""


def _headers(rows: list[str], first: int) -> tuple[dict[str, str], int]:
    """The headers from `first` on, and where the text begins."""
    headers: dict[str, str] = {}
    last = ""
    for number in range(first, min(first + _MOST_HEADERS, len(rows))):
        row = _MARK.sub("", rows[number]) if rows[first].lstrip().startswith(">") else rows[number]
        kind, match = _kind(row), _HEADER.fullmatch(row)
        if not row.strip():
            # HTML of Apple Mail and others has its headers apart.
            if number + 1 < len(rows) and _kind(rows[number + 1]) and _kind(rows[number + 1]) not in headers:
                continue
            return headers, number + 1
        if kind and match:
            last = kind
            headers.setdefault(kind, match[2] or "")
        elif last:
            headers[last] += f" {row.strip()}"
    return headers, min(first + _MOST_HEADERS, len(rows))
