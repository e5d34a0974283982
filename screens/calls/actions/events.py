"""What happens to a call: nobody comes, they come, it is over, something is agreed, it is cancelled."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fleettui.time.wording import moment
from screens.calls.actions.asking import CallBoard, ask, call_of
from screens.commands.effective import key_of, with_keys
from screens.dialogs.another_time import AnotherTime
from screens.dialogs.field_choices import known_people, read_day, read_moment
from screens.dialogs.form import FormField, Values
from screens.shell.acting import change

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Call
    from fleettui.workspace.workspace import Workspace

LADDER = "[app.copy] copies the message, [calls.tick] logs it, [calls.here] when they came."
HELD = "It took place. [calls.agree] on it writes down next steps."


def who_and_when(workspace: Workspace) -> list[FormField]:
    """Of a next step."""
    return [
        FormField("owner", "Who", hint="one of us, or of theirs", known=known_people(workspace)),
        FormField("due", "Until", hint="friday, tomorrow, 2026-03-12", reads=read_day(workspace)),
    ]


class CallEvents:
    def __init__(self, board: CallBoard) -> None:
        self._board = board

    def do_nobody(self) -> None:
        """Opens the ladder, the cursor on its first step: y copies the message, Space logs it."""
        board, call = self._board, call_of(self._board)

        def opened(missed: Call) -> None:
            board.enter(missed.id)
            board.fleettui.say(with_keys(LADDER), seconds=8)

        board.fleettui.write(
            partial(board.workspace.calls.missed, call.id), opened, doing="missed", keys_wait=True
        )

    def do_rebook(self) -> None:
        """CALL-8: closes a no-show with another time; where nobody recorded how it went, it was moved."""
        AnotherTime(self._board.fleettui, call_of(self._board), self._board.leave_call).ask()

    def do_held(self) -> None:
        """It took place: for a call that nobody recorded."""
        board, call = self._board, call_of(self._board)

        def over(ended: Call) -> None:
            board.fleettui.say(f"{with_keys(HELD)}{self._planned(ended)}")

        board.fleettui.write(partial(board.workspace.calls.held, call.id), over, doing="held")

    def _planned(self, ended: Call) -> str:
        """CALL-12: that the next check-in was made, and when it is."""
        workspace = self._board.workspace
        following = workspace.calls.check_ins.after(ended)
        if following is None:
            return ""
        when = moment(following.start, workspace.now(), workspace.zone)
        return f" The next check-in is {when}. {key_of('app.undo')} takes both back."

    def do_here(self) -> None:
        board, call = self._board, call_of(self._board)
        joined = partial(board.workspace.calls.joined, call.id)
        change(board.fleettui, joined, f"{call.customer} is here.")

    def do_over(self) -> None:
        call, calls = call_of(self._board), self._board.workspace.calls
        proposed = calls.check_ins.proposed(call)

        def save(typed: Values) -> Call:
            steps: tuple[tuple[str, str, str], ...] = ()
            if typed.get("what") or typed.get("owner") or typed.get("due"):
                steps = ((typed.get("what", ""), typed.get("owner", ""), typed.get("due", "")),)
            return calls.done(
                call.id,
                why=typed.get("why", ""),
                notes=typed.get("notes", ""),
                next_steps=steps,
                check_in=typed.get("check_in", proposed),
            )

        fields = [
            FormField("why", "How it went", hint="in a line"),
            FormField("notes", "Notes", call.notes),
            FormField("what", "Next step", hint=with_keys("what is to be done; [calls.agree] adds more")),
            *who_and_when(self._board.workspace),
        ]
        if proposed is not None:
            local = f"{proposed.astimezone(self._board.workspace.zone):%Y-%m-%d %H:%M}"
            reads = read_moment(self._board.workspace)
            fields.append(FormField("check_in", "Next check-in", local, "empty: none is made", reads=reads))
        ask(self._board.fleettui, f"Over: {call.customer}", fields, f"calls over {call.id}", save, "Over.")

    def do_agree(self) -> None:
        call, calls = call_of(self._board), self._board.workspace.calls

        def save(typed: Values) -> Call:
            return calls.agree(call.id, typed.get("what", ""), typed.get("owner", ""), typed.get("due", ""))

        ask(
            self._board.fleettui,
            f"Next step with {call.customer}",
            [FormField("what", "Next step", hint="what is to be done"), *who_and_when(self._board.workspace)],
            f"calls agree {call.id}",
            save,
            "Written down.",
        )

    def do_cancel(self) -> None:
        call, calls = call_of(self._board), self._board.workspace.calls
        ask(
            self._board.fleettui,
            f"Will not take place: {call.title}",
            [FormField("why", "Why", hint="in a few words")],
            f"calls cancel {call.id}",
            lambda typed: calls.cancel(call.id, typed.get("why", "")),
            "Cancelled.",
        )
