"""The inbox of a person: what concerns them, what of it they have seen, and whether it may ring.

How a screen uses it. Nothing here runs on the event loop: call it where `workspace.refresh()` is called.

    cursor = inbox.opened()                    # once, before the first look of an app
    news = inbox.fresh(cursor)                 # after each refresh() that saw a change, and at `inbox.wakes_at()`
    cursor = news.cursor
    for event in news.events: toast(event.text)            # mine, as my settings want them in the inbox
    for event in inbox.rings_here(news.ringing): bell, notification   # each in one of my sessions, and once
    inbox.unseen()                             # for the tab and the title: a list, cheap after the first call
    inbox.items()                              # for the screen `b`: newest first, each with `seen`
    inbox.see([item.event.key]) / inbox.see()  # these, or all; an id of a ticket means all about it
    inbox.follow("T-1042") / inbox.unfollow("T-1042") / inbox.following()
    inbox.settings() / inbox.set("touched", "off")
    inbox.completions("za"), inbox.unclear(text)           # for the composer: whom @za may mean; what is not clear
    inbox.promises()                           # how many of mine are late, and the nearest one for the countdown
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from fleettui.domain.events.model import KIND_WORDS, Event
from fleettui.domain.team.people import time_off_on
from fleettui.domain.team.roles import covered_logins
from fleettui.errors import Refused
from fleettui.text import cleaning
from fleettui.time.clock import machine_microseconds
from fleettui.workspace.collections import CUSTOMERS, TICKETS
from fleettui.workspace.inbox import settings
from fleettui.workspace.inbox.feed import EventFeed
from fleettui.workspace.inbox.position import EPOCH, Position
from fleettui.workspace.inbox.results import Item as Item
from fleettui.workspace.inbox.results import Look, News, Promises
from fleettui.workspace.inbox.settings import Settings

if TYPE_CHECKING:
    from fleettui.domain.team.people import Person
    from fleettui.store.beside_documents import FollowLists, Notebook
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.inbox.ringing import Ringing
    from fleettui.workspace.people import People
    from fleettui.workspace.session import Session
    from fleettui.workspace.tickets.queue import Queue

MICROSECOND = timedelta(microseconds=1)
DAYS = timedelta(days=14)
"""How far back the inbox reaches."""
SEEN, FOLLOWED, SET, UPTO = "seen:", "follow:", "set:", "upto"


class Inbox:
    def __init__(
        self,
        session: Session,
        people: People,
        customers: Customers,
        queue: Queue,
        feed: EventFeed,
        notebook: Notebook,
        follow_lists: Callable[[], FollowLists],
    ) -> None:
        self._session, self._people, self._customers, self._queue = session, people, customers, queue
        self.feed, self._notebook, self._follow_lists = feed, notebook, follow_lists
        self._is_published = False
        self._unseen: _Known | None = None
        """Since the mark."""
        self._all: _Known | None = None
        """Of two weeks, as long as the same concerns me: only what is new is looked at again."""
        self._settings: tuple[int, Settings] | None = None
        """As of which version of the notebook."""

    # -- what is new

    def here(self) -> str:
        """A cursor behind all that has happened until now."""
        return self.feed.here().cursor

    def opened(self) -> str:
        """A cursor behind all that had happened when the app was opened: what came while it started is news."""
        began = self._session.since()
        if not began:
            return self.here()
        ago = timedelta(microseconds=machine_microseconds() - began)
        return self.feed.at(self._session.now() - ago, EPOCH + timedelta(microseconds=began)).cursor

    def fresh(self, cursor: str) -> News:
        """What came for me since the cursor, and what of it may ring now."""
        look = self.feed.look(Position.of(cursor))
        self._notebook.follow()
        if not self._is_published:
            self._publish()
        mine = self._mine(look)
        return News(mine, [event for event in mine if self.rings(event)], look.position.cursor)

    def wakes_at(self) -> datetime | None:
        """When something becomes news by itself the next time."""
        return self.feed.wakes_at()

    def rings(self, event: Event) -> bool:
        """Whether it may ring now: its kind is on, these are no quiet hours, and I am not away."""
        wanted, now, me = self.settings(), self._session.now(), self._people.me
        zone = ZoneInfo(me.zone) if me.zone else self._session.policy.zone
        if wanted.kinds[event.kind] != "on" or wanted.is_quiet(now, zone):
            return False
        return time_off_on(me, now.astimezone(zone).date()) is None

    @cached_property
    def _ringing(self) -> Ringing:
        from fleettui.workspace.inbox.ringing import Ringing  # late: a greeting rings no bell

        return Ringing(self._notebook)

    @property
    def _lists(self) -> FollowLists:
        return self._follow_lists()

    def rings_here(self, events: Sequence[Event]) -> list[Event]:
        """Of new events that may ring those for which this session does: no other session of mine, and once."""
        return self._ringing.rings_here(events, self.unseen()) if events else []

    def rings_again(self) -> bool:
        """Where the bell is to ring until all is seen: whether it does now, in this session."""
        if self.settings().bell != "always":
            return False
        loud = [event for event in self.unseen() if self.rings(event)]
        return self._ringing.rings_again(loud, self._session.now())

    # -- the list

    def items(self) -> list[Item]:
        """Of the last two weeks, newest first."""
        unseen = {event.key for event in self.unseen()}
        people = tuple((person.login, person.rev) for person in self._people.all())
        since = (people, *((key, self._notebook.get(key)) for key in self._notebook.keys(FOLLOWED)))
        self._all = self._kept_up(self._all, since, self._beginning)
        events = _latest_of_each_promise(self._wanted(self._all.events))
        events.sort(key=lambda event: event.at)
        return [Item(event, event.key not in unseen) for event in reversed(events)]

    def unseen(self) -> list[Event]:
        """What I have not seen, oldest first."""
        self._notebook.follow()
        mark = self._notebook.get(UPTO)
        self._unseen = self._kept_up(self._unseen, mark, lambda: self._start(mark))
        return [
            event
            for event in _latest_of_each_promise(self._wanted(self._unseen.events))
            if not self._notebook.get(f"{SEEN}{event.key}")
        ]

    def _kept_up(self, known: _Known | None, since: object, beginning: Callable[[], Position]) -> _Known:
        """What is known, and what came after it."""
        if known is None or known.since != since:
            known = _Known(since, beginning(), [])
        look = self.feed.look(known.position)
        taken_back = tuple(look.taken_back)
        events = [event for event in known.events if not taken_back or not event.key.startswith(taken_back)]
        oldest = self._session.now() - DAYS
        new = [placed.event for placed in look.placed]
        # What I no longer follow, or cover, is mine no more.
        kept = [event for event in self._concerning([*events, *new]) if event.at > oldest]
        return _Known(since, look.position, kept)

    def see(self, ids: Iterable[str] | None = None) -> list[Event]:
        """I have seen these: keys of events, or ids of what they are about; without any all that is there. Returns what was
        unseen before."""
        unseen = self.unseen()
        wanted = None if ids is None else [cleaning.line(id_, 200) for id_ in ids]
        if wanted is not None:
            self._refuse_unknown(wanted)
        seen = [event for event in unseen if wanted is None or _is_about(event, wanted)]
        if len(seen) == len(unseen) and self._unseen is not None:
            position = self._unseen.position
            marks = [(f"{SEEN}{key}", "") for key in self._notebook.keys(SEEN)]
            self._notebook.note([(UPTO, position.cursor), *marks])
        else:
            self._notebook.note([(f"{SEEN}{event.key}", "1") for event in seen])
        return seen

    def _refuse_unknown(self, wanted: Iterable[str]) -> None:
        known = [item.event for item in self.items()]
        for id_ in wanted:
            if not any(_is_about(event, [id_]) for event in known):
                raise Refused(f"nothing in your inbox is about {id_[:60]!r}; `fleettui inbox` lists it")

    def _beginning(self) -> Position:
        now = self._session.now()
        machine = EPOCH + timedelta(microseconds=machine_microseconds())
        return self.feed.at(now - DAYS, machine - DAYS)

    def _start(self, mark: str) -> Position:
        """From what I have seen last; what is older than the inbox reaches is nobody's news any more."""
        beginning = self._beginning()
        if not mark:
            return beginning
        try:
            position = Position.of(mark)
        except Refused:
            return beginning
        return position if position.at > beginning.at else beginning

    def _mine(self, look: Look) -> list[Event]:
        return self._wanted(self._concerning([placed.event for placed in look.placed]))

    def _wanted(self, events: Iterable[Event]) -> list[Event]:
        kinds = self.settings().kinds
        return [event for event in events if kinds[event.kind] != "off"]

    def _concerning(self, events: Sequence[Event]) -> list[Event]:
        """Mine, whatever my settings say of its kind."""
        me, covered = self._session.login, _Covered(self._people.all, self._session)
        return [
            event
            for event in events
            if me in event.logins or (event.by != me and (self._follows(event) or covered.concerns(event)))
        ]

    def _follows(self, event: Event) -> bool:
        """What was before I began to follow is no news."""
        since = (self._notebook.get(f"{FOLLOWED}{id_}") for id_ in event.about)
        return any(at and _micros(at) <= (event.at - EPOCH) // MICROSECOND for at in since)

    # -- whom a text calls

    def unclear(self, text: str) -> tuple[str, ...]:
        """Of a note or an answer: in a sentence each, names behind @ that several people have. Nobody is told by them."""
        from fleettui.text.mentions import mentioned

        return mentioned(text, self._names()).unclear

    def completions(self, typed: str) -> list[tuple[str, str]]:
        """Logins and names of whom the beginning of a word behind @ may mean."""
        from fleettui.text.mentions import completions

        return completions(typed, self._names())

    def _names(self) -> list[tuple[str, str]]:
        return [(person.login, person.name) for person in self._people.all() if person.active]

    # -- what I follow

    def following(self) -> list[str]:
        """Ids of tickets and customers, in the order in which I began to follow them."""
        self._notebook.follow()
        return self._notebook.keys(FOLLOWED)

    def follow(self, name: str) -> str:
        """A ticket by its id, or a customer by id or name; what is kept is the id."""
        id_ = self._id_of(name)
        self._notebook.note([(f"{FOLLOWED}{id_}", str((self._session.now() - EPOCH) // MICROSECOND))])
        self._publish()
        return id_

    def unfollow(self, name: str) -> str:
        self._notebook.follow()
        id_ = name if self._notebook.get(f"{FOLLOWED}{name}") else self._id_of(name)
        if not self._notebook.get(f"{FOLLOWED}{id_}"):
            raise Refused(f"you do not follow {id_}")
        self._notebook.note([(f"{FOLLOWED}{id_}", "")])
        self._publish()
        return id_

    def concerned(self, event: Event) -> tuple[str, ...]:
        """For scripts and hooks: whom it concerns, and who follows what it is about."""
        at = (event.at - EPOCH) // MICROSECOND
        followers = (
            login
            for login, followed in sorted(self._lists.all().items())
            if login != event.by and any(followed.get(id_, at + 1) <= at for id_ in event.about)
        )
        return tuple(dict.fromkeys((*event.logins, *followers)))

    def _publish(self) -> None:
        """What I follow, for `concerned` of others."""
        self._is_published = True
        followed = {
            id_: _micros(self._notebook.get(f"{FOLLOWED}{id_}")) for id_ in self._notebook.keys(FOLLOWED)
        }
        self._lists.publish(self._session.login, followed)

    def _id_of(self, name: str) -> str:
        typed = cleaning.line(name, 120)
        ticket = self._session.store.get(TICKETS, typed) or self._session.store.get(TICKETS, typed.upper())
        if ticket is not None:
            return ticket.id
        if self._session.store.get(CUSTOMERS, typed) is not None:
            return typed
        return self._customers.find(typed).id

    # -- how I am told

    def settings(self) -> Settings:
        self._notebook.follow()
        if self._settings is None or self._settings[0] != self._notebook.version:
            noted = {name: self._notebook.get(f"{SET}{name}") for name in (*KIND_WORDS, *settings.NAMES)}
            self._settings = self._notebook.version, settings.read(noted)
        return self._settings[1]

    def set(self, name: str, value: str) -> Settings:
        """One setting: a kind of event (on, quiet, off), "bell", "notify" or "quiet-hours"."""
        return self.set_all({name: value})

    def set_all(self, values: Mapping[str, str]) -> Settings:
        """All of them or none."""
        self._notebook.note(
            [(f"{SET}{name}", settings.checked(name, value)) for name, value in values.items()]
        )
        return self.settings()

    def noted(self, name: str) -> str:
        """What I have set; empty where the setting is as it is by itself."""
        self._notebook.follow()
        return self._notebook.get(f"{SET}{name}")

    def unset(self, name: str) -> None:
        """As if I had never set it."""
        self._notebook.note([(f"{SET}{name}", "")])

    # -- what I owe

    def promises(self) -> Promises:
        """Of mine, of those for whom I work today, and of tickets without an owner where they are mine to see."""
        now = self._session.now()
        day = now.astimezone(self._session.policy.zone).date()
        mine, late = covered_logins(self._people.all(), self._session.login, day), 0
        nobodys: bool | None = None
        for entry in self._queue.by_urgency():
            if entry.due is None:
                break
            if not entry.ticket.assignee and nobodys is None:  # the rota is asked only where it matters
                nobodys = not mine.isdisjoint(self.feed.meant_without_owner(now))
            if entry.ticket.assignee not in mine and (entry.ticket.assignee or not nobodys):
                continue
            if entry.due >= now:
                is_near = self._queue.state(entry, now) in ("urgent", "soon")
                if is_near:
                    return Promises(late, entry.ticket.id, entry.due, entry.ticket.subject)
                break
            late += 1
        return Promises(late, "", None, "")


class _Known(msgspec.Struct, frozen=True):
    """What came that concerns me, whether seen by now or not."""

    since: object
    """What it began with; where that is another, all is looked at again."""
    position: Position
    """Up to here."""
    events: list[Event]


class _Covered:
    """For whom I work on a day. Asked for each event of two weeks, so each day is looked up once."""

    def __init__(self, people: Callable[[], list[Person]], session: Session) -> None:
        self._people, self._session = people, session
        self._by_day: dict[date, frozenset[str]] = {}

    def concerns(self, event: Event) -> bool:
        """It concerns somebody who is away, and for whom I work meanwhile."""
        day = event.at.astimezone(self._session.policy.zone).date()
        logins = self._by_day.get(day)
        if logins is None:
            logins = frozenset(covered_logins(self._people(), self._session.login, day))
            self._by_day[day] = logins
        return len(logins) > 1 and not logins.isdisjoint(event.logins)


def _micros(noted: str) -> int:
    return int(noted) if noted.isdecimal() else 0


def _is_about(event: Event, ids: Iterable[str]) -> bool:
    return any(id_ == event.key or id_ == event.id or id_ in event.together for id_ in ids)


def _latest_of_each_promise(events: Iterable[Event]) -> list[Event]:
    """The steps of one promise are one line, which says how far it is by now."""
    latest: dict[str, Event] = {}
    for event in events:
        is_step = event.kind in ("breaching", "breached")
        name = "/".join(event.key.split("/")[:3]) if is_step else event.key
        latest.pop(name, None)
        latest[name] = event
    return list(latest.values())
