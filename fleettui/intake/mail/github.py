"""Reads what GitHub's notification mails say: why one gets them, who wrote, where it is, and the words without the footer."""

from __future__ import annotations

import re
from email.message import EmailMessage

import msgspec

from fleettui.intake.mail.automatic import header
from fleettui.text import cleaning

_FOOTER = re.compile(
    r"\n\s*(?:—|--|---)\s*\n\s*(?:Reply to this email directly|You are receiving this).*", re.DOTALL
)
_PLACE = re.compile(r"https://[\w.-]+/[\w.-]+/[\w.-]+/(?:issues|pull|discussions)/\d+(?:#[\w-]+)?")


class GithubNotice(msgspec.Struct, frozen=True, kw_only=True):
    """`reason` is GitHub's word for why one gets the mail: mention, team_mention, subscribed, ..."""

    reason: str
    login: str
    link: str
    """To the issue or the comment."""
    body: str
    """Without the footer: it has a link by which anybody could end the recipient's subscription."""


def read_notice(mail: EmailMessage, body: str) -> GithubNotice | None:
    """What GitHub says about its mail; None for any other mail."""
    reason = cleaning.line(header(mail, "X-GitHub-Reason"), 40).casefold()
    if not reason:
        return None
    places = _PLACE.findall(body)
    return GithubNotice(
        reason=reason,
        login=cleaning.line(header(mail, "X-GitHub-Sender"), 60),
        link=places[-1] if places else "",
        body=_FOOTER.sub("", f"\n{body}").strip(),
    )
