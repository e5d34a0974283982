"""RIT-5, RIT-7, RIT-8, RIT-10: rituals that are a text, drafted from what the workspace holds."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from typing import Any

import pytest

from fleettui.policy.handbook import load
from fleettui.policy.messages.renderer import LONGEST
from fleettui.text.gaps import gaps_in
from fleettui.workspace.workspace import Workspace
from tests.support.command_line import CommandLine

FRIDAY = "2026-03-13T17:00:00+00:00"
PUBLIC, PRIVATE = (
    "https://github.com/fleetdm/fleet/issues/7",
    "https://github.com/fleetdm/confidential/issues/8",
)
ISSUE = "https://github.com/fleetdm/fleet/issues/9"
TEXTS = ("RIT-5", "RIT-7", "RIT-8", "RIT-10")


def new(cli: CommandLine, customer: str, subject: str, *more: str) -> str:
    ticket = cli.json(
        "tickets", "new", "--customer", customer, "--subject", subject, "--body", subject, *more
    )
    return str(ticket["id"])


def text_of(cli: CommandLine, ritual: str, *more: str) -> dict[str, Any]:
    text = cli.json("rituals", "text", ritual, *more)
    assert isinstance(text, dict)
    return text


def part(text: str, heading: str) -> list[str]:
    """The rows below a heading."""
    after = text.partition(f"{heading}\n")[2]
    return [row.removeprefix("- ") for row in after.partition("\n\n")[0].splitlines()]


@pytest.fixture
def week(cli: CommandLine) -> CommandLine:
    """A week of work, told on its Friday."""
    cli.ok("customers", "add", "Northwind", "--tier", "Ultimate")
    cli.ok("customers", "add", "Quiet Co", "--tier", "Premium")
    cli.ok("customers", "add", "Prospect", "kind=prospect")
    cli.ok("customers", "add", "Secret Bank", "--tier", "Premium", "anonymous=yes", "codename=psyche")
    cli.ok(
        "customers",
        "opportunity",
        "Prospect",
        "Pilot",
        "amount=6000",
        "next_step=Ask them",
        "next_step_due=2026-03-16",
    )
    new(cli, "Northwind", "Nobody can sign in", "--priority", "P1")
    new(cli, "Someone", "How do I install it?", "--priority", "P3")
    call = cli.json("calls", "new", "--customer", "Northwind", "--start", "2026-03-10T10:00")["id"]
    other = cli.json("calls", "new", "--customer", "Quiet Co", "--start", "2026-03-11T10:00")["id"]
    cli.now = "2026-03-10T17:05:00+00:00"
    cli.ok("calls", "joined", call)
    cli.ok("calls", "done", call, "--why", "held")
    cli.now = "2026-03-11T17:20:00+00:00"
    cli.ok("calls", "missed", other)
    cli.now = FRIDAY
    return cli


def test_rit_5_the_week_of_key_customers(week: CommandLine) -> None:
    text = text_of(week, "Customer voice")["text"]
    assert text.startswith("Customer voice, Fri 6 Mar to Fri 13 Mar")
    rows = {row.partition(" (")[0]: row for row in part(text, "Key customers and proofs of concept")}
    assert set(rows) == {"Northwind", "Quiet Co", "Prospect", "psyche"}
    assert rows["Northwind"].startswith(
        "Northwind (Ultimate): 1 open, 1 late; call held Tue 10 Mar; last in touch"
    )
    assert "call missed Wed 11 Mar" in rows["Quiet Co"]
    assert part(text, "Opportunities") == [
        "Prospect: Pilot, 6,000; next: Ask them, by Mon 16 Mar; no contact known"
    ]
    assert part(text, "Outages (P0 and P1)") == ["P1 T-1001 Northwind: Nobody can sign in, not resolved yet"]
    community = part(text, "Community, contact form, chat and self-service")
    assert community == ["T-1002 Someone, written down: How do I install it?"]
    assert "Secret Bank" not in text


def complete(cli: CommandLine, ticket: str, issue: str, *more: str) -> None:
    handbook = load(cli.home / "handbook")
    known = [
        f"{detail.key}=known" for detail in handbook.details.details if detail.required and not detail.choices
    ]
    chosen = [
        f"{detail.key}={detail.choices[0]}"
        for detail in handbook.details.details
        if detail.required and detail.choices
    ]
    cli.ok("tickets", "set", ticket, *known, *chosen)
    cli.ok("tickets", "issue", ticket, "--link", issue, *more)


def test_rit_7_and_8_the_requests_with_key_dates_and_what_they_lack(week: CommandLine) -> None:
    lacking = new(week, "Northwind", "Sort by owner", "--priority", "P3")
    week.ok("tickets", "label", lacking, "--add", "customer request")
    dated, undated = (
        new(week, "Quiet Co", subject, "--priority", "P3") for subject in ("Export", "Dark mode")
    )
    complete(week, dated, PUBLIC)
    complete(week, undated, ISSUE)
    week.ok("tickets", "set", dated, "key_date=2026-04-01")

    backlog = text_of(week, "RIT-7")["text"]
    (incomplete,) = part(backlog, "Still to be completed")
    assert incomplete.startswith(
        f"{lacking} Northwind: Sort by owner; no key date. Missing: Server version, "
    )
    assert incomplete.endswith(", an issue")
    assert part(backlog, "Ready to be presented") == [
        f"{dated} Quiet Co: Export; {PUBLIC}; needed by Wed 1 Apr",
        f"{undated} Quiet Co: Dark mode; {ISSUE}; no key date",
    ]

    requests = text_of(week, "RIT-8")["text"]
    assert part(requests, "Needed by a day") == [f"By Wed 1 Apr: Export (Quiet Co, Premium): {PUBLIC}"]
    assert part(requests, "Without a day") == [f"Dark mode (Quiet Co, Premium): {ISSUE}"]
    assert part(requests, "Not ready yet, to be completed first") == [incomplete]


def test_rit_7_and_8_open_with_what_touches_most(week: CommandLine) -> None:
    wish, bug, again = (
        new(week, customer, subject, "--priority", "P3")
        for customer, subject in (("Quiet Co", "Dark mode"), ("Northwind", "It hangs"), ("Quiet Co", "Hangs"))
    )
    for ticket, issue in ((wish, ISSUE), (bug, PUBLIC), (again, PUBLIC)):
        week.ok("tickets", "issue", ticket, "--link", issue)
    for ritual in ("RIT-7", "RIT-8"):
        first, second = part(text_of(week, ritual)["text"], "What touches most")
        assert first.startswith("2 customers (1 Ultimate, 1 Premium)")
        assert first.endswith(f": It hangs; {PUBLIC}; {bug}, {again}")
        assert second.endswith(f": Dark mode; {ISSUE}; {wish}")
    week.ok("issues", "close", PUBLIC)
    (only,) = part(text_of(week, "RIT-8")["text"], "What touches most")
    assert ISSUE in only


def test_rit_10_opens_with_the_issues_that_were_closed_and_not_with_those_given_up(week: CommandLine) -> None:
    tickets = [
        new(week, customer, "It fails", "--priority", "P3")
        for customer in ("Quiet Co", "Northwind", "Secret Bank", "Quiet Co")
    ]
    for ticket, issue in zip(tickets, (ISSUE, PUBLIC, PUBLIC, f"{PUBLIC}99"), strict=True):
        week.ok("tickets", "issue", ticket, "--link", issue)
    for issue, more in ((ISSUE, []), (PUBLIC, []), (f"{PUBLIC}99", ["--not-planned"])):
        week.ok("issues", "close", issue, *more)
    text = text_of(week, "RIT-10")
    assert part(text["text"], "What is fixed:")[:2] == [PUBLIC, ISSUE]
    assert f"{PUBLIC}99" not in text["text"]
    assert text["asked"][-1].startswith("not resolved: ")


def test_rit_10_the_announcement_has_fields_to_fill_and_names_nobody(week: CommandLine) -> None:
    fixed, private, waiting = (
        new(week, customer, "It fails", "--priority", "P3")
        for customer in ("Northwind", "Secret Bank", "Quiet Co")
    )
    complete(week, fixed, PUBLIC)
    complete(week, private, PRIVATE, "--private")
    complete(week, waiting, ISSUE)
    for ticket in (fixed, private):
        week.ok("tickets", "resolve", ticket, "--documentation", "no", "--unanswered")
    text = text_of(week, "RIT-10")
    assert [gap.strip("‹›").partition(":")[0] for gap in text["gaps"]] == [
        "version",
        "day",
        "features",
        "fixes",
        "link",
    ]
    assert f"- {PUBLIC}" in text["text"]
    assert PRIVATE not in text["text"] and ISSUE not in text["text"]
    for name in ("Northwind", "Secret", "Quiet", "psyche"):
        assert name not in text["text"]
    assert text["asked"] == [
        f"resolved: {PUBLIC} Northwind ({fixed})",
        f"resolved: {PRIVATE} psyche ({private})",
        f"not resolved: {ISSUE} Quiet Co ({waiting})",
    ]
    done = week.run("rituals", "text", "RIT-10")
    assert "Northwind" not in done.stdout and "Northwind" in done.stderr


@pytest.mark.parametrize("ritual", TEXTS)
def test_a_text_of_an_empty_workspace_is_whole(cli: CommandLine, ritual: str) -> None:
    text = text_of(cli, ritual)
    for sign in ("{{", "{%", "None of", "[]", "  "):
        assert sign not in text["text"]
    assert text["draft"] is None
    assert gaps_in(text["text"]) == tuple(text["gaps"])


@pytest.mark.parametrize("ritual", TEXTS)
def test_a_text_of_a_great_many_tickets_and_long_words_is_bounded(cli: CommandLine, ritual: str) -> None:
    for number in range(40):
        subject = f"<!here> {number} " + "long words " * 200
        ticket = new(cli, f"Somebody {number}" * 20, subject, "--priority", "P1")
        cli.ok(
            "tickets", "set", ticket, f"issue=https://github.com/fleetdm/fleet/issues/{number}"
        ) if number % 2 else None
    text = text_of(cli, ritual)["text"]
    assert len(text) < LONGEST
    assert "<!here>" not in text


def test_a_ritual_that_is_no_text_says_which_are(cli: CommandLine) -> None:
    error = cli.fails(1, "rituals", "text", "RIT-1")
    assert "Overnight customer feedback has no text of its own. These have: Customer voice, " in error


def test_a_draft_stays_until_it_is_given_as_proof(week: CommandLine) -> None:
    assert "there is no draft of Customer voice yet" in week.fails(
        1, "rituals", "tick", "RIT-5", "--with-text"
    )
    week.ok("rituals", "text", "RIT-5", "--keep", stdin="All is well.\nNobody is late.")
    assert week.ok("rituals", "text", "RIT-5") == "All is well.\nNobody is late.\n"
    text = text_of(week, "RIT-5")
    assert text["draft"] == "All is well.\nNobody is late."
    assert text["text"].startswith("Customer voice, ")
    assert week.ok("rituals", "text", "RIT-5", "--fresh").startswith("Customer voice, ")
    week.ok("rituals", "tick", "RIT-5", "--with-text")
    with closing(Workspace.open(week.home, login="kathy")) as workspace:
        row = workspace.rituals.row("RIT-5", date(2026, 3, 13))
    assert row and row.instance
    assert row.instance.ticks[0].evidence == "All is well.\nNobody is late."
    assert text_of(week, "RIT-5")["draft"] is None
