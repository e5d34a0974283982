"""Differences lead from one version to the other and back, whatever the two are."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fleettui.store.diff import apply, difference, overlap, unapply

plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.text("ab", max_size=2)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from("xyz"), inner, max_size=3)
    ),
    max_leaves=12,
)
documents = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), plain, max_size=4)
on_a_busy_machine = settings(suppress_health_check=[HealthCheck.too_slow])
"""Time is no property of a difference."""


@on_a_busy_machine
@given(documents, documents)
@example({"b": [False]}, {"b": [0]})
@example({"b": [{"x": True}, 1]}, {"b": [{"x": 1}, 1]})
@example({"b": {"x": [1]}}, {"b": {"x": [True]}})
def test_a_difference_leads_there_and_back(before: dict[str, Any], after: dict[str, Any]) -> None:
    changes = difference(before, after)
    kept = copy.deepcopy((before, after, changes))
    assert same(apply(copy.deepcopy(before), changes), after)
    assert same(unapply(copy.deepcopy(after), changes), before)
    assert (before, after, changes) == kept, (
        "neither the versions nor the record of the change may be touched"
    )


@on_a_busy_machine
@given(documents)
def test_there_is_no_difference_to_itself(document: dict[str, Any]) -> None:
    assert difference(document, copy.deepcopy(document)) == ()


def test_an_addition_to_a_long_list_costs_what_was_added() -> None:
    (change,) = difference({"notes": ["x"] * 1000}, {"notes": ["x"] * 1000 + ["new"]})
    assert (change.at, change.before, change.after) == (1000, [], ["new"])


def test_one_key_of_a_table_is_a_place_of_its_own() -> None:
    (change,) = difference(
        {"details": {"os": "linux", "browser": ""}}, {"details": {"os": "mac", "browser": ""}}
    )
    assert change.path == ("details", "os")
    assert not overlap(change.path, ("details", "browser"))
    assert overlap(change.path, ("details",))


def same(value: Any, other: Any) -> bool:
    """True and 1 are equal to Python, not to a file."""
    return repr(sorted_keys(value)) == repr(sorted_keys(other))


def sorted_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: sorted_keys(value[key]) for key in sorted(value)}
    return [sorted_keys(item) for item in value] if isinstance(value, list) else value
