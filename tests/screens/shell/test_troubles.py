"""What a person reads when something fails, and the log file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from fleettui.errors import Refused
from screens.shell import troubles

NOW = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)


def failed(text: str) -> Exception:
    try:
        raise ValueError(text)
    except ValueError as error:
        return error


def test_a_refusal_is_its_own_sentence_and_is_not_logged() -> None:
    assert troubles.line_about(Refused("There is no T-1."), "take", NOW) == "There is no T-1."
    assert not troubles.log_file().exists()


@pytest.mark.fails_on_purpose
def test_anything_else_is_one_line_and_the_log_has_the_rest() -> None:
    line = troubles.line_about(failed("two\nlines"), "take", NOW)
    assert line.startswith("Something went wrong with “take” (ValueError: two")
    assert line.endswith(f"; written down in {troubles.log_file()}.")
    assert "\n" not in line
    log = troubles.log_file().read_text()
    assert log.startswith("2026-03-09T16:00:00+00:00 take\n")
    assert "Traceback" in log


@pytest.mark.fails_on_purpose
def test_a_log_that_has_grown_makes_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(troubles, "LOG_LIMIT", 10)
    assert troubles.write_down("the first, longer than the limit", "one", NOW)
    assert troubles.write_down("the second", "two", NOW)
    old = troubles.log_file().with_suffix(".old.log")
    assert "the first" in old.read_text()
    assert "the first" not in troubles.log_file().read_text()


def test_where_nothing_can_be_written_the_line_says_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert troubles.line_about(failed("full"), "take", NOW) == (
        "Something went wrong with “take” (ValueError: full)."
    )


@pytest.mark.fails_on_purpose
def test_what_textual_prints_at_the_end_is_logged() -> None:
    stream = troubles.LogStream()
    assert not stream.keep(NOW)
    stream.write("Traceback of the end\n")
    assert stream.keep(NOW)
    assert "the app ended\nTraceback of the end" in troubles.log_file().read_text()
