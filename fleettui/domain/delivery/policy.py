"""The shape of connections.json: what leaves by itself, in whose name and over which servers. No secret stands in it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import msgspec

from fleettui.domain.delivery.model import Way
from fleettui.domain.delivery.outside import (
    CalendarSource,
    GithubConnection,
    calendar_mistakes,
    github_mistakes,
)

Answers = Literal["send", "copy"]
Events = Literal["take", "leave"]
Tls = Literal["starttls", "tls"]
Mistake = tuple[str, str]
"""The path of a field, and what is wrong with it."""

MOST_UNDO_SECONDS, MOST_TRIES, MOST_AN_HOUR, LAST_PORT = 3600, 50, 10_000, 65_535
MOST_DAYS_BACK = 3650


class Smtp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How mail leaves: by a server, or by a program of this machine (`sendmail`, with its arguments)."""

    host: str = ""
    port: int = 587
    tls: Tls = "starttls"
    user: str = ""
    """Empty: the address of `from`. The password is the service's secret; without one nobody signs in."""
    ca: str = ""
    """A file with the certificates of a private authority."""
    sendmail: tuple[str, ...] = ()


class Imap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where mail arrives."""

    host: str = ""
    port: int = 993
    tls: Tls = "tls"
    user: str = ""
    folder: str = "INBOX"
    move_to: str = ""
    """The folder for what was taken in; empty: it stays where it is."""
    days_back: int = 3
    """What arrived so many days before the mailbox is watched for the first time is taken in, too."""
    ca: str = ""
    token_command: tuple[str, ...] = ()
    """A program that prints a token for XOAUTH2; without one the service's password counts."""


class MailConnection(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"sender": "from"}
):
    """Mail, out and in."""

    answers: Answers = "copy"
    letters: Answers = "copy"
    """Texts that are no answer on a ticket: to a customer who missed a call, of a playbook."""
    sender: str = ""
    """The team's address: what leaves comes from it, and what customers answer comes back to it."""
    repeats: int = 3
    """So often a mail is sent again by itself, as the same mail, when nobody knows whether it got through."""
    smtp: Smtp = Smtp()
    imap: Imap = Imap()

    @property
    def can_send(self) -> bool:
        return bool(self.sender and (self.smtp.host or self.smtp.sendmail))

    @property
    def programs(self) -> tuple[tuple[str, ...], ...]:
        """What the service is to run, each with its arguments."""
        return tuple(filter(None, (self.smtp.sendmail, self.imap.token_command)))


class SlackConnection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Slack, through the team's app."""

    events: Events = "leave"
    """Whether the service takes in what is written there, or something else hands it over."""
    answers: Answers = "copy"
    letters: Answers = "copy"
    auto_reply: Answers = "copy"
    """The automatic answer outside of the opening hours (SUP-3)."""


class Connections(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """connections.json. Where nothing is said, nothing leaves by itself."""

    undo_seconds: int = 20
    """So long undo takes an answer back before it leaves."""
    per_address_and_hour: int = 20
    tries: int = 8
    mail: MailConnection = MailConnection()
    slack: SlackConnection = SlackConnection()
    calendars: tuple[CalendarSource, ...] = ()
    github: GithubConnection = GithubConnection()

    def sends_answers(self, way: Way) -> bool:
        """Whether what is answered leaves by itself; else it is for somebody to copy."""
        if way == "mail":
            return self.mail.answers == "send" and self.mail.can_send
        return self.slack.answers == "send"

    def can_send(self, way: Way) -> bool:
        """Whether this way is set up at all, so that a person may choose to send by it."""
        return self.mail.can_send if way == "mail" else "send" in _choices(self.slack)

    def sends_letters(self, way: Way) -> bool:
        if way == "mail":
            return self.mail.letters == "send" and self.mail.can_send
        return self.slack.letters == "send"

    @property
    def undo_time(self) -> timedelta:
        return timedelta(seconds=self.undo_seconds)

    def mistakes(self) -> Iterator[Mistake]:
        numbers = (
            ("undo_seconds", self.undo_seconds, 0, MOST_UNDO_SECONDS),
            ("per_address_and_hour", self.per_address_and_hour, 1, MOST_AN_HOUR),
            ("tries", self.tries, 1, MOST_TRIES),
            ("mail.repeats", self.mail.repeats, 0, MOST_TRIES),
            ("mail.smtp.port", self.mail.smtp.port, 1, LAST_PORT),
            ("mail.imap.port", self.mail.imap.port, 1, LAST_PORT),
            ("mail.imap.days_back", self.mail.imap.days_back, 0, MOST_DAYS_BACK),
        )
        for field, number, least, most in numbers:
            if not least <= number <= most:
                yield field, f"is {number:,}; {least:,} to {most:,} will do"
        yield from _mail_mistakes(self.mail)
        yield from calendar_mistakes(self.calendars)
        yield from github_mistakes(self.github)


def _choices(slack: SlackConnection) -> tuple[Answers, ...]:
    return slack.answers, slack.letters, slack.auto_reply


def _mail_mistakes(mail: MailConnection) -> Iterator[Mistake]:
    sends = "send" in (mail.answers, mail.letters)
    if mail.sender and not is_address(mail.sender):
        yield "mail.from", f"{mail.sender!r} is not an e-mail address"
    if sends and not mail.sender:
        yield "mail.from", "is empty: mail cannot leave without the team's address"
    smtp = mail.smtp
    if sends and not (smtp.host or smtp.sendmail):
        yield "mail.smtp", "names no host and no sendmail: mail cannot leave"
    if smtp.host and smtp.sendmail:
        yield "mail.smtp", "names a host and sendmail; one of them has to go"
    if mail.imap.host and not mail.imap.user:
        yield "mail.imap.user", "is empty: nobody can sign in to the mailbox"


def is_address(text: str) -> bool:
    """Whether a mail can be sent to it as it stands: one address and nothing else."""
    local, at, host = text.partition("@")
    if not (local and at and "." in host) or len(text) > 254:
        return False
    return text.isprintable() and not any(sign in ' \t,;:<>"()[]\\' for sign in text) and "@" not in host
