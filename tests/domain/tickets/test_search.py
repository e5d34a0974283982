"""The queue's search language: what each word means, and that nothing that is typed breaks it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleettui.domain.searching.language import Term
from fleettui.domain.tickets import search as tickets_search
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING as NOW


@pytest.fixture
def queue(workspace: Workspace) -> Workspace:
    """T-1001 to T-1004, each different."""
    workspace.customers.add("Acme Robotics", tier="Ultimate", hosts=4000)
    workspace.customers.add("Quiet Ltd", tier="Premium", hosts=10, anonymous=True, codename="Vesta")
    new = workspace.tickets.new
    new("Acme", "500 error on live query", priority="P1", at=NOW - timedelta(minutes=90), assignee="kathy")
    new("Quiet", "Licence is about to end", priority="P2", by="Ivo Lind", body="See https://x.example/a:b")
    new("Elsewhere", "How to deploy", tier="Free", labels=["bug"], by_dm=True)
    new("Acme", "Agents go offline", priority="P3", assignee="zay", labels=["+more info please", "bug fix"])
    workspace.tickets.wait("T-1004")
    return workspace


@pytest.mark.parametrize(
    ("typed", "matches"),
    [
        ("", "1 2 3 4"),
        ("priority:P1", "1"),
        ("priority:p", "1 2 3 4"),
        ("tier:ultimate", "1 4"),
        ("tier:ult -priority:P3", "1"),
        ("assignee:me", "1"),
        ("assignee:nobody", "2 3"),
        ("assignee:zay", "4"),
        ("-assignee:me", "2 3 4"),
        ('"500 error"', "1"),
        ('"500 err', "1"),
        ('"error 500"', ""),
        ("error 500", "1"),
        ("label:bug", "3"),
        ('label:"bug fix"', "4"),
        ("label:bug*", "3 4"),
        ("-label:bug", "1 2 4"),
        ('label:"+more info please"', "4"),
        ("customer:acme", "1 4"),
        ("customer:vesta", "2"),
        ("customer:K-2", "2"),
        ("group:unicorns", "1 4"),
        ("is:waiting", "4"),
        ("is:owed", "1 2 3"),
        ("is:dm", "3"),
        ("is:anonymous", "2"),
        ("is:breached", ""),
        ("due:<1h", "1"),
        ("due:<2d", "1 2"),
        ("due:>1h", "2"),
        ("due:today", "1"),
        ("due:tomorrow", "2"),
        ("due:=today", "1"),
        ("due:<today", ""),
        ("due:<=today", "1"),
        ("due:>today", "2"),
        ("due:>=today", "1 2"),
        ("due:<tomorrow", "1"),
        ("due:>tomorrow", ""),
        ("due:<2026-03-10", "1"),
        ("due:>2026-03-09", "2"),
        ("due:2026-03-10", "2"),
        ("due:1h", "1"),
        ("id:1003", "3"),
        ("t-1003", "3"),
        ("status:wait", "4"),
        ("level:L2", "1 2"),
        ("level:in-d", "1 2"),
        ("https://x.example/a:b", "2"),
        ("ivo", "2"),
        ("priority:", "1 2 3 4"),
        ("-", "1 2 3 4"),
        ("LICENCE tier:premium", "2"),
        ("P1", "1"),
        ("p1", "1"),
        ('"P1"', ""),
        ("-P1", "2 3 4"),
        ("P7", ""),
        ("L2", "1 2"),
        ("label:bug OR P1", "1 3"),
        ("tier:premium OR tier:free -label:bug", "2"),
        ("-tier:premium OR P1", "1 3 4"),
        ("OR label:bug OR", "3"),
        ("licence or end", ""),
        ('label:bug "OR"', ""),
        ("from:ivo", "2"),
        ("from:kathy", ""),
        ("created:today", "1 2 3 4"),
        ("created:<1h", "2 3 4"),
        ("created:1h", "2 3 4"),
        ("created:>1h", "1"),
        ("created:>2h", ""),
        ("created:2h..1h", "1"),
        ("created:1h..2h", "1"),
        ("created:2026-03-09..2026-03-10", "1 2 3 4"),
        ("created:2026-03-01..yesterday", ""),
        ("created:..yesterday", ""),
        ("created:today..", "1 2 3 4"),
        ('created:>"8:00"', "2 3 4"),
        ('created:<"8:00"', "1"),
        ("resolved:<7d", ""),
        ("written:<1h", "2 3 4"),
        ("in:archive label:bug", "3"),
        ("in:", "1 2 3 4"),
    ],
)
def test_each_word_of_the_search(queue: Workspace, typed: str, matches: str) -> None:
    rows = queue.queue.queue(search=typed)
    assert (sorted(entry.ticket.id[-1] for entry in rows.entries), rows.problems) == (
        sorted(matches.split()),
        (),
    )


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("due:<soon", "due: 'soon' is not a time"),
        ("priority:PX", "priority: 'px' is not one of P0, P1, P2, P3"),
        ("level:L4", "level: 'l4' is not one of L1 standard, L2 in-depth, L3 expert"),
        ("is:fine", "is: 'fine' is not one of open"),
        ("has:cake", "has: 'cake' is not one of issue"),
        ("due:<", "due: write it like due:<2h"),
        ("due:<9999-12-31", "due: "),
        ("due:<>today", "due: '>today' is not a time"),
        ("created:soon", "created: 'soon' is not a time"),
        ("created:mon..soon", "created: 'soon' is not a time"),
        ("in:cellar", "in: 'cellar' is not one of archive"),
        ("-in:archive", "in: 'archive' is not one of archive"),
        ("status:bogus", "status: 'bogus' is not one of open, waiting, snoozed, resolved"),
    ],
)
def test_what_cannot_be_understood_is_said_and_hides_nothing(
    queue: Workspace, typed: str, problem: str
) -> None:
    rows = queue.queue.queue(search=typed)
    assert rows.problems[0].startswith(problem)
    assert len(rows.entries) == 4


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ("prio:P1", ("prio",)),
        ("-Prio:P1 owner:zay", ("prio", "owner")),
        ('label:bug "prio:P1"', ()),
        ("https://x.example/a:b", ()),
        ("panic: 12:30", ()),
    ],
)
def test_a_word_before_a_colon_that_is_no_field_is_said_and_stays_text(
    typed: str, fields: tuple[str, ...]
) -> None:
    read = tickets_search.parse(typed)
    assert read.problems == tuple(
        f"{field}: is not a field; to look for the text, write it in quotes" for field in fields
    )
    assert len(read.terms) == len(typed.split())


KNOWN = tickets_search.Vocabulary(priorities=("P0", "P1"), levels=("standard", "in-depth"))


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("priority:PX", "priority: 'px' is not one of P0, P1"),
        ("level:L3", "level: 'l3' is not one of L1 standard, L2 in-depth"),
    ],
)
def test_what_the_policy_does_not_know_is_said(typed: str, problem: str) -> None:
    read = tickets_search.parse(typed, KNOWN)
    assert (read.terms, read.problems) == ((), (problem,))


def test_a_level_is_found_by_its_sign_too() -> None:
    for typed, meant in (("level:L2", "in-depth"), ("level:l1", "standard"), ("level:in", "in")):
        read = tickets_search.parse(typed, KNOWN)
        assert (read.terms, read.problems) == ((Term("level", meant, False),), ())
    assert tickets_search.parse("priority:p", KNOWN).problems == ()


def test_breaching_is_over_or_due_before_support_closes(queue: Workspace) -> None:
    def breaching(hours: float) -> list[str]:
        later = Workspace.open(queue.home, clock=frozen_clock(NOW + timedelta(hours=hours)), login="kathy")
        return [entry.ticket.id for entry in later.queue.queue("breaching").entries]

    assert breaching(0) == ["T-1001"]  # due 09:30, support closes at 16:00
    assert breaching(7) == ["T-1001", "T-1002"]  # closed: what is due before the next closing


def test_a_resolved_ticket_is_found_by_who_asks_for_it(queue: Workspace) -> None:
    queue.tickets.resolve("T-1003", summary="Told the channel.", unanswered=True)
    assert len(queue.queue.queue().entries) == 3
    for search in ("is:resolved", "status:resolved deploy"):
        assert [entry.ticket.id for entry in queue.queue.queue(search=search).entries] == ["T-1003"]


def test_only_a_longer_last_word_of_text_narrows_a_search() -> None:
    def narrows(before: str, after: str) -> bool:
        return tickets_search.narrows(tickets_search.parse(before), tickets_search.parse(after))

    assert narrows("tier:ult err", "tier:ult erro")
    for before, after in (
        ("", "e"),
        ("-e", "-er"),
        ("label:b", "label:bu"),
        ("due:<2h", "due:<2h e"),
        ("ab", "b"),
        ("is:owed e", "er"),
    ):
        assert not narrows(before, after), (before, after)


def test_a_search_is_read_as_words_fields_and_quotes() -> None:
    read = tickets_search.parse('tier:ultimate "500 error" -label:bug foo:bar')
    assert read.terms == (
        Term("tier", "ultimate", False),
        Term("", "500 error", False),
        Term("label", "bug", True),
        Term("", "foo:bar", False),
    )


typed_text = st.text(st.characters(exclude_categories=()), max_size=60)
typed_fields = st.builds(
    "{}:{}{}".format,
    st.sampled_from(sorted(tickets_search.FIELDS)),
    st.text("<>=-", max_size=3),
    st.sampled_from(("today", "tomorrow", "2h", "99999w", "2026-03-09", "me", "")) | typed_text,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(typed=typed_text | typed_fields)
def test_nothing_that_is_typed_breaks_it(queue: Workspace, typed: str) -> None:
    assert len(queue.queue.queue(search=typed).entries) <= 4
