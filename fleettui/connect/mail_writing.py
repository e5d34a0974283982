"""How a mail of ours is written: bytes that a mail server takes, out of plain values. Pure.

Nothing typed by anybody becomes a header of its own: every value is one line before it is written (`cleaning.line`), and the
policy refuses what is not. Headers of addresses and ids are written here, for the library of Python 3.11 encodes long ids (so
that no program finds its conversation) and loses the quotes of long names.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, quote
from typing import Any, NamedTuple

from fleettui.connect.senders import NotSent
from fleettui.intake.mail.message import Address, addresses_in, bare
from fleettui.text import cleaning

WIDTH = 72
"""Columns of a line of text; a program that knows format=flowed joins them again (RFC 3676)."""
LONGEST_NAME = 100
MOST_REFERENCES = 20
NOBODY_READS = re.compile(
    r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|.+-bounces|listserv|majordomo|.+-request|.+-owner|owner-.+)"
    r"(?:[+=].*)?@",
    re.IGNORECASE,
)
_ADDRESSES = ("from", "reply-to", "to", "cc")
_IDS = ("references", "in-reply-to", "message-id")


class Draft(NamedTuple):
    """All that a mail is made of."""

    id: str
    """Its Message-ID, with the angle brackets."""
    sender: str
    """The team's address, to which answers come."""
    name: str
    """Of the person who answers, as the customer reads it."""
    to: tuple[str, ...]
    copies: tuple[str, ...]
    subject: str
    tag: str
    """The ticket's id, which stands in the subject once; empty for what belongs to no ticket."""
    references: tuple[str, ...]
    """The ids of the mails before it, the oldest first."""
    body: str
    at: datetime
    automatic: bool = False


class WrittenMail(NamedTuple):
    """The envelope and what is in it."""

    sender: str
    """Where reports of failures go; empty for an automatic mail, which nobody is to answer (RFC 3834)."""
    to: tuple[str, ...]
    copies: tuple[str, ...]
    content: bytes


class _Policy(EmailPolicy):
    def fold(self, name: str, value: Any) -> str:
        """Lines of addresses and ids as they were written here."""
        if name.lower() in (*_ADDRESSES, *_IDS):
            return f"{name}: {value}\r\n"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii")

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if name.lower() in (*_ADDRESSES, *_IDS):
            if any(line and not line.startswith(" ") for line in str(value).split("\r\n")[1:]):
                raise ValueError("a header must not hold another one")
            return name, value
        return super().header_store_parse(name, value)

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        return value if name.lower() in (*_ADDRESSES, *_IDS) else super().header_fetch_parse(name, value)


_POLICY = _Policy(linesep=SMTP.linesep, max_line_length=SMTP.max_line_length, cte_type="7bit")


def written(draft: Draft) -> WrittenMail:
    """The mail, or `NotSent` with why it must not leave."""
    ours = _address(draft.sender)
    to = [_address(each) for each in draft.to]
    known = {ours.email, *(address.email for address in to)}
    copies = [each for each in map(_address, draft.copies) if each.email not in known and not draft.automatic]
    _refuse_loops(draft, ours, to)
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _header([Address(draft.name, ours.email)])
    mail["To"] = _header(to)
    if copies:
        mail["Cc"] = _header(copies)
    mail["Reply-To"] = _header([Address("", ours.email)])
    mail["Subject"] = subject(draft.subject, draft.tag, is_answer=bool(draft.references))
    mail["Date"] = format_datetime(draft.at)
    mail["Message-ID"] = one_id(draft.id)
    before = references(draft.references)
    if before:
        mail["In-Reply-To"] = before[-1]
        mail["References"] = "\r\n ".join(before)
    if draft.automatic:
        mail["Auto-Submitted"] = "auto-replied" if before else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(
        flowed(draft.body),
        subtype="plain",
        charset="utf-8",
        cte="quoted-printable",
        params={"format": "flowed"},
    )
    return WrittenMail(
        sender="" if draft.automatic else ours.email,
        to=tuple(address.email for address in to),
        copies=tuple(address.email for address in copies),
        content=mail.as_bytes(),
    )


def subject(text: str, tag: str, *, is_answer: bool) -> str:
    """ "Re: It fails [T-1042]", with the tag once, whatever stood there before."""
    words = bare(cleaning.line(text, 300)) or "(no subject)"
    return f"{'Re: ' if is_answer else ''}{words}{f' [{tag}]' if tag else ''}"


def references(ids: tuple[str, ...]) -> list[str]:
    """The first of a long conversation and its last ones, each once."""
    known = list(dict.fromkeys(one_id(id_) for id_ in ids if _is_id(id_)))
    return known if len(known) <= MOST_REFERENCES else [known[0], *known[1 - MOST_REFERENCES :]]


def one_id(id_: str) -> str:
    """A Message-ID that is one word within angle brackets."""
    if not _is_id(id_):
        raise NotSent(f"{cleaning.line(id_, 60)!r} is no Message-ID")
    return id_


def _is_id(id_: str) -> bool:
    inner = id_[1:-1]
    return (
        id_[:1] == "<"
        and id_[-1:] == ">"
        and inner.isascii()
        and inner.isprintable()
        and 0 < len(inner) <= 900
        and not set(inner) & set(" <>")
    )


def flowed(body: str) -> str:
    """Long lines end with a blank where they go on (RFC 3676). Quoted lines and long words stay whole."""
    return "".join(f"{line}\n" for each in cleaning.clean(body).rstrip().split("\n") for line in _lines(each))


def _lines(line: str) -> list[str]:
    if line == "-- ":
        return [line]  # a signature begins
    line = line.rstrip(" ")
    if line.startswith(">"):
        return [line]
    lines, words = [], line.split(" ")
    current = words[0]
    for word in words[1:]:
        if current.strip() and len(current) + 1 + len(word) > WIDTH:
            lines.append(f"{current} ")
            current = word
        else:
            current = f"{current} {word}"
    return [_stuffed(each) for each in (*lines, current)]


def _stuffed(line: str) -> str:
    """A reader takes one blank away where a line begins with one, or with what looks like a quote."""
    return f" {line}" if line.startswith((" ", ">", "From ")) else line


def _refuse_loops(draft: Draft, ours: Address, to: list[Address]) -> None:
    """RFC 3834: what a program sends goes to no program; and nothing goes to ourselves, where it would come in again."""
    if not to:
        raise NotSent("nobody is named to whom it goes")
    for address in to:
        if address.email == ours.email:
            raise NotSent(f"{address.email} is our own address: it would come back to us")
        if draft.automatic and not _reads(address):
            raise NotSent(f"{address.email} is a program's address, which no automatic mail is sent to")


def _reads(address: Address) -> bool:
    return not NOBODY_READS.match(address.email)


def _address(text: str) -> Address:
    """The one address in `text`, in the form in which servers take it."""
    addresses = addresses_in(cleaning.line(text, 400)) if "\n" not in text and "\r" not in text else ()
    if len(addresses) != 1:
        raise NotSent(f"{cleaning.line(text, 60)!r} is not one address")
    address = addresses[0]
    local, _, domain = address.email.rpartition("@")
    try:
        plain = domain.encode("idna").decode("ascii")
        local.encode("ascii")
    except UnicodeError:
        raise NotSent(f"{address.email}: mail servers take no such address") from None
    if set(local) & set('<>()[]\\,;:" \t') or not plain.strip("."):
        raise NotSent(f"{address.email}: mail servers take no such address")
    return Address(address.name, f"{local}@{plain}")


def _header(addresses: list[Address]) -> str:
    return ",\r\n ".join(_written(address) for address in addresses)


def _written(address: Address) -> str:
    name = cleaning.line(address.name, LONGEST_NAME)
    if not name:
        return address.email
    if not name.isascii():
        return f"{_encoded(name)}\r\n <{address.email}>"
    return f'"{quote(name)}" <{address.email}>'


def _encoded(name: str) -> str:
    return Header(name, "utf-8", maxlinelen=70).encode(linesep="\r\n")
