"""A text that leaves and is no answer on a ticket: to a customer who missed a call, of a playbook, a new issue."""

from datetime import datetime

from fleettui.documents import Document
from fleettui.domain.delivery.model import Delivery


class Letter(Document, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The text, and the order to send it. Taken back by undo, it is gone."""

    about: str
    """The id of the call, the playbook run or, of a new issue, the ticket that it belongs to."""
    subject: str
    body: str
    customer: str = ""
    by: str
    at: datetime
    delivery: Delivery
    labels: tuple[str, ...] = ()
    """Of a new issue."""
    private: bool = False
    """Of a new issue: the public must not see it."""
    linked: bool = False
    """The new issue is written down on its ticket."""

    @property
    def is_issue(self) -> bool:
        return self.delivery.way == "github"

    @property
    def is_to_link(self) -> bool:
        """It is open there, and its ticket does not say so yet."""
        return self.is_issue and not self.linked and self.delivery.state == "sent"


def finished_at(letter: Letter) -> datetime | None:
    """Since when nobody has anything to do with it."""
    return None if letter.is_to_link else letter.delivery.sent_at
