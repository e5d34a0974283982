"""The line below every screen: the keys that work here. It is drawn anew only when they are others."""

from __future__ import annotations

from textual import events
from textual.strip import Strip

from screens.commands.catalogue import BY_ID, COMMANDS
from screens.commands.command import key_word
from screens.widgets.lines import Lines, Span

ORDER = {command.id: number for number, command in enumerate(COMMANDS)}
LAST = ("app.palette", "app.help")
"""Always to be seen, at the right."""


class Footer(Lines):
    """The keys; a click on one presses it."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[tuple[str, str, str]] = []
        self._ends: list[tuple[int, int, str]] = []

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.update_keys())
        self.update_keys()

    def update_keys(self) -> None:
        """What the focused widget, its screen and the app answer to now, the user's keymap included."""
        keys: dict[str, str] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and binding.id in BY_ID:
                keys.setdefault(binding.id, key_word(binding.key))
        ordered = sorted(keys, key=lambda id_: (id_ in LAST, ORDER[id_]))
        now = [(id_, keys[id_], BY_ID[id_].title) for id_ in ordered]
        if now != self._keys:
            self._keys = now
            self.refresh()

    @property
    def keys(self) -> list[tuple[str, str]]:
        """Each key with what it does."""
        return [(key, title) for _, key, title in self._keys]

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        here = [item for item in self._keys if item[0] not in LAST]
        always = [item for item in self._keys if item[0] in LAST]
        room = width - sum(_width(item) for item in always)
        spans: list[Span] = []
        self._ends = []
        used = 0
        for item in here:
            if used + _width(item) > room:
                break
            used = self._add(item, spans, used)
        if always and room >= used:
            spans.append((" " * (room - used), ""))
            used = room
            for item in always:
                used = self._add(item, spans, used)
        return self.strip_of(spans, width)

    def _add(self, item: tuple[str, str, str], spans: list[Span], used: int) -> int:
        id_, key, words = item
        spans += [(f" {key}", "key"), (f" {words} ", "muted")]
        self._ends.append((used, used + _width(item), id_))
        return used + _width(item)

    async def on_click(self, event: events.Click) -> None:
        for start, end, id_ in self._ends:
            if start <= event.x < end:
                self.app.simulate_key(self._first_key(id_))
                return

    def _first_key(self, id_: str) -> str:
        return next(key for key, active in self.screen.active_bindings.items() if active.binding.id == id_)


def _width(item: tuple[str, str, str]) -> int:
    return len(item[1]) + len(item[2]) + 3
