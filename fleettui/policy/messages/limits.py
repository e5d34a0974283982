"""How much a template may use up while it writes one text: steps, processor time, and the size of every value it makes.

Whoever may edit the templates could otherwise stop a colleague's session, by a loop that never ends or a text that fills the
memory. Each loop, call, include, filter and text is counted where it happens: `meter` puts these counters into the template
before it is compiled. Every value that is made is measured at once, so that no single operation has much to work on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from jinja2 import Environment, nodes, pass_context
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer

MOST_STEPS = 20_000
MOST_WRITTEN = 200_000
"""Characters, with those that a template keeps for itself."""
LARGEST = 100_000
"""Characters and elements of a value, with all that is in it."""
SECONDS = 0.5
LONGEST_WRAP = 100
MOST_DIGITS = 20

# Names of filters that no template can write.
COUNTED, JOINED, MEASURED, PLAIN = "counted!", "joined!", "measured!", "plain!"


class TooMuchError(Exception):
    """What the template does too much of."""


class Budget:
    """What is left for one text."""

    def __init__(self) -> None:
        self._steps, self._written = MOST_STEPS, MOST_WRITTEN
        self._until = time.thread_time() + SECONDS

    def step(self, number: int = 1) -> None:
        self._steps -= number
        if self._steps < 0 or time.thread_time() > self._until:
            raise TooMuchError("takes too long: does it loop, or call or include itself, without end?")

    def write(self, characters: int) -> None:
        self._written -= characters
        if self._written < 0:
            raise TooMuchError(f"becomes longer than {MOST_WRITTEN:,} characters")


_budget: ContextVar[Budget] = ContextVar("budget")


@contextmanager
def one_text() -> Iterator[None]:
    """All that is rendered in the block shares one budget."""
    token = _budget.set(Budget())
    try:
        yield
    finally:
        _budget.reset(token)


def step(number: int = 1) -> None:
    """Something that takes time is about to happen. Outside of a text nothing is counted: the template is being loaded."""
    budget = _budget.get(None)
    if budget is not None:
        budget.step(number)


def measured(value: Any) -> Any:
    """The value, unless it is too large."""
    left, parts = LARGEST, [value]
    while parts:
        part = parts.pop()
        if isinstance(part, str):
            left -= len(part)
        elif isinstance(part, int):
            left -= part.bit_length() // 8
        elif isinstance(part, list | tuple | dict):
            left -= len(part)
            parts += [*part, *part.values()] if isinstance(part, dict) else part
        if left < 0:
            raise TooMuchError(f"a value becomes longer than {LARGEST:,} characters")
    return value


@pass_context
def finalize(_context: Context, value: object) -> str:
    """Every text and value on its way into the result."""
    text = value if isinstance(value, str) else str(measured(value))
    _budget.get().write(len(text))
    return text


# Filters


def limited(name: str) -> Callable[..., Any]:
    """The filter called `name` of the environment, counted and measured. It is never run while a template is compiled."""
    refuse = _REFUSALS.get(name.rstrip("!"))

    @pass_context
    def filter_(context: Context, value: Any, *args: Any, **kwargs: Any) -> Any:
        step()
        measured([args, kwargs])
        if refuse is not None:
            value = refuse(value, *args, **kwargs)
        return measured(context.environment.call_filter(name, value, args, kwargs, context))

    return filter_


def _replace(value: Any, old: Any = "", new: Any = "", count: Any = None) -> str:
    text, parts = str(value), str(value).count(str(old))
    if len(text) + parts * len(str(new)) > LARGEST:
        raise TooMuchError(f"a value becomes longer than {LARGEST:,} characters")
    return text


def _join(value: Any, d: Any = "", *_: Any, **__: Any) -> list[Any]:
    items = measured(list(value))
    if len(items) * len(str(d)) > LARGEST:
        raise TooMuchError(f"a value becomes longer than {LARGEST:,} characters")
    return items  # type: ignore[no-any-return]


def _wrap(value: Any, *args: Any, **kwargs: Any) -> Any:
    between = kwargs.get("wrapstring", args[2] if len(args) > 2 else "")
    if len(str(between or "")) > LONGEST_WRAP:
        raise TooMuchError(f"wordwrap puts at most {LONGEST_WRAP} characters between lines")
    return value


def _round(value: Any, precision: Any = 0, *_: Any, **__: Any) -> Any:
    if abs(precision) > MOST_DIGITS:
        raise TooMuchError(f"round knows at most {MOST_DIGITS} digits")
    return value


_REFUSALS: dict[str, Callable[..., Any]] = {
    "replace": _replace,
    "join": _join,
    "wordwrap": _wrap,
    "round": _round,
}
"""Of the filters whose result can be far larger than what goes in: the value, unless it would be."""


@pass_context
def _counted(_context: Context, value: Any) -> list[Any]:
    items = list(value)
    step(len(items) + 1)
    return items


@pass_context
def _joined(_context: Context, values: list[Any]) -> str:
    step()
    return "".join(map(str, measured(values)))


@pass_context
def _measured(_context: Context, value: Any) -> Any:
    return measured(value)


@pass_context
def _plain(_context: Context, value: str) -> str:
    return value


COUNTERS = {COUNTED: _counted, JOINED: _joined, MEASURED: _measured, PLAIN: _plain}


def meter(template: nodes.Template, environment: Environment) -> nodes.Template:
    """Put the counters into a template that has been parsed."""
    _Meter(environment).visit(template)
    return template


# ruff: noqa: N802, N815  Jinja2 looks for methods with the names of its nodes.
class _Meter(NodeTransformer):
    """Counts loops, measures what is joined or put together, and hands the template's own words to `finalize` too."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment

    def visit_For(self, node: nodes.For) -> nodes.Node:
        self.generic_visit(node)
        node.iter = self._through(COUNTED, node.iter)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        together = nodes.List(node.nodes, lineno=node.lineno, environment=self.environment)
        return self._through(JOINED, together)

    def visit_List(self, node: nodes.Expr) -> nodes.Node:
        self.generic_visit(node)
        return self._through(MEASURED, node)

    visit_Dict = visit_List

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:
        self.generic_visit(node)
        return self._through(MEASURED, node) if node.ctx == "load" else node

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Node:
        text = nodes.Const(node.data, lineno=node.lineno, environment=self.environment)
        return self._through(PLAIN, text)

    def _through(self, name: str, node: nodes.Node) -> nodes.Filter:
        return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno, environment=self.environment)
