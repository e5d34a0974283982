"""One line to type in. What is pasted is cleaned first: what was copied from a customer may hold anything."""

from __future__ import annotations

import re

from textual import events
from textual.widgets import Input

from screens.terminal.text import clean

LINE_END = re.compile(r"\s*\n\s*")


class LineInput(Input):
    """One line: pasted lines are joined with blanks, where Textual would drop all but the first."""

    def on_paste(self, event: events.Paste) -> None:
        event.text = LINE_END.sub(" ", clean(event.text).strip("\n")).replace("\t", " ")
