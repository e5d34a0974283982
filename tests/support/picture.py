"""What stands on the screen, with its colours, as text that can be compared and read in a diff."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from textual.app import App


def picture(app: App[Any]) -> str:
    """Every line of the screen, and below it the styles of its stretches: `3-10 bold #ff0000 on #000000`."""
    lines: list[str] = []
    for strip in app.screen._compositor.render_strips():
        lines.append(f"|{strip.text}|")
        styles = [str(segment.style or "") for segment in strip for _ in range(segment.cell_length)]
        end = 0
        stretches = []
        for style, cells in groupby(styles):
            start, end = end, end + len(list(cells))
            stretches.append(f"{start}-{end} {style}")
        lines.append("  " + "; ".join(stretches))
    return "\n".join(lines) + "\n"
