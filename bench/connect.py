"""The service of the connections, with a real IMAP server (pymap) on this machine.

    python -m bench.connect              300 mails, 10 arrivals, a minute at rest

Taken in: mails a second, from a mailbox in which they wait, by the service (IMAP, intake, disk); the floor is the intake alone,
in one process, with the same mails. Arrival: from the moment at which the IMAP server has a mail until it stands on another
session's screen; the floor is a ticket that another process types in, until it stands there. At rest: processor and own memory
of the service beside those of an idle session.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.triage import cpu_of
from fleettui.workspace.workspace import Workspace
from tests.support.certificates import certificates
from tests.support.clocks import MONDAY_MORNING
from tests.support.connect_service import ServiceProcess, set_up, until
from tests.support.homes import make_home
from tests.support.imap_server import ImapServer, mail
from tests.support.terminal import Terminal


def own_memory(pid: int) -> float:
    """Megabytes without what is shared."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def intake_alone(home: Path, count: int) -> float:
    """Mails a second."""
    workspace = Workspace.open(home, login="kathy")
    began = time.perf_counter()
    for number in range(count):
        list(workspace.intake.mail([mail(number)]))
    took = time.perf_counter() - began
    workspace.close()
    return count / took


def by_the_service(home: Path, log: Path, imap: ImapServer, count: int) -> tuple[float, ServiceProcess]:
    """Mails a second from the first one in the store to the last, and the service."""
    imap.deliver(mail(number) for number in range(count))
    reader = Workspace.open(home, login="lena")
    service = ServiceProcess(home, log)
    before = len(reader.tickets.all())
    until(lambda: reader.refresh() and len(reader.tickets.all()) > before, seconds=300)
    first, began = len(reader.tickets.all()) - before, time.perf_counter()
    until(lambda: reader.refresh() and len(reader.tickets.all()) >= before + count, seconds=600)
    took = time.perf_counter() - began
    reader.close()
    return (count - first) / took, service


def seen_after(terminal: Terminal, subject: str, began: float) -> float:
    terminal.wait_for(subject, timeout=60)
    return time.perf_counter() - began


def arrivals(home: Path, imap: ImapServer, terminal: Terminal, times: int) -> tuple[list[float], list[float]]:
    """Seconds to the screen: of mails, and of tickets that are typed in."""
    mails, typed = [], []
    colleague = Workspace.open(home, login="alex")
    for number in range(times):
        imap.deliver([mail(90_000 + number)])
        mails.append(seen_after(terminal, f"question {90_000 + number}", time.perf_counter()))
        colleague.tickets.new("Acme", f"typed {number}", priority="P0")
        typed.append(seen_after(terminal, f"typed {number}", time.perf_counter()))
    colleague.close()
    return mails, typed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=300)
    parser.add_argument("--arrivals", type=int, default=10)
    parser.add_argument("--rest", type=float, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder), options)


def _measure(folder: Path, options: argparse.Namespace) -> None:
    keys = certificates(folder)
    imap = ImapServer(keys)
    home = make_home(folder / "home", MONDAY_MORNING, "kathy", demo=False)
    set_up(home, keys, imap=imap)
    service = ServiceProcess(home, folder / "log")
    env = {
        "FLEETTUI_HOME": str(home),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_CONFIG_HOME": str(folder / "config"),
    }
    with Terminal([sys.executable, "-m", "fleettui"], columns=120, rows=50, env=env) as terminal:
        terminal.wait_for("Triage")
        terminal.send("4")
        times = arrivals(home, imap, terminal, options.arrivals)
        mails, typed = (statistics.median(each) for each in times)
        print(
            f"arrival to screen: {mails:.2f} s; typed by a colleague {typed:.2f} s; ratio {mails / typed:.2f}"
        )
        _rest(service.process.pid, terminal.process.pid, options.rest)
    service.stop()
    alone = intake_alone(make_home(folder / "floor", MONDAY_MORNING, "kathy", demo=False), options.mails)
    served, service = by_the_service(home, folder / "log", imap, options.mails)
    print(f"taken in: {served:.0f} mails a second; the intake alone {alone:.0f}; ratio {served / alone:.2f}")
    service.stop()
    imap.stop()


def _rest(service: int, session: int, seconds: float) -> None:
    time.sleep(5)
    before = cpu_of(service), cpu_of(session)
    time.sleep(seconds)
    used = [100 * (cpu_of(pid) - was) / seconds for pid, was in zip((service, session), before, strict=True)]
    memory = own_memory(service), own_memory(session)
    print(f"at rest: service {used[0]:.2f} % of a core, {memory[0]:.0f} MB of its own")
    print(f"         session {used[1]:.2f} % of a core, {memory[1]:.0f} MB of its own")


if __name__ == "__main__":
    main()
