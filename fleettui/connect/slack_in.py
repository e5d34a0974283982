"""Slack as the service has it: a sender, and a taker, each with the tokens from the service's secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event
from typing import TYPE_CHECKING

from fleettui.connect import slack_check
from fleettui.connect.senders import Down
from fleettui.connect.slack_check import Line
from fleettui.connect.slack_desk import SlackDesk
from fleettui.connect.slack_sender import SlackSender
from fleettui.connect.slack_stamps import SeenStamps
from fleettui.connect.slack_taker import SlackTaker
from fleettui.connect.slack_web import NotReached, SlackWeb
from fleettui.workspace.connections import SLACK_IN

if TYPE_CHECKING:
    from fleettui.connect.takers import Surroundings

BOT, APP = "slack-bot-token", "slack-app-token"


class SlackIn:
    """The taker of what is written in Slack."""

    name = SLACK_IN

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._desk = SlackDesk(around.workspace, around.desk.do)

    def run(self, stop: Event) -> None:
        around = self._around
        seen = SeenStamps(around.folder, around.workspace.services.service.modes)
        bot, app = _web_of(around, BOT), _web_of(around, APP)
        SlackTaker(bot, app, self._desk, seen, self, self._say).run(stop)

    def interrupt(self) -> None:
        """It waits for `stop` itself."""

    def check(self) -> None:
        for line in self.lines():
            if line.why:
                raise Down(f"{line.what}: {line.why}")

    def lines(self) -> Iterator[Line]:
        """For `connect --check`: each thing that was tried."""
        workspace = self._around.workspace
        channels = {channel.id: channel.name for channel in workspace.channels.all()}
        yield from _tried(self._around, BOT, lambda web: slack_check.of_bot(web, slack_check.TAKES))
        yield from _tried(self._around, APP, lambda web: iter([slack_check.of_app(web)]))
        yield from _tried(self._around, BOT, lambda web: slack_check.of_channels(web, channels))

    # -- how it stands

    def ok(self) -> None:
        if self._around.board.ok(SLACK_IN):
            self._say("works")

    def down(self, why: str) -> None:
        why = self._around.secrets.hidden(why)
        if self._around.board.down(SLACK_IN, why):
            self._say(f"down: {why}")

    def remark(self, why: str) -> None:
        if self._around.board.remark(SLACK_IN, why) and why:
            self._say(why)

    def _say(self, line: str) -> None:
        self._around.say(f"{SLACK_IN}: {line}")


class SlackOut(SlackSender):
    """The sender."""

    def __init__(self, around: Surroundings, stop: Event) -> None:
        desk = SlackDesk(around.workspace, around.desk.do)
        super().__init__(_web_of(around, BOT), desk.names, around.workspace.now, stop)
        self._around = around

    def check(self) -> None:
        for line in _tried(self._around, BOT, lambda web: slack_check.of_bot(web, slack_check.SENDS)):
            if line.why:
                raise Down(f"{line.what}: {line.why}")


def _web_of(around: Surroundings, secret: str) -> Callable[[], SlackWeb]:
    def web() -> SlackWeb:
        token = around.secrets.get(secret)
        if not token:
            raise NotReached(f"there is no {secret} among the service's secrets")
        return SlackWeb(token)

    return web


def _tried(around: Surroundings, secret: str, lines: Callable[[SlackWeb], Iterator[Line]]) -> Iterator[Line]:
    try:
        web = _web_of(around, secret)()
    except NotReached as error:
        yield Line(secret, str(error))
    else:
        yield from lines(web)
