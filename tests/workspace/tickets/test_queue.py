"""The queue: its order, views, counts, words, what is unread, what comes next, and that all of it follows changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from fleettui.domain.tickets.arrivals import Arrival
from fleettui.domain.tickets.messages import Overtaken
from fleettui.domain.tickets.model import Ticket
from fleettui.errors import Refused
from fleettui.store.protocol import StaleWrite
from fleettui.store.tinydb.bodies import Bodies
from fleettui.time.clock import frozen_clock
from fleettui.workspace.collections import TICKETS
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.folders import files_of

NOW = MONDAY_MORNING
"""Monday 9 March 2026, 09:00 in Los Angeles."""


def after(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def new(workspace: Workspace, subject: str = "It fails", **fields: Any) -> Ticket:
    given = {"tier": "Premium", "priority": "P2", **fields}
    return workspace.tickets.new(given.pop("customer", "Acme"), subject, **given)


def ids(workspace: Workspace, view: str = "all", search: str = "", **options: Any) -> list[str]:
    return [entry.ticket.id for entry in workspace.queue.queue(view, search, **options).entries]


def at(workspace: Workspace, when: datetime, login: str = "kathy") -> Workspace:
    return Workspace.open(workspace.home, clock=frozen_clock(when), login=login)


def test_what_breaches_first_comes_first_and_what_owes_nothing_last(workspace: Workspace) -> None:
    clear = new(workspace, at=after(-3))
    workspace.tickets.reply(clear.id, "Done")
    waiting = new(workspace, at=after(-9))
    workspace.tickets.reply(waiting.id, "Tell us more", wait=True)
    free = new(workspace, tier="Free", at=after(-50))
    low = new(workspace, priority="P3", at=after(-2))
    high = new(workspace, priority="P1", at=after(-1))
    over = new(workspace, priority="P1", at=after(-100))
    assert ids(workspace) == [ticket.id for ticket in (over, high, low, free, clear, waiting)]


def test_a_snooze_that_ends_brings_a_ticket_back_into_its_place(workspace: Workspace) -> None:
    first, second = new(workspace), new(workspace)
    for ticket in (first, second):
        workspace.tickets.reply(ticket.id, "Done")
    workspace.tickets.snooze(first.id, after(1))
    assert ids(workspace) == [second.id, first.id]
    assert ids(workspace, "snoozed") == [first.id]
    hours = {"now": NOW}
    moving = Workspace.open(workspace.home, clock=lambda: hours["now"], login="kathy")
    assert ids(moving) == [second.id, first.id]
    hours["now"] = after(1)
    assert ids(moving) == [first.id, second.id]
    assert ids(moving, "snoozed") == []


@pytest.mark.parametrize(
    ("fields", "hours", "state", "words"),
    [
        ({"priority": "P1"}, 0, "fine", "4 h of business time, due today 13:00"),
        ({"priority": "P1"}, 2.1, "soon", "1 h 54 m of business time, due today 13:00"),
        ({"priority": "P1"}, 3.5, "urgent", "30 m of business time, due today 13:00"),
        ({"priority": "P1"}, 4, "urgent", "under 1 m of business time, due today 13:00"),
        ({"priority": "P1"}, 5, "breached", "1 h of business time over, was due today 13:00"),
        ({"priority": "P2"}, 6, "soon", "4 h of business time, due tomorrow 09:00"),
        ({"priority": "P3"}, 6, "fine", "14 h of business time, due Wed 09:00 (aim tomorrow 09:00)"),
        ({"tier": "Ultimate", "priority": "P0"}, 0.5, "soon", "30 m, due today 10:00"),
        ({"tier": "Free"}, 2, "unpromised", "none promised; asked today 09:00"),
    ],
)
def test_the_time_that_is_left_is_told_with_what_it_counts(
    workspace: Workspace, fields: dict[str, str], hours: float, state: str, words: str
) -> None:
    new(workspace, **fields)
    (entry,) = workspace.queue.queue().entries
    row = workspace.queue.row(entry, after(hours))
    assert (row.state, row.words) == (state, words)


def test_sla_15_what_it_would_be_under_another_tier_or_priority(workspace: Workspace) -> None:
    ticket = new(workspace)
    would = workspace.queue.what_if(ticket, tier="Ultimate", priority="P1")
    assert would is not None and (would.since, would.due) == (NOW, after(2))
    assert workspace.queue.what_if(workspace.tickets.reply(ticket.id, "Done"), priority="P0") is None


def test_the_counts_always_agree_with_the_lists(workspace: Workspace) -> None:
    workspace.customers.add("Large", tier="Ultimate", hosts=4000)
    workspace.customers.add("Small", tier="Premium", hosts=20)
    for number in range(40):
        tier = ("Premium", "Ultimate", "Free")[number % 3]
        ticket = new(workspace, customer=("Large", "Small", "Else")[number % 3], tier=tier, at=after(-number))
        if number % 4 == 0:
            workspace.tickets.reply(ticket.id, "x", wait=number % 8 == 0)
        if number % 5 == 0:
            workspace.tickets.take(ticket.id)
        if number % 7 == 0:
            workspace.tickets.resolve(ticket.id, unanswered=True)
        if number % 9 == 0 and number % 7:
            workspace.tickets.snooze(ticket.id, after(3))
    workspace.views.save("triage", "Hot", "tier:ultimate is:breached", mine=False)
    counts = workspace.queue.counts()
    assert counts == {view.key: len(ids(workspace, view.key)) for view in workspace.views.of("triage")}
    assert {counts[key] > 0 for key in ("mine", "waiting", "snoozed", "resolved", "unicorns", "free")} == {
        True
    }


def test_a_view_of_my_own_is_seen_by_me_alone_in_every_session(workspace: Workspace) -> None:
    made = workspace.views.save("triage", "Mine first", "assignee:me P1", mine=True)
    assert (made.key, made.mine, made.saved) == ("mine-first", True, True)
    again = at(workspace, NOW)
    assert [view for view in again.views.of("triage") if view.mine] == [made]
    assert again.queue.counts()["mine-first"] == 0
    other = Workspace.open(workspace.home, clock=workspace.clock, login="zay")
    assert [view for view in other.views.of("triage") if view.saved] == []
    other.views.save("triage", "Shared", "P2", mine=False)
    again.refresh()
    with pytest.raises(Refused, match="the team has a view shared"):
        again.views.save("triage", "shared", "P3", mine=True)
    again.views.drop(made)
    workspace.refresh()
    assert [view.name for view in workspace.views.of("triage") if view.saved] == ["Shared"]
    (file,) = (workspace.home / "seen").glob("*.views")
    assert file.stat().st_mode & 0o077 == 0


def test_letter_by_letter_finds_what_the_whole_word_finds(workspace: Workspace) -> None:
    for subject in ("Redis error 500", "red herring", "licence", "Redis is slow"):
        new(workspace, subject, body="x")
    new(workspace, "something", body="the REDIS cluster")
    for typed in ("redis err", "lic", "-redis", 'tier:prem "redis is"', "redis -error"):
        for end in range(1, len(typed) + 1):
            fresh = at(workspace, NOW)
            assert ids(workspace, search=typed[:end]) == ids(fresh, search=typed[:end]), typed[:end]
    assert len(ids(workspace, search="redis")) == 3


def test_the_queue_follows_what_another_session_writes(workspace: Workspace) -> None:
    other = at(workspace, NOW, "zay")
    ticket = new(workspace)
    assert ids(other, "mine") == []
    workspace.tickets.assign(ticket.id, "zay")
    other.refresh()
    assert ids(other, "mine") == [ticket.id]
    workspace.customers.add("Later", tier="Premium", anonymous=True, codename="Vesta")
    workspace.tickets.set(ticket.id, {"customer": "Later"})
    other.refresh()
    (entry,) = other.queue.queue(search="customer:vesta").entries
    assert other.queue.row(entry).customer == "Vesta"  # SUP-13


def test_unread_is_what_others_wrote_since_i_looked(workspace: Workspace) -> None:
    ticket = new(workspace)
    zay = at(workspace, NOW, "zay")
    assert workspace.queue.is_unread(ticket)
    workspace.queue.look(ticket)
    assert not workspace.queue.is_unread(ticket)
    assert zay.queue.is_unread(ticket)
    mine = workspace.tickets.reply(ticket.id, "Looking")
    assert not workspace.queue.is_unread(mine)
    theirs = zay.tickets.note(ticket.id, "I know this one")[0]
    assert workspace.queue.is_unread(theirs)
    # My other session knows what I have seen here; looking is in nobody's history.
    workspace.queue.look(theirs)
    assert ids(at(workspace, NOW), "unread") == []
    workspace.refresh()
    assert [happening.entry.verb for happening in workspace.history.happenings(ticket.id)] == [
        "tickets.note",
        "tickets.reply",
        "tickets.new",
    ]


def test_next_is_the_most_urgent_that_nobody_else_has_open(workspace: Workspace) -> None:
    first, second = new(workspace, priority="P1"), new(workspace, priority="P3")
    done = new(workspace)
    workspace.tickets.reply(done.id, "x", wait=True)

    def next_id(skip: tuple[str, ...] = ()) -> str | None:
        entry = workspace.queue.next(skip)
        return entry.ticket.id if entry else None

    assert next_id() == first.id
    assert next_id((first.id,)) == second.id
    assert next_id((first.id, second.id)) is None


def test_next_passes_over_what_another_session_has_open_until_it_ends(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    import subprocess
    import sys

    first, second = new(workspace, priority="P1"), new(workspace, priority="P3")
    code = (
        "import sys; from pathlib import Path; from fleettui.workspace.workspace import Workspace\n"
        f"w = Workspace.open(Path({str(workspace.home)!r}), login='zay'); w.presence.enter()\n"
        f"w.presence.show('triage', {first.id!r}); print('here', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as session:
        assert session.stdout is not None and session.stdout.readline() == "here\n"
        entry = workspace.queue.next()
        assert entry and entry.ticket.id == second.id
        session.kill()
        session.wait()
    entry = workspace.queue.next()
    assert entry and entry.ticket.id == first.id


def test_taking_the_same_ticket_at_once_is_a_conflict_for_the_second(workspace: Workspace) -> None:
    ticket, zay = new(workspace), at(workspace, NOW, "zay")
    workspace.tickets.take(ticket.id, seen=ticket.rev)
    with pytest.raises((StaleWrite, Refused)):
        zay.tickets.take(ticket.id, seen=ticket.rev)


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda tickets, id_: tickets.take(id_), "assignee"),
        (lambda tickets, id_: tickets.note(id_, "Seen before"), "messages"),
        (lambda tickets, id_: tickets.reply(id_, "Done", wait=True), "messages"),
        (lambda tickets, id_: tickets.received(id_, "More"), "messages"),
        (lambda tickets, id_: tickets.wait(id_), "status"),
        (lambda tickets, id_: tickets.snooze(id_, after(9)), "status"),
        (lambda tickets, id_: tickets.label(id_, ["+more info please"]), "labels"),
        (lambda tickets, id_: tickets.merge(id_, "T-1002"), "merged_into"),
        (lambda tickets, id_: tickets.resolve(id_, documentation="no", unanswered=True), "documentation"),
        (lambda tickets, id_: tickets.set(id_, {"priority": "P0", "browser": "Firefox"}), "lists"),
    ],
)
def test_every_step_can_be_taken_back(
    workspace: Workspace, act: Callable[[Any, str], Any], field: str
) -> None:
    ticket, other = new(workspace), new(workspace)
    act(workspace.tickets, ticket.id)
    changed = workspace.tickets.find(ticket.id)
    assert getattr(changed, field) != getattr(ticket, field)
    workspace.history.undo(sure=True)
    for before in (ticket, other):
        now = workspace.tickets.find(before.id)
        assert all(
            getattr(now, name) == getattr(before, name) for name in Ticket.__struct_fields__ if name != "rev"
        )


def test_reopening_can_be_taken_back(workspace: Workspace) -> None:
    ticket = new(workspace)
    workspace.tickets.resolve(ticket.id, unanswered=True)
    workspace.tickets.reopen(ticket.id)
    workspace.history.undo()
    assert workspace.tickets.find(ticket.id).status == "resolved"


# What arrives


def arrival(external: str, thread: str = "C1/1", **more: Any) -> Arrival:
    given = {"at": NOW, "by": "Dana", "body": f"message {external}", "channel": "C1", **more}
    return Arrival(thread=thread, external=external, **given)


def test_sup_3_the_first_of_a_thread_makes_a_ticket_and_the_others_are_added(workspace: Workspace) -> None:
    results = [workspace.tickets.arrive(arrival(name)) for name in ("C1/1", "C1/2", "C1/2", "C1/1")]
    assert [arrived.result for arrived in results] == ["created", "appended", "ignored", "ignored"]
    (ticket,) = workspace.tickets.all()
    assert [message.body for message in ticket.messages] == ["message C1/1", "message C1/2"]
    assert workspace.tickets.arrive(arrival("C2/5", "C2/5")).result == "created"


def test_sup_4_a_thread_that_is_met_at_a_reply_becomes_a_ticket_with_only_that_message(
    workspace: Workspace,
) -> None:
    made = workspace.tickets.arrive(arrival("C1/7", "C1/1", link="https://slack.example/C1/1"))
    assert made.result == "created" and made.ticket is not None
    assert (len(made.ticket.messages), made.ticket.link) == (1, "https://slack.example/C1/1")
    assert workspace.tickets.arrive(arrival("C1/8", "C1/1")).result == "appended"


def test_a_mail_is_added_to_the_ticket_of_any_message_it_refers_to(workspace: Workspace) -> None:
    workspace.tickets.arrive(arrival("<a@x>", "<a@x>"))
    workspace.tickets.arrive(arrival("<b@x>", "<b@x>", also=("<a@x>",)))
    workspace.tickets.arrive(arrival("<c@x>", "<c@x>", also=("<b@x>",)))
    (ticket,) = workspace.tickets.all()
    assert [message.external for message in ticket.messages] == ["<a@x>", "<b@x>", "<c@x>"]


def test_what_comes_to_a_merged_thread_goes_to_the_survivor(workspace: Workspace) -> None:
    ticket = workspace.tickets.arrive(arrival("C1/1", "C1/1")).ticket
    other = workspace.tickets.arrive(arrival("C2/1", "C2/1")).ticket
    assert ticket and other
    workspace.tickets.merge(ticket.id, other.id)
    came = workspace.tickets.arrive(arrival("C1/2", "C1/1"))
    assert came.ticket and (came.result, came.ticket.id) == ("appended", other.id)
    assert workspace.tickets.arrive(arrival("C1/1", "C1/1")).result == "ignored"


def test_edits_and_deletions_are_recorded_once(workspace: Workspace) -> None:
    workspace.tickets.arrive(arrival("C1/1", "C1/1"))
    change = arrival("C1/1", "C1/1", body="message, corrected", at=after(1))
    assert [workspace.tickets.alter(change).result for _ in range(2)] == ["appended", "ignored"]
    assert [workspace.tickets.alter(change, gone=True).result for _ in range(2)] == ["appended", "ignored"]
    assert workspace.tickets.alter(arrival("C9/9", "C9/9")).result == "ignored"
    (ticket,) = workspace.tickets.all()
    assert (ticket.messages[0].body, ticket.messages[0].deleted_at) == ("message, corrected", after(1))
    before = [
        change.before
        for happening in workspace.history.happenings(ticket.id)
        for change in happening.entry.changes
    ]
    assert any("message C1/1" in str(value) for value in before)


def test_a_resolved_thread_that_goes_on_is_open_again_even_from_the_archive(workspace: Workspace) -> None:
    made = workspace.tickets.arrive(arrival("C1/1", "C1/1")).ticket
    assert made is not None
    workspace.tickets.resolve(made.id, unanswered=True)
    later = at(workspace, NOW + timedelta(days=90))
    files_of(later).checkpoint(TICKETS, later.now())
    assert later.tickets.all() == []
    came = later.tickets.arrive(arrival("C1/2", "C1/1", at=later.now()))
    assert came.ticket and (came.result, came.ticket.id, came.ticket.status) == ("appended", made.id, "open")
    assert ids(later) == [made.id]


def archived(workspace: Workspace, id_: str, days: int = 90) -> Workspace:
    """The same workspace so much later, with that ticket answered, resolved and in the archive."""
    workspace.tickets.reply(id_, "There you are")
    workspace.tickets.resolve(id_, documentation="no", unanswered=True)
    later = at(workspace, NOW + timedelta(days=days))
    files_of(later).checkpoint(TICKETS, later.now())
    assert id_ not in {ticket.id for ticket in later.tickets.all()}
    return later


def test_the_archive_is_read_once_for_all_letters_of_a_search(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, still_open = new(workspace, "An old one"), new(workspace, "One of today")
    later = archived(workspace, old.id)
    assert ids(later, archived=True) == [still_open.id, old.id]
    monkeypatch.setattr("fleettui.store.tinydb.archive.Archive.all", None)
    assert ids(later, search="o", archived=True) == [still_open.id, old.id]
    assert ids(later, search="old", archived=True) == [old.id]
    newer = new(later, "Old as well")
    assert ids(later, search="old", archived=True) == [newer.id, old.id]
    assert ids(later) == [still_open.id, newer.id]


def test_in_archive_adds_the_archive_and_is_left_out_where_nobody_waits_for_it(workspace: Workspace) -> None:
    old, still_open = workspace.tickets.new("Acme", "old one"), workspace.tickets.new("Acme", "new one")
    later = archived(workspace, old.id)
    listing = later.queue.queue(search="one in:archive", waits_for_archive=False)
    assert ([entry.ticket.id for entry in listing.entries], listing.lacks_archive) == ([still_open.id], True)
    later.queue.read_archive(search="one")
    listing = later.queue.queue(search="one in:archive", waits_for_archive=False)
    assert ([entry.ticket.id for entry in listing.entries], listing.lacks_archive) == (
        [still_open.id, old.id],
        False,
    )
    assert ids(later, search="one") == [still_open.id]
    assert ids(later, search="in:archive old") == [old.id]


def test_what_comes_back_from_the_archive_and_goes_there_again_is_shown_as_it_is(
    workspace: Workspace,
) -> None:
    old = new(workspace, "An old one")
    later = archived(workspace, old.id)
    assert ids(later, search="status:resolved", archived=True) == [old.id]
    later.tickets.set(old.id, {"subject": "An older one"})
    assert ids(later, search="older", archived=True) == [old.id]
    back = new(later, "Another")
    latest = archived(later, back.id, 200)
    assert set(ids(latest, archived=True)) == {old.id, back.id}
    assert ids(latest, search="older", archived=True) == [old.id]


def test_another_session_archives_what_i_have_before_me(workspace: Workspace) -> None:
    ticket, other = new(workspace, "First"), new(workspace, "Second")
    mine = at(workspace, NOW)
    assert ids(mine, archived=True) == [ticket.id, other.id]
    archived(workspace, ticket.id)
    mine.refresh()
    assert ids(mine) == [other.id]
    assert ids(mine, archived=True) == [other.id, ticket.id]
    mine.queue.forget_archive()
    assert ids(mine, archived=True) == [other.id, ticket.id]


def test_a_reply_that_is_sent_twice_is_stopped_the_second_time(workspace: Workspace) -> None:
    ticket = new(workspace)
    workspace.tickets.reply(ticket.id, "Done", since=ticket.rev)
    with pytest.raises(Overtaken, match="kathy answered 'Done'"):
        workspace.tickets.reply(ticket.id, "Done", since=ticket.rev)


def test_the_queue_of_a_team_with_other_words_still_opens(workspace: Workspace) -> None:
    """A tier or level that the policy no longer has must not take the queue away."""
    import json

    ticket = new(workspace, tier="Ultimate", priority="P1")
    path = workspace.home / "handbook" / "sla.json"
    policy = json.loads(path.read_text())
    policy["commitments"] = [row for row in policy["commitments"] if row["tier"] != "Ultimate"]
    policy["channels"] = [row for row in policy["channels"] if row["tier"] != "Ultimate"]
    path.write_text(json.dumps(policy))
    fresh = at(workspace, NOW)
    (entry,) = fresh.queue.queue().entries
    assert entry.body == ticket
    assert "no tier 'Ultimate'" in fresh.queue.row(entry).words


def test_what_was_seen_is_kept_small_and_shared_by_my_sessions(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fleettui.store.personal import read_marks

    def mine() -> read_marks.ReadMarks:
        return read_marks.ReadMarks(workspace.home, "kathy", files_of(workspace).modes)

    marks, other = mine(), mine()
    monkeypatch.setattr(read_marks, "LONGEST", 200)
    for rev in range(1, 60):
        marks.look("T-1001", rev)
        other.look("T-1002", rev)
        if rev % 10 == 0:
            marks.follow()
            other.follow()
            assert (marks.rev("T-1002"), other.rev("T-1001")) == (rev, rev)
    facts = (workspace.home / "seen" / "kathy.txt").stat()
    assert facts.st_size <= 250
    assert facts.st_mode & 0o077 == 0
    late = mine()
    late.follow()
    assert (late.rev("T-1001"), late.rev("T-1002"), late.rev("T-1")) == (59, 59, 0)


def test_looking_goes_on_where_nothing_can_be_written(workspace: Workspace) -> None:
    (workspace.home / "seen").write_text("a file where a folder should be")
    ticket = new(workspace)
    workspace.queue.look(ticket)
    assert not workspace.queue.is_unread(ticket)


def test_a_changed_customer_reaches_an_open_queue(workspace: Workspace) -> None:
    acme = workspace.customers.add("Acme", tier="Premium")
    ticket = new(workspace)
    assert workspace.queue.row(workspace.queue.of(ticket)).customer == "Acme"
    workspace.customers.edit(acme.id, {"name": "Acme Holding"})
    (entry,) = workspace.queue.queue().entries
    assert workspace.queue.row(entry).customer == "Acme Holding"
    workspace.customers.edit(acme.id, {"anonymous": True, "codename": "Ceres"})
    (entry,) = workspace.queue.queue().entries
    assert workspace.queue.row(entry).customer == "Ceres"


def test_an_edited_promise_reaches_an_open_queue(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fleettui.workspace.folder.policy_folder.LOOK_EVERY", 0.0)
    new(workspace)
    (entry,) = workspace.queue.queue().entries
    before = entry.due
    file = workspace.home / "handbook" / "sla.json"
    policy = json.loads(file.read_text())
    for commitment in policy["commitments"]:
        if "due" in commitment:
            commitment["due"] *= 2
    file.write_text(json.dumps(policy))
    assert "handbook" in workspace.refresh()
    (entry,) = workspace.queue.queue().entries
    assert before is not None
    assert entry.due is not None
    assert entry.due > before


def test_the_queue_is_listed_counted_and_searched_by_facts_without_reading_a_ticket(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        new(workspace, subject=f"It fails {number}", priority="P1")
    files_of(workspace).checkpoint(TICKETS, NOW)
    fresh = at(workspace, NOW)
    with monkeypatch.context() as unread:
        unread.setattr(Bodies, "_decoded", lambda *_: pytest.fail("a ticket was read"))
        listed = fresh.queue.queue(search="is:owed priority:P1 from:acme written:<1d -has:files").entries
        assert [fresh.queue.row(entry).subject for entry in listed] == [f"It fails {n}" for n in range(3)]
        assert fresh.queue.counts()["all"] == 3
        assert len(fresh.queue.untriaged()) == 0
        assert not [item for item in fresh.agenda.items() if item.state == "late"]
    assert [entry.body for entry in listed] == fresh.tickets.all()
    assert [entry.ticket.id for entry in fresh.queue.queue(search='"fails 1"').entries] == ["T-1002"]
