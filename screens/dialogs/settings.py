"""What a person sets for themselves, by its name: the palette lists it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fleettui.workspace.settings import BY_KEY
from screens.terminal.themes import LOOKS

if TYPE_CHECKING:
    from screens.commands.host import Host

THEME = "theme."
ALARMS = "alarms"
START = "start"
ALARMS_TITLE = "Alarms: what rings, how, and when not"
"""Several settings, in one form."""


class Setting(Struct, frozen=True):
    """Something that can be set."""

    key: str
    title: str
    also: str = ""
    """Other words by which people look for it."""


def settings(host: Host) -> list[Setting]:
    """All that there are, a theme of one's own among them."""
    themes = [THEME + name for name in (*LOOKS, *host.own_themes)]
    return [
        *(Setting(key, setting_titled(key), BY_KEY["theme"].also) for key in themes),
        Setting(START, setting_titled(START), BY_KEY[START].also),
        Setting(ALARMS, setting_titled(ALARMS), "notifications bell quiet settings"),
    ]


def setting_titled(key: str) -> str:
    if key.startswith(THEME):
        name = key.removeprefix(THEME)
        return f"{BY_KEY['theme'].title}: {LOOKS[name].title if name in LOOKS else name}"
    return ALARMS_TITLE if key == ALARMS else BY_KEY[key].title if key in BY_KEY else key


def change_setting(host: Host, key: str) -> None:
    """At once, or by the form of the setting."""
    if key.startswith(THEME):
        host.use_theme(key.removeprefix(THEME))
    elif key == START:
        from screens.shell import left

        wanted = not left.begins_where_left()
        host.write_quietly(lambda: left.begin_where_left(wanted))
        host.say("The next start begins where you left." if wanted else "The next start begins on Today.")
    elif key == ALARMS:
        from screens.dialogs.inbox_settings import open_settings  # late: brings forms

        host.call_later(open_settings, host)
