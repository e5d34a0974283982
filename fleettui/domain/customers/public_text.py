"""What leaves with a public text: no addresses and no quoted history, of any customer (SUP-11, SUP-13). Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

E_MAIL, HOST, IP, PHONE, SLACK = "e-mail address", "host name", "IP address", "phone number", "Slack id"

_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_HEX = r"[0-9a-fA-F]{1,4}"
_PATTERNS = (
    (SLACK, r"<[@#!][A-Z0-9][^>\n]{0,80}>|https?://[\w-]+\.slack\.com/[^\s)\]>]*"),
    (E_MAIL, r"(?:mailto:)?(?<![\w.])(?!git@)[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"),
    (IP, rf"(?<![\w.-])(?!127\.|0\.0\.0\.0|255\.){_OCTET}(?:\.{_OCTET}){{3}}(?![\w-]|\.\d)"),
    (IP, rf"(?<![\w:])(?:(?:{_HEX}:){{5,7}}{_HEX}|(?:{_HEX}:){{1,6}}(?::{_HEX}){{1,6}})(?![\w:])"),
    (SLACK, r"(?<!\w)[UWCDG]0[A-Z0-9]{3,10}(?!\w)"),
    (PHONE, r"(?<![\w.])\+\d[\d ()./-]{6,}\d(?!\w)"),
    (PHONE, r"(?<![\w.-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w-])"),
    (PHONE, r"(?<![\w.-])0\d{2,4}[ /-]\d{5,}(?![\w-])"),
)
_FOUR_PART_VERSION = re.compile(
    r"(?:version|osquery|fleetd|orbit|fleet|chrome|build|v)[ :=]*$", re.IGNORECASE
)
_QUOTE_BEGINS = re.compile(r"^(?:(?:On|Am|Le) .{5,200}:|-{2,} ?Original Message ?-{2,}|_{10,})$")


class PublicText(NamedTuple):
    """A text that anybody may read, and what was taken out of it."""

    text: str
    left_out: tuple[str, ...] = ()


def without_addresses(text: str, domains: Iterable[str] = ()) -> PublicText:
    """Each address is replaced by the word for its kind. `domains` are the customer's: no host name of theirs stays."""
    left_out: dict[str, None] = {}

    def leave_out(kind: str, match: re.Match[str]) -> str:
        if kind == IP and _FOUR_PART_VERSION.search(text_now[: match.start()]):
            return match[0]
        left_out[match[0]] = None
        return f"[{kind}]"

    text_now = text
    for kind, pattern in (*_PATTERNS[:2], *_hosts(domains), *_PATTERNS[2:]):
        text_now = re.sub(pattern, partial(leave_out, kind), text_now)
    return PublicText(text_now, tuple(left_out))


def _hosts(domains: Iterable[str]) -> list[tuple[str, str]]:
    names = "|".join(re.escape(domain) for domain in sorted(set(domains), key=len, reverse=True) if domain)
    host = rf"(?i:(?:https?://)?(?:[\w-]+\.)*(?<![\w-])(?:{names})(?![\w-]|\.\w)(?:[:/][^\s)\]>]*)?)"
    return [(HOST, host)] if names else []


def without_quotes(text: str) -> str:
    """Without the lines of earlier messages that a mail repeats."""
    kept: list[str] = []
    for line in text.splitlines():
        if _QUOTE_BEGINS.match(line.strip()):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line)
    return "\n".join(kept).strip()
