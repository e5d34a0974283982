"""Whether what stands on the screen can be read: its contrast, as it is drawn, and whether a message covers anything."""

from __future__ import annotations

from typing import Any

from rich.style import Style
from textual.app import App
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget

from screens.terminal.contrast import SIGN, TEXT, Rgb, contrast


def pale(app: App[Any]) -> list[str]:
    """Every stretch of the screen that stands out too little from what is behind it: letters and digits need more than signs."""
    stretches = {
        (segment.text.strip(), segment.style)
        for strip in app.screen._compositor.render_strips()
        for segment in strip
        if segment.text.strip()
    }
    return [
        f"{ratio:.2f} {text!r} {style}"
        for text, style in stretches
        if (ratio := ratio_of(style)) < (TEXT if any(map(str.isalnum, text)) else SIGN)
    ]


def ratio_of(style: Style | None) -> float:
    assert style is not None and style.color is not None and style.bgcolor is not None and not style.dim
    ink: Rgb = tuple(style.color.get_truecolor())  # type: ignore[assignment]
    ground: Rgb = tuple(style.bgcolor.get_truecolor())  # type: ignore[assignment]
    return contrast(ink, ground)


def covered_by_message(app: App[Any]) -> list[str]:
    """What the message lies over; it has to be on the screen itself, whole."""
    rack = app.screen.query_one("ToastRack")
    if not (rack.query("Toast") and rack.region.height):
        return ["there is no message"]
    if not app.screen.region.contains_region(rack.region):
        return [f"the message is at {rack.region}"]
    return [
        f"{widget!r} {region}"
        for widget, region in leaves(app.screen)
        if rack not in widget.ancestors_with_self and region.overlaps(rack.region)
    ]


def leaves(top: Screen[Any]) -> list[tuple[Widget, Region]]:
    """All that can be seen and holds nothing else, or is drawn as a box; and where, as far as its holders show it."""
    seen = [widget for widget in top.walk_children(Widget) if widget.is_on_screen]
    boxes = ("form", "picker", "list", "composer", "preview")
    places = [(widget, top.find_widget(widget).visible_region) for widget in seen]
    return [
        (widget, region)
        for widget, region in places
        if region.area and (not widget.children or widget.id in boxes)
    ]
