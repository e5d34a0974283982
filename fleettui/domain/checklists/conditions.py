"""Whether a step applies, by the answers to its condition; and the reading of an answer."""

from __future__ import annotations

from collections.abc import Mapping

from fleettui.domain.checklists.model import Condition, Fact, Value
from fleettui.errors import Refused
from fleettui.text import reading


def applies(condition: Condition | None, answers: Mapping[str, Value]) -> bool | None:
    """Whether the condition holds; None where an answer is missing that decides it."""
    if condition is None:
        return True
    if condition.any_of:
        return _any([applies(part, answers) for part in condition.any_of])
    if condition.all_of:
        return _opposite(_any([_opposite(applies(part, answers)) for part in condition.all_of]))
    if condition.negated is not None:
        return _opposite(applies(condition.negated, answers))
    return _compare(condition, answers.get(condition.fact))


def _any(verdicts: list[bool | None]) -> bool | None:
    if True in verdicts:
        return True
    return None if None in verdicts else False


def _opposite(verdict: bool | None) -> bool | None:
    return None if verdict is None else not verdict


def _compare(condition: Condition, answer: Value | None) -> bool | None:
    if answer is None:
        return None
    if condition.equals is not None:
        return _same(answer, condition.equals)
    if isinstance(answer, str):
        return False
    return (
        (condition.over is None or answer > condition.over)
        and (condition.at_least is None or answer >= condition.at_least)
        and (condition.under is None or answer < condition.under)
        and (condition.at_most is None or answer <= condition.at_most)
    )


def _same(answer: Value, wanted: Value) -> bool:
    # In Python True == 1; in a checklist "yes" is no number.
    return isinstance(answer, bool) == isinstance(wanted, bool) and answer == wanted


def facts_in(condition: Condition | None) -> tuple[str, ...]:
    """Every fact that the condition names, in reading order."""
    if condition is None:
        return ()
    own_fact = (condition.fact,) if condition.fact else ()
    parts = (*condition.any_of, *condition.all_of, *((condition.negated,) if condition.negated else ()))
    return own_fact + tuple(name for part in parts for name in facts_in(part))


def first_open_fact(condition: Condition | None, answers: Mapping[str, Value]) -> str:
    """The first fact to ask for, where the verdict is still open."""
    return next((name for name in facts_in(condition) if name not in answers), "")


def parsed_answer(fact: Fact, answer: Value) -> Value:
    """An answer as a person gives it ("yes", "300"), as the type that the fact has."""
    if fact.type == "yes-no":
        return reading.yes_or_no(fact.key, answer)
    if fact.type == "number":
        if isinstance(answer, bool):
            raise Refused(f"a number is wanted, not {'yes' if answer else 'no'}", field=fact.key)
        return reading.number(fact.key, answer)
    text = str(answer).strip()
    if fact.type == "choice":
        return reading.one_of(fact.key, text, fact.choices)
    if not text:
        raise Refused(f"an answer is wanted to {fact.question!r}", field=fact.key)
    return text
