"""What the list of Triage shows of a ticket: the cells of its row, and the line below the list. Its page is in page.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from fleettui.domain.tickets.model import NOT_TRIAGED
from fleettui.workspace.tickets.drafts import SIGN as DRAFT_SIGN
from screens.commands.effective import key_of
from screens.terminal.text import one_line
from screens.widgets.columns import Column
from screens.widgets.row import Row

if TYPE_CHECKING:
    from datetime import datetime

    from fleettui.domain.tickets.debt import State
    from fleettui.domain.tickets.entry import QueueEntry
    from fleettui.domain.tickets.model import Listed
    from fleettui.domain.tickets.policy import Levels
    from fleettui.workspace.presence import Visitor
    from fleettui.workspace.tickets.drafts import DraftsOf
    from fleettui.workspace.tickets.queue_row import QueueRow
    from fleettui.workspace.workspace import Workspace
    from screens.widgets.lines import Span

COLUMNS = (
    Column("flags", width=2),
    Column("id", "Ticket", width=6),
    Column("left", "Left", width=11, movable=True, shorten="amounts"),
    Column("class", "Class", short="Pri", width=3, grow=2, hide=3, shorten="words"),
    Column(
        "customer",
        "Customer",
        short="Cust.",
        width=7,
        grow=3,
        hide=1,
        most=30,
        second=True,
        shorten="whole words",
    ),
    Column("subject", "Subject", width=15, grow=4, share=0.5),
    Column(
        "assignee",
        "With",
        short="Who",
        width=3,
        grow=1,
        hide=2,
        most=20,
        second=True,
        shorten="name",
        label="with",
    ),
    Column("level", "Lv", width=2, hide=4, second=True),
)
INCIDENT = "⚑"
EMPTY = (
    "Nothing is open here. Requests arrive by `fleettui intake`; [triage.create] writes one down that came another way. "
    "[board.views] goes to another view."
)
STYLES: dict[str, str] = {
    "breached": "bad",
    "urgent": "warn",
    "soon": "accent",
    "fine": "good",
    "unpromised": "muted",
    "clear": "muted",
    "waiting": "muted",
    "snoozed": "muted",
    "resolved": "muted",
}
"""Colours only repeat what the sign and the words say."""
URGENT_PRIORITIES = {"P0": "bad", "P1": "warn"}
CUT_SUBJECT = 200
MANY_LABELS = 20


def ticket_row(
    workspace: Workspace,
    entry: QueueEntry,
    visitors: Sequence[Visitor],
    at: datetime | None = None,
    draft: DraftsOf | None = None,
) -> Row:
    """`visitors`: who else has the ticket open. `at`: as it stood then. `draft`: what I typed and did not send."""
    row = workspace.queue.row(entry, at)
    subject = row.subject[:CUT_SUBJECT]
    if row.incident and at is None:
        subject = f"{INCIDENT} {row.incident}: {subject}"
    if draft and at is None:
        subject = f"{DRAFT_SIGN} draft: {subject}"
    with_whom = "you" if row.assignee == workspace.me.login else _name(workspace, row.assignee) or "–"
    return Row(
        row.id,
        (
            (_flags(visitors, row.unread), "warn"),
            (row.id, "muted"),
            (f"{row.glyph}{row.still_owed.sign if row.still_owed else ' '}{row.left}", style_of(row.state)),
            (f"{row.priority} {row.tier}", _class_style(row)),
            row.customer,
            (subject, "strong") if row.unread else subject,
            (with_whom, "muted"),
            (level_sign(workspace.handbook.levels, entry.ticket), "muted"),
        ),
        spoken="; ".join(
            _spoken(
                row,
                visitors,
                draft if at is None else None,
                incident_line(workspace, entry.ticket) if row.incident and at is None else "",
            )
        ),
    )


def _name(workspace: Workspace, login: str) -> str:
    return one_line(workspace.people.get(login).shown) if login else ""


def _class_style(row: QueueRow) -> str:
    return URGENT_PRIORITIES.get(row.priority, "") if row.triaged else "warn"


def _flags(visitors: Sequence[Visitor], unread: bool) -> str:
    """✎ somebody answers it, ◉ somebody looks at it; • it has news for me."""
    presence = "✎" if any(visitor.typing for visitor in visitors) else "◉" if visitors else " "
    return f"{presence}{'•' if unread else ''}".strip()


def status_line(
    workspace: Workspace,
    entry: QueueEntry,
    visitors: Sequence[Visitor],
    at: datetime | None = None,
    draft: DraftsOf | None = None,
) -> list[Span]:
    """Below the list: what is counted for the ticket under the cursor, who else has it open, its labels."""
    row = workspace.queue.row(entry, at)
    names = ", ".join(f"{'✎' if visitor.typing else '◉'} {one_line(visitor.name)}" for visitor in visitors)
    spans: list[Span] = [(f"{row.glyph} {one_line(row.words)}", style_of(row.state))]
    spans += [(f"  {row.still_owed.sign} {row.still_owed.words}", "warn")] if row.still_owed else []
    spans += [(f"  {DRAFT_SIGN} {draft.words}", "accent")] if draft and at is None else []
    if row.incident and at is None:
        spans.append((f"  {INCIDENT} {one_line(incident_line(workspace, entry.ticket))}", "warn"))
    spans += [] if row.triaged else [(f"  ? {NOT_TRIAGED} ({key_of('triage.priority')})", "warn")]
    spans += [(f"  {names}", "warn")] if names else []
    spans += [(f"  {one_line(labels_in_words(row.labels))}", "muted")] if row.labels else []
    return spans


def incident_line(workspace: Workspace, ticket: Listed) -> str:
    """The status line of the incident that it is part of."""
    from fleettui.workspace.incidents import status_of  # seldom needed

    return status_of(workspace, ticket)


def _spoken(
    row: QueueRow, visitors: Sequence[Visitor], draft: DraftsOf | None, incident: str
) -> Iterator[str]:
    """The same in words alone, for the plain mode."""
    yield row.words
    if incident:
        yield incident
    if row.still_owed:
        yield row.still_owed.words
    if draft:
        yield draft.words
    if not row.triaged:
        yield NOT_TRIAGED
    for visitor in visitors:
        yield f"{one_line(visitor.name)} {'answers it' if visitor.typing else 'looks at it'}"
    if row.labels:
        yield f"labels {one_line(labels_in_words(row.labels))}"


def style_of(state: State) -> str:
    return STYLES.get(state, "")


def labels_in_words(labels: Sequence[str]) -> str:
    """The first ones, and how many more there are."""
    first = ", ".join(labels[:MANY_LABELS])
    return f"{first} and {len(labels) - MANY_LABELS:,} more" if len(labels) > MANY_LABELS else first


def level_sign(levels: Levels, ticket: Listed) -> str:
    """L1 is the first level. A level that the handbook no longer has counts as the one where the priority begins."""
    keys = [level.key for level in levels.levels]
    if ticket.level in keys:
        return f"L{keys.index(ticket.level) + 1}"
    begins = levels.of(ticket.priority)
    return f"L{keys.index(begins.key) + 1}" if begins else "L1"
