"""The newest entries at hand."""

from __future__ import annotations

from datetime import UTC, datetime

from fleettui.store.protocol import Change, Entry
from fleettui.store.tinydb.recent import Recent

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def removed(rev: int, dri: str = "salma") -> Entry:
    steps = {"steps": [{"key": f"step-{number}", "label": f"Step {number}"} for number in range(80)]}
    changes = (Change(("checklist",), before=steps), Change(("dri",), before=dri))
    return Entry(rev, AT, "kathy", "undo", kind="removed", changes=changes, recorded=rev)


def test_a_document_that_is_removed_and_made_again_all_day_is_in_memory_once() -> None:
    recent = Recent()
    for rev in range(2, 42, 2):
        recent.add(
            "RIT-12@2026-11-01", Entry(rev - 1, AT, "kathy", "rituals.tick", kind="made", recorded=rev - 1)
        )
        recent.add("RIT-12@2026-11-01", recent.shared("RIT-12@2026-11-01", removed(rev)))
    lost = [entry for _, _, entry in recent.behind(0) or [] if entry.kind == "removed"]
    assert lost == [removed(rev) for rev in range(2, 42, 2)]
    assert (
        len(
            {id(change.before) for entry in lost for change in entry.changes if change.path == ("checklist",)}
        )
        == 1
    )


def test_what_differs_is_not_shared_and_nothing_with_another_document() -> None:
    recent, first = Recent(), removed(2)
    recent.add("RIT-12@2026-11-01", first)
    assert recent.shared("RIT-12@2026-12-01", removed(2)).changes[0] is not first.changes[0]
    other = recent.shared("RIT-12@2026-11-01", removed(4, dri="ravi"))
    assert other == removed(4, dri="ravi")
    assert other.changes[0] is first.changes[0]
