"""Signing is switched on in a person's own config file; who signs is the system's to say, and the doctor proves it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from fleettui import config
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.signers import new_key, signers

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH's ssh-keygen is not here")


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with this person's config file, the system's, and nobody who signs yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(config, "BOX_CONFIG", tmp_path / "box.toml")
    (tmp_path / "config" / "fleettui").mkdir(parents=True)
    return tmp_path


def sign_with(box: Path, key: Path | None) -> None:
    (box / "config" / "fleettui" / "config.toml").write_text(f'sign = "{key}"\n' if key else "")


def findings(cli: InProcess) -> list[str]:
    findings_ = json.loads(cli.run("doctor", "--json").stdout)["findings"]
    return [row["what"] for row in findings_ if "sign" in row["what"]]


def test_a_person_who_signs_is_proved_and_what_others_write_in_their_name_is_named(
    box: Path, workspace: Workspace, cli: InProcess
) -> None:
    login, key = config.login(), new_key(box, "me")
    known = signers(box, {login: key}, f'valid-after="{MONDAY_MORNING:%Y%m%d}"')
    (box / "box.toml").write_text(f'signers = "{known.file}"\n')
    sign_with(box, key.file)
    made = json.loads(
        cli.run("tickets", "new", "--customer", "Acme", "--subject", "No sync", "--json").stdout
    )["id"]
    assert cli.run("tickets", "set", made, "priority=P1").returncode == 0
    assert findings(cli) == []
    sign_with(box, None)
    assert cli.run("tickets", "set", made, "priority=P2").returncode == 0
    (what,) = findings(cli)
    assert what.startswith(f"{made}: change 3 (tickets.set by {login}") and "is not signed" in what


def test_a_key_that_cannot_sign_refuses_the_change_in_a_line(box: Path, cli: InProcess) -> None:
    sign_with(box, box / "nowhere")
    result = cli.run("tickets", "new", "--customer", "Acme", "--subject", "No sync")
    assert (result.returncode, result.stdout) == (3, "")
    assert (
        "nothing was changed, because it could not be signed" in result.stderr
        and result.stderr.count("\n") == 1
    )
    assert json.loads(cli.run("tickets", "list", "--json").stdout) == []


def test_a_list_of_signers_that_is_missing_is_a_finding(box: Path, cli: InProcess) -> None:
    (box / "box.toml").write_text(f'signers = "{box}/nobody"\n')
    (what,) = findings(cli)
    assert "no signature can be checked" in what


def test_where_nobody_signs_nothing_is_looked_for(box: Path, cli: InProcess) -> None:
    cli.run("tickets", "new", "--customer", "Acme", "--subject", "No sync")
    assert findings(cli) == []
