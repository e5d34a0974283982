"""Every text that goes to a customer or colleague is rendered here, from the team's template or the shipped one.

messages.json declares the variables of each template. Missing ones are named all at once, a broken template with its
line.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from fleettui.domain.messages import LATER, NAME_CHARACTERS, MessageTemplate, MessageTemplates, Variable
from fleettui.errors import Refused, Unusable
from fleettui.policy import files
from fleettui.policy.files import Mistake
from fleettui.text import cleaning, finding

if TYPE_CHECKING:
    from jinja2 import Template

    from fleettui.policy.messages.sandbox import Sandbox

LONGEST = 20_000
"""Characters. No message is longer; a template that never ends is stopped there."""

LONGEST_TEMPLATE = 100_000
TOO_DEEP = "is nested too deeply"

_FOLDER = files.TEMPLATES


def render(name: str, variables: Mapping[str, object], handbook: Path | None = None) -> str:
    """One text, with the templates of a workspace's `handbook` folder before the shipped ones."""
    content = files.read(handbook, "messages.json")
    catalogue = files.decode(content, MessageTemplates, "messages.json")
    return MessageRenderer(catalogue, handbook).render(name, variables)


class InForce(Protocol):
    def __call__(self, name: str, check: Callable[[bytes], str], /) -> str: ...


class MessageRenderer:
    """Writes messages. `folder` is the workspace's `handbook/`; a template that is changed there is used at once."""

    def __init__(
        self, catalogue: MessageTemplates, folder: Path | None, in_force: InForce | None = None
    ) -> None:
        """`in_force` reads a file, or what counts in its place while it has a mistake; without it a mistake is raised."""
        self.catalogue, self.folder, self._in_force = catalogue, folder, in_force
        self._sound: dict[str, bytes] = {}
        """By file: the content that was last found to be a template."""

    def message(self, name: str) -> MessageTemplate:
        """What messages.json declares of a message."""
        message = self.catalogue.find(name) or (self._shipped.find(name) if name in LATER else None)
        if message is None:
            raise Refused(self._unknown(name))
        return message

    @cached_property
    def _shipped(self) -> MessageTemplates:
        return files.decode(files.read(None, "messages.json"), MessageTemplates, "messages.json")

    def _unknown(self, name: str) -> str:
        known = [message.name for message in self.catalogue.messages]
        return f"there is no message {cleaning.line(name, 60)!r}{finding.did_you_mean(name, known)}"

    def missing(self, name: str, variables: Mapping[str, object]) -> list[Variable]:
        """The variables of the template that are not given."""
        message = self.message(name)
        declared = {variable.name: variable for variable in message.variables}
        given = self._values(message, variables)
        return [
            declared.get(asked, Variable(name=asked, meaning=""))
            for asked in self._asked(name)
            if asked not in given
        ]

    def render(self, name: str, variables: Mapping[str, object]) -> str:
        """The text of a message; refused, with their names, where variables are missing."""
        message = self.message(name)
        missing = self.missing(name, variables)
        if missing:
            raise Refused(f"{name}: still wanted: {', '.join(map(_described, missing))}")
        return self._write(self._template(name), self._values(message, variables))

    def source(self, name: str) -> str:
        """The text of the template, as the team would edit it."""
        self.message(name)
        return self._read(name)

    def mistakes(self) -> Iterator[tuple[Mistake, bool]]:
        """Templates that are missing, broken or use undeclared variables; and whether that one cannot be used."""
        for message in self.catalogue.messages:
            file = f"{_FOLDER}/{message.name}.j2"
            try:
                asked = self._asked(message.name)
                self._template(message.name)
            except Mistake as error:
                yield error, True
                continue
            declared = {variable.name for variable in message.variables}
            for unknown in sorted(set(asked) - declared):
                what = f"{unknown!r} is not among the variables that messages.json declares for it"
                yield Mistake(file, "", what), False
            yield from self._unread(message, asked)

    def _unread(self, message: MessageTemplate, asked: Collection[str]) -> Iterator[tuple[Mistake, bool]]:
        """Variables of messages.json that people would be asked for in vain. An included template may use them."""
        if "{% include" in self._read(message.name):
            return
        rows = enumerate(self.catalogue.messages)
        number = next(number for number, row in rows if row.name == message.name)
        for place, variable in enumerate(message.variables):
            if variable.name not in asked:
                field = f"messages[{number}].variables[{place}]"
                what = f"the template {_FOLDER}/{message.name}.j2 does not use {variable.name!r}"
                yield Mistake("messages.json", field, what), False

    # Values.

    def _values(self, message: MessageTemplate, variables: Mapping[str, object]) -> dict[str, object]:
        """What may go into the template. An empty text counts as not given, unless the variable may be left out."""
        lists = {variable.name for variable in message.variables if variable.list}
        plain = {name: _plain_value(value) for name, value in variables.items()}
        values = {name: _as_list(value) if name in lists else value for name, value in plain.items()}
        given = {name: value for name, value in values.items() if value not in ("", [])}
        return _defaults(message) | given

    # Templates.

    @cached_property
    def _sandbox(self) -> Sandbox:
        from fleettui.policy.messages.sandbox import Sandbox  # late: brings jinja2

        return Sandbox(self._load)

    def _read(self, name: str) -> str:
        file = f"{_FOLDER}/{name}.j2"
        if self._in_force is None:
            return _decoded(files.read(self.folder, file), file)
        return self._in_force(file, lambda content: self._sound_text(content, file))

    def _sound_text(self, content: bytes, file: str) -> str:
        """The text of a template without mistakes of writing."""
        text = _decoded(content, file)
        if self._sound.get(file) != content:
            self._undeclared(text, file)
            self._sound[file] = content
        return text

    def examine(self, file: str) -> None:
        """Read one template, as far as it is one."""
        self._read(file.removeprefix(f"{_FOLDER}/").removesuffix(".j2"))

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        """For Jinja2, which asks for `name` and for whatever a template includes: never a path."""
        plain = name.removesuffix(".j2")
        if not plain or not NAME_CHARACTERS.issuperset(plain):
            return None
        source = self._read(plain)
        return source, f"{_FOLDER}/{plain}.j2", lambda: self._unchanged(plain, source)

    def _unchanged(self, name: str, source: str) -> bool:
        try:
            return self._read(name) == source
        except Unusable:
            return False

    def _asked(self, name: str) -> list[str]:
        asked = self._undeclared(self._read(name), f"{_FOLDER}/{name}.j2")
        order = {variable.name: number for number, variable in enumerate(self.message(name).variables)}
        return sorted(asked, key=lambda variable: (order.get(variable, len(order)), variable))

    def _undeclared(self, text: str, file: str) -> frozenset[str]:
        """The variables that a template asks for. What is no template is a `Mistake`."""
        from jinja2 import TemplateSyntaxError

        from fleettui.policy.messages.sandbox import asked_in

        name = file.removeprefix(f"{_FOLDER}/").removesuffix(".j2")
        try:
            return asked_in(text)
        except TemplateSyntaxError as error:
            raise _syntax_mistake(name, error) from None
        except RecursionError:
            raise Mistake(file, "", TOO_DEEP) from None

    def _template(self, name: str) -> Template:
        from jinja2 import TemplateNotFound, TemplateSyntaxError

        try:
            return self._sandbox.get_template(name)
        except TemplateSyntaxError as error:
            raise _syntax_mistake(name, error) from None
        except TemplateNotFound:
            raise Mistake(f"{_FOLDER}/{name}.j2", "", "is not there") from None
        except (RecursionError, SyntaxError):  # Python's own, about the program that Jinja2 makes of it
            raise Mistake(f"{_FOLDER}/{name}.j2", "", TOO_DEEP) from None

    def _write(self, template: Template, values: Mapping[str, object]) -> str:
        from fleettui.policy.messages.limits import one_text

        try:
            with one_text():
                written = _collected(template, values)
        except Unusable:
            raise
        except Exception as error:
            # Whatever goes wrong in a template while it is rendered: people want to know the line, not the exception.
            raise Mistake(*_place(template, error, _in_words(error))) from None
        return _tidy(written)


def _decoded(content: bytes, file: str) -> str:
    if len(content) > LONGEST_TEMPLATE:
        raise Mistake(file, "", f"is longer than {LONGEST_TEMPLATE:,} characters")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(10) + 1
        raise Mistake(file, "", "this is not UTF-8 text", line) from None


def _described(variable: Variable) -> str:
    return f"{variable.name} ({variable.meaning})" if variable.meaning else variable.name


def _plain_value(value: object) -> object:
    """Text, a number, or a list of them: a template gets no object whose attributes it could ask for."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, int | float):
        return value
    if isinstance(value, list | tuple):
        return [item for item in (_plain_value(item) for item in value) if item != ""]
    return cleaning.clean(str(value)).strip()


def _as_list(value: object) -> list[object]:
    """What was given as one text: its lines, or the parts between the commas of a single line."""
    if isinstance(value, list):
        return value
    if not isinstance(value, str):
        return [value]
    parts = value.split("\n" if "\n" in value else ",")
    return [part.strip() for part in parts if part.strip()]


def _defaults(message: MessageTemplate) -> dict[str, object]:
    optional = (variable for variable in message.variables if variable.is_optional)
    return {
        variable.name: ([variable.default] if variable.default else [])
        if variable.list
        else variable.default or ""
        for variable in optional
    }


def _collected(template: Template, values: Mapping[str, object]) -> str:
    parts: list[str] = []
    length = 0
    for part in template.generate(values):
        parts.append(part)
        length += len(part)
        if length > LONGEST:
            raise Mistake(str(template.filename), "", f"becomes longer than {LONGEST:,} characters")
    return "".join(parts)


def _tidy(written: str) -> str:
    """Without trailing blanks, and without the empty lines that optional parts leave behind. Without a name, it greets "Hi,"."""
    written = cleaning.greeting_closed(written)
    cleaned = "\n".join(row.rstrip() for row in cleaning.clean(written, LONGEST).split("\n")).strip()
    while "\n\n\n" in cleaned:
        cleaned = cleaned.replace("\n\n\n", "\n\n")
    return cleaned


def _in_words(error: Exception) -> str:
    from jinja2 import TemplateNotFound

    if isinstance(error, TemplateNotFound):
        return f"there is no template {cleaning.line(str(error), 60)!r} to include"
    if isinstance(error, RecursionError):
        return "calls or includes itself without end"
    return cleaning.line(str(error), 200) or type(error).__name__


def _syntax_mistake(name: str, error: Exception) -> Mistake:
    named = str(getattr(error, "filename", ""))
    file = named if named.endswith(".j2") else f"{_FOLDER}/{name}.j2"
    what = _syntax_in_words(str(getattr(error, "message", None) or error))
    return Mistake(file, "", what, int(getattr(error, "lineno", 1)))


_SYNTAX = (
    (r"Encountered unknown tag '(.*?)'.*", r"there is no {% \1 %}"),
    (
        r"Unexpected end of template.*?innermost block that needs to be closed is '(.*?)'.*",
        r"{% \1 %} is never closed",
    ),
    (r"[Uu]nexpected end of template.*", "the template ends too early"),
    (r"[Ee]xpected token '(.*?)', got '(.*?)'", r"'\1' belongs here, not '\2'"),
    (r"[Ee]xpected an expression, got '(.*?)'", "a value or a condition is missing here"),
    (r"[Uu]nexpected '(.*?)'", r"'\1' does not belong here"),
    (r"No filter named '(.*?)'.*", r"there is no filter '\1'"),
    (r"No test named '(.*?)'.*", r"there is no test '\1'"),
    (r"unexpected char '(.*?)' at.*", r"the sign '\1' does not belong here"),
    (r"Missing end of (.*?) .*", r"the end of this \1 is missing"),
)
"""What Jinja2 calls a mistake, and what people call it."""


def _syntax_in_words(message: str) -> str:
    import re

    for pattern, words in _SYNTAX:
        matched = re.fullmatch(pattern, message, re.S)
        if matched:
            return matched.expand(words)
    return "this is not written as a template is; see Messages in docs/policy.md"


def _place(template: Template, error: BaseException, what: str) -> tuple[str, str, str, int]:
    """The template and line at which it stopped: Jinja2 makes them frames of the traceback."""
    file, line = str(template.filename), 0
    trace = error.__traceback__
    while trace:
        name = trace.tb_frame.f_code.co_filename
        if name.endswith(".j2"):
            file, line = name, trace.tb_lineno
        trace = trace.tb_next
    return file, "", what, line
