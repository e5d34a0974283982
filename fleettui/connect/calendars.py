"""Calendars of people, as Google, Outlook and others publish them: read every quarter of an hour, into the import of calls.

Only customer calls are taken. What stands in a calendar no more, in two readings that follow each other, is gone: one empty
answer of a server cancels nothing. The addresses open the calendars to whoever has them, so none is written anywhere.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from threading import Event
from typing import TYPE_CHECKING

import msgspec

from fleettui.connect.backing_off import BackingOff, jittered
from fleettui.connect.desk import Stopped
from fleettui.connect.https import Https, Limits, NoReply, Request, only_https
from fleettui.connect.senders import Down
from fleettui.documents import UNREADABLE
from fleettui.errors import FleettuiError
from fleettui.store import files
from fleettui.text import cleaning
from fleettui.workspace.session import CONNECT

if TYPE_CHECKING:
    from fleettui.connect.takers import Surroundings
    from fleettui.domain.delivery.outside import CalendarSource
    from fleettui.places import Place
    from fleettui.workspace.calls.import_result import ImportResult
    from fleettui.workspace.session import Session

EVERY = timedelta(minutes=15)
LONGEST_PAUSE = 15 * 60.0
IMPORTED_EVERY = timedelta(hours=6)
"""Also what has not changed: the customers whom it is about may be others by now."""
STALE = timedelta(days=2)
"""A calendar that was not read for so long says nothing any more: it may not be set up now."""
AHEAD = timedelta(days=180)
"""How far a CalDAV server is asked."""
BACK = timedelta(days=1)
LIMITS = Limits(deadline=60)
_STAMPS = re.compile(rb"(?m)^(DTSTAMP|CREATED|LAST-MODIFIED)[:;][^\n]*\n")
"""Some servers write the time of the answer into every event."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of a calendar last. Holds no address."""

    at: datetime
    imported_at: datetime | None = None
    etag: str = ""
    modified: str = ""
    digest: str = ""
    uids: tuple[str, ...] = ()
    """Of what became calls."""
    missing: tuple[str, ...] = ()
    """Those that the last reading did not have any more."""


class Fetched(msgspec.Struct, frozen=True):
    """`content` is None where nothing has changed."""

    content: bytes | None
    etag: str = ""
    modified: str = ""
    until: datetime | None = None
    """Up to where the calendar was read; None: all of it."""


class CalendarIn:
    """The taker of one calendar."""

    def __init__(self, name: str, source: CalendarSource, around: Surroundings) -> None:
        self.name, self._source, self._around = name, source, around
        self._https = Https(source.ca, LIMITS, self._private)
        self._file = around.folder / f"calendar-{_digest(name.encode())[:16]}.json"
        self._waits = BackingOff(longest=LONGEST_PAUSE)

    # -- the service's side

    def run(self, stop: Event) -> None:
        pause = self._first_pause()
        if pause:
            self._well()
        stop.wait(pause)
        while not stop.is_set():
            try:
                self.read_once()
            except Stopped:
                break
            except (Down, NoReply, FleettuiError) as error:
                stop.wait(self._trouble(error))
            else:
                stop.wait(jittered(EVERY.total_seconds()))
        self._https.close()

    def interrupt(self) -> None:
        self._https.interrupt()

    def check(self) -> None:
        """Raises `Down` with what is wrong. Takes nothing in."""
        try:
            self._refuse_stranger()
            content = self._fetched(None).content
            if content is None or b"BEGIN:VCALENDAR" not in content[:10_000].upper():
                raise Down("what is there is no calendar")
        except (NoReply, FleettuiError) as error:
            raise Down(self._hidden(str(error))) from None

    def _first_pause(self) -> float:
        """A restart does not ask again what was read a moment ago."""
        reading, now = self._kept(), self._around.workspace.now()
        if reading is None or reading.at > now:
            return 0
        return max(0.0, (reading.at + EVERY - now).total_seconds())

    def _trouble(self, error: Exception) -> float:
        why = self._hidden(str(error))
        if self._around.board.down(self.name, why):
            self._around.say(f"{self.name}: down: {why}")
        return self._waits.next(error.again_after if isinstance(error, Down) else None)

    def _hidden(self, why: str) -> str:
        """An address of a calendar is a secret."""
        address = self._address()
        return self._around.secrets.hidden(why.replace(address, "the address") if address else why)

    def _well(self) -> None:
        self._waits.reset()
        if self._around.board.ok(self.name):
            self._around.say(f"{self.name}: is read")

    # -- one reading

    def read_once(self) -> None:
        """Raises `Down`, `NoReply`."""
        self._refuse_stranger()
        before, now = self._kept(), self._around.workspace.now()
        fetched = self._fetched(before)
        if fetched.content is None and before is not None:
            self._keep(msgspec.structs.replace(before, at=now))
            self._well()
            return
        content = fetched.content or b""
        if b"END:VCALENDAR" not in content[-1000:].upper():
            raise Down("what came is not a whole calendar")
        digest = _digest(_STAMPS.sub(b"", content.replace(b"\r\n", b"\n")))
        reading = Reading(at=now, etag=fetched.etag, modified=fetched.modified, digest=digest)
        if before is not None and self._is_known(before, digest, now):
            kept = msgspec.structs.replace(reading, imported_at=before.imported_at, uids=before.uids)
        else:
            kept = self._compared(before, self._imported(content), fetched, reading)
        self._keep(kept)
        self._well()

    def _is_known(self, before: Reading, digest: str, now: datetime) -> bool:
        is_fresh = before.imported_at is not None and now - before.imported_at < IMPORTED_EVERY
        return is_fresh and digest == before.digest and not before.missing

    @property
    def _session(self) -> Session:
        """As the person whose calendar it is; what comes in by itself is in no person's undo."""
        session = self._around.workspace.session
        return msgspec.structs.replace(session, login=self._source.login, id=CONNECT, request="")

    def _compared(
        self, before: Reading | None, result: ImportResult, fetched: Fetched, reading: Reading
    ) -> Reading:
        """What was there and is no more, is remembered once, and gone the second time."""
        reading = msgspec.structs.replace(reading, imported_at=reading.at)
        here = {line.uid for line in result.lines}
        there = here | {event.uid for event in result.left_out}
        known = set(before.uids) if before else set()
        if result.problems:  # what cannot be read is not gone
            return msgspec.structs.replace(reading, uids=tuple(sorted(known | here)))
        missing = known - there
        gone = missing & set(before.missing) if before else set()
        gone -= self._others()
        if gone:
            from fleettui.workspace.calls.feeds import gone_from_calendar

            session, until = self._session, fetched.until
            cancelled = self._around.desk.do(partial(gone_from_calendar, session, gone, until))
            for call in cancelled:
                self._around.say(f"{self.name}: {call.id} is gone from the calendar")
        return msgspec.structs.replace(
            reading, uids=tuple(sorted((known - gone) | here)), missing=tuple(sorted(missing - gone))
        )

    def _others(self) -> set[str]:
        """The events of the other calendars: what one person took out of theirs may take place all the same."""
        uids, now = set[str](), self._around.workspace.now()
        for path in self._around.folder.glob("calendar-*.json"):
            if path != self._file:
                reading = _read(path)
                is_in_use = reading is not None and now - reading.at < STALE
                uids |= set(reading.uids) if reading and is_in_use else set()
        return uids

    def _imported(self, content: bytes) -> ImportResult:
        from fleettui.workspace.calls.actions import Calls
        from fleettui.workspace.calls.import_result import ImportResult

        if b"BEGIN:VEVENT" not in content.upper():
            return ImportResult(lines=(), problems=())
        result = self._around.desk.do(partial(Calls(self._session).import_file, content))
        if result.taken or result.updated:
            self._around.say(f"{self.name}: {result.summary}")
        return result

    # -- the address, and what is there

    def _refuse_stranger(self) -> None:
        people = self._around.workspace.people.all()
        if not any(person.login == self._source.login and person.active for person in people):
            raise Down(f"there is nobody active with the login {cleaning.line(self._source.login, 40)}")

    def _address(self) -> str:
        source = self._source
        return self._around.secrets.get(source.url_secret) if source.url_secret else source.url

    def _private(self) -> list[str]:
        return list(self._around.workspace.handbook.calls.links.private)

    def _fetched(self, before: Reading | None) -> Fetched:
        address = self._address()
        if not address:
            raise Down(f"there is no secret {cleaning.line(self._source.url_secret, 60)!r} with its address")
        if address.startswith("webcal://"):
            address = f"https://{address.removeprefix('webcal://')}"
        if self._source.kind == "caldav":
            from fleettui.connect.caldav_calendar import events_of

            now = self._around.workspace.now()
            password = self._around.secrets.get(self._source.password_secret)
            if not password:
                raise Down(f"there is no secret {cleaning.line(self._source.password_secret, 60)!r}")
            until = now + AHEAD
            content = events_of(self._https, address, self._source.user, password, now - BACK, until)
            return Fetched(content, until=until)
        return self._published(address, before)

    def _published(self, address: str, before: Reading | None) -> Fetched:
        headers = {"Accept": "text/calendar, */*;q=0.1"}
        if before is not None and not before.missing:
            headers |= {"If-None-Match": before.etag} if before.etag else {}
            headers |= {"If-Modified-Since": before.modified} if before.modified else {}
        reply = self._https.ask(Request("GET", address, headers), only_https)
        if reply.status == 304 and before is not None:
            return Fetched(None)
        if reply.status != 200:
            raise Down(_status_words(reply.status), _after(reply.headers.get("retry-after", "")))
        etag, modified = reply.headers.get("etag", ""), reply.headers.get("last-modified", "")
        return Fetched(reply.body, cleaning.line(etag, 200), cleaning.line(modified, 60))

    # -- what was read

    def _kept(self) -> Reading | None:
        return _read(self._file)

    def _keep(self, reading: Reading) -> None:
        try:
            files.write_atomic(
                self._file,
                msgspec.json.encode(reading),
                self._around.workspace.services.service.file_mode,
            )
        except (OSError, FleettuiError):
            return  # read again sooner after a restart


def _read(place: Place) -> Reading | None:
    try:
        return msgspec.json.decode(files.read_file(place), type=Reading)
    except (OSError, FleettuiError, *UNREADABLE):
        return None


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _status_words(status: int) -> str:
    words = {
        401: "the address, or its password, is not accepted",
        403: "the address is not to be read by everybody who has it",
        404: "there is nothing at the address: was it published anew?",
        410: "there is nothing at the address any more: was it published anew?",
        429: "it is asked too often",
    }
    if 300 <= status < 400:
        return "the address leads to one that is not asked (no https)"
    return words.get(status, f"the server answers {status}")


def _after(header: str) -> timedelta | None:
    """Of Retry-After, in seconds; the other way to write it is rare, and waits by itself."""
    return timedelta(seconds=min(int(header), 86_400)) if header.strip().isdecimal() else None
