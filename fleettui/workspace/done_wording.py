"""What a verb of the history has done, in the words of a colleague: for what happened lately, and for what was taken back."""

from __future__ import annotations

CHANGED = "changed"

_DONE = {
    "new": "came in",
    "arrive": "came in",
    "received": "they wrote again",
    "edited": "they changed a message",
    "gone": "they took a message back",
    "reply": "answered",
    "assign": "assigned",
    "take": "taken",
    "note": "noted",
    "label": "labelled",
    "wait": "waits for them",
    "snooze": "put away",
    "resolve": "resolved",
    "reopen": "reopened",
    "merge": "merged",
    "escalate": "escalated",
    "issue": "issue linked",
    "open_list": "checklist opened",
    "save_view": "view saved",
    "drop_view": "view taken off",
    "tier": "tier changed",
    "tick": "ticked",
    "untick": "opened again",
    "skip": "left out",
    "check": "checked",
    "uncheck": "opened again",
    "calls.new": "planned",
    "joined": "they joined",
    "missed": "nobody came",
    "done": "held",
    "attach": "attached",
    "agree": "next step agreed",
    "next_step_done": "next step done",
    "note_taken": "noted",
    "start": "begun",
    "again": "once more",
    "cancel": "cancelled",
    "answer": "question answered",
    "fill": "filled in",
    "cast": "recast",
    "decline": "declined",
    "hand_over": "handed over",
    "link": "linked",
    "edit": CHANGED,
    "set": CHANGED,
    "add": "added",
    "remove": "taken off",
    "import": "taken in",
    "retire": "retired",
    "touched": "in touch",
    "contact": "contact changed",
    "drop_contact": "contact taken off",
    "opportunity": "opportunity changed",
    "codename": "codename given",
}
"""By the whole verb where it has words of its own, else by its last word."""


def done_words(verb: str) -> str:
    last = verb.rpartition(".")[2]
    return _DONE.get(verb) or _DONE.get(last) or last.replace("_", " ")
