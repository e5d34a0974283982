"""Mails that owe nothing though no header says that a machine wrote them (SUP-12, RFC 3834)."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from fleettui.intake.mail import message as mail

AWAY = [
    "Automatic reply: Hosts page",
    "Automatic reply: [T-1042] Hosts page",
    "Out of Office: Hosts page",
    "Out of the office until Monday",
    "Auto: Out of office",
    "Abwesenheit",
    "Abwesenheitsnotiz: Hosts",
    "Abwesend bis 14. März",
    "Automatische Antwort: Hosts",
    "Réponse automatique : Hosts",
    "Absence du bureau",
    "Respuesta automática: Hosts",
    "Risposta automatica: Hosts",
    "Automatisch antwoord: Hosts",
    "Resposta automática: Hosts",
]
PEOPLE = [
    "Re: Out of office",
    "Out of office replies are not sent any more",
    "Abwesenheitsnotizen werden nicht verschickt",
    "Automatic reply does not work",
    "Declined: our payment with the new card",
    "Accepted licences do not show",
    "Hosts page (out of office)",
]


def made(subject: str, body: str = "I am away until Monday.") -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["Subject"] = "Dana Whitlock <dana@acme.example>", subject
    letter["Message-ID"] = "<away@acme.example>"
    letter.set_content(body)
    return letter


@pytest.mark.parametrize("subject", AWAY)
def test_an_out_of_office_mail_is_known_by_its_subject(subject: str) -> None:
    assert "away" in mail.read(made(subject).as_bytes()).automatic


@pytest.mark.parametrize("subject", PEOPLE)
def test_a_person_may_write_about_such_mails(subject: str) -> None:
    assert mail.read(made(subject).as_bytes()).automatic == ""


CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


def invitation(method: str, *, in_type: bool) -> bytes:
    letter = made("Accepted: Review @ Mon Mar 9", "Dana Whitlock has accepted this invitation.")
    letter.add_alternative(CALENDAR.format(method=method), subtype="calendar")
    part = list(letter.walk())[-1]
    if in_type:
        part.set_param("method", method)
    return letter.as_bytes()


@pytest.mark.parametrize("in_type", [True, False])
def test_an_answer_to_an_invitation_is_a_calendars(in_type: bool) -> None:
    assert "invitation" in mail.read(invitation("REPLY", in_type=in_type)).automatic
    assert mail.read(invitation("REQUEST", in_type=in_type)).automatic == ""
    # Another time is proposed: somebody has to answer.
    assert mail.read(invitation("COUNTER", in_type=in_type)).automatic == ""


@pytest.mark.parametrize("subject", ["Accepted: Review", "Zugesagt: Review", "Accepté : Review"])
def test_an_answer_to_an_invitation_with_only_a_subject(subject: str) -> None:
    assert "invitation" in mail.read(made(subject, "").as_bytes()).automatic
