"""The numbers of docs/time.md are what the code says."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from fleettui.domain.tickets.sla import debt_for
from tests.domain.tickets.test_sla import CALENDARS, POLICY

TEXT = (Path(__file__).parents[2] / "docs" / "time.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"(\w+), (P\d), arrived (\S+), due (\S+)\. ?([^#]*?\n\n)(\|.*?)\n\n", TEXT, re.DOTALL)


def test_there_are_three() -> None:
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize(("tier", "priority", "arrived", "due", "_", "table"), EXAMPLES)
def test_a_worked_example(tier: str, priority: str, arrived: str, due: str, _: str, table: str) -> None:
    owed = debt_for(POLICY, CALENDARS, tier, priority, datetime.fromisoformat(arrived))
    assert owed.due is not None
    assert shown(owed.due) == due
    rows = [
        f"| {shown(item.start)} | {shown(item.end)} | {item.counted} | {item.why} |" for item in owed.trace()
    ]
    assert table.splitlines()[2:] == rows


def shown(moment: datetime) -> str:
    return moment.astimezone(CALENDARS.working.zone).isoformat(timespec="minutes")
