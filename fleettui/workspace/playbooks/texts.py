"""The texts of a run, filled in with what was typed and what is known; what is not known yet stands there in brackets."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fleettui.domain.checklists.status import every_step
from fleettui.domain.playbooks import texts
from fleettui.text.github import IssueLink, new_issue_link
from fleettui.text.reading import is_slack_channel_id
from fleettui.time import wording
from fleettui.workspace.channels import with_channel_name
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.domain.customers.model import Customer
    from fleettui.domain.playbooks.runs import PlaybookRun
    from fleettui.domain.team.roles import RoleAssignment
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.people import People


class RunTexts:
    """Writes the messages that the steps of a run offer."""

    def __init__(
        self,
        session: Session,
        people: People,
        customers: Customers,
        assignment: Callable[[Customer | None], RoleAssignment],
    ) -> None:
        """`assignment` says who has which role for a customer."""
        self._session, self._people, self._customers = session, people, customers
        self._assignment = assignment

    def written(self, run: PlaybookRun, name: str) -> str:
        writer = self._session.policy.handbook.renderer
        known = self._known(run)
        gaps = {
            gap.name: [f"[{gap.meaning or gap.name}]"] if gap.list else f"[{gap.meaning or gap.name}]"
            for gap in writer.missing(name, known)
        }
        return writer.render(name, known | gaps)

    def link_of(self, run: PlaybookRun, key: str) -> IssueLink | None:
        """The page that a step is done with: its own, or a new issue that is filled in; None where it has none.

        Without a repository of its own the issue goes where everybody reads it: then it names no customer and has no text.
        """
        step = next(step for step in every_step(run.definition.steps) if step.key == key)
        opens = next((opens for opens in step.opens if opens.kind == "issue"), None)
        if opens is None:
            return IssueLink(step.url, cut=False) if step.url else None
        customer = self._customers.get(run.customer) if run.customer and opens.repository else None
        what = opens.name.replace("-", " ").capitalize() or step.label
        body = "\n\n".join(self.written(run, name) for name in step.text) if opens.repository else ""
        return new_issue_link(
            opens.repository or self._session.policy.handbook.tickets.issue.repository,
            f"{what}: {customer.shown}" if customer else what,
            body,
            opens.labels,
        )

    def _known(self, run: PlaybookRun) -> dict[str, object]:
        handbook, zone = self._session.policy.handbook, self._session.policy.zone
        customer = self._readable(self._customers.get(run.customer)) if run.customer else None
        players = self._assignment(customer).of([role.key for role in handbook.roles.roles]) | run.run.cast
        from_elsewhere: dict[str, object] = {
            texts.word(role): self._people.get(login).shown for role, login in players.items() if role
        }
        from_elsewhere |= {"me": self._people.me.shown, "sanctions_list": handbook.gtm.sanctions.url}
        return texts.variables(
            run, customer, from_elsewhere, lambda at: wording.day(at.astimezone(zone).date())
        )

    def _readable(self, customer: Customer | None) -> Customer | None:
        """As they know it themselves: with the name of their channel, or none while we only know its id."""
        if customer is None:
            return None
        named = with_channel_name(customer, self._session.store)
        return replace(named, channel="") if is_slack_channel_id(named.channel) else named
