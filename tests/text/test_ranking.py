"""Finding by a name while somebody types: which of thousands comes first."""

from __future__ import annotations

import pytest

from fleettui.text.ranking import Ranking, prepared, worth

RESOLVE = prepared(
    "command:resolve", ("resolve", "triage resolve", "close", "solve"), "Resolves it.", 60, is_loose=True
)
REPLY = prepared("command:reply", ("reply", "triage reply", "answer"), "Writes an answer.", 60, is_loose=True)
ADD_PERSON = prepared("command:add", ("add person", "team add"), "Adds a person.", 20, is_loose=True)
LOGIN = prepared("ticket:T-1042", ("T-1042 Login fails after the upgrade", "1042"), "Acme open", 30)
SLOW = prepared("ticket:T-1043", ("T-1043 Report of hosts is slow", "1043"), "Müller Söhne open", 30)
ACME = prepared("customer:K-1", ("Acme", "K-1"), "customer Ultimate jo@acme.example", 40)
EVERY = (RESOLVE, REPLY, ADD_PERSON, LOGIN, SLOW, ACME)


def best(typed: str, **used: float) -> list[str]:
    lately = {key.replace("_", ":"): count for key, count in used.items()}
    return [thing.key for thing in Ranking(EVERY).best(typed, lately, 10)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("resolve", "command:resolve"),
        ("close", "command:resolve"),
        ("T-1042", "ticket:T-1042"),
        ("1043", "ticket:T-1043"),
        ("upgr log", "ticket:T-1042"),
        ("acme", "customer:K-1"),
        ("acme login", "ticket:T-1042"),
        ("muller", "ticket:T-1043"),
        ("MÜLLER", "ticket:T-1043"),
        ("jo@acme", "customer:K-1"),
    ],
)
def test_what_has_the_words_comes_first(typed: str, first: str) -> None:
    assert best(typed)[:1] == [first]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("rsv", "command:resolve"),
        ("rpl", "command:reply"),
        ("adpers", "command:add"),
        ("upgrd", "ticket:T-1042"),
        ("reslove", "command:resolve"),
        ("repply", "command:reply"),
        ("logim fails", "ticket:T-1042"),
        ("hosts solw", "ticket:T-1043"),
    ],
)
def test_letters_in_order_and_a_slip_are_enough(typed: str, first: str) -> None:
    assert best(typed)[:1] == [first]


def test_nothing_like_it_finds_nothing() -> None:
    assert best("xqzzy") == []
    assert best("  ") == []
    assert best("+*[(") == []


def test_an_exact_name_stays_above_what_is_used_often() -> None:
    assert best("acme", ticket_T_1042=50.0)[0] == "customer:K-1"


def test_what_was_chosen_often_comes_before_what_is_as_like() -> None:
    things = [prepared(f"ticket:T-{number}", (f"T-{number} login fails",)) for number in range(50)]
    ranking = Ranking(things)
    assert ranking.best("login", {}, 3)[0].key == "ticket:T-0"
    assert ranking.best("login", {"ticket:T-37": 1.0}, 3)[0].key == "ticket:T-37"
    assert worth(0) == 0 < worth(1) < worth(5) < worth(500) <= 350


def test_only_what_is_wanted_comes_into_question() -> None:
    wanted = Ranking(EVERY).best("acme", {}, 10, lambda thing: thing.key.startswith("ticket:"))
    assert [thing.key for thing in wanted] == ["ticket:T-1042"]


def test_a_letter_more_and_a_letter_less_find_as_a_new_search_does() -> None:
    ranking = Ranking(EVERY)
    for typed in ("l", "lo", "log", "login", "lo", "r", "re", "rep", "", "acme", "acme l", "a"):
        assert ranking.best(typed, {}, 10) == Ranking(EVERY).best(typed, {}, 10)


def test_what_is_used_is_listed_however_many_are_alike() -> None:
    things = [prepared(f"ticket:T-{number}", (f"T-{number} login fails",)) for number in range(5_000)]
    listed = Ranking(things).best("l", {"ticket:T-4999": 1.0}, 5)
    assert listed[0].key == "ticket:T-4999"
    assert len(listed) == 5
