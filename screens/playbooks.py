"""Playbooks: checklists for what is done on demand, each step with its owner."""

from __future__ import annotations

from collections.abc import Sequence

from screens.base import Board
from screens.outline import count_of, outline
from screens.widgets.columns import Column
from screens.widgets.page import BLANK, Para, fact, heading, step, title
from screens.widgets.rows import Row


class PlaybooksScreen(Board):
    NAME = "playbooks"
    CONCERNS = frozenset({"handbook"})
    CSS_PATH = "playbooks.tcss"
    COLUMNS = (
        Column("name", "Playbook", width=28, grow=1),
        Column("steps", "Steps", width=5, right=True, hide=1),
        Column("rule", "Rule", width=8, hide=2),
    )
    EMPTY = "The handbook of this workspace has no playbooks. They stand in the folder handbook/playbooks."

    def rows_now(self) -> Sequence[Row]:
        handbook = self.workspace.handbook
        rows = [
            Row(one.id, (one.name, (str(count_of(one.steps)), "muted"), (one.rule, "muted")))
            for one in handbook.playbooks.values()
        ]
        return [
            *rows,
            *(Row(f"broken {error}", ((f"✗ {error}", "bad"),)) for error in handbook.broken_playbooks),
        ]

    def page_of(self, key: str) -> Sequence[Para]:
        book = self.workspace.handbook.playbooks.get(key)
        if book is None:
            return [title("A file that cannot be read"), BLANK, Para(key.removeprefix("broken "), "bad")]
        return [
            title(book.name),
            BLANK,
            Para(book.purpose),
            BLANK,
            *([fact("Whose", f"{book.dri} {book.dri_note}".strip())] if book.dri or book.dri_note else []),
            fact("For", "a customer" if book.customer else "ourselves"),
            fact("Rule", book.rule),
            BLANK,
            *(
                [heading("To know first"), *(step("?", one.question) for one in book.facts), BLANK]
                if book.facts
                else []
            ),
            *outline(book.steps),
            *(step("·", note, "muted") for note in book.notes),
        ]
