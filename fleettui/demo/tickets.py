"""A support queue in the middle of a week: some late, some urgent, some waiting, and what was done before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from fleettui.demo import Stage
from fleettui.domain.tickets.model import DEPARTMENT, Ticket
from fleettui.workspace.workspace import Workspace


class Case(NamedTuple):
    """Hours are business hours before the demo's moment; of a promise in clock hours, hours of the clock."""

    customer: str
    who: str
    asked: float
    priority: str
    subject: str
    body: str
    more: dict[str, Any] = {}
    by_clock: bool = False


class Turn(NamedTuple):
    hours: float
    login: str
    action: str
    words: tuple[Any, ...]
    options: dict[str, Any] = {}


UNTRIAGED = ""
SLACK = "https://fleetdemo.slack.example/archives"

OPEN: tuple[tuple[Case, Sequence[Turn]], ...] = (
    (
        Case(
            "Tidewater Hospitals", "Omar Haines", 0.6, "P0", "No host answers since the upgrade",
            "Since last night's upgrade every request to the server ends in a 502. All 11,800 hosts are offline.",
            {"way": "slack", "channel": "C03TIDE", "thread": "C03TIDE/1700000001.000100", "link": f"{SLACK}/C03TIDE"},
            by_clock=True,
        ),
        (Turn(0.5, "tobias", "take", ()), Turn(0.4, "tobias", "note", ("Their load balancer sees no healthy server.",))),
    ),
    (
        Case(
            "Northwind Robotics", "Leo Marsh", 4.5, "P1", "Live queries stop after a minute",
            'A live query on 4,000 hosts ends with "context deadline exceeded". It worked last week.',
            {"way": "slack", "channel": "C01NORTHWIND", "thread": "C01NORTHWIND/1700000002.000200"},
            by_clock=True,
        ),
        (),
    ),
    (
        Case(
            "Kestrel Analytics", "Fi Donnelly", 6.5, "P2", "Policy results are a day old",
            "The policies page shows yesterday's results, though the hosts are online.", {"way": "mail"},
        ),
        (Turn(5.0, "ines", "take", ()), Turn(4.8, "ines", "set", ({"server-version": "4.61", "hosts-total": "210"},))),
    ),
    (
        Case(
            "Lumen Bakery Group", "Claire Aubin", 12, "P3", "How do we move to another database server?",
            "We want to move the database over a weekend. Is there a guide, and how long will hosts be offline?",
            {"way": "slack", "channel": "C02LUMEN", "thread": "C02LUMEN/1700000003.000300"},
        ),
        (),
    ),
    (
        Case(
            "Oakline Schools", "Gus Tanaka", 15, "P3", "Chromebooks do not show up",
            "Forty new Chromebooks are enrolled but not in the list.", {"way": "mail"},
        ),
        (
            Turn(14, "ines", "take", ()),
            Turn(13.5, "ines", "reply", ("Which version of the extension is on them, Gus?",)),
            Turn(13.4, "ines", "label", (["+more info please"],)),
        ),
    ),
    (
        Case(
            "Northwind Robotics", "Dana Whitlock", 20, "P2", "Export of the host list fails",
            "The export of all hosts ends in an empty file.", {"way": "mail"},
        ),
        (
            Turn(19, "tobias", "take", ()),
            Turn(18, "tobias", "reply", ("It is a known limit with custom columns; please try without them.",), {"wait": True}),
        ),
    ),
    (
        Case(
            "Kestrel Analytics", "Fi Donnelly", 26, "P3", "Renew the certificate of the push service",
            "Our certificate ends next month. What do we have to do?", {"way": "mail"},
        ),
        (
            Turn(25, "ines", "take", ()),
            Turn(24, "ines", "reply", ("The guide is on its way; let us look at it together tomorrow.",)),
        ),
    ),
    (
        Case(
            "Oakline Schools", "Gus Tanaka", 3, "P2", "A teacher's laptop was reported stolen",
            "Can you help us lock it? I do not want to write this in the channel.",
            {"way": "slack", "by_dm": True},
        ),
        (Turn(2.5, "mara", "reply", ("Locked from here. Please tell the police the serial number.",)),),
    ),
    (
        Case(
            "Paperlane", "Asha Rao", 8, "P3", "Can the free version send e-mail?",
            "I could not find it in the documentation.", {"way": "issue"},
        ),
        (),
    ),
    (
        Case(
            "Brightfield Labs", "Tom Ellery", 1.2, "P3", "Does it run on FreeBSD?",
            "We have about 30 FreeBSD servers. Would they be supported?", {"way": "web chat", "tier": "Free"},
        ),
        (),
    ),
    (
        Case(
            "Lumen Bakery Group", "Claire Aubin", 1.8, "P1", "Nobody can sign in with single sign-on",
            "Since this morning the sign-in page says that the response is not signed.",
            {"way": "slack", "channel": "C02LUMEN", "thread": "C02LUMEN/1700000004.000400"},
        ),
        (Turn(1.5, "tobias", "take", ()), Turn(1.2, "tobias", "escalate", ("",))),
    ),
    (
        Case(
            "Northwind Robotics", "Dana Whitlock", 0.3, UNTRIAGED, "Live queries end in a 502 again",
            "The second site has it, too: a live query on all hosts stops after a minute.", {"way": "mail"},
        ),
        (),
    ),
    (
        Case(
            "Documentation team", "Ruth Abara", 2.5, "P3", "Which questions came more than once this month?",
            "We plan the next round of guides and would like the three that come most often.", {"tier": DEPARTMENT},
        ),
        (),
    ),
)  # fmt: skip

DONE: tuple[tuple[Case, float, str, str, str], ...] = (
    (
        Case("Northwind Robotics", "Leo Marsh", 62, "P2", "Agent does not start after a reboot", "On Ubuntu 24.04."),
        60, "tobias", "A fixed package is out; please update the agent.", "yes: how to update the agent by hand",
    ),
    (
        Case("Lumen Bakery Group", "Claire Aubin", 58, "P3", "What does the red dot mean?", "Beside some hosts."),
        50, "ines", "The host was not seen for a day.", "yes: what the colours of the dots mean",
    ),
    (
        Case("Tidewater Hospitals", "Omar Haines", 55, "P1", "Hosts are listed twice", "After a new image."),
        48, "tobias", "We merged them; the image carried an identifier along.", "no",
    ),
    (
        Case("Kestrel Analytics", "Fi Donnelly", 45, "P2", "Wrong time zone in reports", "It shows UTC."),
        41, "ines", "You can set it in the organisation's settings.", "",
    ),
    (
        Case("Oakline Schools", "Gus Tanaka", 36, "P3", "Price for 200 more hosts", "For the new term."),
        30, "mara", "Jonah has sent you a quote.", "no",
    ),
)  # fmt: skip


@dataclass
class Scene:
    stage: Stage

    def at(self, hours: float, login: str, by_clock: bool = False) -> Workspace:
        span = timedelta(hours=hours)
        calendar = self.stage.workspace.handbook.calendar
        when = self.stage.now - span if by_clock else calendar.subtract(self.stage.now, span)
        return self.stage.at(when, login)

    def ask(self, case: Case) -> Ticket:
        workspace = self.at(case.asked, "tobias", case.by_clock)
        options = {"priority": case.priority, "by": case.who, "body": case.body, **case.more}
        return workspace.tickets.new(case.customer, case.subject, at=workspace.now(), **options)

    def play(self, ticket: Ticket, turn: Turn, by_clock: bool) -> None:
        workspace = self.at(turn.hours, turn.login, by_clock)
        group = workspace.support if turn.action == "escalate" else workspace.tickets
        getattr(group, turn.action)(ticket.id, *turn.words, **turn.options)


MINE = ("How do we move", "Does it run")
"""How the subjects begin that are the viewer's own."""


def fill(stage: Stage) -> None:
    scene = Scene(stage)
    _channels(scene)
    for case, answered, login, body, documentation in DONE:
        ticket = scene.ask(case)
        scene.at(answered, login).tickets.reply(ticket.id, body)
        scene.at(answered - 1, login).tickets.resolve(ticket.id, documentation=documentation or None)
    for case, turns in OPEN:
        ticket = scene.ask(case)
        for turn in turns:
            scene.play(ticket, turn, case.by_clock)
        if case.subject.startswith(MINE):
            scene.at(1, "mara").tickets.assign(ticket.id, stage.me)
        if case.subject.startswith("Renew"):
            scene.at(23, "ines").tickets.snooze(ticket.id, stage.now + timedelta(hours=20))
    scene.at(40, "mara").views.save("triage", "Largest customers", "tier:ultimate is:owed", mine=False)
    answers = {
        "went-well": "Two people answered in parallel during the outage, and nothing was sent twice.",
        "better": "The question about colours came for the third time.",
        "remember": "Ask for the load balancer's log first.",
    }
    last_week = (stage.now - timedelta(weeks=1)).date()
    scene.at(38, "tobias").reports.answer(answers, last_week)


def _channels(scene: Scene) -> None:
    workspace = scene.at(80, "mara")
    for customer in workspace.customers.all():
        if customer.channel:
            name = f"fleet-at-{customer.shown.split()[0].casefold()}"
            workspace.channels.add(customer.channel, customer.id, name=name)
