"""A word that is no command: the error names what was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleettui.cli.commands import COMMANDS
from fleettui.cli.other_words import OTHER_WORDS, TICKET_WORDS
from tests.support.command_line import InProcess


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["tickets", "answer", "T-1", "--body", "x"], "`fleettui tickets reply`"),
        (["tickets", "resolv"], "`fleettui tickets resolve`"),
        (["ticket"], "`fleettui tickets`"),
        (["team"], "`fleettui people`"),
    ],
)
def test_what_was_probably_meant_is_named(tmp_path: Path, words: list[str], meant: str) -> None:
    error = InProcess(tmp_path).fails(2, *words)
    assert f"perhaps {meant}" in error
    assert len(error.splitlines()) == 1


def test_what_is_like_nothing_is_said_without_a_guess(tmp_path: Path) -> None:
    error = InProcess(tmp_path).fails(2, "tickets", "xyzzy")
    assert "there is no command 'xyzzy'; `fleettui tickets --help` lists them" in error


def test_other_words_lead_to_commands_that_there_are(tmp_path: Path) -> None:
    assert set(OTHER_WORDS["fleettui"].values()) <= set(COMMANDS)
    assert not set(OTHER_WORDS["fleettui"]) & set(COMMANDS)
    help_ = InProcess(tmp_path).ok("tickets", "--help")
    for word, meant in TICKET_WORDS.items():
        assert f"\n    {meant} " in help_, meant
        assert f"\n    {word} " not in help_, word
