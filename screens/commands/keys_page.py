"""docs/keys.md, from the commands: `python -m screens.commands.keys_page > docs/keys.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from screens.commands.catalogue import BY_ID, SCOPES, in_scope
from screens.commands.command import key_words
from screens.commands.grammar import MEANINGS, Meaning

INTRODUCTION = """# Keys

Written from `screens/commands/` by `python -m screens.commands.keys_page`; edit there, not here.
The id is what a keymap of your own names.
"""
GRAMMAR = """## One grammar

A key means the same on every screen where it does something. A small letter is for what is done often, its capital for the
contrary or for the larger thing beside it. Nothing is deleted by any of them, and `u` takes back what they did. Beside each
stands what hands know from elsewhere; where that differs, the last column says why.

| key | means | on | lazygit | vim | mutt | Zendesk | why |
|---|---|---|---|---|---|---|---|"""


def keys_page() -> str:
    """The text of docs/keys.md."""
    parts = [INTRODUCTION, "\n".join([GRAMMAR, *_meanings()]) + "\n"]
    for scope, title in SCOPES.items():
        parts.append(f"## {title}\n\n| keys | what it does | id |\n|---|---|---|")
        parts[-1] += "".join(
            f"\n| {_cell(key_words(command.keys))} | {command.help} | `{command.id}` |"
            for command in in_scope(scope)
        )
        parts[-1] += "\n"
    return "\n".join(parts)


def _meanings() -> Iterator[str]:
    for meaning in MEANINGS:
        cells = (key_words(meaning.keys), meaning.means, _where(meaning), *meaning.elsewhere, meaning.why)
        yield f"| {' | '.join(map(_cell, cells))} |"


def _where(meaning: Meaning) -> str:
    scopes = dict.fromkeys(BY_ID[id_].scope for id_ in meaning.commands)
    words = [SCOPES[scope].removeprefix("On ").removeprefix("In the ") for scope in scopes]
    return ", ".join(words).lower()


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(keys_page())
