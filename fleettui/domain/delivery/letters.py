"""A text that leaves and is no answer on a ticket: to a customer who missed a call, of a playbook."""

from datetime import datetime

from fleettui.documents import Document
from fleettui.domain.delivery.model import Delivery


class Letter(Document, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The text, and the order to send it. Taken back by undo, it is gone."""

    about: str
    """The id of the call or the playbook run that it belongs to."""
    subject: str
    body: str
    customer: str = ""
    by: str
    at: datetime
    delivery: Delivery


def finished_at(letter: Letter) -> datetime | None:
    """Since when nobody has anything to do with it."""
    return letter.delivery.sent_at
