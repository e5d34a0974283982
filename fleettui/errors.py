"""What can go wrong, as few kinds as the command line has exit codes (docs/cli.md).

Every message is one line that says what to do; the front door turns it into an exit code, a screen into a toast.
"""

from __future__ import annotations


class FleettuiError(Exception):
    """The base: an error that a person is meant to read."""

    exit_code = 1


class Refused(FleettuiError):
    """A rule said no, or there is no such thing."""

    exit_code = 1


class WrongUsage(FleettuiError):
    """The command or a value given to it cannot be understood."""

    exit_code = 2


class Unusable(FleettuiError):
    """The workspace cannot be used: missing, damaged, locked, not permitted, disk full."""

    exit_code = 3
