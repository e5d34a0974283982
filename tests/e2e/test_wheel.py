"""What `pip install .` brings: the commands, the handbook's files, the messages and the screens, from any folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from screens.app import SCREENS

TOP = Path(__file__).parents[2]


def test_the_wheel_is_all_that_is_needed(tmp_path: Path) -> None:
    source = tmp_path / "source"
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=TOP, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        if (TOP / name).exists() and not name.startswith("tests/"):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            # data/ and templates/ are links inside the package, and must stay links
            shutil.copyfile(TOP / name, source / name, follow_symlinks=False)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(tmp_path), str(source)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
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
