"""Mentions in what others wrote, made harmless where we quote it: nobody is called by a quotation."""

import re
from collections.abc import Sequence
from typing import NamedTuple

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


# Who of us is called


class Mentioned(NamedTuple):
    """Whom a text of ours calls."""

    logins: tuple[str, ...] = ()
    on_call: bool = False
    """Whoever is on call then."""
    unclear: tuple[str, ...] = ()
    """In a sentence each: names that several people have. Nobody is called by them."""
    line: str = ""
    """The line in which somebody is called first."""


ON_CALL = ("oncall", "on-call")
_CALL = re.compile(r"(?<![\w.@`/])@([\w](?:[\w.’'-]*[\w])?)")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)


def mentioned(text: str, people: Sequence[tuple[str, str]]) -> Mentioned:
    """`people` are logins with names. `@login` calls one of them, `@first name` too where nobody else has that name. What is
    quoted, or stands as code, calls nobody."""
    if "@" not in text:
        return Mentioned()
    logins: dict[str, None] = {}
    unclear: dict[str, None] = {}
    on_call, first = False, ""
    for line in _CODE.sub(" ", text).splitlines():
        if line.lstrip().startswith(">"):
            continue
        for match in _CALL.finditer(line):
            typed = match[1].casefold()
            called = _called(typed, line[match.end() :], people)
            on_call = on_call or typed in ON_CALL
            if len(called) > 1:
                unclear[_unclear(match[1], called)] = None
            elif called:
                logins[called[0]] = None
            if not first and (typed in ON_CALL or len(called) == 1):
                first = line.strip()
    return Mentioned(tuple(logins), on_call, tuple(unclear), first)


def _called(typed: str, behind: str, people: Sequence[tuple[str, str]]) -> list[str]:
    by_login = [login for login, _ in people if login.casefold() == typed]
    if by_login:
        return by_login
    first = [(login, name) for login, name in people if name.casefold().split()[:1] == [typed]]
    if len(first) > 1:
        whole = f"{typed}{behind}".casefold()
        full = [login for login, name in first if _begins(whole, " ".join(name.casefold().split()))]
        return full if len(full) == 1 else [login for login, _ in first]
    return [login for login, _ in first]


def _begins(text: str, name: str) -> bool:
    return text.startswith(name) and not text[len(name) : len(name) + 1].isalnum()


def _unclear(typed: str, logins: Sequence[str]) -> str:
    listed = " or ".join(f"@{login}" for login in logins)
    return f"@{typed} could be {len(logins)} people, so nobody is told: write {listed}"


def completions(typed: str, people: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Login and name of whom the beginning of a word behind @ may mean, by name; for a composer."""
    beginning = typed.casefold()
    fitting = [
        (login, name)
        for login, name in people
        if login.casefold().startswith(beginning)
        or any(part.startswith(beginning) for part in name.casefold().split())
    ]
    return sorted(fitting, key=lambda person: (person[1].casefold(), person[0]))
