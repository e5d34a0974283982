"""Issues that tickets are linked to: which ticket means which, whether it is closed, and who is owed a word then (SUP-11).

An issue is known by its link alone; the workspace keeps a document of it once it was closed. Whoever waits for it at that moment
is written down with it: the customers of tickets that are not resolved, and of resolved ones the customers whom an answer sent
the link, which promises news.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

import msgspec
from msgspec.structs import replace

from fleettui.documents import Document
from fleettui.domain.tickets.model import Message, Ticket
from fleettui.errors import Refused
from fleettui.text import cleaning

IssueState = Literal["open", "closed"]
Outcome = Literal["done", "not planned"]

GITHUB = "github"
"""Who closed it, where no person of ours said so."""
ISSUE_PATHS = ("issues", "pull", "merge_requests")
PUBLIC_HOST = "github.com"
LONGEST_ID = 300
LONGEST_WHY = 500


class OwedWord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ticket whose customer waits for the issue. `rev` is its revision when the issue was closed: a later answer tells them."""

    ticket: str
    rev: int
    who: str = ""
    """Who had the ticket then."""
    promised: bool = False
    """It was resolved then, with the promise of news."""


class LinkedIssue(Document, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How an issue stands, since somebody closed it. The id is its short name, "fleetdm/fleet#7"."""

    link: str
    state: IssueState = "open"
    outcome: Outcome = "done"
    closed_at: datetime | None = None
    by: str = ""
    """Who closed or reopened it: a login, or "github"."""
    why: str = ""
    owed: tuple[OwedWord, ...] = ()
    """Who waited when it was closed."""
    settled: tuple[str, ...] = ()
    """The tickets of which somebody says that their customer knows."""

    @property
    def is_closed(self) -> bool:
        return self.state == "closed"

    @property
    def unsettled(self) -> tuple[OwedWord, ...]:
        """Of those who waited, whoever may not know yet."""
        return tuple(word for word in self.owed if word.ticket not in self.settled)


# Which issue a link means


def issue_id(link: str) -> str:
    """The short name: "fleetdm/fleet#7"; with the host before it where that is not GitHub's own. Of any other link the link."""
    from urllib.parse import urlsplit  # late: a start reads no link

    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return cleaning.line(link, LONGEST_ID)
    steps = [step for step in parts.path.split("/") if step and step != "-"]
    host = (parts.hostname or "").removeprefix("www.")
    if len(steps) >= 4 and steps[-2] in ISSUE_PATHS and _number(steps[-1]):
        short = f"{'/'.join(steps[:-2])}#{int(steps[-1])}".casefold()
        return cleaning.line(short if host == PUBLIC_HOST else f"{host}/{short}", LONGEST_ID)
    return cleaning.line(link.strip().rstrip("/"), LONGEST_ID)


def issue_number(link: str) -> str:
    """ "7"; empty where the link has none."""
    before, hash_, number = issue_id(link).rpartition("#")
    return number if before and hash_ and _number(number) else ""


def _number(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) <= 12


def means(typed: str, link: str) -> bool:
    """Whether somebody who types that means the issue of the link: by its number, short name, or link."""
    wanted = typed.strip().casefold()
    if not link or not wanted:
        return False
    number = wanted.removeprefix("#")
    if _number(number):
        return issue_number(link) == str(int(number))
    return wanted in (issue_id(link).casefold(), link.casefold()) or issue_id(wanted) == issue_id(link)


def named(typed: str, links: Iterable[str], repository: str) -> str:
    """The id of the issue that is meant. Where the number is in several repositories, the team's own counts."""
    ids = dict.fromkeys(issue_id(link) for link in links if means(typed, link))
    own = [id_ for id_ in ids if id_.startswith(f"{repository.casefold()}#")]
    if len(ids) > 1 and len(own) == 1:
        return own[0]
    if len(ids) > 1:
        raise Refused(f"{cleaning.line(typed, 40)!r} may be {', '.join(ids)}; name it so", field="issue")
    if not ids:
        raise Refused(f"no ticket is linked to an issue {cleaning.line(typed, 120)!r}", field="issue")
    return next(iter(ids))


# How it stands


def tickets_of(id_: str, tickets: Iterable[Ticket]) -> list[Ticket]:
    """The customers' tickets that are linked to it. What was merged away goes on as another one."""
    return [
        ticket
        for ticket in tickets
        if ticket.issue and not ticket.is_for_department and issue_id(ticket.issue) == id_
    ]


def waiting(id_: str, tickets: Iterable[Ticket]) -> tuple[OwedWord, ...]:
    """Who is owed a word when it is closed now. Of a ticket that was merged away, the customer waits where it goes on."""
    every = {ticket.id: ticket for ticket in tickets}
    owed: dict[str, OwedWord] = {}
    for linked in tickets_of(id_, every.values()):
        ticket = survivor(linked, every)
        if ticket.merged_into or not (ticket.status != "resolved" or _is_promised(ticket, linked.issue)):
            continue
        owed[ticket.id] = OwedWord(
            ticket=ticket.id, rev=ticket.rev, who=ticket.assignee, promised=ticket.status == "resolved"
        )
    return tuple(owed.values())


def survivor(ticket: Ticket, every: Mapping[str, Ticket]) -> Ticket:
    """Where it goes on. Tickets that are merged in a circle go on nowhere."""
    seen: set[str] = set()
    while ticket.merged_into and ticket.id not in seen and ticket.merged_into in every:
        seen.add(ticket.id)
        ticket = every[ticket.merged_into]
    return ticket


def followed(tickets: Iterable[Ticket]) -> dict[str, str]:
    """The issues that somebody waits for, by their ids: the link of each."""
    return {
        issue_id(ticket.issue): ticket.issue
        for ticket in tickets
        if ticket.issue
        and not ticket.is_for_department
        and (ticket.status != "resolved" or _is_promised(ticket, ticket.issue))
    }


def _is_promised(ticket: Ticket, link: str) -> bool:
    """An answer sent the link, and so the promise of news."""
    return any(message.is_answer and link in message.body for message in ticket.messages)


def closed(
    issue: LinkedIssue | None,
    link: str,
    owed: tuple[OwedWord, ...],
    now: datetime,
    by: str,
    outcome: Outcome = "done",
    why: str = "",
) -> LinkedIssue:
    """It is closed; whoever waited is owed a word. Refused where it is closed already."""
    if issue is not None and issue.is_closed:
        raise Refused(f"{issue.id} is closed already")
    return LinkedIssue(
        id=issue_id(link),
        rev=issue.rev if issue else 0,
        link=link,
        state="closed",
        outcome=outcome,
        closed_at=now,
        by=by,
        why=cleaning.line(why, LONGEST_WHY),
        owed=owed,
    )


def reopened(issue: LinkedIssue | None, id_: str, by: str, why: str = "") -> LinkedIssue:
    """It is open again: nobody is owed a word until it is closed once more."""
    if issue is None or not issue.is_closed:
        raise Refused(f"{id_} is open")
    return LinkedIssue(
        id=issue.id, rev=issue.rev, link=issue.link, by=by, why=cleaning.line(why, LONGEST_WHY)
    )


def settled(issue: LinkedIssue | None, ticket: str) -> LinkedIssue:
    """A person says that the customer of that ticket knows."""
    if issue is None or all(word.ticket != ticket for word in issue.owed):
        raise nothing_owed(ticket)
    if ticket in issue.settled:
        raise Refused(f"{ticket}: they know already")
    return replace(issue, settled=(*issue.settled, ticket))


def nothing_owed(ticket: str) -> Refused:
    return Refused(f"{ticket}: nobody is owed a word about an issue")


def is_owed(issue: LinkedIssue, word: OwedWord, ticket: Ticket | None) -> bool:
    """Whether the customer still waits for it: nobody has answered since, resolved the ticket, linked it to another issue, or
    said that they know. `ticket` as it goes on now, where it was merged since."""
    closed_at = issue.closed_at
    if ticket is None or closed_at is None or not issue.is_closed:
        return False
    if ticket.merged_into or (ticket.issue and issue_id(ticket.issue) != issue.id):
        return False
    if _is_resolved_since(ticket, word, closed_at):
        return False
    return not any(_tells(message, word, ticket, closed_at) for message in ticket.messages)


def _is_resolved_since(ticket: Ticket, word: OwedWord, closed_at: datetime) -> bool:
    if ticket.resolved_at is None or (ticket.id == word.ticket and ticket.rev <= word.rev):
        return False
    return ticket.status == "resolved" and ticket.resolved_at >= closed_at


def _tells(message: Message, word: OwedWord, ticket: Ticket, closed_at: datetime) -> bool:
    if not message.is_answer:
        return False
    return message.rev > word.rev if ticket.id == word.ticket else message.at >= closed_at


def short_name(id_: str, repository: str) -> str:
    """ "#7" where it is in the team's own repository."""
    return id_.removeprefix(repository.casefold()) if id_.startswith(f"{repository.casefold()}#") else id_


def word_words(issue: LinkedIssue, repository: str) -> str:
    """ "Tell them that #7 is done"."""
    what = "is done" if issue.outcome == "done" else "is not planned"
    return f"Tell them that {short_name(issue.id, repository)} {what}"
