"""The fields of a ritual as a form shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fleettui.domain.rituals.model import Ritual

LABELS = {
    "name": ("Name", ""),
    "purpose": ("What for", ""),
    "dri": ("DRI", "a login, the beginning of a name, or a role"),
    "frequency": (
        "How often",
        "daily, every business day, weekly, every 3 weeks, monthly, quarterly, annually",
    ),
    "weekday": ("Weekday", "for weekly ones: mon to sun, or nothing"),
    "day": ("Day", "for monthly ones: 1 to 31"),
    "times": ("Times", "how often in a period: 1, or 3-4"),
    "at": ("At", "due at 09:30; nothing: when the team closes"),
    "evidence": ("Wants", "what to note or link as proof"),
    "per_customer": ("Boxes", "yes: one for each commercial customer"),
    "before": ("Before", "the ids of what comes after it"),
    "channel": ("Channel", "#help-support"),
    "url": ("Link", "https://"),
    "note": ("Note", ""),
}
"""Each field's label, and what a good answer looks like."""


def as_typed(ritual: Ritual) -> dict[str, str]:
    """A ritual's fields as they are typed into a form."""
    rhythm = ritual.rhythm
    low, high = rhythm.times
    plain = {name: getattr(ritual, name, "") for name in LABELS}
    return {name: value for name, value in plain.items() if isinstance(value, str)} | {
        "frequency": frequency_words(ritual),
        "weekday": ", ".join(rhythm.weekdays),
        "day": str(rhythm.day or ""),
        "times": str(low) if low == high else f"{low}-{high}",
        "at": rhythm.at or "",
        "evidence": ritual.evidence.what if ritual.evidence else "",
        "per_customer": "yes" if ritual.per_customer else "no",
        "before": ", ".join(ritual.before),
    }


def frequency_words(ritual: Ritual) -> str:
    from fleettui.domain.rituals.fields import FREQUENCIES

    rhythm = ritual.rhythm
    word = next((word for word, known in FREQUENCIES.items() if known == (rhythm.every, rhythm.interval)), "")
    return word or f"every {rhythm.interval} {rhythm.every}s"
