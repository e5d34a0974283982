"""fleettui tour: three minutes in a demo of its own, which is removed afterwards. The team's workspace is never touched.

The app runs in a process of its own: it may be ended at any moment, and this one removes the folder in every case.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import tempfile
from pathlib import Path

from fleettui import config
from fleettui.cli.asking import has_terminal
from fleettui.cli.output import print_json
from fleettui.cli.parser import Context, add_common_options
from fleettui.errors import WrongUsage

STATE_BY = "XDG_STATE_HOME"
TAKEN_OVER = ("theme",)
"""Of what the app remembers for the person."""
WAITED_OUT = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""The app ends by these in order; then the folder goes."""


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run, reads=True)


def _run(options: argparse.Namespace, context: Context) -> int:
    if options.json or (context.is_plain and not has_terminal()):
        return _print_steps(options)
    if not has_terminal():
        raise WrongUsage("the tour needs a terminal; `fleettui tour --json` has its steps")
    if os.environ.get("TERM") == "dumb" and not context.is_plain:
        raise WrongUsage(
            "TERM is dumb: the tour needs a terminal that can move its cursor; `fleettui --plain tour` needs none"
        )
    folder = Path(tempfile.mkdtemp(prefix="fleettui-tour-"))
    try:
        return _in_a_process(folder, context)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _print_steps(options: argparse.Namespace) -> int:
    """What the tour would show, to be tried in a demo with `fleettui --plain`."""
    from screens.commands.effective import with_keys
    from screens.tour.steps import NEXT, STEPS

    steps = [{"do": with_keys(step.do), "why": with_keys(step.why)} for step in STEPS]
    if options.json:
        print_json({"steps": steps, "next": with_keys(NEXT)})
        return 0
    print("In a demo (`fleettui init --demo --home DIR`, then `fleettui --plain --home DIR`) try:")
    for number, step in enumerate(steps, 1):
        print(f"{number}. {step['do']} {step['why']}")
    return 0


def _in_a_process(folder: Path, context: Context) -> int:
    before = {number: signal.signal(number, signal.SIG_IGN) for number in WAITED_OUT}
    child = os.fork()
    if child == 0:
        code = 1
        try:
            for number, handler in before.items():
                signal.signal(number, handler)
            code = _tour(folder, context)
        finally:
            os._exit(code)
    try:
        return _waited_for(child)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _waited_for(child: int) -> int:
    """The child's exit code. When the person stops it (Ctrl+Z), this stops with it."""
    while True:
        _, status = os.waitpid(child, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            return os.waitstatus_to_exitcode(status) & 0xFF
        os.kill(os.getpid(), signal.SIGSTOP)
        os.kill(child, signal.SIGCONT)


def _tour(folder: Path, context: Context) -> int:
    from fleettui import demo
    from fleettui.workspace.creation import NewWorkspace, create
    from fleettui.workspace.workspace import Workspace

    _take_over_state(folder / "state" / "fleettui")
    home = folder / "home"
    create(NewWorkspace(home, context.clock, config.login(), demo.fill, None, config.full_name())).close()
    if context.is_plain:
        from screens.tour.plain import run
    else:
        from screens.tour.app import run

    return run(Workspace.open(home, clock=context.clock, in_app=True))


def _take_over_state(state: Path) -> None:
    """What the app remembers goes with the folder, too; the person's colours are theirs from the start."""
    state.mkdir(parents=True)
    for name in TAKEN_OVER:
        if (config.state_folder() / name).is_file():
            shutil.copyfile(config.state_folder() / name, state / name)
    os.environ[STATE_BY] = str(state.parent)
