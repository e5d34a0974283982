"""A file that a person names is opened without waiting, is a regular file, and is read up to a limit."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from fleettui import named_files
from fleettui.named_files import NotRead
from tests.support.command_line import InProcess

ENDLESS = Path("/dev/zero")


def test_a_file_is_read_up_to_the_limit_and_refused_beyond_it(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x" * 1000)
    link = tmp_path / "link"
    link.symlink_to(file)
    assert named_files.read(file, 1000) == named_files.read(link, 1000) == b"x" * 1000
    with pytest.raises(NotRead, match="larger than 0 KB"):
        named_files.read(file, 999)


def test_whatever_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    """A pipe is not waited for, whether somebody holds its other end or not; a device without an end is not read."""
    pipe, other = tmp_path / "pipe", tmp_path / "socket"
    os.mkfifo(pipe)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(other))
    reasons = {}
    for path in (pipe, ENDLESS, tmp_path, other, tmp_path / "none", tmp_path / "null\0"):
        with pytest.raises(NotRead) as refused:
            named_files.read(path, 10, field="FILE")
        assert refused.value.field == "FILE"
        reasons[path.name] = refused.value.why
    listening.close()
    assert reasons["pipe"] == reasons["zero"] == "is a pipe or a device, not a file"
    assert reasons[tmp_path.name] == "is a folder, not a file"
    assert reasons["socket"] == "is no file"
    assert reasons["none"] == "cannot be read: No such file or directory"


COMMANDS = [
    (2, ("calls", "import")),
    (3, ("rituals", "import")),
    (2, ("businesstime", "between", "--start", "2026-03-09", "--end", "2026-03-10", "--calendar")),
    (1, ("tickets", "attach", "T-1")),
    (1, ("restore",)),
    (3, ("handbook", "check", "--as", "hours.json")),
]


@pytest.mark.parametrize(("code", "words"), COMMANDS, ids=str)
def test_no_command_waits_for_a_pipe_or_reads_a_device(
    cli: InProcess, tmp_path: Path, code: int, words: tuple[str, ...]
) -> None:
    ticket = cli.json("tickets", "new", "--customer", "Somebody", "--subject", "A question")["id"]
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, ENDLESS, tmp_path):
        line = cli.fails(code, *(ticket if word == "T-1" else word for word in words), str(path))
        assert path.name in line


def test_what_is_too_large_is_refused_by_its_size(cli: InProcess, tmp_path: Path) -> None:
    large = tmp_path / "large.rituals.yml"
    with large.open("wb") as file:
        file.truncate(30 * named_files.MEGABYTE)
    assert "larger than 20 MB" in cli.fails(2, "calls", "import", str(large))
    assert "larger than 5 MB" in cli.fails(3, "rituals", "import", str(large))


def test_standard_input_that_does_not_end_is_refused(cli: InProcess) -> None:
    ticket = cli.json("tickets", "new", "--customer", "Somebody", "--subject", "A question")["id"]
    line = cli.fails(
        1, "tickets", "reply", ticket, "--body", "-", stdin="y" * (named_files.MOST_OF_INPUT + 1)
    )
    assert "standard input is longer than 20 MB" in line
