"""The links of what is in front of somebody: opened where there is a desktop, else copied; chosen where there are several."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from fleettui import access
from screens.dialogs.copied import copy
from screens.dialogs.picker import Picker
from screens.terminal.text import one_line
from screens.widgets.row import Row

if TYPE_CHECKING:
    from screens.commands.host import Host

NONE_HERE = "There is no link here."
OPENERS = ("xdg-open", "open")
DESKTOPS = ("DISPLAY", "WAYLAND_DISPLAY")


class LinkPicker(Picker[str]):
    """Dismissed with the address."""

    HINT = "Which link?"

    def __init__(self, links: Sequence[str]) -> None:
        super().__init__()
        self._links = links

    def choices(self) -> Sequence[Row[str]]:
        return [Row(link, (one_line(link),)) for link in self._links]


def offer(host: Host, links: Sequence[str]) -> None:
    """The first at once where it is the only one."""
    different = list(dict.fromkeys(links))
    if not different:
        host.say(NONE_HERE, "warning")
    elif len(different) == 1:
        follow(host, different[0])
    else:
        host.push_screen(LinkPicker(different), lambda link: follow(host, link) if link else None)


def follow(host: Host, link: str) -> None:
    """In the browser of this desktop; else to the clipboard, from where it goes to the person's own."""
    program = opener()
    if not program:
        copy(host, link, goes_to="your browser")
        return
    try:
        subprocess.Popen(
            [program, link],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        copy(host, link, goes_to="your browser")
    else:
        host.say(f"Opened: {one_line(link)}")


def opener(environment: Mapping[str, str] = os.environ) -> str:
    """The program that opens an address on this desktop; empty on another computer's terminal, and in a restricted account."""
    if access.current().restricted or environment.get("SSH_CONNECTION"):
        return ""
    if not any(environment.get(name) for name in DESKTOPS):
        return ""
    return next(filter(None, map(shutil.which, OPENERS)), "")
