"""The shape of the files in playbooks/."""

from collections.abc import Iterator

import msgspec

from fleettui.domain.checklists.mistakes import Mistake, checklist_mistakes
from fleettui.domain.checklists.model import Checklist, Fact, Step


class Playbook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is done on demand, as a checklist with owners (PLAY)."""

    id: str
    name: str
    purpose: str
    rule: str = ""
    dri: str = ""
    dri_note: str = ""
    customer: bool = True
    """Whether a run is for a customer."""
    reminders: tuple[str, ...] = ()
    """Messages shown when a run begins."""
    notes: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    steps: tuple[Step, ...]

    @property
    def checklist(self) -> Checklist:
        """What a run of it goes through."""
        return Checklist(facts=self.facts, steps=self.steps)

    def mistakes(self) -> Iterator[Mistake]:
        if not self.id.strip():
            yield "id", "is empty"
        yield from checklist_mistakes(self.checklist)
