"""The errors that a person sees: one class for each exit code of the command line (docs/cli.md).

Every message is one line that says what to do. The command line prints it and returns the exit code; a screen shows a toast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any


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


class Mistakes(Refused):
    """Several fields are wrong. `errors` has each with its field."""

    def __init__(self, errors: Sequence[FleettuiError]) -> None:
        super().__init__("; ".join(str(error).rstrip(".") for error in errors))
        self.errors = tuple(errors)
        self.exit_code = min(error.exit_code for error in errors)


class Away(Unusable):
    """What the workspace is kept on does not answer now."""


class Fields:
    """Checks the fields of a form or a command to the end, so that all that is wrong is said at once.

    with fields.check():
        ...  # reads one field; what it refuses is kept
    fields.refuse()

    Of a field that is refused twice the first reason stays.
    """

    def __init__(self) -> None:
        self._errors: list[FleettuiError] = []

    @contextmanager
    def check(self) -> Iterator[None]:
        try:
            yield
        except Mistakes as several:
            self._errors += [error for error in several.errors if error.field not in self.wrong]
        except (Refused, WrongUsage) as error:
            if not error.field:
                raise
            if error.field not in self.wrong:
                self._errors.append(error)

    @property
    def wrong(self) -> frozenset[str]:
        """The fields that were refused."""
        return frozenset(error.field for error in self._errors)

    def refuse(self) -> None:
        """Raises what was kept; one alone as it was."""
        if len(self._errors) == 1:
            raise self._errors[0]
        if self._errors:
            raise Mistakes(self._errors)


def all_checked(fields: Mapping[str, Any], check: Callable[[str, Any], Any]) -> dict[str, Any]:
    """Each value as `check` reads it by its field's name; all that it refuses is said at once."""
    values: dict[str, Any] = {}
    checked = Fields()
    for field, value in fields.items():
        with checked.check():
            values[field] = check(field, value)
    checked.refuse()
    return values
