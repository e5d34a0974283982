"""Delivery reports about our mails (RFC 3464): a note on the ticket that the mail belonged to."""

from __future__ import annotations

import pytest

from tests.support.mails import Mail, mail

OURS = """From: Kathy Satterlee <kathy@fleet.example>
To: Dana Whitlock <dana@acme.example>
Subject: {subject}
Message-ID: <answer-1@fleet.example>
{references}
"""


def bounce(
    action: str = "failed",
    *,
    references: str = "",
    subject: str = "Re: Hosts page",
    recipient: str = "dana@acme.example",
    carried: str = "message/rfc822",
) -> bytes:
    """As Postfix writes them."""
    body = OURS.format(subject=subject, references=references)
    parts = [
        "Content-Type: text/plain; charset=us-ascii\n\nThis is the mail system at host mx.fleet.example.\n",
        "Content-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.fleet.example\nArrival-Date: Mon, 09 Mar 2026 08:00:00 -0700\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such\n user here\n",
        f"Content-Type: {carried}\n\n{body}",
    ]
    inside = "".join(f"--B\n{part}\n" for part in parts) + "--B--\n"
    return mail(
        f"{inside}",
        From="MAILER-DAEMON@mx.fleet.example (Mail Delivery System)",
        Subject="Undelivered Mail Returned to Sender",
        Message_ID="<bounce-1@mx.fleet.example>",
        Return_Path="<>",
        MIME_Version="1.0",
        Content_Type='multipart/report; report-type=delivery-status; boundary="B"',
    )


FAILED = (
    "Delivery failed: our mail 'Re: Hosts page' did not reach dana@acme.example (550 5.1.1 no such user here)"
)


@pytest.mark.parametrize("header", ["References", "In-Reply-To"])
@pytest.mark.parametrize("carried", ["message/rfc822", "text/rfc822-headers"])
def test_sup_21_a_delivery_report_is_matched_by_the_mail_that_it_carries(
    post: Mail, header: str, carried: str
) -> None:
    post.take(mail())
    done = post.take(bounce(references=f"{header}: <1@acme.example>", carried=carried))
    assert (done["result"], done["ticket"]) == ("appended", post.ticket.id)
    assert done["why"] == f"noted on the ticket: {FAILED}"
    assert post.bodies("note") == [FAILED]
    assert post.workspace.queue.debt(post.ticket) is not None, "who got no answer is still owed one"
    assert post.take(bounce(references=f"{header}: <1@acme.example>"))["result"] == "ignored"


def test_sup_21_a_delivery_report_is_matched_by_the_mail_that_we_sent(post: Mail) -> None:
    post.take(mail())
    copy = mail(
        "Mended",
        From="kathy@fleet.example",
        Message_ID="<answer-1@fleet.example>",
        In_Reply_To="<1@acme.example>",
    )
    post.take(copy)
    assert post.take(bounce())["result"] == "appended"


def test_sup_21_a_delivery_report_is_matched_by_our_tag_if_it_went_to_the_customer(post: Mail) -> None:
    post.take(mail())
    tagged = f"Re: [{post.ticket.id}] Hosts page"
    assert post.take(bounce(subject=tagged, recipient="x@evil.example"))["result"] == "ignored"
    assert post.take(bounce(subject=tagged))["result"] == "appended"
    assert "dana@acme.example" in post.bodies("note")[0]


@pytest.mark.parametrize(
    ("action", "words"),
    [("delayed", "Delivery is delayed"), ("delivered", "Delivered"), ("relayed", "This is")],
)
def test_other_reports_say_what_happened(post: Mail, action: str, words: str) -> None:
    post.take(mail())
    post.take(bounce(action, references="References: <1@acme.example>"))
    assert post.bodies("note")[0].startswith(words)


def test_a_report_about_nothing_that_we_know_opens_no_ticket(post: Mail) -> None:
    assert post.take(bounce())["result"] == "ignored"
    assert post.tickets == []
