"""Invented calls: one that nobody has come to, some that are being prepared, some that are over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from fleettui.demo import Stage

LINK = "https://meet.fleetdemo.example/"
OURS = "wen@fleetdemo.example"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

Planned = tuple[str, str, timedelta, int, tuple[tuple[str, str, str], ...], str]
"""Key, title, when from now, minutes, who with which answer, what it is about."""

INVITES: tuple[Planned, ...] = (
    (
        "kestrel",
        "Check-in: Kestrel Analytics",
        timedelta(minutes=-5),
        30,
        (("fi@kestrel.example", "Fi Donnelly", "ACCEPTED"),),
        "",
    ),
    (
        "lumen",
        "Check-in: Lumen Bakery Group",
        2 * HOUR,
        30,
        (("claire@lumen.example", "Claire Aubin", "NEEDS-ACTION"),),
        "Agenda: https://docs.google.com/document/d/demo-lumen-agenda",
    ),
    (
        "northwind",
        "Success review: Northwind Robotics",
        DAY + HOUR,
        60,
        (
            ("dana@northwind.example", "Dana Whitlock", "ACCEPTED"),
            ("leo@northwind.example", "Leo Marsh", "TENTATIVE"),
        ),
        "",
    ),
    (
        "halden",
        "Kick-off: Halden Shipping",
        5 * DAY,
        60,
        (("ingrid@halden.example", "Ingrid Solberg", "NEEDS-ACTION"),),
        "",
    ),
    (
        "tidewater",
        "Check-in: Tidewater Hospitals",
        8 * DAY,
        30,
        (("omar@tidewater.example", "Omar Haines", "ACCEPTED"),),
        "",
    ),
)


def fill(stage: Stage) -> None:
    planned = stage.at(stage.now - 6 * DAY, "wen")
    planned.calls.import_file(_file(stage.now))
    for customer, ago in (("Oakline Schools", 2 * DAY), ("Paperlane", 3 * DAY), ("Brightfield Labs", DAY)):
        planned.calls.new(
            customer, _half_hour(stage.now - ago), fields={"join_url": LINK + "room", "host": "wen"}
        )
    _prepare(stage)
    _what_became_of_them(stage)


def _half_hour(at: datetime) -> datetime:
    return at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)


def _prepare(stage: Stage) -> None:
    workspace = stage.at(stage.now - 20 * HOUR, "wen")
    for customer in ("Dana", "Fi"):
        call = workspace.calls.find(customer)
        workspace.calls.steps.check(call.id, "notes")
        workspace.calls.steps.no_documents(call.id)
        workspace.calls.steps.check(call.id, "check-accepted")
        workspace.calls.steps.check(call.id, "link", "works (200), tried by hand")
    lumen = stage.at(stage.now - 18 * HOUR, "tobias")
    lumen.calls.steps.check(lumen.calls.find("Claire").id, "notes")


def _what_became_of_them(stage: Stage) -> None:
    held = stage.at(stage.now - 2 * DAY + HOUR, "wen")
    oakline = held.calls.find("Gus").id
    held.calls.joined(oakline)
    today = stage.now.date()
    agreed = (
        ("Send the deployment guide", "tobias", today - DAY),
        ("Show the new query reports", "wen", today + DAY),
        ("Name two people for the training", "Gus Tanaka", today + 4 * DAY),
    )
    held.calls.done(oakline, why="good talk; they want to roll out to all schools", next_steps=agreed)
    missed = stage.at(stage.now - 3 * DAY + HOUR, "wen")
    paperlane = missed.calls.find("Paperlane").id
    missed.calls.missed(paperlane)
    missed.calls.done(paperlane, why="wrote to them; no answer yet")
    stage.at(stage.now - 30 * HOUR, "priya").calls.cancel(
        stage.at(stage.now, "priya").calls.find("Brightfield").id, "they asked for next month"
    )


def _file(now: datetime) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:REQUEST"]
    for invite in INVITES:
        lines += _event(now, *invite)
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def _event(
    now: datetime,
    key: str,
    title: str,
    ahead: timedelta,
    minutes: int,
    people: Iterable[tuple[str, str, str]],
    about: str,
) -> list[str]:
    # The one that nobody has come to began a few minutes ago, whatever time it is; the others begin as calls do.
    start = now + ahead if ahead < HOUR else _half_hour(now + ahead)
    attendees = [f"ATTENDEE;CN={name};PARTSTAT={answer}:mailto:{email}" for email, name, answer in people]
    return [
        "BEGIN:VEVENT",
        f"UID:{key}@fleetdemo.example",
        f"DTSTAMP:{now - 6 * DAY:%Y%m%dT%H%M%SZ}",
        f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
        f"DTEND:{start + timedelta(minutes=minutes):%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{title}",
        f"LOCATION:{LINK}{key}",
        f"ORGANIZER;CN=Wen Zhao:mailto:{OURS}",
        f"ATTENDEE;CN=Wen Zhao;PARTSTAT=ACCEPTED:mailto:{OURS}",
        *attendees,
        *([f"DESCRIPTION:{about}"] if about else []),
        "END:VEVENT",
    ]
