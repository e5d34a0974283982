"""How a Slack event gets into the queue (SUP-1 to SUP-5). Which events count is decided in `fleettui/intake/slack/events.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from fleettui.domain.customers.channels import channel_shown
from fleettui.domain.customers.contacts import first_name
from fleettui.domain.tickets.arrivals import Arrival, Arrived
from fleettui.domain.tickets.destination import Destination
from fleettui.domain.tickets.messages import has_message
from fleettui.domain.tickets.model import Message, Ticket
from fleettui.errors import FleettuiError
from fleettui.intake.slack import events as slack
from fleettui.intake.slack.events import Ignored, Post, Team
from fleettui.text import cleaning
from fleettui.text.mentions import defused, without_calls
from fleettui.time.business import hours_in_words
from fleettui.workspace.intake.outcomes import (
    RECORDER,
    Outcome,
    Reply,
    broken,
    left_in,
    note_files,
    outcome,
)
from fleettui.workspace.tickets.sending import ordered

if TYPE_CHECKING:
    from fleettui.workspace.channels import Channels
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.people import People
    from fleettui.workspace.session import Session
    from fleettui.workspace.tickets.actions import Tickets

SLACK, FLAG = "slack", "flag"


@dataclass(frozen=True)
class Keys:
    """The keys of thread and message in the queue."""

    thread: str
    message: str


class SlackIntake:
    """Takes Slack events, with the people known at its start."""

    def __init__(
        self,
        session: Session,
        tickets: Tickets,
        people: People,
        customers: Customers,
        channels: Channels,
        *,
        flag: bool = False,
        begun: datetime | None = None,
        posts: bool = True,
    ) -> None:
        """`begun`: when the taking in of these events began that was interrupted; its answers have reached nobody. `posts`:
        whoever asks posts the automatic answers, where they do not leave by the outbox."""
        self._session, self._tickets, self._flag, self._posts = session, tickets, flag, posts
        self._begun, self._given = begun, set[str]()
        self._customers, self._channels = customers, channels
        self._team = Team.of(people.all(), customers.all())

    def take(self, payload: Any) -> Outcome:
        """Opens a ticket, adds to one, changes a message, or ignores the event with the reason."""
        post = slack.read(payload, self._team, flag=self._flag)
        if isinstance(post, Ignored):
            return broken(post.why) if post.broken else Outcome(result="ignored", why=post.why)
        if post.kind != "posted":
            return self._altered(post)
        return self._flagged(post) if self._flag else self._posted(post)

    def _posted(self, post: Post) -> Outcome:
        """A thread that has a ticket takes every message, at any hour and from anybody (SUP-3). SUP-2 only decides whether a new
        ticket is made, and whether the automatic answer goes out."""
        if not (post.body or post.files):
            return Outcome(result="ignored", why="there is nothing in it", message=post.stamp)
        why_not = slack.why_not(
            post,
            team=self._team,
            is_open=lambda at: self._session.policy.calendar.is_open(at),
            listed=self._channels.get(post.channel) is not None,
        )
        keys = self._keys(post)
        if not post.body:
            return self._only_files(post, keys, why_not)
        arrived = self._tickets.arrive(replace(self._from_anybody(post, keys), create=not why_not))
        if arrived.ticket is None:
            return Outcome(result="ignored", why=why_not, message=post.stamp)
        self._note_files(post, keys, arrived)
        result = outcome(arrived, post.stamp)
        if why_not:
            return result
        try:
            reply = self._auto_reply(post, keys, arrived.ticket)
        except FleettuiError as error:
            return replace(result, why=f"{result.why}; no answer was sent, because {error}")
        return replace(result, reply=reply) if reply else result

    def _from_anybody(self, post: Post, keys: Keys) -> Arrival:
        """A customer's words are a message, ours an answer in our name (SUP-21). Nobody is owed an answer by a bot."""
        arrival = self._arrival(post, keys, SLACK)
        if post.bot:
            return replace(arrival, direction="note", automatic=True)
        login = self._team.login_of(post)
        return replace(arrival, direction="out", by=login) if login else arrival

    def _only_files(self, post: Post, keys: Keys, why_not: str) -> Outcome:
        """SUP-5: a file alone opens no ticket; where the thread has a ticket, it is noted there."""
        note = Arrival(
            thread=keys.thread,
            external=keys.message,
            at=post.at,
            by=self._team.login_of(post) or self._team.name_of(post),
            direction="note",
            body=left_in(post.files, "Slack"),
            files=tuple(file.name for file in post.files),
            incoming=post.files,
            create=False,
        )
        arrived = self._tickets.arrive(note)
        if arrived.ticket is None:
            why = why_not or "it is only a file, which begins nothing (SUP-5)"
        elif arrived.result == "appended":
            why = "only a file: noted on the ticket, not carried over (SUP-5)"
        else:
            why = arrived.why
        return outcome(arrived, post.stamp, why)

    def _flagged(self, post: Post) -> Outcome:
        """SUP-1: staff say that it needs work, so hour, channel and author do not matter. No automatic answer."""
        keys = self._keys(post)
        body = post.body or (left_in(post.files, "Slack") if post.files else "")
        if not body:
            return Outcome(result="ignored", why="there is nothing in it", message=post.stamp)
        arrival = replace(self._arrival(post, keys, FLAG), body=body)
        if post.bot or self._team.has(post):
            arrived = self._beside(replace(arrival, from_us=True))
        else:
            arrived = self._tickets.arrive(arrival)
        if post.body:
            self._note_files(post, keys, arrived)
        why = "flagged by staff (SUP-1)" if arrived.result == "created" else ""
        return outcome(arrived, post.stamp, why)

    def _beside(self, arrival: Arrival) -> Arrived:
        """Our own message is a note where the thread has a ticket; else it opens one, and an answer is owed."""
        noted = self._tickets.arrive(replace(arrival, direction="note", create=False))
        return noted if noted.ticket else self._tickets.arrive(arrival)

    def _altered(self, post: Post) -> Outcome:
        """An edited or deleted message, at any hour: a ticket must not keep showing what its author took back."""
        keys, gone = self._keys(post), post.kind == "deleted"
        why = self._why_late(keys, post)
        if why:
            return Outcome(result="ignored", why=why, message=post.stamp)
        arrival = Arrival(
            thread=keys.thread,
            external=keys.message,
            at=post.at,
            by=post.author,
            body=post.body,
            create=False,
        )
        altered = self._tickets.alter(arrival, gone=gone)
        if altered.result == "ignored" and not gone and self._is_news(keys, post, altered.ticket):
            return self._posted(replace(post, kind="posted", at=post.written_at))
        return outcome(altered, post.stamp)

    def _is_news(self, keys: Keys, post: Post, ticket: Ticket | None) -> bool:
        """An edit may arrive before its message. What is older than the ticket is none of its messages (SUP-4)."""
        if ticket is None or has_message(ticket, keys.message) or not post.body:
            return False
        return post.written_at >= ticket.opened_at

    def _why_late(self, keys: Keys, post: Post) -> str:
        """Why a change comes too late: events come more than once, and not always in order."""
        message = self._message(keys)
        if message is None or post.kind == "deleted":
            return ""
        if message.deleted_at is not None:
            return "the message was deleted"
        if message.edited_at is not None and message.edited_at >= post.at:
            return "this edit or a newer one is recorded already"
        return ""

    # -- inside

    def _keys(self, post: Post) -> Keys:
        """SUP-3: the thread is the key. Slack's stamps are unique within one channel only: where a ticket of another channel
        has the same stamp, or where the key was kept with its channel before, the channel is part of the key."""
        whole = f"{post.channel}/{post.thread}"
        of_thread = self._of_thread(post, whole)
        if any(ticket.thread == whole for ticket in of_thread) or _all_elsewhere(of_thread, post.channel):
            return Keys(whole, f"{post.channel}/{post.stamp}")
        return Keys(post.thread, post.stamp)

    def _of_thread(self, post: Post, whole: str) -> list[Ticket]:
        """Of the archived tickets too, for a reply: the first message of a thread cannot belong to one."""
        threads = (post.thread, whole)
        known = self._tickets.which(lambda row: row.thread in threads)
        if known or post.thread == post.stamp:
            return known
        archived = (self._tickets.archived_of(key) for key in threads)
        return [ticket for ticket in archived if ticket is not None and ticket.thread in threads]

    def _message(self, keys: Keys) -> Message | None:
        for ticket in self._tickets.which(lambda row: row.thread == keys.thread)[:1]:
            messages = self._tickets.survivor(ticket).messages
            return next((message for message in messages if message.external == keys.message), None)
        return None

    def _arrival(self, post: Post, keys: Keys, way: str) -> Arrival:
        customer, customer_id, tier = self._whose(post)
        return Arrival(
            thread=keys.thread,
            external=keys.message,
            at=post.at,
            by=self._team.name_of(post),
            body=post.body,
            subject=_subject(post.body),
            files=tuple(file.name for file in post.files),
            incoming=post.files,
            customer=customer,
            customer_id=customer_id,
            tier=tier,
            channel=post.channel,
            way=way,
            link=post.link,
            by_dm=post.dm,
        )

    def _whose(self, post: Post) -> tuple[str, str, str]:
        """Customer, id and tier. A flagged message may come from a channel that is not on the list."""
        channel = post.channel
        listed = self._channels.get(channel)
        if listed is not None:
            return listed.customer, listed.customer_id, listed.tier
        for customer in self._customers.all():
            if customer.channel == channel:
                return customer.name, customer.id, customer.tier
        return channel_shown(post.channel_name) or channel, "", ""

    def _note_files(self, post: Post, keys: Keys, arrived: Arrived) -> None:
        if post.files and arrived.ticket:
            note_files(self._tickets, arrived.ticket, "Slack", self._arrival(post, keys, SLACK))

    def _auto_reply(self, post: Post, keys: Keys, ticket: Ticket | None) -> Reply | None:
        """SUP-3: to the message that opened the ticket, once. It is recorded on the ticket before anybody posts it, so that
        neither a repeated event nor a second session posts it again; it does not count as an answer."""
        external = f"{keys.message}:auto-reply"
        is_lost = external not in self._given and self._is_recorded_since_begun(ticket, external)
        leaves = self._session.policy.handbook.connections.slack.auto_reply == "send"
        if leaves:
            is_lost = False  # its order stands on the ticket with it
        if self._is_nobody_s_to_send(leaves):
            return None
        if ticket is None or not (is_lost or _wants_reply(ticket, keys)):
            return None
        handbook = self._session.policy.handbook
        values = {"name": post.address, "ticket": ticket.id, "hours": hours_in_words(handbook.hours)}
        text = handbook.renderer.render(handbook.tickets.auto_reply, values)
        reply = Reply(channel=post.channel, thread=post.thread, text=text)
        self._given.add(external)
        if is_lost:
            return reply
        # Here nobody can see whom a mention names.
        recorded = handbook.renderer.render(
            handbook.tickets.auto_reply, values | {"name": first_name(self._team.name_of(post))}
        )
        claim = Arrival(
            thread=keys.thread,
            external=external,
            at=max(post.at, self._session.now()),
            by=RECORDER,
            direction="out",
            automatic=True,
            body=cleaning.clean(recorded),
            create=False,
        )
        if leaves:
            to = Destination("slack", post.channel, thread=post.thread)
            claim = ordered(ticket, claim, to, self._session, at_once=True)
        if self._tickets.arrive(claim).result != "appended" or leaves:
            return None
        return reply

    def _is_nobody_s_to_send(self, leaves: bool) -> bool:
        """Where the service takes in: what does not leave by itself reaches nobody, and what comes late, after an outage, is
        answered by the people who are there again."""
        return not self._posts and (not leaves or self._session.policy.calendar.is_open(self._session.now()))

    def _is_recorded_since_begun(self, ticket: Ticket | None, external: str) -> bool:
        if ticket is None or self._begun is None:
            return False
        return any(message.external == external and message.at >= self._begun for message in ticket.messages)


def _subject(body: str) -> str:
    """A subject is quoted in texts that leave: it mentions nobody."""
    return cleaning.line(without_calls(body) or defused(body), 80)


def _all_elsewhere(tickets: list[Ticket], channel: str) -> bool:
    """Whether all of them came from another channel. A channel that somebody typed in may be a name, so it does not count."""
    return bool(tickets) and all(
        ticket.way in (SLACK, FLAG) and ticket.channel != channel for ticket in tickets
    )


def _wants_reply(ticket: Ticket, keys: Keys) -> bool:
    opened_by_it = ticket.way == SLACK and ticket.messages and ticket.messages[0].external == keys.message
    return bool(opened_by_it) and not any(message.direction == "out" for message in ticket.messages)
