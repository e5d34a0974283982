"""fleettui outbox: answers and other texts that leave by themselves, what became of them, and what a person decides."""

from __future__ import annotations

import argparse
from typing import Any

from fleettui.cli.commands.tickets.json import delivery_as_json
from fleettui.cli.contact import add_despite, unless_meant
from fleettui.cli.output import local, print_result, print_rows
from fleettui.cli.parser import Context, Subcommands, body_text
from fleettui.domain.delivery.wording import goes_to, seconds_left, state_words
from fleettui.workspace.orders import Order


def arguments(parser: argparse.ArgumentParser) -> None:
    subcommands = Subcommands(parser)
    listing = subcommands.add(
        "list", _list, "what has not left, and what was sent in the last day", reads=True
    )
    listing.add_argument(
        "--failed", action="store_true", help="only what somebody has to decide: failed, uncertain"
    )
    send = subcommands.add(
        "send", _send, "send the text of a step: to a customer who missed a call, of a playbook"
    )
    send.add_argument("about", metavar="ID", help="of the call or the playbook, like C-12 or P-101")
    send.add_argument("step", metavar="STEP")
    send.add_argument("--to", metavar="WHOM", help="an address, or the id of a Slack channel")
    send.add_argument("--subject", help="of a mail")
    send.add_argument("--body", metavar="TEXT|-", help="in the place of the step's text")
    add_despite(send)
    retry = subcommands.add("retry", _retry, "send again what failed or is uncertain")
    retry.add_argument("id", metavar="ID", help="T-1042/m7, L-3, or the ticket where that is enough")
    drop = subcommands.add("drop", _drop, "do not send it; an answer stays on its ticket, to copy")
    drop.add_argument("id", metavar="ID", help="T-1042/m7, L-3, or the ticket where that is enough")


def _list(options: argparse.Namespace, context: Context) -> None:
    orders = context.workspace.outbox.all(failed=options.failed)
    now, zone, shown = context.workspace.now(), context.workspace.zone, context.workspace.channels.shown
    rows = (
        (
            order.about,
            order.subject,
            order.delivery.way,
            goes_to(order.delivery, shown(order.delivery.to[0])),
            state_words(order.delivery, now, zone),
        )
        for order in orders
    )
    headings = ("ID", "SUBJECT", "WAY", "TO", "STATE")
    print_rows(options, (_as_json(order, context) for order in orders), headings, rows)


def _send(options: argparse.Namespace, context: Context) -> None:
    workspace = context.workspace
    draft = workspace.letters.draft(options.about, options.step)
    with unless_meant(options):
        workspace.customers.refuse_contact(draft.customer)
    body = None if options.body is None else body_text(options.body)
    letter = workspace.letters.write(draft, to=options.to, subject=options.subject, body=body)
    order = workspace.outbox.find(letter.id)
    left = seconds_left(letter.delivery, workspace.now())
    leaves = f"{letter.id} leaves in {left} s, to {letter.delivery.to[0]}"
    print_result(options, _as_json(order, context), f"{leaves} (`fleettui undo {letter.id}` takes it back).")


def _retry(options: argparse.Namespace, context: Context) -> None:
    order = context.workspace.outbox.retry(options.id)
    print_result(options, _as_json(order, context), f"{order.about} is sent again.")


def _drop(options: argparse.Namespace, context: Context) -> None:
    order = context.workspace.outbox.drop(options.id)
    stays = f"The answer stays on {order.id}, to copy." if order.ticket else "It is gone."
    print_result(
        options, {**_as_json(order, context), "dropped": True}, f"{order.about} is not sent. {stays}"
    )


def _as_json(order: Order, context: Context) -> dict[str, Any]:
    delivery, zone = order.delivery, context.workspace.zone
    at = delivery.sent_at or delivery.tried_at or delivery.leaves_at
    return {
        "id": order.about,
        "ticket": order.ticket.id if order.ticket else None,
        "about": order.letter.about if order.letter else order.id,
        "subject": order.subject,
        "by": order.who.login,
        **delivery_as_json(delivery, zone),
        "at": local(at, zone),
    }
