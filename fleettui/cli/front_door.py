"""The words before the command, and what they and the box's configuration let this process do.

Some words are the administrator's: those of a forced command, of the line of a key, of a login shell. Others are a person's: what
sshd passes on in SSH_ORIGINAL_COMMAND, and what follows -c. No shell reads them: they are split as one would, and nothing in
them is expanded.
"""

import argparse
import os
from collections.abc import Container, Mapping
from pathlib import PurePath
from typing import NamedTuple

from fleettui import __version__, access, config
from fleettui.cli.parser import Parser
from fleettui.errors import Refused, WrongUsage

PLAIN_BY = "FLEETTUI_PLAIN"
FROM_SSH = "SSH_ORIGINAL_COMMAND"
OWN_NAMES = ("fleettui", "ft", "fleettui-shell")
_NOTHING_BEFORE = {"home": None, "screen": "", "plain": False, "restricted": False, "acting": "", "c": None}
WITH_VALUE = ("--home", "--screen", "--as", "-c")


class Opening(NamedTuple):
    """What was asked for: the command with its words, or none for the app."""

    home: str | None
    screen: str
    words: list[str]
    plain: bool = False
    """The app for ears and fingers."""


def opened(words: list[str], commands: Mapping[str, str], hidden: Container[str] = ()) -> Opening:
    """Settles what this process may do; then the command, as far as this account may give it. Help names none of the `hidden`."""
    given, rest = _parsed(words, commands)
    asked = config.Asked(given.restricted or given.c is not None, given.acting, given.home)
    access.settle(config.access_for(asked))
    plain = given.plain or os.environ.get(PLAIN_BY, "") not in ("", "0")
    if not access.current().restricted:
        return Opening(given.home, given.screen, rest, plain)
    from fleettui.cli import hardening

    rest = rest or _words_of_person(given.c, os.environ.get(FROM_SSH, ""))
    hardening.harden()
    theirs = _of_person(given.screen, rest, commands, hidden)
    return theirs._replace(plain=plain or theirs.plain)


def _parsed(words: list[str], commands: Mapping[str, str]) -> tuple[argparse.Namespace, list[str]]:
    """The options before the command, and the rest."""
    if words and words[0] in commands:
        return argparse.Namespace(**_NOTHING_BEFORE), words
    at = _command_at(words)
    return parser_before_command(commands).parse_args(words[:at]), words[at:]


def parser_before_command(commands: Mapping[str, str]) -> Parser:
    """For the options that stand before the command."""
    overview = (
        f"The customer team's terminal. Without a command it opens the app. Commands: {', '.join(commands)}."
    )
    top = Parser(prog="fleettui", description=overview, usage="fleettui [--home DIR] [COMMAND ...]")
    top.add_argument("--home", metavar="DIR", help="the workspace")
    top.add_argument(
        "--screen", metavar="NAME", default="", help="the app's first screen: today, triage, ..."
    )
    top.add_argument("--plain", action="store_true", help="the app in lines, for screen readers and Braille")
    top.add_argument(
        "--restricted", action="store_true", help="only the workspace and the exchange folder, and no program"
    )
    top.add_argument(
        "--as",
        dest="acting",
        metavar="LOGIN",
        default="",
        help="who is here, in an account that people share",
    )
    top.add_argument("-c", metavar="COMMAND", help="as a login shell is called; restricted")
    top.add_argument("--version", action="version", version=f"fleettui {__version__}")
    return top


def _command_at(words: list[str]) -> int:
    """The index of the command: the first word that is neither an option nor the value of one."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in WITH_VALUE else 1
    return min(at, len(words))


def _words_of_person(shell_command: str | None, by_ssh: str) -> list[str]:
    """What a login shell was given, else what came by SSH. A forced command is given to the login shell: then it names us alone,
    and what came by SSH counts."""
    return _split(shell_command or "", "-c") or _split(by_ssh, FROM_SSH)


def _split(text: str, field: str) -> list[str]:
    if not text:
        return []
    import shlex  # only where a client names a command

    try:
        words = shlex.split(text)
    except ValueError as error:
        raise WrongUsage(f"the command cannot be read ({error})", field=field) from None
    return words[1:] if words and PurePath(words[0]).name in OWN_NAMES else words


def _of_person(screen: str, words: list[str], commands: Mapping[str, str], hidden: Container[str]) -> Opening:
    from fleettui.cli import restricted

    theirs, rest = _parsed(words, commands)
    if theirs.acting or theirs.c is not None:
        raise Refused("who is here stands in the line of the key, not in a command", field="--as")
    if rest and (rest[0] in commands or rest[0] in hidden):
        restricted.refuse_command(rest[0])
    return Opening(theirs.home, theirs.screen or screen, rest, theirs.plain)
