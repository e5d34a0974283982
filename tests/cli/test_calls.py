"""`fleettui calls`, as a process: a call's life on the command line, and what it says when it will not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.network.test_link_check import server
from tests.support.calendars import calendar, event, invite, people, reply
from tests.support.command_line import CommandLine
from tests.support.handbook_folder import edit

__all__ = ["server"]

THURSDAY = "2026-03-12T17:00:00+00:00"
PROMISED = {
    "id", "customer", "company", "start", "end", "notes_title", "stage", "ready", "attendees", "join_url", "steps",
}  # fmt: skip


@pytest.fixture
def home(cli: CommandLine) -> Iterator[CommandLine]:
    edit(cli.home / "handbook", "calls.json", "links", to={"private": ["127.0.0.1"]})
    cli.ok("customers", "add", "Northwind", "zone=America/New_York")
    cli.ok("customers", "contact", "Northwind", "dana@northwind.example", "name=Dana Whitlock")
    yield cli


def taken_in(home: CommandLine, tmp_path: Path, content: bytes) -> Any:
    file = tmp_path / "one.ics"
    file.write_bytes(content)
    return home.json("calls", "import", str(file))


def states(call: dict[str, Any]) -> dict[str, str]:
    return {step["key"]: step["state"] for step in call["steps"]}


def test_a_call_is_imported_prepared_missed_moved_and_held(
    home: CommandLine, tmp_path: Path, server: str
) -> None:
    printed = taken_in(home, tmp_path, invite(LOCATION=f"{server}/good"))
    assert [line["result"] for line in printed["lines"]] == ["new"]
    (call,) = home.json("calls", "list")
    assert call.keys() >= PROMISED
    assert (call["customer"], call["company"], call["notes_title"]) == (
        "Dana Whitlock",
        "Northwind",
        "Dana Whitlock (Northwind)",
    )
    assert (call["start"], call["stage"], call["ready"]) == ("2026-03-12T10:00:00-07:00", "later", False)
    assert call["attendees"][1] | {"name": ""} == {
        "email": "dana@northwind.example",
        "name": "",
        "status": "needs-action",
        "ours": False,
        "invited": True,
        "answered_before": "needs-action",
    }
    assert states(call)["missed-slack"] == "not applicable"
    id_ = call["id"]

    home.now = "2026-03-11T16:00:00+00:00"
    taken_in(home, tmp_path, reply("dana@northwind.example", "ACCEPTED"))
    home.ok("calls", "check", id_, "documents", "--none")
    for step in ("notes", "check-accepted", "link"):
        call = home.json("calls", "check", id_, step)
    assert (call["stage"], call["ready"]) == ("prepare", True)
    link = next(step for step in call["steps"] if step["key"] == "link")
    assert link["evidence"].startswith("works (200)")

    home.now = "2026-03-12T17:03:00+00:00"
    missed = home.json("calls", "missed", id_)
    assert missed["stage"] == "missed?"
    assert states(missed)["missed-email"] == "todo"
    assert "Hi Dana" in home.ok("calls", "text", id_, "missed-email")
    home.ok("calls", "check", id_, "missed-email", "--evidence", "sent")
    slots = home.json("calls", "slots", id_)
    assert [slot["start"] for slot in slots["slots"]] == [
        "2026-03-13T10:00:00-07:00",
        "2026-03-16T10:00:00-07:00",
        "2026-03-17T10:00:00-07:00",
    ]
    assert slots["slots"][0]["theirs"] == "2026-03-13T13:00:00-04:00"
    assert slots["note"] == ""
    home.ok("calls", "slots", id_, "--ics", str(tmp_path / "times.ics"))
    assert (tmp_path / "times.ics").read_bytes().count(b"BEGIN:VEVENT") == 3

    home.now = "2026-03-12T18:00:00+00:00"
    moved = invite("ACCEPTED", SEQUENCE="1", DTSTART="20260316T170000Z", DTEND="20260316T173000Z")
    printed = taken_in(home, tmp_path, moved)
    assert [line["result"] for line in printed["lines"]] == ["rescheduled"]
    assert home.json("calls", "show", id_)["stage"] == "rescheduled"
    new = printed["lines"][0]["call"]

    home.now = "2026-03-16T17:01:00+00:00"
    assert home.json("calls", "joined", new)["stage"] == "started"
    done = home.json("calls", "done", new, "--why", "good", "--next", "Send the guide|kathy|friday")
    assert (done["stage"], done["ended"]) == ("done", "held")
    assert done["next_steps"] == [
        {"key": "1", "what": "Send the guide", "owner": "kathy", "due": "2026-03-20", "done": False}
    ]
    assert home.json("calls", "list") == []
    assert {call["stage"] for call in home.json("calls", "list", "--past")} == {"done", "rescheduled"}
    assert home.json("calls", "next", new, "--done", "1")["next_steps"][0]["done"]


def test_by_hand_with_a_time_as_people_say_it(home: CommandLine) -> None:
    made = home.json(
        "calls", "new", "--customer", "north", "--start", "tomorrow 10:00", "--link", "https://meet.example"
    )
    assert (made["id"], made["customer"], made["start"]) == (
        "C-1",
        "Dana Whitlock",
        "2026-03-10T10:00:00-07:00",
    )
    assert (
        home.json("calls", "new", "--customer", "Acme", "--start", "2026-03-12T10:00+01:00")["company"]
        == "Acme"
    )
    edited = home.json("calls", "edit", "C-1", "start=fri 9:30", "minutes=45")
    assert (edited["start"], edited["end"]) == ("2026-03-13T09:30:00-07:00", "2026-03-13T10:15:00-07:00")
    assert "Dana Whitlock (Northwind)" in home.ok("calls", "list")
    assert "[ ] link" in home.ok("calls", "show", "C-1")
    assert home.json("calls", "cancel", "dana", "--why", "later")["stage"] == "cancelled"
    home.ok("undo", "C-1")
    assert home.json("calls", "show", "C-1")["stage"] == "later"


def test_what_it_will_not_do_is_said_in_a_line(home: CommandLine, tmp_path: Path, server: str) -> None:
    home.ok("calls", "new", "--customer", "Acme", "--start", "tomorrow 10:00", "--link", f"{server}/gone")
    assert "not found (404)" in home.fails(1, "calls", "check", "C-1", "link")
    assert states(home.json("calls", "show", "C-1"))["link"] == "todo"
    assert "not found (404); try it again" in home.fails(
        1, "calls", "check", "C-1", "link", "--evidence", "by phone"
    )
    assert "they count as missing in" in home.fails(1, "calls", "missed", "C-1")
    assert "nobody can be there yet" in home.fails(1, "calls", "joined", "C-1")
    assert "has not begun" in home.fails(1, "calls", "done", "C-1")
    assert "There is no call 'C-9'" in home.fails(1, "calls", "show", "C-9")
    assert "nonsense" in home.fails(1, "calls", "check", "C-1", "nonsense")
    assert "start: " in home.fails(1, "calls", "new", "--customer", "Acme", "--start", "someday")
    assert "attendees: 'nobody'" in home.fails(
        1, "calls", "new", "--customer", "A", "--start", "10:00", "--attendee", "nobody"
    )
    assert "cannot be read" in home.fails(2, "calls", "import", str(tmp_path / "none.ics"))
    (tmp_path / "junk.ics").write_text("hello")
    assert "there is no event in this file" in home.fails(1, "calls", "import", str(tmp_path / "junk.ics"))
    assert "--next" in home.fails(2, "calls", "done", "C-1", "--next", "nothing")


def test_call_3_to_6_what_keeps_a_call_from_being_ready_is_said(home: CommandLine, tmp_path: Path) -> None:
    taken_in(home, tmp_path, invite("DECLINED", LOCATION=""))
    (call,) = home.json("calls", "list")
    assert call["declined"] == "Dana Whitlock has declined"
    assert "[later, not ready: Dana Whitlock has declined]" in home.ok("calls", "show", "dana")
    early = home.fails(1, "calls", "check", "dana", "check-accepted")
    assert "`--early` ticks it all the same" in early
    home.ok("calls", "check", "dana", "check-accepted", "--early")
    assert "no link is known" in home.fails(1, "calls", "check", "dana", "link", "--early")
    assert "no link is known" in home.fails(
        1, "calls", "check", "dana", "link", "--evidence", "fine", "--early"
    )
    assert states(home.json("calls", "check", "dana", "documents", "--none"))["documents"] == "not applicable"
    assert "--none" in home.fails(2, "calls", "check", "dana", "link", "--none")
    home.ok("calls", "cancel", "dana")
    assert "is cancelled: its steps are no longer ticked" in home.fails(
        1, "calls", "check", call["id"], "notes"
    )


def test_call_8_a_number_that_was_found_is_kept_with_its_kind(home: CommandLine, tmp_path: Path) -> None:
    taken_in(home, tmp_path, invite())
    home.now = "2026-03-12T17:04:00+00:00"
    missed = states(home.json("calls", "missed", "dana"))
    assert (missed["missed-number"], missed["missed-phone"]) == ("todo", "not applicable")
    assert "calls number" in home.fails(1, "calls", "check", "dana", "missed-number")
    assert "mobile or landline" in home.fails(
        1, "calls", "number", "dana", "+1 212 555 0123", "--kind", "fax"
    )
    assert "is not a phone number" in home.fails(1, "calls", "number", "dana", "none", "--kind", "mobile")
    known = states(home.json("calls", "number", "dana", "+1 212 555 0123", "--kind", "landline"))
    assert (known["missed-number"], known["missed-text"], known["missed-call"]) == (
        "not applicable",
        "not applicable",
        "todo",
    )
    (contact,) = home.json("customers", "show", "Northwind")["contacts"]
    assert (contact["phone"], contact["phone_kind"]) == ("+1 212 555 0123", "landline")


def test_call_8_the_number_of_somebody_who_is_on_no_list_stays_with_the_call(home: CommandLine) -> None:
    home.ok("calls", "new", "--customer", "Acme", "--start", "2026-03-12T10:00-07:00")
    home.now = "2026-03-12T17:04:00+00:00"
    home.ok("calls", "missed", "C-1")
    known = states(home.json("calls", "number", "C-1", "+1 212 555 0199", "--kind", "mobile"))
    assert (known["missed-text"], known["missed-call"]) == ("todo", "todo")


def test_call_8_a_no_show_is_closed_with_a_new_call_and_its_invitation(
    home: CommandLine, tmp_path: Path
) -> None:
    taken_in(home, tmp_path, invite("ACCEPTED"))
    (old,) = home.json("calls", "list")
    home.now = "2026-03-12T17:04:00+00:00"
    file = tmp_path / "new.ics"
    assert "there are 3 proposed times" in home.fails(1, "calls", "missed", old["id"], "--rebook", "7")
    new = home.json("calls", "missed", old["id"], "--rebook", "2", "--ics", str(file))
    assert (new["start"], new["moved_from"]) == ("2026-03-16T10:00:00-07:00", old["id"])
    assert b"METHOD:REQUEST" in file.read_bytes()
    gone = home.json("calls", "show", old["id"])
    assert (gone["ended"], gone["moved_to"]) == ("missed", new["id"])
    home.ok("undo", old["id"], "--yes")
    assert home.json("calls", "show", old["id"])["ended"] == ""
    home.now = "2026-03-12T19:00:00+00:00"
    assert home.json("calls", "list")[0]["stage"] == "how did it go?"
    home.ok("calls", "moved", old["id"], "--to", "fri 9:00", "--ics", str(file))
    assert home.json("calls", "show", old["id"])["stage"] == "rescheduled"


def test_call_8_a_call_that_is_made_counts_as_done_though_its_invitation_cannot_be_written(
    home: CommandLine, tmp_path: Path
) -> None:
    taken_in(home, tmp_path, invite("ACCEPTED"))
    (old,) = home.json("calls", "list")
    home.now = "2026-03-12T17:04:00+00:00"
    nowhere = str(tmp_path / "nowhere" / "new.ics")
    done = home.run("calls", "missed", old["id"], "--rebook", "2", "--ics", nowhere, "--json")
    assert done.returncode == 0
    new = json.loads(done.stdout)
    assert new["moved_from"] == old["id"]
    assert new["warnings"] == [done.stderr.strip()]
    assert "nowhere/new.ics: cannot be written" in done.stderr
    assert home.json("calls", "show", old["id"])["moved_to"] == new["id"]


@pytest.mark.parametrize("words", [("missed", "--rebook", "1"), ("moved", "--to", "1"), ("slots",)])
def test_with_json_no_calendar_file_goes_to_standard_output(
    words: tuple[str, ...], home: CommandLine, tmp_path: Path
) -> None:
    taken_in(home, tmp_path, invite("ACCEPTED"))
    (old,) = home.json("calls", "list")
    home.now = "2026-03-12T17:04:00+00:00"
    verb, *more = words
    assert "name a file" in home.fails(2, "calls", verb, old["id"], *more, "--ics", "-", "--json")
    assert home.json("calls", "show", old["id"])["ended"] == ""


def test_lists_and_shows_do_not_load_the_calendar_library(home: CommandLine) -> None:
    import subprocess
    import sys

    home.ok("calls", "new", "--customer", "Acme", "--start", "tomorrow 10:00")
    probe = (
        "import sys; from fleettui.cli.main import main; main(['calls', 'list', '--json']);"
        "print([name for name in ('icalendar', 'recurring_ical_events', 'holidays', 'ssl', 'textual') if name in sys.modules])"
    )
    environment = {"FLEETTUI_HOME": str(home.home), "FLEETTUI_NOW": home.now, "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", probe], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def whole(*events: list[str]) -> bytes:
    return calendar(*events, method="PUBLISH")


def test_call_1_an_import_says_what_it_took_and_what_it_left_out(home: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "whole.ics"
    file.write_bytes(
        whole(
            event("a@x", *people()), event("lunch@x", SUMMARY="Lunch"), event("bad@x", "RRULE:FREQ=SECONDLY")
        )
    )
    would = home.json("calls", "import", str(file), "--dry-run")
    assert home.json("calls", "list") == []
    printed = home.json("calls", "import", str(file))
    assert printed | {"dry_run": True} == would
    assert [row["uid"] for row in printed["taken"]] == ["a@x"]
    assert printed["taken"][0]["start"] == "2026-03-12T10:00:00-07:00"
    assert [(row["title"], row["why"]) for row in printed["left_out"]] == [("Lunch", "nobody is invited")]
    assert printed["problems"] == ["event 3 (Review with Northwind): repeats more often than calls do"]
    assert "1 nobody is invited (Lunch)" in home.ok("calls", "import", str(file))
    assert [row["uid"] for row in home.json("calls", "import", str(file), "--uid", "lunch@x")["taken"]] == [
        "lunch@x"
    ]


def test_call_1_an_update_says_field_by_field_what_differs(home: CommandLine, tmp_path: Path) -> None:
    id_ = taken_in(home, tmp_path, invite())["taken"][0]["call"]
    home.ok("calls", "edit", id_, "join_url=https://zoom.us/j/1")
    assert home.json("calls", "show", id_)["changed_here"] == ["link"]
    assert "changed   link, here by hand" in home.ok("calls", "show", id_)
    printed = taken_in(home, tmp_path, invite(SEQUENCE="1", LOCATION="https://zoom.us/j/2"))
    (row,) = printed["updated"]
    assert "replaces what was set here (link)" in row["why"]
    assert row["fields"][0] == {
        "field": "link",
        "sent_before": "https://zoom.us/j/4711",
        "sent": "https://zoom.us/j/2",
        "here": "https://zoom.us/j/1",
        "counts": "sent",
    }


def test_call_12_the_list_lays_out_series(home: CommandLine, tmp_path: Path) -> None:
    taken_in(home, tmp_path, whole(event("weekly@x", "RRULE:FREQ=WEEKLY", *people())))
    later = replace(home, now="2026-04-01T17:00:00+00:00")
    assert later.json("calls", "list")[-1]["start"] == "2026-05-07T10:00:00-07:00"
