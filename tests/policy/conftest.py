"""A handbook as it is shipped: one to look at, and a folder to edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleettui.policy.handbook import Handbook, load
from tests.support.handbook_folder import new_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_folder(tmp_path)


@pytest.fixture(scope="module")
def handbook(tmp_path_factory: pytest.TempPathFactory) -> Handbook:
    """As shipped: for looking only."""
    return load(new_folder(tmp_path_factory.mktemp("shipped")))
