"""fleettui commands: every command of the command line and of the screens; as JSON a schema for programs."""

from __future__ import annotations

import argparse
from typing import Any

from fleettui.cli import width
from fleettui.cli.commands import COMMANDS
from fleettui.cli.output import print_json
from fleettui.cli.parser import Context, add_common_options
from fleettui.cli.schema import EXIT_CODES, schema
from fleettui.text.reading import listed

WORDS_WIDTH, ID_WIDTH = 24, 26


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run, reads=True)


def _run(options: argparse.Namespace, context: Context) -> None:
    of_screens, of_line = _of_screens(), schema(COMMANDS)
    if options.json:
        print_json({"schema": 1, "exit_codes": EXIT_CODES, "commands": of_line, "screens": of_screens})
        return
    room = width.there_is()
    print("Of the command line (* writes):")
    for command in of_line:
        star = "*" if command["writes"] else " "
        width.print_fitted(f"{star} {command['name']:<{WORDS_WIDTH}} {command['help']}", room)
    print("Of the screens (`fleettui keys` has their keys):")
    for command in of_screens:
        width.print_fitted(f"  {command['id']:<{ID_WIDTH}} {command['help']}", room)


def _of_screens() -> list[dict[str, Any]]:
    from screens.commands.keymap import COMMANDS as OF_SCREENS
    from screens.commands.keymap import of_person  # the keys are declared there; without Textual

    keymap = of_person()
    return [
        {
            "id": command.id,
            "scope": command.scope,
            "title": command.title,
            "help": command.help,
            "keys": listed(keymap.keys_of(command.id)),
            "by_name": command.in_palette,
        }
        for command in OF_SCREENS.values()
    ]
