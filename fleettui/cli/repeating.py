"""`--request-id`: a command that is given again with the same id changes nothing and answers the same."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from fleettui.cli import ending
from fleettui.cli.parser import Context
from fleettui.errors import Unusable, WrongUsage
from fleettui.store import committed
from fleettui.store.committed import Commit

if TYPE_CHECKING:
    from fleettui.workspace.answers import Answer
    from fleettui.workspace.requests import Requests

OPTION, HOME = "--request-id", "--home"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@+=/-]{0,99}")


def sum_of(words: Sequence[str]) -> str:
    """A sum of a command's words, whatever its id and wherever its workspace."""
    counted, left_out = [], False
    for word in words:
        if left_out:
            left_out = False
        elif word in (OPTION, HOME):
            left_out = True
        elif not word.startswith((f"{OPTION}=", f"{HOME}=")):
            counted.append(word)
    return sha256("\0".join(counted).encode("utf-8", "surrogateescape")).hexdigest()[:16]


class Request:
    """What a script asks for with an id of its own."""

    def __init__(self, id_: str, words: Sequence[str], context: Context, *, resumes: bool) -> None:
        if not _ID.fullmatch(id_):
            raise WrongUsage("up to 100 letters, digits and . _ : @ + = / -", field=OPTION)
        self.id, self.command, self._context, self._resumes = id_, sum_of(words), context, resumes
        if not resumes:
            context.request = f"{id_} {self.command}"

    @property
    def _requests(self) -> Requests:
        from fleettui.workspace.requests import Requests

        return Requests(self._context.workspace.session)

    def earlier(self) -> Answer | None:
        """The answer that was given the first time."""
        if not self._context.is_made():
            return None
        if self._resumes:
            # A restore has to work where nothing else does.
            with contextlib.suppress(Unusable):
                return self._requests.answer(self.id, self.command)
            return None
        requests = self._requests
        answer = requests.answer(self.id, self.command)
        if answer is None and requests.changes(self.id, self.command):
            answer = self.of_another_process()
        return answer

    def of_another_process(self) -> Answer:
        """What was changed has been changed. Where no answer comes any more, its command was cut off."""
        from fleettui.workspace.answers import Answer

        workspace = self._context.workspace
        answer = self._requests.late_answer(self.id, self.command)
        if answer is not None:
            return answer
        changes = self._requests.changes(self.id, self.command)
        kept = [Commit(change.id, change.entry.rev, change.entry.verb) for change in changes]
        what = ", ".join(dict.fromkeys(f"{commit.id} ({commit.verb})" for commit in kept))
        warning = f"{self.id}: the first time was cut off after {what}. Nothing was changed now; see whether more was to follow."
        return Answer(
            id=self.id,
            by=workspace.session.login,
            at=workspace.now(),
            command=self.command,
            text=ending.as_json_text({"kept": [commit._asdict() for commit in kept], "warnings": [warning]}),
            warnings=(warning,),
            is_cut_off=True,
        )

    def keep(self, code: int, text: str, warnings: Sequence[str]) -> list[str]:
        """Before the answer is printed. Returns a warning where that fails: the change is done all the same."""
        try:
            with committed.aside():
                self._requests.keep(self.id, self.command, code, text, tuple(warnings))
        except Exception as error:
            why = ending.words_of(error)
            return [f"the answer could not be kept for a repetition with {OPTION} {self.id} ({why})."]
        return []
