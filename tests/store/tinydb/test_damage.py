"""Damage is named with its file and line, never overwritten, and mended by the command that the message gives."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from fleettui.errors import Refused, Unusable
from fleettui.store import files
from fleettui.store.tinydb import backup, damage, doctor, found_lines, restore, table_file
from fleettui.store.tinydb.store import TinyDBStore
from tests.support.things import NOW, THINGS, added, new_home, noting, setting, stamp


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Three things, a backup generation behind them, and changes in the journal."""
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy")
    for title in ("one", "two", "three"):
        added(store, title)
    store.checkpoint(THINGS, NOW)
    store.change(THINGS, "X-1001", noting("in the second journal"), stamp())
    store.checkpoint(THINGS, NOW)
    store.change(THINGS, "X-1002", noting("only in the journal"), stamp())
    store.close()
    return home


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def opened(home: Path) -> TinyDBStore:
    store = TinyDBStore(home, "zay")
    store.all(THINGS)
    return store


def refusal(home: Path) -> str:
    with pytest.raises(Unusable) as refused:
        opened(home)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ('"title":"two"', '"title":2', 4, "document X-1001: field title: expected str, got int"),
        ('"title":"two"', '"titel":"two"', 4, "document X-1001"),
        ('"title":"two"', '"title":"two', 4, "not JSON at column"),
        ('"1000":{', '"1000":{{', 3, "not JSON at column"),
        ('"_default"', '"_defualt"', 1, "missing required field"),
    ],
)
def test_damage_is_named_with_line_document_and_field(
    home: Path, old: str, new: str, line: int, what: str
) -> None:
    spoil(home / "things.json", old, new)
    message = refusal(home)
    assert f"things.json, line {line}: " in message and what in message
    assert "fleettui restore" in message


def test_damage_is_never_overwritten(home: Path) -> None:
    path = home / "things.json"
    spoil(path, '"title":"two"', '"title":2')
    before = path.read_bytes()
    for _ in range(2):
        with pytest.raises(Unusable):
            TinyDBStore(home, "zay").change(THINGS, "X-1000", setting(count=1), stamp())
    assert path.read_bytes() == before


def test_a_newer_format_is_refused_not_called_damage(home: Path) -> None:
    path = home / "things.json"
    path.write_bytes(path.read_bytes().replace(b'"_meta"', b'"_meta" ', 1))  # not ours to check
    spoil(path, '"format":2', '"format":3')
    assert "is of format 3" in refusal(home) and "Update fleettui" in refusal(home)
    spoil(path, '"title":"two"', '"titles":["two"]')
    assert "is of format 3" in refusal(home)


def test_a_damaged_number_is_not_taken_for_a_newer_format(home: Path) -> None:
    spoil(home / "things.json", '"format":2', '"format":3')
    assert "line 1: the row _meta: it was changed" in refusal(home)


def test_a_damaged_line_in_the_middle_of_the_journal_is_named(home: Path) -> None:
    store = TinyDBStore(home, "zay")
    store.change(THINGS, "X-1000", setting(count=1), stamp())
    store.close()
    spoil(home / "journal" / "things-000003.jsonl", "only in the journal", 'only"in the journal')
    assert "things-000003.jsonl, line 2: document X-1002: not a change record" in refusal(home)


def test_a_missing_checkpoint_is_not_taken_for_an_empty_collection(home: Path) -> None:
    (home / "things.json").unlink()
    assert "the file is missing, though its journal or a backup is there" in refusal(home)


def restore_as_told(home: Path, message: str) -> list[str]:
    command = re.search(r"fleettui restore (\S+\.json)", message)
    assert command
    store = TinyDBStore(home, "zay")
    return restore.restore(store, [THINGS], Path(command[1]), NOW).done


@pytest.mark.parametrize("harm", ["spoilt", "missing", "empty"])
def test_the_command_given_restores_the_last_acknowledged_change(home: Path, harm: str) -> None:
    healthy = TinyDBStore(home, "zay").all(THINGS)
    path = home / "things.json"
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(b"" if harm == "empty" else path.read_bytes()[:-200])
    done = restore_as_told(home, refusal(home))
    assert "then 2 later changes from the journal" in done[0]
    store = opened(home)
    assert sorted(store.all(THINGS), key=lambda t: t.id) == healthy
    assert [entry.rev for entry in store.history(THINGS, "X-1002")] == [1, 2]
    assert [finding for finding in doctor.examine(home, [THINGS]) if finding.severity == "error"] == []


def test_open_sessions_notice_a_restore(home: Path) -> None:
    session = opened(home)
    zipped = backup.backup(session, [THINGS], NOW)
    session.change(THINGS, "X-1000", setting(title="a mistake"), stamp())
    other = opened(home)
    restore.restore(TinyDBStore(home, "admin"), [THINGS], zipped, NOW, sure=True)
    for reader in (session, other):
        assert "X-1000" in reader.watch()["things"]
        after = reader.get(THINGS, "X-1000")
        assert after is not None and after.title == "one"
    assert session.change(THINGS, "X-1000", setting(count=3), stamp()) is not None
    other.watch()
    assert other.all(THINGS) == session.all(THINGS)


def test_a_backup_holds_archive_and_all_and_what_it_replaces_is_kept(home: Path) -> None:
    store = opened(home)
    store.change(THINGS, "X-1000", setting(finished=NOW - timedelta(days=40)), stamp())
    store.checkpoint(THINGS, NOW)
    zipped = backup.backup(store, [THINGS], NOW)
    before = store.all(THINGS, archived=True)
    for path in (home / "archive").iterdir():
        path.unlink()
    restore.restore(store, [THINGS], zipped, NOW)
    assert opened(home).all(THINGS, archived=True) == before
    assert list((home / "backups").glob("replaced-*/things.json"))


def test_a_damaged_backup_restores_nothing(home: Path) -> None:
    store = opened(home)
    zipped = backup.backup(store, [THINGS], NOW)
    content = bytearray(zipped.read_bytes())
    content[60] ^= 0xFF
    zipped.write_bytes(content)
    before = store.all(THINGS)
    with pytest.raises(Unusable):
        restore.restore(store, [THINGS], zipped, NOW)
    assert opened(home).all(THINGS) == before


def test_restoring_what_is_not_there_or_not_ours_is_refused(home: Path, tmp_path: Path) -> None:
    store = opened(home)
    with pytest.raises(Refused, match="no such file"):
        restore.restore(store, [THINGS], tmp_path / "nothing.json", NOW)
    other = tmp_path / "other.json"
    other.write_bytes(
        (home / "things.json").read_bytes().replace(b'"collection":"things"', b'"collection":"wings"')
    )
    with pytest.raises(Refused, match="wings"):
        restore.restore(store, [THINGS], other, NOW)


def test_the_doctor_finds_nothing_in_a_healthy_home(home: Path) -> None:
    assert list(doctor.examine(home, [THINGS])) == []


def test_the_doctor_names_what_others_could_write_or_read(home: Path) -> None:
    (home / "things.json").chmod(0o666)
    (home / "journal").chmod(0o755)
    (home / "backups" / "link").symlink_to("/etc/passwd")
    by_name = {Path(finding.file).name: finding for finding in doctor.examine(home, [THINGS])}
    assert "others can write it (mode 0666)" in by_name["things.json"].what
    assert "others can read it" in by_name["journal"].what
    assert "symbolic link" in by_name["link"].what
    assert by_name["things.json"].mend == f"chmod 0600 {home / 'things.json'}"


def test_the_doctor_names_damage_and_gaps(home: Path) -> None:
    path = home / "things.json"
    path.write_text(json.dumps(json.loads(path.read_text())))
    spoil(path, '"rev": 1, "title": "one"', '"rev": 4, "title": "one"')
    findings = [finding.what for finding in doctor.examine(home, [THINGS])]
    assert findings == ["X-1000: is at revision 4, its history ends at 1"]
    spoil(path, '"title": "two"', '"title": 2')
    assert any("document X-1001" in finding.what for finding in doctor.examine(home, [THINGS]))


def test_a_wrong_type_from_a_verb_is_refused_before_it_is_written(home: Path) -> None:
    store = opened(home)
    with pytest.raises(Refused, match="field count: expected int, got str"):
        store.change(THINGS, "X-1000", setting(count="many"), stamp())
    assert opened(home).get(THINGS, "X-1000") == store.get(THINGS, "X-1000")


def test_every_error_of_the_disk_says_what_to_do() -> None:
    for number in (*files.FULL, *files.FORBIDDEN):
        message = str(files.explain(OSError(number, "reason"), "tickets.json"))
        assert message.startswith("tickets.json: ") and message.endswith(".")


def test_histories_are_found_by_whose_they_are(home: Path) -> None:
    content = (home / "things.json").read_bytes()
    row = found_lines.find_history(content, "X-1001")
    assert row is not None and [entry.rev for entry in table_file.decode_row(row).entries] == [1, 2]


@pytest.mark.parametrize("harm", ['"rev":"one"', '"rev":null'])
def test_a_damaged_history_is_named_with_the_command_that_mends_it(home: Path, harm: str) -> None:
    path = home / "things.json"
    before, history, after = path.read_text().partition('\n"history"')
    path.write_text(before + history + after.replace('"rev":1', harm))
    with pytest.raises(damage.Damaged, match="the history of document X-1000: it was changed") as damaged:
        TinyDBStore(home, "zay").history(THINGS, "X-1001")
    assert "fleettui restore" in str(damaged.value)
    path.write_text(json.dumps(json.loads(path.read_text())))
    with pytest.raises(damage.Damaged, match="the histories cannot be read") as damaged:
        TinyDBStore(home, "zay").history(THINGS, "X-1001")
    assert "fleettui restore" in str(damaged.value)


def test_an_id_that_nothing_can_have_is_unknown_and_no_error(home: Path) -> None:
    store = TinyDBStore(home, "zay")
    assert store.get(THINGS, "T-\udcff") is None and store.history(THINGS, "T-\udcff") == []
