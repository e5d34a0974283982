"""The words that mail programs write by themselves, in the languages of those who write to us. A new language is a row here."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One language. `sent` to `subject` are the names of headers as Outlook, Apple Mail and Thunderbird print them above a mail
    that they quote; `opens` and `wrote` stand at both ends of the line that Gmail and others write there."""

    sender: tuple[str, ...]
    sent: tuple[str, ...]
    to: tuple[str, ...]
    subject: tuple[str, ...]
    opens: tuple[str, ...]
    wrote: tuple[str, ...]
    original: tuple[str, ...]
    """Between dashes, above an answered mail."""
    forwarded: tuple[str, ...]
    """Between dashes or alone on a line, above a forwarded mail."""
    forward_prefixes: tuple[str, ...]
    """Before the subject of a forwarded mail."""
    away: tuple[str, ...]
    """How the subject of an out-of-office mail begins."""
    answered_invitation: tuple[str, ...]
    """How the subject of an answer to an invitation begins."""


ENGLISH = Words(
    sender=("from",),
    sent=("sent", "date"),
    to=("to", "cc", "bcc", "reply-to"),
    subject=("subject",),
    opens=("on",),
    wrote=("wrote",),
    original=("original message", "original appointment"),
    forwarded=("forwarded message", "begin forwarded message"),
    forward_prefixes=("fw", "fwd"),
    away=(
        "automatic reply", "auto reply", "auto-reply", "autoreply", "automated reply", "auto response",
        "out of office", "out of the office", "out-of-office", "vacation reply", "on vacation",
    ),
    answered_invitation=("accepted", "declined", "tentative", "tentatively accepted"),
)  # fmt: skip

LANGUAGES: dict[str, Words] = {
    "en": ENGLISH,
    "de": Words(
        sender=("von",),
        sent=("gesendet", "gesendet am", "datum"),
        to=("an", "kopie", "kopie (cc)", "cc", "antwort an"),
        subject=("betreff",),
        opens=("am",),
        wrote=("schrieb", "schrieben"),
        original=("ursprüngliche nachricht", "originalnachricht", "original-nachricht", "ursprünglicher termin"),
        forwarded=(
            "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht",
            "anfang der weitergeleiteten e-mail", "weitergeleitete e-mail",
        ),
        forward_prefixes=("wg", "wtr"),
        away=(
            "automatische antwort", "abwesenheit", "abwesenheitsnotiz", "abwesenheitsnachricht",
            "abwesenheitsmeldung", "abwesend", "nicht im büro", "außer haus", "automatische abwesenheitsnotiz",
        ),
        answered_invitation=("zugesagt", "angenommen", "abgesagt", "abgelehnt", "mit vorbehalt", "vorläufig zugesagt"),
    ),
    "fr": Words(
        sender=("de", "expéditeur"),
        sent=("envoyé", "envoyé le", "date"),
        to=("à", "pour", "cc", "copie à", "répondre à"),
        subject=("objet", "sujet"),
        opens=("le",),
        wrote=("a écrit", "écrivait", "ecrit"),
        original=("message d'origine", "message d’origine", "message original"),
        forwarded=(
            "message transféré", "message transmis", "début du message réexpédié", "début du message transféré",
            "message réexpédié",
        ),
        forward_prefixes=("tr",),
        away=(
            "réponse automatique", "absence du bureau", "absent du bureau", "absente du bureau",
            "message d'absence", "message d’absence", "en congé", "en congés",
        ),
        answered_invitation=("accepté", "acceptée", "refusé", "refusée", "provisoire"),
    ),
    "es": Words(
        sender=("de",),
        sent=("enviado", "enviado el", "fecha"),
        to=("para", "cc"),
        subject=("asunto",),
        opens=("el",),
        wrote=("escribió",),
        original=("mensaje original",),
        forwarded=("mensaje reenviado", "inicio del mensaje reenviado"),
        forward_prefixes=("rv",),
        away=("respuesta automática", "fuera de la oficina", "fuera de oficina"),
        answered_invitation=("aceptado", "aceptada", "rechazado", "rechazada", "provisional"),
    ),
    "it": Words(
        sender=("da",),
        sent=("inviato", "data"),
        to=("a", "cc"),
        subject=("oggetto",),
        opens=("il", "in data"),
        wrote=("ha scritto",),
        original=("messaggio originale",),
        forwarded=("messaggio inoltrato", "inizio messaggio inoltrato"),
        forward_prefixes=("i",),
        away=("risposta automatica", "fuori sede", "fuori ufficio", "assente dall'ufficio"),
        answered_invitation=("accettato", "rifiutato", "provvisorio"),
    ),
    "nl": Words(
        sender=("van",),
        sent=("verzonden", "datum"),
        to=("aan", "cc"),
        subject=("onderwerp",),
        opens=("op",),
        wrote=("schreef", "het volgende geschreven"),
        original=("oorspronkelijk bericht", "origineel bericht"),
        forwarded=("doorgestuurd bericht", "begin doorgestuurd bericht"),
        forward_prefixes=("doorst",),
        away=("automatisch antwoord", "afwezig", "afwezigheid", "niet op kantoor"),
        answered_invitation=("geaccepteerd", "geweigerd", "voorlopig"),
    ),
    "pt": Words(
        sender=("de",),
        sent=("enviado", "enviada em", "enviado em", "data"),
        to=("para", "cc"),
        subject=("assunto",),
        opens=("em", "no dia"),
        wrote=("escreveu",),
        original=("mensagem original",),
        forwarded=("mensagem encaminhada", "mensagem reencaminhada", "início da mensagem reencaminhada"),
        forward_prefixes=("enc",),
        away=("resposta automática", "ausência", "fora do escritório", "ausente do escritório"),
        answered_invitation=("aceito", "aceite", "recusado", "recusada", "tentativo"),
    ),
}  # fmt: skip


def every(kind: str) -> tuple[str, ...]:
    """The words of this kind in all languages, the longest first."""
    words = {word for language in LANGUAGES.values() for word in getattr(language, kind)}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def any_of(words: tuple[str, ...]) -> str:
    """A pattern for any of them."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words)
