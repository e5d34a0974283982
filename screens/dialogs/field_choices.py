"""Choices for the fields of forms that have to do with people and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.dialogs.entries import Choices

if TYPE_CHECKING:
    from fleettui.workspace.workspace import Workspace


def people_choices(workspace: Workspace, nobody: str = "") -> Choices:
    """Everybody on the team, by login; `nobody` is what it means to choose none."""
    people = tuple((person.login, person.shown) for person in workspace.people.all() if person.active)
    return (*((("", nobody),) if nobody else ()), *people)


def dri_choices(workspace: Workspace) -> Choices:
    """Everybody on the team, and the roles."""
    roles = tuple((role.key, f"{role.name} (a role)") for role in workspace.handbook.roles.roles)
    return (*people_choices(workspace, "nobody"), *roles)
