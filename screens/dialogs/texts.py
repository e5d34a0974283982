"""Ready texts with a ticket's facts in them; what nobody knows yet is left as a gap to be filled in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from fleettui.errors import FleettuiError
from fleettui.text.gaps import gap, gap_names, gaps_in
from screens.commands.effective import key_of

if TYPE_CHECKING:
    from fleettui.domain.messages import Variable
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.history import Entry
    from fleettui.workspace.workspace import Workspace

LONGEST_MEANING = 60
RECENT = 50
"""Changes of a ticket among which an answer that was taken back is looked for."""
REPLIES = (
    *("tickets.reply", "tickets.macro"),
    *("tickets.incident", "tickets.incident_update", "tickets.incident_close"),
)


class Written(Struct, frozen=True):
    """A text as far as it could be written."""

    text: str
    gaps: tuple[str, ...] = ()
    """What is still to be filled in, as it stands in the text."""
    left_out: tuple[str, ...] = ()
    """Addresses that no public text contains (SUP-11)."""


def written(workspace: Workspace, name: str, ticket: Ticket | None) -> Written:
    """The ready text of that name about that ticket, with gaps for what nobody knows yet."""
    missing = missing_variables(workspace, name, ticket)
    given: dict[str, object] = {
        variable.name: [gap_of(variable)] if variable.list else gap_of(variable) for variable in missing
    }
    rendered = workspace.support.rendered(name, ticket, given)
    return Written(rendered.text, gaps_in(rendered.text), rendered.left_out)


def left_out_words(left_out: Sequence[str]) -> str:
    """The sentence for whoever writes a public text; empty where nothing was left out."""
    return f"Left out, because anybody can read it: {', '.join(left_out)}." if left_out else ""


def missing_variables(workspace: Workspace, name: str, ticket: Ticket | None) -> list[Variable]:
    """What the ready text wants that the ticket does not say."""
    return workspace.handbook.renderer.missing(name, workspace.support.variables(name, ticket))


def gap_of(variable: Variable) -> str:
    return gap(variable.name, variable.meaning, LONGEST_MEANING)


def why_not_sent(workspace: Workspace, text: str, ticket: Ticket | None, public: bool) -> str:
    """A sentence where the text cannot leave as it is; empty where it can."""
    if not text.strip():
        return "There is nothing to send yet."
    gaps = gaps_in(text)
    if gaps:
        return f"still to be filled in: {gap_names(gaps)}. {key_of('composer.gap')} goes there"
    try:
        if public:
            workspace.support.guard(workspace.support.public_text(text, ticket).text, ticket)
    except FleettuiError as error:
        return str(error)
    return ""


class TakenBack(Struct, frozen=True):
    """An answer that was taken back, and the revision that it had made."""

    text: str
    rev: int


def taken_back(workspace: Workspace, ticket: Ticket) -> TakenBack | None:
    """My newest answer on this ticket, if it was taken back."""
    me = workspace.me.login
    entries = [happening.entry for happening in workspace.history.happenings(ticket.id, RECENT)]
    answers = {
        entry.rev: entry for entry in entries if entry.verb in REPLIES and entry.by == me and _body_of(entry)
    }
    for entry in entries:
        if entry.rev in answers:
            return None
        if entry.undoes in answers:
            return TakenBack(_body_of(answers[entry.undoes]), entry.undoes)
    return None


def _body_of(answer: Entry) -> str:
    """Empty where a macro had no text for the customer."""
    added = [message for change in answer.changes if change.field == "messages" for message in change.after]
    ours = (message for message in added if message["rev"] == answer.rev and message["direction"] == "out")
    return next((str(message["body"]) for message in ours), "")
