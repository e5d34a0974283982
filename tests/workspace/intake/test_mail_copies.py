"""Who was in Cc (SUP-1): kept with the mail, shown, and named where an answer goes."""

from __future__ import annotations

from fleettui.domain.tickets.destination import answer_goes_to
from screens.triage.page import page
from tests.support.mails import Mail, mail

COPIES = '"Park, Eve" <Eve@acme.example>, boss@acme.example, =?utf-8?q?J=C3=B6rg?= <joerg@acme.example>'
SHOWN = ["Park, Eve <eve@acme.example>", "boss@acme.example", "Jörg <joerg@acme.example>"]


def test_sup_1_cc_is_kept_and_shown(post: Mail) -> None:
    post.take(mail(Cc=COPIES))
    shown = post.cli.json("tickets", "show", "T-1001")
    assert (shown["cc"], shown["messages"][0]["cc"]) == (SHOWN, SHOWN)
    assert f"cc            {', '.join(SHOWN)}" in post.cli.ok("tickets", "show", "T-1001")
    assert f"\n  Cc: {', '.join(SHOWN)}" in post.cli.ok("tickets", "show", "T-1001")
    on_screen = [para.text for para in page(post.workspace, post.ticket, ())]
    assert f"Cc: {', '.join(SHOWN)}" in on_screen


def test_sup_1_the_newest_mail_says_who_gets_a_copy_of_the_answer(post: Mail) -> None:
    post.take(mail(Cc=COPIES))
    assert answer_goes_to(post.ticket) == f"a mail to dana@acme.example, with Cc to {', '.join(SHOWN)}"
    post.take(mail("only us", Message_ID="<2@a>", In_Reply_To="<1@acme.example>"))
    assert answer_goes_to(post.ticket) == "a mail to dana@acme.example"


def test_a_cc_without_an_address_or_beyond_reason_is_no_trouble(post: Mail) -> None:
    post.take(mail(Cc="undisclosed-recipients:;"))
    assert post.ticket.messages[0].cc == ()
    post.take(mail(Cc="\n ".join(f"p{number}@acme.example," for number in range(5_000)), Message_ID="<2@a>"))
    assert len(post.tickets[1].messages[0].cc) == 50


def test_sup_3_a_mail_whose_sender_is_only_an_address_is_shown_with_the_contacts_name(post: Mail) -> None:
    post.cli.ok("customers", "contact", "Acme", "dana@acme.example", "name=Dana Okafor")
    post.take(mail(From="dana@acme.example"))
    assert "  Dana Okafor\n" in post.cli.ok("tickets", "show", "T-1001")
    assert post.cli.json("tickets", "show", "T-1001")["messages"][0]["by"] == "Dana Okafor"
