"""Importing a calendar file: all of it or nothing, with the same result however many sessions do it at once, and nothing silent:
each event of the file is taken, updates a call, is left out with the reason, or is named as a problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleettui.errors import Refused
from fleettui.intake.ical import events as ics
from fleettui.workspace.calls.import_plan import ImportPlan
from fleettui.workspace.calls.import_result import Choice, ImportResult, OvertakenError
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.calls.attendees import AddressBook
    from fleettui.domain.calls.stages import CallRules

MOST_TRIES = 20


def import_calendar(
    content: bytes,
    session: Session,
    rules: CallRules,
    address_book: AddressBook,
    choice: Choice | None = None,
    *,
    dry_run: bool = False,
) -> ImportResult:
    """Refused where nothing can be read, or where others keep changing the same calls."""
    reading = ics.read(content, session.now(), session.policy.zone, rules.policy.series_weeks)
    if not reading.invites and not reading.left_out and reading.problems:
        raise Refused("; ".join(reading.problems[:5]), field="file")
    for _ in range(MOST_TRIES):
        plan = ImportPlan(session, rules, address_book, choice or Choice())
        try:
            plan.take_all(reading)
            if not dry_run:
                plan.write("calls.import")
        except OvertakenError:
            continue
        return ImportResult(
            lines=tuple(plan.lines),
            problems=(*reading.problems, *plan.problems),
            left_out=(*reading.left_out, *plan.left_out),
            dry_run=dry_run,
        )
    raise Refused("somebody else keeps changing these calls; import it again in a moment", field="file")
