"""Reads a raw e-mail: bytes in, `Mail` out, whatever the bytes are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.header import decode_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import EmailPolicy
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from itertools import islice
from typing import Any

import msgspec
from msgspec.structs import replace

from fleettui.domain.tickets.attachments import IncomingFile
from fleettui.intake.mail.authentication import HostResults, results_of
from fleettui.intake.mail.automatic import header, list_domain, why_automatic, why_bulk
from fleettui.intake.mail.charsets import decoded, with_known_charsets
from fleettui.intake.mail.github import GithubNotice, read_notice
from fleettui.intake.mail.languages import any_of, every
from fleettui.intake.mail.mailbox import MOST_OF_A_MAIL
from fleettui.intake.mail.parts import body_and_files
from fleettui.intake.mail.report import IDS, Report, read_report
from fleettui.intake.mail.trouble import TROUBLE
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
_PREFIXES = re.compile(
    rf"^(?:\s*(?:re|aw|sv|antw|res|rif|{any_of(every('forward_prefixes'))})\s*(?:\[[0-9]+\])?\s*:)+",
    re.IGNORECASE,
)
_ADDRESSES = ("from", "sender", "reply-to", "return-path", "to", "cc")
_MOST_RECIPIENTS = 50

_FORWARD = re.compile(rf"\s*(?:{any_of(every('forward_prefixes'))})\s*(?:\[[0-9]+\])?\s*:", re.IGNORECASE)


class Address(msgspec.Struct, frozen=True):
    """An e-mail address in lower case, and the name beside it."""

    name: str
    email: str

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]

    @property
    def shown(self) -> str:
        return self.name or self.email

    @property
    def whole(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """`id` and `references` are keys to find its conversation by; `tag` is a ticket that the subject names."""

    id: str
    references: tuple[str, ...]
    author: Address | None
    reply_to: Address | None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    sent: datetime | None
    subject: str
    tag: str
    body: str
    files: tuple[IncomingFile, ...]
    automatic: str
    """Why no person wrote it (RFC 3834); empty where one did."""
    bulk: str
    """Why it went to many; empty where it did not."""
    list_domain: str
    report: Report | None = None
    github: GithubNotice | None = None
    proofs: tuple[HostResults, ...] = ()
    """What servers on its way found out about its sender."""
    dated: datetime | None = None
    """When it was written, in the writer's zone, by the writer's clock."""
    is_forward: bool = False
    """Its subject says that it passes another mail on."""
    is_signed_once: bool = True
    """From has exactly one address. Of several, a server may have checked another one than is read here."""

    @property
    def report_words(self) -> str:
        """What became of a mail of ours, where this is a report about it."""
        return self.report.words if self.report else ""

    @property
    def root(self) -> str:
        """The id of the first mail of the conversation."""
        return self.references[0] if self.references else self.id


class _TolerantPolicy(EmailPolicy):
    """Headers as text. One that is broken or very long is still text: an exception would lose the mail."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        is_ids = name.lower() in ("references", "in-reply-to", "message-id")
        text = _without_surrogates(value[: MOST_OF_IDS if is_ids else MOST_OF_A_HEADER])
        if is_ids or name.lower() in _ADDRESSES:
            # The library drops an address that it cannot parse; `_first_address` keeps it.
            return text
        try:
            return super().header_fetch_parse(name, with_known_charsets(text))
        except TROUBLE:
            return text


_POLICY = _TolerantPolicy()


def read(raw: bytes) -> Mail:
    """The mail in `raw`, of which no more than `MOST_OF_A_MAIL` bytes are read."""
    mail, body, files = _parsed(raw[:MOST_OF_A_MAIL])
    subject = _subject(mail)
    senders = (_first_address(mail, name) for name in ("From", "Sender", "Return-Path"))
    author, sent = next(filter(None, senders), None), _sent(mail)
    ids = _ids(header(mail, "Message-ID"))
    report = read_report(mail)
    carried = report.carried if report else {}
    tag = _TAG.search(subject) or _TAG.search(carried.get("subject", ""))
    return Mail(
        id=ids[0] if ids else _made_up_id(author, sent, subject, body),
        references=_references(mail, *(carried.get(name, "") for name in IDS)),
        author=author,
        reply_to=_first_address(mail, "Reply-To"),
        to=_addresses(mail, "To"),
        cc=_addresses(mail, "Cc"),
        sent=sent,
        subject=bare(subject),
        tag=tag[1].upper() if tag else "",
        body=body,
        files=() if report else files,
        automatic=why_automatic(mail, author.email if author else "", _untagged(subject), body),
        bulk=why_bulk(mail),
        list_domain=list_domain(mail),
        report=report,
        github=read_notice(mail, body),
        dated=_dated(mail),
        is_forward=bool(_FORWARD.match(_untagged(subject))),
        proofs=results_of(mail),
        is_signed_once=_is_signed_once(mail),
    )


def _parsed(raw: bytes) -> tuple[EmailMessage, str, tuple[IncomingFile, ...]]:
    """A mail with very many parts is not parsed: the parser compares every line with every boundary."""
    plain_enough = len(_BOUNDARY.findall(raw)) <= _MOST_PARTS
    try:
        mail = _message(raw, headers_only=not plain_enough)
        if plain_enough:
            body, files = body_and_files(mail)
            return mail, body, _whole(files, raw)
    except TROUBLE:
        mail = _message(_HEADER_END.split(raw, maxsplit=1)[0], headers_only=True)
    words = _HEADER_END.split(raw, maxsplit=1)[-1]
    return mail, cleaning.clean(decoded(words[: cleaning.BODY_LIMIT], "")).strip(), ()


def _whole(files: tuple[IncomingFile, ...], raw: bytes) -> tuple[IncomingFile, ...]:
    """Where the end of a mail was not read, its last file is not whole."""
    if len(raw) < MOST_OF_A_MAIL or not files:
        return files
    why = f"the mail is longer than {MOST_OF_A_MAIL // 1_000_000} MB, so its end was not read"
    return (*files[:-1], replace(files[-1], content=None, size=0, why=why))


def _message(raw: bytes, *, headers_only: bool) -> EmailMessage:
    made = BytesParser(policy=_POLICY).parsebytes(raw, headersonly=headers_only)
    return made if isinstance(made, EmailMessage) else EmailMessage(policy=_POLICY)


# Headers


def _without_surrogates(value: str) -> str:
    """Raw bytes in a header, decoded: the parser passes them on as surrogates."""
    if value.isascii() or not any("\udc80" <= sign <= "\udcff" for sign in value):
        return value
    return decoded(value.encode("utf-8", "surrogateescape"), "")


def _subject(mail: EmailMessage) -> str:
    return cleaning.line(header(mail, "Subject"), 300)


def _untagged(subject: str) -> str:
    return cleaning.line(_TAG.sub("", subject))


def bare(subject: str) -> str:
    """The subject without "Re:", "Fwd:" and the ticket's tag."""
    before, bare = "", _untagged(subject)
    while before != bare:
        before, bare = bare, _PREFIXES.sub("", bare).strip()
    return bare


def _references(mail: EmailMessage, *carried: str) -> tuple[str, ...]:
    """The oldest first; the middle of a long history is left out. `carried` are headers of the mail that a report is about."""
    values = (header(mail, "References"), header(mail, "In-Reply-To"), *carried)
    ids = [id_ for value in values for id_ in _ids(value)]
    known = list(dict.fromkeys(ids))
    return tuple(known if len(known) <= MOST_REFERENCES else [known[0], *known[1 - MOST_REFERENCES :]])


def _ids(value: str) -> list[str]:
    ids = _MESSAGE_ID.findall(value)
    if not ids and value.strip() and " " not in value.strip():
        ids = [value.strip()]
    return [key_of(id_) for id_ in ids]


def key_of(message_id: str) -> str:
    """The id; the digest of one that is very long or has control characters, so that two never become the same."""
    if len(message_id) <= LONGEST_ID and cleaning.line(message_id) == message_id:
        return f"<{message_id}>"
    return f"<sha256-{sha256(message_id.encode('utf-8', 'surrogatepass')).hexdigest()}>"


def _made_up_id(author: Address | None, sent: datetime | None, subject: str, body: str) -> str:
    """For a mail without an id. The same mail delivered again gets the same id."""
    facts = "\n".join((author.email if author else "", sent.isoformat() if sent else "", subject, body))
    return key_of(f"no-id-{sha256(facts.encode()).hexdigest()}")


def _first_address(mail: EmailMessage, name: str) -> Address | None:
    value = cleaning.line(header(mail, name), 2000)
    return next(_each_address(value), None) or _address_anywhere(value)


def _addresses(mail: EmailMessage, name: str) -> tuple[Address, ...]:
    """All addresses of a header, each once."""
    return addresses_in(cleaning.line(header(mail, name), MOST_OF_A_HEADER))


def _is_signed_once(mail: EmailMessage) -> bool:
    headers = [str(value) for name, value in mail.raw_items() if str(name).casefold() == "from"]
    return len(headers) == 1 and len(_addresses(mail, "From")) == 1 and headers[0].count("@") == 1


def _each_address(value: str) -> Iterator[Address]:
    try:
        addresses = getaddresses([value])
    except TROUBLE:
        return
    for person, email in addresses:
        address = cleaning.line(email, 254).casefold()
        if address.count("@") == 1 and " " not in address and not address.startswith("@"):
            yield Address(name=cleaning.line(_decoded_words(person), 100), email=address)


def _decoded_words(text: str) -> str:
    """Encoded words (RFC 2047) decoded; unchanged where they are broken."""
    if "=?" not in text:
        return text
    try:
        parts = decode_header(text)
    except TROUBLE:
        return text
    return "".join(part if isinstance(part, str) else decoded(part, charset or "") for part, charset in parts)


_LOOSE = re.compile(r"[^\s<>@,;:\"()]{1,100}@[^\s<>@,;:\"()]{1,150}")


def _address_anywhere(value: str) -> Address | None:
    """The first address in a header that no parser understands."""
    match = _LOOSE.search(value)
    if not match:
        return None
    name = value[: match.start()].strip(" <\"',;:")
    return Address(name=cleaning.line(_decoded_words(name), 100), email=match[0].casefold())


def _dated(mail: EmailMessage) -> datetime | None:
    try:
        at = parsedate_to_datetime(header(mail, "Date").strip()[:100])
        return at if at.tzinfo is not None and FIRST_YEAR < at.year < LAST_YEAR else None
    except (*TROUBLE, OverflowError):
        return None


def addresses_in(value: str) -> tuple[Address, ...]:
    """All addresses of a header's value, each once."""
    known = {address.email: address for address in islice(_each_address(value), _MOST_RECIPIENTS)}
    return tuple(known.values())


def _sent(mail: EmailMessage) -> datetime | None:
    """When our server received it, else the date that the sender wrote."""
    for value in (header(mail, "Received").rpartition(";")[2], header(mail, "Date")):
        try:
            at = parsedate_to_datetime(value.strip()[:100])
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        except (*TROUBLE, OverflowError):
            continue
        if FIRST_YEAR < at.year < LAST_YEAR:
            return at
    return None
