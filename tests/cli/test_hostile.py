"""What somebody types, or names a file, never reaches a terminal as a command to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.homes import make_home

HOSTILE = "\x1b]0;pwned\x07\x1b[31m"


@pytest.fixture
def cli(tmp_path: Path) -> InProcess:
    return InProcess(make_home(tmp_path / "home", MONDAY_MORNING, demo=True))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (1, ("history", HOSTILE)),
        (2, ("sla", "table", HOSTILE)),
        (1, ("tickets", "attach", "T-1007", f"/nowhere/{HOSTILE}")),
        (2, ("calls", "import", f"/nowhere/{HOSTILE}")),
    ],
)
def test_an_error_obeys_nobody(cli: InProcess, code: int, words: tuple[str, ...]) -> None:
    assert "\x1b" not in cli.fails(code, *words)


@pytest.mark.parametrize("why", [f"{HOSTILE}because", "because\udcff"], ids=["sequences", "no UTF-8"])
def test_a_reason_is_cleaned_before_the_history_keeps_it(cli: InProcess, why: str) -> None:
    cli.ok("rituals", "skip", "RIT-1", "--why", why)
    cli.ok("tickets", "set", "T-1007", "key_date=2026-04-01", "--why", why)
    for id_ in ("RIT-1", "T-1007"):
        words = cli.ok("history", id_) if id_ == "T-1007" else cli.ok("history")
        assert "because" in words and not {"\x1b", "\udcff"} & set(words)
