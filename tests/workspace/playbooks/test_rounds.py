"""New rounds begin clean, what is too late stays too late, and after a decline it is the turn of who asked."""

from __future__ import annotations

import pytest

from fleettui.errors import Refused
from tests.workspace.playbooks.test_actions import AE, BIZOPS, CRO, CSM, Office, office, refused

__all__ = ["office"]

CEO = "vera"


def with_ceo(office: Office) -> None:
    office.session(AE).people.add(CEO, name="Vera Lind", roles="CEO")


# Rounds


def test_play_4_a_new_draft_means_a_new_link_and_repeats_the_review(office: Office) -> None:
    run = office.start(CSM, "PLAY-4", "Northwind", exception=False, nda=False)
    office.fill(
        CSM,
        run,
        effective_date="2026-04-01",
        draft_link="https://x.example/draft-1.docx",
        issue_link="https://x.example/issues/7",
    )
    office.tick(CSM, run, "dates", "submit")
    office.tick(BIZOPS, run, "review")
    office.session(CSM).playbooks.again(run.id, "draft")
    again = office.session(CSM).playbooks.find(run.id)
    assert "draft-link" not in again.run.filled
    assert again.run.filled["issue-link"] == "https://x.example/issues/7", "the issue stays the same"
    assert again.run.filled["effective-date"] == "2026-04-01"
    assert set(again.run.marks) == {"dates"}
    assert "fill in first: Link to the draft" in refused(office, CSM, run, "submit")
    text = office.session(CSM).playbooks.written(again, "contract-review")
    assert "draft 2" in text
    assert "draft-1.docx" not in text
    office.fill(CSM, run, draft_link="https://x.example/draft-2.docx")
    office.tick(CSM, run, "submit")
    assert office.state(run, "review") == "waiting"


def test_play_7_the_next_rep_starts_clean_and_one_undo_brings_the_last_back(office: Office) -> None:
    run = office.start(CRO, "PLAY-7", None, too_much=True)
    office.fill(CRO, run, rep_name="Leo Marsh", findings="four mails in a week")
    office.tick(CRO, run, "activity", "coach")
    playbooks = office.session(CRO).playbooks
    again = playbooks.again(run.id, "rep")
    assert (again.run.filled, again.run.answers, again.run.marks) == ({}, {}, {})
    assert playbooks.written(again, "coaching-invite").startswith("Hi [The rep], ")
    office.session(CRO).history.undo(run.id)
    assert office.session(CRO).playbooks.find(run.id).run.filled["rep-name"] == "Leo Marsh"


# Too late


def test_play_11_what_has_expired_cannot_be_skipped_through(office: Office) -> None:
    run = office.start(CSM, "PLAY-11")
    office.fill(CSM, run, expires_on="2026-03-08", requester_email="asha@x.example", new_expiry="2026-03-13")
    office.tick(CSM, run, "request")
    assert office.state(run, "issue") == "expired"
    with pytest.raises(Refused, match="can no longer be extended; it cannot be left out"):
        office.session(CSM).playbooks.skip(run.id, "issue", "they asked nicely")
    assert "comes after" in refused(office, CSM, run, "extended")
    assert office.session(CSM).playbooks.find(run.id).open


def test_play_11_without_the_day_of_expiry_nothing_is_opened(office: Office) -> None:
    run = office.start(CSM, "PLAY-11")
    office.session(CSM).playbooks.skip(run.id, "request", "no time")
    assert "fill in first: The trial expires on" in refused(office, CSM, run, "issue")


# After a decline


def test_play_3_after_a_decline_it_is_the_turn_of_who_asked(office: Office) -> None:
    run = office.start(CSM, "PLAY-3", "Northwind", document="quote", special_terms=False)
    office.tick(CSM, run, "sanctions", "prepare")
    assert office.turn(run) == {CRO}
    office.session(CRO).playbooks.decline(run.id, "approval", "the discount is too large")
    assert office.turn(run) == {CSM}
    assert office.session(CSM).playbooks.my_turn(office.session(CSM).playbooks.find(run.id)) == ["approval"]
    waiting = next(item for item in office.session(CSM).agenda.items() if item.id == run.id)
    assert waiting.title.startswith("Declined: Approve it before it leaves")
    office.session(CSM).playbooks.again(run.id, "approval")
    assert office.state(run, "approval") == "todo"
    assert office.turn(run) == {CRO}


def test_play_3_who_prepares_it_anew_asks_again_by_that(office: Office) -> None:
    run = office.start(CSM, "PLAY-3", "Northwind", document="quote", special_terms=False)
    office.tick(CSM, run, "sanctions", "prepare")
    office.session(CRO).playbooks.decline(run.id, "approval", "too cheap")
    office.later(hours=1)
    office.session(CSM).playbooks.untick(run.id, "prepare")
    office.tick(CSM, run, "prepare")
    assert office.state(run, "approval") == "todo"
    assert office.turn(run) == {CRO}
    office.tick(CRO, run, "approval")
    assert office.state(run, "send-quote") == "todo"


def test_play_3_an_approval_that_waits_is_not_asked_for_again(office: Office) -> None:
    run = office.start(CSM, "PLAY-3", "Northwind", document="quote", special_terms=False)
    office.tick(CSM, run, "sanctions", "prepare")
    with pytest.raises(Refused, match="does not repeat"):
        office.session(CSM).playbooks.again(run.id, "approval")


# The two new ones


def test_play_17_a_signature_that_the_other_side_begins(office: Office) -> None:
    with_ceo(office)
    run = office.start(CSM, "PLAY-17", "Northwind")
    assert "fill in first: The CEO's address" in refused(office, CSM, run, "signer")
    office.fill(CSM, run, signer_address="vera@fleetdemo.example")
    text = office.session(CSM).playbooks.written(office.session(CSM).playbooks.find(run.id), "signer-notice")
    assert "Vera Lind, our Chief Executive Officer (CEO), signs." in text
    assert "vera@fleetdemo.example" in text
    office.tick(CSM, run, "signer")
    assert office.turn(run) == {CEO}
    office.fill(CEO, run, document_link="https://x.example/doc", issue_link="https://x.example/issues/8")
    office.tick(CEO, run, "review-issue", "forward")
    assert office.turn(run) == {BIZOPS}
    assert office.state(run, "sign") == "blocked"
    assert "only BizOps" in refused(office, CEO, run, "ready")
    ready = office.session(BIZOPS).playbooks.written(
        office.session(BIZOPS).playbooks.find(run.id), "signature-ready"
    )
    assert ready.startswith("@Vera Lind @Wen Zhao "), "both are mentioned"
    office.tick(BIZOPS, run, "ready")
    office.tick(CEO, run, "sign", "close")
    assert office.session(CSM).playbooks.find(run.id).outcome == "finished"


def test_play_18_the_report_goes_out_only_under_a_signed_nda(office: Office) -> None:
    run = office.start(CSM, "PLAY-18")
    playbooks = office.session(CSM).playbooks
    assert office.state(run, "nda") == "unanswered", "it is asked first"
    assert "answer first" in refused(office, CSM, run, "send") or office.state(run, "send") == "blocked"
    playbooks.answer(run.id, "nda-signed", "no")
    assert office.state(run, "send") == "blocked"
    playbooks.skip(run.id, "get-nda", "they are in a hurry")
    with pytest.raises(Refused, match="cannot be left out"):
        playbooks.skip(run.id, "nda", "they are in a hurry")
    assert "fill in first: Link to the signed NDA" in refused(office, CSM, run, "nda")
    assert playbooks.written(playbooks.find(run.id), "soc-2-report").startswith("[Not yet")
    office.fill(CSM, run, nda_link="https://x.example/nda.pdf")
    office.tick(CSM, run, "nda", "report", "send")
    done = office.session(CSM).playbooks.find(run.id)
    assert done.outcome == "finished"
    assert "share it with nobody outside Halden" in office.session(CSM).playbooks.written(
        done, "soc-2-report"
    )


def test_play_18_a_signed_nda_goes_straight_to_its_link(office: Office) -> None:
    run = office.start(CSM, "PLAY-18", nda_signed=True)
    assert office.state(run, "get-nda") == "not applicable"
    assert office.state(run, "nda") == "todo"
    assert office.state(run, "report") == "blocked"
