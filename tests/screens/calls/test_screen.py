"""Calls on the screen: a call's whole life by keys, on clocks that stand still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.calls import bell as call_bell
from screens.calls.bell import CallBell
from screens.calls.row_keys import CallKey, NextStepKey, StepKey
from screens.dialogs.form import FieldInput
from screens.widgets.rows import Rows
from tests.network.test_link_check import server
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until
from tests.support.calendars import calendar, event, invite, people, reply
from tests.support.handbook_folder import edit

pytestmark = pytest.mark.slow

__all__ = ["server"]

THURSDAY = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
"""10:00 in Los Angeles."""
MINUTE = timedelta(minutes=1)

AppAt = Callable[[datetime], FleettuiApp]


@pytest.fixture
def app_at(workspace: Workspace) -> AppAt:
    """The app on the same workspace, at another moment."""
    northwind = workspace.customers.add("Northwind", zone="America/New_York", channel="C01NORTH")
    contact = {"name": "Dana Whitlock", "phone": "+1 212 555 0123", "phone_kind": "landline"}
    workspace.customers.contact(northwind.id, "dana@northwind.example", contact)
    return lambda at: FleettuiApp(Workspace.open(workspace.home, clock=frozen_clock(at), login="kathy"))


@contextmanager
def copies_of(app: FleettuiApp, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    copied: list[str] = []
    monkeypatch.setattr(app, "copy_to_clipboard", copied.append)
    yield copied


async def on_calls(pilot: Pilot[Any]) -> Rows[Any]:
    await see(pilot, "1 Today")
    await pilot.press("3")
    await wait_until(pilot, lambda: pilot.app.screen.name == "calls")
    return pilot.app.screen.query_one(Rows)


async def type_into(pilot: Pilot[Any], text: str) -> None:
    for sign in text:
        await pilot.press(
            {" ": "space", "/": "slash", ".": "full_stop", ":": "colon", "-": "minus"}.get(sign, sign)
        )


async def take_in(pilot: Pilot[Any], file: Path, content: bytes) -> None:
    file.write_bytes(content)
    await pilot.press("i")
    await see(pilot, "Take in a calendar file")
    pilot.app.screen.query_one("#field-file", FieldInput).value = str(file)
    await pilot.press("ctrl+s")
    await see(pilot, "take or leave")
    await pilot.press("enter")
    await wait_until(pilot, lambda: pilot.app.screen.name == "calls")


async def test_the_life_of_a_call(
    app_at: AppAt, tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "invite.ics"

    # Imported, two days before.
    app = app_at(THURSDAY - timedelta(hours=47))
    edit(app.workspace.home / "handbook", "calls.json", "links", to={"private": ["127.0.0.1"]})
    app.workspace.refresh()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        rows = await on_calls(pilot)
        await see(pilot, "No call is planned.")
        await take_in(pilot, file, invite(LOCATION=f"{server}/good"))
        shown = await see(pilot, "Dana Whitlock (Northwind)")
        assert "Kathy Satte" in shown, "who leads it"
        assert "prepare ○ 0/6" in shown

        # Prepared: Dana has accepted, the link is tried, the notes are begun.
        await take_in(pilot, file, reply("dana@northwind.example", "ACCEPTED"))
        await see(pilot, "prepare ○ 0/5")
        with copies_of(app, monkeypatch) as copied:
            await pilot.press("Y")
        assert copied == ["Dana Whitlock (Northwind)\n# Dana Whitlock (Northwind)"]
        await pilot.press("enter")
        await see(pilot, "○ Start the notes")
        await pilot.press("space")
        await see(pilot, "✓ Start the notes")
        await wait_until(pilot, lambda: rows.key == StepKey("check-accepted"))
        await pilot.press("space")
        await see(pilot, "✓ Look in the invite")
        assert rows.go_to(StepKey("link"))
        await pilot.press("space")
        await see(pilot, "✓ works (200)")
        await see(pilot, "✓ Test that the video link works")
        assert rows.go_to(StepKey("documents"))
        await pilot.press("space")
        await see(pilot, "No: there are none")
        await pilot.press("enter")
        await see(pilot, "⊘ Documents for the agenda")
        await pilot.press("escape")
        await see(pilot, "prepare ✓ ready")

    # Two minutes before: join now.
    app = app_at(THURSDAY - 2 * MINUTE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_calls(pilot)
        await see(pilot, "join now ✓ ready")
        await wait_until(
            pilot, lambda: app.alarm is not None and app.alarm.looks
        )  # its message comes before mine
        with copies_of(app, monkeypatch) as copied:
            await pilot.press("L")
        assert copied == [f"{server}/good"]
        await pilot.press("E")
        await see(pilot, "they count as missing in 5 min")

    # Three minutes after: nobody here. Two keys to the first message.
    app = app_at(THURSDAY + 3 * MINUTE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        rows = await on_calls(pilot)
        await see(pilot, "missed?")
        with copies_of(app, monkeypatch) as copied:
            await pilot.press("E")
            await wait_until(pilot, lambda: rows.key == StepKey("missed-slack"))
            await pilot.press("y")
        assert "Hi Dana, I hope all is well with you" in copied[0]
        assert "LinkedIn" in text_of(app)
        assert "their profile is not known" in text_of(app)
        await pilot.press("space")
        await see(pilot, "✓ Slack, in the shared channel")
        assert rows.go_to(StepKey("missed-slots"))
        with copies_of(app, monkeypatch) as copied:
            await pilot.press("y", "escape")
        assert "1. Friday 13 March, 13:00 EDT (10:00 PDT for us)" in copied[0]
        assert "3. Tuesday 17 March" in copied[0]
        await pilot.press("space")
        await see(pilot, "✓ Propose two to three other times")

    # They choose the second: the updated invite ends this call and begins another.
    app = app_at(THURSDAY + 60 * MINUTE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_calls(pilot)
        moved = invite("ACCEPTED", SEQUENCE="1", DTSTART="20260316T170000Z", DTEND="20260316T173000Z")
        await take_in(pilot, file, moved)
        await see(pilot, "Mon 10:00")
        await pilot.press("H")
        await see(pilot, "rescheduled")

    # This time they come, and it is agreed who does what.
    app = app_at(THURSDAY + timedelta(days=4, minutes=1))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_calls(pilot)
        await see(pilot, "started")
        await pilot.press("C")
        await see(pilot, "Dana Whitlock is here.")
        await pilot.press("d")
        await see(pilot, "Over: Dana Whitlock")
        for field, value in (
            ("why", "good"),
            ("what", "Send the guide"),
            ("owner", "kathy"),
            ("due", "friday"),
        ):
            app.screen.query_one(f"#field-{field}", FieldInput).value = value
        await pilot.press("ctrl+s")
        await see(pilot, "No call is planned.")
        (held,) = [call for call in app.workspace.calls.all(past=True) if call.ended == "held"]
        assert [(step.what, step.owner, str(step.due)) for step in held.next_steps] == [
            ("Send the guide", "kathy", "2026-03-20")
        ]


async def test_esc_leads_from_a_call_back_to_its_row(app_at: AppAt) -> None:
    app = app_at(THURSDAY)
    first, *_ = [app.workspace.calls.new("Northwind", THURSDAY + hours * 60 * MINUTE) for hours in (1, 2, 3)]
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        rows = await on_calls(pilot)
        await wait_until(pilot, lambda: rows.key == CallKey(first.id))
        await pilot.press("enter")
        await see(pilot, "○ Start the notes")
        await pilot.press("escape")
        await see(pilot, "today 13:00")
        assert rows.key == CallKey(first.id)


async def test_call_8_one_key_ends_the_ladder_when_they_turn_up(app_at: AppAt) -> None:
    app = app_at(THURSDAY + 4 * MINUTE)
    app.workspace.calls.import_file(invite())
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        rows = await on_calls(pilot)
        await see(pilot, "missed?")
        await pilot.press("E")
        await wait_until(pilot, lambda: rows.key == StepKey("missed-slack"))
        await pilot.press("C")
        await see(pilot, "Dana Whitlock is here.")
        await see(pilot, "started")
        assert "Slack, in the shared channel" not in text_of(app)


async def test_call_8_one_key_closes_a_no_show_with_a_new_call_and_its_invitation(
    app_at: AppAt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    app = app_at(THURSDAY + 4 * MINUTE)
    app.workspace.calls.import_file(invite())
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        rows = await on_calls(pilot)
        await see(pilot, "missed?")
        await pilot.press("M")
        await see(pilot, "Friday 13 March, 13:00 EDT (10:00 PDT for us)")
        await pilot.press("down", "enter")
        await see(pilot, "To send:")
        (new,) = app.workspace.calls.all()
        assert rows.key == CallKey(new.id)
        assert new.start == THURSDAY + timedelta(days=4)
        assert b"METHOD:REQUEST" in (tmp_path / f"call-{new.id}.ics").read_bytes()


@pytest.mark.parametrize(("key", "stage"), [("equals_sign", "done"), ("E", "missed?"), ("M", "rescheduled")])
async def test_a_call_that_nobody_recorded_asks_how_it_went_one_key_for_each_answer(
    app_at: AppAt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, stage: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    app = app_at(THURSDAY + 60 * MINUTE)
    app.workspace.calls.import_file(invite())
    (call,) = app.workspace.calls.all()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_calls(pilot)
        await see(pilot, "outcome?")
        await pilot.press(key)
        if key == "M":
            await see(pilot, "Moved: Dana")
            await pilot.press("enter")
        await wait_until(pilot, lambda: app.workspace.calls.stage(app.workspace.calls.find(call.id)) == stage)


async def test_call_3_a_step_of_a_later_call_asks_before_it_is_ticked(app_at: AppAt) -> None:
    app = app_at(THURSDAY - timedelta(days=6))
    call = app.workspace.calls.new("Northwind", THURSDAY, fields={"join_url": "https://meet.example/1"})
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        rows = await on_calls(pilot)
        await pilot.press("enter")
        await wait_until(pilot, lambda: rows.go_to(StepKey("check-accepted")))
        await pilot.press("space")
        await see(pilot, "Tick it now all the same")
        await pilot.press("escape")
        assert "check-accepted" not in app.workspace.calls.find(call.id).run.marks
        await pilot.press("space")
        await see(pilot, "Tick it now all the same")
        await pilot.press("enter")
        await wait_until(pilot, lambda: "check-accepted" in app.workspace.calls.find(call.id).run.marks)


async def test_call_8_where_no_number_is_known_the_ladder_has_the_field_for_it(app_at: AppAt) -> None:
    app = app_at(THURSDAY + 4 * MINUTE)
    workspace = app.workspace
    (customer,) = workspace.customers.all()
    workspace.customers.contact(customer.id, "dana@northwind.example", {"phone": "", "phone_kind": ""})
    workspace.calls.import_file(invite())
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        rows = await on_calls(pilot)
        await pilot.press("E")
        await wait_until(pilot, lambda: rows.go_to(StepKey("missed-number")))
        await pilot.press("space")
        await see(pilot, "The number of Dana Whitlock")
        app.screen.query_one("#field-phone", FieldInput).value = "+1 212 555 0123"
        app.screen.query_one("#field-kind", FieldInput).value = "mobile"
        await pilot.press("ctrl+s")
        await see(pilot, "○ Send a text")
        (known,) = workspace.customers.all()[0].contacts
        assert (known.phone, known.phone_kind) == ("+1 212 555 0123", "mobile")


@pytest.mark.parametrize("size", [SMALL, (120, 40)])
async def test_who_leads_stands_in_the_list_alone_and_beside_the_page(
    app_at: AppAt, size: tuple[int, int]
) -> None:
    """Beside the page too, where the list is narrower than at 80."""
    app = app_at(THURSDAY)
    app.workspace.calls.new("Acme", THURSDAY + 60 * MINUTE)
    async with app.run_test(size=size, notifications=True) as pilot:
        await on_calls(pilot)
        await see(pilot, "Acme")
        row = next(line for line in lines_of(app)[2:] if "Acme" in line)
        assert app.workspace.me.shown.split()[0] in row.partition("│")[0]


async def test_call_3_to_6_the_page_names_what_is_open_in_words(app_at: AppAt) -> None:
    app = app_at(THURSDAY)
    call = app.workspace.calls.new("Acme", THURSDAY + 60 * MINUTE, attendees=["dana@acme.example"])
    async with app.run_test(size=(120, 60), notifications=True) as pilot:
        await on_calls(pilot)
        page = await see(pilot, "Ready       ○ no")
        for words in (
            "○ Look in the invite whether the customer has accepted",
            "○ Reach out and confirm",
            "○ Documents for the agenda?",
        ):
            assert words in page
        app.workspace.calls.steps.check(call.id, "check-accepted", "seen")
        await wait_until(pilot, lambda: "○ Look in the invite" not in text_of(app))


async def test_whose_call_it_is_stands_in_the_list_and_can_be_chosen(app_at: AppAt) -> None:
    app = app_at(THURSDAY)
    if "zay" not in {person.login for person in app.workspace.people.all()}:
        app.workspace.people.add("zay", name="Zay Hanlon")
    zay = app.workspace.people.get("zay").shown
    app.workspace.calls.new("Acme", THURSDAY + 60 * MINUTE, fields={"host": "zay"})
    app.workspace.calls.new("Initech", THURSDAY + 70 * MINUTE, fields={"host": "zay"})
    app.workspace.calls.new("Globex", THURSDAY + 60 * MINUTE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_calls(pilot)
        await see(pilot, f"! {zay}"[:8])
        assert "Kathy" in text_of(app)
        await pilot.press("w")
        await wait_until(pilot, lambda: "Acme" not in text_of(app))
        assert "Globex" in text_of(app)
        await pilot.press("w", "slash")
        await type_into(pilot, zay.split()[0].lower())
        await wait_until(pilot, lambda: "Globex" not in text_of(app))
        assert "Acme" in text_of(app)
        await pilot.press("enter", "enter")


async def test_a_text_that_lacks_something_says_what(app_at: AppAt) -> None:
    app = app_at(THURSDAY + 4 * MINUTE)
    app.workspace.calls.import_file(invite(LOCATION=""))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        rows = await on_calls(pilot)
        await see(pilot, "missed?")
        await pilot.press("E")
        await wait_until(pilot, lambda: rows.key == StepKey("missed-slack"))
        await see(pilot, "still wanted: join_link")
        await pilot.press("y")
        assert app.is_running


async def test_what_others_do_is_seen_at_once(app_at: AppAt) -> None:
    app = app_at(THURSDAY - timedelta(hours=20))
    app.workspace.calls.import_file(invite("ACCEPTED"))
    (call,) = app.workspace.calls.all()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_calls(pilot)
        await see(pilot, "○ 0/5")
        other = Workspace.open(app.workspace.home, clock=app.workspace.clock, login="zay")
        other.calls.steps.check(call.id, "notes")
        await see(pilot, "○ 1/5")


async def test_a_call_is_planned_by_hand_with_a_time_as_people_say_it(app_at: AppAt) -> None:
    app = app_at(THURSDAY)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_calls(pilot)
        await pilot.press("n")
        await see(pilot, "Plan a call")
        await type_into(pilot, "northwind")
        await pilot.press("enter")
        await type_into(pilot, "someday")
        await pilot.press("ctrl+s")
        await see(pilot, "is not a time")
        app.screen.query_one("#field-start", FieldInput).value = "tomorrow 10:00"
        await pilot.press("ctrl+s")
        await see(pilot, "Dana Whitlock (Northwind)")
        assert app.workspace.calls.all()[0].start == THURSDAY + timedelta(days=1)


async def test_all_that_is_wrong_in_a_planned_call_stands_at_once(app_at: AppAt) -> None:
    app = app_at(THURSDAY)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_calls(pilot)
        await pilot.press("n")
        await see(pilot, "Plan a call")
        wrong = {"start": "someday", "minutes": "long", "attendees": "dana", "join_url": "zoom"}
        for field, typed in wrong.items():
            app.screen.query_one(f"#field-{field}", FieldInput).value = typed
        await pilot.press("ctrl+s")
        for complaint in (
            "say whom the call is with",
            "'someday' is not a time",
            "expected how long it lasts",
            "'dana' is not an e-mail address",
            "'zoom' is not a link",
        ):
            await see(pilot, complaint)
        assert not app.workspace.calls.all()


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 50)], ids=str)
async def test_hostile_names_and_every_size_leave_the_screen_whole(
    app_at: AppAt, size: tuple[int, int]
) -> None:
    app = app_at(THURSDAY - timedelta(hours=1))
    evil = "[@click=app.quit]\x1b[2J[red]Dana 漢字 " + "x" * 300
    app.workspace.calls.import_file(invite(SUMMARY=evil).replace(b"CN=Dana Whitlock", f"CN={evil}".encode()))
    async with app.run_test(size=size, notifications=True) as pilot:
        await on_calls(pilot)
        await see(pilot, "(Northwind)" if size[0] > 150 else "today 10:00")
        await pilot.press("enter")
        await see(pilot, "Prepare")
        await pilot.press("enter")
        assert all(len(line) <= size[0] for line in lines_of(app))
        assert app.is_running


async def test_a_key_that_cannot_act_on_a_call_says_why(app_at: AppAt) -> None:
    app = app_at(THURSDAY)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_calls(pilot)
        await see(pilot, "No call is planned.")
        await pilot.press("d")
        await see(pilot, "Put the cursor on a call; n plans one")
        app.workspace.calls.new("Northwind", THURSDAY + 60 * MINUTE)
        await pilot.press("escape")
        await see(pilot, "today 11:00")
        await pilot.press("c")
        await see(pilot, "Put the cursor on a step: Enter on a call shows them.")
        await pilot.press("L")
        await see(pilot, "There is no link here.")


async def test_a_step_is_ticked_by_hand_left_out_and_opened_again(app_at: AppAt) -> None:
    app = app_at(THURSDAY)
    call = app.workspace.calls.new("Northwind", THURSDAY + 60 * MINUTE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        rows = await on_calls(pilot)
        await see(pilot, "today 11:00")
        await pilot.press("enter")
        await wait_until(pilot, lambda: rows.go_to(StepKey("notes")))
        await pilot.press("c")
        await see(pilot, "By hand: Start the notes")
        app.screen.query_one("#field-evidence", FieldInput).value = "in the shared folder"
        await pilot.press("ctrl+s")
        await see(pilot, "✓ Start the notes")
        assert app.workspace.calls.find(call.id).run.marks["notes"].evidence == "in the shared folder"
        rows.go_to(StepKey("notes"))
        await pilot.press("space")
        await see(pilot, "○ Start the notes")
        await pilot.press("s")
        await see(pilot, "Leave out: Start the notes")
        app.screen.query_one("#field-why", FieldInput).value = "they write them"
        await pilot.press("ctrl+s")
        await see(pilot, "– Start the notes")


async def test_a_next_step_is_agreed_and_ticked_and_what_is_over_is_shown_on_demand(app_at: AppAt) -> None:
    app = app_at(THURSDAY)
    call = app.workspace.calls.new("Northwind", THURSDAY)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        rows = await on_calls(pilot)
        await see(pilot, "today 10:00")
        await pilot.press("K")
        await see(pilot, "Next step with")
        for field, value in (("what", "Send the guide"), ("owner", "kathy"), ("due", "friday")):
            app.screen.query_one(f"#field-{field}", FieldInput).value = value
        await pilot.press("ctrl+s")
        await see(pilot, "Written down.")
        await pilot.press("enter")
        (agreed,) = app.workspace.calls.find(call.id).next_steps
        await wait_until(pilot, lambda: rows.go_to(NextStepKey(agreed.key)))
        await pilot.press("space")
        await see(pilot, "✓ Send the guide")
        await pilot.press("escape", "X")
        await see(pilot, "Will not take place")
        app.screen.query_one("#field-why", FieldInput).value = "next month"
        await pilot.press("ctrl+s")
        await see(pilot, "No call is planned.")
        await pilot.press("H")
        await see(pilot, "Over ──")
        assert "cancelled" in text_of(app)


# The bell


async def rung(app: FleettuiApp, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    bells: list[str] = []
    monkeypatch.setattr(app, "bell", lambda: bells.append("ding"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "1 Today")
        bell = CallBell(app)
        bell.look()
        bell.look()
        await pilot.pause()
        bells.append(text_of(app))
    return bells


@pytest.mark.parametrize(("before", "rings"), [(4, 0), (3, 1), (1, 1), (0, 0)])
async def test_call_7_the_bell_rings_once_at_join_time(
    app_at: AppAt, monkeypatch: pytest.MonkeyPatch, before: int, rings: int
) -> None:
    app = app_at(THURSDAY - before * MINUTE)
    app.workspace.calls.import_file(invite())
    *bells, screen = await rung(app, monkeypatch)
    assert len(bells) == rings
    assert ("Join now: Dana Whitlock (Northwind), 10:00" in screen) == bool(rings)


async def test_call_7_a_silenced_bell_is_still_seen(app_at: AppAt, monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_at(THURSDAY - 2 * MINUTE)
    app.workspace.calls.import_file(invite())
    call_bell.silence(True)
    *bells, screen = await rung(app, monkeypatch)
    assert bells == []
    assert "Join now" in screen


async def test_call_7_nobody_is_called_to_somebody_elses_call(
    app_at: AppAt, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    app_at(THURSDAY).workspace.calls.import_file(invite())
    zay = Workspace.open(workspace.home, clock=frozen_clock(THURSDAY - 2 * MINUTE), login="zay")
    *bells, screen = await rung(FleettuiApp(zay), monkeypatch)
    assert bells == []
    assert "Join now" not in screen


async def test_call_1_a_calendar_is_shown_before_it_is_taken_and_chosen_from(
    app_at: AppAt, tmp_path: Path
) -> None:
    file = tmp_path / "whole.ics"
    lunch = event("lunch@x", SUMMARY="Lunch")
    file.write_bytes(calendar(event("a@x", *people(), SUMMARY="Review A"), event("b@x", *people()), lunch))
    app = app_at(THURSDAY - timedelta(hours=47))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_calls(pilot)
        await pilot.press("i")
        await see(pilot, "Take in a calendar file")
        pilot.app.screen.query_one("#field-file", FieldInput).value = str(file)
        await pilot.press("ctrl+s")
        shown = await see(pilot, "take or leave")
        assert "2 new; 1 left out" in shown and "nobody is invited" in shown
        assert app.workspace.calls.all() == []
        await pilot.press("space", "j", "space")
        shown = await see(pilot, "✓ Lunch")
        assert "✗ Review A" in shown
        await pilot.press("enter")
        shown = await see(pilot, "2 new; 1 left out")
        assert "1 left out: left out by you" in await see(pilot, "left out by you")
        assert {call.uid for call in app.workspace.calls.all()} == {"b@x", "lunch@x"}


async def test_call_1_a_preview_that_is_closed_takes_nothing(app_at: AppAt, tmp_path: Path) -> None:
    file = tmp_path / "invite.ics"
    file.write_bytes(invite())
    app = app_at(THURSDAY - timedelta(hours=47))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_calls(pilot)
        await pilot.press("i")
        await see(pilot, "Take in a calendar file")
        pilot.app.screen.query_one("#field-file", FieldInput).value = str(file)
        await pilot.press("ctrl+s")
        await see(pilot, "take or leave")
        await pilot.press("escape")
        await see(pilot, "No call is planned.")
        assert app.workspace.calls.all() == []


async def test_call_12_the_app_lays_out_series_when_it_is_opened(app_at: AppAt) -> None:
    weekly = calendar(event("weekly@x", "RRULE:FREQ=WEEKLY", *people()))
    app_at(THURSDAY - timedelta(hours=47)).workspace.calls.import_file(weekly)
    app = app_at(THURSDAY + timedelta(days=20))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_calls(pilot)
        await see(pilot, "7 May")


async def test_call_3_the_page_says_what_was_changed_here_and_that_an_answer_is_old(app_at: AppAt) -> None:
    app = app_at(THURSDAY - timedelta(hours=47))
    app.workspace.calls.import_file(invite("ACCEPTED"))
    (call,) = app.workspace.calls.all()
    app.workspace.calls.edit(call.id, {"start": THURSDAY + timedelta(hours=1)})
    async with app.run_test(size=(120, 60), notifications=True) as pilot:
        await on_calls(pilot)
        shown = await see(pilot, "accepted the old time")
        assert "time, here by hand" in shown


async def test_call_1_the_preview_says_what_an_update_replaces_and_what_stays(
    app_at: AppAt, tmp_path: Path
) -> None:
    file = tmp_path / "newer.ics"
    file.write_bytes(invite(SEQUENCE="1", LOCATION="https://zoom.us/j/2"))
    app = app_at(THURSDAY - timedelta(hours=47))
    app.workspace.calls.import_file(invite())
    (call,) = app.workspace.calls.all()
    app.workspace.calls.edit(call.id, {"title": "Ours", "join_url": "https://zoom.us/j/1"})
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_calls(pilot)
        await pilot.press("i")
        await see(pilot, "Take in a calendar file")
        pilot.app.screen.query_one("#field-file", FieldInput).value = str(file)
        await pilot.press("ctrl+s")
        shown = await see(pilot, "take or leave")
        assert "title stays as set here: Ours" in shown
        assert "link replaces what was set here: https://zoom.us/j/1" in shown
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.workspace.calls.find(call.id).join_url == "https://zoom.us/j/2")
        assert app.workspace.calls.find(call.id).title == "Ours"
