"""Accounts that can only use fleettui, and accounts that several people share."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from fleettui import access, config
from fleettui.cli import restricted
from fleettui.cli.commands import COMMANDS, HIDDEN
from fleettui.cli.parser import Parser
from fleettui.workspace.workspace import Workspace
from tests.support.box import WITHHELD, Box, me
from tests.support.command_line import InProcess


@pytest.fixture
def box(made: Callable[..., Workspace], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Box]:
    made(demo=True).close()
    box = Box(tmp_path)
    box.build()
    box.configure(f'restricted = ["{me()}"]')
    monkeypatch.setattr(config, "BOX_CONFIG", box.config)
    monkeypatch.setattr(config, "BOX_OWNER", os.getuid())
    monkeypatch.setattr(access, "account_folder", lambda: box.account)
    for name in [name for name in os.environ if name.startswith("PYTHON")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (box.exchange / "link.ics").symlink_to(box.secret)
    (box.exchange / "up").symlink_to(box.secret.parent)
    (box.exchange / "hard.ics").hardlink_to(box.secret)
    os.mkfifo(box.exchange / "pipe.ics")
    yield box


class Ssh(InProcess):
    """What sshd starts when somebody's command comes in."""

    words: tuple[str, ...] = ("--restricted",)

    def ask(self, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        self.environment = {"SSH_ORIGINAL_COMMAND": command, **environment}
        return self.run(*self.words)


@pytest.fixture
def cli(box: Box) -> InProcess:
    """Somebody of this box at a shell."""
    return InProcess(box.home)


@pytest.fixture
def ssh(box: Box) -> Ssh:
    return Ssh(box.home)


def test_a_command_that_comes_by_ssh_is_carried_out(ssh: Ssh) -> None:
    for command in (
        "tickets show T-1001 --json",
        "fleettui tickets show T-1001 --json",
        "'tickets' show T-1001 --json",
    ):
        done = ssh.ask(command)
        assert json.loads(done.stdout)["id"] == "T-1001", done.stderr


def test_what_a_shell_would_act_on_is_text(ssh: Ssh, box: Box) -> None:
    """It is kept as it was typed, and nothing is run."""
    text = f"$(cat {box.secret}) `id` $HOME; rm -rf / | sh > /tmp/x && reboot"
    assert ssh.ask(f"tickets note T-1001 --body '{text}'").returncode == 0
    messages = json.loads(ssh.ask("tickets show T-1001 --json").stdout)["messages"]
    assert text in [message["body"] for message in messages]


OUT = [
    # other commands and shells
    ("sh", "no command 'sh'"),
    ("/bin/bash -i", "no command '/bin/bash'"),
    ("scp -t /tmp", "no command 'scp'"),
    ("sftp-server", "no command"),
    ("rsync --server . /", "no command 'rsync'"),
    ("git-upload-pack /srv", "no command"),
    ("today; id", "no command 'today;'"),
    ("today && id", "unrecognized arguments: &&"),
    ("today | tee /tmp/x", "unrecognized arguments: |"),
    ("today > {outside}/new", "unrecognized arguments: >"),
    ("today $(id)", "unrecognized arguments: $(id)"),
    ("today `id`", "unrecognized arguments: `id`"),
    ("today\nid", "unrecognized arguments: id"),
    ("today\r\nid", "unrecognized arguments"),
    ("today 'unfinished", "cannot be read"),
    ("$SHELL", "no command"),
    ("--restricted -c id", "line of the key"),
    ("-c 'sh -i'", "line of the key"),
    ("--as ines today", "line of the key"),
    # another workspace
    ("--home {outside} today", "nowhere else"),
    ("today --home {outside}", "nowhere else"),
    ("tickets list --home={outside}", "nowhere else"),
    ("rituals sync {outside} --home {outside}", "cannot name that"),
    ("init --home {outside}/new", "not for this account"),
    ("init --demo", "not for this account"),
    ("restore {secret}", "not for this account"),
    ("fleettui fleettui today", "no command 'fleettui'"),
    # files to read
    ("calls import {secret}", "only files in"),
    ("calls import ../private/secret.ics", "only files in"),
    ("calls import {exchange}/../private/secret.ics", "only files in"),
    ("calls import link.ics", "cannot be read"),
    ("calls import up/secret.ics", "cannot be read"),
    ("calls import hard.ics", "another name"),
    ("calls import pipe.ics", "pipe or a device"),
    ("calls import /dev/stdin", "only files in"),
    ("calls import /proc/self/environ", "only files in"),
    ("calls import ~/.ssh/id_ed25519", "only files in"),
    ("rituals import {secret}", "only files in"),
    ("rituals sync {outside}", "cannot name that"),
    ("rituals sync .", "cannot name that"),
    ("tickets attach T-1001 {secret}", "only files in"),
    ("tickets attach T-1001 link.ics", "SUP-5|link.ics"),
    ("handbook check {secret} --as hours.json", "only files in"),
    ("handbook check up/secret.ics --as hours.json", "cannot be read"),
    ("businesstime add --calendar {secret} --start 2026-03-09T08:00:00Z --minutes 5", "only files in"),
    ("intake mail --spool {outside}", "cannot name that"),
    ("intake slack --pipe --spool {account}", "cannot name that"),
    # files to write
    ("export {outside}/new", "only files in"),
    ("export ../new", "only files in"),
    ("export {account}", "only files in"),
    ("export up/new", "cannot be written"),
    ("export .ssh", "only files in"),
    ("calls slots {call} --ics {account}/.bashrc", "only files in"),
    ("calls slots {call} --ics ../account/authorized_keys", "only files in"),
    ("calls slots {call} --ics /dev/tty", "only files in"),
    ("calls slots {call} --ics up/new.ics", "cannot be written"),
    ("calls slots {call} --ics .forward", "only files in"),
]


@pytest.mark.parametrize(("attempt", "answer"), OUT)
def test_no_command_leads_out(ssh: Ssh, box: Box, attempt: str, answer: str) -> None:
    places: dict[str, Any] = {
        "outside": box.top / "private",
        "secret": box.secret,
        "exchange": box.exchange,
        "account": box.account,
        "call": _a_call(box) if "{call}" in attempt else "",
    }
    before = box.outside()
    done = ssh.ask(attempt.format(**places))
    assert done.returncode in (1, 2, 3)
    assert any(part in done.stderr for part in answer.split("|")), done.stderr
    assert done.stderr.count("\n") == 1
    assert WITHHELD not in done.stdout + done.stderr
    assert box.outside() == before


def _a_call(box: Box) -> str:
    workspace = Workspace.open(box.home)
    try:
        return workspace.calls.all()[0].id
    finally:
        workspace.close()


@pytest.mark.parametrize(
    "variables",
    [
        {"FLEETTUI_HOME": "/nowhere"},
        {"FLEETTUI_DEBUG": "1"},
        {"FLEETTUI_NOW": "2031-01-01T00:00:00Z"},
        {"TEXTUAL_LOG": "{outside}/textual.log", "TEXTUAL_DRIVER": "os:system"},
        {"EDITOR": "{outside}/sh", "VISUAL": "sh", "PAGER": "sh", "BROWSER": "sh", "SHELL": "sh"},
        {
            "HOME": "{outside}",
            "XDG_CONFIG_HOME": "{outside}",
            "XDG_STATE_HOME": "{outside}",
            "XDG_DATA_HOME": "{outside}",
        },
        {"TZDIR": "{outside}", "TZ": ":{secret}", "LOCPATH": "{outside}", "TMPDIR": "{outside}"},
        {
            "COLUMNS": "99999999",
            "LINES": "99999999",
            "SSL_CERT_FILE": "{secret}",
            "http_proxy": "http://127.0.0.1:9",
        },
    ],
    ids=lambda variables: next(iter(variables)),
)
def test_variables_change_nothing(ssh: Ssh, box: Box, variables: dict[str, str]) -> None:
    before = box.outside()
    plain = ssh.ask("tickets show T-1001 --json")
    given = {
        name: value.format(outside=box.top / "private", secret=box.secret)
        for name, value in variables.items()
    }
    done = ssh.ask("tickets show T-1001 --json", **given)
    assert (done.returncode, done.stdout, done.stderr) == (0, plain.stdout, plain.stderr)
    assert "Traceback" not in ssh.ask("tickets show T-9999", **given).stderr
    assert box.outside() == before


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONINSPECT": "1"},
        {"PYTHONSTARTUP": "x.py"},
        {"PYTHONBREAKPOINT": "os.system"},
        {"PYTHONWARNINGS": "error"},
    ],
    ids=lambda variables: next(iter(variables)),
)
def test_variables_of_python_end_it_before_anything_is_done(ssh: Ssh, variables: dict[str, str]) -> None:
    done = ssh.ask("today", **variables)
    assert done.returncode == 3
    assert f"{next(iter(variables))} is set" in done.stderr


@pytest.mark.slow
def test_pythons_prompt_is_not_reached(box: Box) -> None:
    """PYTHONINSPECT opens it after a program's end; -I leaves the variable aside."""
    environment = {**os.environ, "PYTHONINSPECT": "1", "HOME": str(box.account)}
    command = [sys.executable, "-m", "fleettui", "--restricted", "--home", str(box.home), "today"]
    for words in (command, [command[0], "-I", *command[1:]]):
        done = subprocess.run(
            words, input="print(6 * 7)\n", env=environment, capture_output=True, text=True, check=False
        )
        assert "42" not in done.stdout.split()
        assert done.returncode == (0 if "-I" in words else 3)


@pytest.mark.slow
def test_no_program_is_started_whoever_asks(box: Box) -> None:
    code = (
        "import os, subprocess, sys\n"
        "from fleettui import access\n"
        "from fleettui.cli import hardening\n"
        "access.settle(access.Access('kathy', restricted=True))\n"
        "hardening.harden()\n"
        "for start in (lambda: subprocess.run(['/bin/true']), lambda: os.system('true'), os.fork,\n"
        "              lambda: os.execv('/bin/true', ['true']), lambda: os.posix_spawn('/bin/true', ['true'], {})):\n"
        "    try:\n"
        "        start()\n"
        "        print('started')\n"
        "    except PermissionError:\n"
        "        pass\n"
        "print('end')\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "end\n"


def test_files_go_in_and_out_by_the_exchange_folder(ssh: Ssh, box: Box) -> None:
    assert ssh.ask("export out --format csv").returncode == 0
    assert (box.exchange / "out" / "tickets.csv").exists()
    assert ssh.ask(f"export {box.exchange}/whole --json").returncode == 0
    (box.exchange / "note.txt").write_text("hello")
    (box.exchange / "hours.json").write_text("{")
    assert "hours.json" in ssh.ask("handbook check hours.json").stdout
    done = ssh.ask(f"calls slots {_a_call(box)} --ics times.ics")
    assert (done.returncode, done.stderr) == (0, "")
    assert (box.exchange / "times.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_what_is_written_never_goes_through_a_link(ssh: Ssh, box: Box) -> None:
    """A link of that name is replaced, and what it leads to stays."""
    before = box.outside()
    assert ssh.ask(f"calls slots {_a_call(box)} --ics link.ics").returncode == 0
    assert not (box.exchange / "link.ics").is_symlink()
    assert ssh.ask(f"calls slots {_a_call(box)} --ics hard.ics").returncode == 0
    assert box.outside() == before


def test_what_is_written_is_for_the_person_and_whom_the_folder_is_shared_with(ssh: Ssh, box: Box) -> None:
    """A setgid folder is a group's: somebody else may fetch from it."""
    assert ssh.ask("export alone").returncode == 0
    assert (box.exchange / "alone" / "tickets.json").stat().st_mode & 0o777 == 0o600
    box.exchange.chmod(0o2770)
    assert ssh.ask("export together").returncode == 0
    assert (box.exchange / "together").stat().st_mode & 0o2777 == 0o2770
    assert (box.exchange / "together" / "tickets.json").stat().st_mode & 0o777 == 0o660


@pytest.mark.slow
def test_ctrl_z_stops_nothing(box: Box) -> None:
    """There is no shell behind it that could go on."""
    command = [str(box.launcher("--restricted")), "tickets", "note", "T-1001", "--body", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        status = Path(f"/proc/{process.pid}/status")
        if not status.exists():
            pytest.skip("needs /proc to see that signals are ignored")
        for _ in range(1_200):
            ignored = int(re.search(r"SigIgn:\s*(\w+)", status.read_text())[1], 16)  # type: ignore[index]
            if ignored >> (signal.SIGTSTP - 1) & 1:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGTSTP)
        process.communicate("still here", timeout=60)
        assert process.returncode == 0


def test_without_an_exchange_folder_no_file_can_be_named(ssh: Ssh, box: Box) -> None:
    box.config.write_text(f'home = "{box.home}"\nrestricted = ["{me()}"]\n')
    assert "has no folder for files" in ssh.ask("calls import invite.ics").stderr
    assert "has no folder for files" in ssh.ask("export out").stderr


def test_an_exchange_folder_that_nobody_made_is_named(ssh: Ssh, box: Box) -> None:
    missing = box.top / "missing" / "exchange"
    box.config.write_text(f'home = "{box.home}"\nexchange = "{missing}"\nrestricted = ["{me()}"]\n')
    for words in ("calls import invite.ics", "export out"):
        assert f"{missing}: there is no such folder" in ssh.ask(words).stderr


def test_a_person_cannot_undo_what_the_box_says(cli: InProcess, box: Box) -> None:
    """No words, no variable and no file of one's own."""
    own = box.top / "config" / "fleettui"
    own.mkdir(parents=True)
    (own / "config.toml").write_text(f'restricted = []\nhome = "{box.secret.parent}"\n')
    for words in (["today", "--home", str(box.secret.parent)], ["--home", str(box.secret.parent), "today"]):
        assert "nowhere else" in cli.fails(1, *words)
    assert "only files in" in cli.fails(1, "calls", "import", str(box.secret))
    cli.ok("--home", str(box.home), "today")


def test_the_words_of_a_forced_command_stay(ssh: Ssh, box: Box) -> None:
    """A key that can only show the day: what its owner asks for counts no more."""
    ssh.words = ("--restricted", "oncall")
    asked, alone = ssh.ask("tickets list"), ssh.ask("")
    assert asked.stdout == alone.stdout != ""


def test_a_login_shell_gets_its_command_after_c(cli: InProcess, box: Box) -> None:
    box.configure()
    assert json.loads(cli.ok("--restricted", "--home", str(box.home), "-c", "fleettui oncall --json"))
    assert "no command 'id'" in cli.fails(2, "-c", "id")
    assert "line of the key" in cli.fails(1, "-c", "fleettui --as ines today")
    cli.environment = {"SSH_ORIGINAL_COMMAND": "oncall --json"}
    assert json.loads(cli.ok("-c", "/usr/local/bin/fleettui-shell"))


def test_the_configuration_of_the_box_counts_only_while_it_is_roots(cli: InProcess, box: Box) -> None:
    for path in (box.config, box.config.parent):
        mode = path.stat().st_mode
        path.chmod(mode | 0o020)
        assert "others than root can write to it" in cli.fails(3, "today")
        path.chmod(mode)
    cli.ok("today")


def test_the_exchange_folder_is_not_the_workspace(cli: InProcess, box: Box) -> None:
    box.config.write_text(f'home = "{box.home}"\nexchange = "{box.home}/files"\nrestricted = ["{me()}"]\n')
    assert "beside each other" in cli.fails(3, "today")


NAME_NO_FILE = {
    "ANSWER", "C", "CHANNEL", "CHANNEL_ID", "CURSOR", "CUSTOMER", "DATE", "DAY", "DUE", "E-MAIL", "EMAIL|NAME", "EVIDENCE",
    "FACT=ANSWER", "FIELD", "FIELD=VALUE", "FIRST", "HOST", "HOSTS", "ID", "ID[=TASK]", "INTO", "K=V", "KIND", "LABEL",
    "LAST", "LEVEL", "LINK", "LINK|NUMBER", "LINK|TEXT", "LIST", "LOGIN", "MESSAGE", "MINUTES", "N", "NAME",
    "NAME=VALUE", "NOTES", "NUMBER",
    "OPPORTUNITY", "OWNER", "PART", "PERSON", "PRIORITY", "QUERY", "QUESTION", "QUESTION=TEXT", "QUESTION=yes|no",
    "REVISION", "ROLE=PERSON", "SEARCH", "SLOT", "START", "STEP", "SUBJECT", "TEXT", "TEXT|-",
    "TICKET", "TICKET|CUSTOMER", "TIER", "TIME", "TITLE",
    "UID", "URL", "WHAT", "WHAT|OWNER|DAY", "WHOM", "WHY", "WORDS", "yes|no|TEXT",
    "KEY", "PREFIX", "VALUE",  # fleettui config, complete: a value of config is refused here where it would be a file
    "HOW", "NAMES", "NEW-NAME", "SCREEN",  # fleettui views
}  # fmt: skip
"""What values of options are called that somebody has looked at."""


def parsers(name: str) -> Iterator[argparse.ArgumentParser]:
    parser = Parser(prog=f"fleettui {name}")
    import_module(f"fleettui.cli.commands.{name}").arguments(parser)
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.values()


def test_every_option_that_names_a_file_is_looked_at() -> None:
    """A new word for a value fails here, until it is known whether it names files; a new option of files is refused."""
    assert {*COMMANDS, *HIDDEN} >= restricted.COMMANDS
    actions = [
        (parser.prog, action)
        for name in restricted.COMMANDS
        for parser in parsers(name)
        for action in parser._actions
    ]
    files = {(prog, action.dest) for prog, action in actions if restricted.names_files(action)}
    assert files >= restricted.BY_NAMED_FILES
    words = {
        restricted.value_word(action)
        for _, action in actions
        if action.nargs != 0 and action.choices is None and action.dest != "home"
        if not restricted.names_files(action)
    }
    assert sorted(words - NAME_NO_FILE) == []


# One account for many keys


@pytest.fixture
def shared(box: Box) -> Ssh:
    box.configure(f'shared = ["{me()}"]')
    ssh = Ssh(box.home)
    ssh.words = ("--as", "ines")
    return ssh


def test_a_key_is_a_person_of_the_roster(shared: Ssh) -> None:
    assert shared.ask("tickets note T-1001 --body hello --json").returncode == 0
    history = json.loads(shared.ask("history T-1001 --limit 1 --json").stdout)
    assert history[0]["by"] == "ines"


def test_it_is_restricted_too(shared: Ssh, box: Box) -> None:
    assert "only files in" in shared.ask(f"calls import {box.secret}").stderr
    assert shared.ask("export out").returncode == 0
    assert (box.exchange / "ines" / "out" / "tickets.json").exists()
    shared.words = ("--as", "mara")
    assert shared.ask("calls import ../ines/out/tickets.json").returncode == 1


def test_nobody_says_in_a_command_who_they_are(shared: Ssh) -> None:
    assert "line of the key" in shared.ask("--as mara today").stderr
    shared.words = ()
    assert "who you are" in shared.ask("today").stderr


@pytest.mark.parametrize("login", ["nobody-here", "..", ".", "../ines", "root"])
def test_an_unknown_login_is_refused(shared: Ssh, login: str) -> None:
    shared.words = ("--as", login)
    done = shared.ask("today")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_whoever_has_left_is_refused(shared: Ssh, box: Box) -> None:
    workspace = Workspace.open(box.home, login="mara")
    workspace.people.edit("ines", {"active": "no"})
    workspace.close()
    assert "no longer, on the roster" in shared.ask("today").stderr
    assert "no longer, on the roster" in shared.ask("doctor").stderr


def test_as_counts_in_no_account_of_one_person(cli: InProcess, box: Box) -> None:
    box.configure()
    assert "is one person's" in cli.fails(1, "--as", "ines", "today")
    box.configure('shared = ["somebody-else"]')
    assert "is one person's" in cli.fails(1, "--as", "ines", "today")
    box.config.unlink()
    assert "is one person's" in cli.fails(1, "--as", "ines", "today")


def test_private_things_are_each_persons_own(shared: Ssh, box: Box) -> None:
    """Preferences, the error log and drafts that the workspace cannot take: in a folder for each login."""
    folders = set()
    for login in ("ines", "mara"):
        access.settle(config.access_for(config.Asked(acting=login)))
        folders.add(config.state_folder())
        assert config.login() == login
    access.forget()
    assert len(folders) == 2
    assert all(folder.is_relative_to(box.account) for folder in folders)
