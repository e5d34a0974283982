"""A raw e-mail, as far as the queue wants to know it. Pure: bytes in, `Mail` out, whatever the bytes are."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.header import decode_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import EmailPolicy
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from typing import Any

import msgspec

from fleettui.intake.mail.mailbox import MOST_OF_A_MAIL
from fleettui.intake.mail.parts import TROUBLE, contents, decoded
from fleettui.text import cleaning
from fleettui.time.zones import FIRST_YEAR, LAST_YEAR

MOST_OF_A_HEADER = 3_000
"""Characters. Reading addresses and encoded words costs more than their length; lists of ids are long and cheap."""
MOST_OF_IDS = 60_000
MOST_REFERENCES = 50
LONGEST_ID = 200
_MOST_PARTS = 200

_BOUNDARY = re.compile(rb"boundary\s*[*=]", re.IGNORECASE)
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_MESSAGE_ID = re.compile(r"<([^<>\s]+)>")
_TAG = re.compile(r"\[(T-[0-9]{1,9})\]", re.IGNORECASE)
_PREFIXES = re.compile(r"^(?:\s*(?:re|aw|sv|antw|fwd?|wg|tr)\s*(?:\[[0-9]+\])?\s*:)+", re.IGNORECASE)
_ADDRESSES = ("from", "sender", "reply-to", "return-path")
_DAEMONS = ("mailer-daemon@", "postmaster@")


class Address(msgspec.Struct, frozen=True):
    name: str
    email: str

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]

    @property
    def shown(self) -> str:
        return self.name or self.email


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """`id` and `references` are keys to find its conversation by; `tag` is a ticket that the subject names."""

    id: str
    references: tuple[str, ...]
    author: Address | None
    answers_to: Address | None
    sent: datetime | None
    subject: str
    tag: str
    body: str
    files: tuple[str, ...]
    automatic: str
    """Why no person wrote it (RFC 3834); empty where one did."""
    bulk: str
    """Why it went to many; empty where it did not."""
    list_domain: str

    @property
    def root(self) -> str:
        return self.references[0] if self.references else self.id


class _Guarded(EmailPolicy):
    """Headers as text; one that cannot be understood, or is a megabyte, is still some text."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        is_ids = name.lower() in ("references", "in-reply-to", "message-id")
        told = _in_letters(value[: MOST_OF_IDS if is_ids else MOST_OF_A_HEADER])
        if is_ids or name.lower() in _ADDRESSES:
            # Its reader of addresses drops what it cannot make out; ours keeps the address.
            return told
        try:
            return super().header_fetch_parse(name, told)
        except TROUBLE:
            return told


_POLICY = _Guarded()


def read(raw: bytes) -> Mail:
    mail, body, files = _parsed(raw[:MOST_OF_A_MAIL])
    subject = _subject(mail)
    author, sent = _author(mail), _sent(mail)
    tag = _TAG.search(subject)
    return Mail(
        id=_own_id(mail) or _id_made_up(author, sent, subject, body),
        references=_references(mail),
        author=author,
        answers_to=_first_address(mail, "Reply-To"),
        sent=sent,
        subject=_bare(subject),
        tag=tag[1].upper() if tag else "",
        body=body,
        files=files,
        automatic=_why_automatic(mail, author),
        bulk=_why_bulk(mail),
        list_domain=_list_domain(mail),
    )


def _parsed(raw: bytes) -> tuple[EmailMessage, str, tuple[str, ...]]:
    """What is nested beyond all reason is not taken apart: every line would be held against every boundary."""
    plain_enough = len(_BOUNDARY.findall(raw)) <= _MOST_PARTS
    try:
        mail = _message(raw, headers_only=not plain_enough)
        if plain_enough:
            return mail, *contents(mail)
    except TROUBLE:
        mail = _message(_HEADER_END.split(raw, maxsplit=1)[0], headers_only=True)
    words = _HEADER_END.split(raw, maxsplit=1)[-1]
    return mail, cleaning.clean(decoded(words[: cleaning.BODY_LIMIT], "")).strip(), ()


def _message(raw: bytes, *, headers_only: bool) -> EmailMessage:
    made = BytesParser(policy=_POLICY).parsebytes(raw, headersonly=headers_only)
    return made if isinstance(made, EmailMessage) else EmailMessage(policy=_POLICY)


# Headers


def _header(mail: EmailMessage, name: str) -> str:
    try:
        return str(mail.get(name, ""))
    except TROUBLE:
        return ""


def _in_letters(value: str) -> str:
    """Bytes that stand in a header as they are: the parser passes them on as halves of characters."""
    if value.isascii():
        return value
    return decoded(value.encode("utf-8", "surrogateescape"), "") if _has_bytes(value) else value


def _has_bytes(value: str) -> bool:
    return any("\udc80" <= sign <= "\udcff" for sign in value)


def _subject(mail: EmailMessage) -> str:
    return cleaning.line(_header(mail, "Subject"), 300)


def _bare(subject: str) -> str:
    """Without what replying and tagging put before it."""
    before, bare = "", cleaning.line(_TAG.sub("", subject))
    while before != bare:
        before, bare = bare, _PREFIXES.sub("", bare).strip()
    return bare


def _own_id(mail: EmailMessage) -> str:
    found = _ids(_header(mail, "Message-ID"))
    return found[0] if found else ""


def _references(mail: EmailMessage) -> tuple[str, ...]:
    """The oldest first; the middle of a long history is left out."""
    ids = [*_ids(_header(mail, "References")), *_ids(_header(mail, "In-Reply-To"))]
    known = list(dict.fromkeys(ids))
    return tuple(known if len(known) <= MOST_REFERENCES else [known[0], *known[1 - MOST_REFERENCES :]])


def _ids(value: str) -> list[str]:
    found = _MESSAGE_ID.findall(value)
    if not found and value.strip() and " " not in value.strip():
        found = [value.strip()]
    return [key_of(one) for one in found]


def key_of(message_id: str) -> str:
    """The id itself; a very long or unclean one by its digest, so that two never look alike."""
    if len(message_id) <= LONGEST_ID and cleaning.line(message_id) == message_id:
        return f"<{message_id}>"
    return f"<sha256-{sha256(message_id.encode('utf-8', 'surrogatepass')).hexdigest()}>"


def _id_made_up(author: Address | None, sent: datetime | None, subject: str, body: str) -> str:
    """For a mail without one: delivered again, it has the same."""
    told = "\n".join((author.email if author else "", sent.isoformat() if sent else "", subject, body))
    return key_of(f"no-id-{sha256(told.encode()).hexdigest()}")


def _author(mail: EmailMessage) -> Address | None:
    return (
        _first_address(mail, "From") or _first_address(mail, "Sender") or _first_address(mail, "Return-Path")
    )


def _first_address(mail: EmailMessage, name: str) -> Address | None:
    value = cleaning.line(_header(mail, name), 2000)
    try:
        found = getaddresses([value])
    except TROUBLE:
        found = []
    for called, email in found:
        address = cleaning.line(email, 254).casefold()
        if address.count("@") == 1 and " " not in address and not address.startswith("@"):
            return Address(name=cleaning.line(_decoded_words(called), 100), email=address)
    return _loosely(value)


def _decoded_words(said: str) -> str:
    """RFC 2047, and as it stands where that is broken."""
    if "=?" not in said:
        return said
    try:
        parts = decode_header(said)
    except TROUBLE:
        return said
    return "".join(part if isinstance(part, str) else decoded(part, charset or "") for part, charset in parts)


_LOOSE = re.compile(r"[^\s<>@,;:\"()]{1,100}@[^\s<>@,;:\"()]{1,150}")


def _loosely(value: str) -> Address | None:
    """An address in a header that breaks the rules of headers."""
    found = _LOOSE.search(value)
    if not found:
        return None
    name = value[: found.start()].strip(" <\"',;:")
    return Address(name=cleaning.line(_decoded_words(name), 100), email=found[0].casefold())


def _sent(mail: EmailMessage) -> datetime | None:
    """When our side received it, else when it says it was written."""
    for value in (_header(mail, "Received").rpartition(";")[2], _header(mail, "Date")):
        try:
            at = parsedate_to_datetime(value.strip()[:100])
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        except (*TROUBLE, OverflowError):
            continue
        if FIRST_YEAR < at.year < LAST_YEAR:
            return at
    return None


# RFC 3834


def _why_automatic(mail: EmailMessage, author: Address | None) -> str:
    submitted = _first_word(_header(mail, "Auto-Submitted"))
    if submitted and submitted != "no":
        return f"Auto-Submitted: {cleaning.line(submitted, 40)}"
    if _header(mail, "Return-Path").strip() == "<>":
        return "it has an empty return path"
    if _first_word(_header(mail, "Precedence")) in ("auto_reply", "auto-reply"):
        return "Precedence: auto_reply"
    for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply"):
        if _header(mail, name).strip().casefold() not in ("", "no"):
            return name
    if mail_kind(mail) == "multipart/report":
        return "it is a report about another mail"
    if author is not None and author.email.startswith(_DAEMONS):
        return f"{author.email} wrote it"
    return ""


def mail_kind(mail: EmailMessage) -> str:
    return _first_word(_header(mail, "Content-Type"))


def _why_bulk(mail: EmailMessage) -> str:
    precedence = _first_word(_header(mail, "Precedence"))
    if precedence in ("bulk", "junk", "list"):
        return f"Precedence: {precedence}"
    return "it came through a mailing list" if _header(mail, "List-Id").strip() else ""


def _list_domain(mail: EmailMessage) -> str:
    """ "The list <support.fleet.example>": support.fleet.example."""
    value = cleaning.line(_header(mail, "List-Id"), 500)
    return value.rpartition("<")[2].rstrip("> ").casefold()


def _first_word(value: str) -> str:
    return value.partition(";")[0].partition("(")[0].strip().casefold()
