"""docs/handbook.md: every rule of the handbook, where the product does it, and tests that name it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fleettui.cli.main import COMMANDS

TOP = Path(__file__).parents[2]
FAMILIES = {"SLA": 17, "SUP": 21, "CALL": 12, "RIT": 17, "PLAY": 18, "GTM": 9}
RULES = [f"{family}-{number}" for family, count in FAMILIES.items() for number in range(1, count + 1)]
ROW = re.compile(r"^\| ([A-Z]+-\d+) \| (.+) \| (.+) \|$", re.MULTILINE)
TABLE = ROW.findall((TOP / "docs" / "handbook.md").read_text(encoding="utf-8"))
NAMED = re.compile(r"`([^`]+)`")
PATH = re.compile(r"^(?:data|fleettui|screens|templates)/[\w./-]+$")


def test_every_rule_stands_there_once_and_in_order() -> None:
    assert [rule for rule, _, _ in TABLE] == RULES


@pytest.mark.parametrize(("rule", "_short", "where"), TABLE, ids=[rule for rule, _, _ in TABLE])
def test_what_the_table_names_is_there(rule: str, _short: str, where: str) -> None:
    paths = [name for name in NAMED.findall(where) if PATH.match(name)]
    assert paths, f"{rule}: no file is named"
    assert [path for path in paths if not (TOP / path).exists()] == []
    commands = [name.split()[1] for name in NAMED.findall(where) if name.startswith("fleettui ")]
    assert set(commands) <= set(COMMANDS)


@pytest.mark.parametrize(("rule", "_short", "where"), TABLE, ids=[rule for rule, _, _ in TABLE])
def test_functions_that_the_table_names_are_in_the_file_before_them(
    rule: str, _short: str, where: str
) -> None:
    for path, names in re.findall(r"`([\w./-]+\.py)` \(((?:`\w+`(?:, )?)+)\)", where):
        source = (TOP / path).read_text(encoding="utf-8")
        for name in NAMED.findall(names):
            assert re.search(rf"^\s*(?:def|class) {name}\b", source, re.MULTILINE), f"{rule}: {path}: {name}"


SAID = re.compile(
    r"(?<![A-Za-z])(SLA|SUP|CALL|RIT|PLAY|GTM)[-_](\d+)(?:(?:_to_| to [A-Z]+-)(\d+)|_and_(\d+))?",
    re.IGNORECASE,
)
"""SUP-3, test_sup_3_..., test_sla_10_and_11_..., CALL-3 to CALL-8."""


def test_every_rule_is_named_by_a_test() -> None:
    named: set[str] = set()
    for file in (TOP / "tests").rglob("test_*.py"):
        if file.name == Path(__file__).name:
            continue
        for family, first, last, other in SAID.findall(file.read_text(encoding="utf-8")):
            numbers = [*range(int(first), int(last or first) + 1), *([int(other)] if other else [])]
            named |= {f"{family.upper()}-{number}" for number in numbers}
    assert [rule for rule in RULES if rule not in named] == []
