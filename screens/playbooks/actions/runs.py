"""What is done with a run: begun, cancelled, reopened; and what its steps begin elsewhere or have to copy."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fleettui.domain.checklists.model import Opens
from screens.commands.effective import key_of, with_keys
from screens.dialogs.choosing import CustomerPicker
from screens.dialogs.copied import copy, copy_on_page
from screens.dialogs.do_not_contact import unless_asked
from screens.dialogs.form import FormField
from screens.playbooks.actions.asking import NEEDS_RUN, PlaybookBoard, ask, run_of, step_of, write
from screens.playbooks.row_keys import PlaybookKey
from screens.shell import links
from screens.widgets.page import BLANK, Para, heading

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import StepView
    from fleettui.domain.playbooks.runs import Link, PlaybookRun

ON_RUNS = ("cancel", "reopen", "answer", "fill", "tick")


class RunActions:
    def __init__(self, board: PlaybookBoard) -> None:
        self._board = board

    def why_not(self, command_id: str) -> str | None:
        scope, _, verb = command_id.rpartition(".")
        if scope == "playbooks" and verb in ON_RUNS and self._board.run_here() is None:
            return with_keys(NEEDS_RUN)
        return None

    def do_begin(self) -> None:
        board, key = self._board, self._board.key
        playbooks = board.workspace.handbook.playbooks
        if not isinstance(key, PlaybookKey):
            board.show_all()
            board.rows.go_to(PlaybookKey(next(iter(playbooks), "")))
            board.fleettui.say(with_keys("Put the cursor on a playbook and press [playbooks.begin] again."))
            return
        name = playbooks[key.name].id
        if not playbooks[key.name].customer:
            self._begin(name, None)
            return
        board.fleettui.push_screen(CustomerPicker(), lambda id_: self._ask_and_begin(name, id_))

    def _ask_and_begin(self, name: str, customer: str | None) -> None:
        """A quote to who is not to be contacted is asked about (GTM-3)."""
        if not customer:
            return
        host, customers = self._board.fleettui, self._board.workspace.customers
        quote = [Opens(kind="playbook", name=name)]
        refuse, begin = partial(customers.refuse_begin, quote, customer), partial(self._begin, name, customer)
        unless_asked(host, refuse, "Begin it", begin)

    def _begin(self, name: str, customer: str | None) -> None:
        board, playbooks = self._board, self._board.workspace.playbooks

        def begun(run: PlaybookRun) -> None:
            board.enter(run.id)
            reminders = [playbooks.written(run, reminder) for reminder in run.reminders]
            board.fleettui.say("\n".join([f"{run.id} is begun.", *reminders]), seconds=10)

        start = partial(playbooks.start, name, customer)
        board.fleettui.write(start, begun, doing="beginning a playbook", keys_wait=True)

    def do_cancel(self) -> None:
        run, playbooks = run_of(self._board), self._board.workspace.playbooks
        ask(
            self._board,
            f"Cancel {run.name}",
            [FormField("why", "Why", hint="what made it unnecessary")],
            f"playbooks cancel {run.id}",
            lambda typed: playbooks.cancel(run.id, typed.get("why", "")),
            "Cancelled.",
        )

    def do_reopen(self) -> None:
        run = run_of(self._board)
        write(self._board, partial(self._board.workspace.playbooks.reopen, run.id), f"{run.id} goes on.")

    async def do_open(self) -> None:
        """What has been begun is gone to; else it is begun."""
        host, playbooks = self._board.fleettui, self._board.workspace.playbooks
        step, run = step_of(self._board), run_of(self._board)
        opened = [link for link in playbooks.links_of(run, step.key) if link.kind != "issue"]
        if opened:
            await links.reveal(host, opened[0].kind, opened[0].id)
            return
        if not step.step.opens:
            self._show_link(run, step)
            return

        def begun(made: list[Link]) -> None:
            if playbooks.texts.link_of(run, step.key):
                self._show_link(run, step)
                return
            names = ", ".join(f"{link.kind} {link.id}" for link in made)
            host.say(
                f"Begun: {names}. {key_of('playbooks.open')} goes there; {key_of('app.undo')} takes it back."
            )

        unless_asked(
            host,
            partial(self._board.workspace.customers.refuse_begin, step.step.opens, run.customer),
            "Begin it",
            lambda: host.write(partial(playbooks.open, run.id, step.key), begun, doing="open"),
        )

    def _show_link(self, run: PlaybookRun, step: StepView) -> None:
        link = self._board.workspace.playbooks.texts.link_of(run, step.key)
        if link is None:
            return
        cut = (
            with_keys(
                " The text is too long for a link: only its beginning is in there; [playbooks.texts] copies all of it."
            )
            if link.cut
            else ""
        )
        copy(self._board.fleettui, link.link, f"Open this in your browser.{cut}")

    def do_send_text(self) -> None:
        from screens.dialogs.letter import send_text

        send_text(self._board.fleettui, run_of(self._board).id, step_of(self._board).key)

    def do_texts(self) -> None:
        host, step, run = self._board.fleettui, step_of(self._board), run_of(self._board)
        texts = {name: self._board.workspace.playbooks.written(run, name) for name in step.step.text}
        paras = [para for name, text in texts.items() for para in (heading(name), Para(text), BLANK)]
        copy_on_page(host, "\n\n".join(texts.values()), [f"Text of the step “{step.step.label}”"], paras)
