"""How I am told: each kind of event, the bell, notifications of the terminal, quiet hours."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from fleettui.domain.events.model import KIND_WORDS
from fleettui.workspace.inbox.settings import BELLS, NOTIFIES, WAYS, checked
from screens.dialogs.entries import only_checked
from screens.dialogs.form import Form, FormField, Values

if TYPE_CHECKING:
    from fleettui.workspace.inbox.settings import Settings
    from screens.commands.host import Host

MEANINGS = {
    "on": "in the inbox, with a message and the bell",
    "quiet": "in the inbox alone",
    "off": "not at all",
}
BELL_MEANINGS = {
    "off": "never",
    "once": "once for each event",
    "always": "again and again, ever more rarely, until it is seen",
}
NOTIFY_MEANINGS = {
    "off": "none",
    "9": "iTerm2, WezTerm, Ghostty, Windows Terminal",
    "777": "foot, Ghostty, rxvt, VTE",
    "99": "kitty",
}
LABELS = {
    "assigned": "Given to you",
    "mentioned": "@ you",
    "answered": "They wrote",
    "breaching": "Nearly late",
    "breached": "Late",
    "p0": "Urgent ticket",
    "approval": "Your approval",
    "handed_over": "Handed to you",
    "fixed": "Issue closed",
    "touched": "Yours changed",
}


def fields(wanted: Settings) -> list[FormField]:
    """The alarms first, then the kinds."""
    hours = wanted.quiet_in_words
    return [
        FormField(
            "quiet-hours",
            "Quiet hours",
            "" if hours == "off" else hours,
            hint="22:00-07:00; empty for none",
            reads=partial(only_checked, partial(checked, "quiet-hours")),
            about="Nothing rings then, nor while you are away. The inbox fills all the same.",
        ),
        FormField(
            "bell", "Bell", wanted.bell, choices=tuple((way, BELL_MEANINGS[way]) for way in BELLS),
            about="The bell of your terminal.",
        ),
        FormField(
            "notify", "Notifications", wanted.notify,
            choices=tuple((way, NOTIFY_MEANINGS[way]) for way in NOTIFIES),
            about="Those of your desktop, by your terminal. tmux needs `set -g allow-passthrough on`.",
        ),
        *(
            FormField(
                kind, LABELS[kind], wanted.kinds[kind],
                choices=tuple((way, MEANINGS[way]) for way in WAYS),
                about=f"When {words}.",
            )
            for kind, words in KIND_WORDS.items()
        ),
    ]  # fmt: skip


async def open_settings(host: Host) -> None:
    """A form over the inbox. Keys wait for it, and the event loop does not wait for the disk."""
    try:
        wanted = await asyncio.to_thread(host.workspace.inbox.settings)
    except Exception as error:
        host.report(error, "how you are told")
        return

    def save(typed: Values) -> Settings:
        return host.workspace.inbox.set_all(typed)

    form = Form(
        "How you are told",
        fields(wanted),
        about="inbox settings",
        save=save,
        saved=lambda _: host.say("Kept, for all your sessions."),
        first="bell",
    )
    host.push_screen(form)
