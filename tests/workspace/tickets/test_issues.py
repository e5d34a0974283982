"""SUP-11: several tickets share an issue; closing it owes each waiting customer a word."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from fleettui.errors import Refused
from fleettui.workspace.workspace import Workspace
from tests.support.command_line import InProcess

SEVEN = "https://github.com/fleetdm/fleet/issues/7"
EIGHT = "https://github.com/fleetdm/fleet/issues/8"
OTHER_SEVEN = "https://github.com/acme/widgets/issues/7"


def ticket(workspace: Workspace, customer: str, subject: str, issue: str = SEVEN, **fields: Any) -> str:
    made = workspace.tickets.new(customer=customer, subject=subject, body="It fails", **fields)
    if issue:
        workspace.support.link_issue(made.id, issue)
    return made.id


def words(workspace: Workspace) -> list[str]:
    return [item.id for item in workspace.agenda.items() if item.step == "fixed"]


@pytest.fixture
def shared(workspace: Workspace) -> tuple[Workspace, str, str]:
    """Two tickets of two customers about the same issue."""
    workspace.customers.add("Acme", tier="Ultimate", hosts="900")
    workspace.customers.add("Birch", tier="Premium", hosts="40")
    first = ticket(workspace, "Acme", "Queries hang")
    second = ticket(workspace, "Birch", "A query never ends", SEVEN + "#issuecomment-12")
    return workspace, first, second


def test_sup_11_a_search_finds_the_tickets_of_an_issue_by_number_name_and_link(
    shared: tuple[Workspace, str, str],
) -> None:
    workspace, first, second = shared
    ticket(workspace, "Acme", "Another", EIGHT)
    elsewhere = ticket(workspace, "Acme", "Elsewhere", OTHER_SEVEN)

    def found_by(search: str) -> set[str]:
        return {entry.ticket.id for entry in workspace.queue.queue("all", search).entries}

    assert found_by("issue:7") == found_by("issue:#7") == {first, second, elsewhere}
    assert found_by("issue:fleetdm/fleet#7") == found_by(f"issue:{SEVEN}") == {first, second}
    assert found_by(f"issue:{SEVEN}/") == {first, second}
    assert found_by("issue:70") == set()


def test_sup_11_a_search_with_the_archive_finds_resolved_tickets_of_an_issue(
    shared: tuple[Workspace, str, str],
) -> None:
    workspace, first, second = shared
    workspace.tickets.resolve([first], unanswered=True)
    assert [row.ticket.id for row in workspace.queue.queue("all", "issue:7").entries] == [second]
    every = workspace.queue.queue("all", "issue:7", archived=True).entries
    assert {row.ticket.id for row in every} == {first, second}


def test_sup_11_when_an_issue_is_closed_each_waiting_customer_is_owed_a_word(
    shared: tuple[Workspace, str, str],
) -> None:
    workspace, first, second = shared
    assert words(workspace) == []
    issue = workspace.issues.close("7", why="in 4.60")
    assert (issue.by, issue.why, [word.ticket for word in issue.owed]) == (
        "kathy",
        "in 4.60",
        [first, second],
    )
    assert sorted(words(workspace)) == [first, second]


def test_sup_11_the_word_is_given_by_an_answer_by_resolving_or_by_saying_that_they_know(
    shared: tuple[Workspace, str, str],
) -> None:
    workspace, first, second = shared
    third = ticket(workspace, "Cedar", "Queries again")
    workspace.tickets.reply(first, "We are at it.")  # before it is closed: tells nothing
    workspace.issues.close(SEVEN)
    assert sorted(words(workspace)) == [first, second, third]
    workspace.tickets.note(first, "asked them")
    assert first in words(workspace)
    workspace.tickets.reply(first, "It is done.")
    workspace.tickets.resolve([second], unanswered=True)
    item = next(item for item in workspace.agenda.items() if item.step == "fixed")
    assert item.does == "tick"
    workspace.agenda.do(item)
    assert words(workspace) == []
    with pytest.raises(Refused, match="nobody is owed"):
        workspace.issues.settle(third)


def test_sup_11_of_resolved_tickets_only_customers_with_the_promise_are_owed_a_word(
    shared: tuple[Workspace, str, str],
) -> None:
    workspace, first, second = shared
    workspace.tickets.reply(first, workspace.support.issue_link_text(workspace.tickets.find(first)))
    workspace.tickets.reply(second, "Thanks, noted.")
    workspace.tickets.resolve([first], unanswered=True)
    workspace.tickets.resolve([second], unanswered=True)
    workspace.issues.close("7")
    assert words(workspace) == [first]


def test_sup_11_reopening_and_undo_owe_nobody_a_word(shared: tuple[Workspace, str, str]) -> None:
    workspace, first, second = shared
    workspace.issues.close("7")
    workspace.issues.reopen("7", why="it came back")
    assert words(workspace) == []
    workspace.tickets.reply(first, "It came back.")
    workspace.issues.close("7")
    assert sorted(words(workspace)) == [first, second]
    workspace.history.undo("fleetdm/fleet#7")
    assert words(workspace) == []


def test_sup_11_a_ticket_merged_before_or_after_is_told_where_it_goes_on(
    shared: tuple[Workspace, str, str],
) -> None:
    workspace, first, second = shared
    stays = ticket(workspace, "Acme", "Queries hang, more of it", "")
    later = ticket(workspace, "Birch", "The same again", "")
    workspace.tickets.merge([first], stays)
    workspace.issues.close("7")
    assert sorted(words(workspace)) == [second, stays]
    workspace.tickets.merge([second], later)
    assert sorted(words(workspace)) == [stays, later]
    workspace.tickets.reply(later, "It is done.")
    assert words(workspace) == [stays]


def test_sup_11_the_text_for_it_is_ready_and_does_not_claim_what_was_declined(
    shared: tuple[Workspace, str, str],
) -> None:
    workspace, first, _ = shared
    workspace.issues.close("7")
    done = workspace.support.render("issue-fixed", workspace.tickets.find(first))
    assert '"Queries hang" is done.' in done
    assert SEVEN in done
    workspace.issues.reopen("7")
    workspace.issues.close("7", outcome="not planned")
    declined = workspace.support.render("issue-fixed", workspace.tickets.find(first))
    assert "decided not to do it" in declined
    assert "is done" not in declined


def test_rit_7_issues_are_ranked_by_customers_then_tiers_then_hosts(
    shared: tuple[Workspace, str, str],
) -> None:
    workspace, *_ = shared
    workspace.customers.add("Cedar", tier="Ultimate", hosts="5")
    nine = "https://github.com/fleetdm/fleet/issues/9"
    ticket(workspace, "Birch", "A wish", EIGHT)
    ticket(workspace, "Birch", "The same wish", EIGHT)
    ticket(workspace, "Cedar", "A bug", nine)
    rows = workspace.issues.all()
    assert [row.id for row in rows] == ["fleetdm/fleet#7", "fleetdm/fleet#9", "fleetdm/fleet#8"]
    assert (rows[0].customers, rows[0].tiers, rows[0].hosts) == (
        ("Acme", "Birch"), (("Ultimate", 1), ("Premium", 1)), 940,
    )  # fmt: skip
    assert rows[0].title == "Queries hang"
    assert rows[2].customers == ("Birch",)  # who asks twice counts once
    workspace.issues.close("7")
    assert [row.id for row in workspace.issues.all()][-1] == "fleetdm/fleet#7"


def test_sup_11_the_command_line_lists_closes_reopens_and_settles(
    made: Callable[..., Workspace],
) -> None:
    workspace = made()
    first, second = ticket(workspace, "Acme", "Hangs"), ticket(workspace, "Birch", "Hangs, too")
    ticket(workspace, "Acme", "Elsewhere", OTHER_SEVEN)
    workspace.close()
    cli = InProcess(workspace.home)
    (row,) = [row for row in cli.json("issues", "list") if row["id"] == "fleetdm/fleet#7"]
    assert (row["link"], row["tickets"], row["state"], row["owed"]) == (SEVEN, [first, second], "open", [])
    assert row["closed_at"] is None
    closed = cli.json("issues", "close", "7", "--why", "in 4.60")  # the team's own repository counts
    assert (closed["id"], closed["owed"], closed["why"]) == ("fleetdm/fleet#7", [first, second], "in 4.60")
    assert cli.json("tickets", "list", "--search", "issue:fleetdm/fleet#7")
    assert "owed" in json.dumps(cli.json("issues", "told", first))
    assert [item["id"] for item in cli.json("today")["items"] if item["step"] == "fixed"] == [second]
    assert "closed, 1 to tell" in cli.ok("issues", "list")
    assert "closed already" in cli.fails(1, "issues", "close", "7")
    assert cli.json("issues", "reopen", SEVEN)["state"] == "open"
    assert "is open" in cli.fails(1, "issues", "reopen", SEVEN)
    assert "no ticket is linked" in cli.fails(1, "issues", "close", "99")
    assert "no ticket is linked" in cli.fails(1, "issues", "close", "")


def test_sup_11_a_number_that_several_repositories_have_is_asked_back(workspace: Workspace) -> None:
    ticket(workspace, "Acme", "One", OTHER_SEVEN)
    ticket(workspace, "Acme", "Two", "https://github.com/acme/gadgets/issues/7")
    with pytest.raises(Refused, match="acme/widgets#7, acme/gadgets#7"):
        workspace.issues.close("7")
    assert workspace.issues.close("acme/gadgets#7").id == "acme/gadgets#7"


def test_sup_11_a_link_that_is_no_github_issue_is_known_by_itself(workspace: Workspace) -> None:
    link = "https://tracker.example/browse/FLEET-7"
    first = ticket(workspace, "Acme", "One", link)
    issue = workspace.issues.close(link)
    assert (issue.id, words(workspace)) == (link, [first])


def test_sup_11_whoever_has_a_waiting_ticket_hears_that_its_issue_is_closed(
    shared: tuple[Workspace, str, str],
) -> None:
    workspace, first, second = shared
    workspace.tickets.assign([first, second], "zay")
    theirs = workspace.for_person("zay", workspace.clock)
    before = theirs.inbox.here()
    workspace.issues.close("7")
    (news,) = theirs.inbox.fresh(before).events
    assert (news.kind, news.logins) == ("fixed", ("zay",))
    assert (news.collection, news.id, news.together) == ("tickets", first, (first, second))
    assert news.text == f"fleetdm/fleet#7 is done: {first}, {second} wait for a word"
    workspace.issues.reopen("7")
    assert theirs.inbox.fresh(before).events == [news]
    workspace.issues.of_service().close("7", by="github")
    again = theirs.inbox.fresh(before).events[-1]
    assert (again.kind, again.by) == ("fixed", "")  # nobody of ours


def test_sup_11_the_archive_is_read_only_for_those_with_a_promise(
    shared: tuple[Workspace, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, first, second = shared
    workspace.tickets.reply(first, workspace.support.issue_link_text(workspace.tickets.find(first)))
    workspace.tickets.resolve([first], unanswered=True)
    issue = workspace.issues.close("7")
    assert [(word.ticket, word.promised) for word in issue.owed] == [(first, True), (second, False)]
    read, real = list[str](), workspace.store.get

    def noted(kind: Any, id_: str) -> Any:
        read.append(id_)
        return real(kind, id_)

    monkeypatch.setattr(workspace.store, "get", noted)
    monkeypatch.setattr(workspace.store, "rows", lambda kind: [])
    monkeypatch.setattr(workspace.store, "all", lambda kind, **_: [issue])
    assert [owed.ticket.id for owed in workspace.issues.owed()] == [first]
    assert read == [first]
