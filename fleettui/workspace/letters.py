"""Texts that leave and are no answers on a ticket: of a call's ladder (CALL-8), of a playbook's steps.

Each leaves only when somebody says so, and only where connections.json lets such texts leave (`letters`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fleettui.domain.checklists.status import every_step
from fleettui.domain.delivery.letters import Letter
from fleettui.domain.delivery.policy import is_address
from fleettui.domain.tickets.destination import Destination
from fleettui.errors import Refused
from fleettui.text import cleaning
from fleettui.text.reading import is_slack_channel_id
from fleettui.workspace.collections import LETTERS
from fleettui.workspace.orders import new_delivery

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Call
    from fleettui.domain.delivery.policy import Connections
    from fleettui.domain.playbooks.runs import PlaybookRun
    from fleettui.workspace.calls.actions import Calls
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.playbooks.actions import Playbooks
    from fleettui.workspace.session import Session

LONGEST_SUBJECT = 200
SUBJECT = "Subject:"


@dataclass(frozen=True)
class LetterDraft:
    """What a step offers to send. `to` is empty where nobody knows an address."""

    about: str
    to: str
    subject: str
    body: str
    customer: str = ""
    """The id of whom it is about."""


class Letters:
    def __init__(self, session: Session, calls: Calls, playbooks: Playbooks, customers: Customers) -> None:
        self._session, self._calls, self._playbooks, self._customers = session, calls, playbooks, customers

    def draft(self, about: str, step: str) -> LetterDraft:
        """Of a step of a call or a playbook; refused where it has no text, and where such texts do not leave by themselves."""
        connections = self._connections
        if not (connections.sends_letters("mail") or connections.sends_letters("slack")):
            raise Refused(
                'such texts are copied here; `"letters": "send"` in connections.json lets them leave'
            )
        if about.upper().startswith("P"):
            return self._of_run(self._playbooks.find(about), step)
        return self._of_call(self._calls.find(about), step)

    def write(
        self,
        draft: LetterDraft,
        *,
        to: str | None = None,
        subject: str | None = None,
        body: str | None = None,
    ) -> Letter:
        """It leaves when the time for undo is over. What is given counts in the place of what the draft has."""
        where = self._destination(draft.to if to is None else to)
        text = cleaning.clean(draft.body if body is None else body).strip()
        if not text:
            raise Refused("there is nothing to send", field="body")
        _refuse_gaps(text)
        named = cleaning.line(draft.subject if subject is None else subject, LONGEST_SUBJECT)
        customer = self._customers.get(draft.customer) if draft.customer else None
        now, login = self._session.now(), self._session.login

        def make(id_: str) -> Letter:
            delivery = new_delivery(id_, where, self._connections, now, written=f"{login}|{text}")
            return Letter(
                id=id_,
                about=draft.about,
                subject=named,
                body=text,
                customer=customer.shown if customer else "",
                by=login,
                at=now,
                delivery=delivery,
            )

        return self._session.store.add(LETTERS, make, self._session.stamp("letters.write"))

    # -- inside

    @property
    def _connections(self) -> Connections:
        return self._session.policy.handbook.connections

    def _of_call(self, call: Call, key: str) -> LetterDraft:
        ways = {step.key: step for step in (*self._calls.ladder(call), *self._calls.confirming(call))}
        text = self._calls.texts.of_step(call, key) if key in ways else ""
        if not text:
            raise Refused(f"{call.id}: this step has no text for the customer")
        customer = self._customers.get(call.account) if call.account else None
        to = ways[key].to
        if key.endswith("slack"):
            to = customer.channel if customer else ""
        subject, body = _subject_of(text, call.title)
        return LetterDraft(call.id, to if _can_be_reached(to) else "", subject, body, call.account)

    def _of_run(self, run: PlaybookRun, key: str) -> LetterDraft:
        names = next((step.text for step in every_step(run.definition.steps) if step.key == key), ())
        if not names:
            raise Refused(f"{run.id}: this step has no text to send")
        text = "\n\n".join(self._playbooks.written(run, name) for name in names)
        customer = self._customers.get(run.customer) if run.customer else None
        contacts = [contact.email for contact in customer.contacts if contact.email] if customer else []
        places = [customer.channel, *contacts] if customer else []
        to = next((place for place in places if _can_be_reached(place)), "")
        subject, body = _subject_of(text, run.name)
        return LetterDraft(run.id, to, subject, body, run.customer)

    def _destination(self, typed: str) -> Destination:
        to = cleaning.line(typed, 300)
        if is_slack_channel_id(to):
            self._refuse_way(self._connections.sends_letters("slack"), "Slack")
            return Destination("slack", to)
        if not is_address(to):
            raise Refused(
                f"{to!r} is neither an e-mail address nor the id of a channel"
                if to
                else "say to whom it goes",
                field="to",
            )
        self._refuse_way(self._connections.sends_letters("mail"), "mail")
        return Destination("mail", to)

    def _refuse_way(self, is_open: bool, way: str) -> None:
        if not is_open:
            raise Refused(f"connections.json does not let such texts leave by {way}", field="to")


def _subject_of(text: str, otherwise: str) -> tuple[str, str]:
    """Texts for mails begin with a line that says the subject."""
    first, _, rest = text.partition("\n")
    is_subject = first.startswith(SUBJECT)
    return (first.removeprefix(SUBJECT).strip(), rest.strip()) if is_subject else (otherwise, text)


def _can_be_reached(to: str) -> bool:
    return is_slack_channel_id(to) or is_address(to)


def _refuse_gaps(text: str) -> None:
    """Nobody sends what stands in brackets because it is not known."""
    from fleettui.text.gaps import gaps_in

    gaps: Sequence[object] = gaps_in(text)
    brackets = [part.partition("]")[0] for part in text.split("[")[1:] if "]" in part and "](" not in part]
    if gaps or brackets:
        missing = f"[{brackets[0]}]" if brackets else "the gaps in ‹ ›"
        raise Refused(f"fill in {cleaning.fit(missing, 60)} first", field="body")
