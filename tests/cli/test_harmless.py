"""Nothing that a terminal obeys gets through what is printed, whoever wrote it into the files of the workspace."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from fleettui.errors import FleettuiError
from fleettui.store.protocol import Stamp
from fleettui.store.tinydb.store import TinyDBStore
from fleettui.text import cleaning
from fleettui.workspace.collections import ALL
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.homes import make_home

CLIPBOARD = "\x1b]52;c;cm0gLXJmIH4=\x07"
EVIL = f'{CLIPBOARD}\x1b[6n\x1b[>c\x1bP$q"p\x1b\\\x9b6n\x9d52;c;eA==\x9c\x1bc\x1b[2J\u202e\u2066\x7f\x08\U000e0041'
OBEYED = {
    chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}
OBEYED |= {"\U000e0041"}
OBEYED -= {"\n", "\t"}

COMMANDS = [
    "today --all",
    "tickets list --all",
    "tickets show {tickets}",
    "tickets explain {tickets}",
    "tickets next",
    "tickets files {tickets}",
    "tickets drafts",
    "calls list --all",
    "calls show {calls}",
    "calls slots {calls}",
    "rituals list",
    "rituals show {rituals}",
    "rituals week",
    "playbooks list --all",
    "playbooks show {runs}",
    "people list",
    "people show {people}",
    "customers list",
    "customers show {customers}",
    "channels list",
    "oncall",
    "retro",
    "report week",
    "report week --format md",
    "report week --format csv",
    "history",
    "history {tickets}",
    "sla table",
    "message",
    "doctor",
    "handbook check",
]


def evil_strings(value: Any, path: tuple[str, ...], left_out: set[tuple[str, ...]]) -> Any:
    """Every text of a document with an attack at its end; but where its type knows only certain words, and ids."""
    match value:
        case str() if path not in left_out:
            return value + EVIL
        case list():
            return [evil_strings(part, path, left_out) for part in value]
        case dict():
            return {key: evil_strings(part, (*path, key), left_out) for key, part in value.items()}
        case _:
            return value


def texts_in(value: Any, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    match value:
        case str():
            return {path}
        case list():
            return {inner for part in value for inner in texts_in(part, path)}
        case dict():
            return {inner for key, part in value.items() for inner in texts_in(part, (*path, key))}
        case _:
            return set()


KEPT = {
    "weekday",
    "monthday",
    "id",
    "rev",
    "login",
    "customer",
    "playbook",
    "assignee",
    "dri",
    "host",
    "ritual",
    "key",
    "merged_into",
    "zone",
    "person",
}
"""References: with another text nothing would be shown at all."""


def made_evil(document: Any) -> Any:
    plain = msgspec.to_builtins(document)
    paths = texts_in(plain)
    left_out = {path for path in paths if path[-1] in KEPT}
    for path in paths - left_out:
        try:
            msgspec.convert(evil_strings(plain, (), paths - {path}), type(document))
        except (msgspec.ValidationError, ValueError, FleettuiError):
            left_out.add(path)
    return msgspec.convert(evil_strings(plain, (), left_out), type(document))


@pytest.fixture(scope="module")
def evil_home(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A team at work, in whose files somebody has written by hand: as the store itself would, past every cleaning."""
    home = make_home(tmp_path_factory.mktemp("evil") / "home", MONDAY_MORNING, demo=True)
    store = TinyDBStore(home, "mallory")
    ids: dict[str, str] = {}
    for collection in ALL:
        for document in list(store.all(collection)):
            ids[collection.name] = document.id
            store.change(
                collection,
                document.id,
                made_evil,
                Stamp("mallory" + EVIL, MONDAY_MORNING, "tickets.set", EVIL),
            )
    return home, ids


def attacks_in(text: str) -> set[str]:
    return OBEYED & set(text)


@pytest.mark.parametrize("words", COMMANDS)
def test_no_command_prints_what_a_terminal_obeys(evil_home: Any, words: str) -> None:
    home, ids = evil_home
    done = InProcess(home).run(*words.format(**ids).split())
    assert attacks_in(done.stdout) == set()
    assert attacks_in(done.stderr) == set()


@pytest.mark.parametrize("words", ["tickets list --all", "calls list --all", "people list", "history"])
def test_json_has_all_of_it_and_shows_none_of_it(evil_home: Any, words: str) -> None:
    """A script gets what stands in the files; a terminal that shows the JSON obeys nothing of it."""
    done = InProcess(evil_home[0]).run(*words.split(), "--json")
    assert attacks_in(done.stdout) == set()
    assert "\x9b6n" in json.dumps(json.loads(done.stdout), ensure_ascii=False)


def test_names_of_files_logins_and_policy_are_harmless_too(evil_home: Any, tmp_path: Any) -> None:
    home, _ = evil_home
    strange = tmp_path / f"a{EVIL.replace('/', '')}.ics"
    policy = home / "handbook" / "sla.json"
    before = policy.read_text()
    policy.write_text(json.dumps({**json.loads(before), EVIL: 1}))
    (home / "handbook" / "playbooks" / f"x{EVIL.replace('/', '')}.json").write_text("{")
    cli = InProcess(home, environment={"LOGNAME": f"me{EVIL}", "USER": f"me{EVIL}"})
    for words in (
        ["calls", "import", str(strange)],
        ["today"],
        ["handbook", "check"],
        ["doctor"],
        ["tickets", "show", EVIL],
    ):
        done = cli.run(*words)
        assert attacks_in(done.stdout) | attacks_in(done.stderr) == set(), words
    policy.write_text(before)


def test_harmless_keeps_all_that_is_only_text() -> None:
    kept = "two\nlines\tand a tab, é, 日本, 👩‍🚀, \u200f right to left mark"
    assert cleaning.harmless(kept) == kept
    assert cleaning.harmless("x" * 1_000_000) == "x" * 1_000_000
    assert cleaning.harmless(EVIL) == "".join(sign for sign in cleaning.harmless(EVIL) if sign not in OBEYED)


def test_json_stays_json() -> None:
    text = json.dumps({"a": EVIL, "b": "日本"}, ensure_ascii=False)
    assert json.loads(cleaning.harmless_json(text)) == json.loads(text)
    assert attacks_in(cleaning.harmless_json(text)) == set()
