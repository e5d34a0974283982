"""fleettui playbooks: checklists with owners, for what is done on demand."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from fleettui.cli.parser import Context, Subcommands, assignments, moment, print_json, print_table
from fleettui.domain.checklists.model import StepView
from fleettui.domain.playbooks.runs import PlaybookRun

SIGNS = {
    "todo": "○",
    "done": "✓",
    "skipped": "–",
    "declined": "✗",
    "unanswered": "?",
    "blocked": "·",
    "waiting": "◷",
    "expired": "✗",
    "not applicable": " ",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = Subcommands(parser)
    listing = verbs.add("list", _list, "what is on its way, and whose turn it is")
    listing.add_argument("--all", action="store_true", help="what is finished or cancelled, too")
    listing.add_argument("--mine", action="store_true", help="only where it is my turn")
    verbs.add("names", _names, "the playbooks that there are")
    starting = verbs.add("start", _start, "begin one")
    starting.add_argument("name", metavar="NAME", help="id, rule or name")
    starting.add_argument("--customer", metavar="C", help="name, codename or id")
    starting.add_argument("answers", nargs="*", metavar="FACT=ANSWER", help="what is known already")
    _run_of(verbs.add("show", _show, "one of them, with every step"))
    ticking = _step_of(verbs.add("tick", _tick, "a step is done; an approval is given"))
    ticking.add_argument("--evidence", default="", metavar="TEXT", help="the proof, where one is wanted")
    _step_of(verbs.add("untick", _untick, "take back a tick, a skip or a refusal"))
    for name, run, told in (
        ("skip", _skip, "leave a step out"),
        ("decline", _decline, "refuse an approval"),
    ):
        _step_of(verbs.add(name, run, told)).add_argument("--why", required=True, metavar="TEXT")
    _step_of(verbs.add("again", _again, "one more round of a step that repeats"))
    opening = _step_of(verbs.add("open", _open, "begin what the step begins: a call, a ticket, a playbook"))
    opening.add_argument("--at", metavar="TIME", help="when, for a call; a first proposal when left out")
    handing = _step_of(verbs.add("hand", _hand, "give a step to somebody"))
    handing.add_argument("person", metavar="PERSON", help="login, or the beginning of a name")
    answering = _run_of(verbs.add("answer", _answer, "answer what decides which steps apply"))
    answering.add_argument("answers", nargs="+", metavar="FACT=ANSWER")
    filling = _run_of(verbs.add("fill", _fill, "write down what a step asks for"))
    filling.add_argument("fields", nargs="+", metavar="FIELD=VALUE")
    casting = _run_of(verbs.add("cast", _cast, "say who plays a role in it"))
    casting.add_argument("roles", nargs="+", metavar="ROLE=PERSON")
    cancelling = _run_of(verbs.add("cancel", _cancel, "it will not be done"))
    cancelling.add_argument("--why", default="", metavar="TEXT")
    _run_of(verbs.add("reopen", _reopen, "it goes on after all"))


def _run_of(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("id", metavar="ID", help="like P-101")
    return parser


def _step_of(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    _run_of(parser).add_argument("step", metavar="STEP", help="its key or its label; `show` tells them")
    return parser


# Looking


def _list(asked: argparse.Namespace, context: Context) -> None:
    verbs = context.workspace.playbooks
    found = [one for one in verbs.all(archived=asked.all) if one.open or asked.all]
    if asked.mine:
        found = [one for one in found if verbs.my_turn(one)]
    if asked.json:
        print_json([_plain(one, context) for one in found])
        return
    print_table(("ID", "PLAYBOOK", "CUSTOMER", "DONE", "WHOSE TURN"), [_row(one, context) for one in found])


def _row(one: PlaybookRun, context: Context) -> tuple[str, ...]:
    counted = context.workspace.playbooks.progress(one)
    turn = _turns(one, context) if one.open else one.outcome
    return one.id, one.name, _customer(one, context), f"{counted.done} of {counted.of}", turn


def _turns(one: PlaybookRun, context: Context) -> str:
    return ", ".join(turn.who or turn.owner for turn in context.workspace.playbooks.turns(one))


def _customer(one: PlaybookRun, context: Context) -> str:
    found = context.workspace.customers.get(one.customer) if one.customer else None
    return found.name if found else one.customer


def _names(asked: argparse.Namespace, context: Context) -> None:
    books = list(context.workspace.handbook.playbooks.values())
    if asked.json:
        print_json(
            [
                {"id": b.id, "rule": b.rule, "name": b.name, "purpose": b.purpose, "customer": b.customer}
                for b in books
            ]
        )
    else:
        print_table(("ID", "RULE", "NAME"), [(book.id, book.rule, book.name) for book in books])
    for broken in context.workspace.handbook.broken_playbooks:
        raise broken


def _show(asked: argparse.Namespace, context: Context) -> None:
    one = context.workspace.playbooks.find(asked.id)
    if asked.json:
        print_json(_plain(one, context))
        return
    counted = context.workspace.playbooks.progress(one)
    outcome = "" if one.open else f", {one.outcome}{f': {one.why}' if one.why else ''}"
    about = _customer(one, context)
    print(f"{one.id}  {one.name}{f'  {about}' if about else ''}  {counted.done} of {counted.of}{outcome}")
    for fact in one.definition.facts:
        answer = one.run.answers.get(fact.key)
        print(f"  {fact.key}: {fact.question} {'not answered yet' if answer is None else _said(answer)}")
    for line in _lines(context.workspace.playbooks.view(one), 0):
        print(line)


def _said(answer: object) -> str:
    return ("yes" if answer else "no") if isinstance(answer, bool) else str(answer)


def _lines(views: tuple[StepView, ...], depth: int) -> Iterator[str]:
    for shown in views:
        who = shown.who or shown.owner
        why = f"  ({shown.state}: {shown.why_not})" if shown.why_not and not shown.steps else ""
        whose = f"  {who}" if who and not shown.steps else ""
        yield f"{'  ' * depth}{SIGNS[shown.state]} {shown.key}  {shown.label}{whose}{why}"
        yield from _lines(shown.steps, depth + 1)


def _plain(one: PlaybookRun, context: Context) -> dict[str, Any]:
    verbs = context.workspace.playbooks
    views = verbs.view(one)
    counted = verbs.progress(one)
    return {
        "id": one.id,
        "name": one.name,
        "playbook": one.playbook,
        "rule": one.rule,
        "customer": _customer(one, context) or None,
        "done": counted.done,
        "of": counted.of,
        "skipped": counted.skipped,
        "state": "open" if one.open else one.outcome,
        "why": one.why,
        "started": _shown(one.run.started, context),
        "closed": _shown(one.closed, context),
        "by": one.by,
        "parent": one.parent or None,
        "turns": [
            {"owner": turn.owner, "who": turn.who or None, "steps": turn.keys} for turn in verbs.turns(one)
        ],
        "facts": [
            {"key": fact.key, "question": fact.question, "answer": one.run.answers.get(fact.key)}
            for fact in one.definition.facts
        ],
        "filled": one.run.filled,
        "steps": [_plain_step(one, shown, context) for shown in views],
        "reminders": _reminders(one, context),
        "revision": one.rev,
    }


def _plain_step(one: PlaybookRun, shown: StepView, context: Context) -> dict[str, Any]:
    mark = shown.mark
    plain: dict[str, Any] = {
        "key": shown.key,
        "label": shown.label,
        "owner": shown.owner,
        "who": shown.who or None,
        "state": shown.state,
        "optional": shown.optional,
        "why_not": shown.why_not,
        "due": _shown(shown.due, context),
        "late": shown.late,
        "not_before": _shown(shown.not_before, context),
        "expires": _shown(shown.expires, context),
    }
    if mark is not None:
        plain |= {
            "by": mark.by,
            "at": _shown(mark.at, context),
            "evidence": mark.evidence,
            "why": mark.why,
        }
    opened = [{"kind": link.kind, "id": link.id} for link in one.links if link.step == shown.key]
    inner = [_plain_step(one, below, context) for below in shown.steps]
    return plain | {"opened": opened, "steps": inner}


def _shown(at: datetime | None, context: Context) -> str | None:
    return at.astimezone(context.workspace.zone).isoformat() if at else None


def _reminders(one: PlaybookRun, context: Context) -> list[str]:
    return [context.workspace.playbooks.written(one, name) for name in one.reminders]


# Acting


def _start(asked: argparse.Namespace, context: Context) -> None:
    one = context.workspace.playbooks.start(
        asked.name, asked.customer, answers=dict(assignments(asked.answers))
    )
    if not asked.json:
        for reminder in _reminders(one, context):
            print(reminder)
    _tell(asked, context, one, "begun")


def _tick(asked: argparse.Namespace, context: Context) -> None:
    one = context.workspace.playbooks.tick(asked.id, asked.step, evidence=asked.evidence)
    _tell(asked, context, one, f"{asked.step} is done")


def _untick(asked: argparse.Namespace, context: Context) -> None:
    _tell(
        asked,
        context,
        context.workspace.playbooks.untick(asked.id, asked.step),
        f"{asked.step} is open again",
    )


def _skip(asked: argparse.Namespace, context: Context) -> None:
    one = context.workspace.playbooks.skip(asked.id, asked.step, asked.why)
    _tell(asked, context, one, f"{asked.step} is left out")


def _decline(asked: argparse.Namespace, context: Context) -> None:
    one = context.workspace.playbooks.decline(asked.id, asked.step, asked.why)
    _tell(asked, context, one, f"{asked.step} is declined")


def _again(asked: argparse.Namespace, context: Context) -> None:
    _tell(
        asked, context, context.workspace.playbooks.again(asked.id, asked.step), f"{asked.step} begins anew"
    )


def _hand(asked: argparse.Namespace, context: Context) -> None:
    one = context.workspace.playbooks.hand_over(asked.id, asked.step, asked.person)
    _tell(asked, context, one, f"{asked.step} is handed to {asked.person}")


def _open(asked: argparse.Namespace, context: Context) -> None:
    at = moment(asked.at, "--at", context.workspace.zone) if asked.at else None
    begun = context.workspace.playbooks.open(asked.id, asked.step, at)
    if asked.json:
        print_json([{"kind": link.kind, "id": link.id} for link in begun])
        return
    print(", ".join(f"{link.kind} {link.id}" for link in begun) or "It was begun before; nothing is new.")


def _answer(asked: argparse.Namespace, context: Context) -> None:
    given = {fact: value or None for fact, value in assignments(asked.answers).items()}
    _tell(asked, context, context.workspace.playbooks.answer_all(asked.id, given), "answered")


def _fill(asked: argparse.Namespace, context: Context) -> None:
    one = context.workspace.playbooks.fill_all(asked.id, assignments(asked.fields))
    _tell(asked, context, one, "written down")


def _cast(asked: argparse.Namespace, context: Context) -> None:
    one = context.workspace.playbooks.cast(asked.id, assignments(asked.roles))
    _tell(asked, context, one, "the cast is set")


def _cancel(asked: argparse.Namespace, context: Context) -> None:
    _tell(asked, context, context.workspace.playbooks.cancel(asked.id, asked.why), "cancelled")


def _reopen(asked: argparse.Namespace, context: Context) -> None:
    _tell(asked, context, context.workspace.playbooks.reopen(asked.id), "open again")


def _tell(asked: argparse.Namespace, context: Context, one: PlaybookRun, done: str) -> None:
    if asked.json:
        print_json(_plain(one, context))
        return
    counted = context.workspace.playbooks.progress(one)
    turn = _turns(one, context)
    rest = f"; now {turn}" if turn else ""
    print(f"{one.id} {one.name}: {done}. {counted.done} of {counted.of}{rest}.")
