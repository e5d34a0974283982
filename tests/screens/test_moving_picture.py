"""The moving picture at the top of the README: whole, small, and of no machine in particular."""

from __future__ import annotations

import importlib.util
import itertools
import re
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

TOP = Path(__file__).parents[2]
PICTURE = TOP / "docs" / "pictures" / "moving.svg"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script that draws it, which stands beside the documentation and not in a package."""
    monkeypatch.syspath_prepend(str(TOP / "docs"))
    spec = importlib.util.spec_from_file_location("moving_picture", TOP / "docs" / "moving_picture.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "moving_picture", module)
    spec.loader.exec_module(module)
    return module


def root() -> ElementTree.Element:
    """That it can be read proves that the file is well-formed."""
    return ElementTree.parse(PICTURE).getroot()  # noqa: S314 - our own file


def drawn() -> list[ElementTree.Element]:
    return root().findall(f"{SVG}g[@class='frame']")


def words(element: ElementTree.Element) -> str:
    return " ".join("".join(text.itertext()) for text in element.iter(f"{SVG}text"))


def test_each_scene_of_the_script_is_a_frame_with_its_keys_and_words(script: ModuleType) -> None:
    captions = [words(frame) for frame in drawn()]
    assert captions == [f"{scene.shown} {scene.words}" for scene in script.SCENES]
    assert all(len(scene.shown) + len(scene.words) < script.COLUMNS - 4 for scene in script.SCENES)


def test_each_frame_shows_the_screen_and_every_line_it_uses_is_there() -> None:
    lines = {line.get("id"): line for line in root().findall(f"{SVG}defs/{SVG}g")}
    pictures = []
    for frame in drawn():
        used = [lines[use.get("href", "")[1:]] for use in frame.iter(f"{SVG}use")]
        pictures.append("\n".join(words(line) for line in used))
        assert len(used) > 20
    assert "T-1007" in pictures[0]
    assert "Northwind" in pictures[-1]
    assert all(before != after for before, after in itertools.pairwise(pictures))


def test_the_frames_follow_each_other_and_the_first_stands_where_nothing_may_move() -> None:
    style = PICTURE.read_text(encoding="utf-8").split("</style>")[0]
    seen = [
        re.search(rf"@keyframes f{number}{{.*?}}([\d.]+)%{{visibility:visible}}([\d.]+)%", style)
        for number in range(len(drawn()))
    ]
    times = [(float(match[1]), float(match[2])) for match in seen if match]
    assert len(times) == len(seen)
    assert times[0][0] == 0
    assert times[-1][1] == 100
    assert all(shown[1] == following[0] for shown, following in itertools.pairwise(times))
    assert "#f0{visibility:visible}" in style
    assert "prefers-reduced-motion" in style


def test_it_is_small_needs_nothing_from_elsewhere_and_shows_no_path_of_a_machine() -> None:
    text = PICTURE.read_text(encoding="utf-8")
    assert len(text.encode()) < 600_000
    assert not re.search(r"/(tmp|home|root|work|Users|var|dev)/", text)
    assert not re.search(r"url\(|<script|<image|@import", text)


def test_the_readme_shows_it_at_the_top_with_words_for_whoever_does_not_see_it() -> None:
    shown = re.search(r"!\[([^\]]*)\]\(([^)]*)\)", (TOP / "README.md").read_text(encoding="utf-8"))
    assert shown
    assert shown[2] == "docs/pictures/moving.svg"
    assert len(shown[1]) > 40
