"""What a person reads when something fails, and the log file."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fleettui.errors import Refused
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.shell import troubles
from tests.support.homes import make_home

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
def test_the_log_has_lines_of_the_program_and_nothing_that_a_customer_wrote() -> None:
    subject, known = "".join(("Ini", "tech")), dict[str, int]()
    try:
        try:
            known[subject] += 1
        except KeyError as error:
            raise ValueError(subject) from error
    except ValueError as failure:
        failure.add_note(subject)
        group = ExceptionGroup(subject, [failure, OSError(28, "No space left on device", subject)])
        assert subject in troubles.line_about(failure, "take", NOW)
        assert troubles.write_down(group, "take", NOW)
    log = troubles.log_file().read_text()
    assert subject not in log
    assert "test_troubles.py" in log
    for kind in ("builtins.KeyError", "builtins.ValueError", "builtins.OSError: No space left on device"):
        assert kind in log


@pytest.mark.fails_on_purpose
def test_the_log_is_for_its_person_alone_also_one_that_was_not() -> None:
    log, old = troubles.log_file(), troubles.log_file().with_name("errors.old.log")
    before = os.umask(0)
    try:
        log.parent.mkdir(parents=True, mode=0o755)
        for file in (log, old):
            file.write_text("of an earlier version\n")
        assert troubles.write_down(failed("x"), "take", NOW)
        assert [stat.S_IMODE(file.stat().st_mode) for file in (log, old)] == [0o600, 0o600]
        log.unlink()
        assert troubles.write_down(failed("x"), "take", NOW)
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
    finally:
        os.umask(before)


@pytest.mark.fails_on_purpose
def test_the_log_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("mine")
    troubles.log_file().parent.mkdir(parents=True)
    troubles.log_file().symlink_to(tmp_path / "elsewhere")
    assert "written down" not in troubles.line_about(failed("x"), "take", NOW)
    assert (tmp_path / "elsewhere").read_text() == "mine"


@pytest.mark.fails_on_purpose
def test_a_log_that_has_grown_makes_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(troubles, "LOG_LIMIT", 10)
    assert troubles.write_down(failed("x"), "the first", NOW)
    assert troubles.write_down(failed("x"), "the second", NOW)
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
async def test_an_app_that_ends_on_an_exception_writes_down_where_but_no_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Textual itself would print the values of all variables."""
    subject = "".join(("Ini", "tech"))

    def fail(*_: object) -> None:
        raise ValueError(subject)

    monkeypatch.setattr(FleettuiApp, "do_how_to_leave", fail)
    app = FleettuiApp(Workspace.open(make_home(tmp_path / "home", NOW)))
    with pytest.raises(ValueError, match="Initech"):
        async with app.run_test(size=(80, 24)) as pilot:
            app.call_later(app.do_how_to_leave)
            await pilot.pause()
    app.last_words.write("what Textual prints")
    assert app.last_words.keep(NOW)
    log = troubles.log_file().read_text()
    assert "the app ended" in log and "builtins.ValueError" in log and "in fail" in log
    assert subject not in log


def test_an_app_that_ends_well_writes_nothing_down() -> None:
    assert not troubles.LastWords().keep(NOW)
    assert not troubles.log_file().exists()
