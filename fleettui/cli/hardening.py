"""What a restricted session takes from its own process: the environment, programs, and keys that leave it.

What Python and the system do before the first line of ours runs cannot be taken back here: sshd's configuration and the way this
is started see to that (docs/accounts.md).
"""

from __future__ import annotations

import os
import resource
import signal
import sys

from fleettui import access
from fleettui.errors import Unusable

KEPT = frozenset({"TERM", "COLORTERM", "NO_COLOR", "TMUX", "STY", "LANG", "SSH_CONNECTION", "SSH_TTY"})
"""Variables that say what the terminal is; those of LC_ too. No other is of use, and many make some library do something."""
OF_PYTHON = "PYTHON"
PROGRAMS = frozenset(
    {
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.spawn",
        "os.system",
        "pty.spawn",
        "subprocess.Popen",
        "webbrowser.open",
    }
)
"""Python's names for the starting of a program (its table of audit events)."""
_hooked: list[bool] = []


def harden() -> None:
    """Before anything else is imported: some libraries read their variables when they are loaded."""
    _refuse_variables_of_python()
    for name in [name for name in os.environ if not (name in KEPT or name.startswith("LC_"))]:
        del os.environ[name]
    os.environ["HOME"] = str(access.account_folder())
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)  # Ctrl+Z: there is no shell that could wake it
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not _hooked:
        sys.addaudithook(_refuse_programs)
        _hooked.append(True)


def _refuse_variables_of_python() -> None:
    """They have worked already: Python reads them before any line of ours."""
    if sys.flags.ignore_environment:
        return
    names = [name for name, value in sorted(os.environ.items()) if name.startswith(OF_PYTHON) and value]
    if names:
        raise Unusable(
            f"{names[0]} is set, which changes what Python does; start it as `python -I -m fleettui --restricted`"
        )


def _refuse_programs(event: str, _: tuple[object, ...]) -> None:
    """Whatever asks for it, and however deep in a library."""
    if event in PROGRAMS and access.current().restricted:
        raise PermissionError("this account starts no programs")


def end_here(code: int) -> None:
    """Where PYTHONINSPECT or -i would open Python's own prompt after us."""
    if access.current().restricted and (sys.flags.inspect or sys.flags.interactive):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
