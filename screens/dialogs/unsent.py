"""A text that did not get through: sending it again, copying it to send it by hand, or leaving it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from fleettui.domain.delivery.wording import state_words
from screens.commands.effective import key_of
from screens.dialogs.picker import Picker
from screens.terminal.text import one_line
from screens.widgets.columns import Column
from screens.widgets.row import Row

if TYPE_CHECKING:
    from fleettui.workspace.orders import Order
    from screens.commands.host import Host


class Unsent(Enum):
    """What can be done with it."""

    AGAIN = "again"
    COPY = "copy"
    DROP = "drop"
    RECEIVED = "received"


WAYS = (
    (Unsent.AGAIN, "Send it again", "as it is"),
    (Unsent.COPY, "Copy it", "you send it by hand; it is not sent again"),
    (Unsent.DROP, "Leave it", "it is not sent"),
)
WROTE = (Unsent.RECEIVED, "They wrote", "write down what they wrote or said another way")


class UnsentPicker(Picker[Unsent]):
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("name", width=16, grow=1),
        Column("outcome", width=20, grow=3, hide=1),
    )

    def __init__(self, about: str, hint: str, *, with_received: bool) -> None:
        super().__init__(about, hint)
        self._ways = (*WAYS, WROTE) if with_received else WAYS

    def choices(self) -> Sequence[Row[Unsent]]:
        return [Row(way, (name, (outcome, "muted"))) for way, name, outcome in self._ways]


def offer(
    host: Host, order: Order, then: Callable[[], None], received: Callable[[], None] | None = None
) -> None:
    """Ask, and do it. `then` is called after a change; `received` is one more choice, where the key means that, too."""
    workspace, outbox = host.workspace, host.workspace.outbox
    stands = state_words(order.delivery, workspace.now(), workspace.zone)

    def changed(words: str) -> None:
        then()
        host.say(f"{order.id}: {words} {key_of('app.undo')} takes it back.")

    def copied(_: object) -> None:
        from screens.dialogs.copied import copy

        then()
        goes_to = workspace.names.goes_to(order.ticket) if order.ticket else ", ".join(order.delivery.to)
        copy(host, order.body, f"{order.id}: to be sent by hand.", goes_to=goes_to)

    def decided(way: Unsent | None) -> None:
        if way is Unsent.RECEIVED and received is not None:
            received()
        elif way is Unsent.AGAIN:
            host.write(
                lambda: outbox.retry(order.about), lambda _: changed("sent again."), doing="sending it again"
            )
        elif way is Unsent.DROP:
            host.write(lambda: outbox.drop(order.about), lambda _: changed("not sent."), doing="leaving it")
        elif way is Unsent.COPY:
            host.write(lambda: outbox.drop(order.about), copied, doing="copying it", keys_wait=True)

    about = one_line(f"{order.id} · {order.subject}")
    host.push_screen(UnsentPicker(about, one_line(stands), with_received=received is not None), decided)
