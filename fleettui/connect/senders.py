"""What takes our words to people: one sender for each way. The service calls them one after the other, outside every lock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from fleettui.domain.delivery.model import Way
    from fleettui.workspace.orders import Order


class NotSent(Exception):
    """It surely did not get there. `again_after`: how long to wait at least before the next try; None: a try would never help."""

    def __init__(self, why: str, again_after: timedelta | None = None) -> None:
        super().__init__(why)
        self.why, self.again_after = why, again_after


class Unknown(Exception):
    """It may have got there or not: the connection ended after all was said and before the other side answered."""

    def __init__(self, why: str, again_after: timedelta | None = None) -> None:
        """`again_after`: another try does no harm, for the other side knows a second one as the same; None: it would do."""
        super().__init__(why)
        self.why, self.again_after = why, again_after


class Down(Exception):
    """The other side cannot be reached or does not let us in: nothing leaves this way for now, and no order is at fault."""

    def __init__(self, why: str, again_after: timedelta | None = None) -> None:
        super().__init__(why)
        self.why, self.again_after = why, again_after


class Sender(Protocol):
    """One way out. Only one thread uses it."""

    way: Way

    def open(self) -> None:
        """Before an order is begun: be ready to send, or raise `Down`. Costs little where it is ready already."""

    def send(self, order: Order) -> str:
        """The id that the other side knows it by; else `NotSent` or `Unknown`."""

    def look(self, order: Order) -> str | None:
        """After `Unknown`, or a try that a crash ended: the id where it is there, None where it surely is not; else `Unknown`."""

    def check(self) -> None:
        """For `connect --check`: raises `Down` with one line that says what is wrong."""

    def close(self) -> None:
        """Nothing is to be sent for a while."""
