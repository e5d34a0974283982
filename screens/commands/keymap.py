"""The person's own keys: what keys.toml says, the preset it begins with, and what of it cannot be.

    preset = "vim"

    [keys]
    "triage.take" = "T"
    "go.triage" = ["4", "g t"]
    "triage.label" = []

From the file's text to the keys that differ from the catalogue's. A mistake costs the line that has it, never the start.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from fleettui import config
from fleettui.text.finding import nearest
from fleettui.text.reading import listed
from screens.commands.by_screen import BY_SCREEN
from screens.commands.command import ANYWHERE, INSIDE, Command, chord_word
from screens.commands.everywhere import EVERYWHERE
from screens.commands.key_names import NoSuchKey, chord_name, needs_no_letter
from screens.commands.own import SCREENS, OwnCommand, own_commands, why_not_trusted
from screens.commands.presets import PRESETS

COMMANDS = {command.id: command for command in EVERYWHERE + BY_SCREEN}
OTHER_PARTS = ("command",)
"""Of keys.toml, which somebody else reads."""
_OF_TRIAGE = ("views", "next_view", "last_view", "keep_view", "mark_all")
RENAMED = {**{f"triage.{verb}": f"board.{verb}" for verb in _OF_TRIAGE}, "calls.link": "app.links"}
"""Ids of earlier versions, which are in people's files: each with the one that it has now."""
LARGEST = 100_000
TYPED_IN = ("filter", "form", "picker", "composer")
ON_EVERY_SCREEN = frozenset({ANYWHERE, "list", "board", "page", "columns"})
IN_LISTS = frozenset({"board", "help", "inbox"})
NO_SCREENS = frozenset({*INSIDE, "board", "columns"})
NEEDED = frozenset(
    {"app.leave_now", "page.back", "filter.clear", "filter.done", "board.back", "app.palette", "list.open"}
    | {command.id for command in EVERYWHERE if command.verb == "close"}
)
"""The ways out: without them somebody would be stuck."""


class Keymap(msgspec.Struct, frozen=True):
    """The keys that differ from the catalogue's."""

    preset: str = ""
    keys: dict[str, str] = {}
    """By the command's id; by commas, the keys of a chord by blanks. Empty: the command has none."""
    problems: tuple[str, ...] = ()
    """One line each."""
    renamed: tuple[tuple[str, str], ...] = ()
    """Ids of earlier versions that are in the file, with those of today. They work."""
    own: tuple[OwnCommand, ...] = ()
    """The person's own commands; the key of each as Textual writes it, empty where it has none."""

    def keys_of(self, command_id: str) -> str:
        return self.keys.get(command_id, COMMANDS[command_id].keys)


def read(text: str, file: str = "keys.toml") -> Keymap:
    """What a keys.toml says; `file` is its name in the problems."""
    import tomllib  # only where there is a file

    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Keymap(problems=(f"{file}: {error}. Until that is mended the usual keys work.",))
    preset, problems = _preset(content)
    chosen, more = _chosen(content.get("keys", {}))
    problems += more
    for part in content:
        if part not in ("preset", "keys", *OTHER_PARTS):
            problems.append(f"{part}: there is no such setting; there are preset and keys")
    keys, clashes = resolve(PRESETS.get(preset, {}), chosen)
    lines = tuple(f"{file}: {problem}" for problem in [*problems, *clashes])
    return Keymap(preset, keys, lines, _old_ids(content.get("keys", {})))


def _old_ids(table: object) -> tuple[tuple[str, str], ...]:
    ids = [id_ for id_, _ in _lines(table)] if isinstance(table, dict) else []
    return tuple((id_, RENAMED[id_]) for id_ in ids if id_ in RENAMED)


def _preset(content: Mapping[str, Any]) -> tuple[str, list[str]]:
    name = content.get("preset", "")
    if name in ("", *PRESETS):
        return name, []
    return "", [f"preset: there is no {name!r}; there are {', '.join(PRESETS)}"]


def _chosen(table: object) -> tuple[dict[str, str], list[str]]:
    if not isinstance(table, dict):
        return {}, ['keys: write a table, [keys], and in it lines such as "triage.take" = "T"']
    chosen: dict[str, str] = {}
    problems: list[str] = []
    lines = dict(_lines(table))
    for id_, written in lines.items():
        now = RENAMED.get(id_, id_)
        try:
            if now != id_ and now in lines:
                raise NoSuchKey(f"it is called {now} now, and stands there too: this line does nothing")
            keys = _keys(now, written)
            chosen[now] = ",".join(filter(None, (chosen.get(now, ""), keys)))  # two old ids may be one today
        except NoSuchKey as error:
            problems.append(f"{id_}: {error}")
    return chosen, problems


def _lines(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """`triage.take = "T"` without quotation marks is a table in a table."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _lines(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _keys(id_: str, written: object) -> str:
    command = COMMANDS.get(id_)
    if command is None:
        near = nearest(id_, COMMANDS)
        raise NoSuchKey(f"there is no such command{f'; did you mean {near}?' if near else ''}")
    several = [written] if isinstance(written, str) else written
    if not isinstance(several, list) or not all(isinstance(key, str) for key in several):
        raise NoSuchKey('write a key, "x", or several, ["x", "g t"]')
    keys = [chord_name(key) for key in several if key]
    if not keys and id_ in NEEDED:
        raise NoSuchKey("it cannot be without a key: it is a way out")
    letters = [key for key in keys if not _can_be_pressed(command, key)]
    if letters:
        raise NoSuchKey(f"{chord_word(letters[0])} is text where it works; hold Ctrl, or take F1 to F24")
    return ",".join(keys)


def _can_be_pressed(command: Command, chord: str) -> bool:
    if not (command.while_typing or command.scope in TYPED_IN):
        return True
    first = chord.split()[0]
    return needs_no_letter(chord) or (command.scope in TYPED_IN and len(first) > 1 and first in MOVING)


MOVING = frozenset(
    {"enter", "escape", "tab", "up", "down", "left", "right", "home", "end", "pageup", "pagedown"}
    | {"insert", "delete", "backspace"}
)


def of_person() -> Keymap:
    """What this person's file says; where there is none, nothing."""
    file = config.keys_file()
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST + 1)
            facts = os.fstat(stream.fileno())
    except FileNotFoundError:
        return Keymap()
    except OSError as error:
        return Keymap(problems=(f"{file}: {error.strerror}. The usual keys work.",))
    if len(content) > LARGEST:
        return Keymap(problems=(f"{file}: it is larger than {LARGEST:,} bytes. The usual keys work.",))
    text = content.decode("utf-8", "replace")
    return _with_own(read(text, file.name), text, file, facts)


def _with_own(keymap: Keymap, text: str, file: Path, facts: os.stat_result) -> Keymap:
    """Its `[[command]]` tables, each with a key that nothing else has."""
    import tomllib  # only where there is a file

    try:
        tables = tomllib.loads(text).get("command")
    except tomllib.TOMLDecodeError:
        return keymap
    if not tables:
        return keymap
    distrust = why_not_trusted(file, facts)
    if distrust:
        return replace(keymap, problems=(*keymap.problems, f"{file.name}: {distrust}"))
    own = own_commands({"command": tables})
    problems = [*own.troubles]
    commands: list[OwnCommand] = []
    for command in own.commands:
        try:
            chord = chord_name(command.key)
            refuse_taken(command, chord, keymap, commands)
        except NoSuchKey as error:
            problems.append(f"[[command]] {command.title}: {error}; Ctrl+P has it all the same")
            chord = ""
        commands.append(replace(command, key=chord))
    problems = [f"{file.name}: {problem}" for problem in problems]
    return replace(keymap, problems=(*keymap.problems, *problems), own=tuple(commands))


def refuse_taken(command: OwnCommand, chord: str, keymap: Keymap, others: Iterable[OwnCommand]) -> None:
    """On the screens where it works the key has to be free: what is ours there would go before it."""
    screens = set(command.on or SCREENS)
    for id_, known in COMMANDS.items():
        if known.scope in ON_EVERY_SCREEN or known.scope in screens:
            for taken in listed(keymap.keys_of(id_)):
                if taken == chord or _is_in_the_way(chord, taken):
                    raise NoSuchKey(f'{chord_word(taken)} is for {id_}; "{id_}" = [] below [keys] frees it')
    for other in others:
        if other.key and screens & set(other.on or SCREENS) and _is_in_the_way(chord, other.key):
            raise NoSuchKey(f"{chord_word(other.key)} is for “{other.title}”")


# What two commands want


def resolve(preset: Mapping[str, str], chosen: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The keys that differ, and a line for each key that two commands want: what the person chose goes before what the preset
    says, and that before the usual key; of two that are chosen, the first."""
    keys = {id_: command.keys for id_, command in COMMANDS.items()} | dict(preset) | dict(chosen)
    rank = {id_: 2 if id_ in chosen else 1 if id_ in preset else 0 for id_ in keys}
    order = [*chosen, *(id_ for id_ in keys if id_ not in chosen)]
    holders: dict[str, list[tuple[str, str]]] = {}
    clashes: list[str] = []
    for id_ in sorted(order, key=lambda id_: -rank[id_]):
        kept = []
        for chord in listed(keys[id_]):
            first = chord.split()[0]
            holder = _holder(holders.get(first, ()), id_, chord, rank)
            if holder is None:
                kept.append(chord)
                holders.setdefault(first, []).append((id_, chord))
            elif rank[holder[0]] == 2:
                clashes.append(_clash(holder, id_, chord))
        keys[id_] = ",".join(kept)
    return {id_: now for id_, now in keys.items() if now != COMMANDS[id_].keys}, clashes


def _holder(
    holders: Iterable[tuple[str, str]], id_: str, chord: str, rank: Mapping[str, int]
) -> tuple[str, str] | None:
    """Who has that key already, where both would answer. Two usual keys are as the catalogue means them."""
    for other, taken in holders:
        if (rank[other] or rank[id_]) and _is_in_the_way(chord, taken) and answer_at_once(other, id_):
            return other, taken
    return None


def _is_in_the_way(chord: str, other: str) -> bool:
    """The same, or one begins the other: the longer one could never be finished."""
    if chord == "escape" or other == "escape":
        return False
    return f"{chord} ".startswith(f"{other} ") or f"{other} ".startswith(f"{chord} ")


def _clash(holder: tuple[str, str], id_: str, chord: str) -> str:
    other, taken = holder
    is_for = f"{chord_word(taken)} is for {other}"
    if taken.startswith(f"{chord} "):
        is_for = f"{chord_word(chord)} begins {chord_word(taken)}, which is for {other}"
    return f"{is_for}; {id_} does not have {chord_word(chord)} any more"


def answer_at_once(id_: str, other: str) -> bool:
    """Whether there is a place where both commands answer to keys, and neither is meant to go before the other."""
    first, second = COMMANDS[id_], COMMANDS[other]
    if {first.verb, second.verb} == {"close", "leave"}:
        return False  # what is open is left before fleettui is
    scopes = {first.scope, second.scope}
    if len(scopes) == 1:
        return True
    if ANYWHERE in scopes:
        inner, outer = (first, second) if second.scope == ANYWHERE else (second, first)
        return inner.scope not in TYPED_IN or outer.while_typing
    if "list" in scopes and scopes & IN_LISTS:
        return True
    return bool(scopes & {"list", "board"}) and not scopes <= NO_SCREENS
