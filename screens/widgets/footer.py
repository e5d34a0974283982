"""The line below every screen: the keys that work here, as many as there is room for, and last how to leave. It is drawn anew
only when they are others. While a chord is under way it says what may follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, cast

from textual import events
from textual.strip import Strip

from screens.commands.catalogue import BY_ID, COMMANDS
from screens.commands.chords import follows
from screens.commands.command import ANYWHERE, INSIDE, MOVES, OWN, UNBOUND, Command, chord_word, typed_by
from screens.commands.dispatch import HasMarks
from screens.widgets.lines import Lines, Span
from screens.widgets.row import MARK_SIGN

if TYPE_CHECKING:
    from screens.commands.host import Host

ORDER = {command.id: number for number, command in enumerate(COMMANDS)}
ALWAYS = ("app.help", "app.palette")
"""To be seen beside the way out, at the right."""
WAYS_OUT = (
    *(command.id for command in COMMANDS if command.verb == "close"),
    "filter.clear",
    "page.back",
    "board.back",
    "app.leave",
    "app.leave_now",
)
"""The innermost first: what leads back from where one is."""
LEFT_OUT = {"go", "app.find", "app.how_to_leave"}
"""Screens are in the header; the others are there twice."""
NOT_WHILE_TYPING = {"app.suspend"}
"""Possible in a line to search in, and nobody's next wish there."""
BACK = "board.back"
"""Leads somewhere only while something else than the list is listed; the screen says where."""
TYPED_IN = {"filter", "form", "picker", "composer"}


class Item(NamedTuple):
    """A key that works here."""

    id: str
    press: str
    """As Textual names it."""
    key: str
    title: str

    @property
    def width(self) -> int:
        return len(self.key) + len(self.title) + 3


class Footer(Lines):
    """The keys; a click on one presses it."""

    def __init__(self) -> None:
        super().__init__()
        self._here: list[Item] = []
        self._last: list[Item] = []
        self._ends: list[tuple[int, int, str]] = []
        self._back_to = ""

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.update_keys())
        self.update_keys()

    def update_keys(self) -> None:
        """What the focused widget, its screen and the app answer to now, the person's own keys included."""
        active = self.screen.active_bindings
        pressed = {
            key: binding.binding.id or "" for key, binding in active.items() if not self._is_typed(key)
        }
        chord = cast("Host", self.app).chord
        back_to = self._back_to = getattr(self.screen, "back_to", "")
        screen = self.screen
        if getattr(screen, "FOOTER_IS_OWN", False):
            pressed = {key: id_ for key, id_ in pressed.items() if _is_own(id_)}
        marked = screen.marks_counted if isinstance(screen, HasMarks) else 0
        if marked and isinstance(screen, HasMarks):
            pressed = {key: id_ for key, id_ in pressed.items() if not _is_for_one(screen, id_)}
        titles, without = getattr(screen, "FOOTER_TITLES", {}), getattr(screen, "FOOTER_WITHOUT", ())
        pressed = {key: id_ for key, id_ in pressed.items() if id_ not in without}
        here, last = _of_chord(chord, pressed) if chord else _here_and_last(pressed, back_to, titles)
        if marked and not chord:
            here = [Item("", "", f"{marked} {MARK_SIGN}", "marked"), *here]
        if (here, last) != (self._here, self._last):
            self._here, self._last = here, last
            self.refresh()

    def _is_typed(self, key: str) -> bool:
        """No key, or one that the field takes. Textual asks the field too, but not by the signs whose names it has shortened."""
        typed = typed_by(key)
        focused = self.screen.focused if typed else None
        return key == UNBOUND or (focused is not None and focused.check_consume_key(key, typed))

    def update_way_back(self) -> None:
        """Something else may be listed than before, without any other key."""
        if getattr(self.screen, "back_to", "") != self._back_to:
            self.update_keys()

    @property
    def keys(self) -> list[tuple[str, str]]:
        """Each key that is used often here with what it does, and last how to leave."""
        often = [item for item in self._here if not item.id or BY_ID[item.id].footer]
        return [(item.key, item.title) for item in (*often, *self._last)]

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        room = width - sum(item.width for item in self._last)
        spans: list[Span] = []
        self._ends = []
        used = 0
        for item in self._here:
            if used + item.width > room:
                break
            used = self._add(item, spans, used)
        if room >= used:
            spans.append((" " * (room - used), ""))
            used = room
        for item in self._last:
            used = self._add(item, spans, used)
        return self.strip_of(spans, width)

    def _add(self, item: Item, spans: list[Span], used: int) -> int:
        spans += [(f" {item.key}", "key"), (f" {item.title} ", "muted")]
        self._ends.append((used, used + item.width, item.press))
        return used + item.width

    async def on_click(self, event: events.Click) -> None:
        for start, end, press in self._ends:
            if press and start <= event.x < end:
                self.app.simulate_key(press)
                return


def _here_and_last(
    pressed: dict[str, str], back_to: str = "", titles: Mapping[str, str] = MappingProxyType({})
) -> tuple[list[Item], list[Item]]:
    keys: dict[str, list[str]] = {}
    for key, id_ in pressed.items():
        if id_ in BY_ID and (id_ != BACK or back_to):
            keys.setdefault(id_, []).append(key)
    first = {id_: _usual(id_, several) for id_, several in keys.items()}
    on_esc = pressed.get("escape", "")
    out = (
        on_esc
        if on_esc in WAYS_OUT and on_esc in first
        else next((id_ for id_ in WAYS_OUT if id_ in first), "")
    )
    last = [id_ for id_ in (*ALWAYS, out) if id_ in first]
    is_typing = any(BY_ID[id_].scope in TYPED_IN for id_ in first)
    here = [id_ for id_ in first if id_ not in last and _is_shown(BY_ID[id_], is_typing)]
    return _items(sorted(here, key=_importance), first, titles), _items(last, first, {BACK: back_to})


def _usual(id_: str, keys: list[str]) -> str:
    """The key that is named first where it was declared: Enter before the arrow."""
    return next((key for key in BY_ID[id_].keys.split(",") if key in keys), keys[0])


def _items(
    ids: Iterable[str], keys: dict[str, str], titles: Mapping[str, str] = MappingProxyType({})
) -> list[Item]:
    """`titles`: of those that are called otherwise here."""
    return [Item(id_, keys[id_], chord_word(keys[id_]), titles.get(id_, BY_ID[id_].title)) for id_ in ids]


def _is_shown(command: Command, is_typing: bool) -> bool:
    if command.id in (*LEFT_OUT, *WAYS_OUT) or command.id.partition(".")[0] in LEFT_OUT:
        return False
    if command.verb in MOVES and not command.footer and command.scope in (*INSIDE, "columns"):
        return False
    if is_typing and command.id in NOT_WHILE_TYPING:
        return False
    return command.while_typing or not is_typing or command.scope != ANYWHERE


def _importance(id_: str) -> tuple[int, int]:
    """What is done most often, then the rest of this place, then what works anywhere."""
    command = BY_ID[id_]
    if id_ == "list.open":
        rank = 0
    elif command.scope == ANYWHERE:
        rank = 1 if id_.startswith(f"{OWN}.") and command.footer else 4
    elif not command.footer:
        rank = 3
    else:
        rank = 2 if command.scope == "board" else 1
    return rank, ORDER.get(id_, len(ORDER))


def _is_own(id_: str) -> bool:
    """Of a page about the app, not about the work: what works anywhere has nothing in front of it there."""
    return id_ in ALWAYS or (id_ in BY_ID and BY_ID[id_].scope != ANYWHERE)


def _is_for_one(screen: HasMarks, id_: str) -> bool:
    return id_ in BY_ID and BY_ID[id_].scope != ANYWHERE and screen.why_not_all(BY_ID[id_].verb) is not None


def _of_chord(chord: str, pressed: dict[str, str]) -> tuple[list[Item], list[Item]]:
    """The keys that go on with it, and the one that ends it."""
    going_on = {key: follows(chord, key) for key in pressed if follows(chord, key)}
    here = [
        Item(pressed[key], rest.split()[0], chord_word(rest), BY_ID[pressed[key]].title)
        for key, rest in going_on.items()
        if pressed[key] in BY_ID
    ]
    begun = Item("", "escape", f"{chord_word(chord)} …", "")
    return [begun, *here], [Item("", "escape", "Esc", "ends it")]
