"""Links of new issues (SUP-11): within what GitHub takes, counted as they are sent."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleettui.domain.customers.policy import Codenames
from fleettui.domain.tickets.issues import IssueDraft, draft, search_link
from fleettui.domain.tickets.policy import Label, Labels, NewIssue
from fleettui.errors import Refused
from fleettui.text.github import LONGEST_LINK

POLICY = NewIssue(
    repository="fleetdm/fleet", label="customer request", body="issue-body", key_date_channel="#g-product",
    key_date_message="key-date", customer_message="issue-link", searches=3, rule="SUP-11",
)  # fmt: skip
LABELS = Labels(
    customer_request=Label(name="customer request", meaning="", rule=""),
    waiting_prefix="+",
    waiting=(),
    codenames=Codenames(pool=(), meaning="", rule="SUP-13"),
)
FAMILY = "👩\u200d👩\u200d👧\u200d👦"


def made(body: str, title: str = "Live query returns error 500") -> IssueDraft:
    return draft(title, body, "psyche", LABELS, POLICY)


def body_in(link: str) -> str:
    return parse_qs(urlsplit(link).query, keep_blank_values=True)["body"][0]


@pytest.mark.parametrize("piece", ["設備の一覧が空です。", FAMILY, "/", "é", "x", "50% & more\n", "\ud800"])
@pytest.mark.parametrize("title", ["Empty", "空" * 300, FAMILY * 100])
def test_sup_11_a_link_is_within_what_github_takes_whatever_the_letters(piece: str, title: str) -> None:
    issue = made((piece * 18_000)[:18_000], title)
    assert issue.cut
    assert len(issue.body) == 18_000
    assert len(issue.link.encode()) <= LONGEST_LINK < 8_192


@given(st.text(max_size=3_000))
def test_sup_11_a_link_holds_the_body_or_says_that_it_is_cut(body: str) -> None:
    issue = made(body)
    assert len(issue.link.encode()) <= LONGEST_LINK
    assert issue.body == body
    assert body.startswith(body_in(issue.link)) if issue.cut else body_in(issue.link) == body


def test_sup_11_what_just_fits_is_whole() -> None:
    room = LONGEST_LINK - len(made("").link)
    assert not made("x" * room).cut
    assert made("x" * (room + 1)).cut


def test_sup_11_a_beginning_ends_with_a_line_or_a_word_and_never_within_a_letter() -> None:
    lines = "\n".join(f"{number}: Live queries end with an error 500" for number in range(500))
    assert lines.startswith(body_in(made(lines).link) + "\n")
    words = " ".join(["Wörter"] * 3_000)
    assert set(body_in(made(words).link).split()) == {"Wörter"}
    family = body_in(made(FAMILY * 1_000).link)
    assert family == FAMILY * (len(family) // len(FAMILY))


def test_sup_11_what_no_issue_takes_is_refused_before_anything_is_lost() -> None:
    with pytest.raises(Refused, match="GitHub takes 65,536"):
        made("x" * 65_537)


def test_sup_11_a_search_in_any_letters_is_within_what_github_takes() -> None:
    assert len(search_link(POLICY, FAMILY * 500)) < 8_192
