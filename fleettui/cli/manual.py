"""The page of the manual, fleettui(1), from the parsers and the settings: `python -m fleettui.cli.manual > docs/fleettui.1`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping

from fleettui import __version__
from fleettui.cli.commands import COMMANDS
from fleettui.cli.description import OF_ALL, Argument, CommandLineCommand, every_command, first_options
from fleettui.cli.schema import EXIT_CODES
from fleettui.workspace.settings import SETTINGS

DATE = "2026-11-22"
"""Of the last release or of what will be the next one."""
DESCRIPTION = """
fleettui is a terminal for a customer team: recurring duties (rituals), customer calls, the support queue and playbooks, in one
workspace that everybody of the team works in. Without a command it opens the app, where you left it; `?` shows the keys that work
there, Ctrl+P finds everything by its name. With the id of a ticket it opens that ticket.
""".strip()
FILES = {
    "~/.config/fleettui/config.toml": "Your settings: home, sign. Below XDG_CONFIG_HOME, if that is set.",
    "~/.config/fleettui/keys.toml": "Your keys and your own commands.",
    "~/.config/fleettui/themes/": "Your themes.",
    "~/.local/state/fleettui/": "What the app remembers for you, and its error log. Below XDG_STATE_HOME, if that is set.",
    "~/.local/share/fleettui/": "The workspace, where no other is named. Below XDG_DATA_HOME, if that is set.",
    "/etc/fleettui/config.toml": "What the administrator says for the whole box.",
}
EXAMPLES = {
    "fleettui init --demo": "A workspace with an invented team, to try things.",
    "fleettui tour": "Three minutes in which you learn the keys, in a workspace that is removed afterwards.",
    "fleettui tickets list --search 'priority:P1 is:owed'": "Who waits for an answer.",
    "fleettui today --json": "What needs doing now, for a program.",
    'eval "$(fleettui completion bash)"': "Words completed in the shell.",
}


def manual(commands: Mapping[str, str]) -> str:
    """In roff, with the macros of man(7)."""
    return "\n".join(_lines(commands)) + "\n"


def _lines(commands: Mapping[str, str]) -> Iterator[str]:
    yield '.\\" Written by `python -m fleettui.cli.manual`; edit the parsers, not this.'
    yield f'.TH FLEETTUI 1 "{DATE}" "fleettui {__version__}" "fleettui manual"'
    yield ".SH NAME"
    yield "fleettui, ft \\- a terminal for a customer team"
    yield ".SH SYNOPSIS"
    yield from (".B fleettui", "[\\fIoptions\\fR] [\\fIticket\\fR]", ".br")
    yield from (".B fleettui", "[\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]")
    yield ".SH DESCRIPTION"
    yield roff(" ".join(DESCRIPTION.split()))
    yield ".SH OPTIONS"
    for argument in first_options():
        yield from _argument(argument)
    yield ".SH COMMANDS"
    yield roff(
        "Every command takes --json (one JSON value instead of text), --home DIR (the workspace) and --help."
    )
    for command in every_command(commands):
        yield from _command(command)
    yield from _ending()


def _command(command: CommandLineCommand) -> Iterator[str]:
    if " " not in command.words:
        yield f".SS {roff(command.words)}"
        yield roff(_sentence(command.help))
    if command.groups:
        return
    yield ".TP"
    yield f".B fleettui {roff(command.words)}"
    places = " ".join(_place(argument) for argument in command.own if not argument.options)
    if places:
        yield f"\\fI{roff(places)}\\fR"
        yield ".br"
    if " " in command.words:
        yield roff(_sentence(command.help))
    options = [argument for argument in command.own if argument.options and argument.options[0] not in OF_ALL]
    if options or any(argument.help for argument in command.own):
        yield ".RS"
        for argument in command.own:
            yield from _argument(argument)
        yield ".RE"


def _place(argument: Argument) -> str:
    word = argument.value + ("..." if argument.repeats else "")
    return word if argument.is_required else f"[{word}]"


def _argument(argument: Argument) -> Iterator[str]:
    if not argument.help and not argument.options:
        return
    value = f" \\fI{roff('|'.join(argument.choices) or argument.value)}\\fR" if argument.value else ""
    names = ", ".join(f"\\fB{roff(option)}\\fR{value}" for option in argument.options)
    yield ".TP"
    yield names or value.strip()
    yield roff(_sentence(argument.help)) if argument.help else "\\&"


def _ending() -> Iterator[str]:
    yield ".SH EXIT STATUS"
    for code, words in EXIT_CODES.items():
        yield from (".TP", f".B {code}", roff(_sentence(words)))
    yield ".SH ENVIRONMENT"
    for setting in SETTINGS:
        if setting.variable:
            allowed = f" ({setting.allowed_words})" if setting.allowed_words else ""
            yield from (".TP", f".B {setting.variable}", roff(f"{setting.what}{allowed}"))
    yield ".SH FILES"
    for file, words in FILES.items():
        yield from (".TP", f".I {roff(file)}", roff(words))
    yield ".SH EXAMPLES"
    for example, words in EXAMPLES.items():
        yield from (".TP", f".B {roff(example)}", roff(words))
    yield ".SH SEE ALSO"
    yield roff(
        "fleettui config shows every setting, fleettui keys every key, fleettui commands --json every command for programs."
    )


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    ending = "" if text.endswith((".", "!", "?", ":")) else "."
    return f"{text[:1].upper()}{text[1:]}{ending}" if re.match(r"[a-z]+\b(?!=)", text) else f"{text}{ending}"


def roff(text: str) -> str:
    """As text that no macro or escape is in."""
    text = (
        text.replace("\\", "\\e")
        .replace("-", "\\-")
        .replace("~", "\\(ti")
        .replace("^", "\\(ha")
        .replace("`", "\\(ga")
    )
    text = text.replace("…", "...").replace('"', "\\(dq").replace("'", "\\(aq")
    return f"\\&{text}" if text.startswith(".") else text


if __name__ == "__main__":
    sys.stdout.write(manual(COMMANDS))
