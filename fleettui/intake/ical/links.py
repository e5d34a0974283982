"""Links in an event: the one by which one joins, and documents for the agenda (CALL-5, CALL-6)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qs, urlsplit

import msgspec

from fleettui.domain.calls.model import AgendaDocument, title_of
from fleettui.intake.ical.fields import several
from fleettui.text import cleaning

if TYPE_CHECKING:
    from icalendar import Event

LINK = re.compile(r"https?://[^\s<>\"'\\^`{|}]+", re.IGNORECASE)
PROVIDERS = (
    re.compile(r"(^|\.)zoom(gov)?\.(us|com)$"),
    re.compile(r"^meet\.google\.com$"),
    re.compile(r"(^|\.)teams\.(microsoft|live)\.com$"),
    re.compile(r"(^|\.)webex\.com$"),
    re.compile(r"^meet\.jit\.si$|(^|\.)whereby\.com$|(^|\.)gotomeeting\.com$|(^|\.)goto\.com$"),
)
NOT_JOINING = re.compile(
    r"/(u|dialin|phone|tel|help|support|options|meetingoptions)(/|$|\?)|dialin\.", re.IGNORECASE
)
"""Beside the link to join, providers write links to their dial-in numbers and options."""
JOIN_WORDS = re.compile(r"join|meeting|video|call|conference", re.IGNORECASE)
DOCUMENT_HOSTS = re.compile(
    r"^(docs|drive|sheets|slides)\.google\.com$|(^|\.)dropbox\.com$|(^|\.)sharepoint\.com$|(^|\.)onedrive\.live\.com$"
    r"|(^|\.)notion\.(so|site)$|(^|\.)box\.com$"
)
DOCUMENT_ENDS = (".pdf", ".docx", ".doc", ".pptx", ".xlsx", ".odt", ".ods", ".odp", ".md")
LONGEST = 2000


class Links(msgspec.Struct, frozen=True):
    """The link to join a call, and the documents for its agenda."""

    join: str
    documents: tuple[AgendaDocument, ...]


def links_of_event(event: Event, about: str) -> Links:
    """The links of an event; `about` is its description."""
    attached = _attachments(event)
    rich = cleaning.clean(re.sub(r"&amp;", "&", _text_of(event, "X-ALT-DESC")), 50_000)
    links = list(dict.fromkeys((*links_in(about), *links_in(rich))))
    join = _join_link(event, about, links)
    known = {document.url for document in attached}
    named = tuple(
        AgendaDocument(title=title_of(url), url=url)
        for url in links
        if url != join and url not in known and is_document(url)
    )
    return Links(join, (*attached, *named))


def _join_link(event: Event, about: str, links: list[str]) -> str:
    """The first of: a conference property, a link to a known provider, a link in place or text."""
    outright = [url for name in _conference_names(event) for url in _links_of(event, name)]
    place, own = _links_of(event, "LOCATION"), _links_of(event, "URL")
    everywhere = [*outright, *place, *own, *links]
    known = [url for url in everywhere if is_provider(url)]
    plain = [*outright, *place, *_joining(about), *own]
    fitting = [*outright, *known, *plain]
    return next((url for url in fitting if not is_document(url)), "")


def _conference_names(event: Event) -> list[str]:
    """RFC 7986's own property first, then those that calendars made up for themselves."""
    made_up = [
        name for name in event if name.startswith("X-") and re.search(r"CONF|MEETING|MEET|ZOOM|WEBEX", name)
    ]
    return ["CONFERENCE", *sorted(made_up)]


def _joining(about: str) -> list[str]:
    """Links in lines with a word such as "join"; also the link of a text that has only one."""
    lines = about.splitlines()
    spoken = [url for line in lines if JOIN_WORDS.search(LINK.sub("", line)) for url in links_in(line)]
    alone = links_in(about)
    return [*spoken, *(alone if len(alone) == 1 else [])]


def _links_of(event: Event, name: str) -> list[str]:
    return links_in(_text_of(event, name))


def _text_of(event: Event, name: str) -> str:
    return "\n".join(map(str, several(event.get(name))))


def links_in(text: str) -> list[str]:
    """The harmless links of a text, in order."""
    urls = (_unwrapped(match.group().rstrip(".,;:!?)]>*_")) for match in LINK.finditer(text[:100_000]))
    return [url for url in urls if is_harmless(url)]


def _unwrapped(url: str) -> str:
    """The link inside the redirects of mail systems that scan links."""
    parts = urlsplit_or_none(url)
    if parts is None:
        return ""
    host = (parts.hostname or "").lower()
    if host.endswith("safelinks.protection.outlook.com"):
        return parse_qs(parts.query).get("url", [url])[0]
    if host in ("www.google.com", "google.com") and parts.path == "/url":
        asked = parse_qs(parts.query)
        return (asked.get("q") or asked.get("url") or [url])[0]
    return url


def urlsplit_or_none(url: str) -> SplitResult | None:
    """The parts of a URL, or None where it cannot be parsed; its port is checked too."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def is_harmless(url: str) -> bool:
    """Only http and https, and nothing that pretends with a name before an @ to lead elsewhere."""
    parts = urlsplit_or_none(url)
    if parts is None or parts.scheme.lower() not in ("http", "https") or len(url) > LONGEST:
        return False
    return bool(parts.hostname) and "@" not in parts.netloc and url == cleaning.line(url, LONGEST)


def is_provider(url: str) -> bool:
    """Whether the link joins a meeting of a known video provider."""
    parts = urlsplit_or_none(url)
    host = (parts.hostname or "").lower() if parts else ""
    return any(provider.search(host) for provider in PROVIDERS) and not NOT_JOINING.search(url)


def is_document(url: str) -> bool:
    """Whether the link leads to a document, by its host or ending."""
    parts = urlsplit_or_none(url)
    if parts is None:
        return False
    return bool(DOCUMENT_HOSTS.search((parts.hostname or "").lower())) or parts.path.lower().endswith(
        DOCUMENT_ENDS
    )


def _attachments(event: Event) -> tuple[AgendaDocument, ...]:
    documents = []
    for attachment in several(event.get("ATTACH")):
        params = getattr(attachment, "params", {})
        text = str(attachment)
        named = cleaning.line(str(params.get("FILENAME", "") or params.get("X-FILENAME", "")), 200)
        url = text if is_harmless(text) else ""
        documents.append(AgendaDocument(title=named or (title_of(url) if url else "attachment"), url=url))
    return tuple(dict.fromkeys(documents))
