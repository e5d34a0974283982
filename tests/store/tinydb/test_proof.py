"""Where people sign, the doctor names whatever stands in their name and is not what they signed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from fleettui.store.protocol import Entry
from fleettui.store.signing import CannotSign, Signers, SshKey
from fleettui.store.tinydb import proof, table_file
from fleettui.store.tinydb.store import TinyDBStore
from fleettui.store.tinydb.table_file import HistoryRow, TableFile
from tests.support.signers import new_key, signers
from tests.support.things import NOW, THINGS, Thing, added, new_home, noting, setting, stamp

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH's ssh-keygen is not here")


class Team:
    """A workspace in which kathy and alex sign."""

    def __init__(self, folder: Path) -> None:
        self.home = new_home(folder)
        self.keys = {login: new_key(folder, login) for login in ("kathy", "alex")}
        self.signers = signers(folder, self.keys)

    def store(self, login: str, key: SshKey | None = None) -> TinyDBStore:
        return TinyDBStore(self.home, login, sign=lambda: key or self.keys.get(login))

    def findings(self, known: Signers | None = None) -> list[str]:
        return [finding.what for finding in proof.examine(self.home, [THINGS], known or self.signers)]

    def rewrite(self, id_: str, edit: Callable[[list[Entry]], list[Entry]], document: Any = None) -> None:
        """As a member can who knows the format: the file is a whole one afterwards."""
        self.store("kathy").checkpoint(THINGS, NOW)
        file = TableFile(self.home / "things.json", Thing)
        tables = file.read()
        rows = table_file.decode_histories(table_file.history_json(tables))
        edited = []
        for of, (number, row) in rows.items():
            entries = msgspec.json.decode(row, type=HistoryRow).entries
            edited.append(
                (number, msgspec.json.encode(HistoryRow(of, edit(entries) if of == id_ else entries)))
            )
        documents = {
            int(number): document if document is not None and kept.id == id_ else kept
            for number, kept in tables["_default"].items()
        }
        file.write(table_file.tables_of(tables["_meta"]["1"], documents, edited))


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


def worked(team: Team) -> Thing:
    """A thing that both have changed."""
    kathy, alex = team.store("kathy"), team.store("alex")
    thing = added(kathy)
    kathy.change(THINGS, thing.id, noting("hers"), stamp(by="kathy"))
    alex.change(THINGS, thing.id, noting("his"), stamp(by="alex"))
    kathy.change(THINGS, thing.id, setting(title="second"), stamp(by="kathy"))
    return thing


def test_what_people_signed_is_proved_before_and_after_a_checkpoint_and_in_the_archive(team: Team) -> None:
    thing = worked(team)
    assert all(entry.signature for entry in team.store("kathy").history(THINGS, thing.id))
    assert team.findings() == []
    store = team.store("alex")
    store.checkpoint(THINGS, NOW)
    assert team.findings() == []
    store.change(THINGS, thing.id, setting(finished=NOW), stamp(by="alex"))
    store.checkpoint(THINGS, NOW + timedelta(days=30))
    assert list((team.home / "archive").glob("things-*.json"))
    assert team.findings() == []
    store.change(THINGS, thing.id, setting(finished=None), stamp(by="alex"))
    store.change(THINGS, thing.id, lambda _: None, stamp(by="alex"))
    store.change(THINGS, thing.id, lambda _: Thing(id=thing.id, title="again"), stamp(by="alex"))
    assert team.findings() == []


def test_several_documents_of_one_commit_and_an_undo_are_proved(team: Team) -> None:
    store = team.store("kathy")
    first, second = added(store), added(store)
    store.change_many(THINGS, {first.id: noting("a"), second.id: noting("b")}, stamp())
    store.revert(THINGS, first.id, 2, stamp("undo"))
    assert team.findings() == []


def test_a_change_in_the_name_of_somebody_who_signs_is_named_when_it_is_not_signed(team: Team) -> None:
    thing = worked(team)
    TinyDBStore(team.home, "zay").change(THINGS, thing.id, noting("forged"), stamp(by="alex"))
    (what,) = team.findings()
    assert what.startswith(f"{thing.id}: change 5 (edit by alex, 2026-03-09 16:00) is not signed")


def test_a_change_that_is_signed_with_anothers_key_is_named(team: Team) -> None:
    thing = worked(team)
    team.store("zay", team.keys["kathy"]).change(THINGS, thing.id, noting("forged"), stamp(by="alex"))
    (what,) = team.findings()
    assert "change 5" in what and "was not signed by this person" in what


def test_who_does_not_sign_changes_nothing_for_the_others(team: Team) -> None:
    thing = worked(team)
    TinyDBStore(team.home, "zay").change(THINGS, thing.id, noting("own"), stamp(by="zay"))
    team.store("alex").change(THINGS, thing.id, noting("after"), stamp(by="alex"))
    assert team.findings() == []


FORGERIES: dict[str, Callable[[list[Entry]], list[Entry]]] = {
    "another reason": lambda entries: [*entries[:2], replace(entries[2], why="he said so"), *entries[3:]],
    "another time": lambda entries: [*entries[:2], replace(entries[2], at=NOW - timedelta(days=1)), *entries[3:]],
    "another person": lambda entries: [*entries[:2], replace(entries[2], by="kathy"), *entries[3:]],
    "a signature taken away": lambda entries: [*entries[:2], replace(entries[2], signature=""), *entries[3:]],
    "a change taken out": lambda entries: [
        *entries[:1], *(replace(entry, rev=entry.rev - 1) for entry in entries[2:])],
    "a change put in": lambda entries: [
        *entries[:3], replace(entries[2], by="zay", signature="", rev=4), replace(entries[3], rev=5)],
    "two exchanged": lambda entries: [entries[0], replace(entries[2], rev=2), replace(entries[1], rev=3), entries[3]],
    "one repeated": lambda entries: [*entries, replace(entries[3], rev=5)],
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_history_that_was_rewritten_is_named(team: Team, forgery: str) -> None:
    thing = worked(team)
    team.rewrite(thing.id, FORGERIES[forgery])
    assert team.findings(), forgery


def test_a_document_whose_beginning_was_rewritten_is_named(team: Team) -> None:
    """Its history says nothing of fields that nobody has changed since it was made."""
    store = team.store("kathy")
    thing = added(store)
    forged = replace(thing, rev=1, count=7)
    team.rewrite(thing.id, lambda entries: entries, forged)
    (what,) = team.findings()
    assert what.startswith(f"{thing.id}: change 1 (add by kathy")


def test_an_entry_of_another_document_is_named(team: Team) -> None:
    thing, other = worked(team), added(team.store("kathy"))
    stolen = team.store("kathy").history(THINGS, thing.id)[:1]
    team.rewrite(other.id, lambda _: stolen, replace(thing, id=other.id, rev=1))
    assert any(what.startswith(other.id) for what in team.findings())


def test_what_cannot_be_signed_is_not_written(team: Team) -> None:
    thing = worked(team)
    key = team.keys["kathy"]
    key.file.unlink()
    key.file.with_suffix(".pub").unlink()
    with pytest.raises(CannotSign, match="nothing was changed"):
        team.store("kathy").change(THINGS, thing.id, noting("lost"), stamp())
    kept = TinyDBStore(team.home, "zay").get(THINGS, thing.id)
    assert kept is not None and "lost" not in kept.notes


def test_what_arrives_is_signed_by_the_account_that_takes_it_in(team: Team, tmp_path: Path) -> None:
    """A mail of a colleague becomes an answer in their name."""
    keys = {**team.keys, "intake": new_key(tmp_path, "intake")}
    known = signers(tmp_path, keys)
    thing = worked(team)
    arrived = msgspec.structs.replace(stamp(by="alex"), session="intake")
    team.store("intake", keys["intake"]).change(THINGS, thing.id, noting("by mail"), arrived)
    assert team.findings(known) == []
    TinyDBStore(team.home, "zay").change(THINGS, thing.id, noting("forged"), arrived)
    assert len(team.findings(known)) == 1
