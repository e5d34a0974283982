"""fleettui keys: the keys that work for me, and what is wrong in my keys.toml. It needs no workspace."""

from __future__ import annotations

import argparse
from itertools import groupby
from typing import TYPE_CHECKING, Any

from fleettui import config
from fleettui.cli import ending, width
from fleettui.cli.output import print_json, print_result
from fleettui.cli.parser import Context, add_common_options
from fleettui.errors import Refused
from fleettui.text.reading import listed

if TYPE_CHECKING:
    from screens.commands.keymap import Keymap

KEYS_WIDTH, ID_WIDTH = 22, 24


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run, reads=True)
    parser.add_argument("--check", action="store_true", help="only say what is wrong in keys.toml")


def _run(options: argparse.Namespace, context: Context) -> int:
    from screens.commands.keymap import of_person  # the keys are declared there; without Textual

    keymap = of_person()
    if options.check:
        return _check(options, keymap)
    if options.json:
        print_json(_as_json(keymap))
        return 0
    _print(keymap)
    for line in (*keymap.problems, *_renamed(keymap)):
        ending.say(line)
    return 0


def _check(options: argparse.Namespace, keymap: Keymap) -> int:
    problems = list(keymap.problems)
    count = f"{len(problems)} mistake{'s' if len(problems) != 1 else ''}" if problems else "no mistakes"
    value = {
        "ok": not problems,
        "file": str(config.keys_file()),
        "problems": problems,
        "renamed": [{"id": old, "now": now} for old, now in keymap.renamed],
    }
    print_result(options, value, *problems, *_renamed(keymap), f"{config.keys_file()}: {count}.")
    return Refused.exit_code if problems else 0


def _renamed(keymap: Keymap) -> list[str]:
    """Nothing is wrong with these lines: they work."""
    return [
        f"{config.keys_file().name}: {old} is called {now} now; both names work."
        for old, now in keymap.renamed
    ]


def _as_json(keymap: Keymap) -> dict[str, Any]:
    from screens.commands.keymap import COMMANDS

    return {
        "file": str(config.keys_file()),
        "preset": keymap.preset or None,
        "problems": list(keymap.problems),
        "keys": [
            {
                "id": command.id,
                "scope": command.scope,
                "keys": listed(keymap.keys_of(command.id)),
                "usual": listed(command.keys),
                "title": command.title,
                "help": command.help,
            }
            for command in COMMANDS.values()
        ],
        "own": [
            {
                "id": own.id,
                "keys": [own.key] if own.key else [],
                "title": own.title,
                "on": own.on,
                "run": own.run,
            }
            for own in keymap.own
        ],
    }


def _print(keymap: Keymap) -> None:
    """By where they work; a star beside those that are not the usual ones."""
    from screens.commands.catalogue import COMMANDS, SCOPES
    from screens.commands.command import key_words

    room = width.there_is()
    ordered = sorted(COMMANDS, key=lambda command: list(SCOPES).index(command.scope))
    for scope, commands in groupby(ordered, key=lambda command: command.scope):
        print(f"{SCOPES[scope]}:")
        for command in commands:
            star = "*" if command.id in keymap.keys else " "
            words = key_words(keymap.keys_of(command.id)) or "(none)"
            width.print_fitted(f"{star} {words:<{KEYS_WIDTH}} {command.id:<{ID_WIDTH}} {command.help}", room)
    if keymap.own:
        print("Your own commands:")
    for own in keymap.own:
        words = key_words(own.key) or "(none)"
        width.print_fitted(f"  {words:<{KEYS_WIDTH}} {own.id:<{ID_WIDTH}} {own.command.help}", room)
