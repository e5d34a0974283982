"""fleettui config: every setting, what it does, and what says so; setting one's own. Most of it needs no workspace."""

from __future__ import annotations

import argparse
from typing import Any

from fleettui import config
from fleettui.cli.output import print_json, print_result, print_table
from fleettui.cli.parser import Context, add_common_options
from fleettui.errors import WrongUsage
from fleettui.workspace.settings import SETTINGS, Settings, Value, setting_named


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run, reads=True)
    key = parser.add_argument("key", nargs="?", metavar="KEY", help="of one setting")
    key.words = tuple(setting.key for setting in SETTINGS)  # type: ignore[attr-defined]  # for completion
    parser.add_argument("value", nargs="?", metavar="VALUE", help="what it is to be from now on, for me")
    parser.add_argument("--unset", action="store_true", help="as if I had never set it")


def _run(options: argparse.Namespace, context: Context) -> None:
    opened = (lambda: context.workspace) if context.is_made() else None
    settings = Settings(opened, given_home=context.given_home)
    if options.key is None:
        if options.unset:
            raise WrongUsage("name the setting", field="--unset")
        return _list(options, settings.all())
    setting = setting_named(options.key)
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


def _list(options: argparse.Namespace, values: list[Value]) -> None:
    if options.json:
        print_json([_as_json(value) for value in values])
        return
    rows = [(value.setting.key, value.value, value.source, value.setting.what) for value in values]
    print_table(("SETTING", "VALUE", "FROM", "WHAT"), rows)
    print(f"Your files: {config.user_config()}, {config.keys_file()}, {config.state_folder()}.")


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
