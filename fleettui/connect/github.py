"""GitHub: opens the issues that people ask for, and follows those that customers wait for.

The token goes to the one server that the policy names, and to no other: no redirect leads it elsewhere. An issue that we open
carries a mark in its text that nobody sees; where it is unknown whether one was opened, the repository's newest issues are read
for it before another try.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec

from fleettui.connect.https import MEGABYTE, Https, Limits, NoReply, Reply, Request, same_origin
from fleettui.connect.senders import Down, NotSent, Unknown
from fleettui.documents import UNREADABLE
from fleettui.text import cleaning

if TYPE_CHECKING:
    from fleettui.domain.delivery.model import Way
    from fleettui.domain.delivery.outside import GithubConnection
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.orders import Order

SECRET = "github-token"  # noqa: S105  the name of one
LIMITS = Limits(most_bytes=10 * MEGABYTE, deadline=30)
A_WHILE, A_TRY = timedelta(minutes=1), timedelta(minutes=2)
CLOCKS_DIFFER = timedelta(minutes=15)
PAGES, A_PAGE = 5, 100
_PART = re.compile(r"[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True)
class Seen:
    """How an issue stands there. `etag` asks for it again at no cost."""

    state: str
    outcome: str
    etag: str


class GithubApi:
    """The few calls that are needed. Used by one thread."""

    def __init__(
        self, policy: GithubConnection, token: Callable[[], str], now: Callable[[], datetime]
    ) -> None:
        self._policy, self._token, self._now = policy, token, now
        self._https = Https(policy.ca, LIMITS)

    @property
    def interrupt(self) -> Callable[[], None]:
        return self._https.interrupt

    def close(self) -> None:
        self._https.close()

    def check(self, repository: str) -> None:
        """Raises `Down` where it cannot be reached, or the token opens nothing."""
        reply = self.get(f"/repos/{_repository(repository)}")
        if reply.status == 404:
            raise Down(f"there is no repository {repository}, or the token may not see it")
        if reply.status != 200:
            raise Down(f"answers {reply.status} for {repository}")

    def open(self, repository: str, title: str, body: str, labels: tuple[str, ...]) -> Reply:
        """Raises `NoReply`, `Down`."""
        made = {"title": title, "body": body, "labels": list(labels)}
        return self._ask("POST", f"/repos/{_repository(repository)}/issues", msgspec.json.encode(made))

    def newest(self, repository: str, since: datetime) -> Iterator[dict[str, Any]]:
        """The issues that were touched since then."""
        stamp = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for page in range(1, PAGES + 1):
            query = f"state=all&sort=created&direction=desc&per_page={A_PAGE}&page={page}&since={stamp}"
            reply = self.get(f"/repos/{_repository(repository)}/issues?{query}")
            if reply.status != 200:
                raise NoReply(f"answers {reply.status}")
            rows = _decoded(reply)
            if not isinstance(rows, list):
                raise NoReply("answers something else than issues")
            yield from (row for row in rows if isinstance(row, dict))
            if len(rows) < A_PAGE:
                return
        raise NoReply(f"has had more than {PAGES * A_PAGE} issues changed since then")

    def issue(self, link: str, etag: str = "") -> Seen | None:
        """How the issue of a link stands; None where nothing has changed. Raises `NoReply`, `Down`."""
        owner, name, number = self.named(link) or ("", "", "")
        extra = {"If-None-Match": etag} if etag else {}
        reply = self.get(f"/repos/{owner}/{name}/issues/{number}", extra)
        if reply.status == 304:
            return None
        if reply.status in (301, 302, 307, 308, 404, 410, 451):
            return Seen("gone", "", "")
        if reply.status != 200:
            raise NoReply(f"answers {reply.status} for {link}")
        row = _decoded(reply)
        state = row.get("state") if isinstance(row, dict) else None
        if state not in ("open", "closed"):
            raise NoReply(f"answers something else than an issue for {link}")
        outcome = "not planned" if row.get("state_reason") in ("not_planned", "duplicate") else "done"
        return Seen(state, outcome, cleaning.line(reply.headers.get("etag", ""), 200))

    def named(self, link: str) -> tuple[str, str, str] | None:
        """Owner, repository and number; None where the link is not of this server."""
        before = f"{self._policy.site.rstrip('/')}/"
        if not link.casefold().startswith(before.casefold()):
            return None
        steps = re.split(r"[/?#]", link[len(before) :])
        if len(steps) < 4 or steps[2] not in ("issues", "pull") or not re.fullmatch(r"[0-9]{1,12}", steps[3]):
            return None
        owner, name = steps[:2]
        return (owner, name, steps[3]) if _is_part(owner) and _is_part(name) else None

    # -- one request

    def get(self, path: str, extra: dict[str, str] | None = None) -> Reply:
        return self._ask("GET", path, b"", extra or {})

    def _ask(self, method: str, path: str, body: bytes, extra: dict[str, str] | None = None) -> Reply:
        token = self._token()
        if not token:
            raise Down("there is no token (FLEETTUI_GITHUB_TOKEN)")
        if not token.isascii() or not token.isprintable() or " " in token:
            raise Down("the token has characters in it that no token has")
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
            **({"Content-Type": "application/json"} if body else {}),
            **(extra or {}),
        }
        url = f"{self._policy.api.rstrip('/')}{path}"
        reply = self._https.ask(Request(method, url, headers, body), same_origin)
        if reply.status == 401:
            raise Down("the token is not accepted")
        wait = self._allowance(reply)
        if wait is not None:
            raise Down("its limit of requests is reached", wait)
        return reply

    def _allowance(self, reply: Reply) -> timedelta | None:
        """How long to wait where it refuses for having been asked too often; else None."""
        if reply.status not in (403, 429):
            return None
        after = reply.headers.get("retry-after", "").strip()
        if after.isdecimal():
            return timedelta(seconds=min(int(after), 86_400))
        if reply.status == 403 and reply.headers.get("x-ratelimit-remaining") != "0":
            return None
        return max(self.rests_until(reply) or A_WHILE, A_WHILE)

    def rests_until(self, reply: Reply) -> timedelta | None:
        """Until the allowance is new again, where the reply says so."""
        reset = reply.headers.get("x-ratelimit-reset", "").strip()
        if not reset.isdecimal() or len(reset) > 12:
            return None
        left = datetime.fromtimestamp(int(reset), UTC) - self._now()
        return min(max(left, timedelta()), timedelta(hours=1))


class GithubSender:
    """Opens the issues that people asked for."""

    way: Way = "github"

    def __init__(
        self, api: GithubApi, ticket: Callable[[str], Ticket | None], repository: Callable[[], str]
    ) -> None:
        self._api, self._ticket, self._repository = api, ticket, repository

    def open(self) -> None:
        """Nothing is kept open."""

    def check(self) -> None:
        try:
            self._api.check(self._repository())
        except NoReply as error:
            raise Down(error.why) from None

    def close(self) -> None:
        self._api.close()

    def send(self, order: Order) -> str:
        """The link of the new issue. After a try before it, the repository is looked at first."""
        self._refuse_second(order)
        if order.delivery.tries > 1 or order.delivery.unsure:
            link = self._looked(order)
            if link is not None:
                return link
        letter = order.letter
        assert letter is not None, "only letters leave this way"  # noqa: S101
        body = f"{letter.body}\n\n{mark_of(order)}"
        try:
            reply = self._api.open(order.delivery.to[0], letter.subject, body, letter.labels)
            return self._opened(order, reply)
        except NoReply as error:
            return self._after_silence(order, error)
        except Down as error:
            raise NotSent(error.why, error.again_after or A_TRY) from None

    def look(self, order: Order) -> str | None:
        """Read for our mark what the repository has had since the order was given."""
        try:
            rows = self._api.newest(order.delivery.to[0], order.at - CLOCKS_DIFFER)
            mark = mark_of(order)
            return next((_link(row) for row in rows if mark in str(row.get("body") or "")), None)
        except NoReply as error:
            raise Unknown(f"whether the issue is open cannot be seen: {error.why}") from None
        except Down as error:
            if order.delivery.unsure:
                raise Unknown(f"whether the issue is open cannot be seen: {error.why}") from None
            raise

    # -- inside

    def _looked(self, order: Order) -> str | None:
        try:
            return self.look(order)
        except Unknown as error:
            raise NotSent(error.why, A_TRY) from None
        except Down as error:
            raise NotSent(error.why, error.again_after or A_TRY) from None

    def _refuse_second(self, order: Order) -> None:
        ticket = self._ticket(order.letter.about) if order.letter else None
        if ticket is not None and ticket.issue:
            raise NotSent(f"{ticket.id} has an issue by now: {ticket.issue}")

    def _opened(self, order: Order, reply: Reply) -> str:
        if reply.status == 201:
            row = _decoded(reply)
            link = _link(row) if isinstance(row, dict) else ""
            if link:
                return link
            return self._after_silence(order, NoReply("answers without a link", reached=True))
        if reply.status >= 500:
            return self._after_silence(order, NoReply(f"answers {reply.status}", reached=True))
        why = {
            403: "the token may not open issues there",
            404: f"there is no repository {order.delivery.to[0]}, or the token may not open issues there",
            410: "the repository takes no issues",
            422: f"it refuses the text: {_message(reply)}",
        }.get(reply.status, f"answers {reply.status}")
        raise NotSent(why)

    def _after_silence(self, order: Order, error: NoReply) -> str:
        """Where it may have been opened, it is looked for; where that is impossible, nobody knows."""
        if not error.reached:
            raise NotSent(error.why, A_TRY)
        try:
            link = self.look(order)
        except Down as down:
            raise Unknown(f"{error.why}; {down.why}") from None
        if link is None:
            raise NotSent(error.why, A_TRY)  # the next try looks again before it opens one
        return link


def mark_of(order: Order) -> str:
    """In the text of the issue, where readers do not see it; the same whenever the order is tried."""
    given = f"{order.about}|{order.at.isoformat()}|{order.who.login}|{order.subject}|{order.body}"
    return f"<!-- fleettui {sha256(given.encode('utf-8', 'surrogatepass')).hexdigest()[:24]} -->"


def _repository(name: str) -> str:
    owner, slash, rest = name.strip().partition("/")
    if not (slash and _is_part(owner) and _is_part(rest)):
        raise Down(f"{cleaning.line(name, 60)!r} is no repository (tickets.json, `issue.repository`)")
    return f"{owner}/{rest}"


def _is_part(text: str) -> bool:
    return bool(_PART.fullmatch(text)) and text not in (".", "..")


def _link(row: dict[str, Any]) -> str:
    link = row.get("html_url")
    return cleaning.line(link, 500) if isinstance(link, str) and link.startswith("https://") else ""


def _message(reply: Reply) -> str:
    try:
        row = msgspec.json.decode(reply.body)
    except UNREADABLE:
        return ""
    return cleaning.line(str(row.get("message", "")), 120) if isinstance(row, dict) else ""


def _decoded(reply: Reply) -> Any:
    try:
        return msgspec.json.decode(reply.body)
    except UNREADABLE:
        raise NoReply("answers something that is no JSON", reached=True) from None
