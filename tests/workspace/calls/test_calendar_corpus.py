"""Files in the shapes in which calendar programs write them: each event is taken at its time with its link, or accounted for.

The files are made here, in our own words, with the properties, zones and habits of each program.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
import pytest

from fleettui.workspace.workspace import Workspace

KATHY = "kathy@fleet.example"
DANA = "dana@northwind.example"
TEN_IN_BERLIN = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
TEN_IN_NEW_YORK = datetime(2026, 3, 12, 14, 0, tzinfo=UTC)
ZOOM = "https://us02web.zoom.us/j/471147114711?pwd=abc"
MEET = "https://meet.google.com/abc-defg-hij"
TEAMS = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0"


class Shape(msgspec.Struct):
    """A file as one program writes it, and what has to become of it."""

    program: str
    lines: Sequence[str]
    taken: Sequence[tuple[datetime, str]] = ()
    left_out: Sequence[str] = ()
    results: Sequence[str] = ()

    def content(self) -> bytes:
        return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *self.lines, "END:VCALENDAR", ""]).encode()


def zone(name: str, *, american: bool = False) -> list[str]:
    """With the rules of Berlin or New York, whatever it is called."""
    winter, summer = ("-0500", "-0400") if american else ("+0100", "+0200")
    begins, ends = ("2SU;BYMONTH=3", "1SU;BYMONTH=11") if american else ("-1SU;BYMONTH=3", "-1SU;BYMONTH=10")
    return [
        "BEGIN:VTIMEZONE", f"TZID:{name}",
        "BEGIN:STANDARD", "DTSTART:16010101T020000", f"TZOFFSETFROM:{summer}", f"TZOFFSETTO:{winter}",
        f"RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY={ends}", "END:STANDARD",
        "BEGIN:DAYLIGHT", "DTSTART:16010101T020000", f"TZOFFSETFROM:{winter}", f"TZOFFSETTO:{summer}",
        f"RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY={begins}", "END:DAYLIGHT",
        "END:VTIMEZONE",
    ]  # fmt: skip


def event(uid: str, *lines: str, zone: str = "", summary: str = "Review") -> list[str]:
    times = (
        [f"DTSTART;TZID={zone}:20260312T100000", f"DTEND;TZID={zone}:20260312T103000"]
        if zone
        else ["DTSTART:20260312T090000Z", "DTEND:20260312T093000Z"]
    )
    head = ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260301T080000Z", f"SUMMARY:{summary}"]
    return [*head, *times, *lines, "END:VEVENT"]


def both(*, params: str = "", dana: str = "NEEDS-ACTION") -> list[str]:
    return [
        f"ORGANIZER;CN=Kathy Satterlee:mailto:{KATHY}",
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Kathy Satterlee{params}:mailto:{KATHY}",
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={dana};RSVP=TRUE;CN=Dana{params}:mailto:{DANA}",
    ]


ALARM = ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT10M", "DESCRIPTION:Soon", "END:VALARM"]
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"

SHAPES = [
    Shape(
        "Google, an invite",
        [
            "PRODID:-//Google Inc//Google Calendar 70.9054//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:REQUEST",
            *zone(BERLIN),
            *event(
                "a1@google.com",
                *both(params=";X-NUM-GUESTS=0"),
                f"X-GOOGLE-CONFERENCE:{MEET}",
                "SEQUENCE:0",
                "STATUS:CONFIRMED",
                "TRANSP:OPAQUE",
                f"DESCRIPTION:Join with Google Meet: {MEET}\\n",
                zone=BERLIN,
            ),
        ],
        [(TEN_IN_BERLIN, MEET)],
    ),
    Shape(
        "Google, a whole calendar",
        [
            "METHOD:PUBLISH",
            "X-WR-CALNAME:Kathy",
            "X-WR-TIMEZONE:Europe/Berlin",
            *event("b1@google.com", *both(), f"LOCATION:{ZOOM}"),
            *event("b2@google.com", "TRANSP:TRANSPARENT", summary="Home"),
            *event("b3@google.com", "EVENT-TYPE:focusTime", summary="Focus"),
            *event("b4@google.com", summary="Lunch"),
            *event("b5@google.com", *both(), "CLASS:PRIVATE"),
            *event("b6@google.com", *both(), "STATUS:CANCELLED"),
        ],
        [(TEN_IN_BERLIN, ZOOM)],
        ["cancelled", "focus time", "nobody is invited", "private", "shown as free"],
    ),
    Shape(
        "Outlook and Exchange, with Teams",
        [
            "METHOD:REQUEST",
            "PRODID:Microsoft Exchange Server 2010",
            *zone("W. Europe Standard Time"),
            *event(
                "040000008200E00074C5B7101A82E008",
                *both(),
                "CLASS:PUBLIC",
                "PRIORITY:5",
                "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",
                "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY",
                "X-MICROSOFT-CDO-INSTTYPE:0",
                f"X-MICROSOFT-SKYPETEAMSMEETINGURL:{TEAMS}",
                "LOCATION;LANGUAGE=de-DE:Microsoft Teams-Besprechung",
                *ALARM,
                zone="W. Europe Standard Time",
            ),
        ],
        [(TEN_IN_BERLIN, TEAMS)],
    ),
    Shape(
        "Outlook, out of office and free in one export",
        [
            "METHOD:PUBLISH",
            "PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN",
            *event("o1", *both(), "X-MICROSOFT-CDO-BUSYSTATUS:OOF"),
            *event("o2", *both(), "X-MICROSOFT-CDO-BUSYSTATUS:FREE"),
            *event("o3", *both(), "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"),
        ],
        [],
        ["out of office", "shown as free", "shows where somebody works"],
    ),
    Shape(
        "Outlook on the web, a zone by its description",
        [
            "METHOD:REQUEST",
            *zone("(UTC+01:00) Amsterdam\\, Berlin\\, Rome"),
            *event(
                "w1",
                *both(),
                f'X-ALT-DESC;FMTTYPE=text/html:<a href="{TEAMS}">Join</a>',
                zone='"(UTC+01:00) Amsterdam, Berlin, Rome"',
            ),
        ],
        [(TEN_IN_BERLIN, TEAMS)],
    ),
    Shape(
        "Apple",
        [
            "PRODID:-//Apple Inc.//macOS 14.4//EN",
            "CALSCALE:GREGORIAN",
            *zone(NEW_YORK, american=True),
            *event(
                "6F1D",
                *both(params=";EMAIL=x@y.example"),
                "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC",
                f"URL;VALUE=URI:{ZOOM}",
                "X-APPLE-STRUCTURED-LOCATION;VALUE=URI:geo:1,2",
                "TRANSP:OPAQUE",
                "BEGIN:VALARM",
                "X-WR-ALARMUID:1",
                "TRIGGER:-PT15M",
                "ATTACH;VALUE=URI:Basso",
                "ACTION:AUDIO",
                "END:VALARM",
                zone=NEW_YORK,
            ),
        ],
        [(TEN_IN_NEW_YORK, ZOOM)],
    ),
    Shape(
        "Zoom, the file to download: nobody is in it",
        [
            "PRODID:-//zoom.us//iCalendar Event//EN",
            "METHOD:PUBLISH",
            *event(
                "zoom1",
                f"LOCATION:{ZOOM}",
                f"DESCRIPTION:Join Zoom Meeting\\n{ZOOM}\\n\\nOne tap mobile: +12025550100",
                *ALARM,
            ),
        ],
        [],
        ["nobody is invited"],
    ),
    Shape(
        "a booking page",
        [
            "PRODID:-//Booking//EN",
            "METHOD:REQUEST",
            *event(
                "booking-1",
                f'ORGANIZER;CN="Kathy Satterlee":MAILTO:{KATHY}',
                f"ATTENDEE;CN=Dana;RSVP=TRUE:MAILTO:{DANA}",
                f"LOCATION:{MEET}",
                "DESCRIPTION:Need to change it?\\nCancel: https://book.example/cancel/1",
                "STATUS:CONFIRMED",
            ),
        ],
        [(TEN_IN_BERLIN, MEET)],
    ),
    Shape(
        "Nextcloud",
        [
            "PRODID:-//IDN nextcloud.com//Calendar app 4.6//EN",
            *event(
                "nc-1",
                *both(dana="ACCEPTED"),
                "STATUS:CONFIRMED",
                "CREATED:20260301T080000Z",
                "LOCATION:https://cloud.northwind.example/call/xyz",
                zone=BERLIN,
            ),
            *zone(BERLIN),
        ],
        [(TEN_IN_BERLIN, "https://cloud.northwind.example/call/xyz")],
    ),
    Shape(
        "Thunderbird",
        [
            "PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN",
            *zone("/mozilla.org/20071231_1/Europe/Berlin"),
            *event(
                "tb-1",
                *both(),
                "X-MOZ-GENERATION:2",
                "X-MOZ-LASTACK:20260301T080000Z",
                f"LOCATION:{ZOOM}",
                zone="/mozilla.org/20071231_1/Europe/Berlin",
            ),
        ],
        [(TEN_IN_BERLIN, ZOOM)],
    ),
    Shape(
        "Evolution",
        [
            "PRODID:-//Ximian//NONSGML Evolution Calendar//EN",
            "METHOD:REQUEST",
            *event(
                "ev-1", *both(), f"LOCATION:{ZOOM}", zone="/freeassociation.sourceforge.net/America/New_York"
            ),
        ],
        [(TEN_IN_NEW_YORK, ZOOM)],
    ),
    Shape(
        "Fastmail",
        [
            "PRODID:-//CyrusIMAP.org/Cyrus 3.9//EN",
            "METHOD:REQUEST",
            *event(
                "fm-1",
                *both(params=";X-JMAP-ID=1;SCHEDULE-STATUS=1.1"),
                f"CONFERENCE;VALUE=URI;FEATURE=VIDEO:{ZOOM}",
                zone=NEW_YORK,
            ),
        ],
        [(TEN_IN_NEW_YORK, ZOOM)],
    ),
    Shape(
        "Zimbra",
        [
            "PRODID:Zimbra-Calendar-Provider",
            "METHOD:REQUEST",
            *zone(BERLIN),
            *event(
                "zi-1",
                *both(params=';SENT-BY="mailto:desk@fleet.example"'),
                "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY",
                f'LOCATION:"{ZOOM}"',
                zone=f'"{BERLIN}"',
            ),
        ],
        [(TEN_IN_BERLIN, ZOOM)],
    ),
    Shape(
        "Lotus Notes, a zone with a name of its own",
        [
            "METHOD:REQUEST",
            *zone("Eastern", american=True),
            *event(
                "LN1-Lotus_Notes_Generated",
                *both(),
                "X-LOTUS-BROADCAST:FALSE",
                "X-LOTUS-NOTESVERSION:2",
                f"LOCATION:{ZOOM}",
                zone='"Eastern"',
            ),
        ],
        [(TEN_IN_NEW_YORK, ZOOM)],
    ),
    Shape(
        "Exchange, a series with a moved and a cancelled one",
        [
            "METHOD:REQUEST",
            *zone("Eastern Standard Time", american=True),
            *event(
                "series",
                *both(),
                "RRULE:FREQ=WEEKLY;UNTIL=20260402T140000Z;INTERVAL=1;BYDAY=TH;WKST=SU",
                "EXDATE;TZID=Eastern Standard Time:20260326T100000",
                f"LOCATION:{ZOOM}",
                zone="Eastern Standard Time",
            ),
            "BEGIN:VEVENT",
            "UID:series",
            "DTSTAMP:20260301T080000Z",
            "RECURRENCE-ID;TZID=Eastern Standard Time:20260319T100000",
            "DTSTART;TZID=Eastern Standard Time:20260320T100000",
            "DTEND;TZID=Eastern Standard Time:20260320T103000",
            "SUMMARY:Moved",
            *both(),
            f"LOCATION:{ZOOM}",
            "END:VEVENT",
        ],
        [
            (TEN_IN_NEW_YORK, ZOOM),
            (datetime(2026, 3, 20, 14, tzinfo=UTC), ZOOM),
            (datetime(2026, 4, 2, 14, tzinfo=UTC), ZOOM),
        ],
    ),
    Shape(
        "a file of tasks and busy times beside one that is over",
        [
            "BEGIN:VTODO",
            "UID:t",
            "SUMMARY:Write",
            "END:VTODO",
            "BEGIN:VFREEBUSY",
            "UID:f",
            "END:VFREEBUSY",
            "BEGIN:VEVENT",
            "UID:old",
            "DTSTART:20240101T100000Z",
            "DTEND:20240101T110000Z",
            "SUMMARY:Old",
            *both(),
            "END:VEVENT",
        ],
        [],
        ["it is over", "no event", "no event"],
    ),
    Shape(
        "an answer to what we never had",
        ["METHOD:REPLY", *event("x1", f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{DANA}")],
        [],
        ["it is about no call that we know"],
    ),
    Shape(
        "a cancellation of what we never had",
        ["METHOD:CANCEL", *event("x2", *both(), "STATUS:CANCELLED")],
        [],
        ["cancelled"],
    ),
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.program)
def test_call_1_what_calendar_programs_write_is_taken_or_accounted_for(
    workspace: Workspace, shape: Shape
) -> None:
    workspace.people.edit("kathy", {"email": KATHY})
    imported = workspace.calls.import_file(shape.content())
    assert imported.problems == ()
    assert sorted(event.why for event in imported.left_out) == sorted(shape.left_out)
    taken = [(call.start, call.join_url) for call in workspace.calls.all()]
    assert taken == list(shape.taken)
    for call in workspace.calls.all():
        assert {person.email for person in call.theirs} == {DANA}
    again = workspace.calls.import_file(shape.content())
    assert (again.taken, again.updated) == ((), ())
