"""Mail arrives: a mailbox is watched by IMAP, and every new mail goes through the intake.

Where it left off is kept by UID in the service's folder. That is safe to lose, and to be old: what is known already is
recognised by the intake. Nothing is ever deleted, or marked as read; a mail that is in the store is moved only if asked.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import msgspec
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls
from imap_tools.errors import ImapToolsError, MailboxLoginError

from fleettui.connect.backing_off import QUIET_AGAIN, BackingOff
from fleettui.connect.desk import Stopped
from fleettui.connect.mail_out import quoted, trouble_of_connection
from fleettui.connect.senders import Down
from fleettui.connect.takers import Surroundings
from fleettui.connect.trust import refused_program, run_program
from fleettui.documents import UNREADABLE
from fleettui.errors import FleettuiError
from fleettui.intake.mail.mailbox import MOST_OF_A_MAIL
from fleettui.store import files
from fleettui.text import cleaning
from fleettui.workspace.connections import MAIL_IN

if TYPE_CHECKING:
    from fleettui.domain.delivery.policy import Imap
    from fleettui.workspace.intake.outcomes import Outcome

PATIENCE = 30.0
NEW_IDLE = 540.0
"""Seconds after which waiting is begun anew: routers forget a connection on which nothing was said for long."""
LOOK_AGAIN = 30.0
"""Seconds between two looks where the server cannot tell of news (no IDLE)."""
STEP = 1.0
AT_ONCE, BYTES_AT_ONCE = 50, 10_000_000
"""Mails that are taken in together."""
FILE = "mail-in.json"
_UID, _SIZE = re.compile(rb"UID (\d+)"), re.compile(rb"RFC822\.SIZE (\d+)")
_TROUBLE = (OSError, imaplib.IMAP4.error, ImapToolsError)


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """Up to where a folder was taken in."""

    mailbox: str
    validity: int
    uid: int
    at: datetime
    """When it was last looked into."""


class MailIn:
    """The taker of mails."""

    name = MAIL_IN

    def __init__(self, policy: Imap, around: Surroundings) -> None:
        self._policy, self._around = policy, around
        self._mailbox = f"{policy.user}@{policy.host}:{policy.port}/{policy.folder}"
        self._place = around.folder / FILE
        self._box: BaseMailBox | None = None
        self._can_move = True

    # -- the service's side

    def run(self, stop: Event) -> None:
        waits = BackingOff()
        while not stop.is_set():
            began = time.monotonic()
            try:
                self._work(stop)
            except Stopped:
                return
            except (Down, FleettuiError, *_TROUBLE) as error:
                if stop.is_set():
                    return
                if time.monotonic() - began > QUIET_AGAIN:
                    waits.reset()
                self._report(_in_words(error, self._policy))
                stop.wait(waits.next(error.again_after if isinstance(error, Down) else None))

    def interrupt(self) -> None:
        box = self._box
        if box is not None:
            with contextlib.suppress(OSError, AttributeError):
                box.client.sock.shutdown(socket.SHUT_RDWR)

    def check(self) -> None:
        """Raises `Down` with what is wrong."""
        try:
            with self._signed_in() as box:
                self._open_folder(box)
                why = self._why_no_move(box)
                if why:
                    raise Down(why)
        except (FleettuiError, *_TROUBLE) as error:
            raise Down(_in_words(error, self._policy)) from None

    def _report(self, why: str) -> None:
        if self._around.board.down(MAIL_IN, why):
            self._around.say(f"{MAIL_IN}: down: {why}")

    def _well(self) -> None:
        if self._around.board.ok(MAIL_IN):
            self._around.say(f"{MAIL_IN}: {self._mailbox} is watched")

    # -- one connection

    def _work(self, stop: Event) -> None:
        with self._signed_in() as box:
            validity, next_uid = self._open_folder(box)
            self._can_move = not self._why_no_move(box)
            position = self._position(validity)
            if position is None:
                self._take(box, self._recent(box), validity, stop)
                position = Position(
                    mailbox=self._mailbox,
                    validity=validity,
                    uid=next_uid - 1,
                    at=self._around.workspace.now(),
                )
                self._keep(position)
            self._follow(box, position, stop)

    def _follow(self, box: BaseMailBox, position: Position, stop: Event) -> None:
        idles = "IDLE" in box.client.capability()[1][0].decode("ascii", "replace").upper().split()
        uid = position.uid
        while not stop.is_set():
            _announced(box)  # before this look
            new = [each for each in map(int, box.uids(f"UID {uid + 1}:*")) if each > uid]
            uid = max([uid, *self._take(box, sorted(new), position.validity, stop)])
            self._well()
            if not (new or _announced(box) or stop.is_set()):
                (_idle if idles else _pause)(box, stop)

    def _take(self, box: BaseMailBox, uids: Sequence[int], validity: int, stop: Event) -> list[int]:
        """Those that are in the store now."""
        done: list[int] = []
        for mails in self._fetched(box, uids):
            if stop.is_set():
                break
            outcomes = self._around.desk.do(partial(self._into_store, [raw for _, raw in mails]))
            taken = [
                uid for (uid, _), outcome in zip(mails, outcomes, strict=True) if outcome.error is not True
            ]
            for (uid, _), outcome in zip(mails, outcomes, strict=True):
                if outcome.error is True:
                    self._around.say(f"{MAIL_IN}: mail {uid} stays where it is: {outcome.why}")
            done += [uid for uid, _ in mails]
            self._move(box, taken)
            now = self._around.workspace.now()
            self._keep(Position(mailbox=self._mailbox, validity=validity, uid=max(done), at=now))
            self._well()
        return done

    def _into_store(self, mails: list[bytes]) -> list[Outcome]:
        return list(self._around.workspace.intake.mail(mails))

    def _fetched(self, box: BaseMailBox, uids: Sequence[int]) -> Iterator[list[tuple[int, bytes]]]:
        """The mails, some at a time. A mail that was removed meanwhile is left out."""
        for start in range(0, len(uids), AT_ONCE):
            sizes = _sizes(box, uids[start : start + AT_ONCE])
            group: list[int] = []
            for uid, size in sizes:
                if group and sum(dict(sizes)[each] for each in group) + size > BYTES_AT_ONCE:
                    yield _contents(box, group)
                    group = []
                group.append(uid)
            if group:
                yield _contents(box, group)

    def _move(self, box: BaseMailBox, uids: list[int]) -> None:
        if uids and self._policy.move_to and self._can_move:
            box.move([str(uid) for uid in uids], self._policy.move_to)

    def _why_no_move(self, box: BaseMailBox) -> str:
        """Moving without the command for it means deleting: then everything stays where it is."""
        target = self._policy.move_to
        if not target:
            return ""
        if "MOVE" not in box.client.capability()[1][0].decode("ascii", "replace").upper().split():
            return f"{self._policy.host} cannot move mails, so they stay where they are; leave move_to empty"
        box.client.capabilities = (*box.client.capabilities, "MOVE")
        return "" if box.folder.exists(target) else f"there is no folder {target!r} to move mails to"

    # -- signing in

    @contextlib.contextmanager
    def _signed_in(self) -> Iterator[BaseMailBox]:
        policy = self._policy
        context = ssl.create_default_context(cafile=policy.ca or None)
        kind = MailBox if policy.tls == "tls" else MailBoxStartTls
        box = kind(policy.host, policy.port, timeout=PATIENCE, ssl_context=context)
        self._box = box
        try:
            self._sign_in(box)
            yield box
        finally:
            self._box = None
            with contextlib.suppress(*_TROUBLE):
                box.client.logout()
            with contextlib.suppress(*_TROUBLE):
                box.client.shutdown()

    def _sign_in(self, box: BaseMailBox) -> None:
        user, file = self._policy.user, self._around.workspace.services.service.connections
        if self._policy.token_command:
            box.xoauth2(user, token_of(file, self._policy.token_command), None)
            return
        password = self._around.secrets.for_host("imap-password", file, self._policy.host)
        if not password:
            raise Down("there is no password: give the service the secret imap-password")
        if (user + password).isascii():
            box.login(user, password, None)
        else:
            box.login_utf8(user, password, None)

    def _open_folder(self, box: BaseMailBox) -> tuple[int, int]:
        """Its UIDVALIDITY and the next UID. Opened for writing only where mails are to be moved."""
        folder = self._policy.folder
        if not box.folder.exists(folder):
            raise Down(f"there is no folder {folder!r} in that mailbox")
        status = box.folder.status(folder, ["UIDVALIDITY", "UIDNEXT"])
        box.folder.set(folder, readonly=not self._policy.move_to)
        return status["UIDVALIDITY"], status["UIDNEXT"]

    # -- where it left off

    def _position(self, validity: int) -> Position | None:
        """None where nothing is known of this folder, or its numbers mean other mails than before."""
        position = self._last()
        return position if position is not None and position.validity == validity else None

    def _last(self) -> Position | None:
        try:
            position = msgspec.json.decode(files.read_file(self._place), type=Position)
        except (FileNotFoundError, *UNREADABLE):
            return None
        return position if position.mailbox == self._mailbox else None

    def _recent(self, box: BaseMailBox) -> list[int]:
        """Without a position: what arrived in the last days, since the last look at least. Known mails change nothing."""
        now, last = self._around.workspace.now(), self._last()
        since = now - timedelta(days=self._policy.days_back)
        if last is not None:
            since = min(since, last.at)
        day = since - timedelta(days=1)  # the server's day may be another one
        return sorted(map(int, box.uids(f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}")))

    def _keep(self, position: Position) -> None:
        files.write_atomic(self._place, msgspec.json.encode(position), files.PRIVATE.file)


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def token_of(file: Path, command: tuple[str, ...]) -> str:
    """What the administrator's program prints: an access token. It is never repeated in an error."""
    why = refused_program(file, command)
    if why:
        raise Down(why, timedelta(minutes=5))
    try:
        done = run_program(command, PATIENCE)
    except subprocess.TimeoutExpired:
        raise Down(f"{command[0]} gives no token within {PATIENCE:.0f} seconds") from None
    except OSError as error:
        raise Down(f"{command[0]}: {error.strerror}") from None
    token = done.stdout.decode("ascii", "replace").strip()
    if done.returncode or not token or not token.isprintable() or " " in token:
        raise Down(f"{command[0]} gives no token (it ended with {done.returncode})")
    return token


def _sizes(box: BaseMailBox, uids: Sequence[int]) -> list[tuple[int, int]]:
    if not uids:
        return []
    rows = _answers(box.client.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)"))
    sizes = {}
    for row in rows:
        line = row[0] if isinstance(row, tuple) else row
        uid, size = _UID.search(line), _SIZE.search(line)
        if uid and size:
            sizes[int(uid[1])] = min(int(size[1]), MOST_OF_A_MAIL)
    return [(uid, sizes[uid]) for uid in uids if uid in sizes]


def _contents(box: BaseMailBox, uids: Sequence[int]) -> list[tuple[int, bytes]]:
    what = f"(UID BODY.PEEK[]<0.{MOST_OF_A_MAIL}>)"
    rows = _answers(box.client.uid("FETCH", ",".join(map(str, uids)), what))
    contents: dict[int, bytes] = {}
    for number, row in enumerate(rows):
        if not isinstance(row, tuple):
            continue
        after = rows[number + 1] if number + 1 < len(rows) else b""
        uid = _UID.search(row[0]) or (_UID.search(after) if isinstance(after, bytes) else None)
        if uid:
            contents[int(uid[1])] = row[1]
    return [(uid, contents[uid]) for uid in uids if uid in contents]


def _answers(answer: tuple[str, list[tuple[bytes, bytes] | bytes]]) -> list[tuple[bytes, bytes] | bytes]:
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(f"the server did not give the mails: {quoted(str(answer[1][:1]))}")
    return [row for row in answer[1] if row]


def _announced(box: BaseMailBox) -> bool:
    """Whether the server has said since the last question that mails came. It does so in the answer to any command: to a search
    that does not have them yet, too, and then not again while one waits.
    """
    return box.client.response("EXISTS")[1] != [None]


def _idle(box: BaseMailBox, stop: Event) -> None:
    """Until something has happened in the folder."""
    until = time.monotonic() + NEW_IDLE
    with box.idle as idle:
        while not stop.is_set() and time.monotonic() < until:
            began = time.monotonic()
            if idle.poll(timeout=STEP):
                return
            if time.monotonic() - began < STEP / 2:
                return  # awake without news: the connection is gone, as ending the wait will say


def _pause(box: BaseMailBox, stop: Event) -> None:
    stop.wait(LOOK_AGAIN)
    if not stop.is_set():
        box.client.noop()


def _in_words(error: Exception, policy: Imap) -> str:
    where = f"{policy.host}:{policy.port}"
    if isinstance(error, Down | FleettuiError):
        return str(error)
    if isinstance(error, MailboxLoginError):
        words = quoted(b" ".join(each for each in error.command_result[1] if isinstance(each, bytes)))
        return f"{where} does not accept the user {policy.user} or the password: {words}"
    if isinstance(error, ImapToolsError | imaplib.IMAP4.error) and not isinstance(error, OSError):
        return f"{where}: {cleaning.line(str(error), 160)}"
    return trouble_of_connection(error, where)
