"""What is wrong in a policy file is said in the words of a person, with the line: wherever in whichever file it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from fleettui.policy import json_lines
from fleettui.policy.files import TOP_FILES, Mistake, every_mistake
from fleettui.policy.handbook import seed_files
from fleettui.policy.shapes import PARTS, type_of

SHIPPED = {
    name: json.loads(content)
    for name, content in seed_files()
    if name in TOP_FILES or name in ("playbooks/play-02.json", "playbooks/play-03.json")
}
"""One of each type: all playbooks have the same."""
LIBRARY = re.compile(
    r"[Ee]xpected|\bgot\b|`|\$\.|\bNone\b|\bstr\b|\bint\b|\b[Aa]rray\b|[Oo]bject contains|required field|\bdict\b|"
    r"\[\.\.\.\]|[Ii]nvalid|delimiter|decode"
)
"""The words of libraries and of Python."""
OTHER: tuple[Any, ...] = ("x", 3, 1.5, True, None, [], {}, [3], {"x": 1})

Path = tuple[str | int, ...]


def wrong_in(name: str, raw: Any) -> list[Mistake]:
    type_ = type_of(name)
    assert type_ is not None
    content = json.dumps(raw, indent=1).encode()
    mistakes = every_mistake(content, type_, name)
    lines = content.decode().split("\n")
    for mistake in mistakes:
        assert not LIBRARY.search(mistake.what), mistake
        assert mistake.what and "\n" not in mistake.what
        assert 1 <= mistake.line <= len(lines), mistake
    return mistakes


def places(raw: Any, path: Path = ()) -> Iterator[Path]:
    """Each field once by its name: the second ritual has the same fields as the first."""
    seen: set[tuple[str, ...]] = set()
    for place in every_place(raw, path):
        names = tuple(part for part in place if isinstance(part, str))
        if names not in seen:
            seen.add(names)
            yield place


def every_place(raw: Any, path: Path) -> Iterator[Path]:
    if path:
        yield path
    for part, inner in (
        raw.items() if isinstance(raw, dict) else enumerate(raw if isinstance(raw, list) else ())
    ):
        yield from every_place(inner, (*path, part))


def put(raw: Any, path: Path, value: Any) -> Any:
    """A copy with another value in one place."""
    copied = json.loads(json.dumps(raw))
    inner = copied
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    return copied


def with_few_rows(raw: Any) -> Any:
    """Of each list the first two rows, and those with a field that no earlier one has: with the others the same would be read
    some thousand times more."""
    if isinstance(raw, dict):
        return {key: with_few_rows(value) for key, value in raw.items()}
    if not isinstance(raw, list):
        return raw
    kept, seen = [], set[tuple[str, ...]]()
    for number, row in enumerate(raw):
        names = {tuple(part for part in path if isinstance(part, str)) for path in every_place(row, ())}
        if number < 2 or names - seen:
            kept.append(with_few_rows(row))
        seen |= names
    return kept


def field_of(path: Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def test_every_file_of_the_handbook_has_its_type() -> None:
    assert set(PARTS) == set(TOP_FILES)
    assert all(type_of(name) is not None for name in SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_value_of_another_kind_is_said_with_line_and_field(name: str) -> None:
    raw, few = SHIPPED[name], with_few_rows(SHIPPED[name])
    assert wrong_in(name, raw) == []
    assert len(list(places(few))) == len(list(places(raw)))
    if not wrong_in(name, few):  # else rows name others that were left out
        raw = few
    for path in places(raw):
        for other in OTHER:
            wrongs = wrong_in(name, put(raw, path, other))
            kinds = [wrong for wrong in wrongs if "belongs here" in wrong.what]
            assert all(wrong.field.startswith(field_of(path)) for wrong in kinds), (path, other, wrongs)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_misspelt_field_is_named_with_the_one_that_was_meant(name: str) -> None:
    raw = SHIPPED[name]
    for path in places(raw):
        key = path[-1]
        if not isinstance(key, str) or len(key) < 4:
            continue
        inner = raw
        for part in path[:-1]:
            inner = inner[part]
        slip = f"{key[:-1]}z"
        misspelt = {slip if other == key else other: value for other, value in inner.items()}
        changed = put(raw, path[:-1], misspelt) if path[:-1] else misspelt
        content = json.dumps(changed, indent=1)
        for wrong in wrong_in(name, changed):
            if "there is no field" in wrong.what:
                assert f"did you mean '{key}'?" in wrong.what, wrong
                assert f'"{slip}"' in content.split("\n")[wrong.line - 1]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_field_that_is_left_out_is_named_with_what_belongs_there(name: str) -> None:
    raw = SHIPPED[name]
    for path in places(raw):
        inner = raw
        for part in path[:-1]:
            inner = inner[part]
        if isinstance(path[-1], str):
            rest = {key: value for key, value in inner.items() if key != path[-1]}
            wrong_in(name, put(raw, path[:-1], rest) if path[:-1] else rest)


def test_all_that_is_wrong_in_a_file_is_named_at_once() -> None:
    raw = put(SHIPPED["rituals.json"], ("rituals", 3, "rhythm", "interval"), "x")
    raw = put(raw, ("rituals", 5, "rhythm", "every"), "weak")
    raw = put(raw, ("rituals", 7, "nmae"), "x")
    assert [(wrong.field, wrong.what.partition(";")[2]) for wrong in wrong_in("rituals.json", raw)] == [
        ("rituals[3].rhythm.interval", ""),
        ("rituals[5].rhythm.every", " did you mean 'week'?"),
        ("rituals[7].nmae", " did you mean 'name'?"),
    ]


@pytest.mark.parametrize(
    ("text", "what", "line", "column"),
    [
        ('{\n "a": 1\n "b": 2}', "a comma is missing here", 2, 8),
        ('{\n "a": 1,\n}', "there is a comma too many", 3, 1),
        ("[1,,2]", "there is a comma too many", 1, 4),
        ('{"a" 1}', "a colon is missing after 'a'", 1, 6),
        ('{"a": "x\n}', "this text has no closing quotation mark", 1, 7),
        ('{"a": x}', "'x' needs quotation marks: \"…\"", 1, 7),
        ('{"a": True}', "write true, false or null in small letters, not 'True'", 1, 7),
        ("{a: 1}", "the name of a field in double quotation marks is expected, not 'a'", 1, 2),
        ("{'a': 1}", "the name of a field in double quotation marks is expected, not \"'a'\"", 1, 2),
        ('{"a": 1} x', "here nothing more is expected, but there is 'x'", 1, 10),
        ('{"a": [1}', "a ] is expected here, not a }", 1, 9),
        ('{"a": 01}', "'01' is not a number as JSON writes it", 1, 7),
        ('{"a": 1', "the file ends here; a } is missing", 1, 8),
        ('{"a": "\\d"}', 'after \\ stands one of " \\ / b f n r t u; a single \\ is written \\\\', 1, 8),
        ('// x\n{"a": 1}', "JSON has no comments; take it out", 1, 1),
        ("", "the file is empty", 1, 1),
        (" \n", "the file is empty", 2, 1),
        ("[" * 100_000, "this is nested too deeply", 1, 202),
    ],
)
def test_broken_json_is_said_in_words_with_line_and_column(
    text: str, what: str, line: int, column: int
) -> None:
    with pytest.raises(json_lines.BrokenJson) as caught:
        json_lines.read(text.encode())
    assert (caught.value.what, caught.value.line, caught.value.column) == (what, line, column)


@pytest.mark.parametrize("name", ["hours.json", "rituals.json", "playbooks/play-03.json"])
def test_a_file_that_is_cut_anywhere_is_said_to_end(name: str) -> None:
    content = json.dumps(SHIPPED[name]).encode()
    type_ = type_of(name)
    assert type_ is not None
    for length in range(0, len(content), 37):
        (mistake,) = every_mistake(content[:length], type_, name)
        assert not LIBRARY.search(mistake.what), mistake.what


def test_what_is_read_with_lines_is_what_python_reads() -> None:
    for name, content in seed_files():
        if name.endswith(".json"):
            assert json_lines.read(content).plain() == json.loads(content)
    odd = '{"a": [1, -2.5e3, "\\u00e9\\n\\"", true, null, {}, []], "b": {"c": "ü"}}'
    assert json_lines.read(odd.encode()).plain() == json.loads(odd)
