"""What somebody chose lately: small, private, shared by sessions, and never in the way."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from fleettui.store.personal import chosen as chosen_module
from fleettui.store.personal.chosen import MOST, Chosen
from tests.support.clocks import MONDAY_MORNING

HOME = Path("/srv/team")


def test_another_session_takes_it_in(tmp_path: Path) -> None:
    mine, other = Chosen(tmp_path / "state", HOME), Chosen(tmp_path / "state", HOME)
    mine.choose("ticket:T-1042", MONDAY_MORNING)
    other.choose("ticket:T-1042", MONDAY_MORNING)
    other.choose("command:go.team", MONDAY_MORNING)
    mine.follow()
    assert mine.used(MONDAY_MORNING) == {"ticket:T-1042": 2.0, "command:go.team": 1.0}


def test_a_choice_of_last_week_counts_half(tmp_path: Path) -> None:
    chosen = Chosen(tmp_path / "state", HOME)
    chosen.choose("customer:K-1", MONDAY_MORNING - timedelta(days=7))
    assert chosen.used(MONDAY_MORNING) == {"customer:K-1": 0.5}


def test_each_workspace_has_its_own(tmp_path: Path) -> None:
    Chosen(tmp_path / "state", HOME).choose("customer:K-1", MONDAY_MORNING)
    other = Chosen(tmp_path / "state", Path("/srv/other"))
    other.follow()
    assert other.used(MONDAY_MORNING) == {}


def test_the_file_is_private_and_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chosen_module, "LONGEST", 2_000)
    chosen = Chosen(tmp_path / "state", HOME)
    for number in range(MOST + 50):
        chosen.choose(f"ticket:T-{number}", MONDAY_MORNING)
    file = next((tmp_path / "state").rglob("*.lines"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(file.read_text().splitlines()) <= MOST
    again = Chosen(tmp_path / "state", HOME)
    again.follow()
    assert f"ticket:T-{MOST + 49}" in again.used(MONDAY_MORNING)
    assert "ticket:T-0" not in again.used(MONDAY_MORNING)


def test_where_nothing_can_be_written_the_session_remembers(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    chosen = Chosen(tmp_path / "state", HOME)
    chosen.choose("customer:K-1", MONDAY_MORNING)
    assert chosen.used(MONDAY_MORNING) == {"customer:K-1": 1.0}


def test_a_file_of_nonsense_is_taken_as_far_as_it_goes(tmp_path: Path) -> None:
    chosen = Chosen(tmp_path / "state", HOME)
    chosen.choose("customer:K-1", MONDAY_MORNING)
    file = next((tmp_path / "state").rglob("*.lines"))
    file.write_bytes(file.read_bytes() + b"what\n\xff\xfe x\nticket:T-1 soon\n")
    again = Chosen(tmp_path / "state", HOME)
    again.follow()
    assert again.used(MONDAY_MORNING) == {"customer:K-1": 1.0}
