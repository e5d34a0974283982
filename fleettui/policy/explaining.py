"""What is wrong with the values of a policy file, in the words of a person: which line, which field, what belongs there.

msgspec finds that something is wrong, fast; this says what, and names all of it. Only used after a mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

import msgspec
from msgspec import inspect as types

from fleettui.errors import FleettuiError
from fleettui.policy.json_lines import Node
from fleettui.text import cleaning, finding

LONGEST = 40
"""Characters of a value that are quoted."""


MOST_NAMED = 8
"""Fields that are named where none looks like what was written."""


class Wrong(NamedTuple):
    line: int
    field: str
    what: str


def wrongs(node: Node, type_: type) -> list[Wrong]:
    """Everything in which the values do not fit the type, in the order of the file."""
    return sorted(_wrongs(node, types.type_info(type_), ""), key=lambda wrong: wrong.line)


def _wrongs(node: Node, type_: types.Type, path: str) -> Iterator[Wrong]:
    if isinstance(type_, types.Metadata):
        type_ = type_.type
    if isinstance(type_, types.UnionType):
        yield from _of_union(node, type_, path)
    elif isinstance(type_, types.StructType):
        yield from _of_struct(node, type_, path)
    elif isinstance(type_, types.DictType) and node.members is not None:
        for key, child in node.members.items():
            yield from _wrongs(child, type_.value_type, f"{path}.{key}")
    elif isinstance(type_, types.TupleType) and node.items is not None:
        yield from _of_tuple(node, type_, path)
    elif isinstance(type_, types.CollectionType) and node.items is not None:
        for number, child in enumerate(node.items):
            yield from _wrongs(child, type_.item_type, f"{path}[{number}]")
        yield from _refused(node, type_, path)
    else:
        yield from _refused(node, type_, path)


def _refused(node: Node, type_: types.Type, path: str) -> Iterator[Wrong]:
    """Of a value without parts that are described by themselves."""
    if not _fits(node, type_):
        yield _wrong(node, path, f"{wanted(type_)} belongs here, not {shown(node)}{_near(node, type_)}")


def _of_union(node: Node, type_: types.UnionType, path: str) -> Iterator[Wrong]:
    if _fits_shape(node, types.NoneType()) and type_.includes_none:
        return
    others = [choice for choice in type_.types if not isinstance(choice, types.NoneType)]
    if len(others) == 1:
        yield from _wrongs(node, others[0], path)
        return
    of_its_shape = [choice for choice in others if _fits_shape(node, choice)]
    if len(of_its_shape) == 1:
        yield from _wrongs(node, of_its_shape[0], path)
    elif not any(_fits(node, choice) for choice in others):
        choices = " or ".join(map(wanted, others))
        yield _wrong(node, path, f"{choices} belongs here, not {shown(node)}")


def _of_tuple(node: Node, type_: types.TupleType, path: str) -> Iterator[Wrong]:
    items = node.items or []
    if len(items) != len(type_.item_types):
        yield _wrong(node, path, f"{wanted(type_)} belongs here, not {shown(node)}")
        return
    for number, (child, inner) in enumerate(zip(items, type_.item_types, strict=True)):
        yield from _wrongs(child, inner, f"{path}[{number}]")


def _of_struct(node: Node, type_: types.StructType, path: str) -> Iterator[Wrong]:
    if node.members is None:
        yield _wrong(node, path, f"{wanted(type_)} belongs here, not {shown(node)}")
        return
    fields = {field.encode_name: field for field in type_.fields}
    wrong = [
        _wrong(node, path, f"the field {name!r} is missing: {wanted(field.type)}")
        for name, field in fields.items()
        if field.required and name not in node.members
    ]
    for name, child in node.members.items():
        inner = f"{path}.{name}"
        if name in fields:
            wrong += _wrongs(child, fields[name].type, inner)
        elif type_.forbid_unknown_fields:
            line = node.key_lines.get(name, child.line)
            wrong.append(Wrong(line, _tidy(inner), _unknown(name, list(fields), node.members)))
    yield from wrong or _own_check(node, type_.cls, path)


def _own_check(node: Node, cls: type, path: str) -> Iterator[Wrong]:
    """Its fields have the right types: what is wrong is for the type's own check to say (a weekday, a zone)."""
    try:
        msgspec.convert(node.plain(), cls)
    except FleettuiError as error:
        field, text = error.field, error.text
        inside = _inner_line(node, field)
        named = f"{path}.{field}" if inside else path
        yield Wrong(inside or node.line, _tidy(named), text if inside or not field else str(error))
    except msgspec.ValidationError as error:
        yield _wrong(node, path, str(error).partition(" - at `$")[0])


def _inner_line(node: Node, field: str) -> int:
    from fleettui.policy.json_lines import line_of

    return line_of(node, field) if field.partition(".")[0] in (node.members or {}) else 0


SECRETS = ("password", "token", "secret")


def _unknown(name: str, known: Sequence[str], given: Collection[str]) -> str:
    if name.casefold().endswith(SECRETS):
        return (
            "a secret does not belong here, where all of the team can read it; docs/connections.md says where"
        )
    nothing = f"there is no field {_quoted(name)} here"
    near = finding.nearest(name, known)
    if near:
        return f"{nothing}; did you mean {near!r}?"
    free = [other for other in sorted(known) if other not in given]
    more = ", …" if len(free) > MOST_NAMED else ""
    return f"{nothing}; there could be {', '.join(free[:MOST_NAMED])}{more}" if free else nothing


def _wrong(node: Node, path: str, what: str) -> Wrong:
    return Wrong(node.line, _tidy(path), what)


def _tidy(path: str) -> str:
    return path.lstrip(".")


def _fits(node: Node, type_: types.Type) -> bool:
    return _fits_shape(node, type_) and _allowed(node, type_)


_SHAPES: tuple[tuple[type | tuple[type, ...], Callable[[Node], bool]], ...] = (
    (types.NoneType, lambda node: node.value is None and node.members is None and node.items is None),
    (types.BoolType, lambda node: isinstance(node.value, bool)),
    (types.IntType, lambda node: _is_whole(node.value)),
    (types.FloatType, lambda node: isinstance(node.value, int | float) and not isinstance(node.value, bool)),
    (
        (types.StrType, types.DateType, types.TimeType, types.DateTimeType),
        lambda node: isinstance(node.value, str),
    ),
    ((types.CollectionType, types.TupleType), lambda node: node.items is not None),
    ((types.DictType, types.StructType), lambda node: node.members is not None),
)


def _is_whole(value: object) -> bool:
    return not isinstance(value, bool) and (
        isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    )


def _fits_shape(node: Node, type_: types.Type) -> bool:
    return next((fits(node) for kinds, fits in _SHAPES if isinstance(type_, kinds)), True)


def _allowed(node: Node, type_: types.Type) -> bool:
    """Limits, choices and formats, which msgspec knows best."""
    if isinstance(type_, types.LiteralType):
        return node.value in type_.values and node.members is None and node.items is None
    if isinstance(type_, types.IntType | types.FloatType):
        return isinstance(node.value, int | float) and _in_range(node.value, type_)
    if isinstance(type_, types.DateType | types.TimeType | types.DateTimeType):
        kind = _FORMATS[type(type_)]
        return _converts(node, kind)
    if isinstance(type_, types.StrType):
        text = str(node.value)
        return (type_.min_length or 0) <= len(text) and (
            type_.max_length is None or len(text) <= type_.max_length
        )
    if isinstance(type_, types.CollectionType):
        return (type_.min_length or 0) <= len(node.items or ())
    return True


def _converts(node: Node, kind: type) -> bool:
    try:
        msgspec.convert(node.plain(), kind)
    except msgspec.ValidationError:
        return False
    return True


def _in_range(value: float, type_: types.IntType | types.FloatType) -> bool:
    return (
        (type_.ge is None or value >= type_.ge)
        and (type_.gt is None or value > type_.gt)
        and (type_.le is None or value <= type_.le)
        and (type_.lt is None or value < type_.lt)
    )


def _formats() -> dict[type, type]:
    from datetime import date, datetime, time

    return {types.DateType: date, types.TimeType: time, types.DateTimeType: datetime}


_FORMATS = _formats()
_NAMES: dict[type, str] = {
    types.NoneType: "null",
    types.BoolType: "true or false",
    types.StrType: "a text",
    types.DateType: "a day like 2026-03-01",
    types.TimeType: "a time of day like 09:30",
    types.DateTimeType: "a time like 2026-03-01T09:30:00Z",
    types.DictType: "an object { … }",
    types.StructType: "an object { … }",
}


def wanted(type_: types.Type) -> str:
    """What belongs in a place, in words."""
    if isinstance(type_, types.Metadata):
        return wanted(type_.type)
    if isinstance(type_, types.LiteralType):
        return f"one of {', '.join(map(str, type_.values))}"
    if isinstance(type_, types.UnionType):
        others = [choice for choice in type_.types if not isinstance(choice, types.NoneType)]
        return " or ".join(dict.fromkeys(map(wanted, others)))
    if isinstance(type_, types.IntType | types.FloatType):
        return ("a whole number" if isinstance(type_, types.IntType) else "a number") + _limits(type_)
    if isinstance(type_, types.TupleType):
        inner = dict.fromkeys(map(wanted, type_.item_types))
        return f"a list of {len(type_.item_types)} [ … ], each of them {' or '.join(inner)},"
    if isinstance(type_, types.StrType):
        return "a text of at least one letter" if type_.min_length else _NAMES[types.StrType]
    if isinstance(type_, types.CollectionType):
        return "a list [ … ] with something in it" if type_.min_length else "a list [ … ]"
    return _NAMES.get(type(type_), "another kind of value")


def _limits(type_: types.IntType | types.FloatType) -> str:
    limits = [
        f"{word} {limit}"
        for word, limit in (
            ("of at least", type_.ge),
            ("over", type_.gt),
            ("of at most", type_.le),
            ("under", type_.lt),
        )
        if limit is not None
    ]
    return f" {' and '.join(limits)}" if limits else ""


def shown(node: Node) -> str:
    """What stands there, in words."""
    if node.members is not None:
        return "an object { … }"
    if node.items is not None:
        count = len(node.items)
        return "an empty list" if not count else f"a list of {count}"
    if node.value is None:
        return "null"
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return f"the text {_quoted(node.value)}" if isinstance(node.value, str) else f"{node.value}"[:LONGEST]


def _quoted(text: str) -> str:
    return repr(cleaning.line(text, LONGEST))


def _near(node: Node, type_: types.Type) -> str:
    if not isinstance(type_, types.LiteralType) or not isinstance(node.value, str):
        return ""
    near = finding.nearest(node.value, map(str, type_.values))
    return f"; did you mean {near!r}?" if near else ""
