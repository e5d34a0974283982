"""Rituals as rows of a list: signs and words for their states, their small grids, their boxes and steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from fleettui.domain.rituals.history import Outcome
from fleettui.domain.rituals.status import State
from fleettui.time import wording
from screens.rituals.row_keys import Key, PartKey, RitualKey
from screens.widgets.columns import Column
from screens.widgets.row import Cell, Row

if TYPE_CHECKING:
    from fleettui.domain.rituals.model import Ritual
    from fleettui.workspace.rituals.board import BoardRow
    from fleettui.workspace.workspace import Workspace

SECTIONS = ("Daily", "Weekly", "Every few weeks", "Monthly and rarer")

COLUMNS = (
    Column("state", width=6, grow=3, shorten="words"),
    Column("name", "Ritual", width=20, grow=4, share=0.4),
    Column("count", "Count", width=5, hide=2, right=True),
    Column("due", "Due", width=9, hide=1),
    Column("who", "Whose", short="Who", width=3, grow=2, hide=3, second=True, shorten="name"),
    Column("streak", "Streak", short="Str", width=3, grow=1, hide=4, right=True, second=True, label="streak"),
    Column("past", "Before", width=8, hide=5, second=True),
)
RHYTHM_COLUMNS = tuple(
    replace(column, title="", second=column.second or column.name == "due", whole=column.name == "name")
    for column in COLUMNS
)
"""Of one rhythm among others: what does not fit beside the name stands below it."""

RECENT = 8
"""Signs in the small grid."""

SIGNS: Mapping[State, tuple[str, str]] = {
    "coming": ("· coming", "muted"),
    "open": ("○ open", ""),
    "due soon": ("◔ due soon", "warn"),
    "late": ("! late", "bad"),
    "done": ("✓ done", "good"),
    "missed": ("✗ missed", "bad"),
    "skipped": ("– skipped", "muted"),
    "covered": ("◆ covered", "good"),
}
GRID: Mapping[Outcome, str] = {
    "kept": "■",
    "late": "▪",
    "covered": "◆",
    "skipped": "–",
    "missed": "□",
    "open": "·",
}
LEGEND = "■ kept  ▪ kept late  ◆ covered  – skipped  □ missed  · open"


def section_of(ritual: Ritual) -> int:
    """Which of SECTIONS."""
    rhythm = ritual.rhythm
    if rhythm.every in ("day", "business day"):
        return 0 if rhythm.interval == 1 else 2
    if rhythm.every == "week":
        return 1 if rhythm.interval == 1 else 2
    return 3


def state_cell(owed: BoardRow) -> tuple[str, str]:
    if owed.state == "missed" and not owed.counted:
        return "· before", "muted"  # the team did not keep it here yet
    sign, style = SIGNS[owed.state]
    late = owed.status.late and owed.state in ("done", "covered")
    return (f"{sign[0]} late", style) if late and owed.state == "done" else (sign, style)


def count_words(owed: BoardRow) -> str:
    """ "2/3–4", "1/5"; nothing for what is done once."""
    wanted, most = owed.status.wanted, owed.status.most
    if most <= 1 and owed.demand.customers is None:
        return ""
    return f"{owed.status.count}/{wanted}" + (f"–{most}" if most > wanted else "")


def grid(outcomes: Sequence[Outcome]) -> str:
    return "".join(GRID[outcome] for outcome in outcomes)


def cells_of(owed: BoardRow, workspace: Workspace) -> dict[str, Cell]:
    """By the names of the columns."""
    return {
        "state": state_cell(owed),
        "name": owed.ritual.name + (" ↕ not yet" if owed.out_of_order else ""),
        "count": count_words(owed),
        "streak": (str(owed.streak) if owed.streak else "", "muted"),
        "due": (due_words(owed.demand.due, workspace.now(), workspace.zone), "muted"),
        "who": (who_words(owed, workspace), "" if is_mine(owed, workspace) else "muted"),
        "past": (grid(owed.recent[-RECENT:]), "muted"),
    }


def is_mine(owed: BoardRow, workspace: Workspace) -> bool:
    return workspace.me.login in owed.whose.doers


def due_words(due: datetime, now: datetime, zone: ZoneInfo) -> str:
    """ "16:00" today, "Fri 16:00" in these days, else "20 Mar"."""
    days = abs((due.astimezone(zone).date() - now.astimezone(zone).date()).days)
    return wording.moment(due, now, zone) if days < wording.WEEK else due.astimezone(zone).strftime("%-d %b")


def who_words(owed: BoardRow, workspace: Workspace) -> str:
    """The DRI; with an arrow, who does it for them."""
    whose = owed.whose
    by = [login for login in owed.status.by if login not in whose.owners]
    dri = workspace.people.get(whose.dri).shown if whose.dri else "nobody"
    stands_in = by or [login for login in whose.doers if login not in whose.owners]
    if stands_in:
        return f"{workspace.people.get(stands_in[0]).shown} for {dri}"
    return dri if whose.doers else f"{dri}, away"


def ritual_row(owed: BoardRow, workspace: Workspace) -> Row[Key]:
    cells = cells_of(owed, workspace)
    return Row(RitualKey(owed.ritual.id), tuple(cells[column.name] for column in COLUMNS))


def retired_row(ritual: Ritual) -> Row[Key]:
    return Row(RitualKey(ritual.id), ("· retired", ritual.name, "", "", ritual.often), style="muted")


# Boxes and steps


class Part(Struct, frozen=True):
    """A customer's box, or a step."""

    ritual: str
    key: str
    label: str
    state: str
    why_not: str = ""

    @property
    def row_key(self) -> PartKey:
        return PartKey(self.ritual, self.key)


PART_SIGNS = {
    "todo": ("○ to do", ""),
    "done": ("✓ done", "good"),
    "skipped": ("– skipped", "muted"),
    "not applicable": ("  not here", "muted"),
}


def parts_of(workspace: Workspace, owed: BoardRow) -> list[Part]:
    id_, instance = owed.ritual.id, owed.instance
    if owed.demand.customers is None:
        steps = workspace.rituals.leaves(owed)
        return [Part(id_, step.key, step.label, step.state, step.why_not) for step in steps]
    boxes = instance.boxes if instance else {}
    left_out = instance.left_out if instance else {}
    parts = []
    for customer_id in owed.demand.customers:
        customer = workspace.customers.get(customer_id)
        state = "done" if customer_id in boxes else "skipped" if customer_id in left_out else "todo"
        label = customer.shown if customer else customer_id
        source = boxes[customer_id].source if customer_id in boxes else ""
        parts.append(Part(id_, customer_id, f"{label} · {source}" if source else label, state))
    return parts


def part_rows(parts: Sequence[Part]) -> list[Row[Key]]:
    more = [""] * (len(COLUMNS) - 2)
    return [
        Row(
            part.row_key,
            (PART_SIGNS.get(part.state, (f"· {part.state}", "muted")), f"  └ {part.label}", *more),
        )
        for part in parts
    ]
