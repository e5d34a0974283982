"""What becomes of an envelope that Slack sends: into the queue, then it may be acknowledged."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from fleettui.connect.desk import Stopped
from fleettui.connect.slack_desk import SlackDesk
from fleettui.connect.slack_names import SlackNames
from fleettui.connect.slack_stamps import SeenStamps, is_stamp
from fleettui.connect.slack_web import SlackError, SlackWeb
from fleettui.errors import FleettuiError

if TYPE_CHECKING:
    from fleettui.workspace.intake.outcomes import Outcome

MAKE_TICKET = "make_ticket"
"""The callback id of our message shortcut."""
AT_ONCE = 20
"""Missed messages that are taken in together, so that new ones do not wait for all of them."""
Say = Callable[[str], None]


class Reception:
    """Takes events one after the other, from the socket and from the history."""

    def __init__(self, web: SlackWeb, desk: SlackDesk, seen: SeenStamps, say: Say) -> None:
        """`say`: writes a line for the administrator; never what somebody wrote."""
        self._web, self._desk, self._seen, self._say = web, desk, seen, say
        self._names = SlackNames(web, desk)
        self._taking, self._counting = threading.Lock(), threading.Lock()
        self._gaps, self._is_whole = 0, False
        self._bot_id = self._bot_user = ""

    def is_app(self, bot_id: str, user_id: str) -> None:
        """Who we are in Slack: what we post ourselves comes back, and is on its ticket."""
        self._bot_id, self._bot_user = bot_id, user_id

    # -- what may be missing

    def missed(self) -> int:
        """Something may be missing from now on, until `complete` is told of this number."""
        with self._counting:
            self._is_whole = False
            self._gaps += 1
            return self._gaps

    def complete(self, gap: int) -> None:
        """All that was written up to now is in the store, unless something was missed since `gap`."""
        with self._counting:
            if self._gaps == gap:
                self._is_whole = True
                self._seen.count_noted()

    @property
    def is_whole(self) -> bool:
        return self._is_whole

    # -- what comes

    def take(self, envelope: dict[str, Any]) -> bool:
        """Whether it is to be acknowledged: not what could not be put into the store, so that Slack sends it again."""
        payload = envelope.get("payload")
        try:
            with self._taking:
                if isinstance(payload, dict) and envelope.get("type") == "events_api":
                    self._take_event(payload)
                elif isinstance(payload, dict) and envelope.get("type") == "interactive":
                    self._take_shortcut(payload)
        except Stopped:
            return False
        except FleettuiError as error:
            self.missed()
            self._say(f"an event is not taken in yet: {error}")
            return False
        return True

    def take_missed(self, events: Iterable[dict[str, Any]]) -> int:
        """From the history. How many of them were new."""
        mine = [event for event in events if not self._is_echo(event)]
        new = 0
        for first in range(0, len(mine), AT_ONCE):
            named = [self._names.put_into(event) for event in mine[first : first + AT_ONCE]]
            new += sum(outcome.result != "ignored" for outcome in self._desk.take(named))
            for event in named:
                self._note(event)
        return new

    def learn_channels(self) -> None:
        self._names.learn_channels()

    # -- inside

    def _take_event(self, payload: dict[str, Any]) -> None:
        event = payload.get("event")
        if not isinstance(event, dict) or self._is_echo(event):
            return
        event = self._names.put_into(event)
        for outcome in self._desk.take([payload | {"event": event}]):
            if outcome.error is True:
                self._say(f"an event is left out: {outcome.why}")
        self._note(event)

    def _note(self, event: dict[str, Any]) -> None:
        channel, stamp = event.get("channel"), event.get("ts")
        if event.get("type") == "message" and isinstance(channel, str) and isinstance(stamp, str):
            with self._counting:
                if is_stamp(stamp):
                    self._seen.note(channel, stamp)
                if self._is_whole:
                    self._seen.count_noted()

    def _is_echo(self, event: dict[str, Any]) -> bool:
        """What our own app posted, or the same once more because Slack has unfolded something in it. Whoever deletes it there
        takes it back here, too."""
        if event.get("subtype") == "message_deleted":
            return False
        inner = event.get("message")
        message = inner if isinstance(inner, dict) else event
        by_bot = message.get("bot_id") == self._bot_id and bool(self._bot_id)
        return by_bot or (message.get("user") == self._bot_user and bool(self._bot_user))

    def _take_shortcut(self, payload: dict[str, Any]) -> None:
        if payload.get("type") != "message_action" or payload.get("callback_id") != MAKE_TICKET:
            return
        who = _id_in(payload, "user")
        if not self._desk.is_on_team(who):
            self._tell(payload, "Only the team makes tickets; its roster does not have your Slack id.")
            return
        message = payload.get("message")
        named = self._names.put_into(message) if isinstance(message, dict) else message
        for outcome in self._desk.take([payload | {"message": named}], flag=True):
            self._tell(payload, _in_words(outcome))

    def _tell(self, payload: dict[str, Any], text: str) -> None:
        """A line that only who chose the shortcut sees. Without it the ticket is there all the same."""
        try:
            self._web.chat_postEphemeral(
                channel=_id_in(payload, "channel"), user=_id_in(payload, "user"), text=text
            )
        except SlackError:
            return


def _in_words(outcome: Outcome) -> str:
    if outcome.result == "created":
        return f"{outcome.ticket} is made of it."
    if outcome.result == "appended":
        return f"It is on {outcome.ticket} now."
    return f"It is on {outcome.ticket} already." if outcome.ticket else f"No ticket: {outcome.why}."


def _id_in(payload: dict[str, Any], key: str) -> str:
    inner = payload.get(key)
    id_ = inner.get("id") if isinstance(inner, dict) else None
    return id_ if isinstance(id_, str) else ""
