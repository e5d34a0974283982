"""The answer of a command that a script may repeat, as it is kept."""

from datetime import datetime

from fleettui.documents import Document


class Answer(Document, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a command ended that was given with an id."""

    by: str
    at: datetime
    command: str
    """A sum of its words: the same id is not for another command."""
    code: int = 0
    text: str = ""
    """What it printed on stdout."""
    warnings: tuple[str, ...] = ()
    is_cut_off: bool = False
    """The command never came to its end: `text` is JSON about what it had changed until then."""

    def text_for(self, *, as_json: bool) -> str:
        return "" if self.is_cut_off and not as_json else self.text
