"""The sign and the colour of each state of a step, alike on every screen. A word says it, too."""

from __future__ import annotations

STATE_SIGNS: dict[str, tuple[str, str]] = {
    "todo": ("○", ""),
    "done": ("✓", "good"),
    "skipped": ("–", "muted"),
    "declined": ("✗", "bad"),
    "stale": ("↻", "warn"),
    "unanswered": ("?", "accent"),
    "blocked": ("·", "muted"),
    "waiting": ("◷", "muted"),
    "expired": ("✗", "bad"),
    "not applicable": ("⊘", "muted"),
}

Meaning = tuple[str, str]
"""A sign and its meaning."""

_STEPS: tuple[Meaning, ...] = (
    ("○", "to do"),
    ("✓", "done"),
    ("–", "left out"),
    ("⊘", "does not apply"),
    ("✗", "refused, or too late"),
    ("·", "what comes before is not done"),
    ("◷", "waits for a time"),
    ("↻", "to be done again"),
    ("?", "to be answered"),
)
_NAMES: tuple[Meaning, ...] = (("JW", "Jonah Whitfield, where there is no room for the name"),)
EXPLAINED: dict[str, tuple[Meaning, ...]] = {
    "triage": (
        ("✗", "the answer is late"),
        ("▲", "due very soon"),
        ("△", "due soon"),
        ("●", "time enough"),
        ("◦", "no answer is promised (no SLA)"),
        ("·", "no answer is owed"),
        ("…", "waits for the customer"),
        ("z", "snoozed"),
        ("✓", "resolved"),
        ("✎", "somebody answers it now"),
        ("◉", "somebody looks at it now"),
        ("•", "news that you have not read"),
        ("P1", "priority; P1? is a guess, nobody has triaged it"),
        ("L2", "level: who works on it"),
        ("–", "nobody has it"),
        *_NAMES,
    ),
    "calls": (*_STEPS, *_NAMES),
    "playbooks": (*_STEPS, *_NAMES),
    "rituals": (
        ("○", "to do"),
        ("◔", "due soon"),
        ("!", "late"),
        ("✓", "done"),
        ("✗", "missed"),
        ("–", "skipped"),
        ("◆", "covered: somebody else did it"),
        ("·", "before its time"),
        ("■", "in the column Before: kept"),
        ("▪", "kept late"),
        ("□", "missed"),
        *_NAMES,
    ),
}
"""What the signs in the list of a screen mean, for its help."""
EVERYWHERE: tuple[Meaning, ...] = (
    ("● ○", "in the first line: support is open, closed"),
    ("!2 ?1 •3", "beside a screen: late, not triaged, new for you"),
    ("▌", "the cursor"),
    ("✓", "before a row: marked"),
    ("…", "there is more than is shown"),
)
