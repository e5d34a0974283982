"""The service is killed again and again while Slack limits, fails, hangs up and forgets: everything is there once, in order.

`make torture` kills it 200 times while 500 messages come in and 500 answers go out; it prints what happened.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from fleettui.domain.delivery.model import TO_DO
from fleettui.workspace.workspace import Workspace
from tests.support.slack_connection import ACME, LEO, until
from tests.support.slack_server import Fault, SlackServer, rate_limited
from tests.support.slack_service import SlackService, connected_home

THREADS = 10
FAULTS = (
    rate_limited(0), rate_limited(1), Fault("status", "500"), Fault("status", "503"), Fault("cut"),
    Fault("done then cut"), Fault("done then cut"), Fault("error", "internal_error"), Fault("garbage"),
)  # fmt: skip


class Storm:
    """Everything that goes wrong besides the kills."""

    def __init__(self, slack: SlackServer, chance: random.Random, share: float) -> None:
        self._slack, self._chance, self._share = slack, chance, share
        self.happened: Counter[str] = Counter()
        slack.plan = self.fault
        slack.sockets.patience, slack.sockets.most_tries = 1, 3
        slack.sockets.twice, slack.sockets.reach = 0.1, 4

    def fault(self, method: str) -> Fault | None:
        if self._chance.random() >= self._share:
            return None
        fault = self._chance.choice(FAULTS)
        self.happened[f"{fault.kind} {fault.what}".strip()] += 1
        return fault

    def line(self) -> None:
        """Something happens to the WebSocket."""
        what = self._chance.choice(["cut", "refresh", "forget"])
        self.happened[what] += 1
        {
            "cut": self._slack.sockets.cut,
            "refresh": self._slack.sockets.refresh,
            "forget": self._slack.sockets.forget,
        }[what]()

    def over(self) -> None:
        self._slack.plan = lambda _: None


class Talk(threading.Thread):
    """Customers write and Kathy answers, in ten threads."""

    def __init__(self, slack: SlackServer, workspace: Workspace, number: int, rest: float) -> None:
        super().__init__(daemon=True)
        self._slack, self._workspace, self._rest = slack, workspace, rest
        self._number = number
        self.written, self.answered = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)

    def run(self) -> None:
        threads = [self._slack.writes(ACME, LEO, f"question {number}") for number in range(THREADS)]
        for number, thread in enumerate(threads):
            self.written[thread].append(f"question {number}")
        until(lambda: self._tickets().keys() >= set(threads), 240)
        tickets = self._tickets()
        for number in range(self._number):
            thread = threads[number % THREADS]
            if number >= THREADS:
                self._slack.writes(ACME, LEO, f"message {number}", thread)
                self.written[thread].append(f"message {number}")
            self._workspace.tickets.reply(tickets[thread], f"answer {number}")
            self.answered[thread].append(f"answer {number}")
            time.sleep(self._rest)

    @property
    def messages(self) -> int:
        return sum(map(len, self.written.values()))

    def _tickets(self) -> dict[str, str]:
        self._workspace.store.watch()
        return {ticket.thread: ticket.id for ticket in self._workspace.tickets.all()}


@pytest.mark.slow
def test_killed_again_and_again_everything_is_there_once_and_in_order(tmp_path: Path) -> None:
    weather(tmp_path, kills=5, number=20, seed=1, share=0.05)


@pytest.mark.torture
def test_killed_200_times_while_500_come_in_and_500_go_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = weather(tmp_path, kills=200, number=500, seed=2, share=0.15)
    with capsys.disabled():
        print(f"\n{figures}")


def weather(folder: Path, *, kills: int, number: int, seed: int, share: float) -> str:
    """Talks through all of it; what it came to, in words."""
    chance = random.Random(seed)
    workspace = connected_home(folder / "home")
    with SlackServer() as slack:
        slack.channel(ACME, "fleet-at-acme")
        slack.person(LEO, "Leo Marsh")
        storm = Storm(slack, chance, share)
        service = SlackService(workspace.home, slack)
        until(lambda: slack.sockets.opened > 0, 60)
        talk = Talk(slack, workspace, number, rest=kills * 2.0 / number)
        talk.start()
        for _ in range(kills):
            at_work(slack, chance)
            service.kill()
            if chance.random() < 0.1:
                (workspace.home / "service/slack.json").unlink(missing_ok=True)
            service.start()
            if chance.random() < 0.3:
                storm.line()
        talk.join(300)
        assert not talk.is_alive()
        storm.over()
        uncertain, messages = settled(workspace), talk.messages
        until(lambda: taken_in(workspace) >= messages, 180)
        until(lambda: slack.sockets.connections > 0, 60)
        assert service.stop() == 0
        late = check_in(workspace, talk)
        check_out(slack, talk)
        lost, requests = len(slack.sockets.lost), len(slack.calls)
    workspace.close()
    assert "Traceback" not in service.log.read_text()
    return "\n".join(
        [
            f"{messages} messages in, {number} answers out, {kills} kills, {requests} requests:",
            f"{sum(storm.happened.values())} faults: {dict(storm.happened)}",
            f"none of them lost or twice, {late} below newer ones, which were answered before they came,",
            f"{lost} events given up by Slack, {uncertain} answers uncertain, none lost, none twice",
        ]
    )


def at_work(slack: SlackServer, chance: random.Random) -> None:
    """Returns at a random moment: mostly of its work, sometimes of its start."""
    if chance.random() < 0.75:
        opened = slack.sockets.opened
        end = time.monotonic() + 20
        while slack.sockets.opened == opened and time.monotonic() < end:
            time.sleep(0.01)
    time.sleep(chance.uniform(0, 1.5))


def settled(workspace: Workspace) -> int:
    """Waits until nothing is on its way; what is uncertain is sent again, as a person would. How many were."""
    uncertain = 0
    end = time.monotonic() + 600
    while time.monotonic() < end:
        workspace.store.watch()
        orders = [order for order in workspace.outbox.all() if order.delivery.is_open]
        if not orders:
            return uncertain
        for order in orders:
            if order.delivery.state in TO_DO or order.delivery.again_at is not None:
                uncertain += order.delivery.state == "uncertain"
                workspace.outbox.retry(order.about)
        time.sleep(1)
    raise AssertionError("something is still on its way")


def taken_in(workspace: Workspace) -> int:
    workspace.store.watch()
    return sum(m.direction == "in" for ticket in workspace.tickets.all() for m in ticket.messages)


def check_in(workspace: Workspace, talk: Talk) -> int:
    """Each message is in its ticket once, in order. How many came so late that an answer to newer ones was written before."""
    overtaken = 0
    for ticket in workspace.tickets.all():
        written = talk.written.pop(ticket.thread)
        # What was written between two answers of ours.
        runs: list[list[str]] = [[]]
        for message in ticket.messages:
            if message.direction == "in":
                runs[-1].append(message.body)
            else:
                runs.append([])
        bodies = [body for run in runs for body in run]
        assert Counter(bodies) == Counter(written), "each message is in the store once"
        assert all(run == sorted(run, key=written.index) for run in runs), "in order"
        places = [written.index(body) for body in bodies]
        overtaken += sum(place < max(places[:here], default=0) for here, place in enumerate(places))
    assert not talk.written
    return overtaken


def check_out(slack: SlackServer, talk: Talk) -> None:
    posted: defaultdict[str, list[str]] = defaultdict(list)
    for message in slack.posted(ACME):
        posted[message["thread_ts"]].append(message["text"])
    assert posted == talk.answered, "each answer is in its thread once, in order"
