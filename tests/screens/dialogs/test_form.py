"""Forms: what is typed is saved by the verb, or kept; a refusal stands beside its field."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widget import Widget

from fleettui.errors import Unusable
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs.form import FieldInput, FieldText, Form, FormField
from screens.team.retro import retro_form
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until

pytestmark = pytest.mark.slow


def shown(app: FleettuiApp) -> Any:
    return app.run_test(size=SMALL, notifications=True)


async def open_form(pilot: Pilot[Any], *keys: str) -> Form:
    await pilot.press("6", *keys)
    await wait_until(pilot, lambda: isinstance(pilot.app.screen, Form) and pilot.app.focused)
    assert isinstance(pilot.app.screen, Form)
    return pilot.app.screen


def focused(app: FleettuiApp) -> Widget | None:
    """Asked anew each time: a type checker would take `app.focused` for what it was before the key."""
    return app.focused


def entry(app: FleettuiApp, name: str) -> FieldInput:
    return app.screen.query_one(f"#field-{name}", FieldInput)


async def test_a_person_is_added(app: FleettuiApp, workspace: Workspace) -> None:
    async with shown(app) as pilot:
        await open_form(pilot, "n")
        await pilot.press(*"mara", "enter", *"Mara Lind", "ctrl+s")
        await see(pilot, "Mara Lind is on the list now. u takes it back.")
        assert workspace.people.get("mara").name == "Mara Lind"
        assert app.screen is app.base_screen
        await see(pilot, "▌  Mara Lind")
        await pilot.press("u")
        await see(pilot, "This removes mara.")
        await pilot.press("enter")
        await wait_until(pilot, lambda: "▌  Mara Lind" not in text_of(app))
        assert "mara" not in {person.login for person in workspace.people.all()}


async def test_a_refusal_stands_below_its_field_and_what_was_typed_stays(
    app: FleettuiApp, workspace: Workspace
) -> None:
    async with shown(app) as pilot:
        await open_form(pilot, "e")
        entry(app, "zone").focus()
        entry(app, "zone").value = "Mars/Olympus"
        await pilot.press("tab", "ctrl+s")
        await see(pilot, "↑ 'Mars/Olympus' is no time zone")
        lines = lines_of(app)
        field = next(n for n, line in enumerate(lines) if "Time zone" in line)
        assert "↑ 'Mars/Olympus'" in lines[field + 1]
        assert focused(app) is entry(app, "zone")
        assert entry(app, "zone").value == "Mars/Olympus"
        entry(app, "zone").value = "Europe/London"
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: app.screen is app.base_screen)
        assert workspace.people.get("alex").zone == "Europe/London"


async def test_esc_keeps_a_draft_and_opening_again_has_it_back(
    app: FleettuiApp, workspace: Workspace
) -> None:
    async with shown(app) as pilot:
        await open_form(pilot, "e")
        await pilot.press("end", *" Jr", "escape")
        await see(pilot, "Kept as a draft")
        assert workspace.people.get("alex").name == "Alex Mitchell"
        await open_form(pilot, "e")
        await see(pilot, "What you typed before is back.")
        assert entry(app, "name").value == "Alex Mitchell Jr"
        await pilot.press("ctrl+r")
        assert entry(app, "name").value == "Alex Mitchell"
        await pilot.press("escape")
        await wait_until(pilot, lambda: workspace.drafts.get("team edit alex") is None)


async def test_saving_drops_the_draft(app: FleettuiApp, workspace: Workspace) -> None:
    async with shown(app) as pilot:
        await open_form(pilot, "e")
        await pilot.press("end", *" Jr")
        await wait_until(pilot, lambda: workspace.drafts.get("team edit alex"))
        await pilot.press("ctrl+s")
        await see(pilot, "Alex Mitchell Jr is saved.")
        await wait_until(pilot, lambda: workspace.drafts.get("team edit alex") is None)


async def test_leaving_while_typing_keeps_what_was_typed(app: FleettuiApp, workspace: Workspace) -> None:
    async with shown(app) as pilot:
        await open_form(pilot, "e")
        await pilot.press("end", *" Jr", "ctrl+q")
        await wait_until(pilot, lambda: not app.is_running)
    assert "Alex Mitchell Jr" in (workspace.drafts.get("team edit alex") or "")


async def test_another_field_changed_meanwhile_is_no_conflict(app: FleettuiApp, workspace: Workspace) -> None:
    async with shown(app) as pilot:
        await open_form(pilot, "e")
        Workspace.open(workspace.home, clock=workspace.clock, login="zay").people.edit(
            "alex", {"github": "amit"}
        )
        await pilot.press("end", *" Jr", "ctrl+s")
        await see(pilot, "Alex Mitchell Jr is saved.")
        assert workspace.people.get("alex").github == "amit"


async def test_the_same_field_changed_meanwhile_is_shown_and_saved_only_when_meant(
    app: FleettuiApp, workspace: Workspace
) -> None:
    async with shown(app) as pilot:
        await open_form(pilot, "e")
        Workspace.open(workspace.home, clock=workspace.clock, login="zay").people.edit(
            "alex", {"name": "Sasha"}
        )
        await pilot.press("end", *" Jr", "ctrl+s")
        await see(pilot, "↑ zay wrote “Sasha” here meanwhile")
        assert entry(app, "name").value == "Alex Mitchell Jr"
        assert workspace.people.get("alex").name == "Sasha"
        await pilot.press("ctrl+s")
        await see(pilot, "Alex Mitchell Jr is saved.")
        assert workspace.people.get("alex").name == "Alex Mitchell Jr"


async def test_a_draft_says_where_the_field_has_changed_since(app: FleettuiApp, workspace: Workspace) -> None:
    async with shown(app) as pilot:
        await open_form(pilot, "e")
        await pilot.press("end", *" Jr", "escape")
        await see(pilot, "Kept as a draft")
        Workspace.open(workspace.home, clock=workspace.clock, login="zay").people.edit(
            "alex", {"name": "Sasha"}
        )
        await see(pilot, "Sasha")
        app.base_screen.query_one(Rows).go_to("alex")
        await open_form(pilot, "e")
        await see(pilot, "↑ is now “Sasha”; it was “Alex Mitchell” when")


async def test_a_full_disk_is_said_and_the_form_stays(
    app: FleettuiApp, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise Unusable("people.journal: the disk is full; make room, then save again")

    async with shown(app) as pilot:
        await open_form(pilot, "e")
        monkeypatch.setattr(type(workspace.people), "edit", full)
        await pilot.press("end", *" Jr", "ctrl+s")
        await see(pilot, "the disk is full; make room, then save again")
        assert entry(app, "name").value == "Alex Mitchell Jr"
        monkeypatch.undo()
        await pilot.press("ctrl+s")
        await see(pilot, "Alex Mitchell Jr is saved.")


async def test_nothing_changed_is_said_and_nothing_written(app: FleettuiApp, workspace: Workspace) -> None:
    before = workspace.people.get("alex").rev
    async with shown(app) as pilot:
        await open_form(pilot, "e")
        await pilot.press("ctrl+s")
        await see(pilot, "Nothing is changed yet.")
    assert workspace.people.get("alex").rev == before


async def test_days_off_are_written_down(app: FleettuiApp, workspace: Workspace) -> None:
    async with shown(app) as pilot:
        await open_form(pilot, "s")
        await pilot.press(*"next week", "ctrl+s")
        await see(pilot, "↑ 'next week' is not a day; write it like 2026-03-09")
        entry(app, "first").value = "2026-03-16"
        entry(app, "cover").value = "Kathy"
        await pilot.press("ctrl+s")
        await see(pilot, "Days off for Alex Mitchell are written down.")
        off = workspace.people.get("alex").time_off[0]
        assert (off.first, off.last, off.cover) == (date(2026, 3, 16), date(2026, 3, 16), "kathy")


async def test_enter_and_the_arrows_go_from_field_to_field(app: FleettuiApp) -> None:
    async with shown(app) as pilot:
        await open_form(pilot, "e")
        await pilot.press("enter")
        assert focused(app) is entry(app, "roles")
        await pilot.press("down")
        assert focused(app) is entry(app, "group")
        await pilot.press("up", "up")
        assert focused(app) is entry(app, "name")


@pytest.mark.parametrize("size", [(60, 20), (40, 12)], ids=str)
async def test_a_form_fits_into_a_small_terminal(app: FleettuiApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size, notifications=True) as pilot:
        await open_form(pilot, "e")
        await pilot.press(*["down"] * 8)
        assert focused(app) is entry(app, "active")
        await see(pilot, "On the team")
        assert "Ctrl+S save" in lines_of(app)[-1]


PASTED = "Dear team,\r\rsince this morning \x1b[31mnothing\x1b[0m works.\rJo"


async def long_form(pilot: Pilot[Any], saved: list[dict[str, str]]) -> FieldText:
    """A field of one line, one of several, and one of one line."""
    app = pilot.app
    assert isinstance(app, FleettuiApp)
    fields = [FormField("subject", "Subject"), FormField("body", "Message", "", "what they wrote", long=True)]
    fields.append(FormField("channel", "Channel"))
    form = Form("Write down a request", fields, about="long form", save=saved.append)
    await app.push_screen(form)
    await wait_until(pilot, lambda: app.focused)
    await see(pilot, "what they wrote")
    await pilot.press("enter")
    return form.query_one("#field-body", FieldText)


async def test_a_long_field_takes_every_line_of_a_paste(app: FleettuiApp) -> None:
    saved: list[dict[str, str]] = []
    async with shown(app) as pilot:
        body = await long_form(pilot, saved)
        assert focused(app) is body
        app.post_message(events.Paste(PASTED))
        await see(pilot, "since this morning nothing works.")
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: saved)
        assert saved == [{"body": "Dear team,\n\nsince this morning nothing works.\nJo"}]


async def test_in_a_long_field_enter_begins_a_line_and_tab_goes_on(app: FleettuiApp) -> None:
    async with shown(app) as pilot:
        body = await long_form(pilot, [])
        await pilot.press(*"one", "enter", *"two")
        assert body.text == "one\ntwo"
        await pilot.press("tab")
        assert focused(app) is entry(app, "channel")
        await pilot.press("shift+tab")
        assert focused(app) is body
        await pilot.press("up", "home", "up")
        assert focused(app) is entry(app, "subject")
        await pilot.press("down")
        assert focused(app) is body
        await pilot.press("down", "end", "down")
        assert focused(app) is entry(app, "channel")


async def test_a_long_field_is_kept_as_a_draft_and_started_over(
    app: FleettuiApp, workspace: Workspace
) -> None:
    async with shown(app) as pilot:
        await long_form(pilot, [])
        await pilot.press(*"one", "enter", *"two", "escape")
        await see(pilot, "Kept as a draft")
        app.push_screen(
            Form(
                "Again", [FormField("body", "Message", long=True)], about="long form", save=lambda typed: None
            )
        )
        await see(pilot, "What you typed before is back.")
        body = app.screen.query_one("#field-body", FieldText)
        assert body.text == "one\ntwo"
        await pilot.press("ctrl+r")
        assert body.text == ""


async def test_in_a_field_of_one_line_pasted_lines_are_joined(app: FleettuiApp) -> None:
    async with shown(app) as pilot:
        await open_form(pilot, "e")
        entry(app, "name").value = ""
        app.post_message(events.Paste(PASTED))
        await see(pilot, "Dear team, since this morning nothing works. Jo")
        assert entry(app, "name").value == "Dear team, since this morning nothing works. Jo"


async def test_what_is_pasted_into_a_filter_is_one_line(app: FleettuiApp) -> None:
    async with shown(app) as pilot:
        await pilot.press("6", "slash")
        await wait_until(pilot, lambda: app.screen.query("FilterLine:focus"))
        app.post_message(events.Paste("zay\nhanlon"))
        await see(pilot, "1 of ")
        assert "Zay Hanlon" in text_of(app)


async def test_what_is_pasted_into_the_look_back_is_cleaned_and_keeps_its_lines(
    app: FleettuiApp, workspace: Workspace
) -> None:
    async with shown(app) as pilot:
        await app.push_screen(retro_form(workspace, date(2026, 3, 9), "better", lambda look: None))
        await wait_until(pilot, lambda: isinstance(app.focused, FieldText))
        app.post_message(events.Paste(PASTED))
        await see(pilot, "since this morning nothing works.")
        assert app.screen.query_one("#field-better", FieldText).text.count("\n") == 3


async def test_a_long_field_fits_into_a_small_terminal(app: FleettuiApp) -> None:
    async with app.run_test(size=(40, 12), notifications=True) as pilot:
        body = await long_form(pilot, [])
        assert focused(app) is body
        await pilot.press(*"one", "enter", *"two")
        await see(pilot, "two")
        assert "Ctrl+S save" in lines_of(app)[-1]


async def choosing(pilot: Pilot[Any], saved: list[dict[str, str]]) -> FieldInput:
    choices = (("", "nobody"), ("kathy", "Kathy Satterlee"), ("sales-ready prospect", ""), ("sales", ""))
    fields = [FormField("who", "Who", "kathy", choices=choices), FormField("why", "Why")]
    pilot.app.push_screen(Form("Choose", fields, about="choose", save=saved.append))
    await wait_until(pilot, lambda: isinstance(pilot.app.screen, Form) and pilot.app.focused)
    return pilot.app.screen.query_one("#field-who", FieldInput)


async def test_a_choice_is_found_by_letters_gone_through_and_picked(app: FleettuiApp) -> None:
    saved: list[dict[str, str]] = []
    async with shown(app) as pilot:
        field = await choosing(pilot, saved)
        for keys, value in (
            (["right"], "sales-ready prospect"),
            (["right"], "sales"),
            (["left", "left"], "kathy"),
            ([*"zzz"], "kathy"),
            ([*"sales"], "sales-ready prospect"),
            (["backspace"], ""),
            ([*"sales-ready p"], "sales-ready prospect"),
            ([*"Kat"], "kathy"),
        ):
            await pilot.press(*keys)
            assert field.value == value, keys
        await pilot.press("down", "up", "space")
        await see(pilot, "Kathy Satterlee")
        await pilot.press(*"sales-r", "enter")
        await wait_until(pilot, lambda: field.value == "sales-ready prospect")
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: bool(saved))
        assert saved == [{"who": "sales-ready prospect"}]


async def test_what_is_pasted_into_a_choice_is_one_of_them_or_nothing(app: FleettuiApp) -> None:
    async with shown(app) as pilot:
        field = await choosing(pilot, [])
        field.post_message(events.Paste("nothing\nof it"))
        await pilot.pause()
        assert field.value == "kathy"
        field.post_message(events.Paste("sales\n"))
        await wait_until(pilot, lambda: field.value.startswith("sales"))


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_a_form_with_choices_fits(app: FleettuiApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("2", "n")
        await see(pilot, "Next: ")
        await see(pilot, "Ctrl+S save")
