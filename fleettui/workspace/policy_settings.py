"""What the team sets in its handbook: each setting of each policy file, what it is for, what it is, and where that stands.

A setting stands here once, by the name of its file and its own: `hours.zone`. A test compares with the types of the files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from fleettui.errors import FleettuiError
from fleettui.policy.files import PLAYBOOKS, TEMPLATES, names_in

if TYPE_CHECKING:
    from fleettui.policy.handbook import Handbook

SHIPPED = "as it came with fleettui"
LEFT_OUT = "default"
MISTAKE = "cannot be read; what counts meanwhile"


class PolicyFile(NamedTuple):
    name: str
    """Without its ending."""
    what: str
    settings: Mapping[str, str]
    """What each is for."""
    read_as: str = ""
    """The handbook's name for it, where it is another."""

    @property
    def file(self) -> str:
        return f"{self.name}.json"


class PolicyValue(NamedTuple):
    """A setting of the team, as it is now."""

    key: str
    """`hours.zone`"""
    what: str
    value: Any
    """As the file has it."""
    source: str
    file: str


RULE = "The rule of the handbook that this carries out."
POLICY_FILES: tuple[PolicyFile, ...] = (
    PolicyFile("hours", "When the team is open.", {
        "rule": RULE,
        "zone": "The time zone of the team, in which every time is shown.",
        "open": "The opening hours of each weekday.",
    }),
    PolicyFile("holidays", "Which days are off.", {
        "rule": RULE,
        "country": "The country whose holidays count.",
        "category": "Which of its holidays.",
        "subdivision": "Its state or province.",
        "add": "Days off besides.",
        "remove": "Holidays on which the team works.",
    }),
    PolicyFile("sla", "What is promised to customers.", {
        "priorities": "The priorities, the most urgent first, and what they mean.",
        "commitments": "How soon each tier is answered, by priority.",
        "channels": "How customers reach the team, by tier.",
        "internal": "Targets of the team's own, which are promised to nobody.",
        "warnings": "From when a clock says that a promise comes near.",
        "paid": "The tiers of customers who pay.",
        "hours": "Opening hours by which some tiers or customers are counted.",
    }),
    PolicyFile("oncall", "Who answers the web chat, week by week.", {
        "rule": RULE,
        "order": "Who takes turns.",
        "first": "The day on which the first shift began.",
        "handover_weekday": "The weekday on which shifts change.",
        "handover_at": "The time at which they change.",
        "reminder_weekday": "The weekday on which whoever comes next is reminded.",
        "reminder_at": "The time of the reminder.",
        "overrides": "Days on which somebody else is on call.",
        "swaps": "Shifts that two people have swapped.",
        "later": "Other turns, from a later shift on.",
    }, read_as="rota"),
    PolicyFile("channels", "The channels of the team, and whom to call for help.", {
        "channels": "Channels, and who answers for each.",
        "help": "Where to call for help.",
        "booking": "Links by which customers book a call.",
        "emergency": "The phone number and the address for emergencies.",
        "mail": "The mail servers that prove that a mail is the team's.",
    }),
    PolicyFile("department", "Requests of other teams and partners.", {
        "promise": "How soon they are answered.",
        "addresses": "Mail to these addresses is such a request.",
        "mention_senders": "Who mails when somebody is mentioned in an issue.",
        "mention_reasons": "The reasons that such a mail gives.",
        "urgent": "Where an urgent request is brought.",
    }),
    PolicyFile("levels", "The levels of support.", {"levels": "Each level: its priorities, and who works on it."}),
    PolicyFile("labels", "The labels of tickets.", {
        "customer_request": "The label of what a customer wishes for.",
        "waiting_prefix": "A label that begins so means: waiting for somebody outside.",
        "waiting": "The labels that begin so.",
        "others": "All other labels.",
        "codenames": "The names under which anonymous customers go.",
    }),
    PolicyFile("macros", "Ready texts with acts.", {"macros": "Each macro: its letter, its text, what it does."}),
    PolicyFile("details", "What to know about a problem.", {"details": "Each detail, and the question that asks for it."}),
    PolicyFile("groups", "The groups of customers, by number of hosts.", {"groups": "Each group: its hosts, its people."}),
    PolicyFile("roles", "The roles of people.", {"roles": "Each role, and what else it is called."}),
    PolicyFile("connections", "What leaves by itself, and over which servers.", {
        "undo_seconds": "For so many seconds undo takes an answer back.",
        "per_address_and_hour": "So many mails go to one address in an hour at most.",
        "tries": "So often a text is tried before somebody has to look.",
        "mail": "Mail: its servers, and whether answers leave by themselves.",
        "slack": "Slack: whether answers leave by themselves, and in whose name.",
        "calendars": "The calendars that are read.",
        "github": "What is done on GitHub.",
    }),
    PolicyFile("tickets", "How a ticket goes its way.", {
        "issue": "Where a new GitHub issue goes, and how it begins.",
        "auto_reply": "The message that answers out of hours.",
        "details_request": "The message that asks for missing details.",
        "dm_summary": "The message that sums up what was said in private.",
        "checklists": "The checklists of a ticket.",
        "resolving": "What is asked when a ticket is resolved.",
        "retro": "What the week's look back asks.",
        "files": "Whether files of mails are kept, and how large they may be.",
    }),
    PolicyFile("alarms", "When a promise becomes news, and for whom.", {
        "breaching": "Who is told of a promise, with which share of its time left.",
        "breached": "Who is told when a promise is broken.",
        "urgent": "The priorities that everybody is told of at once.",
    }),
    PolicyFile("triage", "What helps to triage what arrives.", {
        "rule": RULE,
        "counts_as": "The priority that counts until somebody has chosen one.",
        "suggestions": "The words that suggest a priority, by language.",
        "most_urgent": "The most urgent priority that is suggested, by tier.",
        "otherwise": "What is suggested where no word is known.",
        "harmless": "Phrases that sound urgent and are not, by language.",
        "similar": "When two tickets may be about the same.",
    }),
    PolicyFile("rituals", "The rituals of a new workspace.", {"rituals": "Each ritual; later ones are kept in the app."}),
    PolicyFile("calls", "How a call with a customer goes.", {
        "kinds": "The kinds of calls.",
        "notes": "The notes of a call, and how they are named.",
        "prepare": "When a call is prepared.",
        "join": "When to join.",
        "missed": "What to do when nobody comes.",
        "after": "The steps that follow a call.",
        "slots": "Which other times are offered.",
        "series_weeks": "So many weeks of a series are there ahead.",
        "links": "Which hosts behind the firewall a link may lead to.",
        "etiquette": "How to behave on a call.",
        "facts": "What is asked about a call.",
        "steps": "The steps of every call.",
    }),
    PolicyFile("gtm", "Who reaches out to whom, and how.", {
        "reach_out": "Who writes to which kind of customer.",
        "account_priorities": "How much an account matters.",
        "lead_statuses": "How far a lead is.",
        "reaching_out": "The playbooks that reach out to a customer.",
        "review_days": "For so many days back a rep's activity is looked at.",
        "quiet_days": "After so many days without contact an opportunity is lost.",
        "contact": "What is read of a contact.",
        "outbound": "What an outbound message must be like.",
        "contact_data": "What is said wherever contacts leave the workspace.",
        "first_contact": "How a first contact goes.",
        "text_rules": "How texts for other systems are written.",
        "sanctions": "Whom the team does no business with.",
    }),
    PolicyFile("views", "The views of every list.", {
        "saved_by": "The roles whose people may save a view for the team.",
        "views": "The views that everybody has.",
    }),
    PolicyFile("messages", "Every text that is sent.", {"messages": "Each message, and the facts that it needs."}),
)  # fmt: skip
FOLDERS: Mapping[str, tuple[str, str, str]] = {
    "playbooks": (PLAYBOOKS, ".json", "What is done on demand, one file for each playbook."),
    "templates": (TEMPLATES, ".j2", "The wording of the messages; a file here goes before the one that came with fleettui."),
}  # fmt: skip
"""Folders of the handbook: where they are, how their files end, what they are for."""


def names() -> Iterator[str]:
    """Of every setting, and before them of each file."""
    for policy in POLICY_FILES:
        yield policy.name
        yield from (f"{policy.name}.{name}" for name in policy.settings)
    yield from FOLDERS


def policy_values(handbook: Handbook) -> Iterator[PolicyValue]:
    """All of them."""
    for policy in POLICY_FILES:
        yield from values_of(handbook, policy)
    for name, (folder, ending, what) in FOLDERS.items():
        own = names_in(handbook.folder, folder, ending)
        path = str(handbook.folder / folder)
        yield PolicyValue(name, what, [file.rpartition("/")[2] for file in own], path, path)


def values_of(handbook: Handbook, policy: PolicyFile) -> Iterator[PolicyValue]:
    """Those of one file. A file with a mistake shows what counts meanwhile."""
    path = handbook.folder / policy.file
    is_own = path.is_file()
    text = handbook.content(policy.file).decode("utf-8", "replace")
    written = _written(text)
    for name, what in policy.settings.items():
        if name in written:
            value = written[name]
            source = f"{path}:{_line_of(text, name)}" if is_own else SHIPPED
        else:
            value, source = _in_force(handbook, policy, name), LEFT_OUT if written else f"{path}: {MISTAKE}"
        yield PolicyValue(f"{policy.name}.{name}", what, value, source, str(path))


def _written(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _in_force(handbook: Handbook, policy: PolicyFile, name: str) -> Any:
    import msgspec  # what is printed, not what is decided

    try:
        return msgspec.to_builtins(getattr(getattr(handbook, policy.read_as or policy.name), name))
    except FleettuiError:
        return None


def _line_of(text: str, key: str) -> int:
    """The first line at the beginning of which it stands: the handbook's files have a key on each line."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip(" {\t").startswith(f'"{key}"'):
            return number
    return 1


def in_words(value: Any) -> str:
    """Short, for people: rows by their names."""
    if isinstance(value, Mapping):
        return ", ".join(
            f"{key}: {in_words(item)}" if _is_plain(item) else str(key) for key, item in value.items()
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(dict.fromkeys(_name_of(item) for item in value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


NAMED_BY = (
    "name",
    "key",
    "id",
    "kind",
    "title",
    "label",
    "tier",
    "priority",
    "login",
    "date",
    "way",
    "to",
    "what",
    "day",
)


def _name_of(item: Any) -> str:
    if not isinstance(item, Mapping):
        return in_words(item)
    return next((str(item[name]) for name in NAMED_BY if _is_plain(item.get(name)) and item.get(name)), "…")
