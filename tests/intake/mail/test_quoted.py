"""What mail programs put below an answer, in the languages of our customers."""

from __future__ import annotations

import pytest

from fleettui.intake.mail.html import as_text
from fleettui.intake.mail.quoted import without_history

GMAIL = {
    "English": "On Mon, Mar 9, 2026 at 8:00 AM Kathy Satterlee <kathy@fleet.example> wrote:",
    "English, folded": "On Mon, Mar 9, 2026 at 8:00 AM\nKathy Satterlee\n<kathy@fleet.example> wrote:",
    "German": "Am Mo., 9. März 2026 um 08:00 Uhr schrieb Kathy Satterlee <\nkathy@fleet.example>:",
    "French": "Le lun. 9 mars 2026 à 08:00, Kathy Satterlee <kathy@fleet.example> a\nécrit :",
    "Spanish": "El lun, 9 mar 2026 a las 8:00, Kathy Satterlee (<kathy@fleet.example>) escribió:",
    "Italian": "Il giorno lun 9 mar 2026 alle ore 08:00 Kathy Satterlee <kathy@fleet.example> ha scritto:",
    "Dutch": "Op ma 9 mrt 2026 om 08:00 schreef Kathy Satterlee <kathy@fleet.example>:",
    "Portuguese": "Em seg., 9 de mar. de 2026 às 08:00, Kathy Satterlee <kathy@fleet.example> escreveu:",
    "Apple, English": "On 9. Mar 2026, at 08:00, Kathy Satterlee <kathy@fleet.example> wrote:\n",
    "Apple, German": "Am 09.03.2026 um 08:00 schrieb Kathy Satterlee <kathy@fleet.example>:\n",
    "Apple, French": "Le 9 mars 2026 à 08:00, Kathy Satterlee <kathy@fleet.example> a écrit :\n",
    "Thunderbird, English": "On 09.03.26 08:00, Kathy Satterlee wrote:",
    "Thunderbird, German": "Am 09.03.26 um 08:00 schrieb Kathy Satterlee:",
    "Thunderbird, French": "Le 09/03/2026 à 08:00, Kathy Satterlee a écrit :",
}


@pytest.mark.parametrize("intro", GMAIL.values(), ids=GMAIL)
def test_marked_history_goes_with_the_line_above_it(intro: str) -> None:
    body = f"Noch immer leer.\n\n{intro}\n> Is it still empty?\n>> Hello\n"
    assert without_history(body).startswith("Noch immer leer.\n\n[")
    assert "Kathy" not in without_history(body)


@pytest.mark.parametrize("intro", [row for row in GMAIL.values() if "\n" not in row.strip()])
def test_history_without_marks_goes_too_where_a_program_introduces_it(intro: str) -> None:
    body = f"Encore vide.\n\n{intro}\n\nIs it still empty?\n"
    assert without_history(body) == "Encore vide.\n\n[2 lines of earlier mail left out]"


OUTLOOK = {
    "English": "From: Kathy Satterlee\nSent: Monday, March 9, 2026 8:00 AM\nTo: Dana\nSubject: RE: Hosts",
    "English, bold": "*From:* Kathy\n*Sent:* Monday, March 9, 2026 8:00 AM\n*To:* Dana",
    "German": "Von: Kathy Satterlee\nGesendet: Montag, 9. März 2026 08:00\nAn: Dana\nBetreff: AW: Hosts",
    "French": "De : Kathy Satterlee\nEnvoyé : lundi 9 mars 2026 08:00\nÀ : Dana\nObjet : RE: Hosts",
    "Spanish": "De: Kathy\nEnviado el: lunes, 9 de marzo de 2026 8:00\nPara: Dana\nAsunto: RE: Hosts",
    "Italian": "Da: Kathy\nInviato: lunedì 9 marzo 2026 08:00\nA: Dana\nOggetto: R: Hosts",
    "Dutch": "Van: Kathy\nVerzonden: maandag 9 maart 2026 08:00\nAan: Dana\nOnderwerp: RE: Hosts",
    "Portuguese": "De: Kathy\nEnviada em: segunda-feira, 9 de março de 2026 08:00\nPara: Dana\nAssunto: RE: Hosts",
    "dashes, English": "-----Original Message-----\nFrom: Kathy\nSent: Monday",
    "dashes, German": "-----Ursprüngliche Nachricht-----\nVon: Kathy\nGesendet: Montag",
    "dashes, French": "-----Message d'origine-----\nDe : Kathy\nEnvoyé : lundi",
    "no-break spaces": "De\u00a0: Kathy\nEnvoyé\u00a0: lundi 9 mars 2026 08:00\nÀ\u00a0: Dana",
    "below a rule": "________________________________\nVon: Kathy\nGesendet: Montag, 9. März 2026 08:00",
}


@pytest.mark.parametrize("block", OUTLOOK.values(), ids=OUTLOOK)
def test_outlooks_headers_begin_the_history(block: str) -> None:
    kept = without_history(f"Still empty.\n\n{block}\n\nIs it still empty?\n")
    assert kept == f"Still empty.\n\n[{block.count(chr(10)) + 2} lines of earlier mail left out]"


@pytest.mark.parametrize(
    "body",
    [
        "On Monday at 8:00 AM I wrote a query:\n> SELECT 1\nand it failed",
        "Von: hier sieht es gut aus\n\naber nicht dort",
        "Am 9. März um 08:00 schrieb Dana:\n> Is it?\nNein.\n> And now?\nDoch.",
        "Version 4.1, from: the archive\nTo: nobody in particular it mattered",
    ],
)
def test_what_a_person_wrote_stays(body: str) -> None:
    assert without_history(body) == body


def test_block_quotes_of_html_keep_their_marks() -> None:
    html = (
        "<p>Yes, still.</p><div>On Mon, Mar 9, 2026 at 8:00 AM Kathy wrote:<br></div>"
        "<blockquote><p>Is it still empty?</p><p>Kathy</p><blockquote>Hello<br>there</blockquote></blockquote>"
    )
    assert as_text(html) == (
        "Yes, still.\n\nOn Mon, Mar 9, 2026 at 8:00 AM Kathy wrote:\n\n"
        "> Is it still empty?\n>\n> Kathy\n>\n> > Hello\n> > there"
    )
    assert without_history(as_text(html)) == "Yes, still.\n\n[7 lines of earlier mail left out]"


def test_answers_between_block_quotes_of_html_stand_apart_from_them() -> None:
    html = "<blockquote>Is it?</blockquote>Yes.<blockquote>And now?</blockquote>No."
    assert as_text(html) == "> Is it?\n\nYes.\n\n> And now?\n\nNo."
    assert as_text("<blockquote>" * 40 + "deep &#1;&#2;<img alt='&#1;'>").count(">") == 9
