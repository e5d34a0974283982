"""Every text that leaves: complete, in order, and written by templates that can do nothing but write."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from fleettui.domain.messages import MessageTemplate
from fleettui.errors import FleettuiError, Refused, Unusable
from fleettui.policy.handbook import Handbook, load, seed_files
from fleettui.policy.messages import renderer
from tests.support.handbook_folder import edit

SHIPPED = {
    name.removeprefix("templates/").removesuffix(".j2") for name, _ in seed_files() if name.endswith(".j2")
}


def everything(message: MessageTemplate) -> dict[str, Any]:
    """A value for each variable, none of which could come about by chance."""
    return {
        variable.name: [f"<{variable.name} 1>", f"<{variable.name} 2>"]
        if variable.list
        else f"<{variable.name}>"
        for variable in message.variables
    }


def needed(message: MessageTemplate) -> dict[str, Any]:
    optional = {variable.name for variable in message.variables if variable.default is not None}
    return {name: value for name, value in everything(message).items() if name not in optional}


def write(folder: Path, content: str | bytes) -> None:
    path = folder / "templates" / "w9.j2"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def w9(folder: Path, **variables: object) -> str:
    return load(folder).renderer.render("w9", {"name": "Ada", "me": "Kathy", **variables})


# What is shipped.


def test_each_template_is_declared_and_each_declaration_has_its_template(handbook: Handbook) -> None:
    assert {message.name for message in handbook.messages.messages} == SHIPPED
    assert list(handbook.renderer.mistakes()) == []


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_message_says_all_that_it_is_given(handbook: Handbook, name: str) -> None:
    message = handbook.renderer.message(name)
    text = handbook.renderer.render(name, everything(message))
    wanted = [
        value
        for given in everything(message).values()
        for value in (given if isinstance(given, list) else [given])
    ]
    # Some variables only decide whether a line is there.
    deciding = {
        "<declined>",
        "<done_nda>",
        "<private>",
        "<review_needed>",
        "<special_terms>",
        "<done_screenshot>",
    }
    assert {value for value in wanted if value not in text} <= deciding
    assert "\n\n\n" not in text and text == text.strip()


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_message_is_whole_with_only_what_it_needs(handbook: Handbook, name: str) -> None:
    message = handbook.renderer.message(name)
    text = handbook.renderer.render(name, needed(message))
    for sign in ("{{", "{%", "None", "()", " .", "  ", "[]"):
        assert sign not in text
    for line in text.splitlines():
        assert line == line.rstrip()


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_no_line_swallows_the_next(name: str) -> None:
    """Jinja2 takes the line end after a block away: text before it on the same line would run into the next line."""
    source = dict(seed_files())[f"templates/{name}.j2"].decode()
    for line in source.splitlines()[:-1]:
        assert not (line.endswith("%}") and not line.strip().startswith("{%")), line


def test_sup_3_the_auto_reply_has_its_four_parts(handbook: Handbook) -> None:
    text = handbook.renderer.render(
        handbook.tickets.auto_reply,
        {"name": "<@U7>", "hours": "Monday to Friday, 6:00 to 16:00 Pacific", "ticket": "T-1042"},
    )
    assert text.startswith("Hi <@U7>")
    for part in (
        "closed",
        "Monday to Friday, 6:00 to 16:00 Pacific",
        "T-1042",
        "as soon as possible",
        "in this thread",
    ):
        assert part in text


def test_sup_14_the_canned_answers(handbook: Handbook) -> None:
    licence = handbook.renderer.render("licence-purchase-error", {"name": "Ada", "me": "Kathy"})
    for part in (
        "fixing it",
        "refunded",
        "three more hosts for the year",
        "as soon as your account is in order",
        "question is welcome",
    ):
        assert part in licence
    sandbox = handbook.renderer.render(
        "sandbox-live-query-error", {"name": "Ada", "me": "Kathy", "link": "https://x.example/1"}
    )
    for part in (
        "sorry",
        "error 500",
        "looking into the cause",
        "public",
        "https://x.example/1",
        "Thank you for trying",
    ):
        assert part in sandbox
    canned = {message.name for message in handbook.messages.messages if message.canned}
    assert {"out-of-hours", "licence-purchase-error", "sandbox-live-query-error", "details-request"} <= canned


def test_sup_7_each_call_for_help_goes_where_it_should(handbook: Handbook) -> None:
    by = {help_.key: handbook.renderer.message(help_.message) for help_ in handbook.channels.help}
    for help_ in handbook.channels.help:
        assert by[help_.key].by == help_.channel
    assert handbook.renderer.render("escalate-engineering", needed(by["engineering"])).startswith("@oncall ")


def test_call_2_title_and_heading(handbook: Handbook) -> None:
    notes, who = handbook.calls.notes, {"name": "Ada Lovelace", "company": "Engines Ltd", "when": "tomorrow"}
    assert handbook.renderer.render(notes.title, who) == "Ada Lovelace (Engines Ltd)"
    assert handbook.renderer.render(notes.heading, who) == "# Ada Lovelace (Engines Ltd)"
    assert handbook.renderer.render(notes.document, who).startswith("# Ada Lovelace (Engines Ltd)\n")
    assert (
        handbook.renderer.render(notes.meeting_title, {"account": "Engines Ltd", "day": "2026-03-09"})
        == "Engines Ltd 2026-03-09"
    )


LADDER = (
    "call-missed-slack",
    "call-missed-email",
    "call-missed-linkedin",
    "call-missed-text",
    "call-missed-voice",
    "call-slots",
)


@pytest.mark.parametrize("name", LADDER)
def test_call_10_the_ladder_asks_how_they_are_and_blames_nobody(handbook: Handbook, name: str) -> None:
    text = handbook.renderer.render(name, needed(handbook.renderer.message(name))).lower()
    assert "all is well" in text or "no problem at all" in text
    for blame in (
        "missed",
        "no-show",
        "forgot",
        "you did not",
        "didn't",
        "unfortunately",
        "waiting for you",
        "late",
    ):
        assert blame not in text


def test_call_9_the_proposal_confirms_the_contact_details(handbook: Handbook) -> None:
    values = {
        "name": "Ada",
        "me": "Kathy",
        "call": "our call",
        "slots": ["Tue 9:00", "Wed 9:00"],
        "address": "ada@x.example",
    }
    text = handbook.renderer.render("call-slots", values)
    assert "1. Tue 9:00\n2. Wed 9:00" in text
    assert "reach you at ada@x.example, and can you open them?" in text


def test_play_2_the_link_of_the_licence_lasts_seven_days(handbook: Handbook) -> None:
    given = {"name": "Ada", "me": "Zay", "licence_link": "x"}
    assert "7 days" in handbook.renderer.render("licence-key", given)


def test_sup_13_public_texts_say_so(handbook: Handbook) -> None:
    assert {message.name for message in handbook.messages.messages if message.public} == {
        "issue-body",
        "release-announcement",
    }


# Variables.


@pytest.mark.parametrize("name", ["details-request", "issue-link", "call-missed-email", "emergency-answer"])
def test_sup_3_a_greeting_without_a_name_has_none(handbook: Handbook, name: str) -> None:
    writer = handbook.renderer
    given = {variable.name: "x" for variable in writer.message(name).variables if variable.name != "name"}
    lines = writer.render(name, given).splitlines()
    assert any(line == "Hi," or line.startswith("Hi, ") for line in lines)


def test_sup_3_every_text_that_greets_knows_whom_and_needs_no_name(handbook: Handbook) -> None:
    for message in handbook.messages.messages:
        if "Hi {{ name }}" in handbook.renderer.source(message.name) and message.audience == "customer":
            (name,) = [variable for variable in message.variables if variable.name == "name"]
            assert name.is_greeting, message.name


def test_what_is_missing_is_named_all_at_once(handbook: Handbook) -> None:
    with pytest.raises(Refused) as caught:
        handbook.renderer.render("details-request", {"me": "Kathy", "name": "  ", "questions": []})
    assert str(caught.value) == (
        "details-request: still wanted: subject (What it is about), "
        "questions (The required questions that have no answer yet)"
    )
    assert [row.name for row in handbook.renderer.missing("issue-link", {"subject": "x"})] == ["link"]


def test_a_teams_template_may_ask_for_less(folder: Path) -> None:
    write(folder, "Attached.")
    assert load(folder).renderer.render("w9", {}) == "Attached."


def test_an_unknown_message_is_refused_with_the_nearest(handbook: Handbook) -> None:
    with pytest.raises(Refused, match="there is no message 'licence-keys'; did you mean 'licence-key'"):
        handbook.renderer.render("licence-keys", {})
    for name in ("../w9", "/etc/passwd", ""):
        with pytest.raises(Refused, match="there is no message"):
            handbook.renderer.render(name, {})


def test_what_comes_from_outside_stays_text(folder: Path) -> None:
    hostile = "{{ 7 * 7 }} {% include 'quote' %} <b>&amp;</b> \x1b[31mred\x1b[0m\u202e"
    text = load(folder).renderer.render("w9", {"name": hostile, "me": "Kathy"})
    assert text.startswith("Hi {{ 7 * 7 }} {% include 'quote' %} <b>&amp;</b> red,")


def test_values_have_nothing_in_them(folder: Path) -> None:
    class Secret:
        key = "hunter2"

        def __str__(self) -> str:
            return "a secret"

    write(folder, "{{ name }}{{ name.key }}")
    with pytest.raises(FleettuiError) as caught:
        w9(folder, name=Secret())
    assert "hunter2" not in str(caught.value)
    write(folder, "{{ name }}")
    assert w9(folder, name=Secret()) == "a secret"
    assert w9(folder, name=0) == "0"


# Templates.


def test_the_teams_template_comes_first_and_an_edit_counts_at_once(folder: Path) -> None:
    writer = load(folder).renderer
    values = {"name": "Ada", "me": "Kathy"}
    assert "W-9" in writer.render("w9", values)
    write(folder, "{{ name }}: see attached. {{ me }}")
    assert writer.render("w9", values) == "Ada: see attached. Kathy"
    (folder / "templates" / "w9.j2").unlink()
    assert "W-9" in writer.render("w9", values), "the shipped one stands in"
    assert writer.source("w9").startswith("Hi {{ name }}")


def test_a_template_may_include_another_of_the_folder(folder: Path) -> None:
    (folder / "templates" / "signature.j2").write_text("-- {{ me }}")
    write(folder, "Attached.\n{% include 'signature' %}")
    assert w9(folder) == "Attached.\n-- Kathy"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("a\n\n{% if %}", "handbook/templates/w9.j2, line 3: a value or a condition is missing here"),
        ("a\n{{ name", "handbook/templates/w9.j2, line 2: the template ends too early"),
        ("{% if name %}\na", "handbook/templates/w9.j2, line 2: {% if %} is never closed"),
        ("a\n{{ name | nonsense }}", "handbook/templates/w9.j2, line 2: there is no filter 'nonsense'"),
        ("a\n{{ 1 / 0 }}", "handbook/templates/w9.j2, line 2: division by zero"),
        ("a\n{{ name.nothing }}", "handbook/templates/w9.j2, line 2: "),
        (
            "{% macro a() %}{{ a() }}{% endmacro %}\n{{ a() }}",
            "handbook/templates/w9.j2, line 1: calls or includes itself",
        ),
        ("{% include 'w9' %}", "handbook/templates/w9.j2, line 1: calls or includes itself"),
        (b"a\nb\xff", "handbook/templates/w9.j2, line 2: this is not UTF-8 text"),
        ("(" * 5000 + "{{ " + "(" * 5000, "handbook/templates/w9.j2"),
    ],
)
def test_a_broken_template_is_named_with_its_line(folder: Path, template: str | bytes, message: str) -> None:
    write(folder, template)
    with pytest.raises(Unusable) as caught:
        w9(folder)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_a_mistake_in_what_is_included_is_named_there(folder: Path) -> None:
    (folder / "templates" / "signature.j2").write_text("a\nb\n{{ 1 / 0 }}")
    write(folder, "{% include 'signature' %}")
    with pytest.raises(Unusable, match=r"templates/signature\.j2, line 3: division by zero"):
        w9(folder)


@pytest.mark.parametrize(
    "attack",
    [
        "{{ name.__class__.__mro__ }}",
        "{{ name.upper() }}",
        "{{ ''.join(['a']) }}",
        "{{ '%s' % name }}",
        "{{ '{0.__class__}'.format(name) }}",
        "{{ name | attr('__class__') }}",
        "{{ name | map(attribute='__class__') | list }}",
        "{% include '/etc/passwd' %}",
        "{% include '../roles.json' %}",
        "{% include 'templates/quote' %}",
        "{% extends '../../x' %}",
        "{% import 'nowhere' as x %}",
        "{{ range(3) | join }}",
        "{{ lipsum() }}",
        "{{ cycler('a').next() }}",
        "{{ self._TemplateReference__context }}",
        "{{ config }}",
        "{{ 'x' * 99999999 }}",
        "{{ 99999999 * 'x' }}",
        "{{ ['x'] * 99999999 }}",
        "{{ 9 ** 999999999 }}",
    ],
)
def test_a_template_can_do_nothing_but_write(folder: Path, attack: str) -> None:
    write(folder, "a " + attack)
    with pytest.raises(FleettuiError) as caught:
        w9(folder)
    assert "\n" not in str(caught.value)
    assert not re.search(r"0x[0-9a-f]{6}|root:", str(caught.value))


@pytest.mark.parametrize("name", ["../secret", "..//secret", "./../secret"])
def test_no_template_reaches_out_of_its_folder(folder: Path, name: str) -> None:
    (folder / "secret.j2").write_text("hunter2")
    write(folder, f"{{% include '{name}' %}}")
    with pytest.raises(Unusable, match="there is no template"):
        w9(folder)


def test_a_template_that_goes_on_and_on_is_stopped(folder: Path) -> None:
    digits = "".join(f"{{% for {letter} in '0123456789' %}}" for letter in "abcdefgh")
    write(folder, digits + "xxxxxxxxxx" + "{% endfor %}" * 8)
    with pytest.raises(Unusable, match=r"w9\.j2: becomes longer than 20,000 characters"):
        w9(folder)


def test_a_template_that_is_a_link_is_refused(folder: Path) -> None:
    (folder / "templates" / "w9.j2").unlink()
    (folder / "templates" / "w9.j2").symlink_to("/etc/passwd")
    with pytest.raises(Unusable, match=r"templates/w9\.j2: is a symbolic link"):
        w9(folder)


def test_declared_but_nowhere_written(folder: Path) -> None:
    edit(folder, "messages.json", "messages", 0, "name", to="our-own")
    with pytest.raises(Unusable, match=r"handbook/templates/our-own\.j2: is not there"):
        load(folder).renderer.render("our-own", {})


def test_render_stands_alone() -> None:
    assert renderer.render("call-notes-title", {"name": "Ada", "company": "Engines"}) == "Ada (Engines)"


# Lists that are given as text.


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("Live queries", ["Live queries"]),
        ("Live queries, faster search ,", ["Live queries", "faster search"]),
        ("Live queries, but faster\nNew tables\n\n", ["Live queries, but faster", "New tables"]),
        ("設備の一覧,検索", ["設備の一覧", "検索"]),
        (7, ["7"]),
    ],
)
def test_a_list_that_is_given_as_text_is_split_at_lines_or_commas(
    handbook: Handbook, text: object, items: list[str]
) -> None:
    given = {"version": "4.80", "day": "on Monday", "features": text}
    written = handbook.renderer.render("release-announcement", given)
    assert [row.removeprefix("- ") for row in written.splitlines() if row.startswith("- ")] == items


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_no_list_of_any_message_is_split_by_letter(handbook: Handbook, name: str) -> None:
    message = handbook.renderer.message(name)
    given = {
        variable.name: "first item, second item" if variable.list else "x" for variable in message.variables
    }
    if any(variable.list for variable in message.variables):
        written = handbook.renderer.render(name, given)
        assert "first item" in written
        assert "second item" in written
