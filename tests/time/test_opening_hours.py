"""SUP-3: the hours that a customer is words are those of the handbook."""

from __future__ import annotations

import pytest

from fleettui.time.business import Hours, hours_in_words
from fleettui.workspace.workspace import Workspace

WEEK = ("mon", "tue", "wed", "thu", "fri")


def test_sup_3_sla_12_the_hours_of_the_handbook_in_words(workspace: Workspace) -> None:
    assert hours_in_words(workspace.handbook.hours) == "Monday to Friday, 6:00 to 16:00 (Los Angeles time)"


@pytest.mark.parametrize(
    ("opened", "words"),
    [
        ({}, "never open"),
        ({"sat": [("10:00", "12:00")]}, "Saturday, 10:00 to 12:00 (New York time)"),
        (
            {day: [("13:00", "17:00"), ("09:00", "12:00")] for day in WEEK[:2]},
            "Monday and Tuesday, 9:00 to 12:00 and 13:00 to 17:00 (New York time)",
        ),
        (
            {**{day: [("09:00", "17:00")] for day in WEEK}, "wed": [("09:00", "12:00")]},
            "Monday and Tuesday, 9:00 to 17:00; Wednesday, 9:00 to 12:00; Thursday and Friday, 9:00 to 17:00 "
            "(New York time)",
        ),
        ({"sun": [("00:00", "24:00")]}, "Sunday, 0:00 to 24:00 (New York time)"),
    ],
)
def test_days_with_the_same_hours_stand_together(
    opened: dict[str, list[tuple[str, str]]], words: str
) -> None:
    assert hours_in_words(Hours(zone="America/New_York", open=opened)) == words
