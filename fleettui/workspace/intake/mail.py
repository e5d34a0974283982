"""How an e-mail gets into the queue (SUP-1). Nothing is ever answered from here, so that two machines cannot answer each other
for ever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fleettui.domain.customers.model import Customer
from fleettui.domain.customers.public_mail import PUBLIC_MAILBOXES
from fleettui.domain.tickets.arrivals import Arrival, Arrived
from fleettui.domain.tickets.model import Direction, Ticket
from fleettui.intake.mail import message as mail
from fleettui.intake.mail.addresses import Directory, company
from fleettui.intake.mail.authentication import why_not_proven
from fleettui.intake.mail.message import Address, Mail
from fleettui.intake.mail.quoted import without_history
from fleettui.workspace.intake.originals import Original, originals_in
from fleettui.workspace.intake.outcomes import Outcome, broken, note_files, outcome
from fleettui.workspace.intake.requests import DepartmentRequest, is_github_notice, request_of

if TYPE_CHECKING:
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.people import People
    from fleettui.workspace.session import Session
    from fleettui.workspace.tickets.actions import Tickets

MAIL = "mail"
WORDLESS = "(there are no words in this mail)"
NO_WORDS = "Passed on without a word."


@dataclass(frozen=True)
class Letter:
    """A mail, and what is known about its author."""

    mail: Mail
    author: Address
    customer: Customer | None
    ours: bool
    request: DepartmentRequest | None = None
    is_notice: bool = False
    """GitHub tells what happened in an issue; it asks nothing of us."""

    @property
    def is_not_theirs(self) -> bool:
        """Whether a machine or one of us wrote it: then it is no customer's question."""
        if self.request is not None and self.request.mention:
            return False
        return self.ours or self.is_notice or bool(self.mail.automatic)

    @property
    def may_answer(self) -> bool:
        """Whether one of us wrote it, so that it may be our answer."""
        return self.is_not_theirs and self.ours and not self.is_notice and not self.mail.automatic


class MailIntake:
    """Takes mails, with the people and customers known at its start."""

    def __init__(
        self, session: Session, tickets: Tickets, people: People, customers: Customers, *, flag: bool = False
    ) -> None:
        """`flag`: staff hand over what comes (SUP-1)."""
        self._session, self._tickets, self._flag = session, tickets, flag
        self._directory = Directory.of(people.all(), customers.all())

    def take(self, raw: bytes) -> Outcome:
        """Opens a ticket, adds to one, or ignores the mail with the reason."""
        read = mail.read(raw)
        author = self._directory.author(read)
        if author is None:
            return broken("this is no mail: it does not say who sent it")
        if not (read.body or read.subject or read.files):
            return Outcome(result="ignored", why="there is nothing in it", message=read.id)
        customer, policy = self._directory.customer(author), self._session.policy.handbook.department
        request = request_of(read, author, policy, is_customer=customer is not None)
        # Other teams have our domain, too: only the roster is not asking (SUP-20).
        ours = self._directory.is_on_roster(author) if request else self._directory.is_ours(author)
        is_notice = request is None and is_github_notice(read, author, policy)
        letter = Letter(read, author, customer, ours, request, is_notice)
        originals = self._originals(letter)
        return self._handed_over(letter, originals) if originals else self._taken(letter)

    def _taken(self, letter: Letter) -> Outcome:
        arrival = self._arrival(letter)
        uncounted = self._why_no_answer(letter)
        reply = replace(
            arrival,
            body=letter.mail.report_words or without_history(arrival.body),
            direction=_direction(letter, uncounted),
            uncounted=uncounted,
            automatic=bool(letter.mail.automatic) and not letter.mail.report_words,
            create=False,
        )
        arrived = self._tickets.arrive(reply)
        if arrived.ticket is None and letter.mail.tag:
            arrived = self._into_tagged(letter, reply)
        if arrived.ticket is None:
            why = "" if self._flag else self._why_no_ticket(letter)
            if why:
                return Outcome(result="ignored", why=why, message=letter.mail.id)
            tried, arrived = arrived, self._tickets.arrive(self._of_recipient(letter, arrival))
            if letter.mail.tag:
                arrived = replace(arrived, why=tried.why)
        if letter.mail.files and arrived.ticket:
            note_files(self._tickets, arrived.ticket, "the mail", arrival)
        if self._flag and arrived.result == "created":
            return outcome(arrived, letter.mail.id, "handed over by staff (SUP-1)")
        return outcome(arrived, letter.mail.id, _why(letter, arrived, uncounted))

    # -- what colleagues hand over

    def _originals(self, letter: Letter) -> list[Original]:
        """SUP-1: the mails of others that one of us passes on, attached or within the text."""
        read = letter.mail
        to_others = any(not self._directory.is_ours(address) for address in (*read.to, *read.cc))
        if not letter.ours or read.automatic or (to_others and not self._flag):
            return []
        believed = self._flag or letter.mail.is_forward
        return originals_in(letter.mail, self._directory.is_ours, believed=believed)

    def _handed_over(self, letter: Letter, originals: list[Original]) -> Outcome:
        """A ticket with the original words, sender and time; what the colleague wrote above them is a note on it."""
        arrived = [self._original_arrived(letter, original) for original in originals]
        first = next((each for each in arrived if each.result != "ignored"), arrived[0])
        if first.ticket is None:
            return outcome(first, letter.mail.id)
        whole = self._arrival(letter)
        beside = originals[0].beside
        note = replace(
            whole,
            direction="note",
            body=originals[0].above or NO_WORDS,
            files=tuple(file.name for file in beside),
            incoming=beside,
            create=False,
        )
        noted = self._tickets.arrive_at(first.ticket.id, note)
        if beside and noted.ticket:
            note_files(self._tickets, noted.ticket, "the mail", note)
        if first.result == "ignored":
            first = noted
        by = self._directory.by(letter.author)
        why = (
            f"{by} passed on a mail of {originals[0].author.email}"
            if first.result != "ignored"
            else first.why
        )
        return outcome(first, letter.mail.id, why)

    def _original_arrived(self, letter: Letter, original: Original) -> Arrived:
        read = original.mail
        its_customer = self._directory.customer(original.author)
        theirs = Letter(
            replace(read, tag=read.tag or letter.mail.tag), original.author, its_customer, ours=False
        )
        arrival = self._arrival(theirs)
        arrival = replace(arrival, also=(*read.references, *letter.mail.references))
        reply = replace(arrival, body=without_history(arrival.body), create=False)
        arrived = self._tickets.arrive(reply)
        if arrived.ticket is None and theirs.mail.tag:
            arrived = self._into_tagged(theirs, reply)
        if arrived.ticket is None:
            arrived = self._tickets.arrive(arrival)
        if read.files and arrived.ticket:
            note_files(self._tickets, arrived.ticket, "the mail", arrival)
        return arrived

    def _of_recipient(self, letter: Letter, arrival: Arrival) -> Arrival:
        """What one of us wrote and hands over is about the customer to whom it went."""
        if not letter.ours or letter.request is not None:
            return arrival
        others = [to for to in (*letter.mail.to, *letter.mail.cc) if not self._directory.is_ours(to)]
        if not others:
            return arrival
        customer = self._directory.customer(others[0])
        return replace(
            arrival,
            customer=customer.name if customer else company(others[0]),
            customer_id=customer.id if customer else "",
            channel=others[0].email,
        )

    # -- who wrote, and whether it counts

    def _why_no_answer(self, letter: Letter) -> str:
        """SUP-21: why a mail of ours does not count as our answer; empty where it does, and for mails of others."""
        read = letter.mail
        if not letter.may_answer:
            return ""
        if self._stays_among_us(read):
            return "it went only to our own addresses"
        domain = letter.author.domain
        why = why_not_proven(
            read.proofs,
            domain,
            self._session.policy.handbook.channels.mail.receiving_hosts,
            lambda signer: self._directory.is_aligned(signer, domain),
        )
        if not why and not read.is_signed_once:
            why = "it has more than one sender"
        return f"from our own address, but nothing proves it: {why}" if why else ""

    def _stays_among_us(self, read: Mail) -> bool:
        """Other teams that ask something of us have our domain, too (SUP-20)."""
        recipients = (*read.to, *read.cc)
        if not recipients or not all(self._directory.is_ours(address) for address in recipients):
            return False
        emails = {address.email for address in recipients}
        return not self._tickets.which(lambda row: row.channel.casefold() in emails)

    def _arrival(self, letter: Letter) -> Arrival:
        read, now = letter.mail, self._session.now()
        arrival = Arrival(
            thread=read.root,
            also=read.references,
            external=read.id,
            at=min(read.sent or now, now),
            by=self._directory.by(letter.author),
            body=read.body or WORDLESS,
            files=tuple(file.name for file in read.files),
            incoming=read.files,
            cc=tuple(address.whole for address in read.cc),
            subject=read.subject,
            customer=letter.customer.name if letter.customer else company(letter.author),
            customer_id=letter.customer.id if letter.customer else "",
            channel=letter.author.email,
            way=MAIL,
        )
        return letter.request.arrival(arrival) if letter.request else arrival

    def _why_no_ticket(self, letter: Letter) -> str:
        """Why it opens no ticket; empty where it opens one."""
        if letter.request is not None and letter.request.mention:
            return ""
        if letter.mail.automatic:
            return f"no person wrote it: {letter.mail.automatic}"
        if letter.ours:
            return "its author is on the team"
        if letter.request is not None:
            return ""
        is_ours = self._directory.is_our_list(letter.mail.list_domain)
        if letter.mail.bulk and letter.customer is None and not is_ours:
            return f"it went to many, and no customer sent it: {letter.mail.bulk}"
        return ""

    def _into_tagged(self, letter: Letter, arrival: Arrival) -> Arrived:
        """The subject names a ticket. Anybody can write that, so it counts only for the ticket's customer and for us."""
        tagged = self._tickets.get(letter.mail.tag)
        if tagged is None:
            return Arrived(result="ignored", ticket=None, why=f"there is no {letter.mail.tag}")
        ticket = self._tickets.survivor(tagged)
        if not self._concerns(letter, ticket):
            why = f"its subject names {letter.mail.tag}, which is not the sender's"
            return Arrived(result="ignored", ticket=None, why=why)
        arrived = self._tickets.arrive_at(ticket.id, arrival)
        why = f"its subject names {letter.mail.tag}" if arrived.result == "appended" else arrived.why
        return replace(arrived, why=why)

    def _concerns(self, letter: Letter, ticket: Ticket) -> bool:
        """Whether its author is one of us or of the ticket's customer. A report comes from a server: then it is who did not get
        our mail."""
        report = letter.mail.report
        if letter.ours and report is None:
            return True
        writers = [recipient.email for recipient in report.recipients] if report else [letter.author.email]
        return any(self._is_theirs(Address("", email), ticket) for email in writers)

    def _is_theirs(self, address: Address, ticket: Ticket) -> bool:
        customer = self._directory.customer(address)
        if customer is not None:
            return customer.id == ticket.customer_id
        email, domain = ticket.channel.casefold(), address.domain
        return email == address.email or (domain not in PUBLIC_MAILBOXES and email.endswith(f"@{domain}"))


def _direction(letter: Letter, uncounted: str) -> Direction:
    if not letter.is_not_theirs:
        return "in"
    return "out" if letter.may_answer and not uncounted else "note"


def _why(letter: Letter, arrived: Arrived, uncounted: str) -> str:
    if arrived.result == "created" and letter.request is not None:
        return letter.request.why
    if arrived.result != "appended" or not letter.is_not_theirs:
        return arrived.why
    if letter.mail.report_words:
        return f"noted on the ticket: {letter.mail.report_words}"
    if letter.mail.automatic:
        return f"noted on the ticket: no person wrote it ({letter.mail.automatic})"
    if letter.is_notice:
        return "noted on the ticket: GitHub tells what happened there"
    return f"noted on the ticket: {uncounted}" if uncounted else "our answer (SUP-21)"
