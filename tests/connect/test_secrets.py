"""Secrets come from the service's surroundings alone, and are repeated nowhere; programs are the administrator's choice."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from fleettui.connect.mail_in import token_of
from fleettui.connect.secrets import Secrets
from fleettui.connect.senders import Down
from fleettui.connect.unit import unit
from fleettui.errors import Unusable


def in_file(folder: Path, text: str, mode: int = 0o600) -> dict[str, str]:
    (folder / "fleettui").mkdir(exist_ok=True)
    file = folder / "fleettui/secrets.toml"
    file.write_text(text)
    file.chmod(mode)
    return {"XDG_CONFIG_HOME": str(folder)}


def test_the_environment_counts_before_credentials_and_those_before_the_file(tmp_path: Path) -> None:
    environment = in_file(tmp_path, 'smtp-password = "of the file"')
    assert Secrets(environment).get("smtp-password") == "of the file"
    (tmp_path / "smtp-password").write_text("of systemd\n")
    environment["CREDENTIALS_DIRECTORY"] = str(tmp_path)
    assert Secrets(environment).get("smtp-password") == "of systemd"
    environment |= {"FLEETTUI_SMTP_PASSWORD": "of the environment"}
    assert Secrets(environment).get("smtp-password") == "of the environment"
    assert Secrets(environment).get("imap-password") == ""


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_may_read_is_refused_with_what_to_do(mode: int, tmp_path: Path) -> None:
    environment = in_file(tmp_path, 'smtp-password = "hidden"', mode)
    with pytest.raises(Unusable, match="chmod 600") as refused:
        Secrets(environment).get("smtp-password")
    assert "hidden" not in str(refused.value)


def test_a_link_and_a_mistake_are_refused_without_repeating_what_is_in_it(tmp_path: Path) -> None:
    environment = in_file(tmp_path, "smtp-password = hidden")
    with pytest.raises(Unusable, match="is not TOML") as refused:
        Secrets(environment).get("smtp-password")
    assert "hidden" not in str(refused.value)
    file = tmp_path / "fleettui/secrets.toml"
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unusable, match="cannot be read"):
        Secrets(environment).get("smtp-password")


def test_what_a_server_repeats_is_hidden() -> None:
    secrets = Secrets({"FLEETTUI_IMAP_PASSWORD": "s3cret"})
    assert secrets.get("imap-password") == "s3cret"
    assert secrets.hidden("BAD LOGIN support s3cret") == "BAD LOGIN support ***"


def file_with(folder: Path, command: list[str], mode: int = 0o644) -> Path:
    (folder / "handbook").mkdir()
    policy = folder / "handbook/connections.json"
    policy.write_text(json.dumps({"mail": {"imap": {"host": "h", "user": "u", "token_command": command}}}))
    policy.chmod(mode)
    return policy


def test_a_token_is_what_the_program_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLEETTUI_IMAP_PASSWORD", "not for programs")
    command = [
        sys.executable,
        "-c",
        "import os; print('tok' + str(len([n for n in os.environ if 'FLEET' in n])))",
    ]
    assert token_of(file_with(tmp_path, command), tuple(command)) == "tok0"


@pytest.mark.parametrize("code", ["print('two words')", "print()", "raise SystemExit(3)"])
def test_a_program_without_a_token_is_named_and_not_quoted(code: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", code]
    with pytest.raises(Down, match="gives no token") as down:
        token_of(file_with(tmp_path, command), tuple(command))
    assert "two words" not in down.value.why


def test_another_program_than_the_file_names_is_not_run(tmp_path: Path) -> None:
    file = file_with(tmp_path, ["/bin/true"])
    with pytest.raises(Down, match="has just been changed"):
        token_of(file, ("/bin/echo", "x"))


def test_no_password_goes_to_a_server_that_anybody_could_have_named(tmp_path: Path) -> None:
    file = file_with(tmp_path, ["/bin/true"], 0o664)
    environment = {"FLEETTUI_IMAP_PASSWORD": "hidden"}
    with pytest.raises(
        Unusable, match="names the server h, and others than its owner may change it: no secret"
    ) as no:
        Secrets(environment).for_host("imap-password", file, "h")
    assert "hidden" not in str(no.value)
    named = {**environment, "FLEETTUI_CONNECT_HOSTS": "other.example H"}
    assert Secrets(named).for_host("imap-password", file, "h") == "hidden"
    in_its_file = in_file(tmp_path, 'hosts = ["h"]\nimap-password = "of the file"')
    assert Secrets(in_its_file).for_host("imap-password", file, "h") == "of the file"
    file.chmod(0o644)
    assert Secrets(environment).for_host("imap-password", file, "h") == "hidden"
    with pytest.raises(Unusable, match="has just been changed"):
        Secrets(environment).for_host("imap-password", file, "elsewhere")


def test_the_unit_quotes_what_systemd_would_read_otherwise() -> None:
    home = Path("/srv/our team/100%")
    text = unit(str(home), [home], "fleettui", "team", "/opt/fleettui/bin/fleettui")
    assert 'ExecStart=/opt/fleettui/bin/fleettui connect --home "/srv/our team/100%%"' in text
    assert 'ReadWritePaths="/srv/our team/100%%"' in text
    assert "\nUser=fleettui\nGroup=team\n" in text
