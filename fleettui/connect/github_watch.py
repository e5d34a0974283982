"""Follows the issues that customers wait for, and writes the links of new ones onto their tickets.

Each issue is asked for at most every five minutes, and with its tag, so that an answer without news costs nothing. What was seen
last is kept in the service's folder, which is safe to lose: only a change there changes anything here, so that what a person says
of an issue stands until GitHub says something new.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

import msgspec

from fleettui.connect.backing_off import BackingOff
from fleettui.connect.desk import Stopped
from fleettui.connect.github import GithubApi, Seen
from fleettui.connect.https import NoReply
from fleettui.connect.senders import Down
from fleettui.documents import UNREADABLE
from fleettui.domain.tickets.linked_issues import GITHUB
from fleettui.errors import FleettuiError, Refused
from fleettui.store import files
from fleettui.workspace.connections import GITHUB_IN

if TYPE_CHECKING:
    from collections.abc import Callable

    from fleettui.connect.takers import Surroundings
    from fleettui.domain.tickets.linked_issues import Outcome
    from fleettui.workspace.tickets.issues import Issues

FILE = "github.json"
EVERY = timedelta(minutes=5)
GONE_EVERY = timedelta(hours=1)
LOOK_EVERY = 2.0
"""Seconds between two looks at what the workspace has: no network."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen of an issue, and when it was asked for."""

    state: str = ""
    etag: str = ""
    at: datetime


class GithubWatch:
    """The taker."""

    name = GITHUB_IN

    def __init__(
        self, api: GithubApi, around: Surroundings, repository: Callable[[], str], *, follows: bool
    ) -> None:
        """Where it does not follow issues, it only writes links down."""
        self._api, self._around, self._repository, self._follows = api, around, repository, follows
        self._place = around.folder / FILE
        self._known: dict[str, Known] = {}
        self._rests_until = 0.0
        self._waits = BackingOff()

    @property
    def _issues(self) -> Issues:
        return self._around.workspace.issues

    # -- the service's side

    def run(self, stop: Event) -> None:
        self._known = self._kept()
        while not stop.is_set():
            try:
                self._link_opened()
                if self._follows and time.monotonic() >= self._rests_until:
                    self._round(stop)
            except Stopped:
                return
            except (Down, NoReply, FleettuiError) as error:
                self._trouble(error)
            stop.wait(LOOK_EVERY)
        self._api.close()

    def interrupt(self) -> None:
        self._api.interrupt()

    def check(self) -> None:
        """Raises `Down` with what is wrong."""
        try:
            self._api.check(self._repository())
        except NoReply as error:
            raise Down(error.why) from None

    def _trouble(self, error: Exception) -> None:
        why = self._around.secrets.hidden(str(error))
        if self._around.board.down(self.name, why):
            self._around.say(f"{self.name}: down: {why}")
        after = error.again_after if isinstance(error, Down) else None
        self._rests_until = time.monotonic() + self._waits.next(after)

    def _well(self) -> None:
        self._waits.reset()
        if self._around.board.ok(self.name):
            self._around.say(f"{self.name}: works")

    # -- new issues

    def _link_opened(self) -> None:
        for letter in self._issues.orders.to_link():
            self._around.desk.do(partial(self._issues.orders.link, letter))

    # -- issues that somebody waits for

    def _round(self, stop: Event) -> None:
        now = self._around.workspace.now()
        wanted = {id_: link for id_, link in self._issues.followed().items() if self._api.named(link)}
        due = [id_ for id_ in wanted if self._is_due(id_, now)]
        try:
            for id_ in due:
                if stop.is_set():
                    return
                self._look(id_, wanted[id_])
            if due or not wanted:
                self._well()
        finally:
            if due:
                self._known = {id_: known for id_, known in self._known.items() if id_ in wanted}
                self._keep()

    def _is_due(self, id_: str, now: datetime) -> bool:
        known = self._known.get(id_)
        if known is None or known.at > now:
            return True
        return now - known.at >= (GONE_EVERY if known.state == "gone" else EVERY)

    def _look(self, id_: str, link: str) -> None:
        known, now = self._known.get(id_), self._around.workspace.now()
        before = known.state if known else ""
        etag = known.etag if known else ""
        self._known[id_] = Known(state=before, etag=etag, at=now)  # asked, whatever comes of it
        seen = self._api.issue(link, etag)
        if seen is None:
            return
        if seen.state == "gone":
            self._around.say(f"{self.name}: {link} is not to be seen")
        elif seen.state != before:
            self._take(id_, seen, is_first=not before)
        self._known[id_] = Known(state=seen.state, etag=seen.etag, at=now)

    def _take(self, id_: str, seen: Seen, *, is_first: bool) -> None:
        """What a person said of it stands, unless it changed there since."""
        issue = self._issues.documents().get(id_)
        if is_first and issue is not None and issue.by != GITHUB:
            return
        is_closed, was_closed = seen.state == "closed", issue is not None and issue.is_closed
        service = self._issues.of_service()
        if is_closed and not was_closed:
            outcome: Outcome = "done" if seen.outcome == "done" else "not planned"
            self._do(partial(service.close_known, id_, outcome=outcome, by=GITHUB))
            self._around.say(f"{self.name}: {id_} is closed")
        elif was_closed and not is_closed:
            self._do(partial(service.reopen_known, id_, by=GITHUB))
            self._around.say(f"{self.name}: {id_} is open again")

    def _do(self, work: Callable[[], object]) -> None:
        try:
            self._around.desk.do(work)
        except Refused:
            return  # somebody said so meanwhile

    # -- what was seen

    def _kept(self) -> dict[str, Known]:
        try:
            return msgspec.json.decode(files.read_file(self._place), type=dict[str, Known])
        except (OSError, FleettuiError, *UNREADABLE):
            return {}

    def _keep(self) -> None:
        try:
            content = msgspec.json.encode(self._known)
            files.write_atomic(self._place, content, self._around.workspace.services.service.file_mode)
        except (OSError, FleettuiError):
            return  # asked again a little sooner after a restart
