"""The shape of two more parts of connections.json: the calendars that are read, and GitHub. No secret stands in it."""

from collections.abc import Iterator
from typing import Literal

import msgspec

Choice = Literal["send", "copy"]
CalendarKind = Literal["ics", "caldav"]
Mistake = tuple[str, str]

PUBLIC_API, PUBLIC_SITE = "https://api.github.com", "https://github.com"
MOST_CALENDARS = 200


class CalendarSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A calendar whose customer calls are taken in."""

    login: str
    """Whose it is: they lead its calls."""
    url: str = ""
    """Of the .ics file, or of the calendar on a CalDAV server."""
    url_secret: str = ""
    """The name of the service's secret that holds the address, where the address itself opens the calendar."""
    kind: CalendarKind = "ics"
    user: str = ""
    """For CalDAV."""
    password_secret: str = ""
    """The name of the service's secret with the password for CalDAV."""
    ca: str = ""
    """A file with the certificates of a private authority."""


class GithubConnection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """GitHub, or a GitHub Enterprise server. Without the service's token nothing is done there."""

    issues: Choice = "copy"
    """Whether a new issue is opened by the service, where a person asks for it; else there is a link to open."""
    follow: bool = False
    """Whether the issues of open tickets are looked at, so that customers hear when one is closed."""
    api: str = PUBLIC_API
    site: str = PUBLIC_SITE
    """Where links to its issues begin."""
    ca: str = ""

    @property
    def opens_issues(self) -> bool:
        return self.issues == "send"

    @property
    def is_used(self) -> bool:
        return self.opens_issues or self.follow


def named(calendars: tuple[CalendarSource, ...]) -> dict[str, CalendarSource]:
    """By the names under which they are shown, which say nothing of their addresses."""
    by_name: dict[str, CalendarSource] = {}
    for source in calendars:
        count = sum(other.login == source.login for other in by_name.values()) + 1
        by_name[f"calendar {source.login}" + (f" {count}" if count > 1 else "")] = source
    return by_name


def github_mistakes(github: GithubConnection) -> Iterator[Mistake]:
    for field, address in (("github.api", github.api), ("github.site", github.site)):
        if not address.startswith("https://"):
            yield field, "has to begin with https://"
    if (github.api == PUBLIC_API) is not (github.site == PUBLIC_SITE):
        yield "github.site", "and github.api belong to one server: set both or none"


def calendar_mistakes(calendars: tuple[CalendarSource, ...]) -> Iterator[Mistake]:
    if len(calendars) > MOST_CALENDARS:
        yield "calendars", f"are {len(calendars):,}; {MOST_CALENDARS} are the most"
    for number, source in enumerate(calendars):
        yield from ((f"calendars[{number}].{field}", what) for field, what in _of_source(source))


def _of_source(source: CalendarSource) -> Iterator[Mistake]:
    if not source.login:
        yield "login", "is empty: whose calendar is it?"
    if bool(source.url) is bool(source.url_secret):
        yield "url", "or url_secret has to be given, and only one of them"
    if source.url and not source.url.startswith("https://"):
        yield "url", "has to begin with https://"
    if "@" in source.url.partition("//")[2].partition("/")[0]:
        yield "url", "must not hold a name or a password; url_secret names a secret of the service"
    if source.kind == "caldav" and not (source.user and source.password_secret):
        yield "user", "and password_secret are wanted for caldav"
