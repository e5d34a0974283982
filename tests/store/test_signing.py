"""A signed entry cannot be changed, moved, taken out or written in another's name without `ssh-keygen -Y verify` saying so."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from fleettui.errors import Unusable
from fleettui.store import signing
from fleettui.store.protocol import Change, Entry
from fleettui.store.signing import CannotSign, Signers, SshKey
from tests.support.signers import new_key, signers

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH's ssh-keygen is not here")

AT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
MADE = Entry(1, AT, "alex", "tickets.new", "made", recorded=1_793_700_000_000_000)
TAKEN = Entry(
    2, AT, "alex", "tickets.take", changes=(Change(("assignee",), "", "alex"),), recorded=MADE.recorded + 9
)
FIELDS = {"subject": "No sync", "labels": [], "hosts": {"linux": 3, "mac": 0}}


def signed(key: SshKey, entry: Entry, before: Entry | None = None) -> Entry:
    text = signing.content("tickets", "T-1", entry, before, FIELDS)
    return replace(entry, signature=key.sign(text))


def holds(known: Signers, entry: Entry, before: Entry | None = None, **other: str) -> bool:
    where = {"collection": "tickets", "id_": "T-1", **other}
    return known.verify(signing.content(entry=entry, before=before, made=FIELDS, **where), entry)


def test_what_a_person_signed_is_theirs(tmp_path: Path) -> None:
    key = new_key(tmp_path, "alex")
    known = signers(tmp_path, {"alex": key})
    made = signed(key, MADE)
    assert "\n" not in made.signature
    assert holds(known, made)
    assert holds(known, signed(key, TAKEN, made), made)


def test_an_entry_that_was_changed_or_moved_or_has_another_past_is_not_what_was_signed(
    tmp_path: Path,
) -> None:
    key = new_key(tmp_path, "alex")
    known = signers(tmp_path, {"alex": key})
    made = signed(key, MADE)
    taken = signed(key, TAKEN, made)
    assert not holds(known, replace(taken, why="x"), made)
    assert not holds(known, replace(taken, rev=3), made)
    assert not holds(known, replace(taken, changes=(Change(("assignee",), "", "kathy"),)), made)
    assert not holds(known, taken, replace(made, why="x"))
    assert not holds(known, taken, None)
    assert not holds(known, taken, made, id_="T-2")
    assert not holds(known, taken, made, collection="calls")
    assert not known.verify(signing.content("tickets", "T-1", made, None, {"subject": "Other"}), made)


def test_nobody_signs_for_another(tmp_path: Path) -> None:
    alex, kathy = new_key(tmp_path, "alex"), new_key(tmp_path, "kathy")
    known = signers(tmp_path, {"alex": alex, "kathy": kathy})
    assert not holds(known, signed(kathy, MADE))
    assert holds(known, signed(kathy, replace(MADE, by="kathy")))
    assert not holds(known, replace(MADE, signature="x" * 9000))
    assert not holds(known, replace(MADE, signature="-f /etc/passwd"))


def test_fields_that_a_later_version_knows_and_nobody_filled_change_nothing() -> None:
    later = {**FIELDS, "urgent": False, "notes": "", "tags": [], "more": {"deep": None, "count": 0}}
    assert signing.content("t", "1", MADE, None, later) == signing.content("t", "1", MADE, None, FIELDS)


def test_a_person_must_sign_from_when_their_key_is_valid(tmp_path: Path) -> None:
    key = new_key(tmp_path, "alex")
    before = datetime.fromtimestamp((MADE.recorded - 10) / 1_000_000, UTC).strftime("%Y%m%d%H%M%SZ")
    after = datetime.fromtimestamp((MADE.recorded + 9_000_000) / 1_000_000, UTC).strftime("%Y%m%d%H%M%SZ")
    assert signers(tmp_path, {"alex": key}).must_sign(MADE)
    assert signers(tmp_path, {"alex": key}, f'valid-after="{before}",namespaces="fleettui"').must_sign(MADE)
    known = signers(tmp_path, {"alex": key}, f'valid-after="{after}"')
    assert not known.must_sign(MADE)
    assert not known.must_sign(replace(MADE, by="kathy"))
    assert not holds(known, signed(key, MADE)), "the key was not valid then"


def test_the_agent_signs_with_the_public_key_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = new_key(tmp_path, "alex")
    known = signers(tmp_path, {"alex": key})
    socket = tmp_path / "agent"
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL)
    try:
        while not socket.exists():
            assert agent.poll() is None
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        subprocess.run(["ssh-add", "-q", str(key.file)], check=True)
        key.file.unlink()
        assert holds(known, signed(SshKey(key.file.with_suffix(".pub")), MADE))
    finally:
        agent.terminate()
        agent.wait()


@pytest.mark.parametrize("why", ["no key", "passphrase", "no agent"])
def test_what_cannot_be_signed_is_refused_in_a_line_and_without_a_question(
    why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    key = new_key(tmp_path, "alex", passphrase="secret" if why == "passphrase" else "")
    if why == "no key":
        key = SshKey(tmp_path / "nowhere")
    if why == "no agent":
        key.file.unlink()
        key = SshKey(key.file.with_suffix(".pub"))
    with pytest.raises(CannotSign) as refused:
        key.sign(b"x")
    assert "nothing was changed" in str(refused.value) and "\n" not in str(refused.value)


def test_a_list_of_signers_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="no signature can be checked"):
        Signers.read(tmp_path / "nowhere")
