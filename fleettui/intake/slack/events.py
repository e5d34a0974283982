"""Reads Slack events, and decides which of them open a ticket out of hours (SUP-2 to SUP-5). Pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec

from fleettui.domain.customers.model import Customer
from fleettui.domain.team.people import Person
from fleettui.domain.tickets.attachments import IncomingFile
from fleettui.intake.slack.payloads import text_at, value_at
from fleettui.intake.slack.text import body_of, escaped, files_of
from fleettui.text import cleaning
from fleettui.text.mentions import defused
from fleettui.time.zones import FIRST_YEAR, LAST_YEAR

Kind = Literal["posted", "edited", "deleted"]

SPOKEN = ("", "thread_broadcast", "file_share", "me_message")
"""Subtypes of a message that somebody wrote."""
SLACKBOT = "USLACKBOT"

_STAMP = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,6}))?")
_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
_KNOWN_ELSEWHERE = {
    "url_verification": "Slack checks the address; whatever receives its requests answers that",
    "app_rate_limited": "Slack held events back because too many came; look into the channels",
    "message_action": "a message shortcut: with --flag it opens a ticket",
}


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """A message, as an event describes it. `stamp` is its own `ts`, `thread` its `thread_ts` or else its `ts` (SUP-3)."""

    kind: Kind
    channel: str
    thread: str
    stamp: str
    at: datetime
    author: str = ""
    name: str = ""
    email: str = ""
    body: str = ""
    files: tuple[IncomingFile, ...] = ()
    bot: bool = False
    dm: bool = False
    link: str = ""
    channel_name: str = ""

    @property
    def written_at(self) -> datetime:
        """When it was posted; `at` of an edit or a deletion is when that was done."""
        return _moment(self.stamp) or self.at

    @property
    def by(self) -> str:
        """The author as the event has it: the name, else the id."""
        return self.name or self.author or "somebody"

    @property
    def address(self) -> str:
        """How an answer in Slack calls the author; empty where neither id nor name is known."""
        return f"<@{self.author}>" if _ID.fullmatch(self.author) else escaped(defused(self.name))


@dataclass(frozen=True)
class Ignored:
    """An event that is not for the queue, and why; `broken` if it is not what Slack sends."""

    why: str
    broken: bool = False


@dataclass(frozen=True)
class Team:
    """Who is one of us, by Slack id and by address, and what people are called."""

    ids: Mapping[str, str]
    """Logins by Slack id."""
    emails: Mapping[str, str]
    """Logins by address."""
    names: Mapping[str, str]
    """Names by Slack id, of our customers' contacts too."""
    contacts: Mapping[str, str]
    """Names of our customers' contacts, by address."""

    @classmethod
    def of(cls, people: list[Person], customers: list[Customer]) -> Team:
        """People who have left the team count as outside: they may write as customers."""
        contacts = [contact for customer in customers for contact in customer.contacts if contact.name]
        present = [person for person in people if person.active]
        return cls(
            ids={_slack_id(person.slack): person.login for person in present if person.slack},
            emails={person.email.casefold(): person.login for person in present if person.email},
            names={contact.slack: contact.name for contact in contacts if contact.slack}
            | {_slack_id(person.slack): person.shown for person in people if person.slack},
            contacts={contact.email.casefold(): contact.name for contact in contacts if contact.email},
        )

    def has(self, post: Post) -> bool:
        """Whether the author is on the team, by Slack id or e-mail address."""
        return bool(self.login_of(post))

    def name_of(self, post: Post) -> str:
        """The author's name, as the team has it, else as the event; else the id."""
        name = self.names.get(_slack_id(post.author)) or self.contacts.get(post.email.casefold())
        return name or post.by

    def login_of(self, post: Post) -> str:
        """The login of the author; empty for somebody who is not on the team."""
        login = self.ids.get(_slack_id(post.author), "")
        return login or (self.emails.get(post.email.casefold(), "") if post.email else "")


def _slack_id(id_: str) -> str:
    return id_.strip().strip("<@>").upper()


# The rule


def why_not(post: Post, *, team: Team, is_open: Callable[[datetime], bool], listed: bool) -> str:
    """SUP-2: why this message opens no ticket and is not answered automatically; empty if it does and is."""
    if post.bot:
        return "a bot wrote it"
    if not post.author:
        return "it does not say who wrote it"
    if team.has(post):
        return "its author is on the team (SUP-2)"
    if is_open(post.at):
        return "it was posted in business hours, when people read the channel (SUP-2)"
    if not listed:
        return f"{post.channel} is not on the list of customer channels (SUP-2)"
    return ""


# Reading


def read(payload: Any, team: Team, *, flag: bool = False) -> Post | Ignored:
    """An Events API envelope (as posted, or over a socket), a bare event, or a message shortcut where something is flagged."""
    payload = _unwrapped(payload)
    if not isinstance(payload, dict):
        return Ignored("this is no Slack event: expected an object", broken=True)
    kind = text_at(payload, "type")
    if kind == "event_callback":
        return _event(payload.get("event"), team)
    if kind == "message_action" and flag:
        return _shortcut(payload, team)
    return _event(payload, team)


def _unwrapped(payload: Any) -> Any:
    """In Socket Mode the payload is inside another envelope."""
    inner = value_at(payload, "payload")
    is_envelope = text_at(payload, "type") == "events_api" or value_at(payload, "envelope_id") is not None
    return inner if isinstance(inner, dict) and is_envelope else payload


def _event(event: Any, team: Team) -> Post | Ignored:
    if not isinstance(event, dict):
        return Ignored("this is no Slack event: there is no `event` in it", broken=True)
    kind = text_at(event, "type")
    if kind in _KNOWN_ELSEWHERE:
        return Ignored(_KNOWN_ELSEWHERE[kind])
    if kind != "message":
        return Ignored(f"an event of the type {cleaning.line(kind, 40)!r} is nothing for the queue", not kind)
    subtype = text_at(event, "subtype")
    if subtype == "message_changed":
        return _changed(event, team)
    if subtype == "message_deleted":
        return _deleted(event, value_at(event, "previous_message"), text_at(event, "deleted_ts"))
    if subtype not in (*SPOKEN, "bot_message"):
        return Ignored(
            f"a message of the subtype {cleaning.line(subtype, 40)!r} is nothing that somebody wrote"
        )
    return _post("posted", event, event, team)


def _changed(event: Any, team: Team) -> Post | Ignored:
    """Slack also sends this when it unfolds a link, and when the first message of a thread is deleted."""
    after, before = value_at(event, "message"), value_at(event, "previous_message")
    if text_at(after, "subtype") == "tombstone":
        return _deleted(event, before or after, text_at(after, "ts"))
    post = _post("edited", event, after, team)
    if isinstance(post, Post) and before is not None and body_of(before, team.names) == post.body:
        return Ignored("its words are as they were")
    return post


def _deleted(event: Any, before: Any, stamp: str) -> Post | Ignored:
    at = _moment(text_at(event, "event_ts") or text_at(event, "ts")) or _moment(stamp)
    thread = text_at(before, "thread_ts") or stamp
    channel = text_at(event, "channel")
    if at is None or _moment(stamp) is None or not _ID.fullmatch(channel):
        return Ignored("this is no Slack message: it needs `channel` and `deleted_ts`", broken=True)
    author = cleaning.line(text_at(before, "user"), 80)
    return Post(kind="deleted", channel=channel, thread=thread, stamp=stamp, at=at, author=author)


def _shortcut(payload: Any, team: Team) -> Post | Ignored:
    message = value_at(payload, "message")
    event = {
        "channel": text_at(payload, "channel", "id"),
        "channel_name": text_at(payload, "channel", "name"),
    }
    domain = text_at(payload, "team", "domain")
    return _post("posted", event, message, team, domain)


def _post(kind: Kind, event: Any, message: Any, team: Team, domain: str = "") -> Post | Ignored:
    channel, stamp = text_at(event, "channel"), text_at(message, "ts")
    thread = text_at(message, "thread_ts") or stamp
    when = _edited_at(event, message) if kind == "edited" else stamp
    at = _moment(when)
    if at is None or not _ID.fullmatch(channel) or not (_moment(stamp) and _moment(thread)):
        return Ignored(
            "this is no Slack message: it needs `channel`, and `ts` as Slack writes it", broken=True
        )
    return Post(
        kind=kind,
        channel=channel,
        thread=thread,
        stamp=stamp,
        at=at,
        author=cleaning.line(text_at(message, "user"), 80),
        name=_name(message),
        email=cleaning.line(text_at(message, "user_profile", "email"), 200),
        body=body_of(message, team.names),
        files=files_of(message),
        bot=_is_bot(message),
        dm=text_at(event, "channel_type") in ("im", "mpim") or channel.startswith("D"),
        link=_link(channel, thread, domain),
        channel_name=cleaning.line(text_at(event, "channel_name"), 100),
    )


def _edited_at(event: Any, message: Any) -> str:
    return text_at(message, "edited", "ts") or text_at(event, "event_ts") or text_at(event, "ts")


def _name(message: Any) -> str:
    profile = value_at(message, "user_profile")
    called: tuple[str, ...] = (
        text_at(profile, "real_name"),
        text_at(profile, "display_name"),
        text_at(profile, "name"),
    )
    called += (text_at(message, "username"), text_at(message, "bot_profile", "name"))
    return cleaning.line(next((name for name in called if name.strip()), ""), 100)


def _is_bot(message: Any) -> bool:
    by_bot = text_at(message, "subtype") == "bot_message" or text_at(message, "user") == SLACKBOT
    return by_bot or any(bool(value_at(message, key)) for key in ("bot_id", "bot_profile"))


def _moment(stamp: str) -> datetime | None:
    """The time in Slack's `ts`: seconds, a point, and digits that make it unique."""
    match = _STAMP.fullmatch(stamp)
    if not match:
        return None
    try:
        at = datetime.fromtimestamp(int(match[1]), UTC)
    except (OverflowError, OSError, ValueError):
        return None
    if not FIRST_YEAR < at.year < LAST_YEAR:
        return None
    return at + timedelta(microseconds=int((match[2] or "0").ljust(6, "0")))


def _link(channel: str, thread: str, domain: str) -> str:
    """SUP-4. Without a domain Slack opens the workspace that the reader is signed in to."""
    host = f"{domain}.slack.com" if _ID.fullmatch(domain) else "slack.com"
    seconds, _, rest = thread.partition(".")
    return f"https://{host}/archives/{channel}/p{seconds}{rest.ljust(6, '0')}"
