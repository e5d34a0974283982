"""The same workspace in a folder and on PostgreSQL: random searches, views, moments and reports are the same."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleettui.domain.saved_view import TRIAGE
from fleettui.time.clock import frozen_clock
from fleettui.workspace import place_at
from fleettui.workspace.collections import TICKETS
from fleettui.workspace.moving import move
from fleettui.workspace.workspace import Workspace, workspace_at
from tests.support.clocks import MONDAY_MORNING
from tests.support.folders import files_of
from tests.support.homes import make_home
from tests.support.postgres_server import remove_workspace, unmade
from tests.workspace.database.conftest import on_box

pytestmark = pytest.mark.slow

LATER = MONDAY_MORNING + timedelta(days=40)
WORDS = (
    "error", "agent", "host", "a", "P1", "L2", "is:open", "is:resolved", "is:mine", "is:unassigned", "assignee:me", "label:bug",
    "customer:acme", "acme", "in:archive", "OR", '"the host"', "priority:P2", "created:<60d", "from:kathy", "has:labels",
    "T-1001",
)  # fmt: skip
searches = st.lists(
    st.tuples(st.sampled_from(("", "", "-")), st.sampled_from(WORDS)).map("".join), max_size=4
).map(" ".join)
Both = tuple[Workspace, Workspace]


@pytest.fixture(scope="module")
def both() -> Iterator[Both]:
    """The demo, forty days later: what was resolved then is archived, and some is open."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        on_box(patch, Path(folder, "box"))
        home = make_home(Path(folder, "home"), MONDAY_MORNING, "kathy", demo=True)
        early = workspace_at(place_at(home), frozen_clock(MONDAY_MORNING), "kathy", in_app=True)
        for entry in early.queue.open()[::2]:
            if not entry.ticket.by_dm:
                early.tickets.resolve(entry.ticket.id, documentation="no", unanswered=True)
        early.close()
        late = workspace_at(place_at(home), frozen_clock(LATER), "kathy", in_app=True)
        files_of(late).checkpoint(TICKETS, LATER)
        late.tickets.new("Acme", "The host has an error", labels=["bug"])
        copy, address = copytree(home, Path(folder, "copy")), unmade()
        source = workspace_at(place_at(copy), frozen_clock(LATER), "kathy", in_app=True)
        move(source.services, place_at(address), "kathy", frozen_clock(LATER), None)
        source.close()
        assert late.store.count(TICKETS) > len(late.tickets.all()) > 1
        opened = [
            workspace_at(place_at(there), frozen_clock(LATER), "kathy", in_app=True)
            for there in (home, address)
        ]
        yield opened[0], opened[1]
        for workspace in (late, *opened):
            workspace.close()
        remove_workspace(address)


def listed(workspace: Workspace, view: str, search: str, *, archived: bool, most: int | None) -> list[str]:
    listing = workspace.queue.queue(view, search, archived=archived, most_archived=most)
    return [f"{entry.ticket.id} {entry.ticket.rev} {entry.due}" for entry in listing.entries]


@settings(max_examples=60, deadline=None)
@given(st.data(), searches, st.booleans(), st.sampled_from((None, 2, 50)))
def test_views_and_searches_find_the_same(
    both: Both, data: st.DataObject, search: str, archived: bool, most: int | None
) -> None:
    views = [view.key for view in both[0].views.of(TRIAGE)]
    assert views == [view.key for view in both[1].views.of(TRIAGE)]
    view = data.draw(st.sampled_from(["all", *views]))
    here, there = (listed(each, view, search, archived=archived, most=most) for each in both)
    assert here == there
    assert both[0].queue.counts() == both[1].queue.counts()


@settings(max_examples=15, deadline=None)
@given(st.integers(-3 * 24 * 60, 42 * 24 * 60), searches)
def test_every_moment_is_the_same(both: Both, minutes: int, search: str) -> None:
    when = MONDAY_MORNING + timedelta(minutes=minutes)
    here, there = (
        [entry.ticket for entry in each.queue.queue("all", search, as_of=when).entries] for each in both
    )
    assert here == there


@settings(max_examples=8, deadline=None)
@given(st.integers(-10, 42))
def test_reports_of_every_week_are_the_same(both: Both, days: int) -> None:
    day = (MONDAY_MORNING + timedelta(days=days)).date()
    here, there = ((each.reports.week(day), each.reports.documentation(day)) for each in both)
    assert here == there
