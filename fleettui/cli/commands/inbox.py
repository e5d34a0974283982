"""fleettui inbox: what concerns me, what of it I have seen, what I follow, and how I want to be told."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

from fleettui.cli.output import iso, print_json, print_result, print_rows
from fleettui.cli.parser import Context, Subcommands, add_common_options, assignments
from fleettui.domain.events.model import KIND_WORDS, Event
from fleettui.time import wording
from fleettui.workspace.inbox.results import Item
from fleettui.workspace.inbox.settings import NAMES, WAYS, Settings
from fleettui.workspace.workspace import Workspace

UNSEEN, LONGEST = "●", 50


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _list, reads=True)
    parser.add_argument("--unseen", action="store_true", help="only what I have not seen")
    parser.add_argument("--all", action="store_true", help=f"also behind the newest {LONGEST}")
    subcommands = Subcommands(parser, required=False)
    seen = subcommands.add("seen", _seen, "I have seen these, or all")
    seen.add_argument(
        "ids", nargs="*", metavar="ID", help="of a ticket or another thing, or the key of an event"
    )
    for name, run, help_ in (
        ("follow", _follow, "tell me when this customer writes, or in this ticket"),
        ("unfollow", _unfollow, "no longer"),
    ):
        following = subcommands.add(name, run, help_)
        number = "?" if name == "follow" else None
        following.add_argument("name", nargs=number, metavar="TICKET|CUSTOMER")
    setting = subcommands.add("settings", _settings, "how I am told, or change it")
    known = f"{', '.join(KIND_WORDS)}: {', '.join(WAYS)}. {'. '.join(f'{name}: {text}' for name, text in NAMES.items())}"
    setting.add_argument("settings", nargs="*", metavar="NAME=VALUE", help=known.replace("%", "%%"))


def _list(options: argparse.Namespace, context: Context) -> None:
    workspace = context.workspace
    items = [item for item in workspace.inbox.items() if not (options.unseen and item.seen)]
    shown = items if options.all or options.json else items[:LONGEST]
    print_rows(
        options,
        (_as_json(item, workspace) for item in shown),
        ("", "WHEN", "KIND", "WHAT"),
        (_row(item, workspace) for item in shown),
    )
    if options.json:
        return
    if not items:
        print("Nothing is unseen." if options.unseen else "Nothing concerned you in the last two weeks.")
    if len(items) > len(shown):
        print(f"… and {len(items) - len(shown)} more: fleettui inbox --all")


def _row(item: Item, workspace: Workspace) -> tuple[str, ...]:
    event = item.event
    when = wording.named_moment(event.at, workspace.now(), workspace.zone)
    return "" if item.seen else UNSEEN, when, event.kind.replace("_", " "), event.text


def _as_json(item: Item, workspace: Workspace) -> dict[str, Any]:
    return {**event_as_json(item.event, workspace), "seen": item.seen}


def event_as_json(event: Event, workspace: Workspace) -> dict[str, Any]:
    return {
        "key": event.key,
        "at": iso(event.at, workspace.zone),
        "kind": event.kind,
        "collection": event.collection,
        "id": event.id,
        "ids": list(event.together or (event.id,)),
        "by": event.by or None,
        "text": event.text,
    }


def _seen(options: argparse.Namespace, context: Context) -> None:
    workspace = context.workspace
    seen = workspace.inbox.see(options.ids or None)
    left = len(workspace.inbox.unseen())
    value = {"seen": [event_as_json(event, workspace) for event in seen], "unseen": left}
    print_result(options, value, f"Seen: {_counted(seen)}; {left} unseen.")


def _counted(events: Iterable[Event]) -> str:
    ids = list(dict.fromkeys(event.id for event in events))
    return (
        ", ".join(ids[:5]) + (f" and {len(ids) - 5} more" if len(ids) > 5 else "") if ids else "nothing new"
    )


def _follow(options: argparse.Namespace, context: Context) -> None:
    inbox = context.workspace.inbox
    if options.name:
        id_ = inbox.follow(options.name)
        print_result(options, {"following": inbox.following()}, f"You follow {id_}.")
        return
    following = inbox.following()
    lines = [_named(id_, context.workspace) for id_ in following]
    print_result(options, {"following": following}, *(lines or ["You follow nothing."]))


def _named(id_: str, workspace: Workspace) -> str:
    shown = {customer.id: customer.shown for customer in workspace.customers.all()}
    return f"{id_}  {shown[id_]}" if id_ in shown else id_


def _unfollow(options: argparse.Namespace, context: Context) -> None:
    inbox = context.workspace.inbox
    id_ = inbox.unfollow(options.name)
    print_result(options, {"following": inbox.following()}, f"You follow {id_} no longer.")


def _settings(options: argparse.Namespace, context: Context) -> None:
    inbox = context.workspace.inbox
    inbox.set_all(assignments(options.settings))
    settings = inbox.settings()
    if options.json:
        print_json(_settings_as_json(settings))
        return
    rows: list[tuple[str, str, str]] = [(kind, way, KIND_WORDS[kind]) for kind, way in settings.kinds.items()]
    values = (settings.bell, settings.notify, settings.quiet_in_words)
    rows += [(name, value, text) for (name, text), value in zip(NAMES.items(), values, strict=True)]
    print_rows(options, (), ("SETTING", "VALUE", "WHAT"), rows)


def _settings_as_json(settings: Settings) -> dict[str, Any]:
    return {
        "kinds": dict(settings.kinds),
        "bell": settings.bell,
        "notify": settings.notify,
        "quiet_hours": settings.quiet_in_words,
    }
