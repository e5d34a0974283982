"""Our widgets inherit from Textual's, and so share a name space with its private parts: a name used twice would break it
silently, here or at its next release."""

from __future__ import annotations

import inspect
import pkgutil
import re
from functools import cache
from importlib import import_module

import pytest
from textual.message_pump import MessagePump

import screens

PRIVATE = re.compile(r"(?:self\.|def )(_[a-z]\w*)")


def ours() -> list[type]:
    kinds = {}
    for module in pkgutil.walk_packages(screens.__path__, "screens."):
        for kind in vars(import_module(module.name)).values():
            if inspect.isclass(kind) and issubclass(kind, MessagePump) and kind.__module__ == module.name:
                kinds[kind.__qualname__] = kind
    return list(kinds.values())


@cache
def private_names(kind: type) -> frozenset[str]:
    return frozenset(PRIVATE.findall(inspect.getsource(kind)))


@pytest.mark.parametrize("kind", ours(), ids=lambda kind: kind.__qualname__)
def test_no_private_name_of_textual_is_used_for_something_else(kind: type) -> None:
    theirs = [base for base in kind.__mro__ if base.__module__.startswith("textual.")]
    taken = {name for base in theirs for name in private_names(base)}
    assert not private_names(kind) & taken


def test_there_is_something_to_look_at() -> None:
    assert len(ours()) > 10
