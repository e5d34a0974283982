"""Searching in a long text: where the words are, also across a break of lines."""

from __future__ import annotations

from screens.widgets.text_search import TextSearch, matches_in, painted

LINES = [
    [("Customer    ", "muted"), ("The agent cannot", "")],
    [("            ", ""), ("reach the server", "")],
    [("An Agent again", "heading")],
]
PARAGRAPHS = [0, 2]


def pieces(typed: str) -> list[list[tuple[int, ...]]]:
    return [[tuple(piece) for piece in match] for match in matches_in(LINES, PARAGRAPHS, typed)]


def test_in_any_case_and_in_labels_too() -> None:
    assert pieces("agent") == [[(0, 16, 21)], [(2, 3, 8)]]
    assert pieces("CUSTOMER") == [[(0, 0, 8)]]


def test_across_a_break_of_lines_it_is_one_match() -> None:
    assert pieces("cannot reach") == [[(0, 22, 28), (1, 12, 17)]]


def test_not_across_paragraphs() -> None:
    assert pieces("server an") == []


def test_signs_mean_themselves_and_nothing_finds_nothing() -> None:
    assert pieces(".*") == []
    assert pieces("  ") == []


def test_a_line_is_painted_where_its_matches_are() -> None:
    (match,) = matches_in(LINES, PARAGRAPHS, "cannot reach")
    assert painted(LINES[0], [(match[0], True)]) == [
        ("Customer    ", "muted"),
        ("The agent ", ""),
        ("cannot", "here"),
    ]
    assert painted(LINES[1], [(match[1], False)]) == [
        ("            ", ""),
        ("reach", "match"),
        (" the server", ""),
    ]


def test_from_match_to_match_and_round() -> None:
    search = TextSearch()
    search.look(LINES, PARAGRAPHS, "agent", 1)
    assert (search.count, search.line) == ("2/2", 2)
    search.step(1)
    assert (search.count, search.line) == ("1/2", 0)
    search.step(-1)
    assert search.count == "2/2"
    search.look(LINES, PARAGRAPHS, "nothing like it", 0)
    assert (search.count, search.line) == ("0/0", -1)
    search.step(1)
