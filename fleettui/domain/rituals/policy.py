"""The shape of rituals.json, and the rituals that a new workspace begins with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

import msgspec

from fleettui.domain.checklists.mistakes import Mistake, checklist_mistakes, unique
from fleettui.domain.checklists.model import Checklist, Count, Evidence, Fact, Step
from fleettui.domain.rituals.model import Feed, Ritual
from fleettui.domain.rituals.recurrence import Rhythm
from fleettui.domain.rituals.sense import nonsense


class RitualDefinition(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Something that the team does again and again (RIT)."""

    id: str
    name: str
    purpose: str
    dri: str
    """A login or a role."""
    rhythm: Rhythm
    zone: Literal["", "owner"] = ""
    """Whose days and wall times count: the team's, or those of the DRI."""
    frequency: str = ""
    """The rhythm in words, where words say it better than the product would."""
    per_customer: Literal["", "commercial"] = ""
    """One box for each customer of this kind in every period."""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    all_day: bool = False
    target_minutes: Count | None = None
    """For duties that last all day: the figure to stay under."""
    fed_by: Feed = ""
    quiet_days: Count | None = None
    """With "quiet opportunities": days without contact."""
    playbook: str = ""
    """Its steps are those of this playbook."""
    facts: tuple[Fact, ...] = ()
    steps: tuple[Step, ...] = ()
    evidence: Evidence | None = None
    messages: tuple[str, ...] = ()
    channel: str = ""
    url: str = ""
    note: str = ""
    retired: bool = False
    replaced_by: str = ""
    rule: str = ""

    @property
    def checklist(self) -> Checklist:
        """Its own steps."""
        return Checklist(facts=self.facts, steps=self.steps)


class RitualPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """rituals.json."""

    rituals: tuple[RitualDefinition, ...]

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("rituals", "id", self.rituals)
        ids = {ritual.id for ritual in self.rituals}
        for number, ritual in enumerate(self.rituals):
            path = f"rituals[{number}]"
            yield from ((f"{path}.{field}", what) for field, what in _named_rituals(ritual, ids))
            yield from ((f"{path}.{field}", what) for field, what in checklist_mistakes(ritual.checklist))
            yield from ((f"{path}.rhythm.{field}", what) for field, what in nonsense(ritual.rhythm))
            if ritual.playbook and ritual.steps:
                yield f"{path}.steps", "a ritual takes its steps from a playbook or has its own, not both"
            if ritual.fed_by == "quiet opportunities" and not ritual.quiet_days:
                yield f"{path}.quiet_days", "is wanted: days without contact"


def _named_rituals(ritual: RitualDefinition, ids: set[str]) -> Iterator[Mistake]:
    replaced = (ritual.replaced_by,) if ritual.replaced_by else ()
    for field, names in (("before", ritual.before), ("after", ritual.after), ("replaced_by", replaced)):
        for name in names:
            if name not in ids:
                yield field, f"no ritual is called {name!r}"
            elif name == ritual.id:
                yield field, "names the ritual itself"


def seeded(definitions: Iterable[RitualDefinition], today: date) -> list[Ritual]:
    """The handbook's rituals as the documents that a new workspace begins with."""
    rows = list(definitions)
    ids = {row.id: row.rule or f"RIT-{number}" for number, row in enumerate(rows, 1)}
    return [_seeded(row, ids, today) for row in rows]


def _seeded(row: RitualDefinition, ids: dict[str, str], today: date) -> Ritual:
    same = set(Ritual.__struct_fields__) & set(row.__struct_fields__)
    same -= {"id", "before", "after", "retired", "replaced_by"}
    return Ritual(
        **{field: getattr(row, field) for field in same},
        id=ids[row.id],
        key=row.id,
        since=today,
        before=tuple(ids[name] for name in row.before),
        after=tuple(ids[name] for name in row.after),
        retired=today if row.retired else None,
        replaced_by=ids.get(row.replaced_by, ""),
    )
