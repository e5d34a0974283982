"""The issue as which a ritual is published, and its link."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from fleettui.domain.rituals.model import Ritual
from fleettui.domain.rituals.publishing import RitualIssue, issue_of
from fleettui.domain.rituals.recurrence import Rhythm
from fleettui.text.github import LONGEST_LINK, new_issue_link

DAY = date(2026, 3, 9)


def issue(**fields: Any) -> RitualIssue:
    ritual = Ritual(id="RIT-18", rhythm=Rhythm(every="week", start=DAY), since=DAY, **fields)
    made = issue_of(ritual, "fleetdm", "zhanlon")
    assert made is not None
    return made


def test_the_link_is_filled_in_with_what_the_file_says() -> None:
    made = issue(
        name="Prioritize the week",
        purpose="Look at what is new.",
        url="https://example.com/week",
        labels=("#g-customers", ":release"),
        repo="confidential",
    )
    link = urlsplit(made.link)
    assert (made.repo, link.path) == ("fleetdm/confidential", "/fleetdm/confidential/issues/new")
    assert parse_qs(link.query) == {
        "title": ["Prioritize the week"],
        "labels": ["#g-customers,:release"],
        "assignees": ["zhanlon"],
        "body": ["Look at what is new.\n\nhttps://example.com/week"],
    }


@pytest.mark.parametrize(
    ("repo", "wanted"),
    [("other/place", "other/place"), ("https://github.com/other/place/", "other/place"), ("a b", "")],
)
def test_a_repository_may_name_its_owner_and_what_is_none_has_no_link(repo: str, wanted: str) -> None:
    made = issue(name="Check", repo=repo)
    assert wanted in made.link
    assert bool(made.link) == bool(wanted)


def test_a_ritual_that_is_not_published_has_no_issue() -> None:
    ritual = Ritual(id="RIT-18", name="Check", rhythm=Rhythm(every="week", start=DAY), since=DAY)
    assert issue_of(ritual, "fleetdm") is None


@pytest.mark.parametrize("letter", ["x", "é", "設", "👩\u200d👩", "& "])
def test_the_link_is_within_what_github_takes_whatever_the_letters(letter: str) -> None:
    made = issue(
        name=letter * 500, purpose=letter * 4000, labels=tuple(letter * 60 for _ in range(50)), repo="r"
    )
    assert made.cut
    assert len(made.link.encode()) <= 4_000
    labels = [letter * 60 + str(number) for number in range(500)]
    assert len(new_issue_link("o/r", "t" * 200, letter * 60_000, labels).link.encode()) <= LONGEST_LINK
