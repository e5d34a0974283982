"""docs/keys.md, from the commands: `python -m screens.commands.keys_page > docs/keys.md`."""

from __future__ import annotations

import sys

from screens.commands.catalogue import SCOPES, in_scope
from screens.commands.command import key_words

INTRODUCTION = """# Keys

Written from `screens/commands/` by `python -m screens.commands.keys_page`; edit there, not here.
The id is what a keymap of your own names.
"""


def keys_page() -> str:
    """The text of docs/keys.md."""
    parts = [INTRODUCTION]
    for scope, title in SCOPES.items():
        parts.append(f"## {title}\n\n| keys | what it does | id |\n|---|---|---|")
        parts[-1] += "".join(
            f"\n| {key_words(command.keys)} | {command.help} | `{command.id}` |"
            for command in in_scope(scope)
        )
        parts[-1] += "\n"
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(keys_page())
