"""`--view NAME` of the commands that list: what a view finds, in its order."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from fleettui.cli.parser import Context
    from fleettui.domain.views import View

T = TypeVar("T")


def add_view(listing: argparse.ArgumentParser, screen: str) -> None:
    listing.add_argument("--view", metavar="NAME", help=f"one of `views list {screen}`")


def chosen_by(options: argparse.Namespace, context: Context, screen: str, documents: list[T]) -> list[T]:
    """What the view and the search find of them."""
    view = context.workspace.views.named(screen, options.view) if options.view else None
    searcher = context.workspace.searches.of(screen) if view or options.search else None
    for search in (view.search if view else "", options.search):
        if search and searcher is not None:
            documents = searcher.find(search, documents)
    return in_order(context, screen, view, documents) if view else documents


def in_order(context: Context, screen: str, view: View, documents: Iterable[T]) -> list[T]:
    """In that of the view."""
    if not view.order:
        return list(documents)
    from fleettui.workspace.sorting import Sorting  # seldom needed

    return Sorting(context.workspace).ordered(screen, view.way, documents)
