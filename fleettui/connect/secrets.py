"""The secrets of the connections: from the service's environment, systemd's credentials, or a file of its own account. They are
kept nowhere else, and no error names one."""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fleettui import config
from fleettui.connect.trust import refused_host
from fleettui.errors import Unusable

NAMES = ("smtp-password", "imap-password", "slack-bot-token", "slack-app-token", "github-token")
HOSTS = "FLEETTUI_CONNECT_HOSTS"
CREDENTIALS = "CREDENTIALS_DIRECTORY"
FILE = "secrets.toml"


class Secrets:
    """Looked up each time, so that a new one is used without a restart."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = environment
        self._given: set[str] = set()

    @property
    def file(self) -> Path:
        return config.user_config(self._environment).parent / FILE

    def get(self, name: str) -> str:
        """Empty where there is none. The environment counts first, then systemd's credentials, then the file."""
        given = self._environment.get(variable_of(name), "") or self._credential(name)
        secret = (given or self._in_file().get(name, "")).strip()
        if secret:
            self._given.add(secret)
        return secret

    def for_host(self, name: str, file: Path, host: str) -> str:
        """As `get`, for a server that connections.json (`file`) names; refused where anybody could have named it."""
        secret = self.get(name)
        why = refused_host(file, host, self.hosts) if secret else ""
        if why:
            raise Unusable(why)
        return secret

    @property
    def hosts(self) -> frozenset[str]:
        """Servers that the administrator has named beside the secrets."""
        given: Any = self._environment.get(HOSTS, "").split() or self._file_values().get("hosts", [])
        return frozenset(str(host).casefold() for host in given) if isinstance(given, list) else frozenset()

    def hidden(self, text: str) -> str:
        """Words of another machine, which may repeat what it was sent."""
        for secret in self._given:
            text = text.replace(secret, "***")
        return text

    def _credential(self, name: str) -> str:
        folder = self._environment.get(CREDENTIALS)
        if not folder:
            return ""
        try:
            return (Path(folder) / name).read_text("utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise Unusable(f"{Path(folder) / name}: cannot be read ({type(error).__name__}).") from None

    def _in_file(self) -> dict[str, str]:
        return {name: value for name, value in self._file_values().items() if isinstance(value, str)}

    def _file_values(self) -> dict[str, Any]:
        """Another account must not be able to read it, or to have written it."""
        try:
            descriptor = os.open(self.file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise Unusable(f"{self.file}: cannot be read ({error.strerror}).") from None
        with os.fdopen(descriptor, "rb") as file:
            facts = os.fstat(descriptor)
            if (
                not stat.S_ISREG(facts.st_mode)
                or facts.st_uid not in (os.geteuid(), 0)
                or facts.st_mode & 0o077
            ):
                raise Unusable(
                    f"{self.file}: holds secrets, and others may read or change it. Run: chmod 600 {self.file}"
                )
            try:
                return tomllib.load(file)
            except ValueError:  # the parser's own words may quote what is in it
                raise Unusable(
                    f'{self.file}: is not TOML. A line of it looks so: smtp-password = "..."'
                ) from None


def variable_of(name: str) -> str:
    """FLEETTUI_SMTP_PASSWORD for smtp-password."""
    return f"FLEETTUI_{name.upper().replace('-', '_')}"
