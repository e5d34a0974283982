"""The person's own keys (keys.toml): given to the app before it starts; what is wrong in them is said in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleettui import config
from screens.commands import effective
from screens.commands.command import UNBOUND

if TYPE_CHECKING:
    from screens.commands.host import Host
    from screens.commands.keymap import Keymap
    from screens.shell.typeahead import KeysInOrder


def keymap_of_person() -> Keymap | None:
    """None where there is no file: then nothing of this is loaded."""
    if not config.keys_file().exists():
        return None
    from screens.commands.keymap import of_person

    return of_person()


def use(app: KeysInOrder, keymap: Keymap | None) -> None:
    """From now on these keys work, and are shown. None: those of the catalogue."""
    keys = keymap.keys if keymap else {}
    effective.use(keys)
    own = [command.key for command in keymap.own] if keymap else []
    app.has_chords = any(" " in chord for chords in [*keys.values(), *own] for chord in chords.split(","))
    app.set_keymap({id_: chords or UNBOUND for id_, chords in keys.items()})


def tell(host: Host, keymap: Keymap | None) -> None:
    """The first mistake, and how to see the others."""
    if keymap is None or not keymap.problems:
        return
    others = len(keymap.problems) - 1
    more = f" ({others} more: `fleettui keys --check`)" if others else " (`fleettui keys --check`)"
    host.say(f"{keymap.problems[0]}{more}", "warning", 10)
