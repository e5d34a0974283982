"""The errors that a person sees: one class for each exit code of the command line (docs/cli.md).

Every message is one line that says what to do. The command line prints it and returns the exit code; a screen shows a toast.
"""

from __future__ import annotations


class FleettuiError(Exception):
    """The base class: an error that a person is meant to read.

    `field` is the field or option that the error is about, "" for none; it is printed in front of `text`.
    """

    exit_code = 1

    def __init__(self, text: str, *, field: str = "") -> None:
        super().__init__(f"{field}: {text}" if field else text)
        self.text = text
        self.field = field


class Refused(FleettuiError):
    """A rule said no, or there is no such thing."""

    exit_code = 1


class Ambiguous(Refused):
    """Several things fit what was named."""


class WrongUsage(FleettuiError):
    """The command or a value given to it cannot be understood."""

    exit_code = 2


class Unusable(FleettuiError):
    """The workspace cannot be used: missing, damaged, locked, not permitted, disk full."""

    exit_code = 3
