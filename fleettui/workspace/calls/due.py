"""What calls want of whom today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec

from fleettui.domain.calls.model import Call
from fleettui.domain.calls.stages import PRESSING, stage_of

if TYPE_CHECKING:
    from fleettui.workspace.calls.actions import Calls


class CallDue(msgspec.Struct, frozen=True, kw_only=True):
    """Something about a call that wants doing, for Today."""

    call: str
    what: str
    who: str
    """A login or a name."""
    when: datetime | date
    """The call's start, or the day by which a next step is wanted."""
    kind: str
    """A stage, "next step" or "no next steps"."""
    key: str = ""
    """Of the next step."""


def due_today(verbs: Calls, every: Iterable[Call], now: datetime, login: str | None) -> list[CallDue]:
    """Calls that want something now, and next steps due today or earlier; of one person, or everybody's."""
    rules = verbs.rules()
    found: list[tuple[int, CallDue]] = []
    for call in every:
        if call.over:
            found += [(len(PRESSING), one) for one in _unwritten(call, login)]
            continue
        stage = stage_of(call, now, rules)
        if stage in PRESSING and login in (None, call.host):
            found.append((PRESSING.index(stage), _due(verbs, call, stage)))
    today = now.astimezone(rules.calendar.zone).date()
    steps = [
        CallDue(
            call=call.id,
            what=f"{one.what} ({call.company})",
            who=one.owner,
            when=one.due,
            kind="next step",
            key=one.key,
        )
        for call, one in verbs.next_steps(login)
        if one.due <= today
    ]
    ranked = sorted(found, key=lambda row: (row[0], str(row[1].when)))
    return [due for _, due in ranked] + steps


def _due(verbs: Calls, call: Call, stage: str) -> CallDue:
    view = verbs.view(call) if stage in ("prepare", "today") else None
    state = "" if view is None else ", ready" if view.ready else ", not ready"
    return CallDue(
        call=call.id,
        what=f"{call.customer} ({call.company}){state}",
        who=call.host,
        when=call.start,
        kind=stage,
    )


def _unwritten(call: Call, login: str | None) -> list[CallDue]:
    """A conversation of which nobody has written down what comes next."""
    if call.ended != "held" or call.next_steps or login not in (None, call.host):
        return []
    if "after-next-steps" in call.run.marks or call.internal:
        return []
    what = f"Write down the next steps with {call.customer} ({call.company})"
    return [CallDue(call=call.id, what=what, who=call.host, when=call.start, kind="no next steps")]
