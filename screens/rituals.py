"""Rituals: the team's recurring duties, by rhythm."""

from __future__ import annotations

from collections.abc import Sequence

from fleettui.handbook_work import Ritual
from fleettui.recurrence import in_words
from screens.base import Board
from screens.widgets.columns import Column
from screens.widgets.page import BLANK, Para, fact, heading, step, title
from screens.widgets.rows import Row

RHYTHMS = (
    (("day", "business day"), "Daily"),
    (("week",), "Weekly"),
    (("month", "quarter", "year"), "Monthly and rarer"),
)


class RitualsScreen(Board):
    NAME = "rituals"
    CONCERNS = frozenset({"handbook", "people"})
    CSS_PATH = "rituals.tcss"
    COLUMNS = (
        Column("name", "Ritual", width=22, grow=3),
        Column("how often", "How often", width=16, grow=1),
        Column("who", "Whose", width=16, hide=1),
    )
    EMPTY = "The handbook of this workspace has no rituals. They stand in handbook/rituals.json."

    def rows_now(self) -> Sequence[Row]:
        rituals = self.workspace.handbook.rituals.rituals
        rows: list[Row] = []
        for every, name in RHYTHMS:
            these = [one for one in rituals if one.rhythm.every in every and not one.retired]
            rows += group(name, [self.row_of(one) for one in sorted(these, key=interval)])
        return [*rows, *group("Retired", [self.row_of(one) for one in rituals if one.retired])]

    def row_of(self, ritual: Ritual) -> Row:
        return Row(
            ritual.id,
            (ritual.name, (often(ritual), "muted"), (self.whose(ritual), "muted")),
            style="muted" if ritual.retired else "",
        )

    def whose(self, ritual: Ritual) -> str:
        return self.workspace.people.get(ritual.dri).shown if ritual.dri else ""

    def page_of(self, key: str) -> Sequence[Para]:
        ritual = next((one for one in self.workspace.handbook.rituals.rituals if one.id == key), None)
        if ritual is None:
            return ()
        return [
            title(ritual.name),
            BLANK,
            *([Para(ritual.purpose), BLANK] if ritual.purpose else []),
            fact("How often", often(ritual)),
            fact("Whose", self.whose(ritual)),
            *([fact("Target", f"under {ritual.target_minutes} minutes")] if ritual.target_minutes else []),
            *([fact("Where", ritual.channel)] if ritual.channel else []),
            *([fact("Before", ", ".join(self.names_of(ritual.before)))] if ritual.before else []),
            *([fact("After", ", ".join(self.names_of(ritual.after)))] if ritual.after else []),
            *([fact("Steps", ritual.playbook)] if ritual.playbook else []),
            *(
                [fact("Replaced by", ", ".join(self.names_of((ritual.replaced_by,))))]
                if ritual.replaced_by
                else []
            ),
            fact("Rule", ritual.rule),
            *([BLANK, Para(ritual.note)] if ritual.note else []),
            *(
                [BLANK, heading("Steps"), *(step("·", one.label) for one in ritual.steps)]
                if ritual.steps
                else []
            ),
        ]

    def names_of(self, ids: Sequence[str]) -> list[str]:
        names = {one.id: one.name for one in self.workspace.handbook.rituals.rituals}
        return [names.get(id_, id_) for id_ in ids]


def often(ritual: Ritual) -> str:
    return ritual.frequency or in_words(ritual.rhythm)


def interval(ritual: Ritual) -> int:
    return ritual.rhythm.interval


def group(name: str, rows: Sequence[Row]) -> list[Row]:
    """Rows below a heading; nothing where there are none."""
    return [Row(f"heading {name}", (f"{name} · {len(rows)}",), heading=True), *rows] if rows else []
