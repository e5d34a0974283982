"""Which connections there are: by the policy, each with what it needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fleettui.connect.desk import WorkDesk
from fleettui.connect.hooks import Hooks, has_folder
from fleettui.connect.sending import Sending
from fleettui.connect.sending_log import SendingLog
from fleettui.connect.status import StatusBoard
from fleettui.connect.takers import Surroundings, Taker
from fleettui.connect.trust import host_of
from fleettui.domain.delivery.outside import named
from fleettui.errors import Refused
from fleettui.workspace.connections import GITHUB_OUT, MAIL_OUT, SLACK_OUT

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

    from fleettui.connect.secrets import Secrets
    from fleettui.domain.delivery.policy import Connections
    from fleettui.workspace.workspace import Workspace


@dataclass
class Assembled:
    """What runs with one setting of the policy."""

    policy: Connections
    senders: list[Sending] = field(default_factory=list)
    takers: list[Taker] = field(default_factory=list)
    has_hooks: bool = False

    @property
    def runners(self) -> list[Taker]:
        return [*self.senders, *self.takers]

    @property
    def names(self) -> list[str]:
        return [runner.name for runner in self.runners]

    def wake(self) -> None:
        for sender in self.senders:
            sender.wake()


def assembled(around: Surroundings, stop: Event, *, settles: bool = True) -> Assembled:
    """What connections.json asks for. Once `stop` is set, no sender hands anything over any more.
    `settles`: orders that no sender will look at are left to people."""
    policy = around.workspace.handbook.connections
    parts = Assembled(policy)
    _add_mail(parts, around, stop)
    _add_slack(parts, around, stop)
    _add_github(parts, around)
    _add_calendars(parts, around)
    _add_hooks(parts, around)
    if settles:
        _leave_open(parts, around)
    return parts


def _add_mail(parts: Assembled, around: Surroundings, stop: Event) -> None:
    mail = parts.policy.mail
    if mail.can_send:
        from fleettui.connect.mail_out import MailOut

        workspace = around.workspace
        file = workspace.services.service.connections
        sender = MailOut(
            file,
            mail,
            lambda: around.secrets.for_host("smtp-password", file, mail.smtp.host),
            around.log,
            workspace.name,
            stop.is_set,
        )
        parts.senders.append(Sending(MAIL_OUT, sender, around, sender.beside))
    if mail.imap.host:
        from fleettui.connect.mail_in import MailIn

        parts.takers.append(MailIn(mail.imap, around))


def _add_slack(parts: Assembled, around: Surroundings, stop: Event) -> None:
    if parts.policy.can_send("slack"):
        from fleettui.connect.slack_in import SlackOut

        parts.senders.append(Sending(SLACK_OUT, SlackOut(around, stop), around))
    if parts.policy.slack.events == "take":
        from fleettui.connect.slack_in import SlackIn

        parts.takers.append(SlackIn(around))


def _add_github(parts: Assembled, around: Surroundings) -> None:
    github = parts.policy.github
    if not github.is_used:
        return
    from fleettui.connect.github import SECRET, GithubApi, GithubSender
    from fleettui.connect.github_watch import GithubWatch

    workspace = around.workspace

    def api() -> GithubApi:
        host, file = host_of(github.api), workspace.services.service.connections
        return GithubApi(github, lambda: around.secrets.for_host(SECRET, file, host), workspace.clock)

    def repository() -> str:
        return workspace.handbook.tickets.issue.repository

    if github.opens_issues:
        sender = GithubSender(api(), workspace.issues.ticket, repository)
        parts.senders.append(Sending(GITHUB_OUT, sender, around))
    parts.takers.append(GithubWatch(api(), around, repository, follows=github.follow))


def _add_calendars(parts: Assembled, around: Surroundings) -> None:
    if not parts.policy.calendars:
        return
    from fleettui.connect.calendars import CalendarIn

    for name, source in named(parts.policy.calendars).items():
        parts.takers.append(CalendarIn(name, source, around))


def _add_hooks(parts: Assembled, around: Surroundings) -> None:
    parts.has_hooks = has_folder(around.workspace)
    if parts.has_hooks:
        parts.takers.append(Hooks(around))


def _leave_open(parts: Assembled, around: Surroundings) -> None:
    """A try had begun on a way that is no longer set up: somebody has to look."""
    ways = {sending.way for sending in parts.senders}
    outbox = around.workspace.outbox
    for order in outbox.interrupted():
        if order.delivery.way not in ways:
            try:
                outbox.uncertain(order, "a try had begun, and this way is no longer set up")
            except Refused:
                continue


def surroundings(workspace: Workspace, secrets: Secrets, say: Callable[[str], None]) -> Surroundings:
    """Writes nothing yet."""
    service = workspace.services.service
    board = StatusBoard(service, workspace.session.login, workspace.clock)
    log = SendingLog(service.own, workspace.clock)
    return Surroundings(workspace, WorkDesk(), service.own, secrets, board, log, say)
