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
