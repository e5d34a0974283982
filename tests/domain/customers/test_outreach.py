"""Reaching out: who writes, to whom first, in which state a lead is, and how texts read (GTM)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fleettui.domain.customers import model as customers
from fleettui.domain.customers import outreach, text_style
from fleettui.domain.customers.in_touch import last_contact
from fleettui.domain.customers.model import Customer
from fleettui.domain.customers.policy import Gtm
from fleettui.errors import Refused
from fleettui.workspace.workspace import Workspace
from tests.support.command_line import CommandLine
from tests.support.customers import new_customer


@pytest.fixture
def gtm(workspace: Workspace) -> Gtm:
    return workspace.handbook.gtm


def made(**fields: Any) -> Customer:
    return new_customer("K-1", fields.pop("name", "Acme"), fields)


@pytest.mark.parametrize(
    ("kind", "role"), [("sales-ready prospect", "AE"), ("customer", "CSM"), ("prospect", "SC")]
)
def test_gtm_1_who_reaches_out(gtm: Gtm, kind: str, role: str) -> None:
    writer = outreach.writer_of(made(kind=kind), gtm)
    assert writer is not None and writer.role == role


def test_gtm_1_a_kind_that_nobody_writes_to_is_refused(cli: CommandLine) -> None:
    assert "kind: 'friend' is not one of sales-ready prospect, customer, prospect" in cli.fails(
        1, "customers", "add", "Acme", "kind=friend"
    )
    assert cli.json("customers", "add", "Acme", "kind=Prospect, ready for sales")["reaches_out"] == "AE"


def test_gtm_2_sales_ready_first_then_ads_running_then_researched(cli: CommandLine) -> None:
    for name, priority in (
        ("Last", "researched"),
        ("None", ""),
        ("Second", "Ads running"),
        ("First", "sales-ready"),
    ):
        cli.ok("customers", "add", name, f"priority={priority}")
    rows = cli.json("customers", "list", "--by-priority")
    assert [row["name"] for row in rows] == ["First", "Second", "Last", "None"]


def test_gtm_3_the_ten_lead_statuses_and_no_other(gtm: Gtm) -> None:
    assert [status.name for status in gtm.lead_statuses] == [
        "New", "New enriched", "New MQL", "Working to engage", "Engaged", "Meeting scheduled",
        "Working to convert", "Closed nurture", "Closed do not contact", "SAO converted",
    ]  # fmt: skip
    for status in gtm.lead_statuses:
        assert outreach.checked_fields({"lead_status": status.name.upper()}, gtm) == {
            "lead_status": status.key
        }
    with pytest.raises(Refused, match=r"^lead_status: 'warm' is not one of new, new-enriched"):
        outreach.checked_fields({"lead_status": "warm"}, gtm)


def test_gtm_3_nobody_writes_to_who_is_not_to_be_contacted(cli: CommandLine) -> None:
    cli.ok("customers", "add", "Acme", "kind=prospect", "lead_status=closed do not contact")
    assert "nobody writes to them" in cli.fails(1, "customers", "touched", "Acme")
    cli.ok("customers", "edit", "Acme", "lead_status=engaged")
    assert cli.json("customers", "touched", "Acme")["last_contact"] == "2026-03-09"


def test_gtm_4_a_first_contact_comes_with_its_advice(gtm: Gtm) -> None:
    fresh = made(kind="prospect")
    advice = " ".join(row.text for row in outreach.first_contact(fresh, gtm, None)).lower()
    for word in (
        "find out about them",
        "praise",
        "no bare product facts",
        "love to work",
        "questions",
        "warmly",
        "propose a time",
    ):
        assert word in advice
    contact = last_contact(customers.edited(fresh, {"last_contact": date(2026, 3, 1)}), None)
    assert outreach.first_contact(fresh, gtm, contact) == ()
    assert outreach.first_contact(made(kind="customer"), gtm, None) == ()


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("Send the renewal quote", None),
        ("Talk to Dana Whitlock about the roll-out. Then call.", None),
        ("send the renewal quote", "begin with a capital"),
        ("Send The Renewal Quote Tomorrow", "only the first word and names"),
        ("SEND THE RENEWAL QUOTE", "not all in capitals"),
        ("They want mobile device management (MDM) soon. MDM is key.", None),
        ("They want MDM soon", "spell out MDM once"),
        ("MDM is wanted: mobile device management (MDM)", "spell out MDM where it comes first"),
        ("Device management (MDM), so device management (MDM)", "once is enough"),
    ],
)
def test_gtm_5_sentence_case_and_acronyms(written: str, complaint: str | None) -> None:
    complaints = text_style.style_mistakes(written, ["Dana Whitlock"])
    assert (complaints == []) if complaint is None else any(complaint in text for text in complaints), (
        complaints
    )


def test_gtm_5_a_script_can_ask_whether_a_text_reads_well(cli: CommandLine) -> None:
    assert "It reads well." in cli.ok("customers", "read", "Send the quote")
    done = cli.run("customers", "read", "-", "--json", stdin="Send The Quote To Everyone")
    assert done.returncode == 1 and '"ok": false' in done.stdout


def test_gtm_5_the_texts_of_a_customer_are_looked_at() -> None:
    customer = customers.with_opportunity(
        made(name="Big Blue Boats"), "Deal", {"next_step": "ask Big Blue Boats"}
    )
    assert [where for where, _ in text_style.customer_style_mistakes(customer)] == ["next step of Deal"]


def test_gtm_6_what_begins_with_the_sanctions_check(gtm: Gtm, workspace: Workspace) -> None:
    """Said as a quote or a deal begins, even if the team's own copy of the playbook forgot it."""
    workspace.customers.add("Acme", kind="sales-ready prospect")
    for name in gtm.sanctions.at:
        file = next(
            f for f in (workspace.home / "handbook/playbooks").iterdir() if f'"id": "{name}"' in f.read_text()
        )
        file.write_text(file.read_text().replace('"reminders": ["sanctions-reminder"],', ""))
    fresh = Workspace.open(workspace.home, clock=workspace.clock, login="kathy")
    for name in gtm.sanctions.at:
        run = fresh.playbooks.start(name, "Acme")
        assert "We do no business there" in fresh.playbooks.written(run, run.reminders[0])
    assert fresh.playbooks.start("PLAY-9", "Acme").reminders == ()
