"""What `pip install .` brings: the commands, the handbook's files, the messages and the screens, from any folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import textual

from screens.app import SCREENS
from tests.support.terminal import Terminal

TOP = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=TOP, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        if (TOP / name).exists() and not name.startswith("tests/"):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            # data/ and templates/ are links inside the package, and must stay links
            shutil.copyfile(TOP / name, source / name, follow_symlinks=False)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(source)], check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_is_all_that_is_needed(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)

    def run(*words: str) -> str:
        environment = {**os.environ, "PYTHONPATH": str(installed), "FLEETTUI_HOME": str(tmp_path / "home")}
        command = [sys.executable, *words]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = run("-c", "import fleettui, fleettui.data, fleettui.templates; print(fleettui.__file__)")
    assert where.startswith(str(installed)), "the wheel's own files, not the checkout's"
    run("-m", "fleettui", "init", "--demo")
    assert "Demo team" in run("-m", "fleettui", "today")
    assert run("-m", "fleettui", "doctor").endswith("all is well.\n")
    for module in (*(f"{name}.screen" for name in SCREENS), "dialogs.help"):
        run("-c", f"import screens.{module}")
    shipped = {path.name for path in (installed / "screens").rglob("*.tcss")}
    assert shipped == {path.name for path in (TOP / "screens").rglob("*.tcss")}


def test_it_is_installed_as_a_tool_is(wheel: Path, tmp_path: Path) -> None:
    """As pipx and uv do: the wheel alone in an environment of its own, with its commands, its manual and completion."""
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    python, command = venv / "bin" / "python", venv / "bin" / "fleettui"
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    # What it depends on comes from here, so that no network is needed; what is installed there goes first.
    libraries = next((venv / "lib").glob("python*/site-packages"))
    (libraries / "others.pth").write_text(f"{Path(textual.__file__).parents[1]}\n")
    environment = {
        **os.environ,
        "FLEETTUI_HOME": str(tmp_path / "home"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    environment.pop("PYTHONPATH", None)

    def run(*words: str) -> str:
        done = subprocess.run(
            [str(command), *words], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = [str(python), "-c", "import fleettui; print(fleettui.__file__)"]
    printed = subprocess.run(where, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert printed.stdout.startswith(str(venv)), "the wheel's own files, not the checkout's"
    run("init", "--demo")
    assert "Demo team" in run("today")
    assert "out-of-hours" in run("message")
    for shell in ("bash", "zsh", "fish"):
        assert "C|tickets show|" in run("completion", shell)
    share = venv / "share"
    assert (share / "man/man1/fleettui.1").read_bytes() == (TOP / "docs/fleettui.1").read_bytes()
    for name in (
        "bash-completion/completions/fleettui", "bash-completion/completions/ft", "zsh/site-functions/_fleettui",
        "fish/vendor_completions.d/fleettui.fish", "fish/vendor_completions.d/ft.fish",
    ):  # fmt: skip
        assert "fleettui completion" in (share / name).read_text(encoding="utf-8")
    with Terminal([str(command), "--screen", "triage"], env=environment, cwd=tmp_path) as terminal:
        terminal.wait_for("T-10")
        terminal.send("q")
        assert terminal.wait_exit() == 0
