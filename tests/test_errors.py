"""Errors carry the field that they are about; nobody takes their text apart."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from fleettui.domain.customers.model import Customer, matching
from fleettui.errors import Ambiguous, Refused, Unusable, WrongUsage

SOURCES = sorted(
    path for folder in ("fleettui", "screens") for path in (Path(__file__).parents[1] / folder).rglob("*.py")
)
ERRORS = ("Refused", "WrongUsage", "Unusable")
FIELD_IN_TEXT = re.compile(r"f?[\"'](\{field\}|\{unknown\[0\]\}|--[a-z-]+|[a-z_]+): ")


@pytest.mark.parametrize("kind", [Refused, WrongUsage, Unusable])
def test_the_field_is_printed_in_front_of_the_text(kind: type[Refused | WrongUsage | Unusable]) -> None:
    error = kind("there is no tier 'gold'", field="tier")
    assert (str(error), error.field, error.text) == (
        "tier: there is no tier 'gold'",
        "tier",
        "there is no tier 'gold'",
    )


def test_without_a_field_the_text_stands_alone() -> None:
    error = Refused("T-1042: nothing is left to take back")
    assert (str(error), error.field, error.text) == (error.text, "", "T-1042: nothing is left to take back")


def test_a_name_that_several_things_fit_is_an_error_of_its_own() -> None:
    customers = [Customer(id=f"C-{name}", name=name) for name in ("Northwind Robotics", "Northwind Foods")]
    with pytest.raises(Ambiguous, match="could be Northwind"):
        matching(customers, "northw")
    with pytest.raises(Refused) as unknown:
        matching(customers, "Contoso")
    assert not isinstance(unknown.value, Ambiguous)


def test_no_error_has_its_field_in_its_text() -> None:
    for path in SOURCES:
        source = path.read_bytes()
        if not any(b"%b(" % name.encode() in source for name in ERRORS):
            continue
        lines = source.split(b"\n")
        for node in ast.walk(ast.parse(source)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
                continue
            if node.func.id in ERRORS:
                text = lines[node.args[0].lineno - 1][node.args[0].col_offset :].decode()
                assert not FIELD_IN_TEXT.match(text.lstrip("( \n")), f"{path}:{node.lineno}: {text}"
