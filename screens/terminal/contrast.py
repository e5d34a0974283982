"""How well a colour stands out from another: the contrast ratio of WCAG 2, from 1 (alike) to 21 (black on white)."""

from __future__ import annotations

TEXT, SIGN = 7.0, 4.5
"""What text needs (WCAG 1.4.6), and what signs and lines need that say something."""

Rgb = tuple[int, int, int]


def rgb(colour: str) -> Rgb:
    """From "#d3d7dc"."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def contrast(ink: Rgb, ground: Rgb) -> float:
    """Whichever of the two is the lighter."""
    darker, lighter = sorted((luminance(ink), luminance(ground)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Rgb) -> float:
    """0 is black, 1 white. Each part of a colour is taken to light first: the numbers are not in proportion to it."""
    red, green, blue = (_light(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _light(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
