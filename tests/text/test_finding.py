"""One way to find a row by what a person types."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from fleettui.errors import Ambiguous, Refused
from fleettui.text import finding


class Ship(NamedTuple):
    id: str
    name: str
    codename: str = ""


FLEET = [
    Ship("S-1", "Aurora"),
    Ship("S-2", "Aurora Borealis", "Heron"),
    Ship("S-3", "Dawn"),
    Ship("S-4", "Day"),
]


def find(typed: str) -> Ship:
    return finding.find(
        FLEET,
        typed,
        names=lambda ship: ship,
        beginnings=lambda ship: (ship.name,),
        label=lambda ship: ship.id,
        unknown="There is no ship {}.",
    )


@pytest.mark.parametrize(
    ("typed", "id_"),
    [
        ("s-3", "S-3"),
        ("aurora", "S-1"),
        ("Aurora b", "S-2"),
        (" HERON ", "S-2"),
        ("daw", "S-3"),
        ("\x1b[31mDay", "S-4"),
    ],
)
def test_a_whole_name_wins_over_a_beginning(typed: str, id_: str) -> None:
    assert find(typed).id == id_


def test_several_are_named_and_told_apart_from_none() -> None:
    with pytest.raises(Ambiguous, match=r"^'da' could be S-3, S-4$"):
        find("da")


@pytest.mark.parametrize("typed", ["titanic", "", "  ", "her"])
def test_nothing_fits(typed: str) -> None:
    with pytest.raises(Refused, match=r"^There is no ship '.*'\.$") as refusal:
        find(typed)
    assert not isinstance(refusal.value, Ambiguous)


def test_a_long_list_is_cut() -> None:
    many = [Ship(f"S-{number}", "Same") for number in range(9)]
    with pytest.raises(Ambiguous, match=r"^'sa' could be 0, 1, 2, 3, 4$"):
        finding.find(
            many,
            "sa",
            names=lambda _: (),
            beginnings=lambda ship: (ship.name,),
            label=lambda ship: ship.id[2:],
            unknown="",
        )


def test_the_nearest_name_is_suggested() -> None:
    names = [ship.name for ship in FLEET]
    assert finding.nearest("arora", names) == "Aurora"
    assert finding.nearest("zebra", names) == ""
    assert finding.did_you_mean("arora", names) == "; did you mean 'Aurora'?"
    assert finding.did_you_mean("zebra", names) == ""
