"""What is said names the keys as they are for this person: no key stands in a text by its usual letter."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fleettui.workspace.first_steps import FIRST_STEPS
from fleettui.workspace.workspace import Workspace
from screens.app import SCREENS, FleettuiApp
from screens.commands import effective
from screens.commands.catalogue import BY_ID
from screens.commands.keymap import read
from tests.screens.conftest import SMALL, see, text_of, wait_until

SCREENS_CODE = Path(__file__).parents[3] / "screens"
DECLARED = SCREENS_CODE / "commands"
"""What keys are there, and what they are called."""
VERBS = "takes|opens|goes|shows|adds|brings|begins|ticks|asks|fills|sends|copies|resolves|lists|plans|leaves|closes|writes|does"
KEY_IN_TEXT = re.compile(
    rf"(?<![\w'’{{])[A-Za-z#&$!=,.@*_|+-] (?:{VERBS})\b|\([a-zA-Z#]\)|· [A-Z]$"
    r"|\b(?:Ctrl|Alt)\+[A-Z]\b|\bF\d\b|\bEsc\b|\bEnter (?:opens|goes|on|lists)\b|\bSpace (?:ticks|does|says|takes)\b"
)
OWN = {
    "screens/widgets/footer.py": {"Esc"},  # ends a chord, whatever has it otherwise
    "screens/dialogs/choosing.py": {"Esc"},
    "screens/dialogs/composer.py": {"Ctrl+Z"},  # of the text field itself
    "screens/shell/leaving.py": {"Ctrl+C"},
    "screens/plain/number.py": {"Enter goes"},
}
"""What is no command that could have another key."""
ANOTHER = "F17"


@pytest.fixture(autouse=True)
def _usual_keys_afterwards() -> Iterator[None]:
    yield
    effective.use({})


def texts_of(path: Path) -> Iterator[tuple[int, str]]:
    """Every text in the code but those that explain it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    explaining = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explaining:
            yield node.lineno, node.value


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(SCREENS_CODE.rglob("*.py")):
        if DECLARED not in path.parents:
            yield str(path.relative_to(SCREENS_CODE.parent)), path


def test_no_text_of_a_screen_names_a_key_by_its_usual_letter() -> None:
    literal = [
        f"{name}:{line}: {match.group()!r} in {text!r}"
        for name, path in modules()
        for line, text in texts_of(path)
        for match in KEY_IN_TEXT.finditer(text)
        if match.group() not in OWN.get(name, ())
    ]
    literal += [f"{step.key}: {step.how}" for step in FIRST_STEPS if KEY_IN_TEXT.search(step.how)]
    assert literal == []


def test_every_text_that_names_a_command_names_its_own_key() -> None:
    effective.use(dict.fromkeys(BY_ID, ANOTHER.lower()))
    named = 0
    for name, path in modules():
        for line, text in texts_of(path):
            for id_ in effective.COMMAND.findall(text):
                assert id_ in BY_ID, f"{name}:{line}"
                assert ANOTHER in effective.with_keys(text) and f"[{id_}]" not in effective.with_keys(text)
                named += 1
    assert named > 30


def test_the_first_chord_of_a_command_is_written_as_people_write_it() -> None:
    effective.use({"form.save": "ctrl+x ctrl+s,ctrl+s"})
    assert effective.key_of("form.save") == "Ctrl+X Ctrl+S"


async def test_empty_lists_and_messages_name_a_persons_own_keys(workspace: Workspace) -> None:
    remapped = ["calls.add", "calls.take_in", "calls.mine", "triage.create", "triage.views", "customers.add"]
    remapped += ["rituals.add", "rituals.mine", "playbooks.begin", "today.dismiss", "team.add"]
    other = {id_: f"F{number}" for number, id_ in enumerate(remapped, 4)}
    other |= {
        "app.undo": "F20",
        "board.back": "F21",
        "app.leave": "F22",
        "team.edit": "F23",
        "list.open": "F24",
    }
    lines = "\n".join(f'"{id_}" = "{key}"' for id_, key in other.items())
    app = FleettuiApp(workspace, keymap=read(f"[keys]\n{lines}\n"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        for number, name in enumerate(SCREENS, 1):
            await pilot.press(str(number))
            await see(pilot, f"▸{number}")
            above_the_keys = text_of(app).rpartition("\n")[0]
            literal = set(KEY_IN_TEXT.findall(above_the_keys)) - set(other.values())
            assert not literal, f"{name}: {literal}"
        await pilot.press("6")
        await wait_until(pilot, lambda: app.base_screen.rows.key)
        await pilot.press("f23")
        await see(pilot, "Change ")
        await pilot.press("x", "ctrl+s")
        await see(pilot, "F20 takes it back")
        await pilot.press("f20")
        await pilot.press("ctrl+c")
        await see(pilot, "F22 leaves")
        await pilot.press("slash", *"zzzzzz", "enter")
        await see(pilot, "F21 shows every row")
