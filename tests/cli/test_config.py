"""`fleettui config`: every setting, what it does, and what says so; setting one's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fleettui import config
from fleettui.policy.files import TOP_FILES
from fleettui.policy.handbook import load
from fleettui.workspace import policy_settings
from fleettui.workspace.settings import PRESETS, SETTINGS, THEMES
from fleettui.workspace.workspace import Workspace
from screens.commands import presets
from screens.shell import left
from screens.terminal.themes import LOOKS
from tests.support.command_line import InProcess

FILES = {file.name for file in policy_settings.POLICY_FILES}
OF_NO_WORKSPACE = [setting.key for setting in SETTINGS if setting.kept not in ("inbox", "policy")]


@pytest.fixture
def shell(tmp_path: Path) -> InProcess:
    return InProcess(tmp_path / "home")


@pytest.fixture
def at_work(made: Callable[..., Workspace]) -> InProcess:
    workspace = made(demo=True)
    workspace.close()
    return InProcess(workspace.home)


def own_file(shell: InProcess, name: str = "config.toml") -> Path:
    return shell.home.parent / "config" / "fleettui" / name


def test_every_setting_is_shown_with_what_it_does_and_where_it_comes_from(at_work: InProcess) -> None:
    rows = {row["key"]: row for row in at_work.json("config")}
    of_files = [key for key in policy_settings.names() if key not in FILES]
    assert list(rows) == [*(setting.key for setting in SETTINGS), *of_files]
    assert rows["home"]["from"] == "environment: FLEETTUI_HOME"
    assert (rows["bell"]["value"], rows["bell"]["from"]) == ("once", "default")
    assert rows["zone"]["from"].endswith("handbook/hours.json")
    assert all(row["what"].endswith(".") and (row["allowed"] or row["form"]) for row in rows.values())
    assert "quiet-hours" in at_work.ok("config")


def test_without_a_workspace_the_others_are_shown(shell: InProcess) -> None:
    assert [row["key"] for row in shell.json("config")] == OF_NO_WORKSPACE
    assert "there is none here" in shell.fails(1, "config", "bell", "off")


def test_the_declared_values_are_those_of_the_app() -> None:
    assert set(LOOKS) == set(THEMES)
    assert set(presets.PRESETS) == set(PRESETS)


def test_a_setting_is_kept_and_taken_back(at_work: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value, default in (
        ("bell", "always", "once"),
        ("touched", "off", "quiet"),
        ("start", "today", "left"),
    ):
        at_work.ok("config", key, value)
        assert at_work.json("config", key)["value"] == value
        assert at_work.json("config", key)["from"] != "default"
        at_work.ok("config", key, "--unset")
        assert (at_work.json("config", key)["value"], at_work.json("config", key)["from"]) == (
            default,
            "default",
        )
    at_work.ok("config", "start", "today")
    monkeypatch.setenv("XDG_STATE_HOME", at_work.variables()["XDG_STATE_HOME"])
    assert not left.begins_where_left()


def test_a_line_of_a_file_is_changed_and_the_others_stay(
    shell: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = own_file(shell, "keys.toml")
    file.parent.mkdir(parents=True)
    text = '# mine\npreset = "vim"  # as at home\n\n[keys]\n"triage.take" = "T"\n'
    file.write_text(text)
    assert shell.json("config", "preset")["from"] == f"{file}:2"
    shell.ok("config", "preset", "emacs")
    assert file.read_text() == '# mine\npreset = "emacs"\n\n[keys]\n"triage.take" = "T"\n'
    shell.ok("config", "preset", "--unset")
    assert file.read_text() == '# mine\n\n[keys]\n"triage.take" = "T"\n'
    shell.ok("config", "preset", "vim")
    assert file.read_text().startswith('preset = "vim"\n')
    shell.ok("config", "home", str(shell.home.parent / "else"))
    monkeypatch.setenv("XDG_CONFIG_HOME", shell.variables()["XDG_CONFIG_HOME"])
    assert (
        config.home(None, {"XDG_CONFIG_HOME": shell.variables()["XDG_CONFIG_HOME"]})
        == shell.home.parent / "else"
    )
    assert own_file(shell).stat().st_mode & 0o777 == 0o600


def test_what_goes_before_a_setting_of_mine_is_named(shell: InProcess) -> None:
    said = shell.ok("config", "home", "/srv/other")
    assert said.startswith("Kept, but home is ")
    assert "environment: FLEETTUI_HOME" in said


def test_an_unknown_setting_is_answered_with_the_nearest(shell: InProcess) -> None:
    assert "did you mean 'theme'" in shell.fails(2, "config", "thme")
    assert "did you mean 'dark'" in shell.fails(2, "config", "theme", "drk")
    assert "--unset" in shell.fails(2, "config", "theme", "dark", "--unset")


def test_every_setting_of_every_policy_file_is_explained(at_work: InProcess) -> None:
    handbook = load(at_work.home / "handbook")
    assert set(TOP_FILES) == {file.file for file in policy_settings.POLICY_FILES}
    for file in policy_settings.POLICY_FILES:
        read = getattr(handbook, file.read_as or file.name)
        assert set(file.settings) == set(read.__struct_encode_fields__), file.file
        assert all(what.endswith(".") for what in (file.what, *file.settings.values()))


def test_what_the_team_sets_is_shown_with_its_file_and_line(at_work: InProcess) -> None:
    assert "When the team is open." in at_work.ok("config")
    hours = at_work.home / "handbook" / "hours.json"
    row = at_work.json("config", "hours.zone")
    assert row["value"] == "America/Los_Angeles"
    line = int(row["from"].removeprefix(f"{hours}:"))
    assert '"zone"' in hours.read_text().splitlines()[line - 1]
    assert "gtm.quiet_days" in at_work.ok("config", "gtm")
    assert at_work.json("config", "calls.series_weeks")["from"] == "default"
    assert at_work.json("config", "calls.series_weeks")["value"] == 6
    hours.unlink()
    assert at_work.json("config", "hours.zone")["from"] == "as it came with fleettui"
    assert "hours.json" in at_work.fails(1, "config", "hours.zone", "UTC")
    assert "did you mean 'hours.zone'" in at_work.fails(2, "config", "hours.zon")


def test_a_policy_file_with_a_mistake_says_so_and_shows_what_counts(at_work: InProcess) -> None:
    at_work.ok("today")
    (at_work.home / "handbook" / "alarms.json").write_text("{")
    row = at_work.json("config", "alarms.breached")
    assert "cannot be read" in row["from"]
    assert row["value"] == "everybody"


def test_what_others_set_is_refused_with_who_does(at_work: InProcess) -> None:
    assert "the administrator" in at_work.fails(1, "config", "shared", "team")
    assert "FLEETTUI_PLAIN" in at_work.fails(1, "config", "plain", "1")
    assert "hours.json" in at_work.fails(1, "config", "zone", "UTC")


def test_a_broken_file_is_one_line(shell: InProcess) -> None:
    own_file(shell).parent.mkdir(parents=True)
    own_file(shell).write_text("home = \n")
    assert "config.toml" in shell.fails(2, "config", "sign")


def test_nothing_secret_is_shown(at_work: InProcess) -> None:
    at_work.environment |= {"FLEETTUI_SMTP_PASSWORD": "hush-hush", "FLEETTUI_GITHUB_TOKEN": "hush-hush"}
    assert "hush" not in at_work.ok("config") + at_work.ok("config", "--json")


def test_a_value_that_a_terminal_would_obey_is_shown_harmless(shell: InProcess) -> None:
    shell.environment["VISUAL"] = "vi\x1b[2J\nx"
    assert "\x1b" not in shell.ok("config", "editor")
