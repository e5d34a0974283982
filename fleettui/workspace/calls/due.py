"""What has to be done for calls today, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

import msgspec

from fleettui.domain.agenda import Does
from fleettui.domain.calls.leading import Leading
from fleettui.domain.calls.model import Call, NextStep
from fleettui.domain.calls.policy import NEXT_STEPS_STEP
from fleettui.domain.calls.stages import PRESSING, CallRules, CallView, stage_of
from fleettui.workspace.damaged import Sieve

CALLED = {
    "prepare": "Prepare the call",
    "today": "Call today",
    "join now": "Join now",
    "started": "Write down how it went",
    "missed?": "Nobody came: work down the ladder",
    "how did it go?": "How did it go?",
    "double booked": "Two calls at once",
    "leader away": "Who leads it instead",
    "no next steps": "After the call",
}
"""What has to be done at each stage of a call."""
DOES: dict[str, Does] = {"join now": "join", "how did it go?": "record", "missed?": "rebook"}
"""What one key does with a call at each stage."""


class CallDue(msgspec.Struct, frozen=True, kw_only=True):
    """Something that has to be done for a call, for Today."""

    call: str
    what: str
    who: str
    """A login or a name."""
    when: datetime | date
    """The call's start, or the day by which a next step is wanted."""
    kind: str
    """A stage, "next step", "no next steps", "double booked" or "leader away"."""
    key: str = ""
    """Of the next step."""


def due_today(
    calls: Iterable[Call],
    now: datetime,
    rules: CallRules,
    view: Callable[[Call], CallView],
    leading: Leading,
    login: str | None,
    sieve: Sieve,
) -> list[CallDue]:
    """Calls that need something now, and next steps due today or earlier: of one person, or of everybody. `view` reads the state
    of a call's checklist, and is called only where it is shown."""
    every = list(calls)

    def pressing(call: Call) -> Iterator[tuple[int, CallDue]]:
        for due in leader_troubles(call, now, leading):
            if login in (None, due.who):
                yield PRESSING.index("today"), due
        if call.over:
            yield from ((len(PRESSING), due) for due in _unwritten(call, login))
            return
        stage = stage_of(call, now, rules)
        if stage in PRESSING and login in (None, call.host):
            ready = view(call).ready if stage in ("prepare", "today") else None
            yield PRESSING.index(stage), _call_due(call, stage, ready)

    ranked = list(sieve.each(every, pressing))
    ranked.sort(key=lambda row: (row[0], str(row[1].when)))
    today = now.astimezone(rules.calendar.zone).date()
    steps = [_step_due(call, step) for call, step in next_steps_of(every, login) if step.due <= today]
    return [due for _, due in ranked] + steps


def leader_troubles(call: Call, now: datetime, leading: Leading) -> list[CallDue]:
    """A call that its leader cannot lead: they are away on that day, or in another call."""
    if not leading.is_near(call, now):
        return []
    name = _name(call)
    if leading.is_away(call):
        what = f"{name}: {leading.shown(call.host)} has that day off"
        return [_trouble(call, what, leading.cover(call) or leading.at_work(call.host, now), "leader away")]
    # Of two calls at once the one that begins later is shown; both are named.
    before = [other for other in leading.overlapping(call) if (other.start, other.id) < (call.start, call.id)]
    return [_trouble(call, f"{_name(other)} and {name}", call.host, "double booked") for other in before[:1]]


def _name(call: Call) -> str:
    return f"{call.customer} ({call.company})"


def _trouble(call: Call, what: str, who: str, kind: str) -> CallDue:
    return CallDue(call=call.id, what=what, who=who, when=call.start, kind=kind, key=kind)


def next_steps_of(calls: Iterable[Call], login: str | None) -> list[tuple[Call, NextStep]]:
    """Open next steps, the earliest first: of one person, or of everybody."""
    steps = [(call, step) for call in calls for step in call.open_steps if login in (None, step.owner)]
    return sorted(steps, key=lambda row: (row[1].due, row[0].id, row[1].key))


def _step_due(call: Call, step: NextStep) -> CallDue:
    return CallDue(
        call=call.id,
        what=f"{step.what} ({call.company})",
        who=step.owner,
        when=step.due,
        kind="next step",
        key=step.key,
    )


def _call_due(call: Call, stage: str, ready: bool | None) -> CallDue:
    state = "" if ready is None else ", ready" if ready else ", not ready"
    return CallDue(
        call=call.id,
        what=f"{call.customer} ({call.company}){state}",
        who=call.host,
        when=call.start,
        kind=stage,
    )


def _unwritten(call: Call, login: str | None) -> list[CallDue]:
    """A call that was held, and nobody wrote down the next steps."""
    if call.ended != "held" or call.next_steps or login not in (None, call.host):
        return []
    if NEXT_STEPS_STEP in call.run.marks or call.internal:
        return []
    what = f"Write down the next steps with {call.customer} ({call.company})"
    return [CallDue(call=call.id, what=what, who=call.host, when=call.start, kind="no next steps")]


def title_of(due: CallDue) -> str:
    """What has to be done, and for which call."""
    called = CALLED.get(due.kind, due.kind)
    return f"{called} {due.what}" if called.endswith("?") else f"{called}: {due.what}"
