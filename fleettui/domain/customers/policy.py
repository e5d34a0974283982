"""The shape of channels.json, groups.json and gtm.json, and of the codenames in labels.json."""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from fleettui.domain.checklists.mistakes import Mistake, absent, unique
from fleettui.domain.checklists.model import Count
from fleettui.domain.customers.model import CUSTOMER_KIND

# The keys by which the product knows rows of these files.

WEB_CHAT_HELP = "web-chat"
MEETING_BOOKING = "customer-meeting"
EXPERT_BOOKING = "talk-to-an-expert"


class TeamChannel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the team's own channels. `*` in the name stands for any ending."""

    name: str
    purpose: str
    dri: str = ""
    rule: str


class Help(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where to call for help, and what to post there (SUP-7)."""

    key: str
    name: str
    when: str
    channel: str
    mention: str = ""
    otherwise: tuple[str, ...] = ()
    """The channels to try where nobody answers."""
    message: str
    rule: str


class Booking(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A link through which customers book time. Empty until the team fills it in."""

    key: str
    name: str
    url: str = ""
    rule: str


class Emergency(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What Ultimate customers may use for a P0. Empty until the team fills it in."""

    phone: str = ""
    email: str = ""
    rule: str

    def named(self, way: str) -> str:
        """SLA-11: a way in, with the number or the address where it is one of these."""
        reached_at = {"emergency phone": self.phone, "emergency e-mail": self.email}.get(way, "")
        return f"{way} {reached_at}".strip()


class MailPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the team's mail arrives. Empty until the team fills it in."""

    receiving_hosts: tuple[str, ...] = ()
    """The servers whose Authentication-Results prove that a mail is ours: by the name with which the header begins."""
    rule: str = "SUP-21"


class ChannelPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """channels.json."""

    channels: tuple[TeamChannel, ...]
    help: tuple[Help, ...]
    booking: tuple[Booking, ...]
    emergency: Emergency
    mail: MailPolicy = MailPolicy()

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("channels", "name", self.channels)
        yield from unique("help", "key", self.help)
        yield from unique("booking", "key", self.booking)

    def missing_keys(self) -> Iterator[Mistake]:
        helps = {WEB_CHAT_HELP: "questions from the web chat (SUP-7)"}
        yield from absent("help", "call for help", helps, {row.key for row in self.help})
        bookings = {MEETING_BOOKING: "the link through which customers book a call (CALL-1)"}
        yield from absent("booking", "booking", bookings, {booking.key for booking in self.booking})


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A go-to-market group, the customers that belong to it, and who answers for what (SUP-18)."""

    key: str
    name: str
    channel: str
    hosts_from: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Organisations with this many hosts or more, up to where another group begins."""
    revenue: str = ""
    pipeline: str = ""
    customer_success: str = ""
    cses: tuple[str, ...] = ()
    rule: str


class Groups(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """groups.json."""

    groups: tuple[Group, ...]

    def of(self, hosts: int | None) -> Group | None:
        """The group with the highest threshold that `hosts` reaches (SUP-18); None where the number is not known."""
        if hosts is None:
            return None
        reached = [group for group in self.groups if group.hosts_from <= hosts]
        return max(reached, key=lambda group: group.hosts_from, default=None)

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("groups", "key", self.groups)
        yield from unique("groups", "hosts_from", self.groups)


class Codenames(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Names for customers who wish to stay anonymous in public (SUP-13)."""

    meaning: str
    pool: tuple[str, ...]
    rule: str


class ReachOut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who writes first to this kind of account (GTM-1)."""

    kind: str
    name: str
    role: str
    helps: tuple[str, ...] = ()
    note: str = ""
    rule: str


class AccountPriority(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In the order of the list: the first comes first."""

    key: str
    name: str
    rule: str


class LeadStatus(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """GTM-3: a state of a lead."""

    key: str
    name: str
    open: bool = True
    contact: bool = True
    """Whether writing to them is allowed."""
    rule: str


class Advice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule for people, shown where it matters."""

    key: str
    text: str
    rule: str


class Sanctions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The reminder that a quote or an onboarding begins with (GTM-6)."""

    reminder: str
    message: str
    at: tuple[str, ...]
    """The playbooks that begin with it."""
    url: str = ""
    rule: str


class ContactRead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """GTM-9: how far back tickets and calls are read for when we were in touch; `quiet_days` may make it more."""

    read_days: Count = 120
    rule: str = "GTM-9"


class Outbound(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """GTM-7: who answers for messages to people who did not ask for them, by roles."""

    dri: str = "CEO"
    backup: str = "CRO"
    text: str = "Whoever wants to send outbound messages confers with the CRO first."
    rule: str = "GTM-7"


OWN_USE = Advice(
    key="contact-data", text="Contact data is for our own use: it is given or sold to nobody.", rule="GTM-8"
)


class Gtm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """gtm.json."""

    reach_out: tuple[ReachOut, ...]
    account_priorities: tuple[AccountPriority, ...]
    lead_statuses: tuple[LeadStatus, ...]
    reaching_out: tuple[str, ...] = ("send-a-quote",)
    """GTM-3: the playbooks that reach out to a customer; who is not to be contacted is asked about before one begins."""
    review_days: Count
    """GTM-4: how far back a rep's activity is looked at."""
    quiet_days: Count
    """RIT-11: without contact for so long, an opportunity is closed lost."""
    contact: ContactRead = ContactRead()
    outbound: Outbound = Outbound()
    contact_data: Advice = OWN_USE
    """GTM-8: said wherever contacts leave the workspace."""
    first_contact: tuple[Advice, ...]
    text_rules: tuple[Advice, ...]
    sanctions: Sanctions

    def mistakes(self) -> Iterator[Mistake]:
        yield from unique("reach_out", "kind", self.reach_out)
        yield from unique("account_priorities", "key", self.account_priorities)
        yield from unique("lead_statuses", "key", self.lead_statuses)

    def missing_keys(self) -> Iterator[Mistake]:
        kinds = {CUSTOMER_KIND: "telling customers from prospects (GTM-1)"}
        yield from absent("reach_out", "kind", kinds, {row.kind for row in self.reach_out})
