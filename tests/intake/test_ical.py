"""Calendar files: what calendars write is read, what is damaged is named and takes nothing else with it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleettui.domain.calls.invitation import Invite
from fleettui.errors import Refused
from fleettui.intake.ical import events as ics
from tests.support.calendars import calendar, event, people
from tests.support.clocks import MONDAY_MORNING

OURS = ZoneInfo("America/Los_Angeles")


def read(content: bytes) -> ics.ParsedCalendar:
    return ics.read(content, MONDAY_MORNING, OURS)


def only(content: bytes) -> Invite:
    reading = read(content)
    assert reading.problems == []
    (invite,) = reading.invites
    return invite


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


OUTLOOK_ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:{name}",
    "BEGIN:STANDARD",
    "DTSTART:16010101T030000",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "DTSTART:16010101T020000",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3",
    "END:DAYLIGHT",
    "END:VTIMEZONE",
)


def in_zone(zone: str, day: str = "20260410") -> list[str]:
    lines = (f"DTSTART;TZID={zone}:{day}T100000", f"DTEND;TZID={zone}:{day}T103000")
    return event("zoned@x", *lines, DTSTART="", DTEND="")


def test_google_writes_iana_zones() -> None:
    invite = only(calendar(in_zone("America/New_York")))
    assert (invite.start, invite.zone) == (at(2026, 4, 10, 14), "America/New_York")


def test_outlook_writes_names_of_its_own_with_and_without_their_rules() -> None:
    named = "W. Europe Standard Time"
    rules = tuple(line.format(name=named) for line in OUTLOOK_ZONE)
    for extra in (rules, ()):
        invite = only(calendar(in_zone(named), extra=extra))
        assert (invite.start, invite.zone) == (at(2026, 4, 10, 8), "Europe/Berlin")


def test_a_zone_that_only_the_file_knows_is_read_from_its_rules() -> None:
    rules = tuple(line.format(name="Customized Time Zone") for line in OUTLOOK_ZONE)
    assert only(calendar(in_zone("Customized Time Zone"), extra=rules)).start == at(2026, 4, 10, 8)


def test_a_zone_that_nobody_knows_is_read_as_ours_and_named() -> None:
    reading = read(calendar(in_zone("Moon/Base")))
    assert reading.invites[0].start == at(2026, 4, 10, 17)
    assert reading.problems == [
        "Review with Northwind: its zone 'Moon/Base' is not known; read as America/Los_Angeles"
    ]


def test_floating_times_are_meant_where_the_calendar_is_else_where_we_are() -> None:
    floating = event("float@x", DTSTART="20260410T100000", DTEND="20260410T110000")
    assert only(calendar(floating)).start == at(2026, 4, 10, 17)
    assert only(calendar(floating, extra=("X-WR-TIMEZONE:Europe/Paris",))).start == at(2026, 4, 10, 8)


def test_all_day() -> None:
    lines = ("DTSTART;VALUE=DATE:20260410", "DTEND;VALUE=DATE:20260412")
    invite = only(calendar(event("day@x", *lines, DTSTART="", DTEND="")))
    assert (invite.start, invite.end, invite.all_day) == (at(2026, 4, 10, 7), at(2026, 4, 12, 7), True)


@pytest.mark.parametrize(("lasting", "minutes"), [("DURATION:PT45M", 45), ("X-NOTHING:1", 30)])
def test_an_event_without_an_end_lasts_as_long_as_it_says_or_half_an_hour(lasting: str, minutes: int) -> None:
    invite = only(calendar(event("d@x", lasting, DTEND="")))
    assert invite.start and invite.end and (invite.end - invite.start).total_seconds() == minutes * 60


def test_folded_lines_are_one_even_where_a_letter_is_cut_in_two() -> None:
    content = calendar(event("fold@x", SUMMARY="Caf@@ plans")).replace(b"@@", b"\xc3\r\n \xa9")
    assert only(content).title == "Café plans"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_that_mail_programs_leave_behind(encoding: str) -> None:
    content = calendar(event("e@x", SUMMARY="Café plans")).decode().encode(encoding)
    assert only(content).title == "Café plans"


def test_several_events_in_one_file_and_several_calendars_in_one() -> None:
    first = calendar(event("a@x"), event("b@x"))
    reading = read(first + calendar(event("c@x"), method="CANCEL"))
    assert [(invite.uid, invite.kind) for invite in reading.invites] == [
        ("a@x", "request"),
        ("b@x", "request"),
        ("c@x", "cancel"),
    ]


# Series


def weekly(*lines: str, **fields: str) -> list[str]:
    return event("series@x", "RRULE:FREQ=WEEKLY;BYDAY=TH", *lines, **fields)


def test_the_next_weeks_of_a_series_with_exceptions_and_a_moved_instance() -> None:
    moved = event(
        "series@x",
        "RECURRENCE-ID:20260326T170000Z",
        DTSTART="20260327T180000Z",
        DTEND="20260327T183000Z",
        SUMMARY="Moved to Friday",
    )
    reading = read(calendar(weekly("EXDATE:20260319T170000Z"), moved))
    starts = {invite.recurrence: invite.start for invite in reading.invites}
    assert starts == {
        "20260312T170000Z": at(2026, 3, 12, 17),
        "20260326T170000Z": at(2026, 3, 27, 18),
        "20260402T170000Z": at(2026, 4, 2, 17),
        "20260409T170000Z": at(2026, 4, 9, 17),
        "20260416T170000Z": at(2026, 4, 16, 17),
    }
    assert reading.series.keys() == {"series@x"}


def test_a_series_keeps_its_wall_time_when_clocks_change() -> None:
    zone = "Europe/Berlin"
    lines = (f"DTSTART;TZID={zone}:20260320T100000", f"DTEND;TZID={zone}:20260320T103000")
    reading = read(calendar(event("dst@x", "RRULE:FREQ=WEEKLY;COUNT=3", *lines, DTSTART="", DTEND="")))
    assert [invite.start for invite in reading.invites] == [
        at(2026, 3, 20, 9),
        at(2026, 3, 27, 9),
        at(2026, 4, 3, 8),
    ]


def test_a_cancelled_instance_in_a_series() -> None:
    off = event("series@x", "RECURRENCE-ID:20260319T170000Z", DTSTART="20260319T170000Z", STATUS="CANCELLED")
    kinds = {invite.recurrence: invite.kind for invite in read(calendar(weekly(), off)).invites}
    assert kinds["20260319T170000Z"] == "cancel"
    assert kinds["20260326T170000Z"] == "request"


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3"])
def test_what_repeats_more_often_than_calls_do_is_named_and_not_laid_out(rule: str) -> None:
    reading = read(calendar(event("bomb@x", f"RRULE:{rule}"), event("good@x")))
    assert [invite.uid for invite in reading.invites] == ["good@x"]
    assert reading.problems == ["event 1 (Review with Northwind): repeats more often than calls do"]


@pytest.mark.parametrize(
    ("start", "rule", "problem"),
    [
        ("20260312T170000Z", "FREQ=WEEKLY;INTERVAL=0", "repeats without ever going on"),
        ("16010101T170000Z", "FREQ=DAILY", "repeats since the year 1601"),
    ],
)
def test_what_would_be_laid_out_for_ever_is_named(start: str, rule: str, problem: str) -> None:
    reading = read(calendar(event("bomb@x", f"RRULE:{rule}", DTSTART=start, DTEND=""), event("good@x")))
    assert [invite.uid for invite in reading.invites] == ["good@x"]
    assert reading.problems == [f"event 1 (Review with Northwind): {problem}"]


def test_a_rule_that_no_day_fits_ends_after_its_first_day() -> None:
    never = event("never@x", "RRULE:FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=9", DTSTART="20260201T170000Z", DTEND="")
    reading = read(calendar(never, event("good@x")))
    assert [invite.uid for invite in reading.invites] == ["good@x"]
    assert [event.why for event in reading.left_out] == ["the series ended on 2026-02-01"]


# Links


@pytest.mark.parametrize(
    ("lines", "link"),
    [
        (("CONFERENCE;VALUE=URI:https://meet.acme.example/r1",), "https://meet.acme.example/r1"),
        (
            ("X-GOOGLE-CONFERENCE:https://meet.google.com/abc-defg-hij",),
            "https://meet.google.com/abc-defg-hij",
        ),
        (
            ("X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/meetup-join/19%3a",),
            "https://teams.microsoft.com/l/meetup-join/19%3a",
        ),
        (("LOCATION:Room 5\\, https://acme.webex.com/meet/dana",), "https://acme.webex.com/meet/dana"),
        (("URL:https://us02web.zoom.us/j/99?pwd=x",), "https://us02web.zoom.us/j/99?pwd=x"),
        (
            ("DESCRIPTION:Dial in: https://zoom.us/u/abc\\nJoin: https://zoom.us/j/1.",),
            "https://zoom.us/j/1",
        ),
        (
            ("DESCRIPTION:Notes: https://wiki.example/a\\nJoin here https://video.example/9",),
            "https://video.example/9",
        ),
        (
            (
                "DESCRIPTION:<https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fteams.microsoft.com"
                "%2Fl%2Fmeetup-join%2F1&data=x>",
            ),
            "https://teams.microsoft.com/l/meetup-join/1",
        ),
        (("LOCATION:javascript:alert(1)",), ""),
        (("LOCATION:https://zoom.us@evil.example/j/1",), ""),
        (("LOCATION:ftp://zoom.us/j/1",), ""),
    ],
)
def test_call_5_the_link_to_join_is_found_where_calendars_put_it(lines: tuple[str, ...], link: str) -> None:
    assert only(calendar(event("l@x", *lines, LOCATION=""))).join_url == link


def test_call_6_documents_are_attachments_and_links_to_documents() -> None:
    invite = only(
        calendar(
            event(
                "d@x",
                "ATTACH;FILENAME=Agenda:https://drive.google.com/file/1",
                "ATTACH;FILENAME=plan.pdf:CID:part1",
                "DESCRIPTION:See https://acme.example/roadmap.pdf",
            )
        )
    )
    assert [(document.title, document.url) for document in invite.documents] == [
        ("Agenda", "https://drive.google.com/file/1"),
        ("plan.pdf", ""),
        ("roadmap.pdf", "https://acme.example/roadmap.pdf"),
    ]
    assert invite.join_url == "https://zoom.us/j/4711"


# People


def test_call_3_answers_are_read_for_each_attendee() -> None:
    room = "ATTENDEE;CUTYPE=ROOM;PARTSTAT=ACCEPTED:mailto:room@fleet.example"
    odd = "ATTENDEE;PARTSTAT=MAYBE;EMAIL=leo@northwind.example:invalid:nomail"
    invite = only(calendar(event("p@x", *people("TENTATIVE"), room, odd)))
    assert {attendee.email: attendee.status for attendee in invite.attendees} == {
        "kathy@fleet.example": "accepted",
        "dana@northwind.example": "tentative",
        "leo@northwind.example": "needs-action",
    }
    assert invite.organizer == "kathy@fleet.example"


# Damage


def test_damaged_events_are_named_and_the_others_read() -> None:
    no_uid = ["BEGIN:VEVENT", "DTSTART:20260312T170000Z", "SUMMARY:Whose?", "END:VEVENT"]
    bad_start = event("bad@x", DTSTART="2026xx12T1", SUMMARY="When?")
    junk = event("junk@x", "THIS IS NO LINE", "ATTENDEE;nonsense", SUMMARY="Junk inside")
    reading = read(calendar(event("good@x"), no_uid, bad_start, junk))
    assert [invite.uid for invite in reading.invites] == ["good@x", "junk@x"]
    named = " / ".join(reading.problems)
    for title in ("event 2 (Whose?): has no UID", "event 3 (When?)", "event 4 (Junk inside)"):
        assert title in named


def test_a_file_that_breaks_off_keeps_what_was_whole() -> None:
    content = calendar(event("good@x"), event("cut@x", *people(), SUMMARY="Cut off"))
    for end in range(len(content) // 2, len(content) - 30, 7):
        reading = read(content[:end])
        assert reading.invites[0].uid == "good@x"
    reading = read(content[: content.index(b"END:VEVENT", content.index(b"cut@x"))])
    assert [invite.title for invite in reading.invites] == ["Review with Northwind", "Cut off"]
    assert reading.problems == ["event 2 (Cut off): the file ends or goes on before it is complete"]


def test_what_is_no_invite_is_named() -> None:
    assert "proposes another time" in read(calendar(event(), method="COUNTER")).problems[0]
    assert read(b"hello").problems == ["there is no event in this file"]
    with pytest.raises(Refused, match="larger than"):
        read(b"x" * (ics.LARGEST + 1))


def test_what_is_long_over_is_no_call_to_prepare() -> None:
    old = event("old@x", DTSTART="20251201T170000Z", DTEND="20251201T173000Z")
    reading = read(calendar(old, event("new@x")))
    assert [invite.uid for invite in reading.invites] == ["new@x"]
    assert [(event.uid, event.why) for event in reading.left_out] == [("old@x", "it is over")]


def test_hostile_text_is_cleaned_at_the_door() -> None:
    invite = only(calendar(event("h@x", SUMMARY="Hi\x1b]52;c;aGk=\x07 \u202etxet")))
    assert invite.title == "Hi txet"


@given(st.binary(max_size=300))
def test_no_bytes_whatever_bring_it_down(junk: bytes) -> None:
    whole = calendar(event("good@x"))
    middle = len(whole) // 2
    for content in (junk, whole + junk, whole[:middle] + junk + whole[middle:]):
        read(content)
