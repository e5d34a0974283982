"""Which mails are requests to the department, and from whom (SUP-20)."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from fleettui.domain.tickets.arrivals import Arrival
from fleettui.domain.tickets.department import DepartmentPolicy
from fleettui.domain.tickets.model import DEPARTMENT
from fleettui.intake.mail.message import Address, Mail

GITHUB = "github"


class DepartmentRequest(NamedTuple):
    """A request that came by mail."""

    whom: str
    """The person, team or partner who asks."""
    why: str
    """Why it is taken as a request."""
    mention: bool
    link: str = ""
    body: str = ""
    """In place of the mail's own; empty: as it is."""

    def arrival(self, arrival: Arrival) -> Arrival:
        """The arrival as a request of theirs, whoever's customer they may be."""
        return replace(
            arrival,
            customer=self.whom,
            customer_id="",
            tier=DEPARTMENT,
            body=self.body or arrival.body,
            link=self.link,
            channel="" if self.mention else arrival.channel,
            way=GITHUB if self.mention else arrival.way,
        )


def is_github_notice(mail: Mail, author: Address, policy: DepartmentPolicy) -> bool:
    """Whether GitHub tells what happened in an issue, for whatever reason."""
    return mail.github is not None and author.email in policy.mention_senders


def request_of(
    mail: Mail, author: Address, policy: DepartmentPolicy, *, is_customer: bool
) -> DepartmentRequest | None:
    """What a mail asks of the department; None where it asks nothing. A customer's mail is a customer's ticket, wherever it was
    sent."""
    notice = mail.github
    if notice is not None and is_github_notice(mail, author, policy):
        if notice.reason not in policy.mention_reasons:
            return None
        whom = author.name or notice.login or author.email
        why = "a mention on GitHub (SUP-20)"
        return DepartmentRequest(whom, why, mention=True, link=notice.link, body=notice.body)
    to_us = policy.is_for_department(tuple(address.email for address in (*mail.to, *mail.cc)))
    if not to_us or is_customer:
        return None
    return DepartmentRequest(author.shown, "sent to the department's address (SUP-20)", mention=False)
