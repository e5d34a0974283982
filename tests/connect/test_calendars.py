"""Calendars are read into the calls: published files and CalDAV, from real servers, with their faults."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from fleettui.connect.calendars import CalendarIn
from fleettui.connect.check import check_all
from fleettui.connect.connections import surroundings
from fleettui.connect.https import NoReply
from fleettui.connect.secrets import Secrets
from fleettui.connect.senders import Down
from fleettui.domain.calls.model import Call
from fleettui.domain.delivery.outside import CalendarSource
from fleettui.errors import FleettuiError
from fleettui.workspace.collections import CALLS
from fleettui.workspace.workspace import Workspace
from tests.support.calendars import calendar, event, people
from tests.support.certificates import Certificates
from tests.support.clocks import MONDAY_MORNING
from tests.support.connect_service import SOON, ServiceThread, until
from tests.support.connections import connect
from tests.support.homes import make_home
from tests.support.https_server import Answer, Asked, HttpsServer

pytestmark = pytest.mark.slow
T = TypeVar("T")
REVIEW, KICK_OFF = "review@northwind.example", "kick-off@northwind.example"
SECRETS = {"FLEETTUI_CALENDAR_KATHY": "", "FLEETTUI_DAV_PASSWORD": "s3cret-word"}


class Here:
    """A writing thread that is this one."""

    def do(self, work: Callable[[], T]) -> T:
        return work()


class Clock:
    def __init__(self) -> None:
        self.now = MONDAY_MORNING

    def __call__(self) -> datetime:
        return self.now


class Reader:
    """A calendar of Kathy's, read when a test says so."""

    def __init__(self, home: Path, source: CalendarSource, name: str = "calendar kathy") -> None:
        self.clock, self.lines = Clock(), list[str]()
        self.workspace = Workspace.open(home, clock=self.clock, login="zay")
        around = surroundings(self.workspace, Secrets(SECRETS), self.lines.append)
        (home / "service").mkdir(exist_ok=True)
        here: Any = Here()
        self.taker = CalendarIn(name, source, replace(around, desk=here))

    def read(self, minutes: int = 15) -> list[Call]:
        self.clock.now += timedelta(minutes=minutes)
        self.workspace.refresh()
        self.taker.read_once()
        return self.calls()

    def calls(self) -> list[Call]:
        return sorted(self.workspace.store.all(CALLS), key=lambda call: call.uid)

    def fails(self) -> str:
        with pytest.raises((Down, NoReply, FleettuiError)) as caught:
            self.read()
        return str(caught.value)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = make_home(tmp_path / "home", MONDAY_MORNING - timedelta(days=1))
    workspace = Workspace.open(home, login="kathy")
    workspace.customers.add("Northwind", tier="Ultimate")
    workspace.close()
    policy = json.loads((home / "handbook/calls.json").read_text())
    policy["links"] = {**policy.get("links", {}), "private": ["localhost"]}
    (home / "handbook/calls.json").write_text(json.dumps(policy))
    return home


@pytest.fixture
def reader(home: Path, server: HttpsServer, trusted: Certificates) -> Iterator[Reader]:
    source = CalendarSource(login="kathy", url=f"{server.url}/secret-path/kathy.ics", ca=str(trusted.ca))
    made = Reader(home, source)
    yield made
    made.workspace.close()


def published(*events: list[str]) -> bytes:
    return calendar(*events, method="PUBLISH")


def review(**fields: str) -> list[str]:
    return event(REVIEW, *people(), **fields)


def kick_off(**fields: str) -> list[str]:
    return event(KICK_OFF, *people(), SUMMARY="Kick-off", **fields)


LUNCH = event("lunch@fleet.example", SUMMARY="Lunch")


def serving(server: HttpsServer, *events: list[str], **headers: str) -> None:
    server.answer = lambda asked: Answer(200, published(*events), headers)


def test_only_customer_calls_of_a_calendar_are_taken_and_twice_changes_nothing(
    reader: Reader, server: HttpsServer
) -> None:
    serving(server, review(), LUNCH)
    (call,) = reader.read()
    assert (call.uid, call.host, call.title) == (REVIEW, "kathy", "Review with Northwind")
    before = reader.workspace.store.history(CALLS, call.id)
    assert [entry.session for entry in before] == ["connect"]
    reader.read()
    reader.read(minutes=60 * 7)  # long enough to be imported again
    assert reader.workspace.store.history(CALLS, call.id) == before


def test_a_moved_event_moves_its_call(reader: Reader, server: HttpsServer) -> None:
    serving(server, review())
    reader.read()
    serving(server, review(DTSTART="20260312T180000Z", DTEND="20260312T183000Z", SEQUENCE="1"))
    (call,) = reader.read()
    assert call.start == datetime(2026, 3, 12, 18, tzinfo=UTC)


def test_nothing_new_is_asked_for_at_no_cost(reader: Reader, server: HttpsServer) -> None:
    stamp = "Mon, 09 Mar 2026 10:00:00 GMT"

    def answer(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == '"1"' and asked.headers.get("if-modified-since") == stamp:
            return Answer(304)
        return Answer(200, published(review()), {"ETag": '"1"', "Last-Modified": stamp})

    server.answer = answer
    reader.read()
    assert len(reader.read()) == 1
    assert len(server.asked) == 2


def test_a_calendar_that_only_has_new_stamps_is_not_imported_again(
    reader: Reader, server: HttpsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving(server, review(DTSTAMP="20260309T120000Z"))
    reader.read()
    serving(server, review(DTSTAMP="20260309T121500Z"))
    monkeypatch.setattr("fleettui.workspace.calls.actions.Calls.import_file", None)
    reader.read()


def test_what_is_gone_in_two_readings_is_cancelled_and_comes_back(
    reader: Reader, server: HttpsServer
) -> None:
    serving(server, review(), kick_off(), ETag='"1"')
    assert [call.ended for call in reader.read()] == ["", ""]
    serving(server, review(), ETag='"2"')
    assert [call.ended for call in reader.read()] == ["", ""]
    server.asked.clear()
    gone, kept = reader.read()
    assert "if-none-match" not in server.asked[0].headers  # asked for the whole of it
    assert (gone.ended, gone.ended_why, kept.ended) == ("cancelled", "no longer in the calendar", "")
    serving(server, review(), kick_off())
    assert [call.ended for call in reader.read()] == ["", ""]


def test_an_empty_answer_cancels_nothing_and_a_second_one_does(reader: Reader, server: HttpsServer) -> None:
    serving(server, review())
    reader.read()
    serving(server)
    assert [call.ended for call in reader.read()] == [""]
    serving(server, review())
    assert [call.ended for call in reader.read()] == [""]
    serving(server)
    reader.read()
    assert [call.ended for call in reader.read()] == ["cancelled"]


def test_what_another_calendar_still_has_takes_place(
    reader: Reader, home: Path, server: HttpsServer, trusted: Certificates
) -> None:
    serving(server, review())
    reader.read()
    zay = Reader(
        home, CalendarSource(login="zay", url=f"{server.url}/zay.ics", ca=str(trusted.ca)), "calendar zay"
    )
    zay.read()
    server.answer = lambda asked: Answer(200, published() if "kathy" in asked.path else published(review()))
    for _ in range(3):
        (call,) = reader.read()
        assert call.ended == ""
    zay.workspace.close()


def test_a_call_that_is_over_stays_as_it_was(reader: Reader, server: HttpsServer) -> None:
    serving(server, review())
    reader.read()
    serving(server)
    reader.read(minutes=60 * 24 * 7)
    (call,) = reader.read()
    assert call.ended == ""


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(404), "published anew"),
        (Answer(401), "not accepted"),
        (Answer(429, b"", {"Retry-After": "900"}), "too often"),
        (Answer(503), "503"),
        (Answer(200, b"<html>sign in</html>"), "not a whole calendar"),
        (Answer(200, published(event(REVIEW, *people()))[:-30]), "not a whole calendar"),
        (Answer(200, published(event(REVIEW)), {"Content-Length": "100000", "Connection": "close"}), "ended"),
        (Answer(302, b"", {"Location": "http://localhost/x"}), "no https"),
        (Answer(302, b"", {"Location": "https://10.0.0.1/x"}), "private network"),
        (Answer(200, b"BEGIN:VCALENDAR\r\n" + b"x" * 10_100_000), "more than 10 MB"),
    ],
)
def test_a_faulty_answer_changes_nothing(
    reader: Reader, server: HttpsServer, answer: Answer, why: str
) -> None:
    serving(server, review())
    reader.read()
    server.answer = lambda asked: answer
    assert why in reader.fails()
    assert reader.fails()
    assert [call.ended for call in reader.calls()] == [""]


def test_a_name_that_leads_into_a_private_network_is_not_asked(
    home: Path, server: HttpsServer, trusted: Certificates
) -> None:
    policy = json.loads((home / "handbook/calls.json").read_text())
    (home / "handbook/calls.json").write_text(json.dumps({**policy, "links": {"private": []}}))
    reader = Reader(home, CalendarSource(login="kathy", url=f"{server.url}/k.ics", ca=str(trusted.ca)))
    assert "private network" in reader.fails()
    assert server.asked == []
    reader.workspace.close()


def test_another_authority_is_refused(home: Path, server: HttpsServer, trusted: Certificates) -> None:
    reader = Reader(home, CalendarSource(login="kathy", url=f"{server.url}/k.ics", ca=str(trusted.other)))
    assert "certificate" in reader.fails()
    reader.workspace.close()


def test_somebody_who_is_not_on_the_team_has_no_calendar_here(
    home: Path, server: HttpsServer, trusted: Certificates
) -> None:
    reader = Reader(home, CalendarSource(login="nobody", url=f"{server.url}/k.ics", ca=str(trusted.ca)))
    assert "nobody active" in reader.fails()
    assert server.asked == []
    reader.workspace.close()


def test_the_service_reads_a_calendar_whose_address_is_a_secret_and_writes_it_nowhere(
    home: Path, server: HttpsServer, trusted: Certificates
) -> None:
    soon = datetime.now(UTC) + timedelta(days=3)
    times = {"DTSTART": f"{soon:%Y%m%dT%H%M%SZ}", "DTEND": f"{soon + timedelta(minutes=30):%Y%m%dT%H%M%SZ}"}
    serving(server, review(**times))
    row = {"login": "kathy", "url_secret": "calendar-kathy", "ca": str(trusted.ca)}
    connect(home, mail={}, slack={}, calendars=[row])
    secrets = {"FLEETTUI_CALENDAR_KATHY": f"{server.url}/very-secret/kathy.ics"}
    service = ServiceThread(home, login="zay", secrets=secrets)
    try:
        until(lambda: [row.state for row in service.workspace.connections.all()] == ["ok", "ok"], "the state")
    finally:
        service.stop()
    workspace = Workspace.open(home, login="kathy")
    (call,) = workspace.store.all(CALLS)
    workspace.close()
    assert call.host == "kathy"
    assert "very-secret" not in "\n".join(service.lines)
    assert not any(
        "very-secret" in path.read_text(errors="replace") for path in home.rglob("*") if path.is_file()
    )
    asked = len(server.asked)
    service = ServiceThread(home, login="zay", secrets=secrets)
    until(lambda: [row.state for row in service.workspace.connections.all()] == ["ok", "ok"], "the state")
    assert service.stop() < SOON
    assert len(server.asked) == asked  # read a moment ago


def test_a_check_says_what_is_wrong_and_takes_nothing_in(
    home: Path, server: HttpsServer, trusted: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"login": "kathy", "url_secret": "calendar-kathy", "ca": str(trusted.ca)}
    connect(home, mail={}, slack={}, calendars=[row, {**row, "login": "zay"}])
    workspace = Workspace.open(home, login="zay")

    def checked() -> dict[str, str]:
        return {row.name: row.why for row in check_all(workspace)}

    assert "no secret 'calendar-kathy'" in checked()["calendar kathy"]
    monkeypatch.setenv("FLEETTUI_CALENDAR_KATHY", f"{server.url}/very-secret/k.ics")
    assert set(checked()) == {"calendar kathy", "calendar zay"}
    assert "published anew" in checked()["calendar kathy"]
    serving(server, review())
    assert set(checked().values()) == {""}
    assert workspace.store.all(CALLS) == []
    server.close()
    assert "very-secret" not in checked()["calendar kathy"]
    workspace.close()


# CalDAV


@pytest.fixture
def radicale(tmp_path: Path, trusted: Certificates) -> Iterator[str]:
    """A real CalDAV server, with a calendar of Kathy's; its address."""
    folder = tmp_path / "dav"
    work = folder / "storage/collection-root/kathy/work"
    work.mkdir(parents=True)
    (work / ".Radicale.props").write_text('{"tag": "VCALENDAR", "D:displayname": "Work"}')
    (work / "review.ics").write_bytes(calendar(review(), method=""))
    (work / "lunch.ics").write_bytes(calendar(LUNCH, method=""))
    (folder / "users").write_text("kathy:s3cret-word\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        f"--server-hosts=127.0.0.1:{port}", "--server-ssl=True", f"--server-certificate={trusted.pair}",
        f"--server-key={trusted.pair}", "--auth-type=htpasswd", f"--auth-htpasswd-filename={folder / 'users'}",
        "--auth-htpasswd-encryption=plain", f"--storage-filesystem-folder={folder / 'storage'}",
    ]  # fmt: skip
    log = (tmp_path / "radicale.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "radicale", "--config", "", *options],
        stdout=log,
        stderr=log,
        env={**os.environ, "HOME": str(tmp_path)},
    )

    def listens() -> bool:
        assert process.poll() is None, (tmp_path / "radicale.log").read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    until(listens, "Radicale")
    yield f"https://localhost:{port}/kathy/work/"
    process.terminate()
    process.wait(60)
    log.close()


def test_a_caldav_calendar_is_read_and_what_is_gone_is_cancelled(
    home: Path, radicale: str, trusted: Certificates, tmp_path: Path
) -> None:
    source = CalendarSource(
        login="kathy", url=radicale, kind="caldav", user="kathy", password_secret="dav-password", ca=str(trusted.ca)  # noqa: S106
    )  # fmt: skip
    reader = Reader(home, source)
    (call,) = reader.read()
    assert (call.uid, call.host) == (REVIEW, "kathy")
    revision = call.rev
    (call,) = reader.read()
    assert call.rev == revision
    work = tmp_path / "dav/storage/collection-root/kathy/work"
    (work / "kick-off.ics").write_bytes(calendar(kick_off(), method=""))
    (work / "review.ics").unlink()
    assert [call.ended for call in reader.read()] == ["", ""]
    assert [call.ended for call in reader.read()] == ["", "cancelled"]
    reader.workspace.close()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"user": "zay"}, "user or the password"),
        ({"url": "away"}, "calendar"),
        ({"ca": "other"}, "certificate"),
        ({"password_secret": "missing"}, "no secret 'missing'"),
    ],
)
def test_a_caldav_server_that_gives_nothing_says_why(
    home: Path, radicale: str, trusted: Certificates, change: dict[str, str], why: str
) -> None:
    given = {
        "url": radicale,
        "user": "kathy",
        "password_secret": "dav-password",
        "ca": str(trusted.ca),
        **change,
    }
    given["url"] = radicale.replace("work", "none") if given["url"] == "away" else given["url"]
    given["ca"] = str(trusted.other) if given["ca"] == "other" else given["ca"]
    reader = Reader(home, CalendarSource(login="kathy", kind="caldav", **given))
    assert why in reader.fails()
    reader.workspace.close()
