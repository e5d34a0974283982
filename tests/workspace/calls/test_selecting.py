"""Of a whole calendar only what is a call to prepare is taken, and nothing is left out in silence."""

from __future__ import annotations

import pytest

from fleettui.errors import Refused
from fleettui.workspace.calls.import_result import Choice, ImportResult
from fleettui.workspace.workspace import Workspace
from tests.support.calendars import HEAD, calendar, event, guest, people

KATHY, ZAY = "kathy@fleet.example", "zay@fleet.example"
ORGANIZER = f"ORGANIZER;CN=Kathy Satterlee:mailto:{KATHY}"


@pytest.fixture
def team(workspace: Workspace) -> Workspace:
    workspace.people.edit("kathy", {"email": KATHY})
    workspace.people.edit("zay", {"email": ZAY})
    return workspace


def why(imported: ImportResult) -> dict[str, str]:
    return {event.uid: event.why for event in imported.left_out}


def declined_by_me() -> tuple[str, ...]:
    return (ORGANIZER, guest(KATHY, "DECLINED"), guest("dana@northwind.example"))


WHOLE = (
    event("customer@x", *people()),
    event("lunch@x", SUMMARY="Lunch"),
    event("ours@x", ORGANIZER, guest(KATHY), guest(ZAY), SUMMARY="1:1"),
    event("private@x", *people(), CLASS="PRIVATE"),
    event("secret@x", *people(), CLASS="CONFIDENTIAL"),
    event("no@x", *declined_by_me()),
    event("oof@x", *people(), X_MICROSOFT_CDO_BUSYSTATUS="OOF"),
    event("focus@x", EVENT_TYPE="focusTime"),
    event("free@x", *people(), TRANSP="TRANSPARENT"),
    event(
        "day@x",
        *people(),
        "DTSTART;VALUE=DATE:20260312",
        "DTEND;VALUE=DATE:20260313",
        DTSTART="",
        DTEND="",
    ),
    event("off@x", *people(), STATUS="CANCELLED"),
    event("old@x", *people(), DTSTART="20250312T170000Z", DTEND="20250312T173000Z"),
    event("hand@x", ORGANIZER, guest(KATHY), guest(ZAY), SUMMARY="Handoff: Northwind"),
)


def test_call_1_of_a_whole_calendar_only_calls_with_somebody_from_outside_are_taken(team: Workspace) -> None:
    imported = team.calls.import_file(calendar(*WHOLE, method="PUBLISH"))
    assert [line.uid for line in imported.taken] == ["customer@x", "hand@x"]
    assert why(imported) == {
        "lunch@x": "nobody is invited",
        "ours@x": "only our own people",
        "private@x": "private",
        "secret@x": "private",
        "no@x": "declined by Kathy Satterlee",
        "oof@x": "out of office",
        "focus@x": "focus time",
        "free@x": "shown as free",
        "day@x": "all day",
        "off@x": "cancelled",
        "old@x": "it is over",
    }
    assert imported.summary == "2 new; 11 left out"


def test_call_1_what_is_asked_for_is_taken_by_its_uid_or_all(team: Workspace) -> None:
    content = calendar(*WHOLE[:4], method="PUBLISH")
    wanted = team.calls.import_file(content, Choice(uids=frozenset({"ours@x"})))
    assert [line.uid for line in wanted.taken] == ["customer@x", "ours@x"]
    everything = team.calls.import_file(content, Choice(everything=True))
    assert [line.uid for line in everything.taken] == ["lunch@x", "private@x"]
    assert everything.left_out == ()


def test_call_1_a_dry_run_says_the_same_and_changes_nothing(team: Workspace) -> None:
    content = calendar(*WHOLE, method="PUBLISH")
    would = team.calls.import_file(content, dry_run=True)
    assert team.calls.all() == []
    done = team.calls.import_file(content)
    assert (would.lines, would.left_out, would.dry_run) == (done.lines, done.left_out, True)


def test_call_1_a_call_that_we_know_is_updated_whatever_it_became(team: Workspace) -> None:
    team.calls.import_file(calendar(event("c@x", *people())))
    imported = team.calls.import_file(
        calendar(event("c@x", *people(), SEQUENCE="1", CLASS="PRIVATE", SUMMARY="New"))
    )
    assert [(line.result, line.why) for line in imported.updated] == [("updated", "title")]


def over(uid: str, *lines: str) -> list[str]:
    return event(uid, *people(), *lines, DTSTART="20250312T170000Z", DTEND="20250312T173000Z")


def test_call_1_a_file_whose_events_are_all_over_says_so(team: Workspace) -> None:
    ended = over("series@x", "RRULE:FREQ=WEEKLY;UNTIL=20250601T000000Z")
    imported = team.calls.import_file(calendar(over("a@x"), over("b@x"), ended, method="PUBLISH"))
    assert imported.summary == "nothing taken: all 3 events are over"
    assert why(imported)["series@x"] == "the series ended on 2025-05-28"
    alone = team.calls.import_file(calendar(ended))
    assert alone.summary == "nothing taken: its event is over"


def file_of(*kinds: str) -> bytes:
    lines = [line for kind in kinds for line in (f"BEGIN:{kind}", "UID:1", "SUMMARY:x", f"END:{kind}")]
    return "\r\n".join([*HEAD, *lines, "END:VCALENDAR", ""]).encode()


def test_call_1_a_file_without_events_says_what_it_holds(team: Workspace) -> None:
    with pytest.raises(Refused, match=r"there is no event in this file$"):
        team.calls.import_file(file_of())
    with pytest.raises(Refused, match=r"no event in this file, only 2 tasks and 1 note"):
        team.calls.import_file(file_of("VTODO", "VTODO", "VJOURNAL"))
    with pytest.raises(Refused, match="only 1 list of busy times"):
        team.calls.import_file(file_of("VFREEBUSY"))


@pytest.mark.parametrize("method", ["", "PUBLISH", "REQUEST", "CANCEL", "REPLY", "COUNTER", "REFRESH"])
def test_call_1_whatever_the_method_each_event_is_accounted_for(team: Workspace, method: str) -> None:
    content = calendar(event("m@x", *people()), event("n@x", *people()), method=method)
    try:
        imported = team.calls.import_file(content)
    except Refused as refused:
        assert str(refused).count("Review with Northwind") == 2
        return
    assert len(imported.lines) + len(imported.left_out) + len(imported.problems) == 2
