"""A template that would run for ever or fill the memory is stopped, and named with its line: it stops nobody's session."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from fleettui.errors import Unusable
from fleettui.policy.handbook import load
from tests.support.handbook_folder import new_folder

TOO_LONG = "takes too long: does it loop, or call or include itself, without end?"
TOO_LARGE = "a value becomes longer than 100,000 characters"
TOO_MUCH_TEXT = "becomes longer than 200,000 characters"
TOO_DEEP = "is nested too deeply"
WITHOUT_END = "without end"
"""Whether the time or the depth is used up first is the machine's affair."""
MANY = "a" * 40


def again(what: str, start: str = "{% set a = 'aaaaaaaaaa' %}", times: int = 60) -> str:
    """`{% set a = ... %}`, from itself, again and again."""
    return start + f"{{% set a = {what} %}}" * times


STOPPED = {
    "nested loops": ("{% for a in '" + "x" * 99 + "' %}" + "{% for b in 'xxxxxxxxx' %}" * 8
                     + "{% endfor %}" * 9, TOO_LONG),
    "a text joined to itself": (again("a ~ a"), TOO_LARGE),
    "a text added to itself": (again("a + a"), TOO_LARGE),
    "a list of itself, shown": (again("[a, a]") + "{{ a }}", TOO_LARGE),
    "a tuple of itself, shown": (again("(a, a)") + "{{ a }}", TOO_LARGE),
    "a mapping of itself, shown": (again("{1: a, 2: a}") + "{{ a }}", TOO_LARGE),
    "lists of themselves, compared": (
        again("[a, a]") + again("[b, b]", "{% set b = 'aaaaaaaaaa' %}").replace("set a", "set b") + "{{ a == b }}", TOO_LARGE),
    "numbers": (again("a * a", "{% set a = 99999999 %}"), TOO_LARGE),
    "replace": (again(f"a | replace('a', '{MANY}')"), TOO_LARGE),
    "replace, of words of the template": ("{{ 'aaaaaaaa'" + f" | replace('a', '{MANY}')" * 30 + " }}", TOO_LARGE),
    "replace of nothing": (again("a | replace('', a)"), TOO_LARGE),
    "join": (again("a | join(a)"), TOO_LARGE),
    "a list as text": (again("a | list | string"), TOO_LARGE),
    "wordwrap": (again("a | wordwrap(1, true, a)"), "wordwrap puts at most 100 characters between lines"),
    "round": ("{{ 1.5 | round(999999999, 'ceil') }}", "round knows at most 20 digits"),
    "a block that is set": ("{% set a %}aaaa{% endset %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 60, TOO_MUCH_TEXT),
    "the template's own words": ("{% set t %}{% for a in '" + "b" * 4000 + "' %}" + "x" * 4000 + "{% endfor %}{% endset %}",
                                 TOO_MUCH_TEXT),
    "a macro that calls itself twice": (
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}", TOO_LONG),
    "a macro that calls itself": ("{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(1) }}", WITHOUT_END),
    "a macro that gathers what it is given": (
        "{% macro m(n) %}{% if n %}{{ m(n - 1, varargs, varargs) }}{% endif %}{% endmacro %}{{ m(60, 'a') }}", TOO_LARGE),
    "a macro that writes its caller twice": (
        "{% macro m() %}{{ caller() }}{{ caller() }}{% endmacro %}" + "{% call m() %}" * 18 + "x" + "{% endcall %}" * 18,
        TOO_LONG),
    "a template that includes itself": ("{% include 'w9' %}", WITHOUT_END),
    "a template that extends itself": ("{% extends 'w9' %}", WITHOUT_END),
    "a filter on a block": ("{% set a = 'aaaaaaaaaaaaaaaaaaaa' %}" + f"{{% filter replace('a', '{MANY}') %}}" * 9
                            + "aaaaaaaaaa" + "{% endfilter %}" * 9, TOO_LARGE),
    "conditions in each other": ("{% if name %}" * 300 + "{% endif %}" * 300, TOO_DEEP),
    "loops in each other": ("{% for a in 'ab' %}" * 30 + "{% endfor %}" * 30, TOO_DEEP),
    "a file without end": ("x" * 200_000, "is longer than 100,000 characters"),
}  # fmt: skip


SLOW = ("a macro that gathers what it is given",)
"""On a busy machine its time may be used up first."""


@pytest.mark.parametrize("what", STOPPED)
def test_a_template_that_uses_up_too_much_is_stopped_and_named(what: str, tmp_path: Path) -> None:
    template, why = STOPPED[what]
    folder = new_folder(tmp_path)
    (folder / "templates" / "w9.j2").write_text(template)
    renderer = load(folder).renderer
    tracemalloc.start()
    with pytest.raises(Unusable) as stopped:
        renderer.render("w9", {"name": "Ada", "me": "Kathy"})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert str(stopped.value).startswith("handbook/templates/w9.j2")
    assert why in str(stopped.value) or TOO_LONG in str(stopped.value), (
        "on a slow machine the time may be used up first"
    )
    assert peak < 20_000_000


def test_templates_that_include_each_other_twice_are_stopped(tmp_path: Path) -> None:
    folder = new_folder(tmp_path)
    names = ["w9", *(file.stem for file in sorted((folder / "templates").glob("*.j2")) if file.stem != "w9")][
        :40
    ]
    for name, following in zip(names, [*names[1:], ""], strict=True):
        again_ = f"{{% include '{following}' %}}" * 2 if following else "x"
        (folder / "templates" / f"{name}.j2").write_text(again_)
    with pytest.raises(Unusable, match="takes too long"):
        load(folder).renderer.render("w9", {"name": "Ada", "me": "Kathy"})


def test_after_a_template_was_stopped_the_next_text_has_all_its_time(tmp_path: Path) -> None:
    folder = new_folder(tmp_path)
    (folder / "templates" / "w9.j2").write_text(STOPPED["nested loops"][0])
    renderer = load(folder).renderer
    for _ in range(3):
        with pytest.raises(Unusable):
            renderer.render("w9", {"name": "Ada", "me": "Kathy"})
    (folder / "templates" / "w9.j2").write_text(
        "{% for letter in name %}{{ letter }}{{ [1, 2] | join('+') }} {% endfor %}"
    )
    assert renderer.render("w9", {"name": "Ada", "me": "Kathy"}) == "A1+2 d1+2 a1+2"
