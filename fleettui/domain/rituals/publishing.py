"""The issue as which a ritual is published: what a file's `autoIssue` says, and the link that opens it filled in. Pure."""

from __future__ import annotations

import re

import msgspec

from fleettui.domain.rituals.model import Ritual
from fleettui.text import cleaning
from fleettui.text.github import SITE, new_issue_link

LONGEST_LINK = 2_000
"""Bytes: it is read on a page, and pasted."""


class RitualIssue(msgspec.Struct, frozen=True, kw_only=True):
    """`repo` with its owner. Without a link where the repository's name cannot be one."""

    repo: str
    labels: tuple[str, ...]
    link: str
    cut: bool
    """The link holds only the beginning of what the ritual is for."""


def issue_of(ritual: Ritual, owner: str, assignee: str = "") -> RitualIssue | None:
    """None for a ritual that is not published. `owner`: of a repository that is named without one."""
    if not ritual.repo:
        return None
    name = ritual.repo.removeprefix(SITE).strip("/")
    repo = name if "/" in name else f"{owner}/{name}"
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repo, re.ASCII):
        return RitualIssue(repo=ritual.repo, labels=ritual.labels, link="", cut=False)
    body = "\n\n".join(part for part in (ritual.purpose, ritual.url) if part)
    title = cleaning.line(ritual.name, 200)
    made = new_issue_link(repo, title, body, ritual.labels, assignee, LONGEST_LINK)
    return RitualIssue(repo=repo, labels=ritual.labels, link=made.link, cut=made.cut)
