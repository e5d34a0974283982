"""The bell at join time (CALL-7): a message on whatever screen is in front, and the terminal's bell unless it is silenced."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import TYPE_CHECKING

from fleettui import config
from screens.terminal.text import one_line

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Call
    from screens.commands.host import Host

LOOK_EVERY = 20.0
"""Seconds between two looks at the calls, at most; sooner when one is about to begin."""
SEEN_FOR = 30.0
SILENCED = "silent-bell"


def is_silent() -> bool:
    return (config.state_folder() / SILENCED).exists()


def silence(silent: bool) -> None:
    with contextlib.suppress(OSError):
        mark = config.state_folder() / SILENCED
        mark.parent.mkdir(parents=True, exist_ok=True)
        if silent:
            mark.touch()
        else:
            mark.unlink(missing_ok=True)


class CallBell:
    """Each start is rung once for each session, for those who lead the call or are invited."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._rung: set[tuple[str, datetime]] = set()

    def look(self) -> None:
        wait = LOOK_EVERY
        try:
            wait = self._ring_and_wait()
        except Exception as error:
            self._host.report(error, "looking at the calls")
        self._host.set_timer(wait, self.look)

    def _ring_and_wait(self) -> float:
        workspace = self._host.workspace
        now, rules = workspace.now(), workspace.calls.rules()
        mine = [call for call in workspace.calls.all() if self._is_mine(call) and not call.all_day]
        for call in mine:
            if rules.join_from(call) <= now < call.start and (call.id, call.start) not in self._rung:
                self._rung.add((call.id, call.start))
                if rules.policy.join.group not in call.run.marks and call.joined_at is None:
                    self._ring(call)
        ahead = [(rules.join_from(call) - now).total_seconds() for call in mine]
        return min([LOOK_EVERY, *(max(0.2, seconds) for seconds in ahead if seconds > 0)])

    def _is_mine(self, call: Call) -> bool:
        me = self._host.workspace.me
        return call.host == me.login or (
            bool(me.email) and me.email.lower() in {attendee.email for attendee in call.attendees}
        )

    def _ring(self, call: Call) -> None:
        local = call.start.astimezone(self._host.workspace.zone)
        company = self._host.workspace.calls.customer(call)
        shown = company.shown if company else call.company
        self._host.say(
            f"Join now: {one_line(call.customer)} ({one_line(shown)}), {local:%H:%M}. 3 opens Calls.",
            "warning",
            SEEN_FOR,
        )
        if not is_silent():
            self._host.bell()
