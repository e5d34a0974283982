"""fleettui views: the views of every list: a search, columns and an order under a name, the team's or one's own."""

from __future__ import annotations

import argparse
from typing import Any

from fleettui.cli.output import print_json, print_result, print_rows
from fleettui.cli.parser import Context, Subcommands
from fleettui.domain.views import DOWN, LISTS, SPLITS, View, Way, way_words
from fleettui.errors import WrongUsage
from fleettui.text.reading import listed


def arguments(parser: argparse.ArgumentParser) -> None:
    subcommands = Subcommands(parser)
    listing = subcommands.add("list", _list, "those of all lists, or of one", reads=True)
    listing.add_argument("screen", nargs="?", default="", metavar="SCREEN", help=", ".join(LISTS))
    _add_view(subcommands.add("show", _show, "one of them, and what it could show", reads=True))
    saving = _add_view(subcommands.add("save", _save, "make one, or change what it shows"))
    saving.add_argument("--search", default="", metavar="QUERY", help="such as: is:mine due:today")
    saving.add_argument("--columns", default="", metavar="NAMES", help="by commas, in their order")
    saving.add_argument("--order", default="", metavar="FIELD", help=f'such as: created, or "created {DOWN}"')
    saving.add_argument("--grouped", action="store_true", help="below a heading for each value of that field")
    saving.add_argument("--split", default="", metavar="HOW", help=", ".join(SPLITS))
    saving.add_argument("--mine", action="store_true", help="for me alone")
    renaming = _add_view(subcommands.add("rename", _rename, "another name for it"))
    renaming.add_argument("new_name", metavar="NEW-NAME")
    _add_view(subcommands.add("delete", _delete, "take off a view of the team, or one of mine"))


def _add_view(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("screen", metavar="SCREEN", help=", ".join(LISTS))
    parser.add_argument("name", metavar="NAME")
    return parser


def _screen(options: argparse.Namespace) -> str:
    if options.screen not in LISTS:
        raise WrongUsage(f"there is no list {options.screen!r}; there are {', '.join(LISTS)}", field="screen")
    return str(options.screen)


def _view_meant(options: argparse.Namespace, context: Context) -> View:
    return context.workspace.views.named(_screen(options), options.name)


def _list(options: argparse.Namespace, context: Context) -> None:
    views = context.workspace.views
    listed = views.of(_screen(options)) if options.screen else views.all()
    rows = (
        (view.screen, view.key, view.name, _whose(view), view.search, way_words(view.screen, view.way))
        for view in listed
    )
    print_rows(options, map(_as_json, listed), ("LIST", "VIEW", "NAME", "WHOSE", "SEARCH", "SHOWS"), rows)


def _whose(view: View) -> str:
    return "mine" if view.mine else "team" if view.saved else "everybody"


def _as_json(view: View) -> dict[str, Any]:
    return {**view._asdict(), "whose": _whose(view)}


def _show(options: argparse.Namespace, context: Context) -> None:
    view = _view_meant(options, context)
    facts = LISTS[view.screen]
    if options.json:
        print_json({**_as_json(view), "all_columns": facts.columns, "all_orders": facts.orders})
        return
    print(f"{view.name} ({view.key}), {facts.name}, {_whose(view)}")
    print(f"Search:   {view.search or 'everything'}")
    print(f"Columns:  {', '.join(view.columns) or 'as the screen has them'}")
    print(f"          there are {', '.join(facts.columns)}")
    print(f"Order:    {view.order or 'that of the screen'}{', in groups' if view.grouped else ''}")
    print(f"          there are {', '.join(facts.orders)}")
    print(f"Split:    {view.split or 'as each person has it'}")


def _save(options: argparse.Namespace, context: Context) -> None:
    columns = tuple(listed(options.columns))
    way = Way(columns, options.order, options.grouped, options.split)
    view = context.workspace.views.save(
        _screen(options), options.name, options.search, way, mine=options.mine
    )
    whom = "you alone" if view.mine else "everybody"
    shows = "; ".join(part for part in (view.search, way_words(view.screen, view.way)) if part)
    print_result(
        options, _as_json(view), f"The view {view.name} is there for {whom}: {shows or 'everything'}"
    )


def _rename(options: argparse.Namespace, context: Context) -> None:
    view = context.workspace.views.rename(_view_meant(options, context), options.new_name)
    print_result(options, _as_json(view), f"The view is called {view.name} now.")


def _delete(options: argparse.Namespace, context: Context) -> None:
    view = _view_meant(options, context)
    context.workspace.views.drop(view)
    back = "" if view.mine else f" `fleettui undo {view.id}` brings it back."
    print_result(options, {"deleted": view.name, "id": view.id}, f"The view {view.name} is gone.{back}")
