"""Texts of a playbook that ask for what nobody types and nobody knows; and steps that follow a step that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fleettui.domain.checklists.rules import every_step
from fleettui.domain.playbooks.texts import vocabulary
from fleettui.errors import FleettuiError

if TYPE_CHECKING:
    from fleettui.domain.checklists.mistakes import Mistake
    from fleettui.domain.playbooks.policy import Playbook
    from fleettui.policy.handbook import Handbook


def playbook_mistakes(handbook: Handbook, playbook: Playbook) -> Iterator[Mistake]:
    """None of them stops anybody: a gap stands in brackets, and a step that follows nothing is ticked by hand."""
    yield from _gaps(handbook, playbook)
    yield from _followed(handbook, playbook)


def _gaps(handbook: Handbook, playbook: Playbook) -> Iterator[Mistake]:
    roles = [role.key for role in handbook.roles.roles]
    known = vocabulary(playbook.checklist, for_customer=playbook.customer, roles=roles)
    for field, name in _texts(playbook):
        try:
            missing = handbook.renderer.missing(name, dict.fromkeys(known, "x"))
            declared = {variable.name for variable in handbook.renderer.message(name).variables}
        except FleettuiError:
            continue  # a text that is not there, or broken, is named by itself
        for gap in (gap for gap in missing if gap.name in declared):
            yield field, f"{name!r} asks for {gap.name!r}: no field or question of this playbook is called so"


def _texts(playbook: Playbook) -> Iterator[tuple[str, str]]:
    for number, name in enumerate(playbook.reminders):
        yield f"reminders[{number}]", name
    for step in every_step(playbook.steps):
        for number, name in enumerate(step.text):
            yield f"steps: {step.key}.text[{number}]", name


def _followed(handbook: Handbook, playbook: Playbook) -> Iterator[Mistake]:
    for step in every_step(playbook.steps):
        for number, opened in enumerate(step.opens):
            begun = handbook.playbooks.get(opened.name) if opened.kind == "playbook" else None
            if opened.until and begun and opened.until not in _keys(begun):
                field = f"steps: {step.key}.opens[{number}].until"
                yield field, f"{opened.name!r} has no step called {opened.until!r}"


def _keys(playbook: Playbook) -> set[str]:
    return {step.key for step in every_step(playbook.steps)}
