"""A view: a name for what a list shows, and how: a search, columns, an order, where the page stands. Pure functions.

The lists that have views are here with their columns, and by what their rows can be ordered, in words. The screens declare how
wide a column is; a test holds the names here and there together.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from fleettui.domain.saved_view import TRIAGE as TRIAGE
from fleettui.domain.saved_view import SavedView as SavedView
from fleettui.domain.saved_view import Way as Way
from fleettui.errors import Refused
from fleettui.text import cleaning, finding

ALL = "all"
"""The key of the view that shows everything."""


class ListFacts(NamedTuple):
    """Of the list of a screen."""

    columns: Mapping[str, str]
    main: str
    """The column that people read: always there."""
    orders: Mapping[str, str]
    name: str
    """How a view of it is called."""


LISTS: Mapping[str, ListFacts] = {
    "today": ListFacts(
        {"when": "when", "what": "what", "about": "about whom"},
        "what",
        {"due": "due time", "what": "what it is", "about": "about whom", "kind": "kind"},
        "view of Today",
    ),
    "rituals": ListFacts(
        {
            "state": "state",
            "name": "ritual",
            "count": "how often",
            "due": "due time",
            "who": "whose",
            "streak": "streak",
            "past": "how it went before",
        },
        "name",
        {"name": "ritual", "due": "due time", "who": "whose", "state": "state"},
        "view of the rituals",
    ),
    "calls": ListFacts(
        {"who": "with whom", "when": "when", "left": "time left", "stage": "stage", "leader": "who leads it"},
        "who",
        {"when": "when", "who": "with whom", "stage": "stage", "leader": "who leads it"},
        "view of the calls",
    ),
    "triage": ListFacts(
        {
            "flags": "who is at it, news",
            "id": "ticket",
            "left": "time left",
            "class": "priority and tier",
            "customer": "customer",
            "subject": "subject",
            "assignee": "with whom",
            "level": "level",
        },
        "subject",
        {
            "left": "time left",
            "id": "ticket",
            "class": "priority and tier",
            "customer": "customer",
            "subject": "subject",
            "assignee": "with whom",
            "level": "level",
            "created": "when it came in",
            "written": "last message",
        },
        "view of the queue",
    ),
    "playbooks": ListFacts(
        {"name": "playbook", "about": "customer", "progress": "progress", "turn": "whose turn"},
        "name",
        {"name": "playbook", "about": "customer", "created": "when it began"},
        "view of the playbooks",
    ),
    "team": ListFacts(
        {"name": "name", "roles": "roles", "now": "now", "time": "their time"},
        "name",
        {"name": "name", "roles": "roles", "group": "group", "zone": "time zone"},
        "view of the team",
    ),
    "customers": ListFacts(
        {
            "name": "name",
            "tier": "tier",
            "group": "size",
            "writes": "who reaches out",
            "open": "what is open",
        },
        "name",
        {
            "name": "name",
            "tier": "tier",
            "hosts": "hosts",
            "group": "size",
            "touched": "last contact",
            "due": "next step of a deal",
        },
        "view of the customers",
    ),
}
"""By the name of the screen, in the order of the screens."""

DOWN = "down"
SPLITS = {"below": "the page below the list", "beside": "the page beside it", "zoomed": "only one of them"}
LONGEST_NAME = 60


class View(NamedTuple):
    """As menus show it."""

    key: str
    name: str
    search: str
    saved: bool = False
    """By the team, or by whoever sees it."""
    mine: bool = False
    """Nobody else sees it."""
    screen: str = TRIAGE
    columns: tuple[str, ...] = ()
    order: str = ""
    grouped: bool = False
    split: str = ""

    @property
    def id(self) -> str:
        """What names it among the views of all screens: one word."""
        return view_id(self.screen, self.key)

    @property
    def way(self) -> Way:
        return Way(self.columns, self.order, self.grouped, self.split)

    def shown_by(self, way: Way) -> "View":
        """The same, shown in another way."""
        return self._replace(columns=way.columns, order=way.order, grouped=way.grouped, split=way.split)


def view_id(screen: str, key: str) -> str:
    """Those of Triage have had no screen in theirs."""
    return key if screen == TRIAGE else f"{screen}:{key}"


def split_id(id_: str) -> tuple[str, str]:
    """The screen and the key."""
    screen, _, key = id_.partition(":")
    return (screen, key) if key and screen in LISTS else (TRIAGE, id_)


def view_key(name: str) -> str:
    """The key of a view of this name."""
    return "-".join(cleaning.line(name, LONGEST_NAME).casefold().split())


def everything(screen: str) -> View:
    """What a screen shows without any view."""
    return View(ALL, "All open" if screen == TRIAGE else "All", "", screen=screen)


def of_saved(saved: SavedView, *, mine: bool = False) -> View:
    key = view_key(saved.name) if mine else split_id(saved.id)[1]
    view = View(key, saved.name, saved.search, saved=True, mine=mine, screen=saved.screen)
    return view.shown_by(saved.way)


def to_save(view: View) -> SavedView:
    made = SavedView(id=view.id, name=view.name, search=view.search, screen=view.screen)
    return replace(made, **msgspec.structs.asdict(view.way))


def view_named(known: Iterable[View], typed: str) -> View:
    """By key or name; the beginning of a name is enough where only one fits."""
    views = list(known)
    wanted = cleaning.line(typed, 80) or ALL
    exact = finding.exact(views, wanted, lambda view: (view.key, view.name))
    fitting = exact or finding.beginning(views, wanted, lambda view: (view.name,))
    if len(fitting) == 1 or exact:
        return fitting[0]
    known_keys = ", ".join(view.key for view in views)
    raise Refused(f"there is no view {finding.quoted(typed)}; there are {known_keys}", field="view")


def saved_view(screen: str, name: str, search: str, way: Way, taken: Iterable[View]) -> SavedView:
    """A view that somebody made, checked; its search is checked by whoever knows the screen's language."""
    shown = cleaning.line(name, LONGEST_NAME)
    key = view_key(shown)
    if not key:
        raise Refused("a view needs a name", field="name")
    if any(key == view.key and not view.saved for view in taken):
        raise Refused(f"{shown} is a view that everybody has; choose another name", field="name")
    made = SavedView(id=view_id(screen, key), name=shown, search=cleaning.line(search), screen=screen)
    return replace(made, **msgspec.structs.asdict(checked_way(screen, way)))


def renamed(saved: SavedView, name: str, taken: Iterable[View]) -> SavedView:
    """The same view under another name, which nobody has."""
    shown = cleaning.line(name, LONGEST_NAME)
    if view_key(shown) != split_id(saved.id)[1] and any(view.key == view_key(shown) for view in taken):
        raise Refused(f"there is a view {shown} already; choose another name", field="name")
    return saved_view(saved.screen, shown, saved.search, saved.way, taken)


# -- how it shows what it finds


def checked_way(screen: str, way: Way) -> Way:
    """Every name in it is known; the column that people read is always there."""
    listed = LISTS[screen]
    columns = tuple(dict.fromkeys(_known(listed.columns, name, "columns", "column") for name in way.columns))
    if columns and listed.main not in columns:
        columns = (listed.main, *columns)
    field, down = order_of(screen, way.order)
    if way.grouped and not field:
        raise Refused("say by what: groups need an order", field="grouped")
    if way.split and way.split not in SPLITS:
        raise Refused(
            f"there is no split {finding.quoted(way.split)}; there are {', '.join(SPLITS)}", field="split"
        )
    return replace(way, columns=columns, order=f"{field} {DOWN}" if field and down else field)


def order_of(screen: str, typed: str) -> tuple[str, bool]:
    """The field that rows are ordered by, and whether the last comes first. Without a field it is the screen's own order."""
    field, _, direction = cleaning.line(typed, 80).casefold().partition(" ")
    if not field:
        return "", False
    if direction not in ("", "up", DOWN):
        raise Refused(f"after the field comes up or down, not {finding.quoted(direction)}", field="order")
    return _known(LISTS[screen].orders, field, "order", "order"), direction == DOWN


def _known(names: Mapping[str, str], typed: str, field: str, kind: str) -> str:
    name = cleaning.line(typed, 40).casefold()
    if name not in names:
        raise Refused(
            f"there is no {kind} {finding.quoted(typed)}; there are {', '.join(names)}", field=field
        )
    return name


def way_words(screen: str, way: Way) -> str:
    """How it shows what it finds, in one line; empty where it is as the screen has it."""
    field, down = order_of(screen, way.order)
    by = f"by {LISTS[screen].orders[field]}{', last first' if down else ''}" if field else ""
    parts = (
        listed_words(screen, way.columns),
        f"{by}{', in groups' if way.grouped else ''}" if by else "",
        SPLITS.get(way.split, ""),
    )
    return "; ".join(part for part in parts if part)


def listed_words(screen: str, columns: Sequence[str]) -> str:
    """The columns in words."""
    return ", ".join(LISTS[screen].columns[name] for name in columns)
