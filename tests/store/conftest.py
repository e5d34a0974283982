"""Every place that documents can be kept in, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.places import PLACES, Place, close_all


@pytest.fixture(autouse=True)
def no_connection_stays() -> Iterator[None]:
    yield
    close_all()


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return PLACES[request.param](tmp_path)


@pytest.fixture
def store(place: Place) -> Any:
    """Open there. A module of the tests of one kind of store has a fixture of its own."""
    return place.open()
