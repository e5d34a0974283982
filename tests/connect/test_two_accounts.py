"""The service runs as one account of the box, a person works as another: one shared workspace."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fleettui.store.tinydb import doctor
from fleettui.workspace.collections import ALL
from tests.support.certificates import Certificates, certificates
from tests.support.clocks import MONDAY_MORNING
from tests.support.connect_service import environment, set_up, until
from tests.support.homes import make_home
from tests.support.imap_server import ImapServer, mail
from tests.support.smtp_server import SmtpServer

GROUP = 61_000
PERSON, SERVICE = "daemon", "bin"
"""Two accounts that every Linux box has."""
REPOSITORY = Path(__file__).parents[2]


def as_account(login: str) -> dict[str, Any]:
    return {"user": login, "group": GROUP, "extra_groups": [], "umask": 0o027, "cwd": REPOSITORY}


def can_others_use_this_python() -> bool:
    if os.geteuid() != 0:
        return False
    try:
        words = [sys.executable, "-c", "import fleettui.cli.main"]
        return subprocess.run(words, capture_output=True, check=False, **as_account(PERSON)).returncode == 0
    except OSError:
        return False


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not can_others_use_this_python(),
        reason="only root can be two other accounts, and they have to be able to use this Python",
    ),
]


@pytest.fixture
def keys() -> Iterator[Certificates]:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield certificates(folder)
    shutil.rmtree(folder)


@pytest.fixture
def home(keys: Certificates) -> Path:
    return make_home(keys.ca.parent / "home", MONDAY_MORNING, PERSON)


def shared(home: Path) -> None:
    """As `init --shared` and `chown root handbook/connections.json && chmod go-w` leave it."""
    for path in (home, *home.rglob("*")):
        shutil.chown(path, PERSON, GROUP)
        path.chmod(0o2770 if path.is_dir() else 0o660)
    policy = home / "handbook/connections.json"
    os.chown(policy, 0, GROUP)
    policy.chmod(0o640)


def person(home: Path, *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "fleettui", *words, "--home", str(home), "--json"],
        env=environment({"HOME": "/nonexistent"}),
        capture_output=True,
        check=False,
        **as_account(PERSON),
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_mail_arrives_by_the_account_of_the_service_and_the_answer_of_a_person_leaves(
    home: Path, keys: Certificates
) -> None:
    smtp, imap = SmtpServer(keys), ImapServer(keys)
    set_up(home, keys, smtp, imap)
    shared(home)
    words = [sys.executable, "-m", "fleettui", "connect", "--home", str(home)]
    secrets = environment({"HOME": "/nonexistent"})
    service = subprocess.Popen(words, env=secrets, **as_account(SERVICE))
    try:
        imap.deliver([mail(1)])
        (ticket,) = until(lambda: person(home, "tickets", "list"))
        person(home, "tickets", "reply", ticket["id"], "--body", "We see it.")
        until(lambda: smtp.mails)
        until(lambda: person(home, "outbox", "list")[0]["state"] == "sent")
        assert smtp.mails[0].text == "We see it.\n"
        assert (home / "service/status.json").owner() == SERVICE
        assert list(doctor.examine(home, ALL)) == [], "the doctor takes nothing of it for a fault"
    finally:
        service.terminate()
        assert service.wait(60) == 0
        imap.stop()
        smtp.close()
