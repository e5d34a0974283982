"""docs/keys.md, from the commands: `python -m screens.commands.keys_page > docs/keys.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from screens.commands.catalogue import BY_ID, SCOPES, in_scope
from screens.commands.command import key_words
from screens.commands.daily_acts import DAILY_ACTS, strokes
from screens.commands.grammar import MEANINGS, Meaning

INTRODUCTION = """# Keys

Written from `screens/commands/` by `python -m screens.commands.keys_page`; edit there, not here.

## Keys of your own

`~/.config/fleettui/keys.toml` (below `XDG_CONFIG_HOME`, if you set that) gives any command any keys. The ids are in the tables
below. It is read when fleettui starts.

```toml
preset = "vim"                     # or "emacs", "plain", "before"; each line below goes before it

[keys]
"triage.take" = "T"
"go.triage" = ["4", "g t"]         # several keys; g t is a chord: first g, then t
"form.save" = ["Ctrl+S", "C-x C-s"]
"triage.label" = []                # no key; Ctrl+P still finds it
```

- Keys are written as they stand in the tables: `x`, `X`, `?`, `Ctrl+P`, `Alt+X`, `Space`, `PgDn`, `F5`; `C-x` and `M-x` work too.
- While a chord is under way the last line says what may follow. Esc ends it, and so does a key that goes on with no chord.
- A command that you give a key has it. Who had it before loses it, and fleettui says so when it starts, with both ids; the
  same where the first key of a chord was somebody's. Of two commands of yours the first in the file has the key.
- A mistake costs its line, never the start. What closes something cannot be without a key, and where text is typed only keys
  that no text contains can be given.
- `fleettui keys` prints the keys as they are for you (`*`: not the usual ones), `fleettui keys --check` only what is wrong,
  and which ids are called otherwise now. Ids of earlier versions go on working.
- The last line of each screen, the help (`?`), the palette and what messages say show your keys.

| preset | what it is |
|---|---|
| `vim` | `gg`, `Ctrl+F` and `Ctrl+B`, `Ctrl+R` does again, `gt` and `gT` go to the next view and back, `ZZ` leaves |
| `emacs` | `Ctrl+N` `Ctrl+P` `Ctrl+V` move, `Ctrl+G` closes, `Ctrl+S` searches, `Alt+X` finds, `Ctrl+X Ctrl+S` saves, sends |
| `plain` | no letters for moving: arrows, Home, End, PgUp and PgDn alone; `F1` helps, `Ctrl+F` searches, `Ctrl+Y` does again |
| `before` | the keys of the versions in which letters meant different things on different screens |
"""
ACTS = """## The things of every day

Counted with Shift and Ctrl as keys, from any screen where a digit begins, else from the row. Before: with `preset = "before"`.

| | before | | now | |
|---|---|---|---|---|"""
GRAMMAR = """## One grammar

A key means the same on every screen where it does something. A small letter is for what is done often, its capital for the
contrary or for the larger thing beside it. Nothing is deleted by any of them, and `u` takes back what they did. Beside each
stands what hands know from elsewhere; where that differs, the last column says why.

| key | means | on | lazygit | vim | mutt | Zendesk | why |
|---|---|---|---|---|---|---|---|"""


def keys_page() -> str:
    """The text of docs/keys.md."""
    parts = [INTRODUCTION, "\n".join([GRAMMAR, *_meanings()]) + "\n", "\n".join([ACTS, *_acts()]) + "\n"]
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


def _acts() -> Iterator[str]:
    for act in DAILY_ACTS:
        before, now = act.keys_before(), act.keys_now()
        cells = (act.name, " ".join(before), str(strokes(before)), " ".join(now), str(strokes(now)))
        yield f"| {' | '.join(map(_cell, cells))} |"


def _where(meaning: Meaning) -> str:
    scopes = dict.fromkeys(BY_ID[id_].scope for id_ in meaning.commands)
    words = [SCOPES[scope].removeprefix("On ").removeprefix("In the ") for scope in scopes]
    return ", ".join(words).lower()


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(keys_page())
