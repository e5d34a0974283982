"""Ready texts with a ticket's facts in them; what nobody knows yet is left as a gap to be filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from fleettui.errors import FleettuiError, Refused

if TYPE_CHECKING:
    from fleettui.handbook_types import Variable
    from fleettui.tickets import Ticket
    from fleettui.workspace import Workspace

OPENING, CLOSING = "‹", "›"
GAP = re.compile(f"{OPENING}[^{OPENING}{CLOSING}\n]{{1,200}}{CLOSING}")
LONGEST_MEANING = 60


class Written(Struct, frozen=True):
    """A text as far as it could be written."""

    text: str
    gaps: tuple[str, ...] = ()
    """What is still to be filled in, as it stands in the text."""


def written(workspace: Workspace, name: str, ticket: Ticket | None) -> Written:
    missing = missing_variables(workspace, name, ticket)
    given: dict[str, object] = {one.name: [gap(one)] if one.list else gap(one) for one in missing}
    text = workspace.support.render(name, ticket, given)
    return Written(text, gaps_in(text))


def missing_variables(workspace: Workspace, name: str, ticket: Ticket | None) -> list[Variable]:
    return workspace.handbook.writer.missing(name, workspace.support.variables(name, ticket))


def gap(variable: Variable) -> str:
    """‹question: what you ask›."""
    meaning = variable.meaning.replace(OPENING, "").replace(CLOSING, "")[:LONGEST_MEANING].strip()
    name = variable.name.replace("_", " ")
    return f"{OPENING}{name}: {meaning}{CLOSING}" if meaning else f"{OPENING}{name}{CLOSING}"


def gaps_in(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(GAP.findall(text)))


def gap_names(gaps: Sequence[str]) -> str:
    return ", ".join(one.strip(OPENING + CLOSING).partition(":")[0] for one in gaps)


def refuse_gaps(text: str) -> None:
    gaps = gaps_in(text)
    if gaps:
        raise Refused(f"still to be filled in: {gap_names(gaps)}. Ctrl+G goes there")


def why_not_sent(workspace: Workspace, text: str, ticket: Ticket | None, public: bool) -> str:
    """A sentence where the text cannot leave as it is; empty where it can."""
    try:
        if not text.strip():
            return "There is nothing to send yet."
        refuse_gaps(text)
        if public:
            workspace.support.guard(text, ticket)
    except FleettuiError as error:
        return str(error)
    return ""
