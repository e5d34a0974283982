"""Where the workspace is, and who I am."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from pathlib import Path

from fleettui.errors import WrongUsage

HOME_BY = "FLEETTUI_HOME"
BOX_CONFIG = Path("/etc/fleettui/config.toml")


def login() -> str:
    """The OS account. There is no way to claim another one: not a flag, not a variable."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid{os.getuid()}"


def full_name() -> str:
    """Of whoever owns the OS account, as the box knows it; empty where it does not."""
    try:
        return pwd.getpwuid(os.getuid()).pw_gecos.partition(",")[0].strip()
    except KeyError:
        return ""


def home(given: str | None, environment: Mapping[str, str] = os.environ) -> Path:
    """--home, else FLEETTUI_HOME, else `home` of the box's or the user's config file, else the user's data folder."""
    named = given or environment.get(HOME_BY)
    if named:
        return Path(named).expanduser().absolute()
    for file in (BOX_CONFIG, user_config(environment)):
        configured = _home_in(file)
        if configured:
            return configured
    return _folder(environment, "XDG_DATA_HOME", ".local/share") / "fleettui"


def user_config(environment: Mapping[str, str] = os.environ) -> Path:
    """The config file of this account; it need not exist."""
    return _folder(environment, "XDG_CONFIG_HOME", ".config") / "fleettui" / "config.toml"


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """For files of this account alone: its error log, and drafts that could not be written to the workspace."""
    return _folder(environment, "XDG_STATE_HOME", ".local/state") / "fleettui"


def _folder(environment: Mapping[str, str], variable: str, default: str) -> Path:
    return Path(environment.get(variable) or Path.home() / default)


def _home_in(file: Path) -> Path | None:
    try:
        text = file.read_text(encoding="utf-8")
    except OSError:
        return None
    import tomllib  # only where there is a file to read

    try:
        folder = tomllib.loads(text).get("home")
    except tomllib.TOMLDecodeError as error:
        raise WrongUsage(f"{file}: {error}") from None
    if folder is None:
        return None
    if not isinstance(folder, str):
        raise WrongUsage(f'{file}: home: expected a folder in quotes, like home = "/srv/fleettui"')
    return Path(folder).expanduser().absolute()
