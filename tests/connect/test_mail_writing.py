"""How a mail of ours is written, read back as any mail program would."""

from __future__ import annotations

from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP, compat32
from email.utils import parseaddr
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleettui.connect.mail_writing import Draft, WrittenMail, flowed, written
from fleettui.connect.senders import NotSent
from fleettui.intake.mail import message as intake

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def draft(**fields: Any) -> Draft:
    base = Draft(
        id="<T-7.m2.abc@fleet.example>",
        sender="support@fleet.example",
        name="Kathy Ray (Fleet)",
        to=("jo@acme.example",),
        copies=(),
        subject="It fails",
        tag="T-7",
        references=("<q1@acme.example>",),
        body="Hi Jo,\n\nplease try it again.\n",
        at=AT,
    )
    return base._replace(**fields)


def parsed(mail: WrittenMail) -> EmailMessage:
    message = BytesParser(policy=SMTP).parsebytes(mail.content)
    assert isinstance(message, EmailMessage)
    return message


def unflowed(mail: WrittenMail) -> str:
    """As RFC 3676 reads it."""
    text, lines = "", parsed(mail).get_content().replace("\r\n", "\n").split("\n")
    for line in lines:
        plain = line[1:] if line.startswith(" ") else line
        text += plain if plain.endswith(" ") and plain != "-- " else plain + "\n"
    return text.rstrip("\n")


def test_an_answer_has_the_headers_that_keep_a_conversation_together() -> None:
    mail = written(draft(references=("<q1@acme.example>", "<a1@fleet.example>", "<q2@acme.example>")))
    read = parsed(mail)
    assert read["From"] == '"Kathy Ray (Fleet)" <support@fleet.example>'
    assert (read["To"], read["Reply-To"]) == ("jo@acme.example", "support@fleet.example")
    assert read["Subject"] == "Re: It fails [T-7]"
    assert read["Message-ID"] == "<T-7.m2.abc@fleet.example>"
    assert read["In-Reply-To"] == "<q2@acme.example>"
    assert read["References"].split() == ["<q1@acme.example>", "<a1@fleet.example>", "<q2@acme.example>"]
    assert read["Date"] == "Mon, 02 Nov 2026 09:30:00 +0000"
    assert (read["Auto-Submitted"], read["Cc"]) == (None, None)
    assert read.get_content_type() == "text/plain"
    assert read["Content-Type"].params == {"charset": "utf-8", "format": "flowed"}
    assert read["Content-Transfer-Encoding"] == "quoted-printable"
    assert (mail.sender, mail.to, mail.copies) == ("support@fleet.example", ("jo@acme.example",), ())


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("It fails", "Re: It fails [T-7]"),
        ("Re: AW: It fails [T-7]", "Re: It fails [T-7]"),
        ("[t-7] Re: It fails", "Re: It fails [T-7]"),
        ("", "Re: (no subject) [T-7]"),
        ("It\r\nBcc: all@acme.example", "Re: It Bcc: all@acme.example [T-7]"),
    ],
)
def test_the_subject_has_the_tag_once(typed: str, sent: str) -> None:
    assert parsed(written(draft(subject=typed)))["Subject"] == sent


def test_a_first_mail_is_no_reply() -> None:
    read = parsed(written(draft(references=())))
    assert read["Subject"] == "It fails [T-7]"
    assert (read["In-Reply-To"], read["References"]) == (None, None)


def test_copies_go_to_everybody_once_and_never_to_us() -> None:
    copies = ("Lee <lee@acme.example>", "support@fleet.example", "JO@acme.example")
    mail = written(draft(copies=copies))
    assert mail.copies == ("lee@acme.example",)
    assert parsed(mail)["Cc"] == "Lee <lee@acme.example>"


@pytest.mark.parametrize(
    "name",
    ["Дмитрий Иванов (Fleet)", "山田太郎", 'O\'Neil, "Pat"', "Ünal; Çelik <x@y>", "名" * 90, "a" * 100],
)
def test_names_of_any_script_arrive_whole(name: str) -> None:
    read = BytesParser(policy=compat32).parsebytes(written(draft(name=name)).content)
    shown, email = parseaddr(read["From"])
    assert (str(make_header(decode_header(shown))), email) == (name, "support@fleet.example")


@pytest.mark.parametrize(
    "body",
    [
        "Здравствуйте, Анна!\n\nПопробуйте ещё раз.",
        "お世話になっております。\n" + "長い行です。" * 60,
        "مرحبا\nשלום\nनमस्ते 🎉",
        "one\n\n\n  indented\n.\n..\nFrom here on\n> quoted by hand " + "x " * 60 + "\nend",
        "word " * 200 + "https://example.com/" + "a" * 500,
        "trailing   \nblanks\n-- \nKathy",
    ],
)
def test_text_of_any_script_arrives_as_it_was_written(body: str) -> None:
    mail = written(draft(body=body))
    assert all(len(line) <= 78 for line in mail.content.split(b"\r\n"))
    assert b"\n" not in mail.content.replace(b"\r\n", b"")
    expected = "\n".join(line if line == "-- " else line.rstrip(" ") for line in body.split("\n"))
    assert unflowed(mail) == expected


@given(
    body=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.just("\n"), max_size=400)
)
def test_no_text_is_lost_or_becomes_a_header(body: str) -> None:
    mail = written(draft(body=body))
    assert mail.content.isascii()
    assert parsed(mail)["Bcc"] is None
    assert unflowed(mail).split() == flowed(body).split()


@given(
    st.builds(
        dict,
        name=st.text(max_size=150),
        subject=st.text(max_size=400),
        references=st.lists(st.text(max_size=60) | st.from_regex(r"<[!-;=?-~]{1,200}>", fullmatch=True)).map(
            tuple
        ),
    )
)
def test_nothing_typed_becomes_a_header(fields: dict[str, Any]) -> None:
    read = parsed(written(draft(**fields)))
    assert set(read.keys()) <= {
        *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References"),
        *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }
    assert [address.addr_spec for address in read["From"].addresses] == ["support@fleet.example"]
    assert read["Message-ID"] == "<T-7.m2.abc@fleet.example>"


def test_long_ids_stay_readable_and_long_conversations_are_shortened() -> None:
    ids = tuple(f"<{'x' * 150}.{number}@acme.example>" for number in range(60))
    read = intake.read(written(draft(references=ids)).content)
    assert read.references == (ids[0], *ids[-19:])


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"to": ("jo@acme.example\r\nBcc: all@acme.example",)}, "is not one address"),
        ({"to": ("jo@acme.example, lee@acme.example",)}, "is not one address"),
        ({"to": ("jö@acme.example",)}, "no such address"),
        ({"to": ("support@fleet.example",)}, "is our own address"),
        ({"to": ()}, "nobody is named"),
        ({"to": ("MAILER-DAEMON@acme.example",), "automatic": True}, "a program's address"),
        ({"to": ("no-reply@acme.example",), "automatic": True}, "a program's address"),
        ({"id": "<a b@c>"}, "is no Message-ID"),
    ],
)
def test_what_must_not_leave_does_not(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(NotSent, match=why) as refused:
        written(draft(**fields))
    assert refused.value.again_after is None


def test_an_automatic_mail_says_so_and_asks_for_no_answer() -> None:
    mail = written(draft(automatic=True, copies=("lee@acme.example",)))
    assert parsed(mail)["Auto-Submitted"] == "auto-replied"
    assert (mail.sender, mail.copies) == ("", ())
    assert intake.read(mail.content).automatic == "Auto-Submitted: auto-replied"


def test_a_domain_of_any_script_is_written_as_servers_know_it() -> None:
    assert written(draft(to=("jo@müller.example",))).to == ("jo@xn--mller-kva.example",)


def test_the_intake_knows_our_own_mail_again() -> None:
    """What comes back, because we were in Cc, is found by its id and by the tag."""
    read = intake.read(written(draft()).content)
    assert (read.id, read.tag, read.subject) == ("<T-7.m2.abc@fleet.example>", "T-7", "It fails")
