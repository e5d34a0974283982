"""The level of a ticket, and whom to call for help with which message (SUP-6, SUP-7). Pure functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from fleettui.domain.customers.policy import WEB_CHAT_HELP, ChannelPolicy, Help
from fleettui.domain.tickets.fields import level_named
from fleettui.domain.tickets.model import Ticket, refuse_merged
from fleettui.domain.tickets.policy import Level, Levels
from fleettui.errors import Refused
from fleettui.text import cleaning

SUMMARY = 300


class HelpCall(NamedTuple):
    """Where to post what. `text` is empty while `missing` names what it still needs."""

    help: Help
    text: str
    missing: tuple[str, ...]


def level_of(ticket: Ticket, levels: Levels) -> Level:
    """Its level; if the handbook no longer knows it, the level where its priority begins."""
    level = next((level for level in levels.levels if level.key == ticket.level), None)
    return level or levels.of(ticket.priority) or levels.levels[0]


def next_level(ticket: Ticket, levels: Levels) -> Level:
    """One level up."""
    index = [level.key for level in levels.levels].index(level_of(ticket, levels).key)
    if index + 1 >= len(levels.levels):
        raise Refused(f"{ticket.id} is at the highest level, {levels.levels[index].name}")
    return levels.levels[index + 1]


def escalated(ticket: Ticket, levels: Levels, to: str = "") -> Ticket:
    """One level up, or to the level that is named."""
    refuse_merged(ticket)
    wanted = level_named(levels, to) if to else next_level(ticket, levels).key
    if wanted == ticket.level:
        raise Refused(f"{ticket.id} is at that level already: {wanted}")
    return replace(ticket, level=wanted)


def help_for(ticket: Ticket, levels: Levels, channels: ChannelPolicy) -> Iterator[Help]:
    """The calls for help of its level (SUP-6); for a question from the web chat, that of the web chat first (SUP-7)."""
    calls_for_help = {entry.key: entry for entry in channels.help}
    keys = level_of(ticket, levels).help
    if ticket.way == "web chat" and WEB_CHAT_HELP in calls_for_help:
        keys = (WEB_CHAT_HELP, *keys)
    for key in dict.fromkeys(keys):
        if key in calls_for_help:
            yield calls_for_help[key]


def summary_of(ticket: Ticket) -> str:
    """What the customer last said: a beginning for whoever writes the post."""
    messages = [
        message for message in ticket.messages if message.direction == "in" and not message.deleted_at
    ]
    return cleaning.shortened(" ".join((messages[-1].body if messages else ticket.subject).split()), SUMMARY)
