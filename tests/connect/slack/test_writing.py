"""How our texts are written in Slack: nobody is called who is not meant, and long ones come in parts."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleettui.connect.slack_writing import LONGEST, mrkdwn, names_for, parts_of

NAMES = names_for([("Leo Marsh", "U01LEO"), ("Kathy Bates", "U01KATHY"), ("kathy", "U01KATHY")])


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("a < b && b > c", "a &lt; b &amp;&amp; b &gt; c"),
        ("<!here> <!channel> <@U01LEO>", "&lt;!here&gt; &lt;!channel&gt; &lt;@U01LEO&gt;"),
        ("@here @channel @everyone", "@here @channel @everyone"),
        ("<https://evil.example|our site>", "&lt;https://evil.example|our site&gt;"),
        ("Hi @Leo Marsh, look", "Hi <@U01LEO>, look"),
        ("Hi @leo: look", "Hi <@U01LEO>: look"),
        ("@kathy & @Leo", "<@U01KATHY> &amp; <@U01LEO>"),
        ("@Leonard", "@Leonard"),
        ("leo@leo.example and x@leo", "leo@leo.example and x@leo"),
        ("> @Leo wrote this\nand @Leo?", "&gt; @Leo wrote this\nand <@U01LEO>?"),
        ("`@leo` ```\n@leo\n``` @leo", "`@leo` ```\n@leo\n``` <@U01LEO>"),
        ("@\u0130leo @\u212aathy", "@\u0130leo <@U01KATHY>"),
    ],
)
def test_only_who_is_meant_is_called(typed: str, written: str) -> None:
    assert mrkdwn(typed, NAMES) == written


def test_two_of_one_name_are_called_by_their_whole_name_alone() -> None:
    names = names_for([("Leo Marsh", "U01LEO"), ("Leo Finch", "U02LEO"), ("Jo", ""), ("Ann", "no id")])
    assert names == {"leo marsh": "U01LEO", "leo finch": "U02LEO"}


@given(st.text(alphabet=st.sampled_from("ab<>&;@!#|`*_ \n\U0001f600"), max_size=400))
def test_whatever_is_typed_comes_back_as_it_was(typed: str) -> None:
    written = mrkdwn(typed, NAMES)
    assert "<" not in written and ">" not in written
    assert unescape(written) == typed


@given(st.text(alphabet=st.sampled_from("ab&< \n`"), max_size=1500), st.integers(250, 600))
def test_parts_have_everything_in_order_and_are_not_too_long(typed: str, longest: int) -> None:
    parts = parts_of(typed, longest)
    assert all(len(mrkdwn(part, {})) <= longest for part in parts)
    assert _signs("".join(parts)) == _signs(typed)


def _signs(text: str) -> str:
    return "".join(text.replace("`", "").split())


def test_a_short_text_is_one_part() -> None:
    assert parts_of("Hi Leo,\n\nit is done.\n") == ["Hi Leo,\n\nit is done."]


def test_a_long_text_is_cut_between_paragraphs() -> None:
    paragraphs = [f"Paragraph {number}: " + "some words. " * 60 for number in range(20)]
    parts = parts_of("\n\n".join(paragraphs))
    assert len(parts) > 3
    assert all(part.startswith("Paragraph") and len(part) <= LONGEST for part in parts)


def test_code_that_goes_on_in_the_next_part_stays_code() -> None:
    parts = parts_of("Run:\n```\n" + "echo @leo <x>\n" * 600 + "```\nand then @leo")
    assert len(parts) > 1
    assert all(part.count("```") == 2 for part in parts)
    assert "<@" not in "".join(mrkdwn(part, NAMES) for part in parts[:-1])
    assert mrkdwn(parts[-1], NAMES).endswith("and then <@U01LEO>")
