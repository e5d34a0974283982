"""A real sshd on this machine, with the stanzas of docs/accounts.md: what comes in by a key can only use fleettui.

It listens on a loopback port, with host keys, keys and configuration of the test. The only account is the one that runs the
tests; who somebody is follows from the key.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from fleettui.cli import sshd
from fleettui.workspace.workspace import Workspace
from tests.support.box import Box, me
from tests.support.terminal import EndedError, Terminal

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
PRIVILEGES = Path("/run/sshd")
"""An empty folder that sshd wants where it runs as root. The system makes it when its own sshd starts; it is left, for tests that
run beside this one use it too."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (SSHD and shutil.which("ssh") and shutil.which("ssh-keygen")),
        reason="needs sshd, ssh and ssh-keygen (`make sshd` installs them where it may)",
    ),
]


@dataclass(frozen=True)
class Server:
    """The sshd of a test."""

    folder: Path
    port: int

    def command(self, key: str, *words: str, options: tuple[str, ...] = ()) -> list[str]:
        plain = {
            "BatchMode": "yes",
            "IdentitiesOnly": "yes",
            "StrictHostKeyChecking": "no",
            "UserKnownHostsFile": str(self.folder / "known"),
            "LogLevel": "ERROR",
        }
        given = [word for name, value in plain.items() for word in ("-o", f"{name}={value}")]
        to = ["-i", str(self.folder / key), "-p", str(self.port), f"{me()}@127.0.0.1"]
        return ["ssh", "-F", "none", *given, *options, *to, *words]

    def run(
        self, key: str, *words: str, options: tuple[str, ...] = (), stdin: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(key, *words, options=options),
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env={**os.environ, **environment},
        )


@pytest.fixture
def box(made: Callable[..., Workspace], tmp_path: Path) -> Box:
    made(demo=True).close()
    box = Box(tmp_path)
    box.build()
    return box


Serve = Callable[[str, dict[str, str]], Server]


@contextmanager
def serving(folder: Path) -> Iterator[Serve]:
    """Starts sshd: serve(stanza, {name of a key: its line of authorized_keys, with {} for the public key})."""
    running: list[subprocess.Popen[bytes]] = []
    folder.mkdir(mode=0o700)
    if os.getuid() == 0:
        PRIVILEGES.mkdir(mode=0o755, exist_ok=True)

    def start(stanza: str, keys: dict[str, str]) -> Server:
        for name in ("host", *keys):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name], check=True
            )
        (folder / "keys").mkdir()
        lines = [line.format((folder / f"{name}.pub").read_text().strip()) for name, line in keys.items()]
        (folder / "keys" / me()).write_text("\n".join(lines) + "\n")
        port = _free_port()
        (folder / "config").write_text(_config(folder, port, stanza))
        assert SSHD is not None
        with (folder / "log").open("wb") as log:
            running.append(subprocess.Popen([SSHD, "-D", "-e", "-f", folder / "config"], stderr=log))
        _wait_for(port, folder / "log")
        return Server(folder, port)

    try:
        yield start
    finally:
        for process in running:
            process.terminate()
            process.wait(60)


@pytest.fixture(scope="module")
def signing_in(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Some accounts cannot be signed in to at all: locked, without a shell, or in no list of the system."""
    folder = tmp_path_factory.mktemp("plain") / "sshd"
    with serving(folder) as serve:
        done = serve("", {"key": "{}"}).run("key", "true")
    if done.returncode != 0:
        pytest.skip(f"nobody can sign in to {me()} by ssh here: {(folder / 'log').read_text()[-300:]}")


@pytest.fixture
def serve(signing_in: None, tmp_path: Path) -> Iterator[Serve]:
    with serving(tmp_path / "sshd") as start:
        yield start


def _config(folder: Path, port: int, stanza: str) -> str:
    """As a box might have it: with variables let in, sftp and forwarding, which the stanza has to take away."""
    return (
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\nUsePAM no\nStrictModes no\n"
        f"PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\nLogLevel VERBOSE\n"
        f"AcceptEnv LANG LC_* FLEETTUI_* PYTHON* TEXTUAL_* HOME TZDIR\nSubsystem sftp internal-sftp\n"
        f"AuthorizedKeysFile {folder}/keys/%u\n\n{stanza}"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, log: Path) -> None:
    for _ in range(1_000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.skip(f"sshd does not start for this account: {log.read_text()[-300:]}")


def _ours(box: Box, text: str, *words: str) -> str:
    """What an administrator writes, with the program of this test in place of the installed one."""
    return text.replace(sshd.command(), str(box.launcher(*words)))


@pytest.fixture
def one(box: Box, serve: Serve) -> Server:
    """A restricted account, by ForceCommand."""
    box.configure()
    return serve(_ours(box, sshd.restricted_stanza(me()), "--restricted"), {"key": "{}"})


@pytest.fixture
def team(box: Box, serve: Serve) -> Server:
    """An account of several people."""
    box.configure(f'shared = ["{me()}"]')
    stanza = sshd.shared_stanza(me(), str(box.top / "sshd" / "keys"))
    keys = {login: _ours(box, _key_line(login), "--restricted") for login in ("ines", "mara", "nobody")}
    return serve(stanza, keys)


def _key_line(login: str) -> str:
    return sshd.key_line(login, "ssh-ed25519 AAAA").replace("ssh-ed25519 AAAA\n", "{}")


def test_a_command_comes_by_ssh_and_nothing_else(one: Server, box: Box) -> None:
    done = one.run("key", "tickets show T-1001 --json")
    assert json.loads(done.stdout)["id"] == "T-1001", done.stderr
    before = box.outside()
    for command, answer in [
        ("id", "no command 'id'"),
        ("today; id", "no command 'today;'"),
        ("today $(id)", "unrecognized arguments"),
        ("today\nid", "unrecognized arguments"),
        (f"today > {box.top}/new", "unrecognized arguments"),
        (f"calls import {box.secret}", "only files in"),
        (f"export {box.top}/new", "only files in"),
        (f"fleettui --home {box.top} today", "nowhere else"),
        ("fleettui --as mara today", "line of the key"),
        ("python3 -c 'print(1)'", "no command 'python3'"),
        ("/usr/lib/openssh/sftp-server", "no command"),
    ]:
        done = one.run("key", command)
        assert done.returncode in (1, 2), (command, done)
        assert answer in done.stderr
        assert done.stdout == ""
    assert {**box.outside(), **_logs(box)} == {**before, **_logs(box)}


def _logs(box: Box) -> dict[str, str]:
    """What sshd and ssh themselves wrote meanwhile."""
    return {path: digest for path, digest in box.outside().items() if path.startswith(str(box.top / "sshd"))}


def test_files_come_and_go_by_standard_input_and_output(one: Server) -> None:
    calls = json.loads(one.run("key", "calls list --json").stdout)
    times = one.run("key", f"calls slots {calls[0]['id']} --ics -")
    assert times.stdout.startswith("BEGIN:VCALENDAR")
    taken = one.run("key", "calls import - --dry-run --all --json", stdin=times.stdout)
    assert "taken" in json.loads(taken.stdout), taken.stderr


def test_no_forwarding_no_agent_no_sftp(one: Server, box: Box, tmp_path: Path) -> None:
    refused = one.run("key", options=("-W", f"127.0.0.1:{one.port}"))
    assert refused.returncode != 0
    assert "SSH-" not in refused.stdout
    listening = one.run("key", "oncall", options=("-R", "0:127.0.0.1:22", "-o", "ExitOnForwardFailure=yes"))
    assert listening.returncode != 0
    by_socket = one.run(
        "key", "oncall", options=("-R", f"{tmp_path}/s:127.0.0.1:22", "-o", "ExitOnForwardFailure=yes")
    )
    assert by_socket.returncode != 0
    assert not (tmp_path / "s").exists()
    tunnel = one.run("key", "oncall", options=("-w", "any", "-o", "ExitOnForwardFailure=yes"))
    assert tunnel.returncode != 0
    copied = subprocess.run(
        ["sftp", "-q", "-b", "-", *one.command("key")[1:-4], "-i", one.folder / "key", "-P", str(one.port), f"{me()}@127.0.0.1"],
        input=f"get {box.secret} {tmp_path}/got\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )  # fmt: skip
    assert copied.returncode != 0
    assert not (tmp_path / "got").exists()


def test_no_variable_comes_along(one: Server, box: Box) -> None:
    names = {
        "FLEETTUI_HOME": str(box.secret.parent),
        "FLEETTUI_DEBUG": "1",
        "PYTHONINSPECT": "1",
        "PYTHONPATH": str(box.top),
        "TEXTUAL_LOG": str(box.top / "textual.log"),
        "TZDIR": str(box.top),
    }
    sent = tuple(word for name in names for word in ("-o", f"SendEnv={name}"))
    done = one.run("key", "tickets show T-9999", options=sent, stdin="print(6 * 7)\n", **names)
    assert done.returncode == 1
    assert done.stderr.startswith("fleettui: ")
    assert done.stdout == ""


def test_a_key_is_a_person(team: Server) -> None:
    for login in ("ines", "mara"):
        assert team.run(login, f"tickets note T-1001 --body 'by {login}'").returncode == 0
        (newest,) = json.loads(team.run(login, "history T-1001 --limit 1 --json").stdout)
        assert newest["by"] == login
    nobody = team.run("nobody", "today")
    assert (nobody.returncode, nobody.stdout) == (1, "")
    assert "not, or no longer, on the roster" in nobody.stderr
    assert "line of the key" in team.run("ines", "fleettui --as mara today").stderr
    assert team.run("ines", "export out").returncode == 0
    assert team.run("mara", "handbook check ../ines/out/people.json --as hours.json").returncode == 1


def test_the_app_of_a_person_with_a_key(team: Server, box: Box) -> None:
    """In a terminal: who I am is in the header, Ctrl+Z stops nothing, and a file outside is not taken in."""
    with Terminal(team.command("ines", options=("-tt",)), columns=100, rows=30) as terminal:
        try:
            terminal.wait_for("Inês")
        except EndedError:
            if "chown(/dev/pts" in (team.folder / "log").read_text():
                pytest.skip("only root's sshd can give out terminals here")
            raise
        terminal.send("\x1a")
        terminal.send("3")
        terminal.wait_for("▸3 Calls")
        terminal.send("i")
        terminal.wait_for("invite.ics in")
        terminal.send(str(box.secret), "ctrl+s")
        terminal.wait_for("only files in")
        terminal.send("\x11")
        assert terminal.wait_exit() == 0


def test_the_login_shell(box: Box) -> None:
    """As sshd, su and login call it: alone, and with -c."""
    box.configure()
    shell = box.launcher("--restricted")
    assert sshd.login_shell(sys.executable).startswith(f"#!{sys.executable} -I\n")
    environment = {"PATH": "/usr/bin:/bin", "PYTHONINSPECT": "1", "SSH_ORIGINAL_COMMAND": ""}
    for command, code in [("fleettui oncall", 0), ("id", 2), ("sh -c id", 2), ("fleettui restore x", 1)]:
        done = subprocess.run(
            [shell, "-c", command],
            input="print(42)\n",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, (command, done)
        assert "42" not in done.stdout.split()


def test_the_stanzas_of_the_guide_are_those_of_the_program() -> None:
    page = (Path(__file__).parents[2] / "docs" / "accounts.md").read_text()
    texts = (
        sshd.restricted_stanza("kiosk"),
        sshd.shared_stanza("team"),
        sshd.key_line("kathy", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 kathy@laptop"),
        sshd.login_shell(),
    )
    for text in texts:
        assert (
            "".join(f"    {line}" if line.strip() else line for line in text.splitlines(keepends=True))
            in page
        )
