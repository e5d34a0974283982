"""What takes our words to people: one sender for each way. The service calls them one after the other, outside every lock."""

from __future__ import annotations

from datetime import timedelta


class NotSent(Exception):
    """It surely did not get there. `again_after`: how long to wait at least before the next try; None: a try would never help."""

    def __init__(self, why: str, again_after: timedelta | None = None) -> None:
        super().__init__(why)
        self.why, self.again_after = why, again_after


class Unknown(Exception):
    """It may have got there or not: the connection ended after all was said and before the other side answered."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
