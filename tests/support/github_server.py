"""A GitHub of our own: repositories with issues, tags, an allowance of requests, and the faults that a test asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.certificates import Certificates
from tests.support.https_server import Answer, Asked, HttpsServer

TOKEN = "ghp_0123456789"  # noqa: S105  of a server of our own
_ISSUE = re.compile(r"/repos/([^/]+/[^/]+)/issues/(\d+)")
_ISSUES = re.compile(r"/repos/([^/]+/[^/]+)/issues")
_REPOSITORY = re.compile(r"/repos/([^/]+/[^/]+)")


@dataclass
class GithubServer:
    """`fault` may answer instead; it is asked after the request was carried out where `after` is set."""

    server: HttpsServer
    repositories: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {"fleetdm/fleet": []})
    fault: Callable[[Asked], Answer | None] = lambda asked: None
    after: bool = False
    tokens: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.answer = self._answer

    @property
    def api(self) -> str:
        return self.server.url

    @property
    def policy(self) -> dict[str, Any]:
        """For connections.json, without the authority."""
        return {"issues": "send", "follow": True, "api": self.api, "site": self.api}

    def link(self, number: int, repository: str = "fleetdm/fleet") -> str:
        return f"{self.api}/{repository}/issues/{number}"

    def add(self, title: str = "It fails", body: str = "", repository: str = "fleetdm/fleet") -> int:
        issues = self.repositories[repository]
        number, now = len(issues) + 7, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        issues.append(
            {
                "number": number, "title": title, "body": body, "state": "open", "state_reason": None,
                "html_url": self.link(number, repository), "updated_at": now, "labels": [],
            }
        )  # fmt: skip
        return number

    def issue(self, number: int, repository: str = "fleetdm/fleet") -> dict[str, Any]:
        return next(row for row in self.repositories[repository] if row["number"] == number)

    def close(self, number: int, reason: str = "completed") -> None:
        self.issue(number).update(state="closed", state_reason=reason)

    def reopen(self, number: int) -> None:
        self.issue(number).update(state="open", state_reason="reopened")

    def asked(self, method: str, part: str = "") -> list[Asked]:
        return [asked for asked in self.server.asked if asked.method == method and part in asked.path]

    def _answer(self, asked: Asked) -> Answer:
        self.tokens.append(asked.headers.get("authorization", ""))
        fault = None if self.after else self.fault(asked)
        if fault is not None:
            return fault
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return _json(401, {"message": "Bad credentials"})
        answer = self._carried_out(asked)
        return (self.fault(asked) if self.after else None) or answer

    def _carried_out(self, asked: Asked) -> Answer:
        parts = urlsplit(asked.path)
        single = _ISSUE.fullmatch(parts.path)
        if single:
            return self._single(single[1], int(single[2]), asked)
        several = _ISSUES.fullmatch(parts.path)
        if several and several[1] in self.repositories:
            if asked.method == "POST":
                return self._opened(several[1], json.loads(asked.body))
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            since = query.get("since", "")
            rows = [row for row in reversed(self.repositories[several[1]]) if row["updated_at"] >= since]
            start = (int(query["page"]) - 1) * int(query["per_page"])
            return _json(200, rows[start : start + int(query["per_page"])])
        repository = _REPOSITORY.fullmatch(parts.path)
        if repository and repository[1] in self.repositories:
            return _json(200, {"full_name": repository[1]})
        return _json(404, {"message": "Not Found"})

    def _single(self, repository: str, number: int, asked: Asked) -> Answer:
        rows = [row for row in self.repositories.get(repository, []) if row["number"] == number]
        if not rows:
            return _json(404, {"message": "Not Found"})
        etag = f'"{rows[0]["state"]}-{rows[0]["state_reason"]}"'
        if asked.headers.get("if-none-match") == etag:
            return Answer(304, b"", {"ETag": etag})
        return _json(200, rows[0], ETag=etag)

    def _opened(self, repository: str, given: dict[str, Any]) -> Answer:
        number = self.add(given["title"], given["body"], repository)
        self.issue(number, repository)["labels"] = given["labels"]
        return _json(201, self.issue(number, repository))


def _json(status: int, value: Any, **headers: str) -> Answer:
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json", **headers})


@contextmanager
def github_server(certificates: Certificates) -> Iterator[GithubServer]:
    server = HttpsServer(certificates)
    try:
        yield GithubServer(server)
    finally:
        server.close()
