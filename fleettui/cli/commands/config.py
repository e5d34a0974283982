"""fleettui config: every setting, what it does, and what says so; setting one's own. Most of it needs no workspace."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from fleettui import config
from fleettui.cli.output import print_json, print_result, print_table
from fleettui.cli.parser import Context, add_common_options
from fleettui.errors import Refused, WrongUsage
from fleettui.workspace import policy_settings
from fleettui.workspace.policy_settings import PolicyFile, PolicyValue
from fleettui.workspace.settings import IN_WORDS, SETTINGS, Settings, Value, setting_named


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run, reads=True)
    key = parser.add_argument(
        "key", nargs="?", metavar="KEY", help="of one setting, or of one file of the handbook"
    )
    key.words = (*(setting.key for setting in SETTINGS), *policy_settings.names())  # type: ignore[attr-defined]  # for completion
    parser.add_argument("value", nargs="?", metavar="VALUE", help="what it is to be from now on, for me")
    parser.add_argument("--unset", action="store_true", help="as if I had never set it")


def _run(options: argparse.Namespace, context: Context) -> None:
    opened = (lambda: context.workspace) if context.is_made() else None
    settings = Settings(opened, given_home=context.given_home)
    if options.key is None:
        if options.unset:
            raise WrongUsage("name the setting", field="--unset")
        return _list(options, settings.all(), context)
    if options.key.casefold() in set(policy_settings.names()):
        return _of_policy(options, options.key.casefold(), context)
    setting = setting_named(options.key, policy_settings.names())
    if options.unset:
        if options.value is not None:
            raise WrongUsage("give a value or --unset, not both", field=setting.key)
        value = settings.unset(setting)
    elif options.value is not None:
        value = settings.set(setting, options.value)
    else:
        return _show(options, settings.value(setting))
    was_set = options.value if options.value is not None else setting.default
    words = f"{setting.key} is {value.value or 'not set'} ({value.source})."
    if value.value != was_set:
        words = f"Kept, but {words}"
    return print_result(options, _as_json(value), words)


def _list(options: argparse.Namespace, values: list[Value], context: Context) -> None:
    policy = list(policy_settings.policy_values(context.workspace.handbook)) if context.is_made() else []
    if options.json:
        print_json([*map(_as_json, values), *map(_policy_as_json, policy)])
        return
    rows = [(value.setting.key, value.value, value.source, value.setting.what) for value in values]
    print_table(("SETTING", "VALUE", "FROM", "WHAT"), rows)
    print(f"Your files: {config.user_config()}, {config.keys_file()}, {config.state_folder()}.")
    if policy:
        print()
        print(
            "What the team sets, in the handbook; `fleettui config hours` shows what is in one of its files:"
        )
        print_table(("FILE", "FROM", "WHAT"), list(_files(policy)), "WHAT")


def _files(policy: list[PolicyValue]) -> Iterator[tuple[str, str, str]]:
    """A row for each."""
    for file in policy_settings.POLICY_FILES:
        of_file = [value for value in policy if value.key.startswith(f"{file.name}.")]
        is_own = any(value.source.startswith(value.file) for value in of_file)
        yield file.name, of_file[0].file if is_own else policy_settings.SHIPPED, file.what
    for value in policy:
        if value.key in policy_settings.FOLDERS:
            yield value.key, value.source, value.what


def _of_policy(options: argparse.Namespace, key: str, context: Context) -> None:
    """A file of the handbook, or one setting of it."""
    if options.value is not None or options.unset:
        file_name = f"{key.partition('.')[0]}.json"
        named = (
            "" if key in policy_settings.FOLDERS else f" ({context.workspace.handbook.folder / file_name})"
        )
        raise Refused(f"no setting of yours: {IN_WORDS['policy']}{named}", field=key)
    policy = list(policy_settings.policy_values(context.workspace.handbook))
    file = next((file for file in policy_settings.POLICY_FILES if file.name == key), None)
    if file is not None:
        return _list_file(options, file, [value for value in policy if value.key.startswith(f"{key}.")])
    value = next(value for value in policy if value.key == key)
    lines = (
        f"{value.key} = {policy_settings.in_words(value.value)}",
        value.what,
        f"From: {value.source}",
        f"Changed in: {value.file}",
    )
    return print_result(options, _policy_as_json(value), *lines)


def _list_file(options: argparse.Namespace, file: PolicyFile, values: list[PolicyValue]) -> None:
    if options.json:
        print_json([_policy_as_json(value) for value in values])
        return
    print(f"{values[0].file}: {file.what}")
    rows = [
        (value.key, policy_settings.in_words(value.value), value.source.rpartition("/")[2], value.what)
        for value in values
    ]
    print_table(("SETTING", "VALUE", "FROM", "WHAT"), rows)


def _show(options: argparse.Namespace, value: Value) -> None:
    setting = value.setting
    lines = [
        f"{setting.key} = {value.value}",
        setting.what,
        f"From: {value.source}",
        f"Allowed: {setting.allowed_words}",
        f"Default: {setting.default or '(not set)'}",
    ]
    if setting.variable:
        lines.append(f"Variable: {setting.variable}")
    print_result(options, _as_json(value), *lines)


def _as_json(value: Value) -> dict[str, Any]:
    setting = value.setting
    return {
        "key": setting.key,
        "value": value.value or None,
        "from": value.source,
        "what": setting.what,
        "allowed": list(setting.allowed) or None,
        "form": setting.form or None,
        "default": setting.default or None,
        "variable": setting.variable or None,
        "can_be_set": setting.can_be_set,
    }


def _policy_as_json(value: PolicyValue) -> dict[str, Any]:
    return {
        "key": value.key,
        "value": value.value,
        "from": value.source,
        "what": value.what,
        "allowed": None,
        "form": f"JSON in {value.file}",
        "default": None,
        "variable": None,
        "can_be_set": False,
    }
