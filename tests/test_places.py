"""Nothing is opened through a link, nor what belongs to somebody else."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from fleettui import places
from fleettui.ownership import NotOpened
from fleettui.places import FRESH, Place, in_workspace, named, of_mine
from fleettui.store import files

needs_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can give files away")
ZAY, GROUP, OTHER_GROUP = 61_011, 61_000, 61_001


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    (folder / "inner").mkdir(parents=True)
    folder.chmod(0o700)
    (folder / "inner").chmod(0o700)
    (folder / "inner" / "file").write_bytes(b"mine")
    return folder


@pytest.fixture
def place(home: Path) -> Place:
    return in_workspace(home) / "inner"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "file").write_bytes(b"private")
    return folder


def wait_until_it_is_looked_at_again() -> None:
    time.sleep(2 * FRESH)


def everything_tried(place: Place) -> None:
    """Each of them is refused; none may have done anything."""
    for attempt in (
        lambda: files.read_file(place / "file"),
        lambda: files.write_atomic(place / "file", b"x", 0o600),
        lambda: os.close(files.open_file(place / "new", os.O_RDWR | os.O_CREAT, 0o600)),
        lambda: (place / "file").unlink(),
        lambda: (place / "file").rename(place / "other"),
        lambda: (place / "file").link_to(place / "other"),
        lambda: (place / "folder").make_folder(0o700),
        lambda: (place / "file").facts(),
        lambda: files.make_folder(place, files.PRIVATE),
        place.names,
        place.entries,
        place.sync,
        lambda: place.glob("*"),
    ):
        with pytest.raises(NotOpened):
            attempt()


@pytest.mark.parametrize("was_open", [False, True])
def test_no_link_is_followed_on_the_way(home: Path, place: Place, elsewhere: Path, was_open: bool) -> None:
    if was_open:
        assert files.read_file(place / "file") == b"mine"
    (home / "inner").rename(home / "aside")
    (home / "inner").symlink_to(elsewhere)
    wait_until_it_is_looked_at_again()
    everything_tried(place)
    assert {path.name: path.read_bytes() for path in elsewhere.iterdir()} == {"file": b"private"}
    (home / "inner").unlink()
    (home / "aside").rename(home / "inner")
    wait_until_it_is_looked_at_again()
    assert files.read_file(place / "file") == b"mine"


def test_no_link_is_followed_at_the_end(home: Path, place: Place, elsewhere: Path) -> None:
    (home / "inner" / "file").unlink()
    (home / "inner" / "file").symlink_to(elsewhere / "file")
    for flags in (os.O_RDONLY, os.O_RDWR, os.O_WRONLY | os.O_CREAT):
        with pytest.raises(NotOpened, match="symbolic link where a file is expected"):
            files.open_file(place / "file", flags, 0o600)
    (home / "inner" / "dangling").symlink_to(elsewhere / "new")
    with pytest.raises(NotOpened):
        files.open_file(place / "dangling", os.O_WRONLY | os.O_CREAT, 0o600)
    assert [path.name for path in elsewhere.iterdir()] == ["file"]


def test_a_pipe_is_not_waited_for(home: Path, place: Place) -> None:
    os.mkfifo(home / "inner" / "pipe")
    with pytest.raises(NotOpened, match="is not a regular file"):
        files.read_file(place / "pipe")
    with pytest.raises(NotOpened, match="is not a folder"):
        (place / "pipe").names()


def test_no_name_leads_out(place: Place) -> None:
    for name in ("..", ".", "", "a/../b", "/etc/passwd", "a//b", "a\0b"):
        with pytest.raises(NotOpened, match="no name of a file"):
            place / name


def test_the_way_to_the_workspace_may_have_links(home: Path, tmp_path: Path) -> None:
    (tmp_path / "ft").symlink_to(home)
    assert files.read_file(in_workspace(tmp_path / "ft") / "inner/file") == b"mine"


def test_a_workspace_that_was_replaced_is_noticed(home: Path, place: Place) -> None:
    """Restored from a copy, or moved: nothing more may go into the old one."""
    assert files.read_file(place / "file") == b"mine"
    home.rename(home.with_name("old"))
    shutil.copytree(home.with_name("old"), home)
    wait_until_it_is_looked_at_again()
    files.write_atomic(place / "file", b"new", 0o600)
    assert (home / "inner" / "file").read_bytes() == b"new"
    assert (home.with_name("old") / "inner" / "file").read_bytes() == b"mine"


def test_a_folder_that_was_removed_and_made_anew_at_once_is_the_new_one(
    home: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "FRESH", 60)
    (place / "deeper").make_folder(0o700)
    assert (place / "deeper").names() == []
    shutil.rmtree(home / "inner")
    place.make_folder(0o700)
    (place / "deeper").make_folder(0o700)
    files.write_atomic(place / "deeper/file", b"new", 0o600)
    assert (home / "inner" / "deeper" / "file").read_bytes() == b"new"


def test_a_folder_that_everybody_may_change_is_not_opened(home: Path, place: Place) -> None:
    (home / "inner").chmod(0o777)
    wait_until_it_is_looked_at_again()
    with pytest.raises(NotOpened, match=r"everybody on this machine may change it.*chmod o-w"):
        place.names()
    (home / "inner").chmod(0o700)
    wait_until_it_is_looked_at_again()
    assert place.names() == ["file"]
    home.chmod(0o777)
    wait_until_it_is_looked_at_again()
    with pytest.raises(NotOpened, match="everybody on this machine"):
        place.names()


@needs_root
def test_what_belongs_to_another_group_is_not_opened(home: Path, place: Place) -> None:
    for path in (home, home / "inner", home / "inner" / "file"):
        os.chown(path, ZAY, GROUP)
    home.chmod(0o2770)
    wait_until_it_is_looked_at_again()
    assert files.read_file(place / "file") == b"mine"
    os.chown(home / "inner" / "file", ZAY, OTHER_GROUP)
    with pytest.raises(NotOpened, match=r"belongs to the group 61001 and not to 61000, .* chgrp 61000 "):
        files.read_file(place / "file")
    os.chown(home / "inner", ZAY, OTHER_GROUP)
    wait_until_it_is_looked_at_again()
    with pytest.raises(NotOpened, match="belongs to the group 61001"):
        place.names()


@needs_root
def test_what_belongs_to_another_account_is_not_opened(home: Path, place: Place) -> None:
    assert files.read_file(place / "file") == b"mine"
    os.chown(home / "inner" / "file", ZAY, 0)
    with pytest.raises(NotOpened, match="belongs to 61011 and not to root"):
        files.read_file(place / "file")


@needs_root
def test_what_is_mine_is_not_taken_from_somebody_else(home: Path) -> None:
    """In a shared workspace, too: a member could have made my folder before me, to read in it."""
    top = in_workspace(home)
    shared, mine = top / "inner/file", (top / "inner").of_mine("file")
    for path in (home, home / "inner", home / "inner" / "file"):
        os.chown(path, ZAY, GROUP)
    home.chmod(0o2770)
    wait_until_it_is_looked_at_again()
    assert files.read_file(shared) == b"mine"
    with pytest.raises(NotOpened, match="belongs to 61011 and not to you"):
        files.read_file(mine)
    os.chown(home / "inner" / "file", os.getuid(), GROUP)
    assert files.read_file(mine) == b"mine", "though the folder that it is in is everybody's"
    with pytest.raises(NotOpened, match="not to you"):
        of_mine(home).names()


@needs_root
def test_a_new_file_is_the_groups_though_setgid_was_lost(home: Path, place: Place) -> None:
    for path in (home, home / "inner"):
        os.chown(path, ZAY, GROUP)
        path.chmod(0o770)
    files.write_atomic(place / "new", b"x", 0o660)
    os.close(files.open_file(place / "opened", os.O_RDWR | os.O_CREAT, 0o660))
    files.make_folder(place / "folder", files.SHARED)
    assert {path.stat().st_gid for path in (home / "inner").iterdir() if path.name != "file"} == {GROUP}


def test_folders_that_are_no_longer_used_are_closed(home: Path) -> None:
    def open_now() -> int:
        """Of this workspace: what other tests left open may be closed at any time."""
        links = (link(descriptor) for descriptor in Path("/dev/fd").iterdir())
        return sum(target.startswith(str(home.parent)) for target in links)

    def link(descriptor: Path) -> str:
        try:
            return str(descriptor.readlink())
        except OSError:  # the listing's own
            return ""

    place, before = in_workspace(home) / "inner", open_now()
    for turn in range(20):
        (home / "inner").rename(home / f"old-{turn}")
        (home / "inner").mkdir(mode=0o700)
        wait_until_it_is_looked_at_again()
        assert place.names() == []
        home.rename(home.with_name(f"old-{turn}"))
        shutil.copytree(home.with_name(f"old-{turn}"), home)
        wait_until_it_is_looked_at_again()
        assert place.names() == []
    assert open_now() <= before + 2
    del place
    assert open_now() == before


def test_a_file_that_a_person_names_is_theirs_whoever_owns_it(tmp_path: Path, elsewhere: Path) -> None:
    (tmp_path / "way").symlink_to(elsewhere)
    assert files.read_file(named(tmp_path / "way" / "file")) == b"private"
