"""The shape of roles.json."""

from collections.abc import Iterator

import msgspec

from fleettui.domain.checklists.mistakes import Mistake, absent, unique
from fleettui.text import finding

# The keys by which the product knows roles.

ON_CALL_ROLE = "on-call"
CSM_ROLE = "CSM"


class Role(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody does on the team. Steps, approvals and rituals name roles by key."""

    key: str
    name: str
    also: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    """Filled by somebody with one of these roles, case by case."""
    by_rota: bool = False
    """Filled by whoever is on call."""
    note: str = ""


class Roles(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """roles.json."""

    roles: tuple[Role, ...]

    def find(self, name: str) -> Role | None:
        """By key, name or another name, in any case."""
        roles = finding.exact(self.roles, name, lambda role: (role.key, role.name, *role.also))
        return roles[0] if roles else None

    def missing_keys(self) -> Iterator[Mistake]:
        needed = {
            ON_CALL_ROLE: "steps of whoever is on call (SUP-15)",
            CSM_ROLE: "finding who leads a customer's call (CALL-1)",
        }
        yield from absent("roles", "role", needed, {role.key for role in self.roles})

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("roles", "key", self.roles)
        keys = {role.key for role in self.roles}
        for number, role in enumerate(self.roles):
            for place, key in enumerate(role.one_of):
                if key not in keys:
                    yield f"roles[{number}].one_of[{place}]", f"no role is called {key!r}"
