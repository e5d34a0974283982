"""The scripts by which shells complete words: one table of the parsers' words, and for each shell what reads it (`shells/`).

Commands and options stand in the script. Ids and names it asks for at each Tab, by `fleettui complete`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files

from fleettui.cli.description import OF_ALL, Argument, every_command, first_options
from fleettui.domain.views import LISTS


def script_for(shell: str, commands: Mapping[str, str]) -> str:
    """For bash, zsh or fish."""
    text = files("fleettui.cli.shells").joinpath(f"fleettui.{shell}").read_text(encoding="utf-8")
    table = "\n".join(rows(commands))
    return text.replace("@TABLE@", _quoted(table, shell))


def rows(commands: Mapping[str, str]) -> Iterator[str]:
    """Of the table; its form stands at the head of each script."""
    yield from (_option_row("", argument) for argument in first_options() if argument.options)
    yield "A||ticket"
    every = every_command(commands)
    of_all = [argument for argument in every[0].arguments if {*argument.options} & {*OF_ALL}]
    for argument in of_all:
        yield _option_row("*", argument)
    for command in every:
        yield _row("C", command.words, command.help)
        for argument in command.own:
            if argument.options:
                yield _option_row(command.words, argument)
            else:
                yield _row("A", command.words, _kind(argument) + ("*" if argument.repeats else ""))


def _option_row(words: str, argument: Argument) -> str:
    longest = max(argument.options, key=len)
    return _row("O", words, longest, _kind(argument), argument.help)


def _row(*cells: str) -> str:
    *first, last = (" ".join(cell.split()) for cell in cells)
    return "|".join((*(cell.replace("|", "/") for cell in first), last))


def _kind(argument: Argument) -> str:
    if argument.choices or argument.words:
        return "=" + ",".join(argument.choices or argument.words)
    if argument.fields:
        return "=" + ",".join(f"{field}=" for field in argument.fields)
    if argument.kind == "screen":
        return "=" + ",".join(LISTS)
    return argument.kind


def _quoted(text: str, shell: str) -> str:
    """For within single quotes."""
    if shell == "fish":
        return text.replace("\\", "\\\\").replace("'", "\\'")
    return text.replace("'", "'\\''")
