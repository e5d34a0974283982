"""Own commands as keys.toml says them: what is wrong is named, and no field of a row becomes an option."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from fleettui.errors import Refused
from screens.commands.own import arguments, own_commands

WHOLE = """
[[command]]
key = "ctrl+g"
title = "In GitHub"
on = ["triage"]
run = ["gh", "issue", "view", "--", "{issue}"]
how = "page"
seconds = 20
footer = true
"""


def test_a_command_is_read_with_all_that_it_says() -> None:
    (command,) = own_commands(tomllib.loads(WHOLE)).commands
    assert (command.id, command.key, command.title) == ("own.in_github", "ctrl+g", "In GitHub")
    assert (command.on, command.how, command.seconds, command.footer) == (("triage",), "page", 20, True)
    assert command.run == ("gh", "issue", "view", "--", "{issue}")
    assert command.command.help == "Your own: runs gh. On Triage."


def test_two_of_the_same_title_have_ids_of_their_own() -> None:
    assert [command.id for command in own_commands(tomllib.loads(WHOLE * 2)).commands] == [
        "own.in_github",
        "own.in_github_2",
    ]


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ({"key": ""}, "key is missing"),
        ({"title": 7}, "title is missing"),
        ({"run": "gh issue view"}, "run is the program and its arguments"),
        ({"run": []}, "run is the program and its arguments"),
        ({"run": ["{subject}"]}, "takes nothing from the row"),
        ({"run": ["gh", "a\0b"]}, "NUL"),
        ({"how": "shell"}, "how is background, suspended or page"),
        ({"input": "terminal"}, 'needs how = "suspended"'),
        ({"on": ["kitchen"]}, "there is no screen kitchen"),
        ({"seconds": 0}, "a number from 1 to 3600"),
        ({"seconds": True}, "a number from 1 to 3600"),
        ({"footer": "yes"}, "footer is true or false"),
        ({"keys": "x"}, "keys is not known"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named_and_costs_only_its_command(table: dict[str, Any], wrong: str) -> None:
    right = {"key": "X", "title": "Right", "run": ["true"]}
    read = own_commands({"command": [{**right, "title": "Wrong", **table}, right]})
    assert [command.title for command in read.commands] == ["Right"]
    (trouble,) = read.troubles
    assert wrong in trouble
    assert trouble.startswith("[[command]] ")


def test_a_table_in_single_brackets_is_no_list_of_commands() -> None:
    assert "two brackets" in own_commands({"command": {"key": "X"}}).troubles[0]


ROW = {
    "id": "T-1",
    "subject": "-rf $(reboot); `x` {id}",
    "issue": None,
    "labels": ["bug", "sso"],
    "private": True,
    "messages": [{"body": "hello"}],
    "draft": {"by": "kathy"},
}


def test_fields_are_put_into_arguments_and_nothing_reads_them_again() -> None:
    run = [
        "echo",
        "{id}: {subject}",
        "{labels}",
        "{issue}",
        "{private}",
        "{draft.by}",
        "{{id}}",
        "--subject={subject}",
    ]
    assert arguments(run, ROW) == [
        "echo",
        "T-1: -rf $(reboot); `x` {id}",
        "bug,sso",
        "",
        "yes",
        "kathy",
        "{id}",
        "--subject=-rf $(reboot); `x` {id}",
    ]
    assert arguments(["x", "{messages}"], ROW) == ["x", '[{"body":"hello"}]']


def test_a_value_is_never_an_option_of_itself() -> None:
    with pytest.raises(Refused, match="the program would take it for an option"):
        arguments(["rm", "{subject}"], ROW)
    with pytest.raises(Refused, match="option"):
        arguments(["rm", "{issue}{subject}"], ROW)
    assert arguments(["rm", "--", "{subject}"], ROW)[2].startswith("-rf")
    assert arguments(["rm", "./{subject}"], ROW)[1].startswith("./-rf")


def test_a_field_that_is_not_there_and_a_row_that_is_not_there_are_named() -> None:
    with pytest.raises(Refused, match="the row has no customer; it has id, subject"):
        arguments(["x", "{customer}"], ROW)
    with pytest.raises(Refused, match="no row here"):
        arguments(["x", "{id}"], None)
    assert arguments(["x", "y"], None) == ["x", "y"]
