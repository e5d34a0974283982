"""Playbooks from start to end: every PLAY rule as the product carries it out, through the actions that people use."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fleettui.domain.checklists.model import StepView, Value
from fleettui.domain.playbooks.runs import PlaybookRun
from fleettui.errors import Refused, Unusable
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING

AE, BIZOPS, SC, CSM, CRO = "jonah", "noor", "priya", "wen", "salma"


class Office:
    """The demo's team: everybody in a session of their own, with a store of their own."""

    def __init__(self, home: Path) -> None:
        self.home, self.now = home, MONDAY_MORNING
        self._sessions: dict[str, Workspace] = {}

    def session(self, login: str) -> Workspace:
        if login not in self._sessions:
            self._sessions[login] = Workspace.open(self.home, clock=lambda: self.now, login=login)
        self._sessions[login].refresh()  # what the app's watcher does several times a second
        return self._sessions[login]

    def start(self, by: str, name: str, customer: str | None = "Halden", **answers: Value) -> PlaybookRun:
        given = {key.replace("_", "-"): value for key, value in answers.items()}
        return self.session(by).playbooks.start(name, customer, answers=given)

    def tick(self, login: str, run: PlaybookRun, *steps: str, evidence: str = "") -> None:
        for step in steps:
            self.session(login).playbooks.tick(run.id, step, evidence=evidence)

    def fill(self, login: str, run: PlaybookRun, **values: str) -> None:
        self.session(login).playbooks.fill_all(
            run.id, {key.replace("_", "-"): value for key, value in values.items()}
        )

    def state(self, run: PlaybookRun, step: str) -> str:
        return self.step(run, step).state

    def step(self, run: PlaybookRun, step: str) -> StepView:
        playbooks = self.session(AE).playbooks
        return next(view for view in every(playbooks.view(playbooks.find(run.id))) if view.key == step)

    def turn(self, run: PlaybookRun) -> set[str]:
        playbooks = self.session(AE).playbooks
        return {turn.who or turn.owner for turn in playbooks.turns(playbooks.find(run.id))}

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


def every(views: tuple[StepView, ...]) -> Iterator[StepView]:
    for shown in views:
        yield shown
        yield from every(shown.steps)


@pytest.fixture
def office(made: Callable[..., Workspace]) -> Office:
    return Office(made(demo=True).home)


def refused(office: Office, login: str, run: PlaybookRun, step: str) -> str:
    with pytest.raises(Refused) as error:
        office.tick(login, run, step)
    return str(error.value)


def approve(office: Office, run: PlaybookRun) -> PlaybookRun:
    """The deal's approval is that of its quote (PLAY-3)."""
    (link,) = office.session(AE).playbooks.open(run.id, "approved")
    quote = office.session(AE).playbooks.find(link.id)
    office.tick(AE, quote, "sanctions", "prepare")
    office.tick(CRO, quote, "approval")
    return quote


# PLAY-2


def test_play_2_from_start_to_end_with_four_roles_each_in_their_own_session(office: Office) -> None:
    run = office.start(AE, "PLAY-2")
    assert office.turn(run) == {AE, BIZOPS}
    begin = office.session(AE).playbooks
    begin.answer_all(run.id, {"own-contract": "yes", "docusign": "no"})

    # (1) Order form out
    office.tick(AE, run, "sanctions")
    approve(office, run)
    assert (
        "comes after" in refused(office, AE, run, "send-direct")
        or office.state(run, "send-direct") == "blocked"
    )
    office.tick(AE, run, "own-contract")
    assert "only BizOps or CRO" in refused(office, AE, run, "own-contract-reviewed")
    office.tick(BIZOPS, run, "own-contract-reviewed")
    office.tick(AE, run, "send-direct")
    assert office.step(run, "send-docusign").why_not == "they do not use DocuSign"

    # (2) Both sign
    office.later(days=1)
    office.tick(AE, run, "customer-signed", "paper-to-bizops")
    assert office.turn(run) == {BIZOPS}
    office.tick(BIZOPS, run, "executed")
    assert "fill in first: Closing date" in refused(office, AE, run, "signed")
    office.fill(AE, run, close_date="2026-03-10")
    office.tick(AE, run, "signed", "contract-recorded", "closed-won", "purchase-order")
    office.tick(BIZOPS, run, "contract-filed")

    # (3) Handoff
    assert office.turn(run) == {AE, SC}
    office.tick(AE, run, "new-sale-issue", evidence="https://example.com/issues/7")
    office.tick(AE, run, "new-sale-tasks", "new-sale-assign", "business-objectives", "move-folder")
    office.tick(SC, run, "technical-objectives")
    assert "comes after" in refused(office, CSM, run, "renewal")
    office.tick(AE, run, "handoff-call")
    office.fill(
        AE, run, primary_contact="Ingrid Solberg", primary_role="IT", outcomes="One view of all ships"
    )
    office.tick(AE, run, "review")
    assert office.turn(run) == {CSM}

    # (4) Onboarding
    office.tick(CSM, run, "renewal", "welcome", "channel", "licence-generated", "licence-shared")
    office.later(days=7)
    assert office.state(run, "licence-fetched") == "expired"
    office.session(CSM).playbooks.again(run.id, "licence-shared")
    office.tick(CSM, run, "licence-shared", "licence-fetched", "kick-off", "deployment-details", "check-in")
    assert office.session(AE).playbooks.find(run.id).open
    office.tick(CSM, run, "run-meetings")

    done = office.session(SC).playbooks.find(run.id)
    assert (done.outcome, done.closed) == ("finished", office.now)
    counted = office.session(SC).playbooks.progress(done)
    assert counted.done == counted.of > 30
    by = {mark.by for mark in done.run.marks.values()}
    assert by == {AE, BIZOPS, SC, CSM, CRO}, "the CRO once, in the quote"
    assert office.turn(run) == set()


def test_play_2_with_docusign_everybody_is_in_copy_and_no_paper_moves(office: Office) -> None:
    run = office.start(AE, "close-a-deal", docusign=True, own_contract=False)
    assert "in copy" in office.step(run, "send-docusign").label
    for step in ("paper-to-bizops", "executed", "send-direct", "own-contract"):
        assert office.state(run, step) == "not applicable"


def test_play_2_the_handoff_call_the_kick_off_and_the_check_in_are_begun_from_their_steps(
    office: Office,
) -> None:
    """CALL-12"""
    run = office.start(AE, "PLAY-2", docusign=True, own_contract=False)
    office.tick(AE, run, "sanctions")
    approve(office, run)
    office.tick(AE, run, "send-docusign", "customer-signed")
    office.fill(AE, run, close_date="2026-03-10")
    office.tick(AE, run, "signed", "contract-recorded", "closed-won")
    playbooks = office.session(AE).playbooks
    (link,) = playbooks.open(run.id, "handoff-call")
    assert link.kind == "call"
    call = office.session(AE).calls.find(link.id)
    assert call.account == run.customer and (call.end - call.start) == timedelta(minutes=30)
    assert playbooks.open(run.id, "handoff-call") == [], "it is not begun twice"
    office.tick(AE, run, "handoff-call")
    begun = [link for step in ("kick-off", "check-in") for link in playbooks.open(run.id, step)]
    assert [link.kind for link in begun] == ["call", "call", "ritual"]


# The others


def test_play_1_a_new_dri_is_introduced_before_anything_else(office: Office) -> None:
    run = office.start(CSM, "PLAY-1", "Northwind Robotics")
    assert "comes after" in refused(office, CSM, run, "slack")
    assert "fill in first: Name" in refused(office, CSM, run, "introduction")
    office.fill(CSM, run, new_name="Robin Vale", new_email="robin@northwind.example")
    office.tick(CSM, run, "introduction", "slack", "meetings", "first-meeting")
    assert office.session(CSM).playbooks.find(run.id).outcome == "finished"


def test_play_3_and_gtm_6_no_quote_leaves_without_the_cro(office: Office) -> None:
    run = office.start(AE, "PLAY-3", document="quote", special_terms=False)
    playbooks = office.session(AE).playbooks
    assert "no business there" in playbooks.written(run, run.reminders[0]), "GTM-6 is said as it begins"
    office.tick(AE, run, "sanctions", "prepare")
    assert "waits for CRO" in refused(office, AE, run, "send-quote")
    assert "only CRO" in refused(office, AE, run, "approval")
    with pytest.raises(Refused, match="only CRO"):
        playbooks.decline(run.id, "approval", "I would rather not")
    with pytest.raises(Refused, match="cannot be skipped"):
        playbooks.skip(run.id, "approval", "in a hurry")
    office.session(CRO).playbooks.decline(run.id, "approval", "the discount is too high")
    assert "declined by salma: the discount is too high" in refused(office, AE, run, "send-quote")
    office.tick(CRO, run, "approval")
    office.tick(AE, run, "send-quote")
    assert office.session(CRO).playbooks.find(run.id).outcome == "finished"


def test_play_3_it_is_the_opportunity_owner_who_prepares_it(office: Office) -> None:
    """The AE before the first deal, the CSM for a customer."""
    assert office.start(CRO, "PLAY-3", "Halden Shipping").run.cast["opportunity owner"] == AE
    assert office.start(CRO, "PLAY-3", "Northwind Robotics").run.cast["opportunity owner"] == CSM


def test_play_4_dates_exceptions_and_each_new_draft(office: Office) -> None:
    run = office.start(AE, "PLAY-4", exception=True, nda=True)
    assert "Effective date" in refused(office, AE, run, "dates")
    office.fill(AE, run, effective_date="2026-04-01", draft_link="https://example.com/draft.docx")
    office.tick(AE, run, "dates", "submit")
    assert "only CEO" in refused(office, AE, run, "exception")
    assert office.state(run, "nda") == "blocked", "an exception is decided before lawyers are asked"
    office.session(AE).playbooks.answer_all(run.id, {"exception": "no"})
    assert office.state(run, "nda") == "todo"
    review = office.step(run, "review")
    assert review.state == "waiting" and review.due == review.not_before
    office.tick(BIZOPS, run, "review")
    office.tick(AE, run, "nda", "comments")
    again = office.session(AE).playbooks.again(run.id, "draft")
    assert again.run.rounds == {"draft": 1} and office.state(run, "submit") == "todo"
    assert again.run.filled["effective-date"] == "2026-04-01"


def test_play_5_nobody_chases_before_two_business_days_have_passed(office: Office) -> None:
    office.now = datetime.fromisoformat("2026-03-12T18:00:00+00:00")  # Thursday, 11:00 in Los Angeles
    run = office.start(AE, "PLAY-5", review_needed=False)
    office.tick(AE, run, "no-personal-addresses", "billing-address", "route")
    office.fill(AE, run, document_link="https://example.com/envelope")
    office.tick(AE, run, "tell")
    office.later(days=4, hours=-1)  # Monday, an hour before the second business day is over
    assert "nobody chases before 2 business days" in refused(office, AE, run, "chase")
    office.later(hours=1)
    office.tick(AE, run, "chase")
    assert "example.com/envelope" in office.session(AE).playbooks.written(
        office.session(AE).playbooks.find(run.id), "signature-reminder"
    )


def test_play_6_sales_takes_what_is_pending(office: Office) -> None:
    run = office.start(SC, "PLAY-6", pending=True)
    office.tick(SC, run, "answer")
    assert office.turn(run) == {AE}
    office.tick(AE, run, "pending")
    office.tick(SC, run, "return")
    assert office.session(SC).playbooks.find(run.id).outcome == "finished"


def test_play_7_and_gtm_4_each_rep_in_turn_and_a_talk_where_it_is_too_much(office: Office) -> None:
    run = office.start(CRO, "PLAY-7", None, too_much=False)
    office.fill(CRO, run, rep_name="Jonah")
    office.tick(CRO, run, "activity")
    assert office.state(run, "coach") == "not applicable"
    office.session(CRO).playbooks.again(run.id, "rep")
    assert office.session(CRO).playbooks.find(run.id).open, "the next rep"
    assert "fill in first: Rep" in refused(office, CRO, run, "activity"), "the next rep has another name"
    office.fill(CRO, run, rep_name="Priya")
    assert office.state(run, "coach") == "unanswered", "the answer was about the rep before"
    office.session(CRO).playbooks.answer(run.id, "too-much", "yes")
    office.tick(CRO, run, "activity", "coach")


def test_play_8_a_group_is_not_taken_for_a_step_of_the_same_name(office: Office) -> None:
    run = office.start(CRO, "PLAY-8", None)
    office.tick(CRO, run, "Accounts")
    assert office.step(run, "accounts").state == "done"
    assert office.step(run, "tab-accounts").state == "todo"
    with pytest.raises(Refused, match="several steps; say which: opportunity-top-account, opportunity-info"):
        office.tick(CRO, run, "account")
    assert office.state(run, "opportunity-top-account") == "todo"


def test_play_8_a_group_is_ticked_at_once_and_a_discrepancy_is_a_skip_with_its_reason(office: Office) -> None:
    run = office.start(CRO, "PLAY-8", None)
    playbooks = office.session(CRO).playbooks
    assert [group.key for group in playbooks.view(run)][:5] == [
        "tabs",
        "accounts",
        "opportunities",
        "contacts",
        "leads",
    ]
    playbooks.skip(run.id, "tab-leads", "the tab is missing: told BizOps")
    playbooks.tick(run.id, "tabs")
    tabs = office.step(run, "tabs")
    assert tabs.state == "done"
    assert [leaf.state for leaf in tabs.steps].count("skipped") == 1


def test_play_9_the_customer_changes_the_card_or_support_does(office: Office) -> None:
    run = office.start("tobias", "PLAY-9", "Northwind Robotics", dashboard=True)
    assert "pencil" in office.step(run, "by-customer").label
    assert office.state(run, "by-support") == "not applicable"
    office.session("tobias").playbooks.answer(run.id, "dashboard", "no")
    assert office.state(run, "by-customer") == "not applicable"
    assert office.turn(run) == {"tobias"}


def test_play_10_who_makes_the_licence_depends_on_the_sale(office: Office) -> None:
    before = office.start(AE, "PLAY-10", sold=False, self_service=True)
    assert office.step(before, "before-sale").owner == "Director of Solutions Consulting"
    after = office.start(AE, "PLAY-10", "Northwind Robotics", sold=True, self_service=False)
    assert office.step(after, "after-sale-issue").who == "mara", "the VP of Customer Success"
    assert office.state(after, "before-sale") == "not applicable"


def test_play_11_only_before_the_trial_expires(office: Office) -> None:
    run = office.start("tobias", "PLAY-11")
    office.fill(
        "tobias",
        run,
        expires_on="2026-03-10",
        requester_email="ingrid@halden.example",
        new_expiry="2026-03-15",
    )
    office.tick("tobias", run, "request")
    assert office.state(run, "issue") == "todo"
    office.later(days=2)
    assert "can no longer be extended" in refused(office, "tobias", run, "issue")


def test_play_12_what_follows_if_it_fails_again(office: Office) -> None:
    run = office.start("tobias", "PLAY-12", None)
    office.tick("tobias", run, "sign-in", "restart", "check")
    assert office.session("tobias").playbooks.find(run.id).open, "nobody has said yet whether it failed again"
    office.session("tobias").playbooks.answer(run.id, "failed", "no")
    assert office.session("tobias").playbooks.find(run.id).outcome == "finished"


def test_play_13_only_what_they_ask_for(office: Office) -> None:
    run = office.start(BIZOPS, "PLAY-13", "Northwind Robotics", w9=True, wire=False)
    office.tick(BIZOPS, run, "w9-copy", "w9-send")
    assert office.session(BIZOPS).playbooks.find(run.id).outcome == "finished"


def test_play_14_the_number_of_hosts_is_known_from_the_customer(office: Office) -> None:
    large = office.start(SC, "PLAY-14", "Halden Shipping", own_server=False)
    assert large.run.answers["hosts"] == 900
    assert office.state(large, "managed-cloud") == "blocked"
    small = office.start(SC, "PLAY-14", "Brightfield Labs", own_server=False)
    assert office.state(small, "managed-cloud") == "not applicable"


def test_play_14_a_step_begins_another_playbook_which_knows_where_it_came_from(office: Office) -> None:
    run = office.start(SC, "PLAY-14", own_server=True)
    office.tick(AE, run, "stage", "timeline")
    office.fill(SC, run, definition_of_done="Every ship is seen")
    office.tick(SC, run, "done-when")
    playbooks = office.session(SC).playbooks
    (link,) = playbooks.open(run.id, "trial-key")
    child = playbooks.find(link.id)
    assert (child.rule, child.customer, child.parent) == ("PLAY-10", run.customer, run.id)
    assert playbooks.open(run.id, "trial-key") == []
    assert [begun.id for begun in playbooks.begun_by(run.id)] == [child.id]


def test_play_15_a_debrief_within_three_business_days_of_returning(office: Office) -> None:
    run = office.start(AE, "PLAY-15", None)
    office.fill(AE, run, event="Harbour days", returned_on="2026-03-06")  # a Friday
    office.tick(AE, run, "return", "scans")
    debrief = office.step(run, "debrief")
    assert debrief.due is not None and not debrief.late
    office.now = debrief.due
    assert office.step(run, "debrief").late
    assert debrief.due.date().isoformat() == "2026-03-11"


def test_play_16_thirty_sixty_and_ninety_days(office: Office) -> None:
    run = office.start(SC, "PLAY-16", None)
    days = [office.step(run, f"days-{n}").due for n in (30, 60, 90)]
    assert [due and (due - MONDAY_MORNING).days for due in days] == [30, 60, 90]
    assert office.turn(run) == {SC}


# What holds for all of them


def test_a_run_keeps_the_version_it_began_with(office: Office) -> None:
    run = office.start("tobias", "PLAY-12", None)
    file = office.home / "handbook" / "playbooks" / "play-12.json"
    file.write_text(file.read_text().replace("Restart it", "Switch it off and on"))
    fresh = Workspace.open(office.home, clock=frozen_clock(MONDAY_MORNING), login="tobias")
    old, new = fresh.playbooks.find(run.id), fresh.playbooks.start("PLAY-12")
    labels = [next(s.label for s in run.definition.steps if s.key == "restart") for run in (old, new)]
    assert labels == ["Restart it", "Switch it off and on"]


def test_a_team_writes_its_own_by_copying_a_file(office: Office) -> None:
    folder = office.home / "handbook" / "playbooks"
    mine = json.loads((folder / "play-12.json").read_text())
    (folder / "ours.json").write_text(json.dumps({**mine, "id": "ours", "name": "Ours", "rule": ""}))
    assert office.start("tobias", "ours", None).name == "Ours"


def test_a_step_of_ones_own_begins_a_ticket_for_the_customer(office: Office) -> None:
    step = {"key": "ask", "label": "Ask support", "opens": [{"kind": "ticket", "name": "Check their server"}]}
    ours = {"id": "ours", "name": "Ours", "purpose": "To try it.", "steps": [step]}
    (office.home / "handbook" / "playbooks" / "ours.json").write_text(json.dumps(ours))
    run = office.start(CSM, "ours", "Northwind")
    (link,) = office.session(CSM).playbooks.open(run.id, "ask")
    ticket = office.session(CSM).tickets.find(link.id)
    assert (ticket.subject, ticket.customer_id) == ("Check their server", run.customer)


def test_a_mistake_in_a_file_is_named_and_the_others_still_work(office: Office) -> None:
    folder = office.home / "handbook" / "playbooks"
    mine = json.loads((folder / "play-12.json").read_text())
    mine["steps"][1]["needs"] = ["nowhere"]
    (folder / "ours.json").write_text(json.dumps({**mine, "id": "ours", "name": "Ours"}))
    with pytest.raises(
        Unusable,
        match=r"handbook/playbooks/ours\.json, line 1: steps\[1\]\.needs\[0\]: no step is called 'nowhere'",
    ):
        office.start("tobias", "ours", None)
    assert office.start("tobias", "PLAY-12", None).rule == "PLAY-12"


def test_two_people_tick_at_the_same_time_and_one_takes_theirs_back(office: Office) -> None:
    run = office.start(AE, "PLAY-8", None)
    first, second = office.session(AE), office.session(BIZOPS)
    first.playbooks.tick(run.id, "tab-leads")
    second.playbooks.tick(run.id, "tab-contacts")
    first.history.undo()
    assert set(office.session(BIZOPS).playbooks.find(run.id).run.marks) == {"tab-contacts"}


def test_handing_over_a_step_and_a_role(office: Office) -> None:
    run = office.start(AE, "PLAY-2", docusign=True, own_contract=False)
    playbooks = office.session(AE).playbooks
    playbooks.hand_over(run.id, "sanctions", "ines")
    assert office.turn(run) == {AE, "ines"}
    playbooks.cast(run.id, {"AE": "mara"})
    assert office.turn(run) == {"mara", "ines"}
    playbooks.hand_over(run.id, "sanctions", "")
    assert office.turn(run) == {"mara"}
    with pytest.raises(Refused, match="nothing to do"):
        playbooks.cast(run.id, {"CSE": "ines"})


def test_whoever_covers_has_the_turn_of_the_one_who_is_away(office: Office) -> None:
    run = office.start(AE, "PLAY-2", docusign=True, own_contract=False)
    mara = office.session("mara")
    assert mara.playbooks.my_turn(run) == []
    mara.people.away(AE, MONDAY_MORNING.date(), MONDAY_MORNING.date(), "mara")
    assert "sanctions" in mara.playbooks.my_turn(run)


def test_what_is_cancelled_rests_until_it_is_reopened(office: Office) -> None:
    run = office.start("tobias", "PLAY-12", None)
    playbooks = office.session("tobias").playbooks
    assert playbooks.cancel(run.id, "the crawler is gone").why == "the crawler is gone"
    assert "reopen it first" in refused(office, "tobias", run, "sign-in")
    playbooks.reopen(run.id)
    office.tick("tobias", run, "sign-in")
    with pytest.raises(Refused, match="is open"):
        playbooks.reopen(run.id)


def test_a_finished_run_opens_again_when_its_tick_is_taken_back(office: Office) -> None:
    run = office.start(BIZOPS, "PLAY-13", "Northwind Robotics", w9=True, wire=False)
    office.tick(BIZOPS, run, "w9-copy", "w9-send")
    playbooks = office.session(BIZOPS).playbooks
    assert "is finished" in refused(office, BIZOPS, run, "w9-copy")
    assert playbooks.untick(run.id, "w9-send").open


def test_a_customer_is_wanted_where_the_work_is_for_one(office: Office) -> None:
    with pytest.raises(Refused, match=r"^customer: Send a quote is done for a customer"):
        office.start(AE, "PLAY-3", None)
    with pytest.raises(Refused, match="no customer"):
        office.start(AE, "PLAY-3", "Nobody Inc")


def test_a_text_says_what_is_known_and_brackets_what_is_not(office: Office) -> None:
    run = office.start(CSM, "PLAY-2")
    written = office.session(CSM).playbooks.written(run, "licence-key")
    assert written.startswith("Hi Ingrid, here is your licence key: [")
    assert written.endswith("Wen Zhao")
