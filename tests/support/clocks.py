"""Moments at which tests begin."""

from datetime import UTC, datetime

MONDAY_MORNING = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
"""09:00 in Los Angeles, on the day after the clocks went forward."""
