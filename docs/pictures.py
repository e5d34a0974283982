"""The pictures in docs/pictures, drawn by the app itself: `python docs/pictures.py`.

`python docs/pictures.py --widths FOLDER` draws every screen at three widths into docs/pictures/FOLDER: to see two states of the
app side by side, on the page docs/pictures/README.md, which it writes too.

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
SCREEN_NAMES = ("today", "rituals", "calls", "triage", "playbooks", "team", "customers")
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

SCREENS = {
    **{name: [key] for key, name in zip("1234567", SCREEN_NAMES, strict=True)},
    "call": ["3", "j", "enter"],
    "playbook": ["5", "j", "j", "enter"],
}
"""What is drawn at each of these widths, and the keys that lead there."""
WIDTHS = ((80, 24), (120, 40), (200, 60))
BEFORE = "before"
"""The folder of how they were before their lists measured what they show."""
PAGE_TOP = """# Every screen at three widths, before and after

Written by `make pictures`. The demo workspace, Monday 10:20; a call and a playbook are opened.
*Before* is the version in which each column had a fixed width and the keys had other letters.
"""


def demo(home: Path) -> Workspace:
    workspace = create(NewWorkspace(home, frozen_clock(NOW), "tobias", fill))
    workspace.people.away("ines", date(2026, 3, 9), date(2026, 3, 13), "tobias")
    workspace.people.away("wen", date(2026, 3, 12), date(2026, 3, 13))
    workspace.people.edit("ravi", {"phone": "+1 555 0114"})
    return workspace


async def draw(name: str, workspace: Workspace, size: tuple[int, int], theme: str, keys: list[str]) -> str:
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


def make(name: str, size: tuple[int, int], theme: str, keys: list[str], into: Path = HERE) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder
        workspace = demo(Path(folder) / "home")
        svg = asyncio.run(draw(name, workspace, size, theme, keys))
        workspace.close()
    into.mkdir(exist_ok=True)
    (into / f"{name}.svg").write_text(svg, encoding="utf-8")


def at_widths(folder: str) -> None:
    for screen, keys in SCREENS.items():
        for size in WIDTHS:
            name = f"{screen}-{size[0]}"
            make(name, size, "dark", keys, HERE / folder)
            file = HERE / folder / f"{name}.svg"
            file.write_text(smaller(file.read_text(encoding="utf-8")), encoding="utf-8")
    (HERE / "README.md").write_text(page(folder), encoding="utf-8")


def page(after: str) -> str:
    """Each screen before and after, beside each other, one width below the other."""
    lines = [PAGE_TOP]
    for screen in SCREENS:
        lines += [f"## {screen.capitalize()}", "", "| | before | after |", "|---|---|---|"]
        for width, height in WIDTHS:
            pictures = [
                f"![{screen}, {width} columns, {folder}]({folder}/{screen}-{width}.svg)"
                for folder in (BEFORE, after)
            ]
            lines.append(f"| {width}x{height} | {' | '.join(pictures)} |")
        lines.append("")
    return "\n".join(lines)


def smaller(svg: str) -> str:
    """Shorter, and looks the same: without the edges of each line, and with one decimal in each number."""
    svg = re.sub(r'<clipPath id="[^"]*-line-\d+">.*?</clipPath>\s*', "", svg, flags=re.DOTALL)
    svg = re.sub(r' clip-path="url\([^"]*-line-\d+\)"', "", svg)
    svg = re.sub(r"(\d+\.\d)\d+", r"\1", svg)
    return svg.replace(' shape-rendering="crispEdges"', "")


def main(names: list[str]) -> None:
    if names[:1] == ["--widths"]:
        at_widths(names[1])
        return
    for name in names or PICTURES:
        make(name, *PICTURES[name])


if __name__ == "__main__":
    main(sys.argv[1:])
