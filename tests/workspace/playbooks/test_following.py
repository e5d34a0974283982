"""PLAY-2 and PLAY-3: the CRO approves a deal once, in its quote."""

from __future__ import annotations

import pytest

from fleettui.errors import Refused
from tests.workspace.playbooks.test_actions import AE, CRO, Office, approve, office, refused

__all__ = ["office"]


def test_play_2_the_approval_of_a_deal_is_that_of_its_quote_and_asked_once(office: Office) -> None:
    run = office.start(AE, "PLAY-2", docusign=True, own_contract=False)
    office.tick(AE, run, "sanctions")
    quote = approve(office, run)
    deal = office.session(AE).playbooks.find(run.id)
    mark = deal.run.marks["approved"]
    assert (mark.state, mark.by, mark.evidence) == ("done", CRO, quote.id)
    assert office.session(CRO).playbooks.my_turn(deal) == []
    office.tick(AE, run, "send-docusign")


def test_play_2_nobody_ticks_the_approval_without_the_quote(office: Office) -> None:
    run = office.start(AE, "PLAY-2", docusign=True, own_contract=False)
    assert "open that first" in refused(office, AE, run, "approved")
    with pytest.raises(Refused, match="cannot be left out"):
        office.session(AE).playbooks.skip(run.id, "approved", "in a hurry")
    (link,) = office.session(AE).playbooks.open(run.id, "approved")
    assert f"not done yet in {link.id} Send a quote: Approve it" in refused(office, AE, run, "approved")
    assert office.state(run, "send-docusign") == "blocked"
    with pytest.raises(Refused):
        office.tick(AE, run, "order")
    assert "approved" not in office.session(AE).playbooks.find(run.id).run.marks


def test_play_2_a_quote_that_is_on_its_way_is_tied_to_the_deal(office: Office) -> None:
    quote = office.start(AE, "PLAY-3", document="quote", special_terms=False)
    office.tick(AE, quote, "sanctions", "prepare")
    office.tick(CRO, quote, "approval")
    run = office.start(AE, "PLAY-2", docusign=True, own_contract=False)
    (link,) = office.session(AE).playbooks.open(run.id, "approved")
    assert link.id == quote.id, "no second quote"
    assert office.state(run, "approved") == "done"
    assert office.session(AE).playbooks.open(run.id, "approved") == []


def test_play_2_a_finished_quote_is_named_as_the_proof(office: Office) -> None:
    quote = office.start(AE, "PLAY-3", document="quote", special_terms=False)
    office.tick(AE, quote, "sanctions", "prepare")
    office.tick(CRO, quote, "approval")
    office.tick(AE, quote, "send-quote")
    other = office.start(AE, "PLAY-3", "Northwind", document="quote", special_terms=False)
    run = office.start(AE, "PLAY-2", docusign=True, own_contract=False)
    with pytest.raises(Refused, match="for another customer"):
        office.tick(AE, run, "approved", evidence=other.id)
    office.tick(AE, run, "approved", evidence=quote.id.lower())
    assert office.session(AE).playbooks.find(run.id).run.marks["approved"].evidence == quote.id


def test_play_2_an_approval_that_is_taken_back_is_taken_back_in_the_deal(office: Office) -> None:
    run = office.start(AE, "PLAY-2", docusign=True, own_contract=False)
    quote = approve(office, run)
    office.session(CRO).playbooks.untick(quote.id, "approval")
    assert office.state(run, "approved") == "todo"
    office.tick(CRO, quote, "approval")
    assert office.state(run, "approved") == "done"
    office.session(CRO).history.undo(quote.id)
    assert office.state(run, "approved") == "todo", "undo takes both back"


def test_play_2_after_a_quote_was_cancelled_another_is_begun(office: Office) -> None:
    run = office.start(AE, "PLAY-2", docusign=True, own_contract=False)
    (link,) = office.session(AE).playbooks.open(run.id, "approved")
    office.session(AE).playbooks.cancel(link.id, "another offer")
    (other,) = office.session(AE).playbooks.open(run.id, "approved")
    assert other.id != link.id
