"""The page of the manual: of all commands, as generated, and without a complaint of those that show it."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from fleettui import __version__
from fleettui.cli.commands import COMMANDS
from fleettui.cli.description import every_command
from fleettui.cli.manual import manual, roff

TOP = Path(__file__).parents[2]
PAGE = TOP / "docs" / "fleettui.1"


def test_the_page_is_as_it_is_written_from_the_parsers() -> None:
    assert PAGE.read_text(encoding="utf-8") == manual(COMMANDS), "make docs writes it anew"


def test_every_command_and_option_is_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for command in every_command(COMMANDS):
        assert command.groups or f".B fleettui {roff(command.words)}\n" in page
        for argument in command.own:
            for option in argument.options:
                assert f"\\fB{roff(option)}\\fR" in page


def test_nothing_of_a_text_is_a_macro() -> None:
    assert roff(".TH x") == "\\&.TH x"
    assert roff("a\\fBb 'c' \"d\" -e") == "a\\efBb \\(aqc\\(aq \\(dqd\\(dq \\-e"


@pytest.mark.parametrize(
    "words",
    [
        ["mandoc", "-Tlint", "-Wwarning"],
        ["groff", "-man", "-ww", "-z", "-Kutf8", "-Tutf8"],
        ["man", "--warnings", "-l", "-Tutf8", "-P", "cat"],
    ],
    ids=lambda words: words[0],
)
def test_those_that_show_it_have_no_complaint(words: list[str]) -> None:
    if shutil.which(words[0]) is None or (words[0] == "man" and shutil.which("groff") is None):
        pytest.skip(f"there is no {words[0]} here")
    done = subprocess.run([*words, str(PAGE)], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0
    if words[0] == "mandoc":
        assert done.stdout == ""


def test_the_version_is_the_one_that_is_installed() -> None:
    """It stands in two files: `fleettui --version` must not name another one than pipx and uv."""
    with (TOP / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["version"] == __version__
