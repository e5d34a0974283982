"""Lines of a journal that a member wrote by hand, with a right checksum: what makes no sense is named, and ends nothing else."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from fleettui.store import sums
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.homes import make_home

DEEP = 100_000
FAR = "9999-12-31T23:59:59Z"


@pytest.fixture
def team(tmp_path: Path) -> InProcess:
    cli = InProcess(make_home(tmp_path / "home", MONDAY_MORNING, demo=True))
    cli.ok("tickets", "new", "--customer", "Northwind Robotics", "--subject", "The newest")
    return cli


def entry(**fields: object) -> dict[str, object]:
    plain = {"rev": 1, "at": "2026-02-02T09:00:00Z", "by": "mallory", "verb": "tickets.new", "kind": "made"}
    return {**plain, **fields}


def document(**fields: object) -> dict[str, object]:
    plain = {
        "subject": "Theirs", "customer": "Northwind Robotics", "tier": "Free", "priority": "P3", "status": "open",
        "level": "standard", "opened_at": "2026-02-02T09:00:00Z",
    }  # fmt: skip
    return {**plain, **fields}


def write(home: Path, record: dict[str, Any] | str) -> Path:
    """As the store itself would."""
    journal = max((home / "journal").glob("tickets-*.jsonl"))
    number = len(journal.read_bytes().splitlines())
    text = record if isinstance(record, str) else json.dumps(record)
    generation = int(journal.stem.rpartition("-")[2])
    seed = zlib.crc32(f"tickets-{generation}".encode())
    line = sums.sealed(f'{{"records":[{text}],"line":{number}}}'.encode(), seed)
    with journal.open("ab") as file:
        file.write(line + b"\n")
    return journal


NESTED = (
    f'{{"key":2000,"id":"T-2000","entry":{json.dumps(entry())},"document":{{"x":{"[" * DEEP}{"]" * DEEP}}}}}'
)
WITHOUT_ZONE = {"key": 2000, "id": "T-2000", "entry": entry(at="2026-02-02T09:00:00"), "document": document()}


@pytest.mark.parametrize(
    "record", [NESTED, WITHOUT_ZONE], ids=["nested without end", "a time without a zone"]
)
def test_a_line_that_is_no_change_is_named_with_its_file(team: InProcess, record: Any) -> None:
    """With another one behind it; the last line alone would be a torn write, which is passed over."""
    write(team.home, record)
    journal = write(team.home, {"key": 2001, "id": "T-2001", "entry": entry(), "document": document()})
    for command in ("today", "tickets list", "history", "tickets note T-1001 --body x"):
        line = team.fails(3, *command.split())
        assert f"{journal}, line " in line
        assert "T-2000" in line
    assert str(journal) in team.run("doctor").stdout


def test_a_number_of_thousands_of_digits_stops_no_list(team: InProcess) -> None:
    write(team.home, {"key": 2000, "id": f"T-{'9' * 5000}", "entry": entry(), "document": document()})
    assert "The newest" in team.ok("tickets", "list", "--all")
    team.ok("today")
    team.ok("tickets", "note", "T-1001", "--body", "goes on")


@pytest.mark.parametrize(
    ("made", "content"),
    [(entry(at="0001-01-01T00:00:00Z"), document()), (entry(), document(opened_at=FAR))],
    ids=["changed too early", "opened too late"],
)
def test_a_ticket_of_a_time_that_cannot_be_reckoned_with_is_named(
    team: InProcess, made: dict[str, object], content: dict[str, object]
) -> None:
    write(team.home, {"key": 2000, "id": "T-2000", "entry": made, "document": content})
    line = team.fails(3, "tickets", "show", "T-2000")
    assert "T-2000 is damaged: a time in it is too far away" in line


def test_a_presence_that_is_nested_without_end_is_nobody(team: InProcess) -> None:
    import fcntl

    from fleettui.store.files import SHARED
    from fleettui.store.personal.presence import Presence

    folder = team.home / "presence"
    folder.mkdir(exist_ok=True)
    with (folder / "1.json").open("w") as file:
        file.write("[" * 4096)
        file.flush()
        fcntl.flock(file, fcntl.LOCK_EX)
        assert Presence(team.home, SHARED).others() == []
