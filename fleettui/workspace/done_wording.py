"""What was done, in words: one table with a phrase for every action, and the sentence that an entry of a history makes.

Every history is worded here: on the pages, in Today's "What changed", by `fleettui history` and by undo.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

import msgspec

from fleettui.store.protocol import Change, Entry
from fleettui.text.cleaning import line
from fleettui.time import wording

CHANGED = "changed"
DONE: Mapping[str, str] = {
    "init": "set up with the workspace",
    "undo": "took back",
    "restore": "stands for what could not be read",
    "redo": "did again",
    "people.add": "added",
    "people.edit": CHANGED,
    "people.away": "away",
    "people.back": "back again",
    "customers.add": "added",
    "customers.edit": CHANGED,
    "customers.touched": "in touch",
    "customers.contact": "contact changed",
    "customers.drop_contact": "contact taken off",
    "customers.opportunity": "opportunity changed",
    "customers.codename": "codename given",
    "channels.add": "added",
    "channels.name": "named",
    "channels.remove": "taken off",
    "tickets.new": "came in",
    "tickets.arrive": "came in",
    "tickets.received": "they wrote again",
    "tickets.edited": "they changed a message",
    "tickets.gone": "they took a message back",
    "tickets.reply": "answered",
    "tickets.note": "noted",
    "tickets.macro": "macro carried out",
    "tickets.incident": "part of an incident",
    "tickets.incident_update": "news of the incident",
    "tickets.incident_close": "incident over",
    "tickets.incident_leave": "taken out of the incident",
    "tickets.count": "a mail of ours counted as the answer",
    "tickets.attach": "file attached",
    "tickets.assign": "assigned",
    "tickets.take": "taken",
    "tickets.label": "labelled",
    "tickets.wait": "waits for them",
    "tickets.snooze": "put away",
    "tickets.resolve": "resolved",
    "tickets.reopen": "reopened",
    "tickets.merge": "merged",
    "tickets.set": CHANGED,
    "tickets.tier": "tier changed",
    "tickets.escalate": "escalated",
    "tickets.issue": "issue linked",
    "issues.close": "closed: whoever waits for it is owed a word",
    "issues.reopen": "open again",
    "issues.settle": "they know",
    "tickets.searched": "issues searched",
    "tickets.documented": "documented",
    "tickets.open_list": "checklist opened",
    "tickets.tick": "ticked",
    "tickets.untick": "opened again",
    "tickets.skip": "left out",
    "tickets.answer": "question answered",
    "views.save": "view saved",
    "views.rename": "view renamed",
    "views.drop": "view taken off",
    "calls.new": "planned",
    "calls.import": "taken in",
    "calls.lay_out": "laid out from its series",
    "calls.edit": CHANGED,
    "calls.attach": "attached",
    "calls.check": "checked",
    "calls.uncheck": "opened again",
    "calls.skip": "left out",
    "calls.answer": "question answered",
    "calls.no_documents": "no documents for the agenda",
    "calls.link_failed": "a link does not work",
    "calls.number": "number found",
    "calls.rebook": "nobody came; another time",
    "calls.moved": "moved to another time",
    "calls.joined": "they joined",
    "calls.missed": "nobody came",
    "calls.note": "noted",
    "calls.agree": "next step agreed",
    "calls.next_step_done": "next step done",
    "calls.done": "over",
    "calls.gone": "gone from the calendar",
    "calls.cancel": "cancelled",
    "rituals.add": "added",
    "rituals.import": "taken in",
    "rituals.edit": CHANGED,
    "rituals.retire": "retired",
    "rituals.bring_back": "brought back",
    "rituals.tick": "ticked",
    "rituals.untick": "opened again",
    "rituals.skip": "left out",
    "rituals.fill": "filled in",
    "playbooks.start": "begun",
    "playbooks.tick": "ticked",
    "playbooks.untick": "opened again",
    "playbooks.skip": "left out",
    "playbooks.decline": "declined",
    "playbooks.again": "once more",
    "playbooks.hand_over": "handed over",
    "playbooks.answer": "answered",
    "playbooks.fill": "filled in",
    "playbooks.cast": "recast",
    "playbooks.link": "began something",
    "playbooks.cancel": "cancelled",
    "playbooks.reopen": "reopened",
    "retro.answer": "question answered",
    "oncall.override": "somebody else on call",
    "oncall.clear": "back to the turns",
    "oncall.swap": "shifts swapped",
    "oncall.order": "order of turns changed",
    "letters.write": "written, to be sent",
    "letters.linked": "its link is on the ticket",
    "outbox.begin": "begins to leave",
    "outbox.sent": "sent",
    "outbox.put_off": "not sent yet",
    "outbox.failed": "could not be sent",
    "outbox.repeat": "may be there, to be sent again as the same mail",
    "outbox.uncertain": "nobody knows whether it was sent",
    "outbox.retry": "to be sent again",
    "outbox.drop": "not to be sent",
    "script.insert": "added",
    "script.update": CHANGED,
    "script.remove": "taken off",
}
EARLIER: Mapping[str, str] = {"tickets.save_view": "view saved", "tickets.drop_view": "view taken off"}
"""Actions that histories have from earlier versions."""
"""By the verb that the history keeps."""

LONGEST_VALUE = 60
NAMED_BY = ("what", "title", "name", "email", "body", "evidence", "why", "url")
"""By which of its fields people call a part of a document: a next step, a contact, a message."""
BY_KEY = ("marks", "filled", "answers", "owners", "stale", "boxes", "left_out")
"""Fields whose keys are steps, fields, questions or customers: the sentence names them."""
ACTS = ("ticks", "skipped")
"""Fields that hold only who did it and when, which the history says anyway, and perhaps a proof or a reason."""
_MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"


def done_words(verb: str) -> str:
    """A phrase for an action; for one that a newer fleettui has, its last word."""
    return DONE.get(verb) or EARLIER.get(verb) or verb.rpartition(".")[2].replace("_", " ")


# Values


def value_words(value: Any, zone: tzinfo = UTC) -> str:
    """A field's value as people read it, times in their zone. It may have come from outside."""
    if value is None or value == "" or value == () or value == []:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        text = ", ".join(value_words(part, zone) for part in value)
    elif isinstance(value, dict):
        who_and_when = ("by", "at") if "by" in value and "at" in value else ()
        text = ", ".join(f"{key} {value_words(value[key], zone)}" for key in value if key not in who_and_when)
    elif isinstance(value, str) and re.fullmatch(_MOMENT, value):
        text = _moment_in(value, zone)
    else:
        text = str(value)
    text = line(text)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _moment_in(written: str, zone: tzinfo) -> str:
    """ "Sun 22 Nov 00:29 PST"; what only looks like a moment stays as it is."""
    try:
        return wording.dated(datetime.fromisoformat(written), zone, with_zone=True)
    except (ValueError, OverflowError):
        return written


FIELD_NAMES = {"untriaged": "not triaged", "run": "steps done", "dri": "DRI"}
"""What people call a field, where its name is not that."""
PEOPLE = ("dri", "assignee", "host")
"""Fields that hold a login, or the name of a role."""
FOLLOWS = ("former_dris", "earlier")
"""Fields that only repeat what another one says, for later reckoning."""


def change_words(change: Change, zone: tzinfo = UTC, person: Callable[[str], str] = str) -> str:
    """ "snooze until: Tue 10 Mar 10:00 PDT → nothing"."""
    # the run as a whole comes and goes with a document whose making is taken back
    path = change.path[1:] if change.field == "run" and len(change.path) > 1 else change.path
    name = FIELD_NAMES.get(path[-1]) or " ".join(path).replace("_", " ")
    before, after = known(change.before), known(change.after)
    if path[-1] in PEOPLE:
        before, after = (
            person(value) if isinstance(value, str) and value else value for value in (before, after)
        )
    if isinstance(before, bool) and after is None:
        after = False  # what is false is left out of the file
    if before in (None, "", (), []):
        return f"{name}: {value_words(after, zone)}"
    return f"{name}: {value_words(before, zone)} → {value_words(after, zone)}"


def known(value: Any) -> Any:
    """None where there was or is nothing."""
    return None if value is msgspec.UNSET else value


# Sentences


class EntryWords(msgspec.Struct, frozen=True):
    """An entry in words. "checked: Test the link": what was done, and to which part; then the fields that changed."""

    done: str
    parts: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        return f"{self.done}: {', '.join(self.parts)}" if self.parts else self.done

    @property
    def full(self) -> str:
        return f"{self.short} ({', '.join(self.fields)})" if self.fields else self.short


class Names(msgspec.Struct, frozen=True):
    """What a sentence needs: names for keys and logins, and the zone for times."""

    label: Callable[[str], str] = str
    """Of a step, a field, a question or a customer, by its key."""
    person: Callable[[str], str] = str
    zone: tzinfo = UTC


def entry_words(entry: Entry, names: Names, without: Iterable[str] = ()) -> EntryWords:
    """`without`: fields of the document to leave out, because they are shown elsewhere."""
    verb = "undo" if entry.undoes is not None and entry.verb != "redo" else entry.verb
    if entry.verb.startswith("oncall."):
        return EntryWords(done_words(verb), (entry.why,))
    parts: dict[str, None] = {}
    fields: list[str] = []
    for change in entry.changes:
        if change.field in (*without, *FOLLOWS) or _says_who_and_when(change, entry):
            continue
        named = list(_parts(change, entry, names))
        parts.update(dict.fromkeys(named))
        if not named and change.field not in ACTS:
            fields.append(change_words(change, names.zone, names.person))
    return EntryWords(done_words(verb), tuple(parts), tuple(fields))


def _says_who_and_when(change: Change, entry: Entry) -> bool:
    """ "resolved at", "done by" and the like: the history says who and when for each entry."""
    after = known(change.after)
    if known(change.before) or not isinstance(after, str):
        return False
    if change.path[-1].endswith("_by"):
        return after == entry.by
    return bool(re.fullmatch(_MOMENT, after)) and _moment(after) == entry.made_at


def _moment(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def _parts(change: Change, entry: Entry, names: Names) -> Iterator[str]:
    """The parts of the document that a change is about, where people have names for them."""
    before, after = known(change.before), known(change.after)
    if len(change.path) > 1 and change.path[-2] in BY_KEY:
        yield _by_key(change.path[-2], change.path[-1], after, names)
    elif change.field in ACTS:
        yield from filter(None, (_about_tick(tick, names) for tick in _dicts(after)))
    else:
        old, new = _dicts(before), _dicts(after)
        if len(old) == len(new):
            yield from filter(
                None, (_edited_part(*pair, entry, names) for pair in zip(old, new, strict=True))
            )
        else:
            yield from filter(None, map(_name_of, _came_or_went(old, new)))


def _came_or_went(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """The parts that only the longer of the two has; a part is known by its key, or is all that it says."""
    more, less = (new, old) if len(new) > len(old) else (old, new)
    keys = {part["key"] for part in less if part.get("key")}
    return (part for part in more if part.get("key") not in keys and part not in less)


def _by_key(field: str, key: str, value: Any, names: Names) -> str:
    label = line(names.label(key))
    if field == "owners":
        return f"{label} → {names.person(value) if value else 'its role'}"
    if field in ("marks", "boxes", "left_out"):
        about = ", ".join(filter(None, (_about_tick(mark, names) for mark in _dicts(value))))
        return f"{label} ({about})" if about else label
    return f"{label}: {value_words(value, names.zone)}"


def _about_tick(tick: Mapping[str, Any], names: Names) -> str:
    """The proof or the reason, and for whom it was done."""
    covers = tick.get("covers")
    texts = [value_words(tick[name]) for name in ("evidence", "why") if tick.get(name)]
    return ", ".join([*texts, *([f"for {names.person(covers)}"] if covers else [])])


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    """The parts in a document that a value is, or holds."""
    parts = value if isinstance(value, list | tuple) else [value]
    return [part for part in parts if isinstance(part, dict)]


def _name_of(part: Mapping[str, Any]) -> str:
    return next((value_words(part[name]) for name in NAMED_BY if part.get(name)), "")


def _edited_part(old: Mapping[str, Any], new: Mapping[str, Any], entry: Entry, names: Names) -> str:
    """ "Renewal (amount: 4 → 5)"."""
    name = _name_of(new)
    if entry.verb.startswith("outbox."):
        return name  # how it stands is what the action says
    changes = [
        Change((key,), old.get(key), new.get(key)) for key in {**old, **new} if old.get(key) != new.get(key)
    ]
    fields = [
        change_words(change, names.zone, names.person)
        for change in changes
        if not _says_who_and_when(change, entry)
    ]
    return f"{name} ({', '.join(fields)})" if name and fields else name
