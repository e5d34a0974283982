"""`--request-id` makes a repetition safe: the same id again changes nothing and answers the same, for every writing command.

The list of commands comes from the parsers. A command that is new has the option, unless it says that it only reads, and
needs an example here.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from fleettui import config
from fleettui.cli import main as front
from fleettui.cli.main import COMMANDS
from fleettui.cli.parser import Context, Parser
from fleettui.cli.repeating import Request
from fleettui.errors import Unusable
from fleettui.store import committed
from fleettui.store.tinydb.archive import Archive
from fleettui.time.clock import frozen_clock
from fleettui.workspace.collections import REQUESTS
from fleettui.workspace.requests import Requests
from fleettui.workspace.tickets.queue import Queue
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import CommandLine, InProcess
from tests.support.connections import SENDING, connect
from tests.support.folders import files_of
from tests.support.homes import make_home

ME = getpass.getuser()
THREE_WEEKS = timedelta(weeks=3)
MAIL = "From: Ann <ann@acme.example>\nSubject: Help\nMessage-ID: <1@acme.example>\n\nIt broke.\n"
MAILS = """From a Mon Mar  9 15:00:00 2026
From: Fi Donnelly <fi@kestrel.example>
To: support@fleetdemo.example
Subject: Slow
Message-ID: <1@kestrel.example>
Date: Mon, 9 Mar 2026 08:00:00 -0700

It is slow.

From a Mon Mar  9 15:30:00 2026
From: Tobias Okafor <tobias@fleetdemo.example>
To: fi@kestrel.example
Subject: Re: Slow
Message-ID: <2@fleetdemo.example>
In-Reply-To: <1@kestrel.example>
Date: Mon, 9 Mar 2026 08:30:00 -0700

It is quick again.
"""
RITUALS = "- task: Water the plants\n  startedOn: 2026-01-05\n  frequency: Weekly\n  dri: ines\n"
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
METHOD:REQUEST
BEGIN:VEVENT
UID:1@kestrel.example
DTSTAMP:20260301T120000Z
DTSTART:20260320T160000Z
DTEND:20260320T163000Z
SUMMARY:Check-in: Kestrel Analytics
ORGANIZER:mailto:wen@fleetdemo.example
ATTENDEE;PARTSTAT=ACCEPTED:mailto:fi@kestrel.example
END:VEVENT
END:VCALENDAR
"""

ISSUE = "https://github.com/fleetdm/fleet/issues/7"

WRITING = {
    "init": "",
    "undo": "tickets take T-1010 --over; undo --yes",
    "redo": "tickets take T-1010 --over; undo --yes; redo --yes",
    "backup": "",
    "restore": "backup; restore {backup}",
    "retro": "retro --answer went-well=Well",
    "intake mail": "",
    "intake slack": "",
    "people add": "people add dora name=Dora",
    "people edit": "people edit ines name=Ina",
    "people away": "people away ines 2026-03-20 2026-03-21",
    "oncall override": "oncall override 2026-03-20 2026-03-21 ines --why swap",
    "oncall clear": "oncall override 2026-03-20 2026-03-21 ines; oncall clear 2026-03-20 2026-03-21",
    "oncall swap": "oncall swap 2026-03-14 2026-03-21",
    "oncall order": "oncall order ines tobias",
    "customers add": "customers add Acme --tier Premium",
    "customers edit": "customers edit K-1 hosts=77",
    "customers contact": "customers contact K-1 zoe@northwind.example name=Zoe",
    "customers opportunity": "customers opportunity K-1 Renewal",
    "customers touched": "customers touched K-1",
    "channels add": "channels add C0123456789 --customer K-8",
    "channels name": "channels name C05OAK oak",
    "channels remove": "channels remove C05OAK",
    "outbox retry": "outbox retry {unsent}",
    "outbox send": "outbox send {missed} missed-email --to jo@acme.example --body Hello",
    "outbox drop": "outbox drop {unsent}",
    "issues close": f"tickets issue T-1006 --link {ISSUE}; issues close 7",
    "issues reopen": f"tickets issue T-1006 --link {ISSUE}; issues close 7; issues reopen 7",
    "issues told": f"tickets issue T-1006 --link {ISSUE}; issues close 7; issues told T-1006",
    "rituals text": "rituals text RIT-5 --keep",
    "rituals tick": "rituals tick RIT-1",
    "rituals untick": "rituals tick RIT-1; rituals untick RIT-1",
    "rituals skip": "rituals skip RIT-1 --why holiday",
    "rituals write": "rituals write RIT-17 went-well-notes something",
    "rituals add": "rituals add Plants frequency=Weekly dri={me}",
    "rituals edit": "rituals edit RIT-1 name=Overnight",
    "rituals retire": "rituals retire RIT-1 --why old",
    "rituals bring-back": "rituals retire RIT-1 --why old; rituals bring-back RIT-1",
    "rituals import": "rituals import {rituals}",
    "rituals sync": "rituals sync {folder}",
    "calls new": "calls new --customer K-8 --start 2026-03-20T10:00 --host wen",
    "calls import": "calls import {calendar}",
    "calls edit": "calls edit {call} title=Planning",
    "calls attach": "calls attach {call} https://docs.example/1 --title Agenda",
    "calls check": "calls check {call} notes --evidence done",
    "calls uncheck": "calls check {call} notes --evidence done; calls uncheck {call} notes",
    "calls skip": "calls skip {later} notes --why none",
    "calls answer": "calls answer {call} agenda yes",
    "calls number": "calls number {call} +15551234 --kind mobile",
    "calls joined": "calls joined {begun}",
    "calls missed": "calls missed {begun}",
    "calls moved": "calls moved {begun} --to 2026-03-20T10:00",
    "calls done": "calls joined {begun}; calls done {begun} --why short --no-next-check-in",
    "calls cancel": "calls cancel {call} --why gone",
    "calls next": "calls next {call} --what Send --owner wen --due 2026-03-20",
    "playbooks start": "playbooks start vendor-questionnaire --customer K-8",
    "playbooks tick": "playbooks tick P-106 timeline --evidence yes",
    "playbooks untick": "playbooks tick P-106 timeline --evidence yes; playbooks untick P-106 timeline",
    "playbooks skip": "playbooks skip P-106 timeline --why no",
    "playbooks decline": "people edit {me} roles=CRO; playbooks decline P-103 approval --why no",
    "playbooks again": "playbooks again P-104 draft",
    "playbooks open": "playbooks start new-customer-dri --customer K-8; playbooks fill P-109 new-name=Sam; "
    "playbooks tick P-109 introduction; playbooks open P-109 first-meeting --at 2026-03-12T10:00",
    "playbooks hand": "playbooks hand P-106 timeline ines",
    "playbooks answer": "playbooks answer P-101 own-contract=yes",
    "playbooks fill": "playbooks fill P-106 pov-end=2026-03-20",
    "playbooks cast": "playbooks cast P-101 AE=ines",
    "playbooks cancel": "playbooks cancel P-105 --why no",
    "playbooks reopen": "playbooks cancel P-105 --why no; playbooks reopen P-105",
    "tickets save-view": "tickets save-view slow is:open",
    "views save": "views save calls slow --search is:mine",
    "views rename": "views save calls slow; views rename calls slow slower",
    "views delete": "views save calls slow; views delete calls slow",
    "tickets drop-view": "tickets save-view slow is:open; tickets drop-view slow",
    "tickets new": "tickets new --customer K-1 --subject Slow --body Slow",
    "tickets received": "tickets received T-1010 --body More",
    "tickets reply": "tickets reply T-1010 --body Answer",
    "tickets count": "intake mail; tickets count T-1019",
    "tickets incident": "tickets incident declare T-1010,T-1009 --status Down",
    "tickets macro": "tickets macro mine-later T-1010,T-1009",
    "tickets note": "tickets note T-1010,T-1009 Remember",
    "tickets assign": "tickets assign T-1010,T-1009 tobias",
    "tickets take": "tickets take T-1010 --over",
    "tickets label": "tickets label T-1010 slow",
    "tickets wait": "tickets wait T-1010",
    "tickets snooze": "tickets snooze T-1010 2026-03-20T10:00",
    "tickets merge": "tickets merge T-1017 T-1007",
    "tickets resolve": "tickets resolve T-1010 --unanswered",
    "tickets reopen": "tickets resolve T-1010 --unanswered; tickets reopen T-1010",
    "tickets set": "tickets set T-1010,T-1009 priority=P2",
    "tickets escalate": "tickets escalate T-1010",
    "tickets issue": "tickets issue T-1010 --searched slow",
    "tickets codename": "tickets codename T-1010",
    "tickets steps": "tickets steps T-1006 --tick take",
    "tickets documented": "tickets resolve T-1010 --unanswered --documentation yes; tickets documented T-1010 https://docs.example/1",
    "tickets attach": "tickets attach T-1010 - --name log.txt",
    "inbox seen": "inbox seen",
    "inbox follow": "inbox follow T-1010",
    "inbox unfollow": "inbox follow T-1010; inbox unfollow T-1010",
    "inbox settings": "inbox settings touched=off",
}


READING = {
    "move": "move --to {folder}/elsewhere --check",
    "today": "",
    "history": "",
    "inbox": "",
    "follow": "follow --once",
    "connect": "connect --unit",
    "connect status": "",
    "doctor": "",
    "keys": "",
    "config": "",
    "commands": "",
    "completion": "completion bash",
    "tour": "tour --json",
    "views list": "",
    "views show": "views show triage mine",
    "admin setup": "admin setup --dry-run --member kathy --root {folder}",
    "message": "",
    "export": "export {folder}/out",
    "oncall": "",
    "handbook check": "",
    "handbook pull": "handbook pull {folder}/copy",
    "handbook push": "handbook push {folder}/copy",
    "report week": "",
    "sla table": "",
    "sla due": "sla due --tier Premium --priority P1 --at 2026-03-09T08:00",
    "businesstime add": "businesstime add --calendar {hours} --start 2026-03-09T08:00 --minutes 5",
    "businesstime between": "businesstime between --calendar {hours} --start 2026-03-09T08:00 --end 2026-03-10T08:00",
    "people list": "",
    "people role": "people role dora",
    "customers list": "",
    "customers show": "customers show K-1",
    "customers read": "customers read Hello",
    "channels list": "",
    "outbox list": "",
    "issues list": "",
    "rituals list": "",
    "rituals show": "rituals show RIT-1",
    "rituals person": "rituals person ines",
    "rituals week": "",
    "calls list": "",
    "calls show": "calls show {call}",
    "calls text": "calls text {begun} missed-slack",
    "calls slots": "calls slots {begun}",
    "playbooks list": "",
    "playbooks names": "",
    "playbooks show": "playbooks show P-101",
    "tickets list": "",
    "tickets show": "tickets show T-1006",
    "tickets explain": "tickets explain T-1006",
    "tickets views": "",
    "tickets macros": "",
    "tickets next": "",
    "tickets calls": "tickets calls T-1006",
    "tickets details": "tickets details T-1006 --ask",
    "tickets files": "tickets files T-1006",
}


def commands(*, writing: bool) -> Iterator[str]:
    """Every command that can be given, with or without the option."""
    for name in COMMANDS:
        parser = Parser(prog=name)
        import_module(f"fleettui.cli.commands.{name}").arguments(parser)
        below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
        if not (below and below[0].required) and has_option(parser) is writing:
            yield name
        for action in below:
            yield from (
                f"{name} {word}" for word, sub in action.choices.items() if has_option(sub) is writing
            )


def has_option(parser: argparse.ArgumentParser) -> bool:
    return any("--request-id" in action.option_strings for action in parser._actions)


def test_every_writing_command_has_an_example_here() -> None:
    assert sorted(WRITING) == sorted(commands(writing=True))
    assert sorted(READING) == sorted(commands(writing=False))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(tmp_path_factory.mktemp("prepared") / "home", MONDAY_MORNING, ME, demo=True)


@pytest.fixture
def demo(prepared: Path, tmp_path: Path) -> InProcess:
    return InProcess(copytree(prepared, tmp_path / "home"))


def lines_of(demo: InProcess, example: str) -> list[list[str]]:
    """The commands of an example, with the names of this workspace filled in."""
    if "{" not in example:
        return [shlex.split(line) for line in example.split(";")]
    calls = demo.json("calls", "list")
    begun, ready, later = (
        next(call["id"] for call in calls if call["stage"] == stage)
        for stage in ("missed?", "prepare", "later")
    )
    files = demo.home.parent
    (files / "my.rituals.yml").write_text(RITUALS)
    (files / "my.ics").write_text(CALENDAR)
    (files / "hours.json").write_text(
        '{"zone": "Europe/Berlin", "open": {"mon": [["09:00", "17:00"]]}, "holidays": []}'
    )
    names = {
        "{begun}": begun,
        "{missed}": missed(demo, begun) if "{missed}" in example else "",
        "{unsent}": unsent(demo) if "{unsent}" in example else "",
        "{call}": ready,
        "{later}": later,
        "{me}": ME,
        "{rituals}": str(files / "my.rituals.yml"),
        "{folder}": str(files),
        "{calendar}": str(files / "my.ics"),
        "{hours}": str(files / "hours.json"),
    }
    for mark, name in names.items():
        example = example.replace(mark, name)
    return [shlex.split(line) for line in example.split(";")]


def missed(demo: InProcess, call: str) -> str:
    """A call to which nobody came, whose texts may leave."""
    connect(demo.home, mail={**SENDING["mail"], "letters": "send"})
    demo.ok("calls", "missed", call)
    return call


def unsent(demo: InProcess) -> str:
    """An answer that could not be sent."""
    connect(demo.home, undo_seconds=0)
    workspace = Workspace.open(demo.home, clock=frozen_clock(MONDAY_MORNING), login=ME)
    made = workspace.tickets.new("K-8", "Slow", channel="fi@kestrel.example")
    workspace.tickets.reply(made.id, "It is quick again.")
    outbox = workspace.outbox
    order = outbox.failed(outbox.begin(outbox.due()[0]), "550 no such user")
    workspace.close()
    return order.about


def content(home: Path) -> dict[str, bytes]:
    """All that a workspace has, without what belongs to nobody's work."""
    left_out = {"locks", "presence", "seen", "requests"}
    return {
        name: path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file()
        and not left_out & {part.partition("-")[0].partition(".")[0] for part in path.relative_to(home).parts}
        for name in [str(path.relative_to(home))]
    }


@pytest.mark.parametrize("name", sorted(WRITING))
def test_the_same_id_again_changes_nothing_and_answers_the_same(name: str, demo: InProcess) -> None:
    example = WRITING[name] or name
    if name == "init":
        demo = InProcess(demo.home.parent / "new")
    elif "{backup}" in example:
        demo.ok("backup")
        (backup,) = (demo.home / "backups").glob("whole-*.zip")
        sure = "--yes" if "--yes" in demo.ok("restore", "--help") else ""
        example = f"restore {backup} {sure}"
    *before, words = lines_of(demo, example) if name != "init" else [["init"]]
    stdin = {"intake mail": MAIL, "tickets count": MAILS, "intake slack": "[]"}.get(name, "something")
    for line in before:
        demo.ok(*line, stdin=stdin)
    first = demo.run(*words, "--json", "--request-id", "job-1", stdin=stdin)
    assert first.returncode == 0, (words, first.stderr)
    assert first.stdout, "it has an answer"
    after = content(demo.home)
    again = demo.run("--home", str(demo.home), *words, "--json", "--request-id=job-1", stdin=stdin)
    assert (again.returncode, again.stdout) == (0, first.stdout)
    assert content(demo.home) == after
    assert "another command" in demo.fails(1, *words, "--request-id", "job-1", stdin=stdin), "without --json"


@pytest.mark.parametrize("name", sorted(READING))
def test_a_command_without_the_option_changes_nothing(name: str, demo: InProcess) -> None:
    (words,) = lines_of(demo, READING[name] or name)
    before = content(demo.home)
    done = demo.run(*words)
    assert done.returncode in (0, 1) and "Traceback" not in done.stderr, done.stderr
    assert committed.commits() == []
    assert content(demo.home) == before
    demo.fails(2, *words, "--request-id=x")


# -- what an id is, and what is left when something goes wrong

TAKE = ("tickets", "take", "T-1010,T-1007", "--over", "--json", "--request-id", "nightly-7")


def verbs(demo: InProcess, id_: str) -> list[str]:
    return [row["verb"] for row in demo.json("history", id_, "--limit", "50")]


def test_nothing_to_do_is_an_answer_too(demo: InProcess) -> None:
    """Somebody takes the label off in between: the repetition must not put it on again."""
    demo.ok("tickets", "label", "T-1010", "slow")
    first = demo.ok("tickets", "label", "T-1010", "slow", "--request-id", "x")
    demo.ok("tickets", "label", "T-1010", "--remove", "slow")
    assert demo.ok("tickets", "label", "T-1010", "slow", "--request-id", "x") == first
    assert "slow" not in demo.json("tickets", "show", "T-1010")["labels"]


def test_what_was_undone_is_not_done_again(demo: InProcess) -> None:
    demo.ok(*TAKE)
    demo.ok("undo", "T-1010", "--yes")
    assignee = demo.json("tickets", "show", "T-1010")["assignee"]
    demo.ok(*TAKE)
    assert demo.json("tickets", "show", "T-1010")["assignee"] == assignee != ME


def test_a_refusal_may_be_tried_again_with_the_same_id(demo: InProcess) -> None:
    demo.fails(1, "tickets", "take", "T-9999", "--request-id", "x")
    demo.fails(2, "tickets", "take", "T-1010", "--request-id", "no spaces")
    demo.ok("tickets", "take", "T-1009", "--request-id", "x")


def test_an_empty_id_is_no_id(demo: InProcess) -> None:
    """`--request-id "$ID"` with nothing in it did it without: the script believed that it may repeat the command."""
    assert "--request-id: " in demo.fails(2, "tickets", "note", "T-1007", "seen", "--request-id", "")
    assert "--request-id: " in demo.fails(2, "tickets", "note", "T-1007", "seen", "--request-id=")


def test_an_id_of_somebody_else_is_refused(demo: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    demo.ok(*TAKE)
    monkeypatch.setattr(config, "login", lambda: "tobias")
    line = demo.fails(1, *TAKE)
    assert line.startswith(f"fleettui: --request-id: 'nightly-7' was given by {ME}; choose another id")


def test_the_history_keeps_the_id_and_says_nothing_of_the_answers(demo: InProcess) -> None:
    before = demo.json("history", "--limit", "5")
    demo.ok(*TAKE)
    rows = demo.json("history", "--limit", "5")
    assert [row["verb"] for row in rows] == [
        "tickets.take",
        "tickets.take",
        *(row["verb"] for row in before[:3]),
    ]
    assert demo.json("undo", "--yes")["verb"] == "tickets.take"
    assert demo.json("doctor")["findings"] == []
    assert not list(demo.home.parent.glob("export/requests*"))


def test_an_answer_that_could_not_be_kept_is_told_from_the_history(
    demo: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a kill between the change and the answer."""

    def full(*_: object) -> None:
        raise Unusable("the disk is full.")

    monkeypatch.setattr("fleettui.workspace.requests.LATE", 0.0)
    with monkeypatch.context() as broken:
        broken.setattr(Requests, "keep", full)
        done = demo.run(*TAKE)
    assert done.returncode == 0 and "could not be kept for a repetition" in done.stderr
    after = content(demo.home)
    again = demo.run(*TAKE)
    assert again.returncode == 0 and content(demo.home) == after
    answer = json.loads(again.stdout)
    assert [kept["id"] for kept in answer["kept"]] == ["T-1010", "T-1007"]
    assert "the first time was cut off after T-1010 (tickets.take), T-1007 (tickets.take)" in again.stderr
    demo.fails(1, "tickets", "take", "T-1006", "--request-id", "nightly-7")


def test_a_warning_after_the_commit_is_repeated_with_the_answer(
    demo: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Any:
        raise Unusable("the handbook broke.")

    with monkeypatch.context() as breaking:
        breaking.setattr(Queue, "of", broken)
        first = demo.run(*TAKE)
    again = demo.run(*TAKE)
    assert first.returncode == again.returncode == 0
    assert again.stdout == first.stdout and json.loads(first.stdout)["kept"]
    assert again.stderr == first.stderr and "the handbook broke" in first.stderr


def test_an_intake_that_broke_off_goes_on_with_the_same_id(
    demo: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its messages have ids of their own: what is in already is left alone, the rest comes in."""
    from fleettui.cli.commands import intake

    def broken(_: object) -> Any:
        raise Unusable("the disk went away.")

    words = ("intake", "mail", "--request-id", "mbox-1")
    with monkeypatch.context() as breaking:
        breaking.setattr(intake, "_print_line", broken)
        demo.fails(3, *words, stdin=MAILS)
    results = [json.loads(line)["result"] for line in demo.ok(*words, stdin=MAILS).splitlines()]
    assert results == ["ignored", "appended"]
    assert demo.ok(*words, stdin=MAILS).count("appended") == 1, "now it is answered"


def test_answers_go_after_two_weeks_and_nothing_older_is_searched(
    demo: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what an earlier version has archived: recording a new answer costs the same after years."""
    label = ("tickets", "label", "T-1010", "slow", "--request-id", "nightly")
    demo.ok(*label)
    with monkeypatch.context() as three_weeks_later:
        three_weeks_later.setattr(
            "fleettui.workspace.requests.system_clock", lambda: MONDAY_MORNING - THREE_WEEKS
        )
        demo.ok("tickets", "label", "T-1010", "slow", "--request-id", "old")
    workspace = Workspace.open(demo.home, clock=frozen_clock(MONDAY_MORNING), login=ME)
    files_of(workspace).checkpoint(REQUESTS, MONDAY_MORNING)
    assert [answer.id for answer in workspace.store.all(REQUESTS, archived=True)] == ["nightly"]
    assert demo.json("doctor")["findings"] == []

    def searched(archive: Archive[Any], id_: str) -> Any:
        assert archive.collection is not REQUESTS, "the archived answers were searched"
        return find(archive, id_)

    find = Archive.find
    monkeypatch.setattr(Archive, "find", searched)
    demo.ok("tickets", "label", "T-1010", "slow", "--request-id", "old")
    workspace.store.watch()
    assert workspace.store.get(REQUESTS, "old"), "it is a new request by now"


@pytest.mark.slow
def test_impatient_scripts_at_the_same_time_do_it_once(demo: InProcess) -> None:
    """Eight processes with one id: one makes the ticket, all answer the same."""
    command = [sys.executable, "-m", "fleettui", "tickets", "new", "--customer", "K-1", "--subject", "Once"]
    running = [
        subprocess.Popen(
            [*command, "--json", "--request-id", "same"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **demo.variables()},
        )
        for _ in range(8)
    ]
    outputs = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0] * 8, outputs
    assert len({output for output, _ in outputs}) == 1
    assert [row["subject"] for row in demo.json("tickets", "list")].count("Once") == 1


def test_who_is_refused_because_another_process_was_faster_answers_the_same(
    demo: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two merges with one id the second was told that its ticket is merged already."""
    command = ["tickets", "merge", "T-1008", "T-1009", "--across", "--request-id", "same"]
    answers, run_once = list[str](), front._run_once

    def after_another(options: argparse.Namespace, context: Context, request: Request | None) -> int:
        answers.append(CommandLine(demo.home, demo.now, demo.environment).ok(*command))
        return run_once(options, context, request)

    monkeypatch.setattr(front, "_run_once", after_another)
    assert demo.ok(*command) == answers[0]
