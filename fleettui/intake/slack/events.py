"""What a Slack event means, and whether the out-of-hours automation acts on it (SUP-2 to SUP-5). Pure: payload in, decision
out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec

from fleettui.domain.team.people import Person
from fleettui.intake.slack.payloads import field, words
from fleettui.intake.slack.text import body_of, escaped, files_of
from fleettui.text import cleaning
from fleettui.time.zones import FIRST_YEAR, LAST_YEAR

Kind = Literal["said", "edited", "deleted"]

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
    """One message, as an event tells of it. `stamp` is its own `ts`, `thread` its `thread_ts` or else its `ts` (SUP-3)."""

    kind: Kind
    channel: str
    thread: str
    stamp: str
    at: datetime
    author: str = ""
    name: str = ""
    email: str = ""
    body: str = ""
    files: tuple[str, ...] = ()
    bot: bool = False
    dm: bool = False
    link: str = ""

    @property
    def by(self) -> str:
        return self.name or self.author or "somebody"

    @property
    def in_thread(self) -> bool:
        return self.thread != self.stamp

    @property
    def address(self) -> str:
        """How an answer in Slack calls the author."""
        return f"<@{self.author}>" if _ID.fullmatch(self.author) else escaped(self.name or "there")


@dataclass(frozen=True)
class Unheard:
    """Nothing that concerns us, and why; `broken` where it should have been something else."""

    why: str
    broken: bool = False


@dataclass(frozen=True)
class Team:
    """Who is one of us, by Slack id and by address."""

    ids: frozenset[str]
    emails: frozenset[str]
    names: Mapping[str, str]

    @classmethod
    def of(cls, people: list[Person]) -> Team:
        """Whoever has left the team may come back as a customer."""
        present = [one for one in people if one.active]
        return cls(
            ids=frozenset(_slack_id(one.slack) for one in present if one.slack),
            emails=frozenset(one.email.casefold() for one in present if one.email),
            names={_slack_id(one.slack): one.shown for one in people if one.slack},
        )

    def has(self, post: Post) -> bool:
        return _slack_id(post.author) in self.ids or (
            bool(post.email) and post.email.casefold() in self.emails
        )


def _slack_id(said: str) -> str:
    return said.strip().strip("<@>").upper()


# The rule


def why_not(post: Post, *, team: Team, is_open: Callable[[datetime], bool], listed: bool) -> str:
    """SUP-2, all of it: why the automation leaves this message alone; empty: it acts. What is only a file (SUP-5) passes: it
    begins nothing, but a ticket that is there tells of it."""
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
    return "" if post.body or post.files else "there is nothing in it"


# Reading


def read(payload: Any, team: Team, *, flag: bool = False) -> Post | Unheard:
    """An Events API envelope (as posted, or over a socket), a bare event, or a message shortcut where something is flagged."""
    payload = _unwrapped(payload)
    if not isinstance(payload, dict):
        return Unheard("this is no Slack event: expected an object", broken=True)
    kind = words(payload, "type")
    if kind == "event_callback":
        return _event(payload.get("event"), team)
    if kind == "message_action" and flag:
        return _shortcut(payload, team)
    return _event(payload, team)


def _unwrapped(payload: Any) -> Any:
    """What comes over a socket has an envelope around the one that is posted."""
    inner = field(payload, "payload")
    is_envelope = words(payload, "type") == "events_api" or field(payload, "envelope_id") is not None
    return inner if isinstance(inner, dict) and is_envelope else payload


def _event(event: Any, team: Team) -> Post | Unheard:
    if not isinstance(event, dict):
        return Unheard("this is no Slack event: there is no `event` in it", broken=True)
    kind = words(event, "type")
    if kind in _KNOWN_ELSEWHERE:
        return Unheard(_KNOWN_ELSEWHERE[kind])
    if kind != "message":
        return Unheard(f"an event of the type {cleaning.line(kind, 40)!r} is nothing for the queue", not kind)
    subtype = words(event, "subtype")
    if subtype == "message_changed":
        return _changed(event, team)
    if subtype == "message_deleted":
        return _deleted(event, field(event, "previous_message"), words(event, "deleted_ts"))
    if subtype not in (*SPOKEN, "bot_message"):
        return Unheard(
            f"a message of the subtype {cleaning.line(subtype, 40)!r} is nothing that somebody wrote"
        )
    return _post("said", event, event, team)


def _changed(event: Any, team: Team) -> Post | Unheard:
    """Also comes when Slack unfolds a link, and when the first message of a thread is taken back."""
    after, before = field(event, "message"), field(event, "previous_message")
    if words(after, "subtype") == "tombstone":
        return _deleted(event, before or after, words(after, "ts"))
    post = _post("edited", event, after, team)
    if isinstance(post, Post) and before is not None and body_of(before, team.names) == post.body:
        return Unheard("its words are as they were")
    return post


def _deleted(event: Any, before: Any, stamp: str) -> Post | Unheard:
    at = _moment(words(event, "event_ts") or words(event, "ts")) or _moment(stamp)
    thread = words(before, "thread_ts") or stamp
    channel = words(event, "channel")
    if at is None or _moment(stamp) is None or not _ID.fullmatch(channel):
        return Unheard("this is no Slack message: it needs `channel` and `deleted_ts`", broken=True)
    author = cleaning.line(words(before, "user"), 80)
    return Post(kind="deleted", channel=channel, thread=thread, stamp=stamp, at=at, author=author)


def _shortcut(payload: Any, team: Team) -> Post | Unheard:
    message = field(payload, "message")
    event = {"channel": words(payload, "channel", "id")}
    domain = words(payload, "team", "domain")
    return _post("said", event, message, team, domain)


def _post(kind: Kind, event: Any, message: Any, team: Team, domain: str = "") -> Post | Unheard:
    channel, stamp = words(event, "channel"), words(message, "ts")
    thread = words(message, "thread_ts") or stamp
    when = _edited_at(event, message) if kind == "edited" else stamp
    at = _moment(when)
    if at is None or not _ID.fullmatch(channel) or not (_moment(stamp) and _moment(thread)):
        return Unheard(
            "this is no Slack message: it needs `channel`, and `ts` as Slack writes it", broken=True
        )
    return Post(
        kind=kind,
        channel=channel,
        thread=thread,
        stamp=stamp,
        at=at,
        author=cleaning.line(words(message, "user"), 80),
        name=_name(message),
        email=cleaning.line(words(message, "user_profile", "email"), 200),
        body=body_of(message, team.names),
        files=files_of(message),
        bot=_is_bot(message),
        dm=words(event, "channel_type") in ("im", "mpim") or channel.startswith("D"),
        link=_link(channel, thread, domain),
    )


def _edited_at(event: Any, message: Any) -> str:
    return words(message, "edited", "ts") or words(event, "event_ts") or words(event, "ts")


def _name(message: Any) -> str:
    profile = field(message, "user_profile")
    called = (words(profile, "real_name"), words(profile, "display_name"), words(profile, "name"))
    return cleaning.line(next((one for one in called if one.strip()), words(message, "username")), 100)


def _is_bot(message: Any) -> bool:
    by_bot = words(message, "subtype") == "bot_message" or words(message, "user") == SLACKBOT
    return by_bot or any(bool(field(message, key)) for key in ("bot_id", "bot_profile"))


def _moment(stamp: str) -> datetime | None:
    """Slack's `ts`: seconds, a point, what makes it unique."""
    found = _STAMP.fullmatch(stamp)
    if not found:
        return None
    try:
        at = datetime.fromtimestamp(int(found[1]), UTC)
    except (OverflowError, OSError, ValueError):
        return None
    if not FIRST_YEAR < at.year < LAST_YEAR:
        return None
    return at + timedelta(microseconds=int((found[2] or "0").ljust(6, "0")))


def _link(channel: str, thread: str, domain: str) -> str:
    """SUP-4. Slack finds the workspace for whoever is signed in."""
    host = f"{domain}.slack.com" if _ID.fullmatch(domain) else "slack.com"
    seconds, _, rest = thread.partition(".")
    return f"https://{host}/archives/{channel}/p{seconds}{rest.ljust(6, '0')}"
