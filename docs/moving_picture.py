"""The moving picture at the top of the README, drawn by the app itself: `python docs/moving_picture.py`.

The demo workspace on a clock that stands still, one frame after each scene's keys, all in one SVG that shows them one after the
other. It needs no program to play it: a browser does, and shows the first frame to whoever wants nothing to move.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from pictures import HERE, demo, smaller

from screens.app import FleettuiApp

FILE = HERE / "moving.svg"
COLUMNS, ROWS = 80, 24
CELL, LINE = 12.2, 24.4
"""How wide and how high a cell is in the pictures that Textual exports."""
EDGE, CAPTION = 12, 56
WIDTH, HEIGHT = round(COLUMNS * CELL) + 2 * EDGE, round(ROWS * LINE) + 2 * EDGE + CAPTION


class Scene(NamedTuple):
    keys: tuple[str, ...]
    shown: str
    """The keys as the person reads them below the picture."""
    words: str
    seconds: float = 2.5


SCENES = (
    Scene(("4",), "4", "Triage: who is owed an answer stands first", 3),
    Scene(("enter",), "Enter", "what the customer wrote, and the time that is left", 3),
    Scene(("t",), "t", "the ticket is yours, and everybody sees it at once"),
    Scene(("r",), "r", "answer: the thread stays in sight"),
    Scene(("ctrl+t",), "Ctrl+T", "the team's ready texts"),
    Scene(("f", "o", "l"), "f o l", "a few letters choose one"),
    Scene(("enter",), "Enter", "written, with what is known of the ticket", 3),
    Scene(("ctrl+s",), "Ctrl+S", "sent, and on the ticket", 3),
    Scene(("escape", "2"), "2", "Rituals: what the team does every day or week"),
    Scene(("space",), "Space", "done, with a name and a time"),
    Scene(("u",), "u", "whatever you did is taken back"),
    Scene(("ctrl+p",), "Ctrl+P", "finds everything"),
    Scene(tuple("northw"), "northw", "tickets, customers, people, commands: by a part of the name"),
    Scene(("enter",), "Enter", "and you are there", 3),
)


class Sheet:
    """What frames have in common, once: styles, and lines that look the same."""

    def __init__(self) -> None:
        self.styles: dict[str, str] = {}
        self.lines: dict[str, str] = {}

    def frame(self, svg: str) -> str:
        """One exported picture as uses of common lines."""
        svg = smaller(svg).replace("&#160;", "\u00a0")
        styles = dict(re.findall(r"\.terminal-\d+-(r\d+) \{ (.*?) \}", svg))
        rows: list[list[str]] = [[] for _ in range(ROWS)]
        for element in re.findall(
            r'<rect fill="[^"]*" x=[^>]*/>|<text class="terminal-\d+-r\d+".*?</text>', svg
        ):
            self._place(element, styles, rows)
        return "".join(
            f'<use href="#{self._line("".join(row))}" y="{number * LINE:.1f}"/>'
            for number, row in enumerate(rows)
            if row
        )

    def _place(self, element: str, styles: dict[str, str], rows: list[list[str]]) -> None:
        """Into its row, at the same height in each row."""
        height = float(re.search(r' y="([\d.]+)"', element)[1])  # type: ignore[index]
        row = min(int((height - 1) / LINE), ROWS - 1)
        element = re.sub(r' y="[\d.]+"', f' y="{height - row * LINE:.1f}"', element, count=1)
        rows[row].append(
            re.sub(r'class="terminal-\d+-(r\d+)"', lambda name: self._style(styles[name[1]]), element)
        )

    def _style(self, style: str) -> str:
        return f'class="{self.styles.setdefault(style, f"s{len(self.styles)}")}"'

    def _line(self, line: str) -> str:
        return self.lines.setdefault(line, f"l{len(self.lines)}")

    def css(self) -> str:
        return "".join(f".{name}{{{style}}}" for style, name in self.styles.items())

    def defs(self) -> str:
        return "\n".join(f'<g id="{name}">{line}</g>' for line, name in self.lines.items())


async def exported(home: Path) -> list[str]:
    workspace = demo(home)
    app = FleettuiApp(workspace)
    app.theme = "dark"
    pictures = []
    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        await pilot.pause(0.5)
        for scene in SCENES:
            for key in scene.keys:
                await pilot.press(key)
                await pilot.pause(0.1)
            await pilot.pause(0.5)
            pictures.append(app.export_screenshot(title="fleettui"))
    workspace.close()
    return pictures


def moves() -> str:
    """One frame after the other: each is seen from its second to the next one's."""
    total = sum(scene.seconds for scene in SCENES)
    begin, rules = 0.0, []
    for number, scene in enumerate(SCENES):
        end = begin + scene.seconds
        rules.append(
            f"@keyframes f{number}{{0%{{visibility:hidden}}{begin / total:.2%}{{visibility:visible}}"
            f"{end / total:.2%},100%{{visibility:{'visible' if end == total else 'hidden'}}}}}"
            f"#f{number}{{animation:f{number} {total}s step-end infinite}}"
        )
        begin = end
    return "\n".join(rules)


def caption(scene: Scene) -> str:
    keys = len(scene.shown) * CELL + 20
    top = HEIGHT - CAPTION
    return (
        f'<rect class="key" x="{EDGE}" y="{top}" width="{keys:.1f}" height="38" rx="6"/>'
        f'<text class="pressed" x="{EDGE + 10}" y="{top + 26}">{escape(scene.shown)}</text>'
        f'<text class="words" x="{EDGE + keys + 14:.1f}" y="{top + 26}">{escape(scene.words)}</text>'
    )


def together(pictures: list[str]) -> str:
    sheet = Sheet()
    frames = "\n".join(
        f'<g class="frame" id="f{number}">'
        f'<g transform="translate({EDGE},{EDGE})">{sheet.frame(picture)}</g>{caption(scene)}</g>'
        for number, (scene, picture) in enumerate(zip(SCENES, pictures, strict=True))
    )
    return f"""<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">
<title>fleettui: a ticket answered with a ready text, a ritual ticked, a customer found, all by keys</title>
<style>
text{{font-family:"Fira Code","DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:20px;white-space:pre}}
.pressed{{fill:#ffffff;font-weight:bold}}.words{{fill:#e4e7eb;font-family:Arial,"DejaVu Sans",sans-serif}}.key{{fill:#3b4654}}
{sheet.css()}
.frame{{visibility:hidden}}#f0{{visibility:visible}}
{moves()}
@media (prefers-reduced-motion:reduce){{.frame{{animation:none!important}}}}
</style>
<defs>
{sheet.defs()}
</defs>
<rect width="{WIDTH}" height="{HEIGHT}" rx="10" fill="#12161c"/>
{frames}
</svg>
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = os.environ["XDG_CONFIG_HOME"] = folder
        pictures = asyncio.run(exported(Path(folder) / "home"))
    FILE.write_text(together(pictures), encoding="utf-8")


if __name__ == "__main__":
    main()
