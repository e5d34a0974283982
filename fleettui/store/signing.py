"""Entries signed with a person's SSH key, so that nobody writes history in another's name unseen.

`ssh-keygen -Y` signs and verifies, with a key file or the agent; the signature is kept with the entry. What is signed names the
collection, the document and the entry before, so that an entry can be neither moved nor put behind another past. Who signs is not
the workspace's to say, which its members can edit: it stands in a file of the system, in the format of OpenSSH's
`allowed_signers`, with logins as principals.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from fleettui.errors import Unusable
from fleettui.store.protocol import Entry

NAMESPACE = "fleettui"
INTAKE = "intake"
"""The session of what arrives, and the principal of the account that takes it in."""
SECONDS = 10
BEGIN, END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
FORMATS = ("%Y%m%d", "%Y%m%d%H%M", "%Y%m%d%H%M%S")
"""Of the dates in `valid-after` and `valid-before`."""


class CannotSign(Unusable):
    """Nothing was changed."""


def content(collection: str, id_: str, entry: Entry, before: Entry | None, made: Mapping[str, Any]) -> bytes:
    """What is signed of an entry. `before` is the document's last entry; `made` all its fields, where the entry makes it."""
    signed = {
        "collection": collection,
        "id": id_,
        "entry": replace(entry, signature=""),
        "before": "" if before is None else hashlib.sha256(msgspec.json.encode(before)).hexdigest(),
        "made": _substance(made) if entry.kind == "made" else None,
    }
    return msgspec.json.encode(signed, order="deterministic")


def _substance(value: Any) -> Any:
    """Without what is empty: a later version of fleettui may know more fields, and writes them empty where nothing is known."""
    if isinstance(value, Mapping):
        parts = {key: _substance(part) for key, part in value.items()}
        return {key: part for key, part in parts.items() if part not in (None, "", [], {}, 0)}
    return [_substance(part) for part in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class SshKey:
    """Signs with a private key, or with the agent that has the key of a public one."""

    file: Path

    def sign(self, signed: bytes) -> str:
        """The signature in one line."""
        result = _ssh_keygen("sign", "-f", str(self.file), given=signed)
        lines = result.stdout.decode(errors="replace").split()
        if result.returncode or BEGIN.split()[0] not in lines:
            why = result.stderr.decode(errors="replace").strip().partition("\n")[0] or "ssh-keygen failed"
            raise CannotSign(
                f"{self.file}: nothing was changed, because it could not be signed ({why}). "
                "Add the key to your ssh-agent, or remove `sign` from your config file."
            )
        return "".join(lines[3:-3])


@dataclass(frozen=True)
class Signers:
    """Who signs, from when on: an `allowed_signers` file."""

    file: Path
    since: Mapping[str, datetime] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> Signers:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Unusable(f"{file}: cannot be read ({error}), so no signature can be checked.") from None
        since: dict[str, datetime] = {}
        for login, begins in _listed(text):
            since[login] = min(begins, since.get(login, begins))
        return cls(file, since)

    def must_sign(self, entry: Entry) -> bool:
        """Whether the entry is of somebody who signs, and from after they began to."""
        begins = self.since.get(entry.by)
        return begins is not None and entry.order >= begins.timestamp() * 1_000_000

    def verify(self, signed: bytes, entry: Entry) -> bool:
        """Whether just this was signed by whom the entry names; of what arrived, also by the account that took it in."""
        takers = [INTAKE] if entry.session == INTAKE and INTAKE in self.since else []
        return any(self._verified(signed, entry, login) for login in (entry.by, *takers))

    def _verified(self, signed: bytes, entry: Entry, login: str) -> bool:
        armoured = f"{BEGIN}\n{entry.signature}\n{END}\n".encode()
        when = datetime.fromtimestamp(entry.order / 1_000_000, UTC).strftime("%Y%m%d%H%M%SZ")
        readable, writable = os.pipe()  # a signature is shorter than what a pipe takes at once
        with os.fdopen(readable, "rb"), os.fdopen(writable, "wb") as pipe:
            pipe.write(armoured[:4096])
            pipe.close()
            options = (
                "-f",
                str(self.file),
                "-I",
                login,
                "-s",
                f"/dev/fd/{readable}",
                "-O",
                f"verify-time={when}",
            )
            return _ssh_keygen("verify", *options, given=signed, keep=readable).returncode == 0


def _ssh_keygen(
    action: str, *options: str, given: bytes, keep: int | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Without a terminal: it must not ask for a passphrase on ours, which belongs to the screens."""
    try:
        return subprocess.run(
            ["ssh-keygen", "-Y", action, "-n", NAMESPACE, *options],
            input=given,
            capture_output=True,
            timeout=SECONDS,
            start_new_session=True,
            pass_fds=() if keep is None else (keep,),
            env={**os.environ, "SSH_ASKPASS_REQUIRE": "never"},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotSign(f"ssh-keygen cannot be used ({error}); install OpenSSH, or remove `sign`.") from None


def _listed(text: str) -> Iterator[tuple[str, datetime]]:
    """Each login, with the `valid-after` of its key."""
    for line in text.splitlines():
        principals, _, rest = line.strip().partition(" ")
        if not principals or principals.startswith("#"):
            continue
        begins = _valid_after(rest.split(" ", 1)[0])
        for login in principals.strip('"').split(","):
            yield login, begins


def _valid_after(options: str) -> datetime:
    """From the beginning of time, where no option says otherwise."""
    for option in options.split(","):
        name, _, value = option.partition("=")
        if name.lower() == "valid-after":
            return _moment(value.strip('"'))
    return datetime.fromtimestamp(0, UTC)


def _moment(text: str) -> datetime:
    """A date as OpenSSH writes it: of the system's zone, or with a Z in UTC."""
    for form in FORMATS:
        try:
            moment = datetime.strptime(text.removesuffix("Z"), form)  # noqa: DTZ007  the zone follows
        except ValueError:
            continue
        return moment.replace(tzinfo=UTC) if text.endswith("Z") else moment.astimezone()
    return datetime.fromtimestamp(0, UTC)
