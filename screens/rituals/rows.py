"""Rituals as rows of a list: signs and words for their states, their small grids, their boxes and steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct

from fleettui.domain.rituals.history import Outcome
from fleettui.domain.rituals.status import State
from fleettui.time import wording
from screens.widgets.columns import Column
from screens.widgets.row import Cell, Row

if TYPE_CHECKING:
    from fleettui.domain.rituals.model import Ritual
    from fleettui.workspace.rituals.board import BoardRow
    from fleettui.workspace.workspace import Workspace

SECTIONS = ("Daily", "Weekly", "Every few weeks", "Monthly and rarer")

COLUMNS = (
    Column("state", width=10),
    Column("name", "Ritual", width=20, grow=1),
    Column("count", "Count", width=5, hide=2, right=True),
    Column("due", "Due", width=9, hide=1),
    Column("who", "Whose", width=14, hide=5),
    Column("streak", "Streak", width=6, hide=3, right=True),
    Column("past", "Before", width=8, hide=4),
)
NARROW_COLUMNS = (
    Column("state", width=10),
    Column("name", width=20, grow=1),
    Column("count", width=5, hide=2, right=True),
    Column("streak", width=3, hide=1, right=True),
)

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


class Shows(Protocol):
    """What a row needs to know of its screen."""

    @property
    def workspace(self) -> Workspace: ...

    def is_mine(self, line: BoardRow) -> bool: ...


def section_of(ritual: Ritual) -> int:
    """Which of SECTIONS."""
    rhythm = ritual.rhythm
    if rhythm.every in ("day", "business day"):
        return 0 if rhythm.interval == 1 else 2
    if rhythm.every == "week":
        return 1 if rhythm.interval == 1 else 2
    return 3


def group(name: str, rows: Sequence[Row]) -> list[Row]:
    """Rows below a heading; nothing where there are none."""
    return [Row(f"heading {name}", (f"{name} · {len(rows)}",), heading=True), *rows] if rows else []


def state_cell(line: BoardRow) -> tuple[str, str]:
    if line.state == "missed" and not line.counted:
        return "· before", "muted"  # the team did not keep it here yet
    sign, style = SIGNS[line.state]
    late = line.stands.late and line.state in ("done", "covered")
    return (f"{sign[0]} late", style) if late and line.state == "done" else (sign, style)


def count_words(line: BoardRow) -> str:
    """ "2/3–4", "1/5"; nothing for what is done once."""
    wanted, most = line.stands.wanted, line.stands.most
    if most <= 1 and line.asked.customers is None:
        return ""
    return f"{line.stands.count}/{wanted}" + (f"–{most}" if most > wanted else "")


def grid(outcomes: Sequence[Outcome]) -> str:
    return "".join(GRID[one] for one in outcomes)


def line_cells(line: BoardRow, screen: Shows, narrow: bool) -> dict[str, Cell]:
    workspace = screen.workspace
    cells: dict[str, Cell] = {
        "state": state_cell(line),
        "name": name_cell(line),
        "count": count_words(line),
        "streak": (str(line.streak) if line.streak else "", "muted"),
    }
    if narrow:
        return cells
    return cells | {
        "due": (due_words(line.asked.due, workspace.now(), workspace.zone), "muted"),
        "who": (who_words(line, workspace), "" if screen.is_mine(line) else "muted"),
        "past": (grid(line.recent[-RECENT:]), "muted"),
    }


def due_words(due: datetime, now: datetime, zone: ZoneInfo) -> str:
    """ "16:00" today, "Fri 16:00" in these days, else "20 Mar"."""
    days = abs((due.astimezone(zone).date() - now.astimezone(zone).date()).days)
    return wording.moment(due, now, zone) if days < wording.WEEK else due.astimezone(zone).strftime("%-d %b")


def name_cell(line: BoardRow) -> Cell:
    return line.ritual.name + (" ↕ not yet" if line.out_of_order else "")


def who_words(line: BoardRow, workspace: Workspace) -> str:
    """The DRI; with an arrow, who does it for them."""
    whose = line.whose
    by = [login for login in line.stands.by if login not in whose.owners]
    dri = workspace.people.get(whose.dri).shown if whose.dri else "nobody"
    stands_in = by or [login for login in whose.doers if login not in whose.owners]
    if stands_in:
        return f"{workspace.people.get(stands_in[0]).shown} for {dri}"
    return dri if whose.doers else f"{dri}, away"


def line_row(line: BoardRow, screen: Shows) -> Row:
    cells = line_cells(line, screen, narrow=False)
    return Row(line.ritual.id, tuple(cells[column.name] for column in COLUMNS))


def narrow_row(line: BoardRow, screen: Shows) -> Row:
    cells = line_cells(line, screen, narrow=True)
    return Row(line.ritual.id, tuple(cells[column.name] for column in NARROW_COLUMNS))


# Boxes and steps


class Part(Struct, frozen=True):
    """A customer's box, or a step."""

    ritual: str
    key: str
    label: str
    state: str
    why_not: str = ""

    @property
    def row_key(self) -> str:
        return f"{self.ritual}#{self.key}"


PART_SIGNS = {
    "todo": ("○ to do", ""),
    "done": ("✓ done", "good"),
    "skipped": ("– skipped", "muted"),
    "not applicable": ("  not here", "muted"),
}


def parts_of(workspace: Workspace, line: BoardRow) -> list[Part]:
    id_, instance = line.ritual.id, line.instance
    if line.asked.customers is None:
        leaves = workspace.rituals.leaves(line)
        return [Part(id_, one.key, one.label, one.state, one.why_not) for one in leaves]
    boxes = instance.boxes if instance else {}
    left = instance.left_out if instance else {}
    found = []
    for customer in line.asked.customers:
        one = workspace.customers.get(customer)
        state = "done" if customer in boxes else "skipped" if customer in left else "todo"
        found.append(Part(id_, customer, one.shown if one else customer, state))
    return found


def part_rows(parts: Sequence[Part], narrow: bool) -> list[Row]:
    width = len(NARROW_COLUMNS if narrow else COLUMNS)
    return [
        Row(
            part.row_key,
            (
                PART_SIGNS.get(part.state, (f"· {part.state}", "muted")),
                f"  └ {part.label}",
                *([""] * (width - 2)),
            ),
        )
        for part in parts
    ]
