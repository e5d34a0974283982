"""Files that documents name: each once, whole or not at all, and never through a link."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from fleettui.errors import Unusable
from fleettui.store.files import PRIVATE, SHARED, Modes
from fleettui.store.kept_files import KeptFiles
from fleettui.time.clock import system_clock


@pytest.fixture
def kept(tmp_path: Path) -> KeptFiles:
    (tmp_path / "locks").mkdir()
    return KeptFiles(tmp_path, "kathy", PRIVATE)


def later() -> datetime:
    return system_clock() + timedelta(days=2)


def test_the_same_content_is_one_file(kept: KeptFiles) -> None:
    name = kept.keep(b"content")
    assert name == kept.keep(b"content") == sha256(b"content").hexdigest()
    assert kept.names() == [name]
    assert (kept.read(name), kept.trouble(name)) == (b"content", "")
    assert list(kept.path(name).parent.iterdir()) == [kept.path(name)]


@pytest.mark.parametrize(("modes", "folder", "file"), [(PRIVATE, 0o700, 0o600), (SHARED, 0o2770, 0o660)])
def test_the_modes_are_those_of_the_workspace_whatever_the_umask(
    tmp_path: Path, modes: Modes, folder: int, file: int
) -> None:
    (tmp_path / "locks").mkdir()
    before = os.umask(0o777)
    try:
        kept = KeptFiles(tmp_path, "kathy", modes)
        name = kept.keep(b"content")
    finally:
        os.umask(before)
    assert kept.path(name).parent.stat().st_mode & 0o7777 == folder
    assert kept.path(name).stat().st_mode & 0o7777 == file


def test_what_is_damaged_is_named_and_mended_by_keeping_it_again(kept: KeptFiles) -> None:
    name = kept.keep(b"content")
    kept.path(name).write_bytes(b"CONTENT")
    assert kept.trouble(name) == "is damaged"
    kept.keep(b"content")
    assert kept.trouble(name) == ""
    kept.path(name).unlink()
    assert kept.trouble(name) == "is missing"


def test_no_link_is_followed_to_a_file(kept: KeptFiles, tmp_path: Path) -> None:
    name = kept.keep(b"content")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"content")
    kept.path(name).unlink()
    kept.path(name).symlink_to(elsewhere)
    assert kept.trouble(name) == "cannot be opened"
    with pytest.raises(Unusable, match="symbolic link"):
        kept.read(name)
    kept.keep(b"content")
    assert not kept.path(name).is_symlink()
    assert elsewhere.read_bytes() == b"content"


def test_no_link_is_followed_to_the_folder(kept: KeptFiles, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "files").symlink_to(elsewhere)
    with pytest.raises(Unusable, match="files: is a symbolic link where a folder is expected"):
        kept.keep(b"content")
    assert list(elsewhere.iterdir()) == []


def test_a_name_that_is_no_hash_is_never_opened(kept: KeptFiles) -> None:
    kept.keep(b"content")
    with pytest.raises(Unusable):
        kept.read("../workspace.json")


def test_a_sweep_leaves_what_is_new_and_what_somebody_names(kept: KeptFiles) -> None:
    named, unnamed = kept.keep(b"named"), kept.keep(b"unnamed")
    assert kept.sweep({unnamed}, system_clock() - timedelta(days=1)) == 0
    assert kept.sweep({unnamed}, later()) == 1
    assert kept.names() == [named]


def test_what_is_kept_again_counts_as_new(kept: KeptFiles) -> None:
    name = kept.keep(b"content")
    os.utime(kept.path(name), (0, 0))
    kept.keep(b"content")
    assert kept.sweep({name}, system_clock() - timedelta(days=1)) == 0
