"""The JSON that each command prints has the fields that `fleettui commands --json` declares: an example of every one is run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fleettui.cli.json_fields import JSON_FIELDS, LINES, LISTS, SEVERAL
from tests.cli.test_request_id import MAIL, MAILS, READING, WRITING, demo, lines_of, prepared
from tests.support.command_line import InProcess
from tests.support.connections import connect

__all__ = ["demo", "prepared"]

EVENT = {
    "type": "event_callback",
    "event_id": "Ev1",
    "event": {
        "type": "message",
        "channel": "C0123456789",
        "user": "U1",
        "text": "It fails",
        "ts": "1773072000.0",
    },
}
WITH_ROWS = {
    "connect status": "connect status",
    "follow": "follow --once --since start",
    "issues list": "tickets issue T-1006 --link https://github.com/fleetdm/fleet/issues/7; issues list",
    "outbox list": "outbox retry {unsent}; outbox list",
    "tickets details": "tickets details T-1006",
    "tickets files": "tickets attach T-1010 - --name log.txt; tickets files T-1010",
}
"""Where the example of another test prints no rows, or something else."""
ON_A_DATABASE = {"handbook push", "people role"}
"""Commands that a workspace in a folder refuses: see tests/workspace/database/test_place.py."""
STDIN = {"intake mail": MAIL, "tickets count": MAILS, "intake slack": json.dumps(EVENT)}


def example_of(name: str, demo: InProcess) -> list[list[str]]:
    example = WITH_ROWS.get(name) or {**WRITING, **READING}[name] or name
    if "{backup}" in example:
        demo.ok("backup")
        (backup,) = (demo.home / "backups").glob("whole-*.zip")
        sure = "--yes" if "--yes" in demo.ok("restore", "--help") else ""
        return [["restore", str(backup), *sure.split()]]
    return lines_of(demo, example)


def printed_rows(name: str, text: str, several: bool) -> list[dict[str, Any]]:
    if name in LINES:
        return [json.loads(line) for line in text.splitlines()]
    value = json.loads(text)
    assert isinstance(value, list) == (name in LISTS or (name in SEVERAL and several)), "an array or not"
    return value if isinstance(value, list) else [value]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(JSON_FIELDS.keys() - ON_A_DATABASE))
def test_the_declared_fields_are_in_the_json(name: str, demo: InProcess) -> None:
    if name == "admin setup":
        image = demo.home.parent / "image"
        (image / "etc").mkdir(parents=True)
        (image / "etc" / "passwd").write_text("kathy:x:2001:2001:Kathy:/home/kathy:/bin/sh\n")
        (image / "etc" / "group").write_text("kathy:x:2001:\n")
        lines = [["admin", "setup", "--dry-run", "--member", "kathy", "--root", str(image)]]
    else:
        lines = example_of(name, demo)
    if name == "init":
        demo = InProcess(demo.home.parent / "new")
    if name == "connect status":
        connect(demo.home)
    stdin = STDIN.get(name, "something")
    *before, words = lines
    for line in before:
        demo.ok(*line, stdin=stdin)
    done = demo.run(*words, *([] if "--json" in words else ["--json"]), stdin=stdin)
    assert done.returncode in (0, 1), done.stderr
    rows = printed_rows(name, done.stdout, several=any("," in word for word in words))
    assert rows, "an example that prints a row"
    for row in rows:
        assert row.keys() >= set(JSON_FIELDS[name]), set(JSON_FIELDS[name]) - row.keys()


def test_nothing_is_declared_twice() -> None:
    assert all(len(set(fields)) == len(fields) for fields in JSON_FIELDS.values())
