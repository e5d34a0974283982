"""What a change of a call, of a playbook's run, of the rota or of the roster means for others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from fleettui.domain.calls.model import Call
from fleettui.domain.checklists.model import StepView
from fleettui.domain.checklists.status import approvals, every_step, leaves
from fleettui.domain.events.model import Changed, Event
from fleettui.domain.events.team import Team
from fleettui.domain.playbooks.runs import PlaybookRun, step_views
from fleettui.domain.team.people import Person, TimeOff
from fleettui.domain.team.rota_changes import KeptRota
from fleettui.text import cleaning

LONGEST_TITLE = 60


def _named(id_: str, title: str) -> str:
    return f"{id_} · {cleaning.fit(cleaning.line(title), LONGEST_TITLE)}"


# Calls: by their host


def of_call(change: Changed, team: Team) -> Iterator[Event]:
    before, after = change.before, change.after
    assert before is None or isinstance(before, Call)  # noqa: S101
    assert after is None or isinstance(after, Call)  # noqa: S101
    call, old = after or before, before.host if before else ""
    if call is None:
        return
    new, who, what = after.host if after else "", team.shown(change.by), _named(call.id, call.title)
    if after is not None and new and new != old:
        yield change.event("handed_over", (new,), f"{who} gave you the call {what}")
    if old and old != new:
        text = f"{who} took the call {what} from you" if after else f"{who} removed your call {what}"
        yield change.event("touched", (old,), text)
    elif old and old != change.by and not change.arrived:
        yield change.event("touched", (old,), f"{what}: {change.done()} · {who}")


# Playbooks: whose turn an approval is, what was handed over, by whoever began the run


def of_run(change: Changed, team: Team) -> Iterator[Event]:
    before, after = change.before, change.after
    assert before is None or isinstance(before, PlaybookRun)  # noqa: S101
    assert after is None or isinstance(after, PlaybookRun)  # noqa: S101
    if after is None or not after.open:
        if before is not None and before.open and before.by != change.by:
            yield _run_touched(change, before, team)
        return
    asks = _approvals(after, team, change.at)
    asked = _approvals(before, team, change.at) if asks else {}
    for step in asks.values():
        if step.key not in asked:
            yield _asked(change, after, step, team)
    yield from _handed_over(change, before, after, team)
    if before is not None and before.by != change.by:
        yield _run_touched(change, before, team)


def _run_touched(change: Changed, run: PlaybookRun, team: Team) -> Event:
    text = f"{_named(run.id, run.name)}: {change.done()} · {team.shown(change.by)}"
    return change.event("touched", (run.by,), text)


def _approvals(run: PlaybookRun | None, team: Team, at: datetime) -> dict[str, StepView]:
    """The steps that wait for nothing but an approval, by their keys."""
    if run is None or not run.open or not _lacks_approval(run):
        return {}
    views = approvals(run.definition, run.run, team.moment(at))
    return {view.key: view for view in views if view.state == "todo"}


def _lacks_approval(run: PlaybookRun) -> bool:
    """Whether an approval was not given yet. Most steps ask for none, and how all stand is much work for each change."""
    marks = run.run.marks
    asking = (step.key for step in every_step(run.definition.steps) if step.approval)
    return any(key not in marks or marks[key].state == "declined" for key in asking)


def _asked(change: Changed, run: PlaybookRun, step: StepView, team: Team) -> Event:
    approval = step.step.approval
    assert approval is not None, "only approvals are asked"  # noqa: S101
    who = step.who or run.run.cast.get(approval.by, "")
    to = (team.working_for(who, change.at) or who,) if who else team.of_role(approval.by)
    text = f"Your approval is asked: {cleaning.fit(cleaning.line(step.label), LONGEST_TITLE)} · {_named(run.id, run.name)}"
    event = change.event("approval", to, text)
    return event if len(to) == 0 else _keyed(event, step.key)


def _handed_over(
    change: Changed, before: PlaybookRun | None, after: PlaybookRun, team: Team
) -> Iterator[Event]:
    old = before.run.owners if before else {}
    new = {key: login for key, login in after.run.owners.items() if login and old.get(key) != login}
    if not new:
        return
    labels = {view.key: view.label for view in leaves(step_views(after, team.moment(change.at)))}
    for key, login in new.items():
        step = cleaning.fit(cleaning.line(labels.get(key, key)), LONGEST_TITLE)
        text = f"{team.shown(change.by)} handed you: {step} · {_named(after.id, after.name)}"
        yield _keyed(change.event("handed_over", (login,), text), key)


def _keyed(event: Event, part: str) -> Event:
    from msgspec.structs import replace

    return replace(event, key=f"{event.key}/{part}")


# People and the rota: whose work is now mine


def _days(off: TimeOff) -> str:
    if off.first == off.last:
        return f"on {off.first:%a %d %b}"
    return f"from {off.first:%a %d %b} to {off.last:%a %d %b}"


def of_person(change: Changed, team: Team) -> Iterator[Event]:
    before, after = change.before, change.after
    if not isinstance(after, Person):
        return
    known = before.time_off if isinstance(before, Person) else ()
    for off in after.time_off:
        if off.cover and off not in known:
            text = f"{team.shown(after.login)} is away {_days(off)}; you cover"
            yield _keyed(change.event("handed_over", (off.cover,), text), off.first.isoformat())


def of_rota(change: Changed, team: Team) -> Iterator[Event]:
    before, after = change.before, change.after
    if not isinstance(after, KeptRota):
        return
    known = before.overrides if isinstance(before, KeptRota) else ()
    for override in after.overrides:
        if override.person and override not in known:
            days = f"{override.first:%a %d %b} to {override.last:%a %d %b}"
            text = f"{team.shown(change.by)} put you on call: {days}"
            yield _keyed(change.event("handed_over", (override.person,), text), override.first.isoformat())
