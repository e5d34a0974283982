"""One act on many documents: each is tried for itself, what is refused is named, and all the others are one change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Generic, NamedTuple, TypeVar

from msgspec.structs import replace

from fleettui.documents import Document
from fleettui.errors import FleettuiError, Mistakes, Refused, WrongUsage
from fleettui.workspace.gathering import GatheringStore
from fleettui.workspace.workspace import Workspace

Name = TypeVar("Name", bound=Hashable)
T = TypeVar("T")

NO_VERBS: Mapping[str, str] = MappingProxyType({})
TRIES = 3
"""Somebody else may change one of them between our look and our change: then all of them are looked at again."""


class Outcome(NamedTuple, Generic[Name, T]):
    """What came of it, by what each document is called."""

    done: Mapping[Name, T]
    refused: Mapping[Name, FleettuiError]
    made: Mapping[str, Document]
    """What was made anew, by the ids that `done` has for it."""


def each(
    workspace: Workspace,
    names: Iterable[Name],
    act: Callable[[Workspace, Name], T],
    *,
    verbs: Mapping[str, str] = NO_VERBS,
    why: str = "",
    whole: bool = False,
) -> Outcome[Name, T]:
    """`act` does it to one of them, in a workspace that gathers. Where all of them are refused, that is raised; with `whole`
    also where one is. `verbs`: how the history calls it, by collection, with `why`; else as what was done last."""
    wanted = list(dict.fromkeys(names))
    for attempt in range(TRIES):
        store = GatheringStore(workspace.store)
        outcome = _gathered(_writing_into(store, workspace), store, wanted, act)
        if not outcome.done or (whole and outcome.refused):
            raise all_refused(list(outcome.refused.values()))
        try:
            return outcome._replace(made=store.commit(verbs, why))
        except Refused:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("the last try returns or raises")


def _writing_into(store: GatheringStore, workspace: Workspace) -> Workspace:
    session = replace(workspace.session, store=store)
    return workspace.for_person(session.login, workspace.clock, lambda *_: session)


def _gathered(
    workspace: Workspace,
    store: GatheringStore,
    names: Sequence[Name],
    act: Callable[[Workspace, Name], T],
) -> Outcome[Name, T]:
    done: dict[Name, T] = {}
    refused: dict[Name, FleettuiError] = {}
    for name in names:
        try:
            with store.all_or_nothing():
                done[name] = act(workspace, name)
        except (Refused, WrongUsage) as error:
            refused[name] = error
    return Outcome(done, refused, {})


def all_refused(errors: Sequence[FleettuiError]) -> FleettuiError:
    """What is said once where all say the same, such as of a value that is none."""
    different = {str(error): error for error in errors}
    return next(iter(different.values())) if len(different) == 1 else Mistakes(list(different.values()))
