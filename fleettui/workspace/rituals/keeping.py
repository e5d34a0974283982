"""Making, changing, retiring and taking in rituals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from fleettui.domain.rituals import fields as ritual_edits
from fleettui.domain.rituals import model as rituals
from fleettui.domain.rituals.model import Ritual
from fleettui.errors import Refused
from fleettui.store.protocol import NoSuchDocument
from fleettui.text import reading
from fleettui.time.zones import day_of
from fleettui.workspace.collections import RITUALS

if TYPE_CHECKING:
    from fleettui.intake.rituals_yaml import Report
    from fleettui.workspace.workspace import Workspace


class RitualKeeping:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._session, self._store = workspace, workspace.session, workspace.store

    def find(self, said: str) -> Ritual:
        return rituals.matching(self._store.all(RITUALS), said)

    def today(self) -> date:
        return day_of(self._workspace.now(), self._workspace.zone)

    def add(self, name: str, **fields: Any) -> Ritual:
        def made(id_: str) -> Ritual:
            one = ritual_edits.new_ritual(id_, name, self._understood(fields), self.today())
            self._refuse_taken(one)
            return one

        return self._store.add(RITUALS, made, self._session.stamp("rituals.add"))

    def edit(self, id_: str, fields: Mapping[str, Any], *, seen: int | None = None) -> Ritual:
        understood = self._understood(fields)

        def change(one: Ritual) -> Ritual:
            changed = ritual_edits.edited(one, understood, self.today())
            self._refuse_taken(changed)
            return changed

        return self._change(id_, change, "rituals.edit", seen)

    def retire(self, id_: str, *, why: str = "", replaced_by: str = "") -> Ritual:
        other = self.find(replaced_by).id if replaced_by else ""
        return self._change(
            id_, lambda one: ritual_edits.retired(one, self.today(), other), "rituals.retire", why=why
        )

    def bring_back(self, id_: str) -> Ritual:
        return self._change(
            id_, lambda one: ritual_edits.brought_back(one, self.today()), "rituals.bring_back"
        )

    def take_in(self, content: str) -> Report:
        """A *.rituals.yml file: what is new comes in, what changed in the file since the last time changes here."""
        from fleettui.intake import rituals_yaml

        found = rituals_yaml.read(content)
        logins = {one.github.casefold(): one.login for one in self._workspace.people.all() if one.github}
        plan = rituals_yaml.plan(found, self._store.all(RITUALS), logins, self.today())
        if plan.edits:
            self._store.change_many(RITUALS, plan.edits, self._session.stamp("rituals.import"))
        return plan.report

    def _understood(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Names of people, roles and rituals as they are kept."""
        found = dict(fields)
        if found.get("dri"):
            found["dri"] = self._dri(str(found["dri"]))
        for field in ("before", "after"):
            if found.get(field):
                found[field] = [self.find(said).id for said in reading.names(found[field])]
        return found

    def _dri(self, said: str) -> str:
        role = self._workspace.handbook.roles.find(said)
        if role is not None:
            return role.key
        try:
            return self._workspace.people.find(said).login
        except Refused as refused:
            raise Refused(str(refused), field="dri") from None

    def _refuse_taken(self, one: Ritual) -> None:
        for other in self._store.all(RITUALS):
            if other.id != one.id and other.retired is None and other.name.casefold() == one.name.casefold():
                raise Refused(f"{other.name} is a ritual already, {other.id}", field="name")

    def _there(self, id_: str) -> Ritual:
        ritual = self._store.get(RITUALS, id_)
        if ritual is None:
            raise NoSuchDocument("rituals", id_)
        return ritual

    def _change(
        self,
        id_: str,
        edit: Callable[[Ritual], Ritual],
        verb: str,
        seen: int | None = None,
        why: str = "",
    ) -> Ritual:
        def existing(one: Ritual | None) -> Ritual:
            if one is None:
                raise NoSuchDocument("rituals", id_)
            return edit(one)

        self._store.change(RITUALS, id_, existing, self._session.stamp(verb, why), seen=seen)
        return self._there(id_)
