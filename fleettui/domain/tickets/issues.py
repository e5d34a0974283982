"""From a ticket to a public issue: search first, then a new one, then tell whom it concerns (SUP-11). Pure functions."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, urlencode

from msgspec.structs import replace

from fleettui.domain.tickets.model import Ticket
from fleettui.domain.tickets.policy import SEARCH_STEP, WRITE_STEP, Labels, NewIssue
from fleettui.errors import Refused
from fleettui.text import cleaning, reading
from fleettui.text.github import SITE, new_issue_link

LONGEST_BODY = 65_536
"""Characters that the site takes for the text of an issue."""

# fmt: off
_SMALL = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "can", "cannot", "do", "does", "for",
    "from", "get", "gets", "has", "have", "how", "i", "if", "in", "is", "it", "its", "my", "no", "not",
    "of", "on", "or", "our", "so", "that", "the", "their", "there", "they", "this", "to", "up", "was",
    "we", "what", "when", "where", "which", "why", "will", "with", "you", "your", "after", "before",
    "since",
))
# fmt: on


class IssueSearch(NamedTuple):
    """Words to search the issues for, and the link that does it."""

    words: str
    link: str


class IssueDraft(NamedTuple):
    """A new issue, ready to be opened. `cut`: the link holds only the beginning of `body`, so that has to be pasted."""

    title: str
    body: str
    labels: tuple[str, ...]
    link: str
    cut: bool
    left_out: tuple[str, ...] = ()
    """Addresses that were taken out, because anybody can read it."""


def suggested_searches(ticket: Ticket, policy: NewIssue) -> list[IssueSearch]:
    """Several searches with different words: all that matter, then fewer, then the rarest, then quoted errors."""
    words = [word for word in re.findall(r"[\w'.-]+", ticket.subject) if word.casefold() not in _SMALL]
    long_first = sorted(dict.fromkeys(words), key=len, reverse=True)
    queries = [" ".join(words[:6]), " ".join(long_first[:3]), " ".join(words[:2]), " ".join(long_first[:1])]
    fewer = [" ".join(words[-2:]), *long_first[1:]]
    quoted = re.findall(
        r"[\"“`']([^\"”`'\n]{4,60})[\"”`']", " ".join(message.body for message in ticket.messages[:3])
    )
    queries += [f'"{phrase}"' for phrase in quoted[:2]]
    different: dict[str, str] = {}
    for query in (*queries, *fewer):
        if query:
            different.setdefault(_alike(query), query)
    queries = list(different.values()) or [ticket.subject]
    return [
        IssueSearch(query, search_link(policy, query)) for query in queries[: max(policy.searches, 3) + 1]
    ]


def search_link(policy: NewIssue, words: str) -> str:
    """The search for these words in the issues of the repository."""
    return f"{SITE}/{policy.repository}/issues?{urlencode({'q': f'is:issue {cleaning.line(words, 200)}'}, quote_via=quote)}"


def draft(
    title: str, body: str, codename: str, labels: Labels, policy: NewIssue, *, repository: str = ""
) -> IssueDraft:
    """With the label of customer requests, and the codename of who wishes to stay anonymous (SUP-13)."""
    tags = tuple(tag for tag in (labels.customer_request.name, codename) if tag)
    heading = cleaning.line(title, 200)
    if len(body) > LONGEST_BODY:
        raise Refused(
            f"the text has {len(body):,} characters, GitHub takes {LONGEST_BODY:,}; put the long part into a file of the issue",
            field="body",
        )
    made = new_issue_link(repository or policy.repository, heading, body, tags)
    return IssueDraft(heading, body, tags, made.link, made.cut)


def without_title(body: str, title: str) -> str:
    """Without the lines that only say the title again."""
    lines = [line for line in body.split("\n") if not line.strip() or _alike(line) != _alike(title)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def with_search(ticket: Ticket, words: str) -> Ticket:
    """With a search that was made."""
    tidy = cleaning.line(words, 200)
    if not tidy:
        raise Refused("say what you searched for", field="words")
    if _alike(tidy) in map(_alike, ticket.issue_searches):
        return ticket
    return replace(ticket, issue_searches=(*ticket.issue_searches, tidy)[-20:])


def _alike(words: str) -> str:
    """The same for the same words, whatever their order, capitals, blanks and quotes."""
    return "".join(sorted(set(words.casefold().replace('"', " ").split())))


def missing_searches(ticket: Ticket, policy: NewIssue) -> int:
    """How many searches with other words are missing before a new issue."""
    return max(0, policy.searches - len(set(map(_alike, ticket.issue_searches))))


def steps_done(ticket: Ticket, policy: NewIssue, *, issue_found: bool | None) -> set[str]:
    """The steps of its checklist that the ticket shows to be done. `issue_found`: whether there was an issue already."""
    done = set()
    if not missing_searches(ticket, policy):
        done.add(SEARCH_STEP)
    if ticket.issue and issue_found is False:
        done.add(WRITE_STEP)
    return done


def linked(ticket: Ticket, url: str, *, private: bool = False) -> Ticket:
    """With the link to its issue."""
    return replace(ticket, issue=issue_link(url), issue_private=private)


def issue_link(url: str) -> str:
    """A checked link."""
    return reading.link("issue", url, ("https://",))
