"""What this process may do, and for whom it acts: decided once, at its start (`config.access_for`), asked wherever it matters."""

from __future__ import annotations

import os
import pwd
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fleettui.errors import Refused

if TYPE_CHECKING:
    from fleettui.database_addresses import DatabaseAddress


class Access(NamedTuple):
    """Without any of these it may do what the operating system lets its account do."""

    account: str
    """The account of the operating system."""
    acting: str = ""
    """In an account that several people share, the login of the person who is here; else empty."""
    restricted: bool = False
    """Only the workspace and the exchange folder are read or written, and no program is started."""
    home: Path | DatabaseAddress | None = None
    """The only workspace of a restricted account."""
    exchange: Path | None = None
    """The only other folder in which a restricted account may name files; None: it may name none."""

    @property
    def login(self) -> str:
        """Who acts."""
        return self.acting or self.account

    @property
    def why_no_files(self) -> str:
        """Why no file can be named here; empty where one can."""
        if not self.restricted or self.exchange is not None:
            return ""
        return "This account has no folder for files: its administrator can name one (exchange in the box's configuration)."


_settled: list[Access] = []


def current() -> Access:
    """What was settled at the start; for scripts, which have no start of ours, the account as it is."""
    return _settled[-1] if _settled else Access(account_name())


def settle(access: Access) -> None:
    _settled[:] = [access]


def forget() -> None:
    """At the end of a command: a process may run several, as tests do."""
    _settled.clear()


def account_name() -> str:
    """Of the operating system's account that runs this."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid{os.getuid()}"


def account_folder() -> Path:
    """The account's home folder as the system's own list has it, whatever $HOME says."""
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:
        return Path("/nonexistent")


def folder_of(login: str) -> str:
    """The name of somebody's own folder among those of others."""
    from urllib.parse import quote  # only in shared accounts

    if login.startswith("."):
        raise Refused(f"{login!r} is no login", field="--as")
    return quote(login, safe="")
