"""E-mails on standard input (SUP-1), through the command line; as real processes where that matters."""

from __future__ import annotations

import base64
import mailbox
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.support.handbook_folder import file_policy
from tests.support.mails import DANA, KATHY, SUNDAY_NIGHT, Mail, mail


def test_sup_1_a_mail_becomes_a_ticket_of_its_customer(post: Mail) -> None:
    done = post.take(mail())
    ticket = post.ticket
    assert (done["result"], done["ticket"]) == ("created", ticket.id)
    assert (ticket.subject, ticket.customer, ticket.tier, ticket.way) == (
        "Hosts page",
        "Acme",
        "Ultimate",
        "mail",
    )
    assert (ticket.channel, ticket.contact) == ("dana@acme.example", "Dana Whitlock")
    assert ticket.opened_at.isoformat() == "2026-03-09T03:00:00+00:00"
    assert post.bodies() == ["The hosts page is empty"]


@pytest.mark.parametrize(
    ("sender", "customer"),
    [
        ("someone.else@acme.example", "Acme"),
        ("x@mail.eu.acme.example", "Acme"),
        ("x@notacme.example", "notacme.example"),
        ("stranger@gmail.com", "stranger@gmail.com"),
    ],
)
def test_the_customer_is_known_by_the_domain_of_a_contact(post: Mail, sender: str, customer: str) -> None:
    post.take(mail(From=sender))
    assert post.ticket.customer == customer


def test_a_public_mailbox_says_nothing_about_others_who_have_one(post: Mail) -> None:
    post.workspace.customers.contact("K-1", "dana.private@gmail.com", {})
    post.send(mail(From="dana.private@gmail.com"))
    post.send(mail(From="someone@gmail.com", Message_ID="<2@gmail.com>"))
    assert [ticket.customer for ticket in post.tickets] == ["Acme", "someone@gmail.com"]


# Threads


def test_answers_find_their_ticket_by_references_and_in_reply_to(post: Mail) -> None:
    post.take(mail(Message_ID="<1@a>"))
    chain = [
        mail("two", Message_ID="<2@a>", In_Reply_To="<1@a>"),
        mail("three", Message_ID="<3@a>", In_Reply_To="<unknown@b>", References="<x@y> <2@a> <unknown@b>"),
        mail("four", Message_ID="<4@a>", In_Reply_To="\n <3@a>", Subject="Something else"),
    ]
    assert [post.take(content)["result"] for content in chain] == ["appended"] * 3
    assert post.bodies() == ["The hosts page is empty", "two", "three", "four"]


def test_two_answers_to_a_mail_that_never_came_here_are_one_conversation(post: Mail) -> None:
    first = post.take(mail(Message_ID="<2@a>", References="<1@elsewhere>"))
    second = post.take(mail(Message_ID="<3@a>", In_Reply_To="<1@elsewhere>"))
    assert (first["result"], second["result"]) == ("created", "appended")


def test_the_same_mail_delivered_again_changes_nothing(post: Mail) -> None:
    post.take(mail())
    before = post.ticket
    again = post.take(b"Received: by other.example; " + SUNDAY_NIGHT.encode() + b"\n" + mail())
    assert (again["result"], again["ticket"]) == ("ignored", before.id)
    assert post.ticket == before


def test_a_mail_without_an_id_is_recognised_too(post: Mail) -> None:
    assert [post.take(mail(Message_ID=""))["result"] for _ in range(2)] == ["created", "ignored"]


def test_ids_longer_than_any_key_do_not_run_together(post: Mail) -> None:
    long = "x" * 900
    post.take(mail(Message_ID=f"<{long}1@a>"))
    assert post.take(mail(Message_ID=f"<{long}2@a>"))["result"] == "created"
    assert post.take(mail(Message_ID="<9@a>", In_Reply_To=f"<{long}1@a>"))["result"] == "appended"


def test_a_tag_in_the_subject_names_the_ticket(post: Mail) -> None:
    post.workspace.tickets.new("Acme", "By phone")
    id_ = post.ticket.id
    done = post.take(mail(Subject=f"AW: Re: [{id_.lower()}] By phone", Message_ID="<7@a>"))
    assert (done["result"], done["ticket"]) == ("appended", id_)
    assert post.take(mail(Subject=f"[{id_}]", Message_ID="<7@a>"))["result"] == "ignored"


def test_a_tag_is_not_believed_from_somebody_it_does_not_concern(post: Mail) -> None:
    post.workspace.tickets.new("Acme", "By phone")
    done = post.take(mail("Please send me the key", From="eve@evil.example", Subject="Re: [T-1001] By phone"))
    assert done["result"] == "created"
    assert done["ticket"] != "T-1001"
    assert "not the sender's" in done["why"]
    assert post.tickets[1].subject == "By phone"


def test_what_comes_to_a_merged_ticket_goes_to_the_survivor(post: Mail) -> None:
    post.take(mail())
    post.take(mail(Message_ID="<2@a>", Subject="Again"))
    first, second = (ticket.id for ticket in post.tickets)
    post.workspace.tickets.merge(second, first)
    assert post.take(mail("so?", Message_ID="<3@a>", In_Reply_To="<2@a>"))["ticket"] == first
    assert post.take(mail("and?", Message_ID="<4@a>", Subject=f"[{second}]"))["ticket"] == first


# Who writes


def test_one_of_us_opens_no_ticket_and_is_a_note_on_one_that_is_there(post: Mail) -> None:
    assert "on the team" in post.take(mail(From=KATHY, Message_ID="<k@f>"))["why"]
    assert "on the team" in post.take(mail(From="new.hire@fleet.example", Message_ID="<n@f>"))["why"]
    assert post.tickets == []
    post.take(mail())
    done = post.take(mail("It is mended", From=KATHY, Message_ID="<k2@f>", In_Reply_To="<1@acme.example>"))
    assert done["result"] == "appended"
    assert post.bodies("note") == ["It is mended"]
    # What answers ours is found by it.
    assert post.take(mail("Thanks", Message_ID="<5@a>", In_Reply_To="<k2@f>"))["result"] == "appended"


def test_a_form_or_group_of_ours_that_sends_for_others_is_not_their_author(post: Mail) -> None:
    form = mail(
        From='"Dana via Support" <support@fleet.example>', Reply_To=DANA, List_Id="<support.fleet.example>"
    )
    assert post.take(form)["result"] == "created"
    assert (post.ticket.customer, post.ticket.channel) == ("Acme", "dana@acme.example")


AUTOMATIC = [
    {"Auto_Submitted": "auto-replied (vacation)"},
    {"Auto_Submitted": "auto-generated"},
    {"Return_Path": "<>"},
    {"Precedence": "auto_reply"},
    {"X_Autoreply": "yes"},
    {"Content_Type": "multipart/report; report-type=delivery-status"},
    {"From": "MAILER-DAEMON@acme.example"},
    {"Subject": "Abwesenheitsnotiz: Hosts page"},
    {"Subject": "Réponse automatique : Hosts page"},
]


@pytest.mark.parametrize("marks", AUTOMATIC, ids=lambda marks: "-".join(marks))
def test_sup_12_and_rfc_3834_a_machine_opens_no_ticket_and_is_a_note_on_one_that_is_there(
    post: Mail, marks: dict[str, str]
) -> None:
    done = post.take(mail(Message_ID="<auto@a>", **marks))
    assert (done["result"], done["ticket"]) == ("ignored", None)
    assert "no person wrote it" in done["why"]
    post.take(mail())
    done = post.take(mail("I am away", Message_ID="<auto@a>", In_Reply_To="<1@acme.example>", **marks))
    assert done["result"] == "appended"
    assert (len(post.bodies("in")), len(post.bodies("note"))) == (1, 1)


@pytest.mark.parametrize("marks", [{"Precedence": "bulk"}, {"List_Id": "News <news.vendor.example>"}])
def test_bulk_mail_is_only_taken_from_customers_and_through_our_own_lists(
    post: Mail, marks: dict[str, str]
) -> None:
    assert "to many" in post.take(mail(From="news@vendor.example", **marks))["why"]
    assert post.take(mail(**marks))["result"] == "created"
    ours = mail(From="x@vendor.example", Message_ID="<2@v>", **(marks | {"List_Id": "<help.fleet.example>"}))
    assert post.take(ours)["result"] == "created"


def test_auto_submitted_no_is_a_person(post: Mail) -> None:
    assert post.take(mail(Auto_Submitted="no"))["result"] == "created"


# What it says


HTTP_EQUIV = b'<html><head><META http-equiv="Content-Type" content="text/html; charset=windows-874"></head>'
ENCODED = [
    ("text/plain; charset=utf-8", "quoted-printable", b"Gr=C3=BC=C3=9Fe =\naus K=C3=B6ln", "Grüße aus Köln"),
    ("text/plain; charset=utf-8", "base64", b"R3LDvMOfZQ==", "Grüße"),
    ("text/plain; charset=utf-8", "base64", b"R3LDvMOfZQ", "Grüße"),
    ("text/plain; charset=iso-8859-1", "8bit", "Grüße".encode("latin-1"), "Grüße"),
    ("text/plain; charset=utf-8", "8bit", "Grüße".encode("latin-1"), "Grüße"),
    ("text/plain; charset=us-ascii", "8bit", "Grüße".encode(), "Grüße"),
    ("text/plain; charset=iso-8859-1", "8bit", "Grüße".encode(), "Grüße"),
    ("text/plain; charset=no-such-thing", "8bit", "Grüße".encode(), "Grüße"),
    ("text/plain; charset=punycode", "8bit", b"Gruesse", "Gruesse"),
    ("text/plain; charset=zlib", "8bit", b"Gruesse", "Gruesse"),
    ("text/plain; charset=shift_jis", "8bit", "こんにちは".encode("shift_jis"), "こんにちは"),
    ("text/plain; charset=utf-16", "base64", b"//5HAHIA", "Gr"),
    ("text/plain; charset=windows-1252", "8bit", b"\x93quoted\x94", "“quoted”"),
    ("text/plain; charset=iso-8859-8-i", "8bit", "שלום".encode("iso-8859-8"), "שלום"),
    ("text/plain; charset=windows-874", "8bit", "สวัสดี".encode("cp874"), "สวัสดี"),
    ("text/html; charset=ISO-8859-8-I", "8bit", b"<p>" + "שלום".encode("iso-8859-8"), "שלום"),
    ("text/plain; charset=gb2312", "8bit", "朱镕基".encode("gb18030"), "朱镕基"),
    ("text/html", "8bit", b'<meta charset="windows-1251">' + "Привет".encode("cp1251"), "Привет"),
    ("text/html", "8bit", HTTP_EQUIV + "สวัสดี".encode("cp874"), "สวัสดี"),
    ("text/html; charset=us-ascii", "8bit", b"<meta charset=koi8-r>" + "Привет".encode("koi8-r"), "Привет"),
    ("text/html", "8bit", b"<meta charset=windows-1251>" + "Привет".encode(), "Привет"),
    ("text/html", "8bit", b"<meta charset=utf-16><p>Gruesse", "Gruesse"),
    ("text/html", "8bit", b"<meta charset=no-such-thing>" + "Grüße".encode("latin-1"), "Grüße"),
    ("text/html; charset=utf-8", "8bit", b"<meta charset=windows-1251>" + "Привет".encode(), "Привет"),
    ("text/plain", "x-unknown", b"as it is", "as it is"),
    ("nonsense", "7bit", b"as it is", "as it is"),
]


@pytest.mark.parametrize(("kind", "encoding", "raw", "expected"), ENCODED)
def test_odd_and_wrong_encodings_are_read(
    post: Mail, kind: str, encoding: str, raw: bytes, expected: str
) -> None:
    head = mail(Content_Type=kind, Content_Transfer_Encoding=encoding, MIME_Version="1.0").split(b"\n\n")[0]
    post.take(head + b"\n\n" + raw)
    assert post.bodies() == [expected]


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe?= =?utf-8?b?IGF1cw==?=", "Grüße aus"),
        (b"=?iso-8859-1?q?Gr=FC=DFe?=", "Grüße"),
        (b"=?iso-8859-8-i?b?" + base64.b64encode("שלום".encode("iso-8859-8")) + b"?= 1", "שלום 1"),
        (b"=?windows-874?B?" + base64.b64encode("สวัสดี".encode("cp874")) + b"?=", "สวัสดี"),
        (b"=?utf-8?q?Gr=FC=DFe?=", None),
        (b"=?no-such?q?Gruesse?=", None),
        ("Grüße".encode(), "Grüße"),
        ("Grüße".encode("latin-1"), "Grüße"),
        (b"folded\n over lines", "folded over lines"),
        (b"Re: AW: Fwd: [T-99] Hosts", "Hosts"),
    ],
)
def test_rfc_2047_subjects_are_read(post: Mail, raw: bytes, subject: str | None) -> None:
    post.take(mail(Subject="@@").replace(b"@@", raw))
    assert post.ticket.subject
    if subject is not None:
        assert post.ticket.subject == subject


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("=?utf-8?q?Ren=C3=A9e_O=27Neill?= <dana@acme.example>", "Renée O'Neill"),
        ("=?iso-8859-1?b?UmVu6WU=?= =?utf-8?q?_X?= <dana@acme.example>", "Renée X"),
        ('"Whitlock, Dana" <dana@acme.example>', "Whitlock, Dana"),
        ("Renée <dana@acme.example>", "Renée"),
        ("dana@acme.example (Dana)", "Dana"),
        ("Dana [x] @ Acme <dana@acme.example", "dana@acme.example"),
        ("=?utf-8?b?!!!?= <dana@acme.example>", "dana@acme.example"),
        ("<Dana@ACME.example>", "dana@acme.example"),
        ("dana@acme.example, eve@evil.example", "dana@acme.example"),
    ],
)
def test_the_sender_is_read_whatever_the_header_looks_like(post: Mail, sender: str, name: str) -> None:
    post.take(mail(From=sender))
    assert (post.ticket.contact, post.ticket.channel, post.ticket.customer) == (
        name,
        "dana@acme.example",
        "Acme",
    )


def test_an_html_mail_is_plain_text_without_scripts(post: Mail) -> None:
    html = (
        "<html><head><title>x</title><style>p{}</style></head><body><script>alert(1)</script>"
        "<p>Hello &amp; welcome,<br>the <b>page</b>\n is <a href='https://x.example/p'>empty</a>.</p>"
        "<ul><li>one</li><li>two</li></ul><img src='https://track.example/1.gif' alt='chart'>"
        "<a href='javascript:alert(1)'>click</a></body></html>"
    )
    post.take(mail(html, Content_Type="text/html; charset=utf-8"))
    (text,) = post.bodies()
    assert text == (
        "Hello & welcome,\nthe page is empty (https://x.example/p).\n\n- one\n- two\n\n[chart]click"
    )


def message(**parts: Any) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = DANA, "Hosts page", "<1@acme.example>"
    made["Date"] = SUNDAY_NIGHT
    made.set_content(parts.get("plain", "in plain words"))
    return made


def test_of_two_ways_of_saying_it_the_plain_one_counts(post: Mail) -> None:
    both = message()
    both.add_alternative("<p>in <b>HTML</b></p>", subtype="html")
    post.take(both.as_bytes())
    assert post.bodies() == ["in plain words"]


def test_an_empty_plain_part_gives_way_to_html(post: Mail) -> None:
    both = message(plain=" \n")
    both.add_alternative("<p>in <b>HTML</b></p>", subtype="html")
    post.take(both.as_bytes())
    assert post.bodies() == ["in HTML"]


def test_sup_5_attachments_are_named_and_left_where_policy_keeps_none(post: Mail) -> None:
    file_policy(post.workspace.home, keep=False)
    made = message()
    made.add_attachment(b"PK\x03\x04", maintype="application", subtype="zip", filename="debüg\u202e.zip")
    made.add_attachment("text in a file", filename="../../etc/passwd")
    made.add_attachment(message(), filename=None)
    post.take(made.as_bytes())
    assert post.bodies() == ["in plain words"]
    assert post.bodies("note") == [
        "3 files were left behind in the mail: debüg.zip (4 bytes; ZIP archive), "
        "../../etc/passwd (15 bytes; text), an attached message.eml (235 bytes; text)"
    ]
    post.take(made.as_bytes())
    assert len(post.bodies("note")) == 1


QUOTED = """It is still empty.

On Mon, Mar 9, 2026 at 8:00 AM Kathy Satterlee
<kathy@fleet.example> wrote:

> Is it still empty?
>> Hello
"""


def test_history_below_an_answer_is_left_out_where_the_ticket_has_it(post: Mail) -> None:
    post.take(mail(QUOTED, Message_ID="<0@a>", From="x@other.example", Subject="Fwd: a"))
    assert "Is it still empty?" in post.bodies()[0]
    post.take(mail())
    answer = mail(QUOTED, Message_ID="<2@a>", In_Reply_To="<1@acme.example>")
    post.take(answer)
    assert post.tickets[1].messages[-1].body == "It is still empty.\n\n[4 lines of earlier mail left out]"


@pytest.mark.parametrize(
    "body",
    [
        "> only a quotation",
        "> Is it?\nYes.\n> And now?\nNo.",
        "From: here it looks fine\n\nbut not there",
        "a: b",
    ],
)
def test_history_that_is_answered_line_by_line_stays(post: Mail, body: str) -> None:
    post.take(mail())
    post.take(mail(body, Message_ID="<2@a>", In_Reply_To="<1@acme.example>"))
    assert post.bodies()[1] == body


# Times


@pytest.mark.parametrize(
    ("date", "opened"),
    [
        ("nonsense", "2026-03-09T16:00:00+00:00"),
        ("Mon, 09 Mar 2099 20:00:00 -0700", "2026-03-09T16:00:00+00:00"),
        ("Sun, 08 Mar 2026 20:00:00", "2026-03-08T20:00:00+00:00"),
        ("Sun, 08 Mar 99999 20:00:00 +0000", "2026-03-09T16:00:00+00:00"),
    ],
)
def test_a_wrong_date_becomes_now(post: Mail, date: str, opened: str) -> None:
    post.take(mail(Date=date))
    assert post.ticket.opened_at.isoformat() == opened


def test_our_server_knows_better_when_it_came(post: Mail) -> None:
    post.take(
        mail(Received="from a by b; Mon, 09 Mar 2026 08:00:00 -0700", Date="Thu, 01 Jan 1970 00:00:00 +0000")
    )
    assert post.ticket.opened_at.isoformat() == "2026-03-09T15:00:00+00:00"


# Many at once


def test_an_mbox_goes_in_message_by_message_and_a_broken_one_stops_nothing(
    post: Mail, tmp_path: Path
) -> None:
    box = mailbox.mbox(tmp_path / "box")
    for number in range(3):
        box.add(mail(f"From here on, No. {number}\n\nFrom Monday to Friday", Message_ID=f"<{number}@a>"))
    box.flush()
    raw = (tmp_path / "box").read_bytes()
    head, second, rest = raw.split(b"From MAILER-DAEMON", 2)[0], *raw.split(b"From MAILER-DAEMON", 2)[1:]
    broken = b"From MAILER-DAEMON Mon Mar  9 00:00:00 2026\n\xff\x00 no header at all\n\n"
    outcomes = post.send_to_a_process(
        head + b"From MAILER-DAEMON" + second + broken + b"From MAILER-DAEMON" + rest
    )
    assert [outcome["result"] for outcome in outcomes] == ["created", "ignored", "created", "created"]
    assert outcomes[1]["error"] is True
    assert post.tickets[2].messages[0].body == "From here on, No. 2\n\nFrom Monday to Friday"


def test_line_ends_of_every_kind_are_read(post: Mail) -> None:
    post.take(mail("one\ntwo").replace(b"\n", b"\r\n"))
    assert post.bodies() == ["one\ntwo"]


def test_nothing_on_standard_input_is_nothing_to_do(post: Mail) -> None:
    assert post.send_to_a_process(b"") == []
    assert post.send(b"\n\n") == []


# Hostile


def test_hostile_text_is_harmless_on_the_ticket(post: Mail) -> None:
    evil = "\x1b[2J[@click=app.quit]x[/]\u202ereversed\x00"
    post.take(mail(evil, From=f"{evil} <eve@evil.example>", Subject=evil))
    text = post.ticket.subject + post.ticket.contact + "".join(post.bodies())
    assert not set(text) & set("\x1b\u202e\x00")


def nested(depth: int) -> bytes:
    head = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level) for level in range(depth)
    )
    return head + b"Content-Type: text/plain\n\nat the bottom\n"


LARGE = {
    "headers": b"".join(b"X-Many-%d: x\n" % number for number in range(10_000)),
    "subject": b"Subject: " + b"=?utf-8?q?a?= " * 100_000 + b"\n",
    "addresses": b"From: " + b"a@b.example, " * 100_000 + b"\nReply-To: " + b'"(' * 100_000 + b"\n",
    "references": b"References: " + b"<a@b> " * 100_000 + b"\nIn-Reply-To: " + b"<" * 200_000 + b"\n",
    "parameters": b"Content-Type: text/plain" + b"; a*0*=x" * 50_000 + b"\n",
    "date": b"Date: " + b"1" * 200_000 + b"\nReceived: " + b";" * 200_000 + b"\n",
}


@pytest.mark.parametrize("name", LARGE)
def test_headers_beyond_all_reason_are_read_in_a_moment(post: Mail, name: str) -> None:
    assert post.take(LARGE[name] + mail())["result"] == "created"


@pytest.mark.parametrize("depth", [10, 100, 5_000])
def test_deep_nesting_is_survived(post: Mail, depth: int) -> None:
    head = b"From: dana@acme.example\nSubject: deep\nMIME-Version: 1.0\n"
    assert post.take(head + nested(depth))["result"] == "created"
    assert "at the bottom" in post.bodies()[0] or depth > 50


def test_a_mail_of_fifty_megabytes_goes_in(post: Mail) -> None:
    head = message()
    head.add_attachment(b"", maintype="application", subtype="zip", filename="huge.zip")
    start, end = head.as_bytes().rsplit(b"--", 2)[0], b""
    raw = start.rstrip(b"-\n") + b"\n\n" + (b"A" * 76 + b"\n") * 650_000 + end
    (done,) = post.send_to_a_process(raw)
    assert done["result"] == "created"
    assert post.bodies() == ["in plain words"]
    assert "huge.zip" in post.bodies("note")[0]


@pytest.mark.parametrize(
    "unit", ["<!--", "<div>", "<a href=x>", "<", "&", "<![CDATA[", "</", "<p a='", "<?", "<!"]
)
def test_html_beyond_all_reason_is_read_in_a_moment(post: Mail, unit: str) -> None:
    assert post.take(mail(unit * 200_000, Content_Type="text/html"))["result"] == "created"
