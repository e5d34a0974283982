"""The channels that customers write in, as the team keeps them by hand (SUP-2)."""

from __future__ import annotations

from fleettui.documents import Document
from fleettui.errors import Refused
from fleettui.text import cleaning


class CustomerChannel(Document, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The id is the channel's own. `tier` stands where it is not the customer's."""

    customer: str
    customer_id: str = ""
    tier: str = ""
    name: str = ""
    """As people call it, without the # before it."""

    @property
    def shown(self) -> str:
        """The name, or the id where there is none."""
        return channel_shown(self.name) or self.id


def channel_name(typed: str) -> str:
    """As it is kept."""
    return cleaning.line(typed, 100).lstrip("#").strip()


def channel_shown(name: str) -> str:
    """As Slack shows it; empty where there is no name."""
    kept = channel_name(name)
    return f"#{kept}" if kept else ""


def new_channel(
    id_: str, customer: str, customer_id: str = "", tier: str = "", name: str = ""
) -> CustomerChannel:
    """A channel of this customer, checked."""
    channel_id = cleaning.line(id_)
    if not channel_id or channel_id != id_ or len(channel_id) > 80 or " " in channel_id or "/" in channel_id:
        raise Refused(
            f"{cleaning.line(id_, 40)!r} cannot be a channel's id; it looks like C01ABCDEF", field="channel"
        )
    whose = cleaning.line(customer, 200)
    if not whose:
        raise Refused("say whose channel it is", field="customer")
    return CustomerChannel(
        id=channel_id, customer=whose, customer_id=customer_id, tier=tier, name=channel_name(name)
    )
