"""YAML as nodes that know their lines, and only as much of YAML as a plain list needs. Imported late: it brings PyYAML."""

from __future__ import annotations

from typing import Any

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from fleettui.text import cleaning

DEEPEST = 8
"""An entry of a list has fields, of which one has fields of its own with a list in it: half of this."""
NULL = "tag:yaml.org,2002:null"

__all__ = ["NULL", "MappingNode", "Node", "NotPlain", "ScalarNode", "SequenceNode", "composed"]


class NotPlain(Exception):
    """What is no YAML, or more of YAML than is read here. `line` counts from 1."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line, self.what = line, what


class _PlainLoader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML has no types
    """Stops at the first thing with which a small file means a huge one."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()
            raise NotPlain(
                event.start_mark.line + 1,
                f"*{cleaning.line(event.anchor, 40)}: write it out, aliases are not read",
            )
        if self._depth >= DEEPEST:
            raise NotPlain(self.peek_event().start_mark.line + 1, f"is nested more than {DEEPEST} deep")
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


def composed(content: str) -> Node | None:
    """The one document of a text; None where it is empty."""
    try:
        loader = _PlainLoader(content)
        node: Node | None = loader.get_single_node()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = cleaning.line(str(getattr(error, "problem", "") or "is no YAML"), 120)
        raise NotPlain((mark.line if mark else 0) + 1, what) from None
    return node
