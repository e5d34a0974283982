"""What the standard library may raise on a broken header or encoding: a part is lost then, not the mail."""

from __future__ import annotations

TROUBLE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
    NotImplementedError,
)
