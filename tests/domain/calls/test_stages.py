"""What stays of a call's checks when its invite changes, and what is stored of a run that was shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from fleettui.domain.calls.model import Attendee, Call
from fleettui.domain.calls.stages import current_run, with_run
from fleettui.domain.checklists import rules as checklist
from fleettui.domain.checklists.model import Checklist, Mark, Run, Step

NOW = datetime(2026, 3, 9, 16, tzinfo=UTC)
MOMENT = checklist.Moment(NOW, UTC, lambda start, days: start + timedelta(days=days))
STEPS = Checklist(
    steps=(Step(key="link", label="The link works"), Step(key="notes", label="Notes are named"))
)
CHECKED = Mark(
    state="done", by="ana", at=NOW - timedelta(days=1), evidence="https://meet.example/1: it answers"
)
CALL = Call(
    id="C-1",
    title="Check-in",
    customer="Sam Lee",
    company="Acme",
    start=NOW + timedelta(days=2),
    end=NOW + timedelta(days=2, hours=1),
    attendees=(Attendee(email="sam@acme.example", status="accepted"),),
    checklist=STEPS,
    run=Run(started=NOW, marks={"link": CHECKED}),
    stale={"link": "the invite changed since ana checked"},
)


def ticked(call: Call, key: str) -> Call:
    before = current_run(call, None)
    return with_run(call, before, checklist.tick(call.checklist, before, key, "ben", MOMENT))


def test_a_stale_check_does_not_count_and_is_kept_with_who_made_it_until_it_is_made_again() -> None:
    assert current_run(CALL, None).marks == {}
    another = ticked(CALL, "notes")
    assert another.run.marks["link"] == CHECKED
    assert another.stale == CALL.stale
    again = ticked(another, "link")
    assert again.run.marks["link"].by == "ben"
    assert (again.stale, set(again.run.marks)) == ({}, {"link", "notes"})


def test_what_the_invite_answers_is_not_stored_as_an_answer() -> None:
    assert current_run(CALL, None).answers["accepted"] is True
    after = ticked(CALL, "notes")
    assert after.run.answers == {}
    answered_otherwise = replace(CALL, run=replace(CALL.run, answers={"accepted": False}))
    assert ticked(answered_otherwise, "notes").run.answers == {"accepted": False}
