"""fleettui calls: the steps that prepare a call."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from fleettui.cli.commands.calls.options import add_id, call_id
from fleettui.cli.commands.calls.output import print_changed
from fleettui.cli.output import print_result
from fleettui.cli.parser import Context, Subcommands
from fleettui.errors import Refused, WrongUsage

if TYPE_CHECKING:
    from fleettui.network.link_check import Answer


def add_step_commands(subcommands: Subcommands) -> None:
    checking = add_id(
        subcommands.add(
            "check", _check, "tick a step; the link and documents are tried, unless evidence is given"
        )
    )
    checking.add_argument("step", metavar="STEP")
    checking.add_argument("--evidence", default="", help="what proves it")
    checking.add_argument("--early", action="store_true", help="although it is too soon, which is noted")
    checking.add_argument("--none", action="store_true", help="for documents: there are none")
    number = add_id(subcommands.add("number", _number, "keep a number of theirs, found when nobody came"))
    number.add_argument("phone", metavar="NUMBER")
    number.add_argument("--kind", required=True, help="mobile or landline: a landline takes no text")
    back = add_id(subcommands.add("uncheck", _uncheck, "take a tick back"))
    back.add_argument("step", metavar="STEP")
    skipping = add_id(subcommands.add("skip", _skip, "leave a step out"))
    skipping.add_argument("step", metavar="STEP")
    skipping.add_argument("--why", required=True)
    answering = add_id(
        subcommands.add("answer", _answer, "say what the product cannot know, like agenda yes")
    )
    answering.add_argument("fact", metavar="QUESTION")
    answering.add_argument("value", metavar="ANSWER")
    text = add_id(subcommands.add("text", _text, "what a step has to send or copy", reads=True))
    text.add_argument("step", metavar="STEP")


def _check(options: argparse.Namespace, context: Context) -> None:
    from fleettui.domain.calls.policy import DOCUMENTS_GROUP, DOCUMENTS_STEP, LINK_STEP

    calls = context.workspace.calls
    id_, early = call_id(options, context), options.early
    if options.none:
        if not options.step.startswith(DOCUMENTS_GROUP):
            raise WrongUsage("there can be none only of documents", field="--none")
        calls.steps.no_documents(id_)
        print_changed(options, context, calls.find(id_), "there are no documents for the agenda")
        return
    if options.step in (LINK_STEP, DOCUMENTS_STEP) and not options.evidence:
        steps = calls.steps
        is_link = options.step == LINK_STEP
        answers = [steps.test_link(id_, early=early)] if is_link else steps.test_documents(id_, early=early)
        _report_answers(options, answers)
    else:
        calls.steps.check(id_, options.step, options.evidence, early=early)
    print_changed(options, context, calls.find(id_), f"{options.step} is done")


def _number(options: argparse.Namespace, context: Context) -> None:
    call = context.workspace.calls.steps.number(call_id(options, context), options.phone, options.kind)
    print_changed(options, context, call, "the number is kept")


def _report_answers(options: argparse.Namespace, answers: list[Answer]) -> None:
    bad = next((answer for answer in answers if not answer.works), None)
    if bad is not None:
        by_hand = "" if bad.is_certain else "; to tick it by hand: --evidence TEXT"
        raise Refused(f"{bad.url}: {bad.text}{by_hand}")
    if not options.json:
        for answer in answers:
            print(f"{answer.url}: {answer.text}")


def _uncheck(options: argparse.Namespace, context: Context) -> None:
    call = context.workspace.calls.steps.uncheck(call_id(options, context), options.step)
    print_changed(options, context, call, f"{options.step} is open again")


def _skip(options: argparse.Namespace, context: Context) -> None:
    call = context.workspace.calls.steps.skip(call_id(options, context), options.step, options.why)
    print_changed(options, context, call, f"{options.step} is left out")


def _answer(options: argparse.Namespace, context: Context) -> None:
    call = context.workspace.calls.steps.answer(call_id(options, context), options.fact, options.value)
    print_changed(options, context, call, "noted")


def _text(options: argparse.Namespace, context: Context) -> None:
    calls = context.workspace.calls
    call = calls.find(options.id)
    text = calls.texts.of_step(call, options.step)
    if not text:
        raise Refused(f"{options.step}: this step has no text")
    print_result(options, {"text": text}, text)
