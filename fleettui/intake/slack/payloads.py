"""Reads JSON payloads: one value, an array, or one value a line. A broken line does not affect the others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 100_000_000


@dataclass(frozen=True)
class Broken:
    """What could not be read, and why."""

    why: str


def read(content: bytes) -> list[Any]:
    """Every value in order; `Broken` in the place of one that is no JSON."""
    text = content.decode("utf-8-sig", "replace")
    if not text.strip():
        return []
    whole = _value(text)
    if isinstance(whole, list):
        return whole
    lines = [row for row in text.split("\n") if row.strip()]
    if isinstance(whole, Broken) and len(lines) > 1:
        return list(_each(lines))
    return [whole]


def _each(lines: list[str]) -> Iterator[Any]:
    for row in lines:
        value = _value(row)
        if isinstance(value, list):
            yield from value
        else:
            yield value


def _value(text: str) -> Any:
    """With json, not msgspec: it accepts unpaired surrogates, which senders do write. They are cleaned later."""
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        return Broken(f"this is not JSON: {error.msg}, at character {error.pos + 1}")
    except ValueError as error:
        return Broken(f"this is not JSON: {error}")
    except RecursionError:
        return Broken("this is not JSON that anybody means: it is nested too deeply")


def value_at(value: Any, *path: str) -> Any:
    """The value at a path of keys, or None."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def text_at(payload: Any, *path: str) -> str:
    """The text or number at a path of keys, as text; otherwise an empty one."""
    value = value_at(payload, *path)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
