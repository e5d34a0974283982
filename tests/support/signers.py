"""SSH keys, and the system's list of who signs."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from fleettui.store.signing import Signers, SshKey


def new_key(folder: Path, login: str, *, passphrase: str = "") -> SshKey:
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", login, "-f", str(folder / login)]
    subprocess.run(command, check=True)
    return SshKey(folder / login)


def signers(folder: Path, keys: Mapping[str, SshKey], options: str = "") -> Signers:
    file = folder / "allowed_signers"
    between = f" {options} " if options else " "
    lines = [
        f"{login}{between}{key.file.with_suffix('.pub').read_text().strip()}\n" for login, key in keys.items()
    ]
    file.write_text("# who signs\n" + "".join(lines))
    return Signers.read(file)
