"""The pictures in docs/pictures, drawn by the app itself: `python docs/pictures.py`.

Everything in them is the demo workspace on a clock that stands still, so that they change only when the app does.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from fleettui.demo import fill
from fleettui.time.clock import frozen_clock
from fleettui.workspace.creation import NewWorkspace, create
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp

HERE = Path(__file__).parent / "pictures"
NOW = datetime(2026, 3, 9, 17, 20, tzinfo=UTC)
"""Monday, 10:20 in Los Angeles."""

PICTURES: dict[str, tuple[tuple[int, int], str, list[str]]] = {
    "today": ((100, 28), "dark", []),
    "rituals": ((110, 28), "dark", ["2", "j", "j"]),
    "calls": ((110, 28), "light", ["3", "j"]),
    "triage": ((110, 28), "dark", ["4", "j", "j"]),
    "playbooks": ((110, 28), "light", ["5", "j"]),
    "team": ((110, 28), "dark", ["6", "j", "j"]),
    "team-80": ((80, 24), "dark", ["6", "j", "j", "enter"]),
    "team-form": ((80, 24), "dark", ["6", "j", "e"]),
    "filter": ((80, 24), "light", ["5", "slash", "c", "u", "s", "t"]),
    "palette": ((80, 24), "dark", ["6", "ctrl+p", "a"]),
    "help": ((80, 24), "dark", ["6", "question_mark"]),
    "today-60": ((60, 20), "ansi", []),
}


def demo(home: Path) -> Workspace:
    workspace = create(NewWorkspace(home, frozen_clock(NOW), "tobias", fill))
    workspace.people.away("ines", date(2026, 3, 9), date(2026, 3, 13), "tobias")
    workspace.people.away("wen", date(2026, 3, 12), date(2026, 3, 13))
    workspace.people.edit("ravi", {"phone": "+1 555 0114"})
    return workspace


async def draw(name: str, workspace: Workspace) -> str:
    size, theme, keys = PICTURES[name]
    app = FleettuiApp(workspace)
    app.theme = theme
    async with app.run_test(size=size) as pilot:
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        await pilot.pause(0.2)
        svg = app.export_screenshot(title="fleettui")
    # Textual names its styles by a number that differs from run to run; some programs drop blanks unless told to keep them
    named = re.sub(r"terminal-\d+", f"terminal-{name}", svg)
    return named.replace("<svg ", '<svg xml:space="preserve" ', 1)


def main(names: list[str]) -> None:
    HERE.mkdir(exist_ok=True)
    for name in names or PICTURES:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_STATE_HOME"] = folder
            workspace = demo(Path(folder) / "home")
            svg = asyncio.run(draw(name, workspace))
            workspace.close()
        (HERE / f"{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
