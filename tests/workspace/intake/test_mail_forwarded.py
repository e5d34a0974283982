"""A colleague passes a customer's mail on (SUP-1): a ticket of that customer, with the original words, sender and time."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import default

import pytest

from tests.support.mails import KATHY, Mail, mail

FROM_DANA = "Dana Whitlock <dana@acme.example>"
WORDS = "The hosts page is empty.\n\nWhat can we do?"
NINE = "2026-03-09T13:00:00+00:00"
"""06:00 in the zone of the colleague, who passes it on at 08:00."""

INLINE = {
    "Gmail": f"---------- Forwarded message ---------\nFrom: {FROM_DANA}\nDate: Mon, Mar 9, 2026 at 6:00 AM\n"
    "Subject: Hosts page\nTo: Kathy <kathy@fleet.example>\nCc: Eve Park <eve@acme.example>\n\n\n",
    "Gmail, German": f"---------- Forwarded message ---------\nVon: {FROM_DANA}\nDate: Mo., 9. März 2026 um 06:00 Uhr\n"
    "Subject: Hosts page\nTo: Kathy <kathy@fleet.example>\nCc: Eve Park <eve@acme.example>\n\n\n",
    "Gmail, French": f"---------- Forwarded message ---------\nDe : {FROM_DANA}\nDate: lun. 9 mars 2026 à 06:00\n"
    "Subject: Hosts page\nTo: Kathy <kathy@fleet.example>\nCc: Eve Park <eve@acme.example>\n\n\n",
    "Outlook": f"________________________________\nFrom: {FROM_DANA}\nSent: Monday, March 9, 2026 6:00 AM\n"
    "To: Kathy Satterlee <kathy@fleet.example>\nCc: Eve Park <eve@acme.example>\nSubject: Hosts page\n\n",
    "Outlook, German": "Von: Dana Whitlock [mailto:dana@acme.example]\nGesendet: Montag, 9. März 2026 06:00\n"
    "An: Kathy Satterlee\nCc: Eve Park <eve@acme.example>\nBetreff: Hosts page\n\n",
    "Outlook, French": f"De : {FROM_DANA}\nEnvoyé : lundi 9 mars 2026 06:00\nÀ : Kathy Satterlee\n"
    "Cc : Eve Park <eve@acme.example>\nObjet : Hosts page\n\n",
    "Apple": f"Begin forwarded message:\n\nFrom: {FROM_DANA}\nSubject: Hosts page\n"
    "Date: March 9, 2026 at 6:00:00 AM PDT\nTo: kathy@fleet.example\nCc: Eve Park <eve@acme.example>\n\n",
    "Apple, German": f"Anfang der weitergeleiteten Nachricht:\n\n> Von: {FROM_DANA}\n> Betreff: Hosts page\n"
    "> Datum: 9. März 2026 um 06:00:00 GMT-7\n> An: kathy@fleet.example\n> Kopie: Eve Park <eve@acme.example>\n> \n",
    "Apple, French": f"Début du message réexpédié :\n\nDe: {FROM_DANA}\nObjet: Hosts page\n"
    "Date: 9 mars 2026 à 06:00:00 UTC−7\nÀ: kathy@fleet.example\nCc: Eve Park <eve@acme.example>\n\n",
    "Thunderbird": "-------- Forwarded Message --------\nSubject: \tHosts page\nDate: \tMon, 9 Mar 2026 06:00:00 -0700\n"
    f"From: \t{FROM_DANA}\nTo: \tkathy@fleet.example\nCC: \tEve Park <eve@acme.example>\n\n",
    "Thunderbird, German": "-------- Weitergeleitete Nachricht --------\nBetreff: \tHosts page\n"
    f"Datum: \tMon, 9 Mar 2026 06:00:00 -0700\nVon: \t{FROM_DANA}\nAn: \tkathy@fleet.example\n"
    "Kopie (CC): \tEve Park <eve@acme.example>\n\n",
    "Thunderbird, French": "-------- Message transféré --------\nSujet : \tHosts page\n"
    f"Date : \tMon, 9 Mar 2026 06:00:00 -0700\nDe : \t{FROM_DANA}\nPour : \tkathy@fleet.example\n"
    "Copie à : \tEve Park <eve@acme.example>\n\n",
}


def passed_on(body: str, **headers: str) -> bytes:
    given = {
        "From": KATHY,
        "To": "support@fleet.example",
        "Subject": "Fwd: Hosts page",
        "Message_ID": "<f1@fleet.example>",
        "Date": "Mon, 09 Mar 2026 08:00:00 -0700",
        "Content_Type": "text/plain; charset=utf-8",
    }
    return mail(body, **(given | headers))


@pytest.mark.parametrize("block", INLINE.values(), ids=INLINE)
def test_sup_1_a_mail_that_a_colleague_forwards_is_a_ticket_of_its_customer(post: Mail, block: str) -> None:
    words = WORDS.replace("\n", "\n> ") if "> Von" in block else WORDS
    if "> Von" in block:
        words = f"> {words}"
    done = post.take(passed_on(f"Can somebody look?\n\nThanks, Kathy\n\n{block}{words}\n"))
    ticket = post.ticket
    assert (done["result"], done["ticket"], done["why"]) == (
        "created",
        ticket.id,
        "kathy passed on a mail of dana@acme.example",
    )
    assert (ticket.customer, ticket.contact, ticket.channel, ticket.subject) == (
        "Acme",
        "Dana Whitlock",
        "dana@acme.example",
        "Hosts page",
    )
    original, note = ticket.messages
    assert (original.direction, original.by, original.body) == ("in", "Dana Whitlock", WORDS)
    assert (original.at.isoformat(), original.cc) == (NINE, ("Eve Park <eve@acme.example>",))
    assert (note.direction, note.by, note.body) == ("note", "kathy", "Can somebody look?\n\nThanks, Kathy")
    debt = post.workspace.queue.debt(ticket)
    assert debt is not None
    assert debt.since.isoformat() == NINE


def test_sup_1_forwarding_again_or_the_mail_itself_changes_nothing(post: Mail) -> None:
    forward = passed_on(
        INLINE["Gmail"] + WORDS, References="<1@acme.example>", In_Reply_To="<1@acme.example>"
    )
    post.take(forward)
    before = post.ticket
    assert post.take(forward)["result"] == "ignored"
    assert post.take(mail(WORDS))["result"] == "ignored", (
        "the customer's own mail comes later, with its own id"
    )
    assert post.ticket == before
    assert post.bodies("note") == ["Passed on without a word."]


def test_sup_1_what_is_on_a_ticket_already_gets_the_colleagues_words_only(post: Mail) -> None:
    post.take(mail(WORDS))
    done = post.take(passed_on(f"Look!\n\n{INLINE['Gmail']}{WORDS}", In_Reply_To="<1@acme.example>"))
    assert (done["result"], done["ticket"]) == ("appended", post.ticket.id)
    assert (len(post.bodies("in")), post.bodies("note")) == (1, ["Look!"])


def test_sup_1_an_attached_mail_is_read_as_if_it_had_come_here(post: Mail) -> None:
    outer = EmailMessage(policy=default)
    outer["From"], outer["To"], outer["Subject"] = KATHY, "support@fleet.example", "FW: Hosts page"
    outer["Message-ID"], outer["Date"] = "<f1@fleet.example>", "Mon, 09 Mar 2026 08:00:00 -0700"
    outer.set_content("This one is yours.")
    inner = EmailMessage(policy=default)
    inner["From"], inner["Subject"], inner["Cc"] = FROM_DANA, "Hosts page", "eve@acme.example"
    inner["Message-ID"], inner["Date"] = "<1@acme.example>", "Mon, 09 Mar 2026 06:00:00 -0700"
    inner.set_content(WORDS)
    outer.add_attachment(inner)
    outer.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="contract.pdf")
    assert post.take(outer.as_bytes())["result"] == "created"
    original, note = post.ticket.messages[:2]
    assert (original.body, original.at.isoformat(), original.cc) == (WORDS, NINE, ("eve@acme.example",))
    assert (note.by, note.body, note.files) == ("kathy", "This one is yours.", ("contract.pdf",))
    assert post.take(mail("And?", Message_ID="<2@a>", In_Reply_To="<1@acme.example>"))["result"] == "appended"


def test_sup_1_what_two_colleagues_passed_on_is_still_the_customers(post: Mail) -> None:
    luke = "---------- Forwarded message ---------\nFrom: Luke <luke@fleet.example>\nDate: Mon, Mar 9, 2026 at 7:00 AM\n"
    post.take(passed_on(f"See below\n\n{luke}Subject: Fwd: Hosts page\n\nKathy?\n\n{INLINE['Gmail']}{WORDS}"))
    assert (post.ticket.customer, post.bodies("in"), post.bodies("note")) == (
        "Acme",
        [WORDS],
        ["See below\n\nKathy?"],
    )


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        ("3/9/26, 6:00 AM", NINE),
        ("09.03.26 06:00", NINE),
        ("09/03/2026 06:00", NINE),
        ("2026-03-09 06:00", NINE),
        ("martedì 3 marzo 2026 06:00", "2026-03-03T13:00:00+00:00"),
        ("mar. 3 mars 2026 à 06 h 00", "2026-03-03T07:00:00+00:00"),
        ("maandag 9 maart 2026 06:00", NINE),
        ("segunda-feira, 9 de março de 2026 06:00", NINE),
        ("9 mar 2026 at 3:00 PM GMT+2", NINE),
        ("who knows", "2026-03-09T15:00:00+00:00"),
        ("", "2026-03-09T15:00:00+00:00"),
        ("99 Mar 2026 99:99", "2026-03-09T15:00:00+00:00"),
    ],
)
def test_printed_times_are_read_in_the_zone_of_who_forwards(post: Mail, printed: str, at: str) -> None:
    post.take(passed_on(INLINE["Gmail"].replace("Mon, Mar 9, 2026 at 6:00 AM", printed) + WORDS))
    assert post.ticket.messages[0].at.isoformat() == at


@pytest.mark.parametrize(
    "headers",
    [
        {"To": "dana@acme.example", "Subject": "Re: Hosts page"},
        {"Subject": "Re: Hosts page"},
    ],
)
def test_an_answer_with_its_history_is_not_passed_on(post: Mail, headers: dict[str, str]) -> None:
    post.take(mail())
    done = post.take(
        passed_on(f"Mended\n\n{INLINE['Outlook']}{WORDS}", In_Reply_To="<1@acme.example>", **headers)
    )
    assert done["result"] == "appended"
    assert len(post.bodies("in")) == 1
    assert post.bodies("note")[0].startswith("Mended")


# Handed over by staff


def flag(post: Mail, raw: bytes) -> dict[str, object]:
    import json

    done = post.cli.feed("intake", "mail", "--flag", "--json", stdin=raw)
    assert done.returncode == 0, done.stderr
    (outcome,) = json.loads(done.stdout)
    return dict(outcome)


def test_sup_1_what_staff_hand_over_opens_a_ticket_whoever_wrote_it(post: Mail) -> None:
    ours = mail("I promised them a fix", From=KATHY, To="Dana <dana@acme.example>", Message_ID="<k1@f>")
    assert flag(post, ours)["why"] == "handed over by staff (SUP-1)"
    assert (post.ticket.customer, post.ticket.channel, post.bodies()) == (
        "Acme",
        "dana@acme.example",
        ["I promised them a fix"],
    )
    machine = mail(
        "The disk is full", From="noreply@vendor.example", Auto_Submitted="auto-generated", Message_ID="<m@v>"
    )
    assert flag(post, machine)["result"] == "created"
    assert post.workspace.queue.debt(post.tickets[1]) is not None
    assert flag(post, machine)["result"] == "ignored"


def test_sup_1_a_flagged_forward_needs_no_word_in_its_subject(post: Mail) -> None:
    flag(post, passed_on(f"Hm.\n\n{INLINE['Outlook']}{WORDS}", Subject="a customer wrote"))
    assert (post.ticket.customer, post.bodies("in"), post.bodies("note")) == ("Acme", [WORDS], ["Hm."])
