"""The policy is read when it is first asked for, and again once a file of it was edited. A mistake in a file takes nobody's
work away: the last good version counts."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fleettui.errors import Unusable
from fleettui.policy.handbook import Handbook, seed_files
from fleettui.policy.last_good import FOLDER
from fleettui.policy.shapes import examine
from fleettui.workspace.folder import policy_folder
from fleettui.workspace.folder.policy_folder import PolicyFolder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name, content in seed_files():
        path = tmp_path / "handbook" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "handbook"


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look counts."""
    for name in ("LOOK_EVERY", "SETTLED", "PATIENCE"):
        monkeypatch.setattr(policy_folder, name, 0.0)


def move_to(folder: Path, zone: str) -> None:
    file = folder / "hours.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "zone": zone}))


def opened(home: Path) -> PolicyFolder:
    """By somebody who begins now."""
    return PolicyFolder(home / "handbook", home)


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    policy = PolicyFolder(tmp_path / "missing")
    assert not policy.refresh()
    with pytest.raises(Unusable, match="missing"):
        _ = policy.handbook


@pytest.mark.usefixtures("at_once")
def test_an_edited_file_counts_once_it_was_noticed(folder: Path) -> None:
    policy = PolicyFolder(folder)
    before = policy.handbook
    assert not policy.refresh()
    move_to(folder, "Europe/Paris")
    assert policy.zone is before.zone, "whoever works goes on with what they began with"
    assert policy.refresh()
    assert (policy.zone.key, policy.calendar.zone.key) == ("Europe/Paris", "Europe/Paris")
    assert not policy.refresh()


def test_it_looks_every_other_second_only(folder: Path) -> None:
    policy = PolicyFolder(folder)
    assert policy.zone.key == "America/Los_Angeles"
    assert not policy.refresh()
    move_to(folder, "Europe/Paris")
    assert not policy.refresh()


# A mistake while people work.


@pytest.mark.usefixtures("at_once")
def test_a_mistake_leaves_the_last_good_version_in_force_until_it_is_mended(home: Path, folder: Path) -> None:
    policy = opened(home)
    move_to(folder, "Europe/Paris")
    assert policy.zone.key == "Europe/Paris"
    assert not policy.refresh()
    good = (folder / "hours.json").read_text()
    (folder / "hours.json").write_text(good.replace('"mon": [', '"mon": 3, "tues": ['))
    assert policy.refresh()
    assert policy.zone.key == "Europe/Paris"
    assert policy.calendar.hours.open["mon"]
    (trouble,) = policy.troubles
    assert trouble.startswith("handbook/hours.json, line 1: open.mon: a list [ … ] belongs here, not 3")
    assert trouble.endswith("; the last good version counts until it is mended")
    assert not policy.refresh(), "it is said once"
    (folder / "hours.json").write_text(good.replace("Paris", "Berlin"))
    assert policy.refresh()
    assert (policy.zone.key, policy.troubles) == ("Europe/Berlin", ())


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("holidays.json", '{"country": "Atlantis"}'),
        ("details.json", '{"details": 3}'),
        ("sla.json", "{"),
        ("triage.json", "[]"),
        ("messages.json", ""),
        ("templates/w9.j2", "Hi {% if %}"),
        ("playbooks/play-01.json", '{"id": 3}'),
    ],
)
def test_a_mistake_in_any_file_stops_nobody(home: Path, folder: Path, name: str, what: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes() + b"\n")
    policy = opened(home)
    examine(policy.handbook)
    before = policy.handbook.renderer.source("w9"), policy.handbook.playbook("PLAY-1").name
    (folder / name).write_text(what)
    for session in (policy, opened(home)):
        examine(session.handbook)
        session.refresh()
        assert [trouble.partition(":")[0].partition(",")[0] for trouble in session.troubles] == [
            f"handbook/{name}"
        ]
        assert session.troubles[0].endswith("; the last good version counts until it is mended")
        assert session.calendar.zone and session.handbook.details.details and session.handbook.sla.commitments
        assert (session.handbook.renderer.source("w9"), session.handbook.playbook("PLAY-1").name) == before
        assert session.handbook.broken_playbooks == []


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("name", ["hours.json", "templates/w9.j2", "playbooks/play-01.json"])
def test_a_folder_in_place_of_a_file_stops_nobody(home: Path, folder: Path, name: str) -> None:
    policy = opened(home)
    examine(policy.handbook)
    (folder / name).unlink()
    (folder / name).mkdir()
    for session in (policy, opened(home)):
        examine(session.handbook)
        session.refresh()
        assert session.troubles[0].startswith(
            f"handbook/{name}: is a folder; put the file itself there; the last"
        )


def test_whoever_begins_while_a_file_is_broken_has_the_last_good_version_too(
    home: Path, folder: Path
) -> None:
    move_to(folder, "Europe/Paris")
    assert opened(home).zone.key == "Europe/Paris"
    (folder / "hours.json").write_text("{")
    later = opened(home)
    assert later.zone.key == "Europe/Paris"
    assert "the last good version counts" in later.troubles[0]


def test_where_there_is_no_last_good_version_the_shipped_file_counts(home: Path, folder: Path) -> None:
    move_to(folder, "Mars/Olympus")
    policy = opened(home)
    assert policy.zone.key == "America/Los_Angeles"
    assert "the version that fleettui came with counts until it is mended" in policy.troubles[0]


def test_a_new_playbook_with_a_mistake_is_left_out(home: Path, folder: Path) -> None:
    (folder / "playbooks" / "ours.json").write_text('{"id": "ours"}')
    policy = opened(home)
    examine(policy.handbook)
    assert policy.troubles[0].endswith("; it is left out until it is mended")
    assert policy.handbook.playbooks


def test_a_copy_that_is_damaged_itself_does_not_count(home: Path, folder: Path) -> None:
    assert opened(home).zone.key == "America/Los_Angeles"
    (home / FOLDER / "hours.json").write_text("{")
    (folder / "hours.json").write_text("{")
    policy = opened(home)
    assert policy.zone.key == "America/Los_Angeles"
    assert "came with" in policy.troubles[0]


@pytest.mark.usefixtures("at_once")
def test_a_session_that_can_write_no_copies_remembers_what_was_good(home: Path, folder: Path) -> None:
    (home / FOLDER).write_text("in the way")
    move_to(folder, "Europe/Paris")
    policy = opened(home)
    assert policy.zone.key == "Europe/Paris"
    (folder / "hours.json").write_text("{")
    assert policy.refresh()
    assert policy.zone.key == "Europe/Paris"


@pytest.mark.usefixtures("at_once")
def test_the_folder_is_moved_away_while_people_work(home: Path, folder: Path) -> None:
    policy = opened(home)
    assert policy.zone.key == "America/Los_Angeles"
    folder.rename(home / "elsewhere")
    assert policy.refresh()
    assert policy.zone.key == "America/Los_Angeles"
    assert "is not there" in policy.troubles[0]
    (home / "elsewhere").rename(folder)
    assert policy.refresh()
    assert policy.troubles == ()


# A file that is being written.


class Seconds:
    """The clock by which it looks."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(policy_folder, "monotonic", lambda: self.now)

    def pass_(self, seconds: float) -> None:
        self.now += seconds


def test_a_half_written_file_changes_nothing(
    home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor empties the file, writes the first half, then the rest."""
    clock, policy = Seconds(monkeypatch), opened(home)
    before = policy.handbook
    assert before.zone.key == "America/Los_Angeles"
    policy.refresh()
    whole = (folder / "hours.json").read_text().replace("America/Los_Angeles", "Europe/Paris")
    for written in (0, len(whole) // 2, len(whole) - 3):
        (folder / "hours.json").write_text(whole[:written])
        os.utime(folder / "hours.json", ns=(written, written))
        for _ in range(4):
            clock.pass_(0.5)
            assert not policy.refresh()
        assert policy.handbook is before and policy.troubles == ()
    (folder / "hours.json").write_text(whole)
    looks = 0
    while not policy.refresh():
        clock.pass_(0.5)
        looks += 1
    assert (policy.zone.key, policy.troubles) == ("Europe/Paris", ())
    assert looks < 8


def test_what_stays_broken_is_said_after_a_few_seconds(
    home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, policy = Seconds(monkeypatch), opened(home)
    assert policy.zone and not policy.refresh()
    (folder / "hours.json").write_text("{")
    seconds = 0.0
    while not policy.refresh():
        clock.pass_(0.4)
        seconds += 0.4
    assert policy.troubles and 3 <= seconds <= 6


# What it costs.


def test_a_beginning_looks_only_into_what_was_edited(
    home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine(opened(home).handbook)
    (folder / "sla.json").write_text((folder / "sla.json").read_text() + "\n")
    read: list[str] = []
    original = Handbook.in_force

    def noted(handbook: Handbook, name: str, check: Callable[[bytes], Any]) -> Any:
        read.append(name)
        return original(handbook, name, check)

    monkeypatch.setattr(Handbook, "in_force", noted)
    opened(home).examine()
    assert read == ["sla.json"]
    opened(home).examine()
    assert read == ["sla.json"]
