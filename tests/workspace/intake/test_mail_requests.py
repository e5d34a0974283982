"""SUP-20: mails to the department's address and mentions on GitHub are requests to the department."""

from __future__ import annotations

import pytest

from tests.support.handbook_folder import edit
from tests.support.mails import KATHY, Mail, mail

TO_US = {"To": "The department <Customer-Group@fleet.example>"}
NOTICE = """@kathy what do customers say about this?

—
Reply to this email directly, view it on GitHub:
https://github.com/fleetdm/fleet/issues/12#issuecomment-34
or unsubscribe: https://github.com/notifications/unsubscribe-auth/SECRET
You are receiving this because you were mentioned.
"""
GITHUB = {
    "From": "Noah Talerman <notifications@github.com>",
    "To": "fleetdm/fleet <fleet@noreply.github.com>",
    "Cc": "Kathy <kathy@fleet.example>, Mention <mention@noreply.github.com>",
    "Reply-To": "fleetdm/fleet <reply+TOKEN@reply.github.com>",
    "List-ID": "fleetdm/fleet <fleet.fleetdm.github.com>",
    "Precedence": "list",
    "Message-ID": "<fleetdm/fleet/issues/12/34@github.com>",
    "In-Reply-To": "<fleetdm/fleet/issues/12@github.com>",
    "Subject": "Re: [fleetdm/fleet] Labels page (Issue #12)",
    "X-GitHub-Sender": "noahtalerman",
    "X-GitHub-Reason": "mention",
}


@pytest.fixture
def post(post: Mail) -> Mail:
    folder = post.workspace.home / "handbook"
    edit(folder, "department.json", "addresses", to=["customer-group@fleet.example"])
    return post


def github(body: str = NOTICE, **headers: str) -> bytes:
    return mail(body, **{**{name.replace("-", "_"): value for name, value in GITHUB.items()}, **headers})


@pytest.mark.parametrize(
    ("sender", "whom"),
    [("Noah <noah@fleet.example>", "Noah"), ("pat@partner.example", "pat@partner.example")],
)
def test_sup_20_who_writes_to_the_departments_address_asks_the_department(
    post: Mail, sender: str, whom: str
) -> None:
    done = post.take(mail(From=sender, **TO_US))
    assert (done["result"], done["why"]) == ("created", "sent to the department's address (SUP-20)")
    ticket = post.ticket
    assert (ticket.is_for_department, ticket.customer, ticket.untriaged) == (True, whom, True)
    assert post.take(mail("And?", From=sender, Message_ID="<2@x>", In_Reply_To="<1@acme.example>", **TO_US))
    assert post.bodies() == ["The hosts page is empty", "And?"]


def test_sup_20_a_customer_who_writes_there_stays_a_customer(post: Mail) -> None:
    post.take(mail(**TO_US))
    assert (post.ticket.tier, post.ticket.customer) == ("Ultimate", "Acme")


def test_sup_20_what_the_team_itself_writes_there_is_no_request(post: Mail) -> None:
    assert post.take(mail(From=KATHY, **TO_US))["why"] == "its author is on the team"


def test_sup_20_a_mention_on_github_is_a_request(post: Mail) -> None:
    done = post.take(github())
    assert (done["result"], done["why"]) == ("created", "a mention on GitHub (SUP-20)")
    ticket = post.ticket
    assert (ticket.is_for_department, ticket.customer, ticket.way) == (True, "Noah Talerman", "github")
    assert ticket.link == "https://github.com/fleetdm/fleet/issues/12#issuecomment-34"
    assert post.bodies() == ["@kathy what do customers say about this?"]


def test_sup_20_other_news_of_the_issue_owes_nothing(post: Mail) -> None:
    post.take(github())
    post.take(
        github("Done.", Message_ID="<fleetdm/fleet/issues/12/35@github.com>", X_GitHub_Reason="comment")
    )
    assert (post.bodies(), post.bodies("note")) == (
        ["@kathy what do customers say about this?"],
        ["Done."],
    )


def test_sup_20_a_notice_that_mentions_nobody_opens_nothing(post: Mail) -> None:
    assert post.take(github(X_GitHub_Reason="subscribed"))["result"] == "ignored"


def test_sup_20_who_only_claims_to_be_github_mentions_nobody(post: Mail) -> None:
    post.take(github(From="Mallory <mallory@elsewhere.example>", Precedence="", List_ID=""))
    assert not post.ticket.is_for_department
    assert [message.direction for message in post.ticket.messages] == ["in"]
