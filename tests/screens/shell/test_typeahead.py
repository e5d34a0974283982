"""Keys that arrive in a burst, as over a slow line, mean what they mean when typed one by one."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from textual import events
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget

from fleettui.workspace.inbox.actions import Inbox
from fleettui.workspace.inbox.settings import Settings
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs.dialog import Dialog
from screens.dialogs.entries import FieldInput
from screens.dialogs.form import Form
from screens.shell import typeahead
from screens.shell.typeahead import Lap
from screens.widgets.filter_line import FilterLine
from screens.widgets.page import Page
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, see, wait_until

NAMES = {" ": "space", "/": "slash", "\r": "enter", "\x1b": "escape", "?": "question_mark"}


def burst(app: FleettuiApp, text: str) -> None:
    """All at once, before the app has answered any."""
    for sign in text:
        name = NAMES.get(sign, sign)
        app.post_message(events.Key(name, sign if sign.isprintable() else None))


def running(app: FleettuiApp) -> Any:
    return app.run_test(size=SMALL, notifications=True)


async def start(pilot: Pilot[Any]) -> None:
    await see(pilot, "▸1 Today")
    await wait_until(pilot, lambda: isinstance(pilot.app.focused, Rows))


async def test_a_filter_gets_every_letter_of_it(app: FleettuiApp) -> None:
    async with running(app) as pilot:
        await start(pilot)
        burst(app, "6/hanlon")
        await wait_until(pilot, lambda: [line.value for line in app.screen.query(FilterLine)] == ["hanlon"])
        await see(pilot, "1 of ")
        assert app.screen is app.base_screen, "no letter was taken for a command"


async def test_a_form_gets_what_was_typed_for_it(app: FleettuiApp, workspace: Workspace) -> None:
    async with running(app) as pilot:
        await start(pilot)
        burst(app, "6nquinn\rQuinn Avery")
        await see(pilot, "Quinn Avery")
        assert isinstance(app.screen, Form)
        await pilot.press("ctrl+s")
        await see(pilot, "Quinn Avery is on the list now.")
        assert workspace.people.get("quinn").name == "Quinn Avery"


async def test_open_go_back_and_on(app: FleettuiApp) -> None:
    async with running(app) as pilot:
        await start(pilot)
        burst(app, "6jj\r\x1bj\r")
        await see(pilot, "taylor")
        assert isinstance(app.focused, Page)
        assert app.base_screen.query_one(Rows).key == "taylor"


async def test_screens_in_a_row(app: FleettuiApp) -> None:
    async with running(app) as pilot:
        await start(pilot)
        burst(app, "65432?6")
        await see(pilot, "▸6 Team")
        assert app.screen is app.base_screen


async def test_a_paste_after_a_key_goes_where_the_key_led(app: FleettuiApp) -> None:
    async with running(app) as pilot:
        await start(pilot)
        app.post_message(events.Key("6", "6"))
        app.post_message(events.Key("slash", "/"))
        app.post_message(events.Paste("hanlon"))
        await see(pilot, "1 of ")


async def test_a_message_that_got_lost_holds_keys_up_only_for_a_while(
    app: FleettuiApp, monkeypatch: Any
) -> None:
    async with running(app) as pilot:
        await start(pilot)
        monkeypatch.setattr(app, "on_lap", lambda message: None)
        burst(app, "65")
        await see(pilot, "▸5 Playbooks")


async def test_keys_go_on_when_what_they_wait_for_got_lost_with_a_form_that_closed(
    app: FleettuiApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What others change keeps the program at work all day: it is never at rest, and no key came through any more."""
    monkeypatch.setattr(typeahead, "AT_REST", -1)
    post = FieldInput.post_message

    def lost(field: FieldInput, message: Message) -> bool:
        """As with a widget that closes meanwhile."""
        is_closing = app._under_way is not None and isinstance(message, Lap)
        return not is_closing and post(field, message)

    async with running(app) as pilot:
        await start(pilot)
        burst(app, "6n")
        await wait_until(pilot, lambda: isinstance(app.focused, FieldInput) and not app._waiting)
        await pilot.pause(typeahead.SETTLED_AFTER)
        monkeypatch.setattr(FieldInput, "post_message", lost)
        burst(app, "\x1b5")
        await see(pilot, "▸5 Playbooks")


async def test_keys_go_on_at_last_whatever_keeps_the_program_at_work(
    app: FleettuiApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typeahead, "AT_REST", -1)
    monkeypatch.setattr(typeahead, "AT_WORK_AT_MOST", 0.3)
    async with running(app) as pilot:
        await start(pilot)
        monkeypatch.setattr(app, "on_lap", lambda message: None)
        burst(app, "65")
        await see(pilot, "▸5 Playbooks")


async def test_one_key_goes_at_a_time_whatever_sends_it(app: FleettuiApp) -> None:
    """Two at once went to the same form: the second was lost with it."""
    async with running(app) as pilot:
        await start(pilot)
        burst(app, "6n")
        await wait_until(pilot, lambda: isinstance(app.focused, FieldInput))
        app._waiting.extend(events.Key(key, None) for key in ("escape", "5"))
        app._go_on_soon()
        app._go_on_soon()
        await see(pilot, "▸5 Playbooks")


async def test_however_long_a_form_takes_to_open_no_letter_goes_elsewhere(
    app: FleettuiApp, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a box with much to do, what takes a moment takes seconds."""
    monkeypatch.setattr(typeahead, "NEVER_LONGER", 0.1)
    monkeypatch.setattr(typeahead, "AT_REST", 0.001)
    opening = Form.on_mount

    async def slowly(form: Form) -> None:
        until = time.process_time() + 0.6
        while time.process_time() < until:
            await asyncio.sleep(0)
        opening(form)

    monkeypatch.setattr(Form, "on_mount", slowly)
    async with running(app) as pilot:
        await start(pilot)
        burst(app, "6nquincy")
        await wait_until(pilot, lambda: isinstance(app.screen, Form) and app.screen.is_mounted)
        login = app.screen.query(FieldInput).first()
        await wait_until(pilot, lambda: login.value.endswith("y"))
        assert login.value == "quincy"


async def test_the_app_ends_in_order_while_keys_are_waiting(app: FleettuiApp) -> None:
    async with running(app) as pilot:
        await start(pilot)
        burst(app, "65432?65432")
    assert app.screen_stack == []
    app._waiting.append(events.Key("6", "6"))  # what arrives while the last screen closes
    await app.on_lap(Lap(2))
    await app.on_lap(Lap(1))
    await app.wait_for_screen()
    assert not app._waiting


def in_one_packet(app: FleettuiApp, letter: str) -> None:
    """As Textual reads Esc and a letter that arrive together."""
    shift = "shift+" if letter.isupper() else ""
    app.post_message(events.Key(f"alt+{shift}{letter.lower()}", letter))


async def test_esc_and_the_next_letter_in_one_packet_are_two_keys(app: FleettuiApp) -> None:
    async with running(app) as pilot:
        await start(pilot)
        await pilot.press("question_mark")
        await wait_until(pilot, lambda: app.screen is not app.base_screen)
        in_one_packet(app, "6")
        await see(pilot, "▸6 Team")
        assert app.screen is app.base_screen


async def test_esc_and_a_capital_letter_are_two_keys_too(app: FleettuiApp) -> None:
    async with running(app) as pilot:
        await start(pilot)
        theme = app.theme
        in_one_packet(app, "T")
        await wait_until(pilot, lambda: app.theme != theme)


async def test_alt_and_a_letter_is_one_key_where_the_terminal_tells_them_apart(app: FleettuiApp) -> None:
    """kitty's protocol: it has no character, so that nothing is closed by it."""
    async with running(app) as pilot:
        await start(pilot)
        await pilot.press("question_mark")
        await wait_until(pilot, lambda: app.screen is not app.base_screen)
        app.post_message(events.Key("alt+6", None))
        await pilot.pause()
        assert app.screen is not app.base_screen


@pytest.mark.parametrize("keys", ["4gc", "4gr", "6n"])
async def test_a_dialog_takes_keys_from_its_beginning(
    app: FleettuiApp, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    """On a loaded box a key is in the app's queue before what `focus()` puts there."""
    workspace.tickets.new("Acme", "It fails")
    focus = Widget.focus
    monkeypatch.setattr(Widget, "focus", lambda self, *_: self if self.screen.is_modal else focus(self))
    async with running(app) as pilot:
        await start(pilot)
        burst(app, keys)
        await wait_until(pilot, lambda: isinstance(app.screen, Dialog))
        burst(app, "mark")
        await wait_until(pilot, lambda: "mark" in typed_in(app.focused))


def typed_in(widget: Widget | None) -> str:
    return str(getattr(widget, "text", "") or getattr(widget, "value", ""))


@pytest.mark.parametrize("patience", [typeahead.NEVER_LONGER, 0.1])
async def test_keys_wait_for_the_settings_of_the_inbox_however_slow_the_disk(
    app: FleettuiApp, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    """Both Esc went to the inbox, and the settings opened over the screen that came after it."""
    monkeypatch.setattr(typeahead, "NEVER_LONGER", patience)
    monkeypatch.setattr(typeahead, "AT_REST", 10)
    reading = Inbox.settings

    def slowly(inbox: Inbox) -> Settings:
        time.sleep(0.4)
        return reading(inbox)

    async with running(app) as pilot:
        await start(pilot)
        monkeypatch.setattr(Inbox, "settings", slowly)
        burst(app, "be\x1b\x1b6")
        await see(pilot, "▸6 Team")
        await pilot.pause(0.6)
        assert app.screen is app.base_screen
