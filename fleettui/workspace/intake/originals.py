"""The mails that a colleague passes on within a mail (SUP-1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from fleettui.domain.tickets.attachments import IncomingFile
from fleettui.intake.mail import message as mail
from fleettui.intake.mail.forwarded import Forwarded, read_forwarded
from fleettui.intake.mail.message import Address, Mail, addresses_in, bare, key_of

ATTACHED_MAIL = "message/rfc822"
MOST_ATTACHED = 10
DEEPEST = 3
"""A mail may have been passed on to the colleague by another one."""


class Original(NamedTuple):
    """A mail that was passed on, and the words above it. `beside`: files that came with it and are no part of it."""

    mail: Mail
    author: Address
    above: str
    beside: tuple[IncomingFile, ...] = ()


def originals_in(outer: Mail, is_ours: Callable[[Address], bool], *, believed: bool) -> list[Original]:
    """The mails of others that are attached; else the one within the text. `believed`: it is said that there is one."""
    attached = list(_attached(outer, is_ours))
    if attached:
        return attached
    within = _within(outer, is_ours, believed=believed)
    return [within] if within else []


def _attached(outer: Mail, is_ours: Callable[[Address], bool]) -> Iterator[Original]:
    mails: list[tuple[Mail, Address]] = []
    beside: list[IncomingFile] = []
    for file in outer.files:
        is_mail = file.type == ATTACHED_MAIL and file.content is not None and len(mails) < MOST_ATTACHED
        inner = mail.read(file.content or b"") if is_mail else None
        if inner is not None and inner.author is not None and not is_ours(inner.author):
            mails.append((inner, inner.author))
        else:
            beside.append(file)
    for inner, author in mails:
        yield Original(inner, author, outer.body, tuple(beside))


def _within(outer: Mail, is_ours: Callable[[Address], bool], *, believed: bool) -> Original | None:
    """What a colleague got from another one is still the customer's."""
    written = outer.dated or outer.sent
    if written is None:
        return None
    above, body = [], outer.body
    for depth in range(DEEPEST):
        inner = read_forwarded(body, written, believed=believed and depth == 0)
        if inner is None:
            return None
        above.append(inner.above)
        author = Address(inner.name, inner.email)
        if not is_ours(author):
            words = "\n\n".join(filter(None, above))
            return Original(_as_mail(outer, inner, author, is_first=depth == 0), author, words)
        body = inner.body
    return None


def _as_mail(outer: Mail, inner: Forwarded, author: Address, *, is_first: bool) -> Mail:
    """What is printed, as the mail that it was. A mail that passes another one on refers to it, so its own id is often known."""
    known = outer.references[-1] if outer.references and is_first else ""
    return replace(
        outer,
        id=known or key_of(inner.key),
        references=outer.references[:-1] if known else (),
        author=author,
        reply_to=None,
        to=(),
        cc=addresses_in(inner.cc),
        sent=inner.sent or outer.sent,
        subject=bare(inner.subject) or outer.subject,
        body=inner.body,
        tag="",
    )
