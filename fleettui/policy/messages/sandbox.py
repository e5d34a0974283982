"""Jinja2, restricted so that a template can only write text. Imported when the first text is rendered: it takes 19 ms.

No globals, no calls but to macros of the template itself, the filters that are listed here, values that are plain text,
numbers and lists, and templates from the two folders alone. Nothing is escaped: what leaves is plain text, never HTML.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, Template, nodes
from jinja2.exceptions import SecurityError
from jinja2.meta import find_undeclared_variables
from jinja2.runtime import BlockReference, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from fleettui.domain.customers.contacts import first_name
from fleettui.policy.messages import limits

# fmt: off
FILTERS = (
    "capitalize", "count", "d", "default", "first", "int", "join", "last", "length", "list", "lower", "replace",
    "reverse", "round", "sort", "string", "title", "trim", "truncate", "unique", "upper", "urlencode", "wordwrap",
)
# fmt: on

MOST_REMEMBERED = 200
"""Templates."""

Load = Callable[[str], tuple[str, str, Callable[[], bool]] | None]


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment in which the team's templates run."""

    # Repeating a text would be the quickest way to fill the memory.
    intercepted_binops = frozenset({"+", "*", "**", "%", "<<"})

    def __init__(self, load: Load) -> None:
        super().__init__(
            loader=FunctionLoader(load),
            undefined=StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=limits.finalize,
        )
        self.globals.clear()
        plain = {name: self.filters[name] for name in FILTERS} | {"first_name": _first_name}
        self.filters = {f"{name}!": filter_ for name, filter_ in plain.items()} | limits.COUNTERS
        self.filters |= {name: limits.limited(f"{name}!") for name in plain}

    def compile(self, source: Any, name: Any = None, filename: Any = None, *args: Any, **kwargs: Any) -> Any:
        """As Jinja2 compiles it, with the counters of `limits` in it."""
        if isinstance(source, str) and not (args or kwargs):
            return _compiled(source, name, filename)
        parsed = source if isinstance(source, nodes.Template) else self.parse(source, name, filename)
        return super().compile(limits.meter(parsed, self), name, filename, *args, **kwargs)

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        limits.step()
        limits.measured([args, kwargs])
        return super().call(context, obj, *args, **kwargs)

    def get_or_select_template(self, *args: Any, **kwargs: Any) -> Template:
        limits.step()
        return super().get_or_select_template(*args, **kwargs)

    def get_template(self, *args: Any, **kwargs: Any) -> Template:
        limits.step()
        return super().get_template(*args, **kwargs)

    def is_safe_callable(self, obj: Any) -> bool:
        if isinstance(obj, Macro | BlockReference):
            return True
        raise SecurityError(
            "a template calls nothing but its own macros; use a filter, like {{ name | upper }}"
        )

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        may_join = operator == "+"
        if not may_join and (
            operator != "*" or isinstance(left, str | list) or isinstance(right, str | list)
        ):
            raise SecurityError(f"{operator!r} is for numbers only")
        limits.step()
        return limits.measured(super().call_binop(context, operator, left, right))


@cache
def _reader() -> Sandbox:
    """Of texts alone: what they say is the same in every sandbox."""
    return Sandbox(lambda _: None)


@lru_cache(MOST_REMEMBERED)
def _compiled(source: str, name: str | None, filename: str | None) -> Any:
    """Once for each text: a handbook that is read anew has mostly the texts of before."""
    return _reader().compile(_reader().parse(source, name, filename), name, filename)


@lru_cache(MOST_REMEMBERED)
def asked_in(source: str) -> frozenset[str]:
    """The variables that a template asks for."""
    return frozenset(find_undeclared_variables(_reader().parse(source)))


def _first_name(name: object) -> str:
    """ "Leo" of "Dr. Leo Marsh"; a gap in brackets stays as it is."""
    whole = str(name)
    return whole if whole.startswith("[") else first_name(whole) or whole
