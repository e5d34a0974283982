"""The policy is read when it is first asked for, and again once a file of it was edited."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fleettui.errors import Unusable
from fleettui.policy.handbook import seed_files
from fleettui.workspace import policy_folder
from fleettui.workspace.policy_folder import PolicyFolder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in seed_files():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def move_to(folder: Path, zone: str) -> None:
    file = folder / "hours.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "zone": zone}))


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    policy = PolicyFolder(tmp_path / "missing")
    assert not policy.refresh()
    with pytest.raises(Unusable, match="missing"):
        _ = policy.handbook


def test_an_edited_file_counts_once_it_was_noticed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy_folder, "LOOK_EVERY", 0.0)
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
