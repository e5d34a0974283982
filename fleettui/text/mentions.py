"""Mentions in what others wrote, made harmless where we quote it: nobody is called by a quotation."""

from __future__ import annotations

import re

_MARKED = re.compile(r"<([@!#])([^<>\n|]{1,100})(?:\|([^<>\n]{0,100}))?>")
_EVERYBODY = re.compile(r"(?i)(?<![\w.@])[@\uff20]\s?(?=(?:here|channel|everyone|group|all)\b)")
_CALLS_FIRST = re.compile(
    r"(?i)\A\s*(?:(?:[@\uff20]\s?(?:here|channel|everyone)\b|<!(?:here|channel|everyone)(?:\|[^<>\n]{0,100})?>)[\s,:;!.-]*)+"
)
_NAMED = re.compile(r"(?<![\w.@`])@(?=[A-Z][\w’'-]*)")
"""Somebody's name. Code such as `@app.route` begins with a small letter and stays."""


def defused(text: str) -> str:
    """The words without the marks that mention somebody: "@here" is "here", "<@U1|leo>" is "leo"."""
    if "@" not in text and "<" not in text and "\uff20" not in text:
        return text
    return _NAMED.sub("", _EVERYBODY.sub("", _MARKED.sub(_in_words, text)))


def without_calls(text: str) -> str:
    """The same, without what calls everybody at the beginning: a subject that begins with "here" reads oddly."""
    return defused(_CALLS_FIRST.sub("", text))


def _in_words(match: re.Match[str]) -> str:
    kind, target, label = match.groups()
    if kind == "#":
        return f"#{label or target}"
    return (label or target.partition("^")[0]).lstrip("@")
