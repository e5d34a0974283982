"""Whether a person wrote a mail (RFC 3834), and whether it went to many."""

from __future__ import annotations

import re
from email.message import EmailMessage, Message
from itertools import islice
from typing import Any

from fleettui.intake.mail.languages import any_of, every
from fleettui.intake.mail.trouble import TROUBLE
from fleettui.text import cleaning

_DAEMONS = ("mailer-daemon@", "postmaster@")
_MOST_PARTS = 50

# "Out of office: Hosts page", "Abwesenheit bis 14. März"; but no sentence that only begins with these words.
_AWAY = re.compile(
    rf"(?:auto\s*:\s*)?(?:{any_of(every('away'))})\s*"
    r"(?:$|[:\-–—!.(\[]|(?:until|till|from|re|bis|vom|von|ab|jusqu|du|au|hasta|del|fino|dal|tot|t/m|até)\b|[0-9])",
    re.IGNORECASE,
)
_ANSWERED = re.compile(rf"(?:{any_of(every('answered_invitation'))})\s*:\s*\S", re.IGNORECASE)
_REPLY = re.compile(rb"^METHOD:\s*REPLY\s*$", re.IGNORECASE | re.MULTILINE)


def header(mail: EmailMessage, name: str) -> str:
    """The value of a header; empty where there is none, or none that can be read."""
    try:
        return str(mail.get(name, ""))
    except TROUBLE:
        return ""


def first_word(value: str) -> str:
    """What stands before parameters and remarks."""
    return value.partition(";")[0].partition("(")[0].strip().casefold()


def why_automatic(mail: EmailMessage, sender: str, subject: str, body: str) -> str:
    """Why no person wrote it; empty where a person did. `sender` is an address, `subject` has no ticket's tag."""
    return (
        _by_headers(mail)
        or (f"{sender} wrote it" if sender.startswith(_DAEMONS) else "")
        or ("its subject says that somebody is away" if _AWAY.match(subject) else "")
        or ("it is a calendar's answer to an invitation" if _answers_invitation(mail, subject, body) else "")
    )


def _by_headers(mail: EmailMessage) -> str:
    submitted = first_word(header(mail, "Auto-Submitted"))
    if submitted and submitted != "no":
        return f"Auto-Submitted: {cleaning.line(submitted, 40)}"
    if first_word(header(mail, "Content-Type")) == "multipart/report":
        return "it is a report about another mail"
    if header(mail, "Return-Path").strip() == "<>":
        return "it has an empty return path"
    if first_word(header(mail, "Precedence")) in ("auto_reply", "auto-reply"):
        return "Precedence: auto_reply"
    for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply"):
        if header(mail, name).strip().casefold() not in ("", "no"):
            return name
    return ""


def _answers_invitation(mail: EmailMessage, subject: str, body: str) -> bool:
    """A calendar says so itself. Its words in the subject alone are believed only where there are no others: "Declined: our
    payment" may be a question."""
    if any(_is_reply(part) for part in islice(mail.walk(), _MOST_PARTS)):
        return True
    is_calendars = "calendarmessage" in header(mail, "Content-Class").casefold()
    return bool(_ANSWERED.match(subject)) and (is_calendars or not body.strip())


def _is_reply(part: Message[Any, Any]) -> bool:
    try:
        if part.get_content_type() != "text/calendar":
            return False
        method = part.get_param("method")
        if isinstance(method, str):
            return method.strip().casefold() == "reply"
        payload = part.get_payload(decode=True)
        return isinstance(payload, bytes) and bool(_REPLY.search(payload[:20_000].replace(b"\r\n", b"\n")))
    except TROUBLE:
        return False


def why_bulk(mail: EmailMessage) -> str:
    """Why it went to many; empty where it did not."""
    precedence = first_word(header(mail, "Precedence"))
    if precedence in ("bulk", "junk", "list"):
        return f"Precedence: {precedence}"
    return "it came through a mailing list" if header(mail, "List-Id").strip() else ""


def list_domain(mail: EmailMessage) -> str:
    """ "The list <support.fleet.example>": support.fleet.example."""
    value = cleaning.line(header(mail, "List-Id"), 500)
    return value.rpartition("<")[2].rstrip("> ").casefold()
