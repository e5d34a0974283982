"""The fields of a ritual as a form shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fleettui.errors import FleettuiError
from screens.dialogs.entries import YES_NO, Choices

if TYPE_CHECKING:
    from fleettui.domain.rituals.model import Ritual
    from fleettui.workspace.workspace import Workspace

LABELS = {
    "name": ("Name", ""),
    "purpose": ("What for", ""),
    "dri": ("DRI", "a login, the beginning of a name, or a role"),
    "frequency": (
        "How often",
        "daily, every business day, weekly, every 3 weeks, monthly, quarterly, annually",
    ),
    "weekday": ("Weekday", "for weekly ones: mon, or mon, wed, fri; or nothing"),
    "phase": ("Which week", "of every n weeks: 1 is that of the start, 2 the next"),
    "day": ("Day", "for monthly ones: 1 to 31"),
    "months": ("Months", "monthly in these only: jan, jul; a year begins in: mar"),
    "start": ("From", "the first day that counts: 2026-03-09, next monday"),
    "times": ("Times", "how often in a period: 1, or 3-4"),
    "at": ("At", "due at 09:30; nothing: when the team closes"),
    "evidence": ("Wants", "what to note or link as proof"),
    "zone": ("Counts in", "the team's days and clocks, or those of the DRI"),
    "per_customer": ("Boxes", "yes: one for each commercial customer"),
    "before": ("Before", "the ids of what comes after it"),
    "channel": ("Channel", "#help-support"),
    "url": ("Link", "https://"),
    "note": ("Note", ""),
}
"""Each field's label, and what a good answer looks like."""


USUAL_FREQUENCIES = (
    "daily",
    "every business day",
    "weekly",
    "every 2 weeks",
    "every 3 weeks",
    "monthly",
    "quarterly",
    "annually",
)
CHOICES: dict[str, Choices] = {
    "per_customer": YES_NO,
    "zone": (("team", "the team's days and clocks"), ("owner", "those of its DRI")),
}
RHYTHM = ("frequency", "weekday", "phase", "day", "months", "start", "times", "at", "zone")
"""What decides when it is due."""


def next_dates(workspace: Workspace, ritual: Ritual | None, typed: Mapping[str, str]) -> str:
    """When it would be due next, or what is wrong with that."""
    before = as_typed(ritual) if ritual else {}
    changed = {name: typed[name] for name in RHYTHM if typed.get(name, "") != before.get(name, "")}
    try:
        days = workspace.rituals.next_due(ritual, changed)
    except FleettuiError as error:
        return f"Next: {error}"
    return f"Next: {', '.join(f'{day:%a %-d %b}' for day in days) or 'never'}"


def as_typed(ritual: Ritual) -> dict[str, str]:
    """A ritual's fields as they are typed into a form."""
    rhythm = ritual.rhythm
    low, high = rhythm.times
    plain = {name: getattr(ritual, name, "") for name in LABELS}
    return {name: value for name, value in plain.items() if isinstance(value, str)} | {
        "frequency": frequency_words(ritual),
        "weekday": ", ".join(rhythm.weekdays),
        "phase": str(rhythm.phase) if rhythm.interval > 1 else "",
        "day": str(rhythm.day or ""),
        "months": ", ".join(rhythm.months),
        "start": rhythm.start.isoformat(),
        "times": str(low) if low == high else f"{low}-{high}",
        "at": rhythm.at or "",
        "evidence": ritual.evidence.what if ritual.evidence else "",
        "zone": ritual.zone or "team",
        "per_customer": "yes" if ritual.per_customer else "no",
        "before": ", ".join(ritual.before),
    }


def frequency_words(ritual: Ritual) -> str:
    from fleettui.domain.rituals.fields import FREQUENCIES

    rhythm = ritual.rhythm
    word = next((word for word, known in FREQUENCIES.items() if known == (rhythm.every, rhythm.interval)), "")
    return word or f"every {rhythm.interval} {rhythm.every}s"
