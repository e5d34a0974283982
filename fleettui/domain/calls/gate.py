"""What keeps a call from being ready, and which of its steps can be ticked now (CALL-3 to CALL-6). Pure functions.

Every tick goes through `refuse_unfounded`, whichever screen or command it comes from.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from fleettui.domain.calls.model import EARLIEST_ARRIVAL, Call
from fleettui.domain.calls.policy import CONFIRMED_STEP, DOCUMENTS_STEP, LINK_STEP, NUMBER_STEP
from fleettui.domain.calls.stages import CallRules, CallView, declined
from fleettui.domain.checklists.status import SETTLED, leaves
from fleettui.errors import Refused
from fleettui.time.wording import countdown

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import StepView

CALLED_OFF = ("cancelled", "rescheduled")


class Tick(msgspec.Struct, frozen=True, kw_only=True):
    """A step that somebody wants to tick. `early`: they know that it is too soon, and mean it."""

    step: str
    evidence: str = ""
    early: bool = False


# Ticking


def refuse_unfounded(view: CallView, tick: Tick, now: datetime, rules: CallRules) -> None:
    """A step is not ticked where nothing can be behind it: without a link, with one that fails, before its time."""
    refuse_called_off(view.call)
    shown = view.step(tick.step)
    if shown is None:
        return  # the checklist names the steps that there are
    for leaf in _open_leaves(shown):
        _refuse_leaf(view.call, leaf, tick, in_group=bool(shown.step.steps))
    if not tick.early:
        refuse_early(view, tick.step, now, rules)


def refuse_early(view: CallView, step: str, now: datetime, rules: CallRules) -> None:
    """What is checked too soon may no longer hold when the call begins."""
    why = why_early(view, step, now, rules)
    if why:
        raise Refused(f"{view.call.id}: {why}; `--early` ticks it all the same")


def refuse_called_off(call: Call) -> None:
    """Nothing is prepared for a call that does not take place."""
    if call.ended in CALLED_OFF:
        instead = f"; {call.moved_to} took its place" if call.moved_to else ""
        raise Refused(f"{call.id} is {call.ended}{instead}: its steps are no longer ticked")


def _open_leaves(shown: StepView) -> Iterator[StepView]:
    return (leaf for leaf in leaves((shown,)) if leaf.state not in SETTLED)


def _refuse_leaf(call: Call, leaf: StepView, tick: Tick, *, in_group: bool) -> None:
    if leaf.key == LINK_STEP:
        refuse_without_link(call)
        _refuse_failing(call, (call.join_url,))
    elif leaf.key == DOCUMENTS_STEP:
        _refuse_failing(call, tuple(document.url for document in call.documents))
    elif leaf.key == CONFIRMED_STEP and declined(call) and not tick.evidence:
        raise Refused(f"{declined(call)}: to tick this, say who told you that they come")
    elif leaf.key == NUMBER_STEP:
        raise Refused(f"type the number: `fleettui calls number {call.id} NUMBER --kind mobile`")
    if in_group and leaf.key in (LINK_STEP, DOCUMENTS_STEP) and has_links(call, leaf.key):
        raise Refused(f"{leaf.label}: this is tried, and ticked, by itself and not with its group")


def has_links(call: Call, step: str) -> bool:
    """Whether there is something that this step of the checklist can try by a request."""
    if step == DOCUMENTS_STEP:
        return any(document.url for document in call.documents)
    return step == LINK_STEP and bool(call.join_url)


def refuse_without_link(call: Call) -> None:
    """CALL-5: what is not there cannot be tested."""
    if not call.join_url:
        raise Refused(
            f"{call.id}: no link is known; add it with `fleettui calls edit {call.id} join_url=…`, "
            "or leave the step out with the reason",
        )


def _refuse_failing(call: Call, links: tuple[str, ...]) -> None:
    for link in links:
        if link in call.failing:
            raise Refused(
                f"{link}: {call.failing[link]}; try it again, or put a link in its place that works"
            )


def why_early(view: CallView, step: str, now: datetime, rules: CallRules) -> str:
    """Why it is too soon to tick this step; empty when it is not."""
    call, policy = view.call, rules.policy
    top = next((top for top in view.steps if _is_in(top, step)), None)
    shown = view.step(step)
    if top is None or shown is None:
        return ""
    begins = f"the call is {countdown(call.start, now)}"
    if top.key == policy.prepare.group:
        checks = any(leaf.step.rule != policy.notes.rule for leaf in _open_leaves(shown))
        if checks and now < view.prepare_from:
            return f"{begins}, and what is checked now may have changed by then"
    elif top.key == policy.join.group and now < call.start - EARLIEST_ARRIVAL:
        return begins
    elif top.key == policy.after and now < call.start and call.joined_at is None:
        return f"{begins}, and this follows it"
    return ""


def _is_in(top: StepView, key: str) -> bool:
    return top.key == key or any(_is_in(inner, key) for inner in top.steps)


# What was tried


def tried(call: Call, results: dict[str, str]) -> Call:
    """Remember of each link what it answered, empty where it works: a link that fails keeps its step open (CALL-5, CALL-6)."""
    kept = {link: what for link, what in call.failing.items() if link not in results}
    return replace(call, failing=kept | {link: what for link, what in results.items() if what})
