"""What names the rows of Playbooks."""

from __future__ import annotations

from msgspec import Struct

from screens.widgets.sections import SectionKey


class RunKey(Struct, frozen=True):
    """A run of a playbook, open or closed."""

    id: str


class PlaybookKey(Struct, frozen=True):
    """A playbook that can be begun."""

    name: str


class BrokenKey(Struct, frozen=True):
    """A file of the handbook that cannot be read, and why."""

    error: str


class StepKey(Struct, frozen=True):
    """A step of the run that is open."""

    step: str


class FactKey(Struct, frozen=True):
    """A question of the run that is open."""

    fact: str


Key = RunKey | PlaybookKey | BrokenKey | StepKey | FactKey | SectionKey
