"""Prompts are sentences: the line in which one chooses begins with a capital letter everywhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import screens

NOT_ASKED = {"missed?", "how did it go?", "outcome?"}
"""Stages of calls."""
PROMPTS = {"HINT", "PLACEHOLDER"}
ARGUMENTS = {"placeholder"}


def written_in(node: ast.AST | None) -> str:
    """A text, as far as it is known before anybody runs it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(written_in(part) for part in node.values)
    return ""


def prompts_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and written_in(node).endswith("?"):
            yield written_in(node)
        elif isinstance(node, ast.keyword) and node.arg in ARGUMENTS:
            yield written_in(node.value)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id in PROMPTS for target in targets):
                yield written_in(node.value)


def test_every_prompt_begins_with_a_capital_letter() -> None:
    prompts = {
        prompt
        for path in Path(screens.__file__).parent.rglob("*.py")
        for prompt in prompts_in(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert len(prompts) > 20
    small = {prompt for prompt in prompts - NOT_ASKED if prompt[:1].islower()}
    assert small == set()
