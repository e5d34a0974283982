"""A box with a configuration of its own, as its administrator would write it, and a secret that nobody may get at.

The product has no variable and no option that names another configuration: who could set it, could undo the real one. A test puts
the constants of `fleettui.config` in its own process, or in the few lines that it starts in place of `python -m fleettui`.
"""

from __future__ import annotations

import getpass
import os
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

WITHHELD = "what somebody else keeps"
LAUNCHER = """\
#!{python} -I
import os, sys
from pathlib import Path
from fleettui import access, config
config.BOX_CONFIG, config.BOX_OWNER = Path({config!r}), os.getuid()
access.account_folder = lambda: Path({account!r})
from fleettui.cli.main import main
raise SystemExit(main([{words}*sys.argv[1:]]))
"""


@dataclass(frozen=True)
class Box:
    """Below `top`: the workspace `home`, the folder `exchange`, the account's own folder, and everything else."""

    top: Path

    @property
    def home(self) -> Path:
        return self.top / "home"

    @property
    def exchange(self) -> Path:
        return self.top / "exchange"

    @property
    def account(self) -> Path:
        return self.top / "account"

    @property
    def config(self) -> Path:
        return self.top / "etc" / "config.toml"

    @property
    def secret(self) -> Path:
        return self.top / "private" / "secret.ics"

    def build(self) -> None:
        for folder in (self.exchange, self.account, self.config.parent, self.secret.parent):
            folder.mkdir(mode=0o700)
        self.secret.write_text(f"BEGIN:VCALENDAR\nSUMMARY:{WITHHELD}\nEND:VCALENDAR\n")

    def configure(self, *lines: str) -> None:
        self.config.write_text(
            "\n".join([f'home = "{self.home}"', f'exchange = "{self.exchange}"', *lines]) + "\n"
        )
        self.config.chmod(0o644)

    def launcher(self, *words: str) -> Path:
        """An executable that is `fleettui` with these words on this box."""
        file = self.top / "etc" / f"fleettui-{len(words)}"
        file.write_text(
            LAUNCHER.format(
                python=sys.executable,
                config=str(self.config),
                account=str(self.account),
                words="".join(f"{word!r}, " for word in words),
            )
        )
        file.chmod(0o755)
        return file

    def outside(self) -> dict[str, str]:
        """Everything but the workspace and the exchange folder, with its content."""
        ours = (self.home, self.exchange)
        paths = [
            path for path in self.top.rglob("*") if not any(path.is_relative_to(folder) for folder in ours)
        ]
        return {str(path): sha256(path.read_bytes()).hexdigest() if path.is_file() else "" for path in paths}


def me() -> str:
    """The account that runs the tests."""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return getpass.getuser()
