"""What the JSON of each command has: the fields of the object that it prints, or of each object of its array.

docs/cli.md explains them; a test runs an example of every command and compares. More fields are welcome, none goes away.
Where options ask for something else (a preview, a draft), the JSON has that instead.
"""

from __future__ import annotations

from collections.abc import Mapping

Fields = tuple[str, ...]


def _words(text: str) -> Fields:
    return tuple(text.split())


def _each(first: str, below: str, fields: Fields) -> dict[str, Fields]:
    """The same for several words below one first word."""
    return {f"{first} {word}": fields for word in below.split()}


_TICKET = _words(
    "id subject customer customer_id shown group tier priority triaged department from status assignee level channel "
    "way thread link channel_name contact labels owed_since due target breached unread opened_at resolved_at "
    "snooze_until merged_into incident incident_of issue key_date by_dm revision"
)
_TICKET_CHANGED = (*_TICKET, "warnings")
_RITUAL = _words(
    "id name dri frequency period due state due_soon coming late count wanted most streak purpose by covers "
    "follows_from who done_at why counted hint before"
)
_RITUAL_ITSELF = _words("id name dri rhythm since frequency revision")
_CALL = _words(
    "id title customer company start end notes_title notes_heading stage ready declined prepare_from attendees "
    "join_url steps documents kind host account host_away cover at_the_same_time reaches_out ended ended_why moved_to "
    "moved_from follows joined_at missed_at notes next_steps changed_here revision"
)
_RUN = _words(
    "id name playbook rule customer done of skipped state why started closed by parent turns facts filled steps "
    "reminders revision"
)
_CUSTOMER = _words(
    "id rev name codename anonymous tier kind hosts zone channel lead_status priority owners contacts opportunities "
    "last_contact note active group reaches_out in_touch reach revision"
)
_PERSON = _words("login id rev name roles group zone slack email github phone active time_off revision")
_VIEW = _words("key name search saved mine screen columns order grouped split")
_CHANNEL = _words("id channel customer customer_id tier name revision")
_ORDER = _words(
    "id ticket about subject by way to copies state tries unsure repeats thread external why leaves_at tried_at "
    "sent_at again_at at"
)
_ISSUE = _words("id link state outcome closed_at by why owed revision")
_RETURN = _words("id verb fields together subject")
_ROTA = _words("shifts gaps")

JSON_FIELDS: Mapping[str, Fields] = {
    "admin setup": _words("dry_run steps proofs"),
    "backup": _words("file bytes files files_left"),
    "businesstime add": _words("end"),
    "businesstime between": _words("minutes"),
    **_each(
        "calls",
        "answer attach cancel check done edit joined list missed moved new next number show skip uncheck",
        _CALL,
    ),
    "calls import": _words("dry_run summary taken updated unchanged left_out problems lines"),
    "calls slots": _words("slots note"),
    "calls text": _words("text"),
    **_each("channels", "add list name", _CHANNEL),
    "channels remove": _words("removed"),
    "commands": _words("schema exit_codes commands screens"),
    "completion": _words("shell script"),
    "config": _words("key value from what allowed form default variable can_be_set"),
    "connect status": _words("name state since last_ok why waiting failed"),
    **_each("customers", "add contact edit list opportunity show touched", _CUSTOMER),
    "customers read": _words("ok complaints"),
    "doctor": _words("ok findings"),
    "export": _words("file documents"),
    "follow": _words("cursor at kind for collection id by text key ids"),
    "handbook check": _words("ok mistakes"),
    "handbook pull": _words("folder files"),
    "handbook push": _words("files"),
    "history": _words("collection id revision at by verb kind why undoes changes"),
    "inbox": _words("key at kind collection id ids by text seen"),
    **_each("inbox", "follow unfollow", _words("following")),
    "inbox seen": _words("seen unseen"),
    "inbox settings": _words("kinds bell notify quiet_hours"),
    "init": _words("home demo shared"),
    **_each("intake", "mail slack", _words("result ticket why message")),
    **_each("issues", "close reopen told", _ISSUE),
    "issues list": _words(
        "id link title state tickets unresolved customers tiers hosts private outcome closed_at by why owed"
    ),
    "keys": _words("file preset problems keys own"),
    "message": _words("name title audience public canned variables rule"),
    "oncall": _words("at person name cover why start end week_of reminder next gaps remind"),
    **_each("oncall", "clear order override swap", _ROTA),
    "outbox drop": (*_ORDER, "dropped"),
    **_each("outbox", "list retry send", _ORDER),
    "move": _words("to moved documents changes files private"),
    **_each("people", "add away edit list", _PERSON),
    "people role": _words("login statements"),
    **_each(
        "playbooks",
        "again answer cancel cast decline fill hand list reopen show skip start tick untick",
        _RUN,
    ),
    "playbooks names": _words("id rule name purpose customer"),
    "playbooks open": _words("kind id"),
    "redo": _RETURN,
    "report week": _words(
        "week first last arrivals messages answers resolved resolved_unanswered in_time late attainment median_minutes "
        "worst_minutes worst_ticket by_tier_and_priority breaches open by_hour by_weekday department calls rituals"
    ),
    "restore": _words("restored lost"),
    "retro": _words("week first last on_call facts report questions documentation"),
    **_each("rituals", "add bring-back edit retire", _RITUAL_ITSELF),
    "rituals import": _words("new changed changes same retired gone taken problems strangers dry_run"),
    "rituals list": _RITUAL,
    "rituals person": _words("rituals together covered_others"),
    "rituals show": (*_RITUAL, *_words("definition parts figure issue past history revision")),
    **_each("rituals", "skip tick untick write", (*_RITUAL, *_words("said changed"))),
    "rituals sync": _words("new changed changes same retired gone taken problems strangers dry_run files"),
    "rituals text": _words("ritual name period message text gaps goes_to asked draft"),
    "rituals week": _words("id name dri outcomes kept missed skipped by days"),
    "sla due": _words("tier priority meaning rule since due target clock reason"),
    "sla table": _words("kind rule response clock due due_out_of_hours aim name how"),
    **_each(
        "tickets",
        "assign attach count label macro merge new note received reopen reply resolve set snooze take wait",
        _TICKET_CHANGED,
    ),
    "tickets calls": _words("key name channel mention otherwise text missing"),
    "tickets codename": _words("customer codename"),
    "tickets details": _words("key label required answer"),
    **_each("tickets", "documented list next", _TICKET),
    "tickets drop-view": _words("dropped"),
    "tickets escalate": (*_TICKET, "calls"),
    "tickets explain": (*_TICKET, *_words("words trace ways reach")),
    "tickets files": _words("name size type by at kept sha256 path scp link why mismatch"),
    "tickets incident": _words("incident done refused"),
    "tickets issue": _words("issue searched"),
    "tickets macros": _words("key name letter"),
    "tickets save-view": _VIEW,
    "tickets show": (
        *_TICKET,
        *_words(
            "suggestion duplicates outage_customers details issue_private issue_searches channel_summary documentation "
            "late_why lists cc messages history"
        ),
    ),
    "tickets steps": _words("key label state why_not"),
    "tickets views": (*_VIEW, "count"),
    "today": _words("now open until away unseen untriaged items troubles damaged first_steps"),
    "tour": _words("steps next"),
    "undo": _RETURN,
    "views delete": _words("deleted id"),
    **_each("views", "list rename save", (*_VIEW, "whose")),
    "views show": (*_VIEW, *_words("whose all_columns all_orders")),
}
"""What is always there."""
_ROWS = (
    "config, connect status, export, history, inbox, intake mail, intake slack, message, playbooks names, playbooks open, "
    "rituals week, sla table, tickets calls, tickets details, tickets files, tickets macros, tickets steps, tickets views"
)
LISTS = frozenset({*_ROWS.split(", "), *(words for words in JSON_FIELDS if words.endswith(" list"))})
"""Those that print an array."""
SEVERAL = frozenset(words for words, fields in JSON_FIELDS.items() if fields == _TICKET_CHANGED)
"""Those that print an array where several tickets were named, and an object for one."""
LINES = frozenset({"follow"})
"""Those that print an object on each line."""
