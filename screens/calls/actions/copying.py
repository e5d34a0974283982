"""Texts of a call to copy, and the calendar file with other times."""

from __future__ import annotations

from pathlib import Path

from fleettui import named_files
from fleettui.domain.messages import CALL_SLOTS
from fleettui.errors import Refused
from screens.calls.actions.asking import CallBoard, call_of
from screens.dialogs.copied import copy
from screens.dialogs.letter import send_text


class CallTexts:
    def __init__(self, board: CallBoard) -> None:
        self._board = board

    def do_notes_name(self) -> None:
        """CALL-2: title and heading of the notes document."""
        call, calls = call_of(self._board), self._board.workspace.calls
        text = f"{calls.texts.notes_title(call)}\n{calls.texts.notes_heading(call)}"
        copy(self._board.fleettui, text, goes_to="the notes document: its title, and its heading")

    def do_slots(self) -> None:
        """Other times: the message with two or three of them."""
        call, calls = call_of(self._board), self._board.workspace.calls
        note = calls.texts.slots(call).note
        copy(self._board.fleettui, calls.texts.message(call, CALL_SLOTS), note, goes_to="your answer to them")

    def do_send_text(self) -> None:
        step, call = self._board.step_here(), call_of(self._board)
        if step is None:
            raise Refused("Put the cursor on a step that has a text.")
        send_text(self._board.fleettui, call.id, step.key)

    def do_slots_file(self) -> None:
        host, call, calls = self._board.fleettui, call_of(self._board), self._board.workspace.calls

        def write() -> Path:
            return named_files.write(
                named_files.own(f"other-times-{call.id}.ics"), calls.texts.slots_file(call)
            )

        host.write(write, lambda made: host.say(f"To attach: {made}", seconds=10))
