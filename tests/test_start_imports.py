"""What a start imports is what it costs: the greeting at sign-in and the app's first screen load no more than they need.

A new module that is needed later is imported late. Who adds one that is needed at once changes the number here, knowingly.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home

pytestmark = pytest.mark.slow

COMMAND = """
import json, sys
from fleettui.cli.main import main
main({words!r})
print()
print(json.dumps(sorted(sys.modules)))
"""
COMPLETE = COMMAND.format(words=["complete", "ticket", "T-10"])
ANNOTATIONS = """
import json, sys, typing
texts = []

def note(event, args):
    if event == "compile" and sys._getframe(1).f_code.co_filename == typing.__file__:
        texts.append(str(args[0]))

sys.addaudithook(note)
from fleettui.cli.main import main
main({words!r})
print()
print(json.dumps(texts))
"""
APP = """
import asyncio, json, sys
from pathlib import Path
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp

async def start(home):
    app = FleettuiApp(Workspace.open(Path(home)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        loaded = sorted(sys.modules)
        app.exit()
    print(json.dumps(loaded))

import os
asyncio.run(start(os.environ["FLEETTUI_HOME"]))
"""
OURS_IN_COMPLETE = 80
"""At each Tab."""
OURS_IN_COMMANDS = {"today": 149, "tickets list": 116, "rituals list": 112}
OURS_IN_THE_APP = 177
"""Modules of fleettui and screens, empty __init__ files not counted."""
MOST_ANNOTATIONS = 121
"""Annotations that are text (`from __future__ import annotations`), which msgspec compiles to read a type: 25 µs each. The
modules of the types that a start reads do without it."""
LATER = {
    "pendulum",
    "jinja2",
    "tinydb",
    "icalendar",
    "recurring_ical_events",
    "yaml",
    "ssl",
    "http",
    "csv",
    "difflib",
    "imap_tools",
    "slack_sdk",
    "websockets",
    "httpx",
    "caldav",
}
"""Needed by some keys and commands, and by no start."""
SLOW_FOR_A_COMMAND = {
    "dataclasses",
    "inspect",
    "importlib.resources",
    "typing_extensions",
    "zipfile",
    "tempfile",
    "textwrap",
    "platform",
    "calendar",
    "rich.cells",
}
"""3 to 10 ms each, with what they load. A frozen dataclass takes most of a millisecond more, a msgspec struct nearly nothing."""


def loaded_by(code: str, tmp_path: Path) -> list[str]:
    home = make_home(tmp_path / "home", MONDAY_MORNING, demo=True)
    environment = {
        **os.environ,
        "FLEETTUI_HOME": str(home),
        "FLEETTUI_NOW": MONDAY_MORNING.isoformat(),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    modules: list[str] = json.loads(done.stdout.splitlines()[-1])
    return modules


def ours(modules: list[str]) -> list[str]:
    top = Path(__file__).parents[1]
    files = {name: top / (name.replace(".", "/") + ".py") for name in modules if is_ours(name)}
    return [name for name, file in files.items() if file.is_file()]


def is_ours(name: str) -> bool:
    return name.partition(".")[0] in ("fleettui", "screens")


@pytest.mark.parametrize("words", OURS_IN_COMMANDS)
def test_a_command_of_every_day_imports_little(words: str, tmp_path: Path) -> None:
    """0.6 of the start of a bare Textual app: `python -m bench.commands` measures it."""
    modules = loaded_by(COMMAND.format(words=words.split()), tmp_path)
    assert sorted((LATER | SLOW_FOR_A_COMMAND) & set(modules)) == []
    assert not {"textual", "rich.console"} & set(modules)
    assert len(ours(modules)) <= OURS_IN_COMMANDS[words], ours(modules)


def test_a_tab_imports_little(tmp_path: Path) -> None:
    modules = loaded_by(COMPLETE, tmp_path)
    assert sorted(LATER & set(modules)) == []
    assert not {"textual", "rich"} & set(modules)
    assert len(ours(modules)) <= OURS_IN_COMPLETE, ours(modules)


def test_the_first_screen_imports_little(tmp_path: Path) -> None:
    modules = loaded_by(APP, tmp_path)
    # asyncio loads ssl, Textual difflib
    assert sorted((LATER - {"difflib", "ssl"}) & set(modules)) == []
    assert len(ours(modules)) <= OURS_IN_THE_APP, ours(modules)


@pytest.mark.parametrize("words", [["today"], ["rituals", "list"]])
def test_a_start_compiles_few_annotations(words: list[str], tmp_path: Path) -> None:
    texts = loaded_by(ANNOTATIONS.format(words=words), tmp_path)
    assert len(texts) <= MOST_ANNOTATIONS, texts
