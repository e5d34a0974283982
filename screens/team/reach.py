"""Whom to reach, and where, on Team: the team's channels and who answers for them, groups, emergency numbers, links, targets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from screens.team.row_keys import ReachKey, TeamKey
from screens.widgets.page import BLANK, Para, fact, step, title
from screens.widgets.row import Row

if TYPE_CHECKING:
    from fleettui.workspace.workspace import Workspace

RULES = {
    ReachKey.CHANNELS: "SUP-7",
    ReachKey.GROUPS: "SUP-18",
    ReachKey.EMERGENCY: "SLA-11",
    ReachKey.BOOKING: "SLA-16",
    ReachKey.TARGETS: "SLA-16",
}


class ReachView:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def rows(self) -> list[Row[TeamKey]]:
        return [Row(key, (key.value, "", (self._short(key), "muted"), "")) for key in ReachKey]

    def _short(self, key: ReachKey) -> str:
        if key is ReachKey.EMERGENCY:
            return self._workspace.directory.emergency_words()
        return RULES[key]

    def page(self, key: ReachKey) -> Sequence[Para]:
        return [title(key.value), BLANK, *self._paras(key)]

    def _paras(self, key: ReachKey) -> Iterator[Para]:
        if key is ReachKey.EMERGENCY:
            yield from self._emergency()
            return
        yield from (step("·", words) for words in self._lines(key))
        if key is ReachKey.TARGETS:
            yield Para("Ours alone: no customer is promised any of it.", "muted")

    def _emergency(self) -> Iterator[Para]:
        given = self._workspace.directory.emergency()
        yield fact("Phone", given.phone or "not filled in yet")
        yield fact("E-mail", given.email or "not filled in yet")
        yield Para("For a P0 of customers whom the policy gives them; in channels.json.", "muted")

    def _lines(self, key: ReachKey) -> list[str]:
        handbook, directory = self._workspace.handbook, self._workspace.directory
        if key is ReachKey.CHANNELS:
            return [f"{row.name}: {directory.channel_words(row)}" for row in handbook.channels.channels]
        if key is ReachKey.GROUPS:
            return [
                f"{directory.group_words(group)} (from {group.hosts_from:,} hosts)"
                for group in handbook.groups.groups
            ]
        if key is ReachKey.BOOKING:
            return [
                f"{booking.name}: {directory.booking_url(booking)}" for booking in handbook.channels.booking
            ]
        return [f"{line.label}: {line.words}" for line in directory.targets()]
