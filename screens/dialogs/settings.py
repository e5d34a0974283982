"""What a person sets for themselves, by its name: the palette lists it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from screens.terminal.themes import LOOKS

if TYPE_CHECKING:
    from screens.commands.host import Host

THEME = "theme."
ALARMS = "alarms"


class Setting(Struct, frozen=True):
    """Something that can be set."""

    key: str
    title: str
    also: str = ""
    """Other words by which people look for it."""


SETTINGS = (
    *(
        Setting(f"{THEME}{name}", f"Colours: {look.title}", "theme colors settings")
        for name, look in LOOKS.items()
    ),
    Setting(ALARMS, "Alarms: what rings, how, and when not", "notifications bell quiet settings"),
)


def setting_titled(key: str) -> str:
    return next((setting.title for setting in SETTINGS if setting.key == key), key)


def change_setting(host: Host, key: str) -> None:
    """At once, or by the form of the setting."""
    if key.startswith(THEME):
        host.use_theme(key.removeprefix(THEME))
    elif key == ALARMS:
        from screens.dialogs.inbox_settings import open_settings  # late: brings forms

        host.write(host.workspace.inbox.settings, lambda wanted: open_settings(host, wanted))
