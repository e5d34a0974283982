"""fleettui tickets: messages. New tickets, what customers wrote, what we answered, notes."""

from __future__ import annotations

import argparse

from fleettui.cli.commands.tickets.json import print_changed
from fleettui.cli.commands.tickets.options import (
    add_at,
    add_author,
    add_body,
    add_id,
    add_ids,
    add_vars,
    either,
    instant_given,
    ticket_ids,
)
from fleettui.cli.contact import add_despite, unless_meant
from fleettui.cli.output import warn
from fleettui.cli.parser import PRIORITIES_HELP, Context, Subcommands, body_text, variables_given
from fleettui.domain.delivery.wording import goes_to, seconds_left
from fleettui.domain.tickets.model import DEPARTMENT, Ticket
from fleettui.errors import WrongUsage


def add_talking_commands(subcommands: Subcommands) -> None:
    new = subcommands.add("new", _new, "open one")
    new.add_argument("--customer", help="name, codename or id; an unknown name is taken as it is")
    new.add_argument(
        "--department", action="store_true", help="another team or a partner asks the department (SUP-20)"
    )
    new.add_argument("--from", dest="whom", metavar="WHOM", help="the team or partner, with --department")
    new.add_argument("--subject", required=True)
    new.add_argument("--tier", default="")
    new.add_argument("--priority", default="", help=f"left out: not triaged; {PRIORITIES_HELP}")
    new.add_argument("--channel", default="")
    new.add_argument("--thread", default="", metavar="ID", help="what later messages of it are known by")
    new.add_argument("--link", default="")
    new.add_argument("--dm", action="store_true", help="it came by direct message (SUP-8)")
    add_body(new, required=False)
    add_at(new)
    add_author(new)
    received = add_id(subcommands.add("received", _received, "the customer wrote again"))
    add_body(received)
    add_at(received)
    add_author(received)
    reply = add_ids(subcommands.add("reply", _reply, "we answered"))
    text = reply.add_mutually_exclusive_group(required=True)
    text.add_argument("--body", metavar="TEXT|-")
    text.add_argument("--template", metavar="NAME", help="a message, with the ticket's facts in it")
    add_vars(reply)
    reply.add_argument("--wait", action="store_true", help="now waiting for them")
    reply.add_argument("--since", type=int, metavar="REVISION", help="stop if somebody wrote after it")
    reply.add_argument(
        "--copy", action="store_true", help="only record it: it is sent by hand, whatever the policy says"
    )
    add_despite(reply)
    add_at(reply)
    note = add_ids(subcommands.add("note", _note, "for ourselves"))
    note.add_argument("text", nargs="?", metavar="TEXT|-")
    note.add_argument("--body", metavar="TEXT|-")
    count = add_id(subcommands.add("count", _count, "a mail of ours that was noted is the answer (SUP-21)"))
    count.add_argument(
        "message", nargs="?", default="", metavar="MESSAGE", help="its key in the JSON; else the newest"
    )


def _count(options: argparse.Namespace, context: Context) -> None:
    ticket, words = context.workspace.tickets.count(options.id, options.message)
    print_changed(options, context, [ticket], f"is answered: {words}")


def _new(options: argparse.Namespace, context: Context) -> None:
    ticket = context.workspace.tickets.new(
        _whose(options),
        options.subject,
        body=body_text(options.body),
        tier=DEPARTMENT if options.department else options.tier,
        priority=options.priority,
        at=instant_given(options.at, "--at", context),
        by=options.by,
        channel=options.channel,
        thread=options.thread,
        link=options.link,
        by_dm=options.dm,
    )
    print_changed(options, context, [ticket], "is open")
    warn(context.workspace.support.not_listed_warning(ticket))


def _whose(options: argparse.Namespace) -> str:
    """The customer, or the team or partner who asks the department."""
    if options.whom is not None and not options.department:
        raise WrongUsage("goes with --department; a customer's ticket has --customer", field="--from")
    if options.customer is None and options.whom is None:
        raise WrongUsage("say whose ticket it is", field="--from" if options.department else "--customer")
    if options.department and options.tier:
        raise WrongUsage("a request to the department has no customer's tier", field="--tier")
    return either(options.whom, options.customer, "--from")


def _received(options: argparse.Namespace, context: Context) -> None:
    body, at = body_text(options.body), instant_given(options.at, "--at", context)
    ticket = context.workspace.tickets.received(options.id, body, by=options.by, at=at)
    print_changed(options, context, [ticket], "has what they wrote")


def _reply(options: argparse.Namespace, context: Context) -> None:
    workspace = context.workspace
    ids = ticket_ids(options)
    with unless_meant(options):
        for ticket in map(workspace.tickets.find, ids):
            workspace.customers.refuse_contact(ticket.customer_id)
    if len(ids) > 1:
        _reply_to_several(ids, options, context)
        return
    before = workspace.tickets.find(ids[0])
    since = options.since
    if options.template is None:
        body = body_text(options.body)
    else:
        body = workspace.support.render(options.template, before, variables_given(options.var))
        # The text was made from what the ticket was: nothing may have come between.
        since = before.rev if since is None else since
    at = instant_given(options.at, "--at", context)
    ticket = workspace.tickets.reply(
        before.id, body, since=since, wait=options.wait, at=at, copy=options.copy
    )
    _warn_of_unclear(body, context)
    if options.template is not None and not options.json:
        print(body + "\n")
    print_changed(options, context, [ticket], _answered(ticket, context))


def _answered(ticket: Ticket, context: Context) -> str:
    """Where it leaves by itself, so long it can be taken back."""
    delivery = ticket.messages[-1].delivery if ticket.messages else None
    if delivery is None or not delivery.is_untried:
        return "has the answer"
    left = seconds_left(delivery, context.workspace.now())
    to = goes_to(delivery, context.workspace.names.channel(ticket))
    return f"has the answer; it leaves in {left} s, to {to} (`fleettui undo {ticket.id}` takes it back)"


def _reply_to_several(ids: list[str], options: argparse.Namespace, context: Context) -> None:
    """One text, each with their own words, by one change."""
    if options.since is not None:
        raise WrongUsage("goes with one ticket; several are stopped by what comes meanwhile", field="--since")
    workspace = context.workspace
    before = list({ticket.id: ticket for ticket in map(workspace.tickets.find, ids)}.values())
    if options.template is None:
        texts = workspace.several_texts.of_text(before, body_text(options.body))
    else:
        given = variables_given(options.var)
        texts = workspace.several_texts.of_template(before, options.template, given)
    since = {ticket.id: ticket.rev for ticket in before}
    at = instant_given(options.at, "--at", context)
    changed = workspace.tickets.reply_each(texts, since=since, wait=options.wait, at=at, copy=options.copy)
    if not options.json:
        for ticket in changed:
            print(f"{ticket.id}, into {workspace.names.goes_to(ticket)}:\n{texts[ticket.id]}\n")
    print_changed(options, context, changed, "has the answer")


def _note(options: argparse.Namespace, context: Context) -> None:
    body = body_text(either(options.text, options.body, "--body"))
    changed = context.workspace.tickets.note(ticket_ids(options), body)
    _warn_of_unclear(body, context)
    print_changed(options, context, changed, "has the note")


def _warn_of_unclear(body: str, context: Context) -> None:
    """A name behind @ that several people have."""
    if "@" in body:
        for sentence in context.workspace.inbox.unclear(body):
            warn(sentence)
