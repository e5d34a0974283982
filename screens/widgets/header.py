"""The two lines above every screen: where we are and what time it is there, and the seven screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import events
from textual.strip import Strip

from fleettui.text.cleaning import fit, width_of
from screens.commands.catalogue import COMMANDS
from screens.commands.effective import key_of
from screens.commands.host import HeaderLine
from screens.terminal.text import one_line
from screens.widgets.lines import Lines, Span

TRIAGE = "go.triage"
"""On its tab stands how many tickets nobody has triaged (SUP-19), and how many of my answers are late."""
TABS = tuple(command for command in COMMANDS if command.id.startswith("go."))
TITLES = {tab.id: tab.title for tab in TABS}
SHORTEST_TITLE = 5
"""Letters that tell the screens apart."""


class Header(Lines):
    """The two lines; a click on a screen goes there."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self._here_id = f"go.{here}"
        self._line = HeaderLine()
        self._tab_ends: list[int] = []

    @property
    def line(self) -> HeaderLine:
        """What it says now."""
        return self._line

    def show(self, line: HeaderLine) -> None:
        if line != self._line:
            self._line = line
            self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        return self.strip_of(self._first(width) if y == 0 else self._tabs(width), width)

    def _first(self, width: int) -> list[Span]:
        now = self._line
        left: list[Span] = [(" ", ""), (one_line(now.workspace), "strong")]
        sign: Span = ("● ", "good") if now.open else ("○ ", "warn")
        right: list[Span] = [sign, (now.opening, ""), ("  ", ""), (now.clock, "muted"), (" ", "")]
        room = width - _length(left) - _length(right) - 2
        if room < 0:  # the workspace's name gives way to the time
            left = [(" ", ""), (fit(one_line(now.workspace), max(0, width - _length(right) - 3)), "strong")]
            room = width - _length(left) - _length(right) - 2
        middle = self._people(room)
        space = width - _length(left) - _length(middle) - _length(right)
        return [*left, *middle, (" " * max(0, space), ""), *right]

    def _people(self, room: int) -> list[Span]:
        me, others = one_line(self._line.me), others_words(self._line.others)
        for people in (f"{me} with {others}" if others else me, me):
            if width_of(people) + 3 <= room:
                return [(" · ", "muted"), (people, "muted")]
        return []

    def _tabs(self, width: int) -> list[Span]:
        """Each screen with its number; where one stands is marked by more than a colour."""
        spans: list[Span] = []
        self._tab_ends = []
        counts = self._counts()
        titles = self._titles(width, counts)
        for tab in TABS:
            here = tab.id == self._here_id
            words = f"{key_of(tab.id)} {titles[tab.id]}" if tab.id in titles else key_of(tab.id)
            spans += [(f"▸{words}", "here")] if here else [(f" {words}", "muted")]
            spans += [(f" {text}", style) for text, style in counts.get(tab.id, ())]
            spans.append((" ", "here" if here else "muted"))
            self._tab_ends.append(_length(spans))
        return spans

    def _counts(self) -> dict[str, list[Span]]:
        """What stands on each tab: late, not triaged, new for me."""
        line = self._line
        counts: dict[str, list[Span]] = {}
        if line.late:
            counts[TRIAGE] = [(f"!{line.late:,}", "bad")]
        if line.untriaged:
            counts.setdefault(TRIAGE, []).append((f"?{line.untriaged:,}", "warn"))
        for screen, number in line.news:
            counts.setdefault(f"go.{screen}", []).append((f"•{number:,}", "accent"))
        return counts

    def _titles(self, width: int, counts: Mapping[str, Sequence[Span]]) -> dict[str, str]:
        """The titles of the tabs, by their ids. Where there is no room for counts the longest are cut first; then the last tabs
        that count nothing lose theirs, and at last all but the one where one stands."""
        titles = dict(TITLES)
        here = {self._here_id: titles[self._here_id]}
        if sum(len(tab.title) + 4 for tab in TABS) > width:
            return here
        room = width - 3 * len(TABS) - sum(_length(spans) + len(spans) for spans in counts.values())
        while _room_of(titles) > room:
            longest = max(titles, key=lambda id_: (id_ != self._here_id, len(titles[id_])))
            if len(titles[longest]) > SHORTEST_TITLE and longest != self._here_id:
                titles[longest] = fit(TITLES[longest], len(titles[longest]) - 1)
                continue
            silent = [id_ for id_ in titles if id_ not in counts and id_ != self._here_id]
            if not silent:
                return here
            del titles[silent[-1]]
        return titles

    async def on_click(self, event: events.Click) -> None:
        if event.y == 1:
            for tab, end in zip(TABS, self._tab_ends, strict=False):
                if event.x < end:
                    await self.run_action(f"app.command('{tab.id}')")
                    return


def others_words(names: Sequence[str]) -> str:
    """ "Zay", "Zay, Alex", "Zay, Alex and 3 more": who else is here."""
    seen = list(dict.fromkeys(one_line(name) for name in names))
    shown = ", ".join(seen[:2])
    return f"{shown} and {len(seen) - 2} more" if len(seen) > 2 else shown


def _room_of(titles: Mapping[str, str]) -> int:
    return sum(width_of(title) + 1 for title in titles.values())


def _length(spans: Sequence[Span]) -> int:
    return sum(width_of(text) for text, _ in spans)
