"""fleettui complete KIND PREFIX: what may stand where a shell completes a word. For the scripts of `fleettui completion`.

A line for each: the word, a tab, what it is. Runs at each Tab: it reads the collections that it names, and nothing else.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from fleettui.cli.output import print_json
from fleettui.cli.parser import Context, add_common_options
from fleettui.text import cleaning

if TYPE_CHECKING:
    from fleettui.store.protocol import Collection
    from fleettui.workspace.workspace import Workspace

T = TypeVar("T")
Candidate = tuple[str, str]
WIDEST = 60
VIEWS_OF = "view:"
SEVERAL = ","
"""Between ids where several may stand: T-1001,T-1004."""


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run, reads=True)
    parser.add_argument("kind", metavar="KIND", help="ticket, customer, person, ...")
    parser.add_argument("prefix", metavar="PREFIX", nargs="?", default="", help="what was typed of it")


def _run(options: argparse.Namespace, context: Context) -> None:
    candidates = list(fitting(_of_kind(options.kind, context), options.prefix))
    if options.json:
        print_json([{"value": value, "help": help_} for value, help_ in candidates])
        return
    for value, help_ in candidates:
        print(f"{value}\t{cleaning.fit(cleaning.line(help_), WIDEST)}")


def _of_kind(kind: str, context: Context) -> Iterable[Candidate]:
    """Nothing where there is no workspace, or no such kind."""
    listing = LISTS.get(kind)
    if not context.is_made():
        return ()
    if kind.startswith(VIEWS_OF):
        return _views(context.workspace, kind.removeprefix(VIEWS_OF))
    return listing(context.workspace) if listing else ()


def fitting(candidates: Iterable[Candidate], typed: str) -> Iterator[Candidate]:
    """Those that begin like what was typed; of an id its number is enough. A word that holds what a shell or a terminal would
    obey as a key is left out: a line is a word."""
    before, comma, begun = typed.rpartition(SEVERAL)
    start, is_number = begun.casefold(), begun.isdigit()
    for value, help_ in candidates:
        begins = value.casefold().startswith(start) or (
            is_number and value.rpartition("-")[2].startswith(begun)
        )
        if begins and value and value.isprintable():
            yield f"{before}{comma}{value}", help_


def _documents(workspace: Workspace, name: str) -> list[Any]:
    from fleettui.workspace import collections

    collection: Collection[Any] = collections.BY_NAME[name]
    return workspace.store.all(collection)


def _tickets(workspace: Workspace) -> Iterable[Candidate]:
    return ((ticket.id, ticket.subject) for ticket in _newest_first(_documents(workspace, "tickets")))


def _calls(workspace: Workspace) -> Iterable[Candidate]:
    return ((call.id, call.title) for call in _newest_first(_documents(workspace, "calls")))


def _rituals(workspace: Workspace) -> Iterable[Candidate]:
    return ((ritual.id, ritual.name) for ritual in _documents(workspace, "rituals") if not ritual.retired)


def _runs(workspace: Workspace) -> Iterable[Candidate]:
    return ((run.id, run.name) for run in _newest_first(_documents(workspace, "runs")))


def _newest_first(documents: list[T]) -> Iterator[T]:
    return reversed(documents)


def _things(workspace: Workspace) -> Iterable[Candidate]:
    for listing in (_tickets, _calls, _rituals, _runs):
        yield from listing(workspace)


def _customers(workspace: Workspace) -> Iterable[Candidate]:
    """By their names; by the id where the name is no word of a line."""
    for customer in _documents(workspace, "customers"):
        if customer.active:
            yield customer.name if customer.name.isprintable() else customer.id, customer.tier


def _people(workspace: Workspace) -> Iterable[Candidate]:
    return ((person.login, person.shown) for person in _documents(workspace, "people") if person.active)


def _channels(workspace: Workspace) -> Iterable[Candidate]:
    return ((channel.id, channel.name) for channel in _documents(workspace, "channels"))


def _labels(workspace: Workspace) -> Iterable[Candidate]:
    used = {label for ticket in _documents(workspace, "tickets") for label in ticket.labels}
    return ((label, "") for label in sorted(used))


def _playbooks(workspace: Workspace) -> Iterable[Candidate]:
    return ((id_, playbook.name) for id_, playbook in workspace.handbook.playbooks.items())


def _views(workspace: Workspace, screen: str = "") -> Iterable[Candidate]:
    views = [view for view in workspace.views.all() if screen in ("", view.screen)]
    return {view.name: view.search for view in views}.items()


def _templates(workspace: Workspace) -> Iterable[Candidate]:
    return ((message.name, message.title) for message in workspace.handbook.messages.messages)


def _tiers(workspace: Workspace) -> Iterable[Candidate]:
    from fleettui.domain.tickets import sla

    return ((tier, "") for tier in sla.tiers(workspace.handbook.sla))


def _priorities(workspace: Workspace) -> Iterable[Candidate]:
    return ((priority.key, priority.name) for priority in workspace.handbook.sla.priorities)


def _levels(workspace: Workspace) -> Iterable[Candidate]:
    return ((level.key, level.name) for level in workspace.handbook.levels.levels)


LISTS: dict[str, Callable[[Workspace], Iterable[Candidate]]] = {
    "ticket": _tickets,
    "call": _calls,
    "ritual": _rituals,
    "run": _runs,
    "thing": _things,
    "customer": _customers,
    "person": _people,
    "channel": _channels,
    "label": _labels,
    "playbook": _playbooks,
    "view": _views,
    "template": _templates,
    "tier": _tiers,
    "priority": _priorities,
    "level": _levels,
}
