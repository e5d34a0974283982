"""Whether a mail is really from the domain in its From: what receiving servers write in Authentication-Results (RFC 8601).

Anybody can write such a header. Of a host that the team trusts only the topmost counts, with those that stand directly below it:
the host puts its own above what came with the mail. What another host writes is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from email.message import EmailMessage
from itertools import islice

import msgspec

from fleettui.intake.mail.trouble import TROUBLE

_MOST_HEADERS = 500
_MOST_HOSTS = 20
_LONGEST = 4_000
_PROPERTY = re.compile(r"([A-Za-z0-9._/-]{1,60})\s*=\s*(\"[^\"]*\"|[^\s;\"]+)")


class MethodResult(msgspec.Struct, frozen=True):
    """The result of one check, and what it looked at: `header.d`, `header.from` and so on."""

    method: str
    result: str
    properties: dict[str, str]


class HostResults(msgspec.Struct, frozen=True):
    """What one host says."""

    host: str
    results: tuple[MethodResult, ...]


def results_of(mail: EmailMessage) -> tuple[HostResults, ...]:
    """The topmost results of each host."""
    by_host: dict[str, list[MethodResult]] = {}
    host_above = ""
    for name, value in islice(mail.raw_items(), _MOST_HEADERS):
        if str(name).casefold() != "authentication-results":
            host_above = ""
            continue
        if len(by_host) >= _MOST_HOSTS:
            break
        try:
            host, results = _read(str(value)[:_LONGEST])
        except TROUBLE:
            host, results = "", []
        if host not in by_host:
            by_host[host] = results
        elif host == host_above:
            # What the header above says of a check, this one cannot say otherwise.
            settled = {result.method for result in by_host[host]}
            by_host[host] += [result for result in results if result.method not in settled]
        host_above = host
    return tuple(HostResults(host, tuple(results)) for host, results in by_host.items() if host)


def _read(value: str) -> tuple[str, list[MethodResult]]:
    first, *checks = _split(_without_comments(" ".join(value.split())))
    host = first.split()[0].strip('"').casefold() if first.split() else ""
    return host, [result for check in checks for result in _check(check)]


def _check(text: str) -> Iterator[MethodResult]:
    """ "dkim=pass header.d=acme.example"."""
    pairs = [(name.casefold(), value.strip('"')) for name, value in _PROPERTY.findall(text)]
    if pairs:
        (method, result), *properties = pairs
        yield MethodResult(method.partition("/")[0], result.casefold(), dict(reversed(properties)))


def _without_comments(value: str) -> str:
    """Comments stand in brackets, also within each other."""
    kept, depth, quoted, escaped = [], 0, False, False
    for sign in value:
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        elif sign == '"' and not depth:
            quoted = not quoted
        elif not quoted and sign in "()":
            depth = max(depth + (1 if sign == "(" else -1), 0)
            continue
        if not depth:
            kept.append(sign)
    return "".join(kept)


def _split(value: str) -> list[str]:
    """At each semicolon that is in no quotes."""
    parts, quoted = [""], False
    for sign in value:
        quoted ^= sign == '"'
        if sign == ";" and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def why_not_proven(
    results: Iterable[HostResults], domain: str, hosts: Iterable[str], is_aligned: Callable[[str], bool]
) -> str:
    """Why nothing proves that the mail comes from `domain`; empty where it is proven. `is_aligned`: whether a domain belongs to
    the same owner."""
    trusted = {host.strip().casefold() for host in hosts}
    if not trusted:
        return "no receiving server is named in channels.json"
    checks = [result for host in results if host.host in trusted for result in host.results]
    if not checks:
        return "no server that we trust has checked it"
    # Who signs as its domain passes dmarc as well. Where both are said, the signature may be from a header that came along.
    denied = any(check.method == "dmarc" and check.result == "fail" for check in checks)
    if not denied and any(_proves(check, domain, is_aligned) for check in checks):
        return ""
    states = dict.fromkeys(
        f"{check.method}={check.result}" for check in checks if check.method in ("dkim", "dmarc")
    )
    return f"it failed the check ({', '.join(list(states)[:4]) or 'neither dkim nor dmarc'})"


def _proves(check: MethodResult, domain: str, is_aligned: Callable[[str], bool]) -> bool:
    if check.result != "pass":
        return False
    if check.method == "dmarc":
        return check.properties.get("header.from", "").casefold() == domain
    signer = check.properties.get("header.d", "") or check.properties.get("header.i", "").rpartition("@")[2]
    return check.method == "dkim" and bool(signer) and is_aligned(signer.casefold().rstrip("."))
