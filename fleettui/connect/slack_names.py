"""The names of people and channels in Slack, asked once and kept where nobody has given one."""

from __future__ import annotations

from typing import Any

from fleettui.connect.slack_desk import SlackDesk
from fleettui.connect.slack_web import SlackError, SlackWeb
from fleettui.text import cleaning
from fleettui.text.reading import is_slack_id

MOST_KNOWN = 10_000


class SlackNames:
    """Asks Slack, which may not answer: then people are shown by their id until it does."""

    def __init__(self, web: SlackWeb, desk: SlackDesk) -> None:
        self._web, self._desk = web, desk
        self._profiles: dict[str, dict[str, str]] = {}
        self._unanswered: set[str] = set()

    def put_into(self, event: dict[str, Any]) -> dict[str, Any]:
        """The event with the profile of its author, as Slack itself gives it with some messages."""
        inner = event.get("message")
        if isinstance(inner, dict):
            return event | {"message": self.put_into(inner)}
        author = event.get("user")
        if not isinstance(author, str) or not is_slack_id(author) or event.get("user_profile"):
            return event
        profile = self._profile(author)
        return event | {"user_profile": profile} if profile else event

    def learn_channels(self) -> None:
        """Of the listed channels that nobody has named. From here on people are asked for again of whom Slack said nothing."""
        self._unanswered.clear()
        for id_, name in self._desk.channels().items():
            if not name:
                channel = self._ask("conversations_info", "channel", channel=id_)
                if channel.get("name"):
                    self._desk.learn_channel(id_, str(channel["name"]))

    def _profile(self, id_: str) -> dict[str, str]:
        if id_ in self._profiles:
            return self._profiles[id_]
        user = {} if id_ in self._unanswered else self._ask("users_info", "user", user=id_)
        if not user:
            self._unanswered.add(id_)
            return {}
        asked = user.get("profile")
        profile = asked if isinstance(asked, dict) else {}
        name = cleaning.line(
            str(user.get("real_name") or profile.get("real_name") or user.get("name") or ""), 100
        )
        if len(self._profiles) >= MOST_KNOWN:
            self._profiles.clear()
        self._profiles[id_] = {
            "real_name": name,
            "email": cleaning.line(str(profile.get("email") or ""), 200),
        }
        if name:
            self._desk.learn_person(id_, name)
        return self._profiles[id_]

    def _ask(self, method: str, what: str, **asked: str) -> dict[str, Any]:
        try:
            answer = getattr(self._web, method)(**asked).get(what)
        except SlackError:
            return {}
        return answer if isinstance(answer, dict) else {}
