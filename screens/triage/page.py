"""The page of a ticket: what is owed and why, what is missing, messages and changes. It only shows; actions/ changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from fleettui.domain.checklists.rules import leaves, progress
from fleettui.domain.delivery.wording import state_words
from fleettui.domain.tickets import details
from fleettui.domain.tickets.attachments import files_of, in_words, mismatch
from fleettui.domain.tickets.debt import still_owed
from fleettui.domain.tickets.escalation import level_of
from fleettui.domain.tickets.issues import missing_searches
from fleettui.domain.tickets.model import unanswered_indexes
from fleettui.text.cleaning import fit
from fleettui.time import wording
from fleettui.workspace.damaged import Damaged
from fleettui.workspace.tickets.drafts import SIGN as DRAFT_SIGN
from fleettui.workspace.tickets.triaging import duplicate_lines, untriaged_words
from screens.commands.effective import key_of, with_keys
from screens.terminal.text import one_line
from screens.triage.rows import INCIDENT, incident_line, labels_in_words, level_sign, style_of
from screens.widgets.page import BLANK, Para, fact, fact_if, heading, step, title

if TYPE_CHECKING:
    from fleettui.domain.customers.policy import Group
    from fleettui.domain.delivery.model import Delivery
    from fleettui.domain.tickets.model import Message, Ticket
    from fleettui.workspace.happenings import HistoryLine
    from fleettui.workspace.presence import Visitor
    from fleettui.workspace.tickets.drafts import DraftsOf
    from fleettui.workspace.workspace import Workspace
    from screens.shell.asking import Asked

STEP_SIGNS = {
    "done": "✓",
    "skipped": "–",
    "not applicable": "·",
    "todo": "○",
    "unanswered": "?",
    "blocked": "◌",
}
NEWEST = 30
"""Messages and changes that are shown until the whole timeline is asked for."""
MOST_ALIKE = 2
"""Lines about tickets that may be about the same: what the customer wrote must stay in sight."""
LONG_BODY = 4_000
LONG_FACT = 200
LONG_NAME = 60
MOST_HISTORY = 500
SHOWN_ELSEWHERE = ("messages", "lists")
"""Fields that the page shows by themselves."""


def page(
    workspace: Workspace,
    ticket: Ticket,
    others: Sequence[Visitor],
    whole: bool = False,
    draft: DraftsOf | None = None,
    asked: Asked | None = None,
) -> list[Para]:
    """What the customer waits for comes before what is known of the ticket: on a small screen it would be out of sight."""
    parts = timeline(workspace, ticket, changes(workspace, ticket, whole, asked), whole)
    return [
        title(short(ticket.subject)),
        *head(workspace, ticket),
        *presence(others),
        *([Para(draft.words, "accent", ((f"{DRAFT_SIGN} ", "accent"),))] if draft else []),
        BLANK,
        *parts.unanswered,
        *facts(workspace, ticket),
        *to_do(workspace, ticket),
        BLANK,
        *parts.rest,
    ]


# What stands on top


def past_page(
    workspace: Workspace, ticket: Ticket, at: datetime, whole: bool = False, *, asked: Asked
) -> list[Para]:
    """The ticket as it stood then; nothing of what came after."""
    changed = (line for line in changes(workspace, ticket, True, asked) if line.at <= at)
    parts = timeline(workspace, ticket, changed, whole)
    stood = wording.named_moment(at, workspace.now(), workspace.zone)
    return [
        title(short(ticket.subject)),
        Para(f"As it stood {stood}; nothing can be changed here.", "warn"),
        *head(workspace, ticket, at),
        BLANK,
        *parts.unanswered,
        *facts(workspace, ticket),
        BLANK,
        *parts.rest,
    ]


def head(workspace: Workspace, ticket: Ticket, at: datetime | None = None) -> Iterator[Para]:
    queue = workspace.queue
    entry = queue.of(ticket)
    debt = queue.debt_text(ticket, entry.owed, at)
    yield Para(debt.words, style_of(debt.state), ((f"{debt.glyph} ", style_of(debt.state)),))
    if at is None:
        for order in workspace.outbox.of_ticket(ticket.id):
            which = "Answer " if order.id == ticket.id else f"Answer in {order.id}: "
            yield from delivery_paras(order.delivery, workspace, which)
    asleep = still_owed(ticket, entry.owed, at or workspace.now())
    if asleep:
        yield Para(asleep.words, "warn", ((f"{asleep.sign} ", "warn"),))
    yield fact(
        "Ticket",
        " · ".join(part for part in (ticket.id, ticket.priority_shown, ticket.tier, ticket.status) if part),
    )
    yield from _triaging(workspace, ticket)
    yield fact("Customer", _customer(workspace, ticket, entry.shown))
    nobody = with_keys("nobody yet; [triage.take] takes it") if at is None else "nobody"
    yield fact("With", _person(workspace, ticket.assignee) if ticket.assignee else nobody)
    if ticket.snooze_until and ticket.status == "snoozed":
        yield fact("Snoozed", f"until {wording.moment(ticket.snooze_until, workspace.now(), workspace.zone)}")
    if at is None and (ticket.incident or ticket.incident_of):
        yield Para(one_line(incident_line(workspace, ticket)), "warn", ((f"{INCIDENT} ", "warn"),))
    if ticket.merged_into:
        yield fact("Merged", f"goes on in {ticket.merged_into}", "warn")
        if ticket.id in queue.circles():
            yield Para(f"✗ {Damaged(ticket.id, queue.circles()[ticket.id]).in_words}", "bad")


def _triaging(workspace: Workspace, ticket: Ticket) -> Iterator[Para]:
    """SUP-19: that nobody has chosen the priority, what is suggested, and what may be about the same."""
    queue = workspace.queue
    if ticket.untriaged:
        yield fact("Priority", f"? {untriaged_words(ticket, 'p')}", "warn")
    suggestion = queue.suggestion(ticket)
    if suggestion is not None:
        yield fact("Suggested", short(suggestion.shown), "accent")
    for line in duplicate_lines(queue, queue.duplicates(ticket))[:MOST_ALIKE]:
        yield Para(f"{line[:1].upper()}{line[1:]}", "warn", (("≈ ", "warn"),))


def facts(workspace: Workspace, ticket: Ticket) -> Iterator[Para]:
    handbook = workspace.handbook
    level = level_of(ticket, handbook.levels)
    yield fact("Level", f"{level_sign(handbook.levels, ticket)} {level.name}: {', '.join(level.roles)}")
    channel, directory = workspace.names.channel(ticket), workspace.directory
    urgent = directory.is_urgent(ticket)
    dri = directory.dri(channel) if urgent else ""
    where = " · ".join(part for part in (ticket.way, channel, dri, ticket.link) if part)
    if where:
        yield fact("Where", short(where))
    if urgent:
        yield from (fact(line.label, short(line.words)) for line in directory.emergency_of(ticket))
    if ticket.labels:
        yield fact("Labels", short(labels_in_words(ticket.labels)))


def _customer(workspace: Workspace, ticket: Ticket, shown: str) -> str:
    customer = workspace.support.customer_of(ticket)
    parts = [shown]
    if not (customer and customer.anonymous):
        parts.append(workspace.names.contact(ticket))
    if customer:
        group = workspace.handbook.groups.of(customer.hosts)
        parts += [f"{customer.hosts:,} hosts"] if customer.hosts is not None else []
        parts += [_group(workspace, ticket, group)] if group else []
        parts += ["anonymous in public"] if customer.anonymous else []
    return short(" · ".join(short(part) for part in parts if part))


def _group(workspace: Workspace, ticket: Ticket, group: Group) -> str:
    """SUP-18; of an urgent one with its people."""
    if workspace.directory.is_urgent(ticket):
        return workspace.directory.group_words(group)
    return f"{group.name} {group.channel}"


def short(text: str) -> str:
    """Cut, so that one fact does not push the timeline off the screen."""
    return fit(one_line(text), LONG_FACT)


def _issue(workspace: Workspace, ticket: Ticket) -> str:
    """Its link and how it stands, or how far the search for one is (SUP-11)."""
    if ticket.issue:
        private = " (private)" if ticket.issue_private else ""
        return f"{ticket.issue}{private}{_closed_words(workspace, ticket)}"
    ordered = _ordered_issue(workspace, ticket)
    if ordered or not ticket.issue_searches:
        return ordered
    still = missing_searches(ticket, workspace.handbook.tickets.issue)
    return f"searched {len(ticket.issue_searches)} times" + (f", {still} to go" if still else "")


def _ordered_issue(workspace: Workspace, ticket: Ticket) -> str:
    """How the new issue stands that the service is to open; empty where there is none."""
    if not workspace.issues.orders.are_taken:
        return ""
    from fleettui.domain.delivery.wording import state_words

    letter = workspace.issues.orders.waiting(ticket.id)
    if letter is None:
        return ""
    return f"a new one ({letter.id}): {state_words(letter.delivery, workspace.now(), workspace.zone)}"


def _closed_words(workspace: Workspace, ticket: Ticket) -> str:
    """ ", closed 9 Mar 10:00: they are to be told"; empty while it is open."""
    issue = workspace.issues.of(ticket)
    if issue is None or not issue.is_closed or issue.closed_at is None:
        return ""
    when = wording.moment(issue.closed_at, workspace.now(), workspace.zone)
    not_done = " without being done" if issue.outcome != "done" else ""
    owed = ": they are to be told" if workspace.issues.owed_for(ticket.id) else ""
    return f", closed {when}{not_done}{owed}"


def _person(workspace: Workspace, login: str) -> str:
    return workspace.people.get(login).shown


def presence(others: Sequence[Visitor]) -> Iterator[Para]:
    """Who else has it open."""
    for visitor in others:
        sign, doing = ("✎", "is answering") if visitor.typing else ("◉", "is looking at it")
        yield Para(f"{visitor.name} {doing}", "warn", ((f"{sign} ", "warn"),))


# What is still to be done


def to_do(workspace: Workspace, ticket: Ticket) -> Iterator[Para]:
    """What the handbook still asks for, each with the key that does it."""
    handbook = workspace.handbook
    missing = details.missing(ticket, handbook.details, required=True)
    wanted = len(handbook.details.required)
    if missing and ticket.status != "resolved":
        labels = ", ".join(detail.label for detail in missing)
        keys = with_keys("[triage.ask] asks, [triage.details] fills in")
        yield fact("Details", f"{wanted - len(missing)} of {wanted}; missing: {labels}. {keys}")
    elif wanted:
        yield fact("Details", f"all {wanted} known")
    if ticket.by_dm:
        summary = (
            "posted to the channel"
            if ticket.channel_summary
            else f"its summary is not in the channel yet ({key_of('triage.resolve')})"
        )
        yield fact("Came by DM", summary, "" if ticket.channel_summary else "warn")
    yield from fact_if("Issue", _issue(workspace, ticket))
    if ticket.key_date:
        yield fact("Key date", wording.day(ticket.key_date, with_year=True))
    if ticket.documentation:
        yield fact("Docs", f"{ticket.documentation.answer} {ticket.documentation.what}".strip())
    for key, listed in ticket.lists.items():
        yield from _list_in_short(workspace, ticket, key, listed.name)


def _list_in_short(workspace: Workspace, ticket: Ticket, key: str, name: str) -> Iterator[Para]:
    views = workspace.support.steps(ticket, key)
    done = progress(views)
    yield BLANK
    yield heading(f"{name}: {done.done} of {done.of} ({key_of('triage.steps')} ticks)")
    for view in leaves(views):
        if view.state != "not applicable":
            yield step(STEP_SIGNS.get(view.state, "○"), view.label, "muted" if view.state == "done" else "")


# Messages and changes


class TimelineEntry(NamedTuple):
    at: datetime
    place: int
    """Of the message among the ticket's messages; -1 for a change."""
    paras: list[Para]


class TimelineParts(NamedTuple):
    """The timeline in two parts: from the oldest unanswered message on, and before it."""

    unanswered: list[Para]
    rest: list[Para]


def timeline(
    workspace: Workspace, ticket: Ticket, changed: Iterable[HistoryLine], whole: bool
) -> TimelineParts:
    """Messages, notes and changes, newest first."""
    now, zone = workspace.now(), workspace.zone
    entries = [
        TimelineEntry(message.at, place, message_paras(message, ticket, workspace, whole))
        for place, message in enumerate(ticket.messages)
        if whole or place >= len(ticket.messages) - NEWEST
    ]
    entries += [TimelineEntry(line.at, -1, _change_paras(workspace, line)) for line in changed]
    entries.sort(key=lambda entry: (entry.at, entry.place), reverse=True)
    shown = entries if whole else entries[:NEWEST]
    owed = unanswered_indexes(ticket.messages) if workspace.queue.debt(ticket) else []
    fresh = [entry for entry in shown if owed and entry.place >= owed[0]]
    unanswered = [para for entry in fresh for para in entry.paras]
    rest = [heading("Timeline, newest first")]
    rest += [para for entry in shown if entry not in fresh for para in entry.paras]
    hidden = max(0, len(ticket.messages) - NEWEST) + len(entries) - len(shown) if not whole else 0
    if hidden:
        rest.append(Para(f"{hidden:,} older ones: {key_of('triage.older')} shows them.", "muted"))
    rest.append(Para(f"opened {wording.moment(ticket.opened_at, now, zone)}", "muted"))
    return TimelineParts([heading("Unanswered"), *unanswered, BLANK] if unanswered else [], rest)


def changes(workspace: Workspace, ticket: Ticket, whole: bool, asked: Asked | None) -> Sequence[HistoryLine]:
    """The history without the entries that only add a message; `asked` reads it beside the loop."""

    def read() -> Sequence[HistoryLine]:
        lines = workspace.happenings.of(ticket.id, MOST_HISTORY if whole else NEWEST, SHOWN_ELSEWHERE)
        return [line for line in lines if line.has_changes]

    return asked.of(("changes", ticket.id, whole), read, ()) if asked else read()


def _change_paras(workspace: Workspace, line: HistoryLine) -> list[Para]:
    when = wording.moment(line.at, workspace.now(), workspace.zone)
    return [Para(line.done, "muted", ((f"· {when} {one_line(line.who)} ", "muted"),))]


WHO = {"in": ("▸", "accent", "wrote"), "out": ("◂", "good", "answered"), "note": ("✎", "muted", "noted")}


def message_paras(message: Message, ticket: Ticket, workspace: Workspace, whole: bool = False) -> list[Para]:
    sign, style, did = WHO[message.direction]
    by = workspace.names.author(ticket, message)
    extra = [
        "by itself" if message.automatic else "",
        "edited" if message.edited_at else "",
        "taken back" if message.deleted_at else "",
        f"{message.uncounted}; {key_of('triage.count')} counts it as the answer" if message.uncounted else "",
        f"from {message.moved_from}" if message.moved_from else "",
    ]
    remarks = ", ".join(part for part in extra if part)
    when = wording.moment(message.at, workspace.now(), workspace.zone)
    who = f"{sign} {when} {fit(one_line(by), LONG_NAME)} {did}{f' ({remarks})' if remarks else ''}"
    body = (
        message.body
        if whole or len(message.body) <= LONG_BODY
        else f"{message.body[:LONG_BODY]}… ({key_of('triage.older')} shows all)"
    )
    paras = [
        Para(who, style),
        *(delivery_paras(message.delivery, workspace) if message.delivery else ()),
        Para(body, "muted" if message.deleted_at else "", (("  ", ""),)),
    ]
    if message.cc:
        paras.append(Para(short(f"Cc: {', '.join(message.cc)}"), "muted", (("  ", ""),)))
    return [*paras, *file_paras(message)]


KEYS = {
    "failed": "; [triage.received] tries again, [app.copy] copies",
    "uncertain": "; [triage.received] sends again, or leaves it",
}
DELIVERY_STYLES = {"sent": "muted", "failed": "bad", "uncertain": "bad"}


def delivery_paras(delivery: Delivery, workspace: Workspace, before: str = "") -> Iterator[Para]:
    """Whether it has left, and what helps where it did not. `before`: what is meant, where it does not stand below."""
    words = state_words(delivery, workspace.now(), workspace.zone)
    back = (
        f"; {key_of('app.undo')} takes it back"
        if delivery.is_untried and delivery.leaves_at > workspace.now()
        else ""
    )
    style = DELIVERY_STYLES.get(delivery.state, "warn")
    yield Para(
        short(f"{before}{words}{back}{with_keys(KEYS.get(delivery.state, ''))}"), style, (("✉ ", style),)
    )


def file_paras(message: Message) -> Iterator[Para]:
    """The files of a message: what each is, or why it is not here."""
    for attachment in files_of(message):
        if attachment.sha256:
            words = f"file: {in_words(attachment)} · {key_of('triage.files')}"
            style = "warn" if mismatch(attachment) else ""
        else:
            words, style = f"left behind: {in_words(attachment)}", "muted"
            words += f": {attachment.why}" if attachment.why else ""
            words += f" · {attachment.link}" if attachment.link else ""
        yield Para(short(words), style, (("  ", ""),))


def conversation(workspace: Workspace, ticket: Ticket) -> list[Para]:
    """Shown beside the composer: the messages, newest first, and what is still to do."""
    messages = [message for message in ticket.messages if not message.automatic][-NEWEST:]
    paras: list[Para] = []
    for message in reversed(messages):
        paras += message_paras(message, ticket, workspace)
    return [*paras, BLANK, *to_do(workspace, ticket)]
