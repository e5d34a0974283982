"""fleettui playbooks: checklists with owners, for what is done on demand."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from fleettui.cli.contact import add_despite, unless_meant
from fleettui.cli.output import iso, pick, print_documents, print_json, print_result, print_rows
from fleettui.cli.parser import Context, Subcommands, add_fields, assignments, instant
from fleettui.cli.viewing import add_view, chosen_by
from fleettui.domain.checklists.model import Opens, StepView
from fleettui.domain.playbooks.runs import PlaybookRun, opens_of, step_key

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
    subcommands = Subcommands(parser)
    listing = subcommands.add("list", _list, "what is on its way, and whose turn it is", reads=True)
    listing.add_argument("--all", action="store_true", help="what is finished or cancelled, too")
    listing.add_argument("--mine", action="store_true", help="only where it is my turn")
    add_view(listing, "playbooks")
    listing.add_argument("--search", default="", metavar="QUERY", help="such as: customer:acme is:mine")
    subcommands.add("names", _names, "the playbooks that there are", reads=True)
    starting = subcommands.add("start", _start, "begin one")
    starting.add_argument("name", metavar="NAME", help="id, rule or name")
    starting.add_argument("--customer", metavar="C", help="name, codename or id")
    add_despite(starting)
    starting.add_argument("answers", nargs="*", metavar="FACT=ANSWER", help="what is known already")
    _add_id(subcommands.add("show", _show, "one of them, with every step", reads=True))
    ticking = _add_id_and_step(subcommands.add("tick", _tick, "a step is done; an approval is given"))
    ticking.add_argument("--evidence", default="", metavar="TEXT", help="the proof, where one is wanted")
    _add_id_and_step(subcommands.add("untick", _untick, "take back a tick, a skip or a refusal"))
    for name, function, help_ in (
        ("skip", _skip, "leave a step out"),
        ("decline", _decline, "refuse an approval"),
    ):
        _add_id_and_step(subcommands.add(name, function, help_)).add_argument(
            "--why", required=True, metavar="TEXT"
        )
    _add_id_and_step(subcommands.add("again", _again, "one more round of a step that repeats"))
    opening = _add_id_and_step(
        subcommands.add("open", _open, "begin what the step begins: a call, a ticket, a playbook")
    )
    add_despite(opening)
    opening.add_argument("--at", metavar="TIME", help="when, for a call; a first proposal when left out")
    handing = _add_id_and_step(subcommands.add("hand", _hand, "give a step to somebody"))
    handing.add_argument("person", metavar="PERSON", help="login, or the beginning of a name")
    answering = _add_id(subcommands.add("answer", _answer, "answer what decides which steps apply"))
    answering.add_argument("answers", nargs="+", metavar="FACT=ANSWER")
    add_fields(_add_id(subcommands.add("fill", _fill, "write down what a step asks for")), required=True)
    casting = _add_id(subcommands.add("cast", _cast, "say who plays a role in it"))
    casting.add_argument("roles", nargs="+", metavar="ROLE=PERSON")
    cancelling = _add_id(subcommands.add("cancel", _cancel, "it will not be done"))
    cancelling.add_argument("--why", default="", metavar="TEXT")
    _add_id(subcommands.add("reopen", _reopen, "it goes on after all"))


def _add_id(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("id", metavar="ID", help="like P-101")
    return parser


def _add_id_and_step(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    _add_id(parser).add_argument("step", metavar="STEP", help="its key or its label; `show` tells them")
    return parser


# Looking


def _list(options: argparse.Namespace, context: Context) -> None:
    playbooks = context.workspace.playbooks
    runs = [run for run in playbooks.all(archived=options.all) if run.open or options.all]
    if options.mine:
        runs = [run for run in runs if playbooks.my_turn(run)]
    runs = chosen_by(options, context, "playbooks", runs)
    headings = ("ID", "PLAYBOOK", "CUSTOMER", "DONE", "WHOSE TURN")
    print_documents(
        options, runs, lambda run: _as_json(run, context), headings, lambda run: _row(run, context)
    )


def _row(run: PlaybookRun, context: Context) -> tuple[str, ...]:
    counted = context.workspace.playbooks.progress(run)
    turn = _turns(run, context) if run.open else run.outcome
    return run.id, run.name, _customer(run, context), f"{counted.done} of {counted.of}", turn


def _turns(run: PlaybookRun, context: Context) -> str:
    return ", ".join(turn.who or turn.owner for turn in context.workspace.playbooks.turns(run))


def _customer(run: PlaybookRun, context: Context) -> str:
    customer = context.workspace.customers.get(run.customer) if run.customer else None
    return customer.name if customer else run.customer


def _names(options: argparse.Namespace, context: Context) -> None:
    books = list(context.workspace.handbook.playbooks.values())
    plain = (pick(book, "id", "rule", "name", "purpose", "customer") for book in books)
    print_rows(options, plain, ("ID", "RULE", "NAME"), ((book.id, book.rule, book.name) for book in books))
    for broken in context.workspace.handbook.broken_playbooks:
        raise broken


def _show(options: argparse.Namespace, context: Context) -> None:
    run = context.workspace.playbooks.find(options.id)
    if options.json:
        print_json(_as_json(run, context))
        return
    counted = context.workspace.playbooks.progress(run)
    outcome = "" if run.open else f", {run.outcome}{f': {run.why}' if run.why else ''}"
    about = _customer(run, context)
    print(f"{run.id}  {run.name}{f'  {about}' if about else ''}  {counted.done} of {counted.of}{outcome}")
    for fact in run.definition.facts:
        answer = run.run.answers.get(fact.key)
        print(
            f"  {fact.key}: {fact.question} {'not answered yet' if answer is None else _answer_in_words(answer)}"
        )
    for line in _lines(context.workspace.playbooks.view(run), 0):
        print(line)


def _answer_in_words(answer: object) -> str:
    return ("yes" if answer else "no") if isinstance(answer, bool) else str(answer)


def _lines(views: tuple[StepView, ...], depth: int) -> Iterator[str]:
    for shown in views:
        who = shown.who or shown.owner
        why = f"  ({shown.state}: {shown.why_not})" if shown.why_not and not shown.steps else ""
        whose = f"  {who}" if who and not shown.steps else ""
        yield f"{'  ' * depth}{SIGNS[shown.state]} {shown.key}  {shown.label}{whose}{why}"
        yield from _lines(shown.steps, depth + 1)


def _as_json(run: PlaybookRun, context: Context) -> dict[str, Any]:
    playbooks, zone = context.workspace.playbooks, context.workspace.zone
    counted = playbooks.progress(run)
    return {
        **pick(run, "id", "name", "playbook", "rule"),
        "customer": _customer(run, context) or None,
        "done": counted.done,
        "of": counted.of,
        "skipped": counted.skipped,
        "state": "open" if run.open else run.outcome,
        "why": run.why,
        "started": iso(run.run.started, zone),
        "closed": iso(run.closed, zone),
        "by": run.by,
        "parent": run.parent or None,
        "turns": [
            {"owner": turn.owner, "who": turn.who or None, "steps": turn.keys}
            for turn in playbooks.turns(run)
        ],
        "facts": [
            {"key": fact.key, "question": fact.question, "answer": run.run.answers.get(fact.key)}
            for fact in run.definition.facts
        ],
        "filled": run.run.filled,
        "steps": [_step_as_json(run, shown, zone) for shown in playbooks.view(run)],
        "reminders": _reminders(run, context),
        "revision": run.rev,
    }


def _step_as_json(run: PlaybookRun, shown: StepView, zone: ZoneInfo) -> dict[str, Any]:
    plain: dict[str, Any] = {
        **pick(shown, "key", "label", "owner"),
        "who": shown.who or None,
        **pick(shown, "state", "optional", "why_not"),
        "url": shown.step.url or None,
        "due": iso(shown.due, zone),
        "late": shown.late,
        "not_before": iso(shown.not_before, zone),
        "expires": iso(shown.expires, zone),
    }
    mark = shown.mark
    if mark is not None:
        plain |= {"by": mark.by, "at": iso(mark.at, zone), **pick(mark, "evidence", "why")}
    opened = [pick(link, "kind", "id") for link in run.links if link.step == shown.key]
    inner = [_step_as_json(run, below, zone) for below in shown.steps]
    return plain | {"opened": opened, "steps": inner}


def _reminders(run: PlaybookRun, context: Context) -> list[str]:
    return [context.workspace.playbooks.written(run, name) for name in run.reminders]


# Acting


def _start(options: argparse.Namespace, context: Context) -> None:
    answers = assignments(options.answers)
    with unless_meant(options):
        quote = [Opens(kind="playbook", name=options.name)]
        context.workspace.customers.refuse_begin(quote, options.customer or "")
    run = context.workspace.playbooks.start(options.name, options.customer, answers={**answers})
    if not options.json:
        for reminder in _reminders(run, context):
            print(reminder)
    _print_changed(options, context, run, "begun")


def _tick(options: argparse.Namespace, context: Context) -> None:
    run = context.workspace.playbooks.tick(options.id, options.step, evidence=options.evidence)
    _print_changed(options, context, run, f"{options.step} is done")


def _untick(options: argparse.Namespace, context: Context) -> None:
    run = context.workspace.playbooks.untick(options.id, options.step)
    _print_changed(options, context, run, f"{options.step} is open again")


def _skip(options: argparse.Namespace, context: Context) -> None:
    run = context.workspace.playbooks.skip(options.id, options.step, options.why)
    _print_changed(options, context, run, f"{options.step} is left out")


def _decline(options: argparse.Namespace, context: Context) -> None:
    run = context.workspace.playbooks.decline(options.id, options.step, options.why)
    _print_changed(options, context, run, f"{options.step} is declined")


def _again(options: argparse.Namespace, context: Context) -> None:
    run = context.workspace.playbooks.again(options.id, options.step)
    _print_changed(options, context, run, f"{options.step} begins anew")


def _hand(options: argparse.Namespace, context: Context) -> None:
    run = context.workspace.playbooks.hand_over(options.id, options.step, options.person)
    _print_changed(options, context, run, f"{options.step} is handed to {options.person}")


def _open(options: argparse.Namespace, context: Context) -> None:
    at = instant(options.at, "--at", context) if options.at else None
    playbooks = context.workspace.playbooks
    run = playbooks.find(options.id)
    with unless_meant(options):
        context.workspace.customers.refuse_begin(opens_of(run, options.step), run.customer)
    begun = playbooks.open(run.id, options.step, at)
    words = ", ".join(f"{link.kind} {link.id}" for link in begun) or "It was begun before; nothing is new."
    url = _link_of(run, options.step, context)
    plain = [
        {**pick(link, "kind", "id"), **({"url": url} if url and link.kind == "issue" else {})}
        for link in begun
    ]
    print_result(options, plain, f"{words}\n{url}" if url else words)


def _link_of(run: PlaybookRun, step: str, context: Context) -> str:
    """The page that a step is done with; of an issue, with everything filled in."""
    link = context.workspace.playbooks.texts.link_of(run, step_key(run, step))
    return link.link if link else ""


def _answer(options: argparse.Namespace, context: Context) -> None:
    given = {fact: value or None for fact, value in assignments(options.answers).items()}
    _print_changed(options, context, context.workspace.playbooks.answer_all(options.id, given), "answered")


def _fill(options: argparse.Namespace, context: Context) -> None:
    run = context.workspace.playbooks.fill_all(options.id, assignments(options.fields))
    _print_changed(options, context, run, "written down")


def _cast(options: argparse.Namespace, context: Context) -> None:
    run = context.workspace.playbooks.cast(options.id, assignments(options.roles))
    _print_changed(options, context, run, "the cast is set")


def _cancel(options: argparse.Namespace, context: Context) -> None:
    _print_changed(options, context, context.workspace.playbooks.cancel(options.id, options.why), "cancelled")


def _reopen(options: argparse.Namespace, context: Context) -> None:
    _print_changed(options, context, context.workspace.playbooks.reopen(options.id), "open again")


def _print_changed(options: argparse.Namespace, context: Context, run: PlaybookRun, done: str) -> None:
    if options.json:
        print_json(_as_json(run, context))
        return
    counted = context.workspace.playbooks.progress(run)
    turn = _turns(run, context)
    rest = f"; now {turn}" if turn else ""
    print(f"{run.id} {run.name}: {done}. {counted.done} of {counted.of}{rest}.")
