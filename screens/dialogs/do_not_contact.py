"""GTM-3: before somebody reaches out to who is not to be contacted, one key says that it is meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fleettui.domain.customers.outreach import DoNotContact

if TYPE_CHECKING:
    from screens.commands.host import Host


def unless_asked(host: Host, refuse: Callable[[], None], yes: str, go_on: Callable[[], object]) -> None:
    """Goes on; where `refuse` says that nobody writes to them, only after a yes. `yes` says what is done then."""
    try:
        refuse()
    except DoNotContact as error:
        from screens.dialogs.choosing import Sure

        def answered(key: str | None) -> None:
            if key == Sure.YES:
                go_on()
            else:
                host.say("Nothing is done: they are not contacted.")

        host.push_screen(Sure(f"{error.text}.", f"{yes} all the same"), answered)
    else:
        go_on()
