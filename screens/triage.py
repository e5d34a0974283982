"""Triage: what is promised to whom, where requests come in, and whom to call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fleettui import sla
from screens.base import Board
from screens.rituals import group
from screens.widgets.columns import Column
from screens.widgets.page import BLANK, Para, fact, heading, step, title
from screens.widgets.rows import Row


class TriageScreen(Board):
    NAME = "triage"
    CONCERNS = frozenset({"handbook", "people"})
    CSS_PATH = "triage.tcss"
    COLUMNS = (
        Column("what", "Tier, channel, level", width=24, grow=1),
        Column("told", "What is promised, what it is for", width=24, grow=2),
    )
    EMPTY = "The handbook of this workspace promises nothing. The table stands in handbook/sla.json."

    def rows_now(self) -> Sequence[Row]:
        handbook = self.workspace.handbook
        return [
            *group("What is promised", list(self.promises())),
            *group(
                "Whom to call",
                [Row(f"help {one.key}", (one.name, (one.when, "muted"))) for one in handbook.channels.help],
            ),
            *group(
                "Our channels",
                [
                    Row(f"channel {one.name}", (one.name, (one.purpose, "muted")))
                    for one in handbook.channels.channels
                ],
            ),
            *group(
                "Levels",
                [
                    Row(f"level {one.key}", (one.name, (one.meaning, "muted")))
                    for one in handbook.levels.levels
                ],
            ),
        ]

    def promises(self) -> Iterator[Row]:
        policy = self.workspace.handbook.sla
        names = {one.key: one.name for one in policy.priorities}
        for row in policy.commitments:
            name = f"{row.tier} {row.priority} {names.get(row.priority, '')}".strip()
            yield Row(f"promise {row.tier} {row.priority}", (name, (sla.in_words(row), "muted")))

    def page_of(self, key: str) -> Sequence[Para]:
        kind, _, name = key.partition(" ")
        tell = {
            "promise": self.promise_page,
            "help": self.help_page,
            "channel": self.channel_page,
            "level": self.level_page,
        }
        return tell[kind](name)

    def promise_page(self, name: str) -> list[Para]:
        policy = self.workspace.handbook.sla
        tier, _, priority = name.rpartition(" ")
        row = next(one for one in policy.commitments if (one.tier, one.priority) == (tier, priority))
        meanings = [one for one in policy.priorities if priority in (one.key, sla.ANY)]
        is_any = priority == sla.ANY
        ways = [row.contact] if is_any else sla.ways_in(policy, tier, priority)
        return [
            title(f"{tier}, {'any priority' if is_any else priority}"),
            BLANK,
            fact("Answer due", sla.in_words(row)),
            fact("Clock", row.clock or "none"),
            fact("Rule", row.rule),
            BLANK,
            heading("What it means"),
            *(Para(one.meaning, lead=((f"{one.key} ", "accent"),)) for one in meanings),
            BLANK,
            heading("Where they reach us"),
            *(step("·", way) for way in ways),
        ]

    def help_page(self, key: str) -> list[Para]:
        one = next(found for found in self.workspace.handbook.channels.help if found.key == key)
        return [
            title(one.name),
            BLANK,
            Para(one.when),
            BLANK,
            fact("Post in", one.channel),
            fact("Call", one.mention),
            fact("Otherwise", ", ".join(one.otherwise)),
            fact("Rule", one.rule),
        ]

    def channel_page(self, name: str) -> list[Para]:
        one = next(found for found in self.workspace.handbook.channels.channels if found.name == name)
        whose = self.workspace.people.get(one.dri).shown if one.dri else ""
        return [
            title(one.name),
            BLANK,
            Para(one.purpose),
            BLANK,
            fact("Whose", whose),
            fact("Rule", one.rule),
        ]

    def level_page(self, key: str) -> list[Para]:
        one = next(found for found in self.workspace.handbook.levels.levels if found.key == key)
        return [
            title(one.name),
            BLANK,
            Para(one.meaning),
            BLANK,
            fact("Begins with", ", ".join(one.priorities)),
            fact("Who", ", ".join(one.roles)),
            fact("When needed", ", ".join(one.when_needed)),
            fact("Rule", one.rule),
        ]
