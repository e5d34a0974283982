"""One act on many documents: one change and one undo for all that can be done, and by name what cannot."""

from __future__ import annotations

import pytest

from fleettui.errors import Refused
from fleettui.store.protocol import Happening
from fleettui.time.clock import frozen_clock
from fleettui.workspace.together import Outcome, each
from fleettui.workspace.undoing import Unsure
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING


@pytest.fixture
def app(workspace: Workspace) -> Workspace:
    """As the app opens it."""
    return Workspace.open(workspace.home, clock=frozen_clock(MONDAY_MORNING), login="kathy", in_app=True)


@pytest.fixture
def customers(app: Workspace) -> list[str]:
    return [app.customers.add(name, tier="Premium").id for name in ("Acme", "Bolt", "Cobalt")]


def last(workspace: Workspace, count: int) -> list[Happening]:
    """In the order in which they were written, the newest first."""
    every = workspace.history.lately(100)
    return sorted(every, key=lambda happening: happening.entry.order, reverse=True)[:count]


def zones(workspace: Workspace, ids: list[str]) -> list[str]:
    return [customer.zone for customer in workspace.customers.all() if customer.id in ids]


def set_zone(workspace: Workspace, ids: list[str], zone: str) -> Outcome[str, object]:
    return each(workspace, ids, lambda within, id_: within.customers.edit(id_, {"zone": zone}))


def test_all_of_them_are_one_commit_and_one_undo(app: Workspace, customers: list[str]) -> None:
    outcome = set_zone(app, customers, "Europe/Paris")
    assert list(outcome.done) == customers
    assert zones(app, customers) == ["Europe/Paris"] * 3
    assert len({happening.entry.batch for happening in last(app, 3)}) == 1
    assert {happening.entry.verb for happening in last(app, 3)} == {"customers.edit"}
    assert app.history.undo().together == 3
    assert zones(app, customers) == [""] * 3
    app.history.redo()
    assert zones(app, customers) == ["Europe/Paris"] * 3


def test_what_is_refused_is_named_and_the_others_are_done(app: Workspace, customers: list[str]) -> None:
    outcome = set_zone(app, [*customers, "nobody-inc"], "Europe/Paris")
    assert list(outcome.done) == customers
    assert list(outcome.refused) == ["nobody-inc"]
    assert zones(app, customers) == ["Europe/Paris"] * 3


def test_a_value_that_is_none_is_refused_once_with_its_field(app: Workspace, customers: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        set_zone(app, customers, "Mars/Olympus")
    assert refused.value.field == "zone"
    assert str(refused.value).count("Mars/Olympus") == 1
    assert zones(app, customers) == [""] * 3


def test_of_what_is_refused_in_the_middle_nothing_is_done(app: Workspace, customers: list[str]) -> None:
    def twice(within: Workspace, id_: str) -> None:
        within.customers.edit(id_, {"zone": "Europe/Paris"})
        if id_ == customers[1]:
            raise Refused("not this one")

    outcome = each(app, customers, twice)
    assert list(outcome.refused) == [customers[1]]
    assert zones(app, customers) == ["Europe/Paris", "", "Europe/Paris"]


def test_what_is_done_first_is_seen_by_what_is_done_next(app: Workspace, customers: list[str]) -> None:
    seen: list[list[str]] = []

    def look(within: Workspace, id_: str) -> None:
        within.customers.edit(id_, {"zone": "Europe/Paris"})
        seen.append(zones(within, customers))
        assert zones(app, customers) == [""] * 3  # nobody else sees it yet

    each(app, customers[:2], look)
    assert seen == [["Europe/Paris", "", ""], ["Europe/Paris", "Europe/Paris", ""]]


def test_a_tick_of_each_kind_on_today_is_one_act_that_one_undo_takes_back(app: Workspace) -> None:
    """Rituals and runs are kept apart: two commits."""
    run = app.playbooks.start(_simple(app))
    step = app.playbooks.turns(run)[0].keys[0]

    def tick(within: Workspace, name: str) -> object:
        if name == "ritual":
            return within.rituals.tick("RIT-1")
        return within.playbooks.skip(run.id, step, "not now")

    outcome = each(app, ["ritual", "run"], tick)
    assert not outcome.refused
    assert len({happening.entry.act for happening in last(app, 2)}) == 1
    assert last(app, 1)[0].entry.act
    undone = app.history.undo()
    assert undone.together == 2
    row = app.rituals.row("RIT-1")
    assert row is not None and row.state == "open"
    assert not app.playbooks.find(run.id).run.marks
    app.history.redo()
    row = app.rituals.row("RIT-1")
    assert row is not None and row.state == "done"
    assert app.playbooks.find(run.id).run.marks


def test_an_act_of_several_commits_is_taken_back_whole_or_not_at_all(app: Workspace) -> None:
    run = app.playbooks.start(_simple(app))
    step = app.playbooks.turns(run)[0].keys[0]

    def tick(within: Workspace, name: str) -> object:
        if name == "ritual":
            return within.rituals.tick("RIT-1")
        return within.playbooks.skip(run.id, step, "not now")

    each(app, ["ritual", "run"], tick)
    other = Workspace.open(app.home, clock=frozen_clock(MONDAY_MORNING), login="zay")
    other.playbooks.untick(run.id, step)
    with pytest.raises(Refused, match="zay changed it later"):
        app.history.undo(sure=True)
    row = app.rituals.row("RIT-1")
    assert row is not None and row.state == "done"


def test_what_is_made_anew_gets_its_id_with_the_commit(app: Workspace) -> None:
    playbook = _simple(app)

    def begin(within: Workspace, name: str) -> str:
        run = within.playbooks.start(playbook)
        step = within.playbooks.turns(run)[0].keys[0]
        within.playbooks.skip(run.id, step, name)
        return run.id

    outcome = each(app, ["first", "second"], begin)
    runs = [outcome.made[id_] for id_ in outcome.done.values()]
    assert [run.id for run in runs] == [run.id for run in app.playbooks.all()]
    assert all(run.run.marks for run in app.playbooks.all())
    with pytest.raises(Unsure):
        app.history.undo()  # removes documents: asked
    app.history.undo(sure=True)
    assert app.playbooks.all() == []


def test_somebody_who_was_faster_is_seen(app: Workspace, customers: list[str]) -> None:
    tries: list[str] = []

    def edit(within: Workspace, id_: str) -> None:
        tries.append(id_)
        within.customers.edit(id_, {"zone": "Europe/Paris"})
        if len(tries) == 1:
            other = Workspace.open(app.home, clock=frozen_clock(MONDAY_MORNING), login="zay")
            other.customers.edit(customers[0], {"hosts": "12"})

    each(app, customers, edit)
    assert zones(app, customers) == ["Europe/Paris"] * 3
    assert app.customers.all()[0].hosts == 12


def _simple(workspace: Workspace) -> str:
    """A playbook without a customer whose first step anybody may leave out."""
    for name, playbook in workspace.handbook.playbooks.items():
        if not playbook.customer:
            run = workspace.playbooks.start(name)
            turns = workspace.playbooks.turns(run)
            workspace.history.undo(run.id, sure=True)
            if turns:
                return name
    raise AssertionError("no such playbook")
