"""JSON that comes in on standard input: one value, an array, or one value a line. A broken one does not take the others along."""

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
    said = content.decode("utf-8-sig", "replace")
    if not said.strip():
        return []
    whole = _value(said)
    if isinstance(whole, list):
        return whole
    lines = [row for row in said.split("\n") if row.strip()]
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


def _value(said: str) -> Any:
    """The standard library's reader, because it takes in half a character, which senders do write; cleaning comes later."""
    try:
        return json.loads(said, strict=False)
    except json.JSONDecodeError as error:
        return Broken(f"this is not JSON: {error.msg}, at character {error.pos + 1}")
    except ValueError as error:
        return Broken(f"this is not JSON: {error}")
    except RecursionError:
        return Broken("this is not JSON that anybody means: it is nested too deeply")


def field(value: Any, *path: str) -> Any:
    """What stands at a path of objects, or None."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def words(value: Any, *path: str) -> str:
    """The same where it is text; a number as it is written; otherwise nothing."""
    found = field(value, *path)
    if isinstance(found, str):
        return found
    return str(found) if isinstance(found, int | float) and not isinstance(found, bool) else ""
