"""Themes that a person writes: read with one clear line for a mistake, offered by the key of themes, followed while worn."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleettui import config
from fleettui.errors import FleettuiError
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.commands.catalogue import BY_ID
from screens.dialogs.settings import settings
from screens.terminal import colours, theme_files
from screens.terminal.themes import DARK_COLOURS, LIGHT_COLOURS, ROLES
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, see, wait_until
from tests.support.picture import picture

GUIDE = Path(__file__).parents[3] / "docs" / "themes.md"
NEXT = BY_ID["app.theme"].keys.split(",")[0]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = config.user_config().parent / "themes"
    folder.mkdir(parents=True)
    return folder


def test_what_a_file_leaves_out_is_as_in_its_base(folder: Path) -> None:
    (folder / "night.toml").write_text('background = "#000000"\n')
    (folder / "paper.toml").write_text('base = "light"\nbackground = "#ffffff"\n')
    night, paper = theme_files.read("night").look, theme_files.read("paper").look
    assert (night.background, night.foreground, night.dark) == ("#000000", DARK_COLOURS["text"], True)
    assert (paper.background, paper.foreground, paper.dark) == ("#ffffff", LIGHT_COLOURS["text"], False)
    assert theme_files.read("night").warning == ""
    assert theme_files.names() == ["night", "paper"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('txet = "#000000"', "bad.toml: txet: no theme has such a colour; did you mean 'text'?"),
        ('text = "blue"', "bad.toml: text: expected a colour like \"#e4e7eb\", not 'blue'"),
        ("text = 7", 'bad.toml: text: expected a colour like "#e4e7eb", not 7'),
        ('base = "solarized"', 'bad.toml: base: expected "dark" or "light", not \'solarized\''),
        ("base = []", 'bad.toml: base: expected "dark" or "light", not []'),
        ('text = "', "bad.toml: "),
        ("\0", "bad.toml: "),
    ],
)
def test_a_mistake_is_one_line_that_names_the_colour(folder: Path, text: str, words: str) -> None:
    (folder / "bad.toml").write_text(text)
    with pytest.raises(FleettuiError) as refusal:
        theme_files.read("bad")
    assert words in str(refusal.value) and "\n" not in str(refusal.value)


def test_a_file_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / "bad.toml").write_bytes(b"text = \xff")
    (folder / "large.toml").write_text("#" * (theme_files.LARGEST + 1))
    (folder / "folder.toml").mkdir()
    for name in ("bad", "large", "folder", "gone"):
        with pytest.raises(FleettuiError):
            theme_files.read(name)


def test_poor_contrast_is_a_warning_and_the_theme_is_taken(folder: Path) -> None:
    (folder / "pale.toml").write_text('muted = "#555555"\nbackground = "#101010"\n')
    theme = theme_files.read("pale")
    assert theme.look.background == "#101010"
    assert (
        theme.warning.startswith("pale: muted on cursor has a contrast of 1.7") and "needs 7" in theme.warning
    )


def test_files_with_other_names_and_those_of_our_own_are_passed_over(folder: Path) -> None:
    for name in ("dark", ".hidden", "Night", "with space", "a" * 40):
        (folder / f"{name}.toml").write_text("")
    (folder / "notes.txt").write_text("")
    assert theme_files.names() == []


async def test_a_theme_is_offered_worn_and_followed(folder: Path, workspace: Workspace) -> None:
    file = folder / "night.toml"
    file.write_text('background = "#010203"\n')
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await wait_until(pilot, lambda: app.screen.query(Rows))
        for words in ("light", "16 colours", "night"):
            await pilot.press(NEXT)
            await see(pilot, f"Colours: {words}")
        await wait_until(pilot, lambda: "on #010203" in picture(app))
        file.write_text('background = "#040506"\n')
        await wait_until(pilot, lambda: "on #040506" in picture(app))
        assert "on #010203" not in picture(app)
        assert "theme.night" in [setting.key for setting in settings(app)]
        file.write_text('background = "black"\n')
        await see(pilot, "background: expected a colour")
        assert "on #040506" in picture(app)
        file.write_text('background = "#040506"\nmuted = "#333333"\n')
        await see(pilot, "has a contrast of")
        await wait_until(pilot, lambda: "#333333 on #040506" in picture(app))
    assert colours.chosen_last() == "night"
    assert FleettuiApp(workspace).theme == "night"


async def test_a_theme_with_a_mistake_leaves_the_start_as_it_is(folder: Path, workspace: Workspace) -> None:
    (folder / "night.toml").write_text("rule = 1\n")
    colours.keep("night")
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "rule: expected a colour")
        assert app.theme == "dark"
        (folder / "night.toml").write_text('background = "#010203"\n')
        await wait_until(pilot, lambda: app.theme == "night")
    (folder / "night.toml").unlink()
    assert FleettuiApp(workspace).theme == "dark"


def test_the_guide_names_every_colour_and_its_example_is_read(folder: Path) -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for role, use in ROLES.items():
        assert f"| `{role}` | {use} |" in guide
    (folder / "night.toml").write_text(guide.partition("```toml\n")[2].partition("```")[0])
    assert theme_files.read("night").warning == ""
