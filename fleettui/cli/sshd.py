"""What an administrator writes for accounts that can only use fleettui: for sshd, for the keys of people, for a login shell.

Only texts: docs/accounts.md shows them, the tests give them to a real sshd, and nothing here writes a file.
"""

from __future__ import annotations

import re

from fleettui.errors import WrongUsage

PYTHON = "/opt/fleettui/bin/python"
KEYS = "/etc/fleettui/keys"
"""The folder with a file of keys for each shared account: root's, so that nobody adds a line to it."""
LOGIN_SHELL = "/usr/local/bin/fleettui-shell"

_ACCOUNT = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_KEY = re.compile(r"[A-Za-z0-9@.-]+ [A-Za-z0-9+/=]+( [A-Za-z0-9@._+-]+)?")
_NO_WAY_OUT = """\
    AuthenticationMethods publickey
    DisableForwarding yes
    AllowAgentForwarding no
    AllowTcpForwarding no
    AllowStreamLocalForwarding no
    X11Forwarding no
    PermitTunnel no
    PermitUserRC no
    AcceptEnv none
    PermitTTY yes
"""


def restricted_stanza(account: str, python: str = PYTHON) -> str:
    """For sshd_config: an account of one person that can only use fleettui."""
    return f"Match User {_account(account)}\n{_NO_WAY_OUT}    ForceCommand {command(python)}\n"


def shared_stanza(account: str, keys: str = KEYS) -> str:
    """For sshd_config: an account of several people. ForceCommand would take the place of the command that each key has."""
    return f"Match User {_account(account)}\n{_NO_WAY_OUT}    AuthorizedKeysFile {keys}/%u\n"


def key_line(login: str, public_key: str, python: str = PYTHON) -> str:
    """For the file of keys of a shared account: this key is this person."""
    key = public_key.strip()
    if not _KEY.fullmatch(key):
        raise WrongUsage("a public key is one line: its kind, the key, and perhaps whose it is", field="KEY")
    return f'restrict,pty,command="{command(python)} --as {_account(login)}" {key}\n'


def login_shell(python: str = PYTHON) -> str:
    """A file to name as the login shell of an account."""
    return (
        f"#!{python} -I\n"
        "import sys\n\n"
        "from fleettui.cli.main import main\n\n"
        'raise SystemExit(main(["--restricted", *sys.argv[1:]]))\n'
    )


def command(python: str = PYTHON) -> str:
    """`-I`: no variable and no folder of the account changes what Python loads."""
    return f"{python} -I -m fleettui --restricted"


def _account(name: str) -> str:
    if not _ACCOUNT.fullmatch(name):
        raise WrongUsage(f"{name!r} cannot stand in sshd's configuration", field="ACCOUNT")
    return name


def accounts_in(content: str) -> dict[str, bool]:
    """Those that the file has a stanza of, and whether it forces a command: of a restricted account it does, of a shared one each
    key has its own."""
    stanzas = content.split("Match User ")[1:]
    return {stanza.split()[0]: "ForceCommand" in stanza for stanza in stanzas if stanza.strip()}
