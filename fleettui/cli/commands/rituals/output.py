"""fleettui rituals: a ritual as JSON and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleettui.cli.output import local, pick
from fleettui.cli.parser import Context
from fleettui.domain.rituals.followed import sources

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import StepView
    from fleettui.domain.rituals.history import TrackRecord
    from fleettui.domain.rituals.model import Ritual
    from fleettui.domain.rituals.publishing import RitualIssue
    from fleettui.workspace.rituals.board import BoardRow

SIGNS = {"kept": "■", "late": "▪", "covered": "◆", "skipped": "-", "missed": "□", "open": "·"}
"""A past period in one sign, by its outcome."""

PLAIN_STATES = {"due soon": "open", "coming": "open"}
"""Scripts get six states (docs/cli.md); `due_soon` and `coming` are keys of their own."""


def count_words(row: BoardRow) -> str:
    """How often it was done of how many times: 2 of 3 to 4."""
    wanted, most = row.status.wanted, row.status.most
    return f"{row.status.count} of {wanted}" + (f" to {most}" if most > wanted else "")


def as_json(row: BoardRow, context: Context) -> dict[str, Any]:
    zone, status = context.workspace.zone, row.status
    return {
        **pick(row.ritual, "id", "name", "dri"),
        "frequency": row.ritual.often,
        "period": [row.period.first, row.period.last],
        "due": row.demand.due.astimezone(zone),
        "state": PLAIN_STATES.get(row.state, row.state),
        "due_soon": row.state == "due soon",
        "coming": row.state == "coming",
        "late": status.late or row.state == "late",
        **pick(status, "count", "wanted", "most"),
        "streak": row.streak,
        "purpose": row.ritual.purpose,
        "by": list(status.by),
        "covers": list(status.covers),
        "follows_from": list(sources(row.instance)),
        "who": list(row.whose.doers),
        "done_at": local(status.at, zone),
        **pick(row, "why", "counted"),
        "hint": row.out_of_order,
        "before": list(row.recent),
    }


def unowed_as_json(ritual: Ritual) -> dict[str, Any]:
    """A ritual that has no period on the day that is shown."""
    return {
        **pick(ritual, "id", "name", "dri"),
        "frequency": ritual.often,
        "period": None,
        "due": None,
        "state": None,
        "count": 0,
        "wanted": ritual.rhythm.times[0],
        "streak": 0,
        "follows_from": [],
        "retired": ritual.retired,
    }


def definition(ritual: Ritual) -> dict[str, Any]:
    """All stored fields of a ritual."""
    import msgspec

    fields: dict[str, Any] = msgspec.to_builtins(ritual)
    return fields


def record_as_json(record: TrackRecord) -> dict[str, Any]:
    import msgspec

    fields: dict[str, Any] = msgspec.to_builtins(record)
    return fields | {"outcomes": [(first, last, outcome) for first, last, outcome in record.outcomes]}


def parts(row: BoardRow, context: Context) -> list[dict[str, Any]]:
    """Its boxes or its steps."""
    instance = row.instance
    if row.demand.customers is not None:
        boxes = instance.boxes if instance else {}
        left = instance.left_out if instance else {}
        return [
            {
                "key": id_,
                "label": customer.shown if (customer := context.workspace.customers.get(id_)) else id_,
                "state": "done" if id_ in boxes else "skipped" if id_ in left else "todo",
                "by": boxes[id_].by if id_ in boxes else left[id_].by if id_ in left else "",
                "follows_from": boxes[id_].source if id_ in boxes else "",
            }
            for id_ in row.demand.customers
        ]
    return [_step(leaf) for leaf in context.workspace.rituals.leaves(row)]


def _step(leaf: StepView) -> dict[str, Any]:
    by = leaf.mark.by if leaf.mark else ""
    return {**pick(leaf, "key", "label", "state"), "by": by, "why_not": leaf.why_not}


def print_ritual(ritual: Ritual, row: BoardRow | None, shown: dict[str, Any], record: TrackRecord) -> None:
    print(f"{ritual.id} {ritual.name}")
    if ritual.purpose:
        print(ritual.purpose)
    state = shown["state"] or ("retired" if ritual.retired else "not owed then")
    due = f", due {shown['due']:%a %-d %b %H:%M}" if shown["due"] else ""
    print(f"{ritual.often} · {ritual.dri or 'nobody'} · {state}{due}")
    if row is not None and row.status.most > 1:
        print(count_words(row))
    if shown["follows_from"]:
        print(f"follows from {', '.join(shown['follows_from'])}")
    if shown["figure"] is not None:
        print(shown["figure"].text)
    if shown["issue"] is not None:
        print_issue(shown["issue"])
    for part in shown["parts"]:
        sign = {"done": "✓", "skipped": "–"}.get(part["state"], " ")
        source = f" · {part['follows_from']}" if part.get("follows_from") else ""
        print(f"  {sign} {part['key']}  {part['label']}{source}")
    rate = "" if record.rate is None else f"{record.rate:.0%} kept, "
    print(
        f"the last year: {rate}longest streak {record.longest}, {record.missed} missed, {record.skipped} skipped"
    )
    print("".join(SIGNS[outcome] for _, _, outcome in record.outcomes[-60:]))


def print_issue(issue: RitualIssue) -> None:
    labels = f" with {', '.join(issue.labels)}" if issue.labels else ""
    print(f"an issue in {issue.repo}{labels}")
    if issue.link:
        print(issue.link)


def record_cells(record: TrackRecord) -> tuple[str, ...]:
    """A track record as cells of a table."""
    rate = "" if record.rate is None else f"{record.rate:.0%}"
    by = ", ".join(f"{login} {count}" for login, count in record.covered_by.items())
    return rate, str(record.longest), str(record.missed), str(record.skipped), by
