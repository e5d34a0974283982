"""docs/architecture.md: the tree that it shows is the tree that is there."""

from __future__ import annotations

import re
from pathlib import Path

TOP = Path(__file__).parents[1]
PAGE = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8")
PATHS = {
    name
    for name in re.findall(r"`([^`\s]+)`", PAGE)
    if "/" in name and not name.startswith(("handbook/", "<"))
}


def test_every_path_that_it_names_is_there() -> None:
    assert sorted(name for name in PATHS if not (TOP / name).exists()) == []


def test_every_package_stands_in_its_tree() -> None:
    packages = {
        f"{file.parent.relative_to(TOP)}/"
        for top in ("fleettui", "screens")
        for file in (TOP / top).rglob("__init__.py")
    }
    parts = {"fleettui/data/", "fleettui/templates/"}
    parts |= {name for name in packages if re.fullmatch(r"screens/\w+/actions/", name)}
    beneath = {
        name for name in packages if name.startswith("fleettui/cli/commands/") or name.endswith("/actions/")
    }
    assert sorted(packages - PATHS - parts - beneath) == []
