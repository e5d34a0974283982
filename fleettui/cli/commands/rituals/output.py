"""Rituals as JSON and as text, for `fleettui rituals`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleettui.cli.parser import Context

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import StepView
    from fleettui.domain.rituals.history import TrackRecord
    from fleettui.domain.rituals.model import Ritual
    from fleettui.workspace.rituals.board import BoardRow

SIGNS = {"kept": "■", "late": "▪", "covered": "◆", "skipped": "-", "missed": "□", "open": "·"}
"""A past period in one letter: kept, kept late, covered, skipped, missed, still open."""

PLAIN_STATES = {"due soon": "open", "coming": "open"}
"""Scripts are told six states; `due_soon` and `coming` stand beside them."""


def count_words(line: BoardRow) -> str:
    wanted, most = line.stands.wanted, line.stands.most
    return f"{line.stands.count} of {wanted}" + (f" to {most}" if most > wanted else "")


def plain(line: BoardRow, context: Context) -> dict[str, Any]:
    zone, stands = context.workspace.zone, line.stands
    return {
        "id": line.ritual.id,
        "name": line.ritual.name,
        "dri": line.ritual.dri,
        "frequency": line.ritual.often,
        "period": [line.period.first, line.period.last],
        "due": line.asked.due.astimezone(zone),
        "state": PLAIN_STATES.get(line.state, line.state),
        "due_soon": line.state == "due soon",
        "coming": line.state == "coming",
        "late": stands.late or line.state == "late",
        "count": stands.count,
        "wanted": stands.wanted,
        "most": stands.most,
        "streak": line.streak,
        "purpose": line.ritual.purpose,
        "by": list(stands.by),
        "covers": list(stands.covers),
        "who": list(line.whose.doers),
        "done_at": stands.at.astimezone(zone) if stands.at else None,
        "why": line.why,
        "counted": line.counted,
        "hint": line.out_of_order,
        "before": list(line.recent),
    }


def unowed(one: Ritual) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "dri": one.dri,
        "frequency": one.often,
        "period": None,
        "due": None,
        "state": None,
        "count": 0,
        "wanted": one.rhythm.times[0],
        "streak": 0,
        "retired": one.retired,
    }


def definition(ritual: Ritual) -> dict[str, Any]:
    import msgspec

    fields: dict[str, Any] = msgspec.to_builtins(ritual)
    return fields


def past_plain(past: TrackRecord) -> dict[str, Any]:
    import msgspec

    found: dict[str, Any] = msgspec.to_builtins(past)
    return found | {"outcomes": [(first, last, one) for first, last, one in past.outcomes]}


def parts(line: BoardRow, context: Context) -> list[dict[str, Any]]:
    """Its boxes or its steps."""
    instance = line.instance
    if line.asked.customers is not None:
        boxes = instance.boxes if instance else {}
        left = instance.left_out if instance else {}
        return [
            {
                "key": id_,
                "label": customer.shown if (customer := context.workspace.customers.get(id_)) else id_,
                "state": "done" if id_ in boxes else "skipped" if id_ in left else "todo",
                "by": boxes[id_].by if id_ in boxes else left[id_].by if id_ in left else "",
            }
            for id_ in line.asked.customers
        ]
    return [_step(leaf) for leaf in context.workspace.rituals.leaves(line)]


def _step(leaf: StepView) -> dict[str, Any]:
    by = leaf.mark.by if leaf.mark else ""
    return {"key": leaf.key, "label": leaf.label, "state": leaf.state, "by": by, "why_not": leaf.why_not}


def print_shown(ritual: Ritual, line: BoardRow | None, shown: dict[str, Any], past: TrackRecord) -> None:
    print(f"{ritual.id} {ritual.name}")
    if ritual.purpose:
        print(ritual.purpose)
    state = shown["state"] or ("retired" if ritual.retired else "not owed then")
    due = f", due {shown['due']:%a %-d %b %H:%M}" if shown["due"] else ""
    print(f"{ritual.often} · {ritual.dri or 'nobody'} · {state}{due}")
    if line is not None and line.stands.most > 1:
        print(count_words(line))
    if shown["figure"] is not None:
        print(shown["figure"].text)
    for part in shown["parts"]:
        print(
            f"  {'✓' if part['state'] == 'done' else '–' if part['state'] == 'skipped' else ' '} {part['key']}  {part['label']}"
        )
    rate = "" if past.rate is None else f"{past.rate:.0%} kept, "
    print(f"the last year: {rate}longest streak {past.longest}, {past.missed} missed, {past.skipped} skipped")
    print("".join(SIGNS[outcome] for _, _, outcome in past.outcomes[-60:]))


def past_cells(past: TrackRecord) -> tuple[str, ...]:
    rate = "" if past.rate is None else f"{past.rate:.0%}"
    by = ", ".join(f"{login} {count}" for login, count in past.covered_by.items())
    return rate, str(past.longest), str(past.missed), str(past.skipped), by
