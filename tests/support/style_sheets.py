"""Each style sheet is parsed once in a process, not once for each of the two thousand apps that tests open: it was a tenth of the
time of a test of the screens. What is parsed depends on the text, where it comes from and the colours, and nobody changes it."""

from __future__ import annotations

from typing import Any

from textual.css.stylesheet import Stylesheet

_parse = Stylesheet._parse_rules
_PARSED: dict[tuple[object, ...], Any] = {}


def _parsed_once(
    self: Stylesheet,
    css: str,
    read_from: tuple[str, str],
    is_default_rules: bool = False,
    tie_breaker: int = 0,
    scope: str = "",
) -> Any:
    about = (css, read_from, is_default_rules, tie_breaker, scope)
    key = (*about, *self._variables.items())
    if key not in _PARSED:
        _PARSED[key] = _parse(self, *about)
    return _PARSED[key]


def parse_once() -> None:
    Stylesheet._parse_rules = _parsed_once  # type: ignore[method-assign]
