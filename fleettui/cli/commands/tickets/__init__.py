"""fleettui tickets: the support queue."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime, tzinfo

from fleettui.cli.commands.tickets.json import as_json, whole
from fleettui.cli.commands.tickets.support import aside
from fleettui.cli.parser import Context, Subcommands, assignments, body_text, moment, print_json, print_table
from fleettui.domain.tickets.fields import EDITABLE
from fleettui.domain.tickets.model import Message, Ticket
from fleettui.domain.tickets.search import span_of
from fleettui.errors import Refused, WrongUsage
from fleettui.time.zones import as_utc
from fleettui.workspace.tickets.queue import QueueRow


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = Subcommands(parser)
    _reading(verbs)
    _talking(verbs)
    _flowing(verbs)
    aside(verbs)


def _reading(verbs: Subcommands) -> None:
    listing = verbs.add("list", _list, "open work, what breaches first on top")
    listing.add_argument("--view", default="all", metavar="NAME", help="one of `tickets views`")
    listing.add_argument(
        "--search", default="", metavar="QUERY", help='such as: priority:P1 due:<2h "500 error"'
    )
    listing.add_argument("--as-of", metavar="TIME", help="as it stood then")
    listing.add_argument("--all", action="store_true", help="resolved and archived ones, too")
    showing = _one(verbs.add("show", _show, "one of them, with its messages and history"))
    showing.add_argument("--as-of", metavar="TIME", help="as it stood then")
    _one(verbs.add("explain", _explain, "how its due time came about"))
    verbs.add("views", _views, "the views of the queue, and how many each lists")
    saving = verbs.add("save-view", _save_view, "give a search a name, for the whole team")
    saving.add_argument("name")
    saving.add_argument("search")
    verbs.add("drop-view", _drop_view, "take a team's view off").add_argument("name")
    verbs.add("next", _next, "the most urgent one that nobody else has open")


def _talking(verbs: Subcommands) -> None:
    new = verbs.add("new", _new, "open one")
    new.add_argument(
        "--customer", required=True, help="name, codename or id; an unknown name is taken as it is"
    )
    new.add_argument("--subject", required=True)
    new.add_argument("--tier", default="")
    new.add_argument("--priority", default="")
    new.add_argument("--channel", default="")
    new.add_argument("--thread", default="", metavar="ID", help="what later messages of it are known by")
    new.add_argument("--link", default="")
    new.add_argument("--dm", action="store_true", help="it came by direct message (SUP-8)")
    _body(new, required=False)
    _moment(new)
    _by(new)
    received = _one(verbs.add("received", _received, "the customer wrote again"))
    _body(received)
    _moment(received)
    _by(received)
    reply = _one(verbs.add("reply", _reply, "we answered"))
    text = reply.add_mutually_exclusive_group(required=True)
    text.add_argument("--body", metavar="TEXT|-")
    text.add_argument("--template", metavar="NAME", help="a message, with the ticket's facts in it")
    reply.add_argument("--var", action="append", default=[], metavar="K=V", help="for the template")
    reply.add_argument("--wait", action="store_true", help="now waiting for them")
    reply.add_argument("--since", type=int, metavar="REVISION", help="stop if somebody wrote after it")
    _moment(reply)
    note = _some(verbs.add("note", _note, "for ourselves"))
    note.add_argument("text", nargs="?", metavar="TEXT|-")
    note.add_argument("--body", metavar="TEXT|-")


def _flowing(verbs: Subcommands) -> None:
    assign = _some(verbs.add("assign", _assign, "give it to somebody"))
    assign.add_argument("person", nargs="?", metavar="LOGIN", help='"nobody" takes it from whoever has it')
    assign.add_argument("--to", metavar="LOGIN")
    _some(verbs.add("take", _take, "mine from now on")).add_argument(
        "--over", action="store_true", help="from whoever has it"
    )
    label = _some(verbs.add("label", _label, "put labels on, or take them off"))
    label.add_argument("labels", nargs="*", metavar="LABEL")
    label.add_argument("--add", action="append", default=[], metavar="LABEL")
    label.add_argument("--remove", "--drop", action="append", default=[], metavar="LABEL")
    _some(verbs.add("wait", _wait, "waiting for the customer"))
    snooze = _some(verbs.add("snooze", _snooze, "out of the way until a moment"))
    snooze.add_argument("moment", nargs="?", metavar="TIME", help="a moment, or 2h, 3d, 1w from now")
    snooze.add_argument("--until", metavar="TIME")
    merge = _one(verbs.add("merge", _merge, "two that are one: what comes to the first goes to the other"))
    merge.add_argument("other", nargs="?", metavar="INTO")
    merge.add_argument("--into", metavar="ID")
    resolve = _some(verbs.add("resolve", _resolve, "done"))
    resolve.add_argument(
        "--documentation", metavar="yes|no|TEXT", help="whether the solution could help others (SUP-9)"
    )
    resolve.add_argument("--summary", metavar="TEXT|-", help="what was posted to the channel (SUP-8)")
    _some(verbs.add("reopen", _reopen, "open it again"))
    setting = _some(verbs.add("set", _set, "change what is known"))
    setting.add_argument("fields", nargs="+", metavar="FIELD=VALUE", help=", ".join(EDITABLE))
    setting.add_argument("--why", default="", help="for the history")


# Arguments that several have


def _one(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("id", metavar="ID")
    return parser


def _some(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("ids", metavar="ID", help="or several, like T-1001,T-1004")
    return parser


def _body(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    parser.add_argument(
        "--body", metavar="TEXT|-", required=required, default="", help="- reads standard input"
    )


def _moment(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at", metavar="TIME", help="when it was written, if not now")


def _by(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", default="", metavar="NAME", help="who wrote it")


def _ids(asked: argparse.Namespace) -> list[str]:
    ids = [part.strip() for part in asked.ids.split(",") if part.strip()]
    if not ids:
        raise WrongUsage("name a ticket", field="ID")
    return ids


def _at(given: str | None, field: str, context: Context) -> datetime | None:
    return None if given is None else as_utc(moment(given, field, context.workspace.zone), field)


def _either(first: str | None, second: str | None, field: str) -> str:
    given = second if first is None else first
    if given is None or (first is not None and second is not None):
        raise WrongUsage("give it once", field=field)
    return given


# Reading


def _list(asked: argparse.Namespace, context: Context) -> None:
    verbs = context.workspace.queue
    as_of = _at(asked.as_of, "--as-of", context)
    queue = verbs.queue(asked.view, asked.search, archived=asked.all, as_of=as_of)
    if queue.problems:
        raise Refused(queue.problems[0])
    if asked.json:
        print_json([as_json(one, context, as_of) for one in queue.entries])
        return
    headings = ("", "ID", "LEFT", "PRIO", "TIER", "CUSTOMER", "SUBJECT", "WHOSE", "LEVEL", "STATUS")
    print_table(headings, [_cells(verbs.row(one, as_of)) for one in queue.entries])


def _cells(row: QueueRow) -> tuple[str, ...]:
    from fleettui.text.cleaning import fit

    status = "" if row.status == "open" else row.status
    who = fit(row.customer, 24)
    glyph = row.glyph + ("*" if row.unread else "")
    return (
        glyph, row.id, row.left, row.priority, row.tier, who, fit(row.subject, 48), row.assignee,
        row.level, status,
    )  # fmt: skip


def _show(asked: argparse.Namespace, context: Context) -> None:
    workspace = context.workspace
    as_of = _at(asked.as_of, "--as-of", context)
    ticket = workspace.tickets.find(asked.id) if as_of is None else _as_it_stood(asked.id, as_of, context)
    shown = whole(ticket, context, as_of)
    if asked.json:
        print_json(shown)
        return
    if as_of is None:
        workspace.queue.look(ticket)
    found = workspace.queue.of(ticket)
    told = workspace.queue.debt_text(ticket, found.owed, as_of)
    print(f"{ticket.id}  {ticket.subject}")
    print(f"{told.glyph} {told.words}")
    who = ticket.assignee or "nobody"
    print(f"{found.shown} · {ticket.tier} {ticket.priority} · {ticket.level} · {shown['status']} · {who}")
    for name in ("labels", "channel", "thread", "link", "issue", "key_date", "merged_into", "snooze_until"):
        value = shown[name]
        if value:
            print(
                f"{name:<14}{', '.join(value) if isinstance(value, Sequence) and not isinstance(value, str) else value}"
            )
    for row in workspace.support.details(ticket):
        if row.answer:
            print(f"{row.detail.label}: {row.answer}")
    for message in ticket.messages:
        _print_message(message, workspace.zone)


def _print_message(message: Message, zone: tzinfo) -> None:
    sign = {"in": "→", "out": "←", "note": "#"}[message.direction]
    became = " (taken back)" if message.deleted_at else " (edited)" if message.edited_at else ""
    print(f"\n{sign} {message.at.astimezone(zone):%Y-%m-%d %H:%M}  {message.by}{became}")
    for line in message.body.splitlines() or [""]:
        print(f"  {line}".rstrip())


def _as_it_stood(said: str, as_of: datetime, context: Context) -> Ticket:
    wanted = context.workspace.tickets.find(said).id
    for one in context.workspace.tickets.as_of(as_of):
        if one.id == wanted:
            return one
    raise Refused(f"There was no {wanted} then.")


def _explain(asked: argparse.Namespace, context: Context) -> None:
    from fleettui.cli.traces import print_trace, trace_as_json

    workspace = context.workspace
    ticket = workspace.tickets.find(asked.id)
    owed = workspace.queue.debt(ticket)
    told = workspace.queue.debt_text(ticket, owed)
    if asked.json:
        trace = trace_as_json(owed.trace(), workspace.zone) if owed else []
        print_json({**as_json(workspace.queue.of(ticket), context), "words": told.words, "trace": trace})
        return
    print(f"{ticket.id}: {told.words}")
    if owed is not None:
        print(f"{owed.rule}: {owed.reason}".lstrip(": "))
        print_trace(owed.trace(), workspace.zone)


def _views(asked: argparse.Namespace, context: Context) -> None:
    verbs = context.workspace.queue
    counts = verbs.counts()
    rows = [(view, counts[view.key]) for view in verbs.views()]
    if asked.json:
        print_json([{**view._asdict(), "count": count} for view, count in rows])
        return
    print_table(
        ("VIEW", "NAME", "COUNT", "SEARCH"),
        [(view.key, view.name, str(count), view.search) for view, count in rows],
    )


def _save_view(asked: argparse.Namespace, context: Context) -> None:
    view = context.workspace.queue.save_view(asked.name, asked.search)
    if asked.json:
        print_json(view._asdict())
    else:
        print(f"The view {view.name} is there for everybody: {view.search}")


def _drop_view(asked: argparse.Namespace, context: Context) -> None:
    context.workspace.queue.drop_view(asked.name)
    if asked.json:
        print_json({"dropped": asked.name})
    else:
        print(f"The view {asked.name} is gone.")


def _next(asked: argparse.Namespace, context: Context) -> None:
    found = context.workspace.queue.next()
    if asked.json:
        print_json(as_json(found, context) if found else None)
    elif found is None:
        print("Nothing waits for an answer.")
    else:
        row = context.workspace.queue.row(found)
        print(f"{row.glyph} {row.id}  {row.subject}: {row.words}")


# Talking


def _new(asked: argparse.Namespace, context: Context) -> None:
    ticket = context.workspace.tickets.new(
        asked.customer,
        asked.subject,
        body=body_text(asked.body),
        tier=asked.tier,
        priority=asked.priority,
        at=_at(asked.at, "--at", context),
        by=asked.by,
        channel=asked.channel,
        thread=asked.thread,
        link=asked.link,
        by_dm=asked.dm,
    )
    _tell(asked, context, [ticket], "is open")
    remark(context.workspace.support.not_listed_warning(ticket))


def remark(doubt: str) -> None:
    """Beside the answer, where scripts do not read it."""
    if doubt:
        print(doubt, file=sys.stderr)


def _received(asked: argparse.Namespace, context: Context) -> None:
    body, at = body_text(asked.body), _at(asked.at, "--at", context)
    ticket = context.workspace.tickets.received(asked.id, body, by=asked.by, at=at)
    _tell(asked, context, [ticket], "has what they wrote")


def _reply(asked: argparse.Namespace, context: Context) -> None:
    workspace = context.workspace
    before = workspace.tickets.find(asked.id)
    since = asked.since
    if asked.template is None:
        body = body_text(asked.body)
    else:
        body = workspace.support.render(asked.template, before, assignments(asked.var))
        # The text was made from what the ticket was: nothing may have come between.
        since = before.rev if since is None else since
    at = _at(asked.at, "--at", context)
    ticket = workspace.tickets.reply(before.id, body, since=since, wait=asked.wait, at=at)
    if asked.template is not None and not asked.json:
        print(body + "\n")
    _tell(asked, context, [ticket], "has the answer")


def _note(asked: argparse.Namespace, context: Context) -> None:
    body = body_text(_either(asked.text, asked.body, "--body"))
    _tell(asked, context, context.workspace.tickets.note(_ids(asked), body), "has the note")


# The flow


def _assign(asked: argparse.Namespace, context: Context) -> None:
    changed = context.workspace.tickets.assign(_ids(asked), _either(asked.person, asked.to, "LOGIN"))
    _tell(asked, context, changed, f"is {changed[0].assignee or 'nobody'}'s")


def _take(asked: argparse.Namespace, context: Context) -> None:
    _tell(asked, context, context.workspace.tickets.take(_ids(asked), over=asked.over), "is yours")


def _label(asked: argparse.Namespace, context: Context) -> None:
    add = [*asked.labels, *asked.add]
    if not add and not asked.remove:
        raise WrongUsage("name a label to put on, or one to --remove", field="LABEL")
    changed = context.workspace.tickets.label(_ids(asked), add, asked.remove)
    _tell(asked, context, changed, f"carries {', '.join(changed[0].labels) or 'no label'}")


def _wait(asked: argparse.Namespace, context: Context) -> None:
    _tell(asked, context, context.workspace.tickets.wait(_ids(asked)), "waits for the customer")


def _snooze(asked: argparse.Namespace, context: Context) -> None:
    said = _either(asked.moment, asked.until, "--until")
    ahead = span_of(said)
    zone = context.workspace.zone
    until = as_utc(moment(said, "--until", zone), "--until") if ahead is None else context.clock() + ahead
    changed = context.workspace.tickets.snooze(_ids(asked), until)
    _tell(asked, context, changed, f"sleeps until {until.astimezone(zone):%a %d %b %H:%M}")


def _merge(asked: argparse.Namespace, context: Context) -> None:
    merged, survivor = context.workspace.tickets.merge(asked.id, _either(asked.other, asked.into, "INTO"))
    _tell(asked, context, [merged], f"goes on in {survivor.id}")


def _resolve(asked: argparse.Namespace, context: Context) -> None:
    summary = body_text(asked.summary) if asked.summary else None
    changed = context.workspace.tickets.resolve(
        _ids(asked), documentation=asked.documentation, summary=summary
    )
    _tell(asked, context, changed, "is resolved")
    if not asked.json and changed[0].documentation is None:
        questions = {one.key: one.question for one in context.workspace.handbook.tickets.resolving}
        print(
            f"{questions.get('documentation', '')} `fleettui tickets set {changed[0].id} documentation=yes|no|TEXT`".strip()
        )


def _reopen(asked: argparse.Namespace, context: Context) -> None:
    _tell(asked, context, context.workspace.tickets.reopen(_ids(asked)), "is open again")


def _set(asked: argparse.Namespace, context: Context) -> None:
    changed = context.workspace.tickets.set(_ids(asked), assignments(asked.fields), why=asked.why)
    _tell(asked, context, changed, "is changed")


def _tell(asked: argparse.Namespace, context: Context, changed: list[Ticket], done: str) -> None:
    """One ticket as an object, several as a list."""
    if asked.json:
        plain = [as_json(context.workspace.queue.of(one), context) for one in changed]
        print_json(plain[0] if len(plain) == 1 else plain)
        return
    for one in changed:
        told = context.workspace.queue.debt_text(one, context.workspace.queue.debt(one))
        print(f"{one.id} {done}. {told.words[:1].upper()}{told.words[1:]}.")
