"""Another time for a call that did not take place (CALL-8 e): chosen from the proposed ones, or typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from fleettui import named_files
from fleettui.domain.calls.stages import UNRECORDED
from fleettui.errors import Refused
from fleettui.time import typed as typed_times
from screens.dialogs.field_choices import read_moment
from screens.dialogs.form import Form, FormField, Values
from screens.dialogs.picker import Picker
from screens.widgets.row import Row

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Call
    from fleettui.workspace.calls.rebooking import Rebooked
    from screens.commands.host import Host

OTHER_TIME, NOT_KNOWN = "other", "not known"
TIME_UNKNOWN = "Moved; the new time is not known yet."


def _keep_invitation(rebooked: Rebooked) -> str:
    """Where it is, or why it is nowhere: the call is moved already."""
    try:
        file = named_files.write(named_files.own(rebooked.file_name), rebooked.invitation)
    except Refused as error:
        return f"Its invitation could not be written. {error.text}"
    return f"To send: {file}"


class TimePicker(Picker[str]):
    """One of the proposed times, another one, or none yet."""

    HINT = "Which time?"

    def __init__(self, call: Call, is_moved: bool) -> None:
        super().__init__(f"{'Moved' if is_moved else 'Another time'}: {call.customer}")
        self._call, self._is_moved = call, is_moved

    def choices(self) -> Sequence[Row[str]]:
        texts = self.workspace.calls.texts
        proposal = texts.slots(self._call)
        words = texts.slot_words(self._call, proposal)
        slots = [
            Row(slot.start.isoformat(), (text,)) for slot, text in zip(proposal.slots, words, strict=True)
        ]
        not_known = [Row(NOT_KNOWN, ("Moved, and the new time is not known yet",))] if self._is_moved else []
        return [*slots, Row(OTHER_TIME, ("Another time: type it",)), *not_known]


class AnotherTime:
    """Asks for the new time, and moves the call to it. A call that nobody recorded was moved; any other one was missed."""

    def __init__(self, host: Host, call: Call, then: Callable[[str], None] = lambda new_id: None) -> None:
        """`then` is given the id of the new call."""
        self._host, self._call, self._then = host, call, then
        self._calls = host.workspace.calls
        self._is_moved = self._calls.stage(call) == UNRECORDED

    def ask(self) -> None:
        self._host.push_screen(TimePicker(self._call, self._is_moved), self._chosen)

    def _chosen(self, slot: str | None) -> None:
        if slot is None:
            return
        if slot == OTHER_TIME:
            self._ask_for_time()
        elif slot == NOT_KNOWN:
            moved = partial(self._calls.rebooking.moved, self._call.id, None)
            self._host.write(moved, lambda _: self._host.say(TIME_UNKNOWN), doing="moved")
        else:
            self._rebook(datetime.fromisoformat(slot))

    def _ask_for_time(self) -> None:
        workspace = self._host.workspace

        def save(typed: Values) -> datetime:
            return typed_times.moment(typed.get("start", ""), "start", workspace.now(), workspace.zone)

        form = Form(
            f"Another time for {self._call.customer}",
            [
                FormField(
                    "start",
                    "When",
                    hint="tomorrow 10:00, fri 9:30, 2026-03-12T10:00",
                    reads=read_moment(workspace),
                )
            ],
            about=f"calls rebook {self._call.id}",
            save=save,
            saved=self._rebook,
        )
        self._host.push_screen(form)

    def _rebook(self, start: datetime) -> None:
        rebooking, id_ = self._calls.rebooking, self._call.id

        def write() -> tuple[Rebooked, str]:
            rebooked = rebooking.moved(id_, start) if self._is_moved else rebooking.no_show(id_, start)
            assert rebooked is not None, "a time was given"  # noqa: S101
            return rebooked, _keep_invitation(rebooked)

        self._host.write(write, self._show, doing="another time", keys_wait=True)

    def _show(self, made: tuple[Rebooked, str]) -> None:
        rebooked, kept = made
        self._then(rebooked.call.id)
        self._host.say(f"{self._calls.texts.when(rebooked.call)}. {kept}", seconds=12)
