"""Calendar files for tests, as calendars write them."""

from __future__ import annotations

HEAD = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//")


def event(uid: str = "review@northwind.example", *lines: str, **fields: str) -> list[str]:
    """An event on Thursday 12 March 2026, 10:00 to 10:30 in Los Angeles, unless the fields say otherwise."""
    values = {
        "DTSTAMP": "20260301T120000Z",
        "DTSTART": "20260312T170000Z",
        "DTEND": "20260312T173000Z",
        "SUMMARY": "Review with Northwind",
        "LOCATION": "https://zoom.us/j/4711",
    } | {name.replace("_", "-"): value for name, value in fields.items()}
    written = [f"{name}:{value}" for name, value in values.items() if value]
    return ["BEGIN:VEVENT", f"UID:{uid}", *written, *lines, "END:VEVENT"]


def people(dana: str = "NEEDS-ACTION") -> tuple[str, ...]:
    return (
        "ORGANIZER;CN=Kathy Satterlee:mailto:kathy@fleet.example",
        "ATTENDEE;CN=Kathy Satterlee;PARTSTAT=ACCEPTED:mailto:kathy@fleet.example",
        f"ATTENDEE;CN=Dana Whitlock;ROLE=REQ-PARTICIPANT;PARTSTAT={dana}:mailto:dana@northwind.example",
    )


def calendar(*events: list[str], method: str = "REQUEST", extra: tuple[str, ...] = ()) -> bytes:
    lines = [*HEAD, *([f"METHOD:{method}"] if method else []), *extra]
    for event_lines in events:
        lines += event_lines
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def invite(dana: str = "NEEDS-ACTION", **fields: str) -> bytes:
    return calendar(event("review@northwind.example", *people(dana), **fields))


def reply(who: str, answer: str, *, method: str = "REPLY", name: str = "", **fields: str) -> bytes:
    attendee = f"ATTENDEE{f';CN={name}' if name else ''};PARTSTAT={answer}:mailto:{who}"
    return calendar(event("review@northwind.example", attendee, **fields), method=method)


def guest(email: str, answer: str = "NEEDS-ACTION", name: str = "") -> str:
    return f"ATTENDEE{f';CN={name}' if name else ''};PARTSTAT={answer}:mailto:{email}"
