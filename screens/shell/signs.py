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

_STEPS = (
    "○ to do   ✓ done   – left out   ⊘ does not apply   ✗ refused, or too late",
    "· what comes before is not done   ◷ waits for a time   ↻ to be done again   ? to be answered",
)
_NAMES = "JW is Jonah Whitfield, where there is no room for the name"
EXPLAINED: dict[str, tuple[str, ...]] = {
    "triage": (
        "✗ late   ▲ nearly   △ soon   ● time enough   ◦ no promise   · nothing owed",
        "… waits   z snoozed   ✓ resolved   ✎ somebody answers it   ◉ looks at it   • news",
        "P1 priority, ? not triaged   L2 level   – nobody has it",
        _NAMES,
    ),
    "calls": (*_STEPS, _NAMES),
    "playbooks": (*_STEPS, _NAMES),
    "rituals": (
        "○ to do   ◔ due soon   ! late   ✓ done   ✗ missed   – skipped   ◆ covered   · before its time",
        "before: ■ kept  ▪ kept late  ◆ covered  – skipped  □ missed  · open",
        _NAMES,
    ),
}
"""What the signs in the list of a screen mean, for its help."""
