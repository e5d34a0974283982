"""docs/cli.md says what there is: every command, subcommand and option, and no other."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

from fleettui.cli.main import COMMANDS
from fleettui.cli.parser import Parser
from fleettui.workspace.workspace import Workspace
from tests.support.command_line import InProcess

TEXT = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
SYNOPSES = re.findall(r"^    (fleettui .+)$", TEXT, re.MULTILINE)
IN_ALL = {"--help", "--json", "--home", "--request-id"}
KEYS = {
    name: set(re.findall(r"`(\w+)`", re.sub(r"\([^)]*\)", "", cell)))
    for name, cell in re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", TEXT.partition("## JSON")[2], re.MULTILINE)
}
"""The keys of each row of the table, without what stands in parentheses."""


@pytest.fixture
def demo(made: Callable[..., Workspace]) -> InProcess:
    workspace = made(demo=True)
    workspace.close()
    return InProcess(workspace.home)


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    return {
        option for action in parser._actions for option in action.option_strings if option.startswith("--")
    } - IN_ALL


def commands() -> Iterator[tuple[str, set[str]]]:
    """Every command that can be given, with its own options."""
    for name in COMMANDS:
        parser = Parser(prog=name)
        import_module(f"fleettui.cli.commands.{name}").arguments(parser)
        below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
        if not (below and below[0].required):
            yield name, options_of(parser)
        for action in below:
            for word, subcommand in action.choices.items():
                yield f"{name} {word}", options_of(subcommand)


def documented() -> Iterator[tuple[str, set[str]]]:
    for synopsis in SYNOPSES:
        words = re.match(r"fleettui((?: [a-z][a-z-]*)*)", synopsis)
        assert words
        yield words[1].strip(), set(re.findall(r"--[a-z-]+", synopsis))


def test_every_command_and_option_is_documented_and_no_other() -> None:
    existing = dict(commands())
    written = {name: options for name, options in documented() if name}
    assert sorted(written) == sorted(existing)
    assert {name: options for name, options in written.items() if options != existing[name]} == {}


def test_no_command_stands_there_twice() -> None:
    names = [name for name, _ in documented()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("`sla due`", ["sla", "due", "--tier", "Premium", "--priority", "P1", "--at", "2026-03-09T08:00", "--explain"]),
        ("a ticket", ["tickets", "list"]),
        ("`tickets show`", ["tickets", "show", "T-1001"]),
        ("a ritual in `list`", ["rituals", "list", "--all"]),
        ("a call", ["calls", "list"]),
        ("a playbook run", ["playbooks", "list"]),
        ("`doctor`", ["doctor"]),
        ("`history`", ["history", "--limit", "3"]),
        ("`today`", ["today"]),
    ],
)  # fmt: skip
def test_the_keys_of_the_table_are_in_the_json(demo: InProcess, row: str, words: list[str]) -> None:
    printed = demo.json(*words)
    shown = printed if isinstance(printed, list) else [printed]
    assert shown
    assert KEYS[row]
    for item in shown:
        assert item.keys() >= KEYS[row]
