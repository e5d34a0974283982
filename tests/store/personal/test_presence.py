"""Who is here: seen while the session lives, and gone when it dies, however it dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fleettui.store.files import PRIVATE
from fleettui.store.personal.presence import Presence
from tests.support.processes import Child, start
from tests.support.things import NOW, new_home

pytestmark = pytest.mark.slow


def somebody(home: Path, login: str) -> Child:
    def stay(say: Callable[[str], None]) -> None:
        presence = Presence(home, PRIVATE)
        presence.enter(login, login.capitalize(), NOW)
        presence.show("triage", looking_at="T-1042", typing=True)
        say("here")
        time.sleep(60)

    child = start(stay)
    assert os.read(child.output, 5) == b"here\n"
    return child


def test_others_see_where_somebody_is_until_the_session_is_killed(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    me = Presence(home, PRIVATE)
    me.enter("kathy", "Kathy", NOW)
    assert me.others() == []
    me.changed()
    child = somebody(home, "zay")
    assert me.changed()
    (other,) = me.others()
    assert (other.login, other.screen, other.looking_at, other.typing) == ("zay", "triage", "T-1042", True)
    child.kill()
    child.code()
    assert me.others() == []
    assert [path.name for path in (home / "presence").iterdir()] == [f"{os.getpid()}.json"], "swept"
    me.leave()
    assert list((home / "presence").iterdir()) == []


def test_moving_about_is_noticed_and_standing_still_is_not(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    me, watcher = Presence(home, PRIVATE), Presence(home, PRIVATE)
    me.enter("kathy", "Kathy", NOW)
    assert watcher.changed() and not watcher.changed()
    time.sleep(0.02)  # a file's time is as coarse as the kernel's tick
    me.show("calls")
    assert watcher.changed() and not watcher.changed()
    me.leave()


def test_a_folder_that_cannot_be_written_only_hides_me(tmp_path: Path) -> None:
    home = tmp_path / "nowhere"
    me = Presence(home, PRIVATE)
    me.enter("kathy", "Kathy", NOW)
    me.show("today")
    assert me.others() == []
    me.leave()


@pytest.mark.parametrize("content", [b'{"login":"\xff"}', b"[]", b"", b'{"login":1}'])
def test_what_a_careless_or_hostile_session_says_of_itself_stops_nobody(
    tmp_path: Path, content: bytes
) -> None:
    home = new_home(tmp_path)
    path = home / "presence" / "99999.json"
    path.write_bytes(content)
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert Presence(home, PRIVATE).others() == []
