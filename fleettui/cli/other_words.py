"""What a word that is no command may have meant: other programs' words for it, and slips of the finger."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from fleettui.errors import WrongUsage

TICKET_WORDS = {
    "answer": "reply",
    "add": "new",
    "close": "resolve",
    "comment": "note",
    "create": "new",
    "edit": "set",
    "escalation": "escalate",
    "pending": "wait",
    "search": "list",
    "solve": "resolve",
    "tag": "label",
    "view": "show",
}
OTHER_WORDS: Mapping[str, Mapping[str, str]] = {
    "fleettui": {
        "agenda": "today",
        "notifications": "inbox",
        "person": "people",
        "rota": "oncall",
        "settings": "config",
        "shifts": "oncall",
        "team": "people",
        "triage": "tickets",
        "users": "people",
    },
    "fleettui tickets": TICKET_WORDS,
}
"""By the words before it; for a program of another name or a new one the command's help says what there is."""
ALIKE = 0.7


def no_such_word(before: str, word: str, known: Collection[str]) -> WrongUsage:
    """The error that says so. `before`: the words before it."""
    from difflib import get_close_matches  # late: only a mistake needs it

    meant = OTHER_WORDS.get(before, {}).get(word) or next(iter(get_close_matches(word, known, 1, ALIKE)), "")
    perhaps = f"; perhaps `{before} {meant}`" if meant in known else ""
    return WrongUsage(f"there is no command {word!r}{perhaps}; `{before} --help` lists them")
