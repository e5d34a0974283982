"""What names the rows of Calls."""

from __future__ import annotations

from msgspec import Struct

from screens.widgets.sections import SectionKey


class CallKey(Struct, frozen=True):
    id: str


class StepKey(Struct, frozen=True):
    """A step of the call that is open."""

    step: str


class NextStepKey(Struct, frozen=True):
    """Something that was agreed in the call that is open."""

    key: str


Key = CallKey | StepKey | NextStepKey | SectionKey
