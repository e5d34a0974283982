"""The files of a ticket: where each is. Its path or the line that fetches it is copied; nothing is opened."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fleettui import access
from fleettui.errors import Refused
from screens.triage.row_keys import FileWay

if TYPE_CHECKING:
    from fleettui.workspace.tickets.files import TicketFile
    from screens.triage.actions.tools import TicketTools
    from screens.widgets.page import Para


class TicketFileKeys:
    def __init__(self, tools: TicketTools) -> None:
        self.tools = tools

    def do_files(self) -> None:
        ticket, choices = self.tools.selection.here(), self.tools.choices
        files = self.tools.workspace.ticket_files.of(ticket)
        if not files:
            raise Refused(f"{ticket.id} has no files. `tickets attach` adds one")
        if len(files) == 1:
            self._choose_way(ticket.id, files[0])
            return
        self.tools.choose(
            [ticket.id],
            "Which file?",
            lambda: choices.files(files),
            lambda number: self._choose_way(ticket.id, files[number - 1]),
        )

    def _choose_way(self, id_: str, file: TicketFile) -> None:
        """Also called by the picker, which nobody's refusal would reach."""
        from fleettui.domain.tickets.attachments import in_words

        if file.path is not None and access.current().restricted:
            self._hand_out(file)
            return
        ways = self._ways(file)
        if len(ways) == 1:
            self._copy(file, ways, next(iter(ways)))
        elif ways:
            rows = partial(self.tools.choices.file_ways, ways)
            self.tools.choose([id_], in_words(file.attachment), rows, lambda way: self._copy(file, ways, way))
        else:
            why = file.attachment.why or "only its name came along"
            self.tools.host.say(f"{file.attachment.name} was left behind: {why}.", "warning")

    def _hand_out(self, file: TicketFile) -> None:
        """Where nobody can fetch it from the workspace."""
        tools = self.tools
        if access.current().why_no_files:
            tools.host.say(access.current().why_no_files, "warning")
            return
        tools.host.write(
            lambda: tools.workspace.ticket_files.hand_out(file),
            lambda path: tools.host.say(f"It is in your folder: {path}", seconds=12),
            doing="copying the file",
        )

    def _ways(self, file: TicketFile) -> dict[FileWay, str]:
        """What can be copied of it."""
        if file.path is None:
            return {FileWay.LINK: file.attachment.link} if file.attachment.link else {}
        scp = self.tools.workspace.ticket_files.scp(file)
        return {FileWay.SCP: scp, FileWay.PATH: str(file.path)}

    def _copy(self, file: TicketFile, ways: dict[FileWay, str], way: FileWay) -> None:
        from screens.dialogs.copied import copy_on_page, destination

        goes_to = {
            FileWay.SCP: "a terminal on your own computer",
            FileWay.PATH: "a terminal on this computer",
            FileWay.LINK: "your browser",
        }
        about = [self._heading(file), destination(goes_to[way])]
        copy_on_page(self.tools.host, ways[way], about, _paras(file, ways, way))

    def _heading(self, file: TicketFile) -> str:
        from fleettui.domain.tickets.attachments import in_words

        return in_words(file.attachment)


def _paras(file: TicketFile, ways: dict[FileWay, str], way: FileWay) -> list[Para]:
    """What was copied first, then the other ways."""
    from screens.widgets.page import BLANK, Para, heading

    paras: list[Para] = []
    for other in sorted(ways, key=lambda each: each != way):
        paras += [heading(other.value), Para(ways[other]), BLANK]
    if file.attachment.sha256:
        paras.append(Para(f"sha256 {file.attachment.sha256}", "muted"))
    return paras
