"""Choosing one of many by typing."""

from __future__ import annotations

from screens.app import FleettuiApp
from screens.dialogs.choosing import PersonPicker
from screens.dialogs.picker import Picker
from screens.widgets.row import Row
from tests.screens.conftest import SMALL, see, text_of, wait_until

ROWS = [
    Row("heading", ("enterprise",), heading=True),
    Row("a", ("Big self-hosted", "enterprise")),
    Row("b", ("Self-made", "starter")),
    Row("c", ("Enterprise Ltd", "self-hosted")),
]


def keys_for(query: str) -> list[str]:
    return [row.key for row in Picker.find(query, ROWS)]


def test_words_in_any_order_and_first_what_begins_with_them() -> None:
    assert keys_for("hosted ENTERPRISE") == ["a", "c"]
    assert keys_for("self") == ["b", "a", "c"]
    assert keys_for("enterprise") == ["c", "a"]
    assert keys_for("slf") == []


async def test_what_it_is_chosen_for_stands_on_top_and_nobody_can_be_chosen(app: FleettuiApp) -> None:
    chosen: list[str | None] = []
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        picker = PersonPicker(nobody="back to its role", about="T-1 · It does not start")
        app.push_screen(picker, chosen.append)
        await see(pilot, "T-1 · It does not start")
        await pilot.press(*"nobody")
        await wait_until(pilot, lambda: "Zay" not in text_of(app))
        await pilot.press("enter")
        await wait_until(pilot, lambda: chosen == [""])


async def test_where_nobody_makes_no_sense_there_is_no_such_row(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        app.push_screen(PersonPicker())
        await see(pilot, "Zay Hanlon")
        assert "nobody" not in text_of(app)
