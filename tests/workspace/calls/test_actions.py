"""A call by the clock and by hand: its stages, preparation, the day, the ladder, and what follows (CALL-1 to CALL-12)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fleettui.domain.calls.model import Call
from fleettui.errors import Refused
from fleettui.time import wording
from fleettui.time.clock import frozen_clock
from fleettui.workspace.calls.import_result import Choice
from fleettui.workspace.workspace import Workspace
from tests.support.calendars import calendar, event, invite, people
from tests.support.clocks import MONDAY_MORNING

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
THURSDAY = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
"""10:00 in Los Angeles."""

At = Callable[..., Workspace]


@pytest.fixture
def at(workspace: Workspace) -> At:
    return lambda moment: Workspace.open(workspace.home, clock=frozen_clock(moment), login="kathy")


@pytest.fixture
def call(workspace: Workspace) -> Call:
    """With Dana of Northwind, whom we know well."""
    customer = workspace.customers.add(
        "Northwind Robotics", zone="America/New_York", channel="C01NORTH", owners={"CSM": "zay"}
    )
    known = {
        "name": "Dana Whitlock",
        "linkedin": "in/dana",
        "phone": "+1 212 555 0123",
        "phone_kind": "mobile",
    }
    workspace.customers.contact(customer.id, "dana@northwind.example", known)
    workspace.calls.import_file(invite())
    (made,) = workspace.calls.all()
    return made


def states(workspace: Workspace, call: Call) -> dict[str, str]:
    view = workspace.calls.view(workspace.calls.find(call.id))
    from fleettui.domain.checklists.status import every_view

    return {step.key: view.state_of(step) for step in every_view(view.steps)}


# Stages


@pytest.mark.parametrize(
    ("before", "stage"),
    [
        (timedelta(hours=48, minutes=1), "later"),
        (timedelta(hours=48), "prepare"),
        (timedelta(hours=10, minutes=1), "prepare"),
        (timedelta(hours=9, minutes=59), "today"),
        (3 * MINUTE + timedelta(seconds=1), "today"),
        (3 * MINUTE, "join now"),
        (timedelta(seconds=1), "join now"),
        (timedelta(0), "started"),
        (timedelta(minutes=-3, seconds=1), "started"),
        (timedelta(minutes=-3), "missed?"),
        (timedelta(minutes=-30, seconds=1), "missed?"),
        (timedelta(minutes=-30), "how did it go?"),
        (timedelta(days=-9), "how did it go?"),
    ],
)
def test_call_3_and_7_and_8_stages_follow_the_clock(
    at: At, call: Call, before: timedelta, stage: str
) -> None:
    assert at(THURSDAY - before).calls.stage(call) == stage


@pytest.mark.parametrize(
    ("start", "prepare"),
    [
        ("2026-03-12T10:00-07:00", "2026-03-10T10:00-07:00"),
        ("2026-03-12T05:00-07:00", "2026-03-09T16:00-07:00"),  # 5:00 is before opening: Monday's close
        ("2026-03-12T18:00-07:00", "2026-03-10T16:00-07:00"),  # 18:00 is after closing
        (
            "2026-03-10T09:00-07:00",
            "2026-03-06T06:00-08:00",
        ),  # Sunday: Friday's opening, before clocks went forward
        ("2026-03-16T09:00-07:00", "2026-03-13T06:00-07:00"),  # for a Monday: the whole Friday
        ("2026-03-15T18:00-07:00", "2026-03-13T06:00-07:00"),  # after Friday's close: the whole Friday
        ("2026-01-21T09:00-08:00", "2026-01-16T06:00-08:00"),  # a holiday Monday: the Friday before
    ],
)
def test_call_3_preparation_begins_48_hours_before_and_is_not_lost_behind_days_without_business(
    at: At, workspace: Workspace, start: str, prepare: str
) -> None:
    when, wanted = datetime.fromisoformat(start), datetime.fromisoformat(prepare)
    assert wanted <= when - 48 * HOUR
    made = workspace.calls.new("Acme", when.astimezone(UTC))
    assert workspace.calls.view(made).prepare_from == wanted
    assert at(wanted - MINUTE).calls.stage(made) == "later"
    assert at(wanted).calls.stage(made) == "prepare"


def test_call_3_a_team_may_keep_the_close_of_the_last_business_day(workspace: Workspace) -> None:
    file = workspace.home / "handbook" / "calls.json"
    file.write_text(file.read_text().replace('"closed_days": "opening"', '"closed_days": "closing"'))
    workspace.refresh()
    made = workspace.calls.new("Acme", datetime.fromisoformat("2026-03-16T09:00-07:00").astimezone(UTC))
    assert workspace.calls.view(made).prepare_from == datetime.fromisoformat("2026-03-13T16:00-07:00")


def test_the_preparation_hours_are_policy(workspace: Workspace, call: Call) -> None:
    file = workspace.home / "handbook" / "calls.json"
    file.write_text(file.read_text().replace('"hours_before": 48', '"hours_before": 24'))
    workspace.refresh()
    assert workspace.calls.view(call).prepare_from == THURSDAY - 24 * HOUR


# Preparation


def test_call_2_notes_carry_name_and_company_in_title_and_heading(workspace: Workspace, call: Call) -> None:
    assert workspace.calls.texts.notes_title(call) == "Dana Whitlock (Northwind Robotics)"
    assert workspace.calls.texts.notes_heading(call) == "# Dana Whitlock (Northwind Robotics)"
    notes = workspace.calls.texts.of_step(call, "notes")
    assert notes == "Dana Whitlock (Northwind Robotics)"
    assert workspace.calls.texts.message(call, "call-notes").startswith(
        "# Dana Whitlock (Northwind Robotics)\n"
    )


def test_call_3_to_6_ready_only_when_all_that_apply_are_done(workspace: Workspace, call: Call) -> None:
    calls = workspace.calls
    calls.attach(call.id, "https://acme.example/agenda.pdf")
    needed = ["notes", "check-accepted", "confirmed", "link", "documents-attached", "documents-open"]
    for step in needed:
        assert not calls.view(calls.find(call.id)).ready, step
        calls.steps.check(call.id, step, "seen", early=True)
    assert calls.view(calls.find(call.id)).ready
    mark = calls.find(call.id).run.marks["link"]
    assert (mark.by, mark.at, mark.evidence) == (
        "kathy",
        MONDAY_MORNING,
        "seen; ticked early, the call was in 3 d 1 h",
    )


def test_call_4_who_has_accepted_need_not_be_asked(workspace: Workspace, call: Call) -> None:
    assert states(workspace, call)["confirm-email"] == "todo"
    workspace.calls.import_file(invite("ACCEPTED", SEQUENCE="1"))
    after = states(workspace, call)
    assert (after["confirm"], after["confirm-email"]) == ("not applicable", "not applicable")


def test_call_4_the_ways_to_ask_with_their_texts(workspace: Workspace, call: Call) -> None:
    known = workspace.calls.customer(call)
    assert known is not None
    workspace.customers.contact(known.id, "sam@northwind.example", {"name": "Sam Poe", "role": "assistant"})
    ways = {step.key: (step.state, step.to) for step in workspace.calls.confirming(call)}
    assert ways["confirm-assistant"] == ("todo", "sam@northwind.example")
    assert ways["confirm-email"] == ("todo", "dana@northwind.example")
    assert ways["confirm-slack"] == ("todo", "C01NORTH")
    workspace.channels.add("C01NORTH", "Northwind Robotics", name="fleet-at-northwind")
    by_name = {step.key: step.to for step in workspace.calls.confirming(call)}
    assert by_name["confirm-slack"] == "#fleet-at-northwind"
    text = workspace.calls.texts.of_step(call, "confirm-email")
    assert "Hi Dana," in text
    assert "Thursday 12 March, 13:00 EDT (10:00 PDT for us)" in text


def test_call_6_that_there_are_no_documents_is_an_answer_that_somebody_gives(
    workspace: Workspace, call: Call
) -> None:
    assert states(workspace, call)["documents"] == "unanswered"
    workspace.calls.steps.no_documents(call.id)
    assert states(workspace, call)["documents"] == "not applicable"
    assert workspace.happenings.of(call.id)[0].done.startswith("no documents for the agenda")


def test_call_6_a_document_that_is_added_later_opens_the_step_again(workspace: Workspace, call: Call) -> None:
    steps = workspace.calls.steps
    steps.no_documents(call.id)
    workspace.calls.attach(call.id, "https://acme.example/agenda.pdf")
    assert states(workspace, call)["documents-open"] == "todo"
    with pytest.raises(Refused, match="documents are attached"):
        steps.no_documents(call.id)
    with pytest.raises(Refused, match="documents are attached"):
        steps.answer(call.id, "agenda", "no")
    for step in ("documents-attached", "documents-open", "link"):
        steps.check(call.id, step, "seen", early=True)
    workspace.calls.attach(call.id, "https://acme.example/second.pdf")
    after = states(workspace, call)
    assert (after["documents-attached"], after["documents-open"], after["link"]) == ("stale", "stale", "done")
    assert workspace.calls.find(call.id).run.marks["documents-open"].by == "kathy"


def test_a_tick_can_be_taken_back_and_a_step_left_out(workspace: Workspace, call: Call) -> None:
    workspace.calls.steps.check(call.id, "link", "works", early=True)
    workspace.calls.steps.uncheck(call.id, "link")
    assert states(workspace, call)["link"] == "todo"
    workspace.calls.steps.skip(call.id, "link", "they call us by phone")
    assert states(workspace, call)["link"] == "skipped"
    with pytest.raises(Refused):
        workspace.calls.steps.skip(call.id, "notes", " ")


# The day


def test_call_7_joining_is_noted_with_how_punctual_it_was(at: At, call: Call) -> None:
    on_time = at(THURSDAY - 2 * MINUTE)
    on_time.calls.steps.check(call.id, "join")
    assert on_time.calls.find(call.id).run.marks["join"].evidence == "2 min before the start"


def test_call_7_once_the_customer_is_there_the_call_has_started(at: At, call: Call) -> None:
    with pytest.raises(Refused, match="nobody can be there yet"):
        at(MONDAY_MORNING).calls.joined(call.id)
    here = at(THURSDAY + MINUTE)
    here.calls.joined(call.id)
    now = here.calls.find(call.id)
    assert (here.calls.stage(now), now.joined_at) == ("started", THURSDAY + MINUTE)
    assert at(THURSDAY + 9 * HOUR).calls.stage(now) == "started", "until somebody ends it"


# Nobody there


def test_call_8_not_before_three_minutes_have_passed(at: At, call: Call) -> None:
    with pytest.raises(Refused, match="they count as missing in 1 min"):
        at(THURSDAY + 2 * MINUTE).calls.missed(call.id)
    with pytest.raises(Refused, match="they count as missing"):
        at(THURSDAY - HOUR).calls.missed(call.id)


def test_call_8_the_ladder_from_the_top_down_with_whom_to_reach(at: At, call: Call) -> None:
    now = at(THURSDAY + 3 * MINUTE)
    missed = now.calls.missed(call.id)
    assert [(step.key, step.state, step.to) for step in now.calls.ladder(missed)] == [
        ("missed-slack", "todo", "C01NORTH"),
        ("missed-email", "todo", "dana@northwind.example"),
        ("missed-linkedin", "todo", "in/dana"),
        ("missed-number", "not applicable", ""),
        ("missed-text", "todo", "+1 212 555 0123"),
        ("missed-call", "todo", "+1 212 555 0123"),
        ("missed-slots", "todo", "dana@northwind.example"),
        ("missed-details", "blocked", "dana@northwind.example"),
    ]


@pytest.mark.parametrize(
    ("contact", "channel", "rungs"),
    [
        ({"phone": "+1 555", "phone_kind": "landline"}, "", ["missed-email", "missed-call"]),
        ({"phone": "+1 555", "phone_kind": ""}, "", ["missed-email", "missed-call"]),
        ({"phone": "+1 555", "phone_kind": "mobile"}, "", ["missed-email", "missed-text", "missed-call"]),
        ({"linkedin": "in/dana"}, "C1", ["missed-slack", "missed-email", "missed-linkedin", "missed-number"]),
        ({}, "", ["missed-email", "missed-number"]),
    ],
)
def test_call_8_only_the_rungs_that_apply(
    at: At, workspace: Workspace, contact: dict[str, str], channel: str, rungs: list[str]
) -> None:
    customer = workspace.customers.add("Northwind", channel=channel)
    workspace.customers.contact(customer.id, "dana@northwind.example", contact)
    workspace.calls.import_file(invite())
    now = at(THURSDAY + 3 * MINUTE)
    missed = now.calls.missed(now.calls.all()[0].id)
    applying = [step for step in now.calls.ladder(missed) if step.state != "not applicable"]
    assert [step.key for step in applying] == [*rungs, "missed-slots", "missed-details"]
    refused = [step.why_not for step in now.calls.ladder(missed) if step.state == "not applicable"]
    assert all(refused)


def test_call_8_a_rung_is_logged_with_time_and_person(at: At, call: Call) -> None:
    now = at(THURSDAY + 3 * MINUTE)
    now.calls.missed(call.id)
    done = at(THURSDAY + 5 * MINUTE)
    done.calls.steps.check(call.id, "missed-slack")
    first = done.calls.ladder(done.calls.find(call.id))[0]
    assert (first.state, first.done_by, first.done_at) == ("done", "kathy", THURSDAY + 5 * MINUTE)


def test_call_8_if_the_customer_turns_up_the_ladder_is_over(at: At, call: Call) -> None:
    now = at(THURSDAY + 6 * MINUTE)
    now.calls.missed(call.id)
    now.calls.joined(call.id)
    assert states(now, call)["missed"] == "not applicable"
    assert now.calls.stage(now.calls.find(call.id)) == "started"


def test_call_8e_the_times_proposed_are_kept_as_evidence(at: At, call: Call) -> None:
    now = at(THURSDAY + 3 * MINUTE)
    now.calls.missed(call.id)
    text = now.calls.texts.of_step(now.calls.find(call.id), "missed-slots")
    assert "1. Friday 13 March, 13:00 EDT (10:00 PDT for us)" in text
    now.calls.steps.check(call.id, "missed-slots")
    evidence = now.calls.find(call.id).run.marks["missed-slots"].evidence
    assert evidence.startswith("Friday 13 March, 13:00 EDT (10:00 PDT for us); ")


def test_call_9_contact_details_are_confirmed_with_the_new_times(at: At, call: Call) -> None:
    now = at(THURSDAY + 3 * MINUTE)
    missed = now.calls.missed(call.id)
    text = now.calls.texts.of_step(missed, "missed-slots")
    assert "dana@northwind.example" in text
    assert "+1 212 555 0123" in text
    with pytest.raises(Refused, match="comes after"):
        now.calls.steps.check(call.id, "missed-details")
    now.calls.steps.check(call.id, "missed-slots")
    now.calls.steps.check(call.id, "missed-details", "the number is right")


def test_call_10_no_message_of_the_ladder_assumes_anything(at: At, call: Call) -> None:
    now = at(THURSDAY + 3 * MINUTE)
    missed = now.calls.missed(call.id)
    for rung in now.calls.ladder(missed):
        if rung.message:
            text = now.calls.texts.of_step(missed, rung.key).lower()
            assert "hi dana" in text
            for blame in (
                "you missed",
                "you did not",
                "you forgot",
                "no-show",
                "waiting for you",
                "unfortunately",
            ):
                assert blame not in text, rung.key
    assert "Anything may have happened" in now.handbook.calls.etiquette.text


# After


def test_call_11_next_steps_have_an_owner_and_a_date_and_appear_until_done(at: At, call: Call) -> None:
    now = at(THURSDAY + HOUR)
    now.calls.joined(call.id)
    day = date(2026, 3, 13)
    now.calls.done(
        call.id, why="went well", next_steps=(("Send the guide", "kathy", day), ("Test it", "Dana", day))
    )
    assert [(step.what, step.owner) for _, step in now.calls.next_steps()] == [
        ("Send the guide", "kathy"),
        ("Test it", "Dana"),
    ]
    assert [due.kind for due in now.calls.for_today("kathy")] == []
    tomorrow = at(THURSDAY + 24 * HOUR)
    assert [(due.what, due.who) for due in tomorrow.calls.for_today("kathy")] == [
        ("Send the guide (Northwind Robotics)", "kathy")
    ]
    tomorrow.calls.next_step_done(call.id, "1")
    assert tomorrow.calls.for_today("kathy") == []
    assert len(tomorrow.calls.next_steps()) == 1
    from fleettui.domain.calls.model import finished_at

    assert finished_at(tomorrow.calls.find(call.id)) is None
    tomorrow.calls.next_step_done(call.id, "2")
    assert finished_at(tomorrow.calls.find(call.id)) == THURSDAY + 24 * HOUR


@pytest.mark.parametrize(
    ("what", "owner", "expected"), [("", "kathy", "what: "), ("Send it", " ", "owner: ")]
)
def test_call_11_a_next_step_without_owner_or_content_is_refused(
    workspace: Workspace, call: Call, what: str, owner: str, expected: str
) -> None:
    with pytest.raises(Refused) as refused:
        workspace.calls.agree(call.id, what, owner, date(2026, 3, 13))
    assert str(refused.value).startswith(expected)


def test_call_11_a_conversation_without_next_steps_asks_for_them(at: At, call: Call) -> None:
    now = at(THURSDAY + HOUR)
    now.calls.joined(call.id)
    now.calls.done(call.id)
    (due,) = now.calls.for_today("kathy")
    assert (due.kind, due.call) == ("no next steps", call.id)
    now.calls.agree(call.id, "Send the guide", "kat", date(2026, 3, 20))
    assert now.calls.for_today("kathy") == []
    assert now.calls.find(call.id).next_steps[0].owner == "kathy"
    assert states(now, call)["after-next-steps"] == "done"


def test_past_calls_say_how_they_ended_and_those_that_nobody_ended_stay(at: At, call: Call) -> None:
    much_later = at(THURSDAY + timedelta(days=60))
    assert [call.id for call in much_later.calls.all()] == [call.id]
    much_later.calls.missed(call.id)
    much_later.calls.done(call.id)
    (past,) = much_later.calls.all(past=True)
    assert (past.ended, much_later.calls.stage(past)) == ("missed", "done")
    with pytest.raises(Refused, match="is over"):
        much_later.calls.joined(call.id)
    much_later.history.undo(call.id)
    assert len(much_later.calls.all()) == 1


def test_today_lists_what_presses_first(at: At, workspace: Workspace, call: Call) -> None:
    for title, hours in (("Soon", 0), ("Tomorrow", 24), ("Far", 24 * 9)):
        workspace.calls.new(title, THURSDAY + timedelta(minutes=5, hours=hours))
    dues = at(THURSDAY + 3 * MINUTE).calls.for_today("kathy")
    assert [(due.kind, due.what.split(" (")[0]) for due in dues] == [
        ("missed?", "Dana Whitlock"),
        ("join now", "Soon"),
        ("double booked", "Dana Whitlock"),
        ("prepare", "Tomorrow"),
    ]
    assert at(THURSDAY + 3 * MINUTE).calls.for_today("zay") == []


# Who


def test_call_1_the_booking_link_is_in_the_message(workspace: Workspace, call: Call) -> None:
    file = workspace.home / "handbook" / "channels.json"
    file.write_text(
        file.read_text().replace(
            '"name": "Customer meeting", "url": ""',
            '"name": "Customer meeting", "url": "https://book.example"',
        )
    )
    workspace.refresh()
    assert "https://book.example" in workspace.calls.texts.message(call, "call-booking")


def test_call_12_a_handoff_is_thirty_minutes_and_internal(workspace: Workspace) -> None:
    made = workspace.calls.new("Acme", THURSDAY, kind="handoff")
    assert (made.minutes, made.internal) == (30, True)
    kick_off = workspace.calls.new("Acme", THURSDAY, kind="kick-off")
    assert (kick_off.minutes, kick_off.internal) == (60, False)
    with pytest.raises(Refused, match="kind: 'party' is none of"):
        workspace.calls.new("Acme", THURSDAY, kind="party")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("customer", "CSM (Zay Hanlon)"),
        ("sales-ready prospect", "AE; The AE decides how; often the SC helps"),
        ("prospect", "SC"),
    ],
)
def test_gtm_1_who_reaches_out_by_the_kind_of_account(
    workspace: Workspace, call: Call, kind: str, expected: str
) -> None:
    known = workspace.calls.customer(call)
    assert known is not None
    workspace.customers.edit(known.id, {"kind": kind})
    assert workspace.calls.texts.reach_out(call) == expected


# Words


def test_times_are_said_in_both_zones_unless_the_clocks_agree(workspace: Workspace, call: Call) -> None:
    about = workspace.calls.texts.context(call)
    paris, sydney = (ZoneInfo(name) for name in ("Europe/Paris", "Australia/Sydney"))
    text = wording.both_clocks(THURSDAY, sydney, about.ours)
    assert text == "Friday 13 March, 04:00 AEDT (Thursday 10:00 PDT for us)"
    assert wording.both_clocks(THURSDAY, about.ours, about.ours) == "Thursday 12 March, 10:00 PDT"
    assert wording.both_clocks(THURSDAY, paris, about.ours).endswith("18:00 CET (10:00 PDT for us)")
    assert "UTC-03" in wording.both_clocks(THURSDAY, ZoneInfo("America/Sao_Paulo"), about.ours)


def test_the_same_field_changed_by_two_is_refused_to_the_second(workspace: Workspace, call: Call) -> None:
    workspace.calls.edit(call.id, {"title": "Mine"}, seen=call.rev)
    with pytest.raises(Refused, match="changed since you opened it"):
        workspace.calls.edit(call.id, {"title": "Theirs"}, seen=call.rev)


def test_a_time_changed_by_hand_makes_checks_stale(workspace: Workspace, call: Call) -> None:
    workspace.calls.steps.check(call.id, "link", "works", early=True)
    workspace.calls.edit(call.id, {"start": THURSDAY + HOUR})
    assert states(workspace, call)["link"] == "stale"
    assert workspace.calls.find(call.id).end == THURSDAY + HOUR + 30 * MINUTE


def test_a_stale_check_keeps_who_made_it_and_with_what_proof(workspace: Workspace, call: Call) -> None:
    workspace.calls.steps.check(call.id, "link", "works", early=True)
    workspace.calls.edit(call.id, {"start": THURSDAY + HOUR})
    workspace.calls.steps.check(call.id, "notes")
    kept = workspace.calls.find(call.id).run.marks["link"]
    assert (kept.by, kept.evidence.partition(";")[0]) == (workspace.me.login, "works")
    assert states(workspace, call)["link"] == "stale"


def test_an_all_day_event_is_never_missed(at: At, workspace: Workspace) -> None:
    lines = ("DTSTART;VALUE=DATE:20260312", "DTEND;VALUE=DATE:20260313")
    content = calendar(event("day@x", *people(), *lines, DTSTART="", DTEND=""))
    workspace.calls.import_file(content, Choice(everything=True))
    (call,) = workspace.calls.all()
    assert at(THURSDAY).calls.stage(call) == "today"
