"""Requests to the department, from other teams and partners (SUP-20): the shape of department.json.

Such a request is a ticket of the tier `DEPARTMENT`. It has a queue and a promise of its own, whatever its priority.
"""

import msgspec

from fleettui.domain.customers.policy import Help
from fleettui.domain.tickets.sla import Measure


class DepartmentPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """department.json."""

    promise: Measure
    addresses: tuple[str, ...] = ()
    """What is sent to one of these is a request."""
    mention_senders: tuple[str, ...] = ()
    """Whose mails say that somebody mentioned one of us in an issue."""
    mention_reasons: tuple[str, ...] = ()
    """What such a mail gives as its reason."""
    urgent: Help
    """Where a request is brought that cannot wait so long."""

    def is_for_department(self, recipients: tuple[str, ...]) -> bool:
        """Whether a mail to these addresses is a request."""
        ours = {address.casefold() for address in self.addresses}
        return any(recipient.casefold() in ours for recipient in recipients)
