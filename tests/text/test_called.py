"""Who of us a text calls with @."""

from __future__ import annotations

import pytest

from fleettui.text.mentions import completions, mentioned

PEOPLE = [
    ("kathy", "Kathy Satterlee"),
    ("zay", "Zay Hanlon"),
    ("sam", "Sam Lee"),
    ("sbolt", "Sam Bolt"),
    ("ines", "Inês Carvalho"),
    ("jo.k", "Jo Klein"),
    ("kim", "Al Kim"),
    ("ak", "Kim Ott"),
]


@pytest.mark.parametrize(
    ("text", "logins"),
    [
        ("@zay look", ("zay",)),
        ("look, @Zay!", ("zay",)),
        ("(@zay) and @ZAY.", ("zay",)),
        ("@Kathy and @zay", ("kathy", "zay")),
        ("@kathy's", ()),
        ("@Inês", ("ines",)),
        ("@jo.k.", ("jo.k",)),
        ("@sam is a login, whoever is called so", ("sam",)),
        ("@Kim: a login comes before a name", ("kim",)),
        ("mail zay@acme.example", ()),
        ("`@zay.route` and ```\n@kathy\n```", ()),
        ("> @zay wrote\n@kathy?", ("kathy",)),
        ("@nobody", ()),
        ("@@zay", ()),
        ("no one", ()),
    ],
)
def test_a_text_calls_by_login_and_by_first_name(text: str, logins: tuple[str, ...]) -> None:
    assert mentioned(text, PEOPLE).logins == logins


def test_a_name_that_several_have_calls_nobody_and_says_so() -> None:
    people = [("slee", "Sam Lee"), ("sbolt", "Sam Bolt"), ("zay", "Zay")]
    called = mentioned("@Sam, please", people)
    assert called.logins == ()
    assert called.unclear == ("@Sam could be 2 people, so nobody is told: write @slee or @sbolt",)
    assert mentioned("@Sam Bolt, please", people).logins == ("sbolt",)
    assert mentioned("@Sam Bolton, please", people).logins == ()


def test_whoever_is_on_call_is_called_as_such() -> None:
    called = mentioned("first\nask @on-call or @Oncall", PEOPLE)
    assert called.on_call and called.logins == () and called.line == "ask @on-call or @Oncall"


def test_what_is_typed_is_completed_by_login_and_by_any_part_of_a_name() -> None:
    assert [login for login, _ in completions("s", PEOPLE)] == ["kathy", "sbolt", "sam"]
    assert completions("hanl", PEOPLE) == [("zay", "Zay Hanlon")]
    assert completions("x", PEOPLE) == []
