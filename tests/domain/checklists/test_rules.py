"""The engine under rituals, calls and playbooks, on small lists made for each rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleettui.domain.checklists import rules as checklist
from fleettui.domain.checklists import status
from fleettui.domain.checklists.conditions import applies
from fleettui.domain.checklists.mistakes import checklist_mistakes
from fleettui.domain.checklists.model import Checklist, Run, State, StepView
from fleettui.domain.checklists.rules import Moment
from fleettui.errors import Refused

START = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/Los_Angeles")


def weekdays_after(start: datetime, days: int) -> datetime:
    """A slow calendar of its own: Monday to Friday, whole days."""
    while days:
        start += timedelta(days=1)
        days -= start.weekday() < 5
    return start


def at(days: float = 0) -> Moment:
    return Moment(START + timedelta(days=days), ZONE, weekdays_after)


def made(*steps: dict[str, Any], facts: tuple[dict[str, Any], ...] = ()) -> Checklist:
    """A definition as a team would write it, and free of mistakes."""
    labelled = [_labelled(step) for step in steps]
    checklist_ = msgspec.convert({"facts": list(facts), "steps": labelled}, Checklist)
    assert list(checklist_mistakes(checklist_)) == []
    return checklist_


def _labelled(step: dict[str, Any]) -> dict[str, Any]:
    inner = {"steps": [_labelled(step) for step in step["steps"]]} if "steps" in step else {}
    return {"label": step["key"].capitalize(), **step, **inner}


def states(definition: Checklist, run: Run, moment: Moment | None = None) -> dict[str, State]:
    return {shown.key: shown.state for shown in every(checklist.view(definition, run, moment or at()))}


def every(views: tuple[StepView, ...]) -> list[StepView]:
    return [view for shown in views for view in (shown, *every(shown.steps))]


def run() -> Run:
    return checklist.begin(START)


def tick(definition: Checklist, before: Run, *keys: str, moment: Moment | None = None, **more: Any) -> Run:
    for key in keys:
        before = checklist.tick(definition, before, key, "kathy", moment or at(), **more)
    return before


DOCUSIGN = {"key": "docusign", "question": "Do they use DocuSign?"}
HOSTS = {"key": "hosts", "question": "How many hosts?", "type": "number"}
PHONE = {
    "key": "phone",
    "question": "Which phone?",
    "type": "choice",
    "choices": ["mobile", "landline", "none"],
}


class TestTicking:
    def test_a_tick_keeps_who_when_and_the_evidence(self) -> None:
        definition = made({"key": "a"})
        done = checklist.tick(definition, run(), "a", "kathy", at(1), evidence=" https://x ")
        assert done.marks["a"].by == "kathy"
        assert done.marks["a"].at == START + timedelta(days=1)
        assert done.marks["a"].evidence == "https://x"

    def test_ticked_twice_the_first_one_stays(self) -> None:
        definition = made({"key": "a"})
        first = checklist.tick(definition, run(), "a", "kathy", at())
        assert checklist.tick(definition, first, "a", "alex", at(1)) is first

    def test_the_run_before_is_left_as_it_was(self) -> None:
        definition, before = made({"key": "a"}), run()
        tick(definition, before, "a")
        assert before.marks == {}

    def test_untick_takes_back_and_refuses_where_nothing_is(self) -> None:
        definition = made({"key": "a"})
        assert checklist.untick(definition, tick(definition, run(), "a"), "a").marks == {}
        with pytest.raises(Refused, match="A: nothing to take back"):
            checklist.untick(definition, run(), "a")

    def test_a_skip_wants_a_reason_and_is_not_ticked_over(self) -> None:
        definition = made({"key": "a"})
        with pytest.raises(Refused, match="A: say why"):
            checklist.skip(definition, run(), "a", "kathy", at(), why="  ")
        skipped = checklist.skip(definition, run(), "a", "kathy", at(), why="not this time")
        assert states(definition, skipped) == {"a": "skipped"}
        with pytest.raises(Refused, match="already skipped: not this time; untick it first"):
            tick(definition, skipped, "a")
        with pytest.raises(Refused, match="already skipped"):
            checklist.skip(definition, skipped, "a", "kathy", at(), why="again")

    def test_an_unknown_key_is_refused_with_the_nearest(self) -> None:
        definition = made({"key": "order-form"}, {"key": "signed"})
        with pytest.raises(Refused, match="there is no step 'orderform'; did you mean 'order-form'"):
            tick(definition, run(), "orderform")
        with pytest.raises(Refused, match="there is no step 'zzz'; there are: order-form, signed"):
            checklist.untick(definition, run(), "zzz")
        with pytest.raises(Refused, match="no question 'x'; there are: none"):
            checklist.answer(definition, run(), "x", True)
        with pytest.raises(Refused, match="no field 'x'"):
            checklist.fill(definition, run(), "x", "y")

    def test_evidence_and_fields_can_be_required(self) -> None:
        definition = made(
            {"key": "a", "evidence": {"what": "the link", "required": True}},
            {
                "key": "b",
                "fields": [{"key": "close", "label": "Close date", "type": "date", "required": True}],
            },
        )
        with pytest.raises(Refused, match="A: evidence is wanted: the link"):
            tick(definition, run(), "a")
        with pytest.raises(Refused, match="B: fill in first: Close date"):
            tick(definition, run(), "b")
        filled = checklist.fill(definition, run(), "close", " 2026-03-09 ")
        assert filled.filled == {"close": "2026-03-09"}
        assert states(definition, tick(definition, filled, "b"))["b"] == "done"
        assert checklist.fill(definition, filled, "close", "").filled == {}


class TestFields:
    @pytest.mark.parametrize(
        ("kind", "bad"),
        [
            ("date", "9 March"),
            ("date", "20260309"),
            ("date", "2026-02-30"),
            ("date", "9999-12-31"),
            ("number", "many"),
            ("email", "somebody"),
            ("email", "a@b"),
            ("link", "javascript:alert(1)"),
            ("yes-no", "perhaps"),
        ],
    )
    def test_a_value_that_cannot_be_is_refused_by_name(self, kind: str, bad: str) -> None:
        definition = made({"key": "a", "fields": [{"key": "f", "label": "The field", "type": kind}]})
        with pytest.raises(Refused, match="The field: "):
            checklist.fill(definition, run(), "f", bad)

    @pytest.mark.parametrize(
        ("kind", "good"),
        [
            ("date", "2026-03-09"),
            ("number", "1,200.50"),
            ("email", "a@b.example"),
            ("link", "https://x.example"),
            ("yes-no", "no"),
            ("long text", "two\nlines"),
        ],
    )
    def test_a_value_that_can_be_is_kept(self, kind: str, good: str) -> None:
        definition = made({"key": "a", "fields": [{"key": "f", "label": "F", "type": kind}]})
        assert checklist.fill(definition, run(), "f", good).filled["f"] == good

    def test_what_is_filled_in_is_cleaned(self) -> None:
        definition = made({"key": "a", "fields": [{"key": "f", "label": "F"}]})
        assert checklist.fill(definition, run(), "f", "x\x1b[2J\ny").filled["f"] == "x y"


class TestGroups:
    LIST = (
        {"key": "g", "steps": [{"key": "a"}, {"key": "b"}, {"key": "extra", "optional": True}]},
        {"key": "after", "needs": ["g"]},
    )

    def test_a_group_is_done_with_what_is_not_optional(self) -> None:
        definition = made(*self.LIST)
        ticked = tick(definition, run(), "a")
        assert states(definition, ticked) == {
            "g": "todo",
            "a": "done",
            "b": "todo",
            "extra": "todo",
            "after": "blocked",
        }
        both = tick(definition, ticked, "b")
        assert states(definition, both)["g"] == "done"
        assert states(definition, both)["after"] == "todo"

    def test_ticking_a_group_ticks_what_it_waits_for_and_no_more(self) -> None:
        definition = made(*self.LIST)
        assert states(definition, tick(definition, run(), "g")) == {
            "g": "done", "a": "done", "b": "done", "extra": "todo", "after": "todo",
        }  # fmt: skip

    def test_ticking_a_group_ticks_nothing_if_something_in_it_cannot_be_ticked(self) -> None:
        definition = made(
            {"key": "g", "steps": [{"key": "a"}, {"key": "b", "needs": ["late"]}]}, {"key": "late"}
        )
        with pytest.raises(Refused, match="B: comes after: Late"):
            tick(definition, run(), "g")

    def test_a_group_of_only_optional_steps_holds_nobody_up(self) -> None:
        definition = made(
            {"key": "g", "steps": [{"key": "x", "optional": True}]}, {"key": "after", "needs": ["g"]}
        )
        assert states(definition, run()) == {"g": "todo", "x": "todo", "after": "todo"}
        progress = checklist.progress(checklist.view(definition, run(), at()))
        assert (progress.done, progress.of) == (0, 1)

    def test_skipping_and_unticking_a_group_reach_all_in_it(self) -> None:
        definition = made(*self.LIST)
        skipped = checklist.skip(definition, tick(definition, run(), "a"), "g", "kathy", at(), why="no")
        assert states(definition, skipped) == {
            "g": "done", "a": "done", "b": "skipped", "extra": "skipped", "after": "todo",
        }  # fmt: skip
        assert checklist.untick(definition, skipped, "g").marks == {}

    def test_all_skipped_is_skipped(self) -> None:
        definition = made({"key": "g", "steps": [{"key": "a"}, {"key": "b"}]})
        skipped = checklist.skip(definition, run(), "g", "kathy", at(), why="no")
        assert states(definition, skipped)["g"] == "skipped"
        with pytest.raises(Refused, match="untick it first"):
            tick(definition, skipped, "g")

    def test_a_step_may_repeat(self) -> None:
        """PLAY-4: each new draft repeats it."""
        definition = made(
            {"key": "draft", "repeats": "each new draft", "steps": [{"key": "a"}, {"key": "b"}]}, {"key": "c"}
        )
        first = tick(definition, run(), "a", "b", "c")
        second = checklist.repeat(definition, first, "draft")
        assert states(definition, second) == {"draft": "todo", "a": "todo", "b": "todo", "c": "done"}
        assert checklist.find(definition, second, at(), "draft").round == 2
        with pytest.raises(Refused, match="does not repeat"):
            checklist.repeat(definition, first, "c")


class TestConditions:
    LIST = made(
        {"key": "route", "when": {"fact": "docusign", "is": True}, "why_not": "they do not use DocuSign"},
        {
            "key": "paper",
            "when": {"fact": "docusign", "is": False},
            "steps": [{"key": "print"}, {"key": "post"}],
        },
        {"key": "end"},
        facts=(DOCUSIGN,),
    )

    def test_unanswered_until_answered(self) -> None:
        shown = checklist.find(self.LIST, run(), at(), "route")
        assert (shown.state, shown.fact) == ("unanswered", "docusign")
        assert shown.why_not == "answer first: Do they use DocuSign?"
        assert states(self.LIST, run())["post"] == "unanswered"
        with pytest.raises(Refused, match="Route: answer first: Do they use DocuSign"):
            tick(self.LIST, run(), "route")

    def test_an_answer_takes_out_with_a_reason_what_does_not_apply(self) -> None:
        no = checklist.answer(self.LIST, run(), "docusign", "no")
        assert states(self.LIST, no) == {
            "route": "not applicable", "paper": "todo", "print": "todo", "post": "todo", "end": "todo",
        }  # fmt: skip
        assert checklist.find(self.LIST, no, at(), "route").why_not == "they do not use DocuSign"
        with pytest.raises(Refused, match="Route: they do not use DocuSign"):
            tick(self.LIST, no, "route")
        with pytest.raises(Refused, match="they do not use DocuSign"):
            checklist.skip(self.LIST, no, "route", "kathy", at(), why="x")
        yes = checklist.answer(self.LIST, no, "docusign", True)
        assert states(self.LIST, yes)["print"] == "not applicable"

    def test_what_does_not_apply_is_not_counted(self) -> None:
        yes = checklist.answer(self.LIST, run(), "docusign", True)
        progress = checklist.progress(checklist.view(self.LIST, tick(self.LIST, yes, "route", "end"), at()))
        assert (progress.done, progress.of, progress.finished) == (2, 2, True)
        assert checklist.progress(checklist.view(self.LIST, run(), at())).of == 4

    def test_an_answer_can_be_taken_back(self) -> None:
        yes = checklist.answer(self.LIST, run(), "docusign", True)
        assert checklist.answer(self.LIST, yes, "docusign", None).answers == {}

    @pytest.mark.parametrize(
        ("fact", "bad"),
        [
            ("docusign", "perhaps"),
            ("docusign", 3),
            ("hosts", "many"),
            ("hosts", True),
            ("hosts", "nan"),
            ("phone", "pager"),
        ],
    )
    def test_an_answer_that_cannot_be_is_refused(self, fact: str, bad: Any) -> None:
        definition = made({"key": "a"}, facts=(DOCUSIGN, HOSTS, PHONE))
        with pytest.raises(Refused, match=f"{fact}: "):
            checklist.answer(definition, run(), fact, bad)

    @pytest.mark.parametrize(
        ("condition", "answers", "verdict"),
        [
            ({"fact": "hosts", "over": 300}, {"hosts": 300}, False),
            ({"fact": "hosts", "over": 300}, {"hosts": 301}, True),
            ({"fact": "hosts", "at_least": 300}, {"hosts": 300}, True),
            ({"fact": "hosts", "under": 300}, {"hosts": 300}, False),
            ({"fact": "hosts", "at_most": 300}, {"hosts": 300}, True),
            ({"fact": "hosts", "at_least": 10, "under": 20}, {"hosts": 20}, False),
            ({"fact": "phone", "is": "mobile"}, {"phone": "mobile"}, True),
            ({"fact": "hosts", "is": 1}, {"hosts": 1}, True),
            ({"fact": "docusign", "is": True}, {"docusign": 1}, False),
            ({"not": {"fact": "phone", "is": "none"}}, {"phone": "landline"}, True),
            ({"not": {"fact": "phone", "is": "none"}}, {}, None),
            # One answer can be enough.
            ({"any": [{"fact": "a", "is": True}, {"fact": "b", "is": True}]}, {"b": True}, True),
            ({"any": [{"fact": "a", "is": True}, {"fact": "b", "is": True}]}, {"b": False}, None),
            ({"all": [{"fact": "a", "is": True}, {"fact": "b", "is": True}]}, {"b": False}, False),
            ({"all": [{"fact": "a", "is": True}, {"fact": "b", "is": True}]}, {"b": True}, None),
            ({"all": [{"fact": "a", "is": True}, {"fact": "b", "is": True}]}, {"a": True, "b": True}, True),
        ],
    )
    def test_a_condition(self, condition: Any, answers: Any, verdict: bool | None) -> None:
        from fleettui.domain.checklists.model import Condition

        assert applies(msgspec.convert(condition, Condition), answers) is verdict


class TestOrder:
    def test_what_needs_another_step_says_which(self) -> None:
        definition = made({"key": "a"}, {"key": "b", "needs": ["a"]})
        assert checklist.find(definition, run(), at(), "b").why_not == "comes after: A"
        with pytest.raises(Refused, match="B: comes after: A"):
            tick(definition, run(), "b")
        assert states(definition, tick(definition, run(), "a"))["b"] == "todo"

    def test_a_step_that_does_not_apply_or_is_skipped_holds_nobody_up(self) -> None:
        definition = made(
            {"key": "a", "when": {"fact": "docusign", "is": True}},
            {"key": "b", "needs": ["a"]},
            facts=(DOCUSIGN,),
        )
        assert states(definition, run())["b"] == "blocked"
        assert states(definition, checklist.answer(definition, run(), "docusign", False))["b"] == "todo"
        yes = checklist.answer(definition, run(), "docusign", True)
        assert states(definition, checklist.skip(definition, yes, "a", "k", at(), why="x"))["b"] == "todo"

    def test_nor_does_a_step_whose_group_does_not_apply(self) -> None:
        definition = made(
            {"key": "g", "when": {"fact": "docusign", "is": True}, "steps": [{"key": "a"}]},
            {"key": "b", "needs": ["a"]},
            facts=(DOCUSIGN,),
        )
        assert states(definition, checklist.answer(definition, run(), "docusign", False))["b"] == "todo"

    def test_a_blocked_group_blocks_what_is_in_it(self) -> None:
        definition = made({"key": "a"}, {"key": "g", "needs": ["a"], "steps": [{"key": "b"}]})
        assert states(definition, run()) == {"a": "todo", "g": "blocked", "b": "blocked"}
        assert checklist.find(definition, run(), at(), "g").why_not == "comes after: A"


class TestApproval:
    """PLAY-3, PLAY-4: an approval blocks what follows."""

    LIST = made(
        {"key": "prepare"},
        {"key": "ok", "approval": {"by": "CRO", "backup": ["CEO"], "for": "every quote"}, "owner": "CRO"},
        {"key": "send", "steps": [{"key": "mail"}]},
    )

    def test_what_follows_waits_and_what_comes_before_does_not(self) -> None:
        assert states(self.LIST, run()) == {
            "prepare": "todo",
            "ok": "todo",
            "send": "blocked",
            "mail": "blocked",
        }
        assert checklist.find(self.LIST, run(), at(), "mail").why_not == "waits for CRO: Ok"

    def test_only_the_role_or_its_backup_gives_it(self) -> None:
        with pytest.raises(Refused, match="Ok: only CRO or CEO approves this"):
            tick(self.LIST, run(), "ok", roles=["AE"])
        for role in ("CRO", "ceo"):
            assert states(self.LIST, tick(self.LIST, run(), "ok", roles=["AE", role]))["mail"] == "todo"

    def test_it_is_never_skipped_nor_ticked_with_its_group(self) -> None:
        with pytest.raises(Refused, match="cannot be skipped"):
            checklist.skip(self.LIST, run(), "ok", "kathy", at(), why="in a hurry")
        group = made({"key": "g", "steps": [{"key": "ok", "approval": {"by": "CRO"}}]})
        with pytest.raises(Refused, match="ticked by itself"):
            tick(group, run(), "g")
        with pytest.raises(Refused, match="cannot be skipped"):
            checklist.skip(group, run(), "g", "kathy", at(), why="in a hurry")

    def test_declined_stays_closed_until_given_after_all(self) -> None:
        declined = checklist.decline(self.LIST, run(), "ok", "alex", at(), why="too cheap", roles=["CRO"])
        assert states(self.LIST, declined)["ok"] == "declined"
        assert checklist.find(self.LIST, declined, at(), "mail").why_not == "Ok: declined by alex: too cheap"
        assert states(self.LIST, tick(self.LIST, declined, "ok", roles=["CRO"]))["mail"] == "todo"
        with pytest.raises(Refused, match="only an approval can be declined"):
            checklist.decline(self.LIST, run(), "prepare", "alex", at(), why="no")
        with pytest.raises(Refused, match="only CRO or CEO declines this"):
            checklist.decline(self.LIST, run(), "ok", "kathy", at(), why="no", roles=["AE"])

    def test_an_approval_that_may_apply_blocks_until_that_is_answered(self) -> None:
        definition = made(
            {"key": "ok", "approval": {"by": "CEO"}, "when": {"fact": "docusign", "is": True}},
            {"key": "send"},
            facts=(DOCUSIGN,),
        )
        assert states(definition, run()) == {"ok": "unanswered", "send": "blocked"}
        assert states(definition, checklist.answer(definition, run(), "docusign", False))["send"] == "todo"


class TestTime:
    """PLAY-5: nobody chases before; PLAY-2: the link lasts 7 days; PLAY-11: only before it expires."""

    def test_a_wait_names_the_moment_and_refuses_before(self) -> None:
        definition = made(
            {"key": "sent"},
            {"key": "chase", "wait": {"business_days": 2, "after": "sent", "note": "nobody chases"}},
        )
        assert checklist.find(definition, run(), at(), "chase").why_not == "comes after: Sent"
        # Thursday; two business days later is Monday.
        sent = tick(definition, run(), "sent", moment=at(1))
        shown = checklist.find(definition, sent, at(4), "chase")
        assert (shown.state, shown.not_before) == ("waiting", datetime(2026, 3, 9, 17, 0, tzinfo=UTC))
        with pytest.raises(Refused, match=r"Chase: nobody chases \(not before 2026-03-09T17:00"):
            tick(definition, sent, "chase", moment=at(4))
        assert states(definition, sent, at(5))["chase"] == "todo"

    def test_what_is_waited_for_may_come_early(self) -> None:
        definition = made(
            {"key": "sent"}, {"key": "back", "wait": {"days": 2, "after": "sent", "early": True}}
        )
        sent = tick(definition, run(), "sent")
        assert states(definition, sent)["back"] == "waiting"
        assert [turn.keys for turn in checklist.whose_turn(checklist.view(definition, sent, at()))] == [
            ("back",)
        ]
        assert states(definition, tick(definition, sent, "back"))["back"] == "done"

    def test_a_wait_for_what_was_skipped_is_no_wait(self) -> None:
        definition = made({"key": "sent"}, {"key": "chase", "wait": {"days": 2, "after": "sent"}})
        skipped = checklist.skip(definition, run(), "sent", "kathy", at(), why="x")
        assert states(definition, skipped)["chase"] == "todo"

    def test_an_expired_step_says_so_and_comes_back_with_a_new_beginning(self) -> None:
        definition = made(
            {"key": "shared", "repeats": "a new link"},
            {
                "key": "used",
                "needs": ["shared"],
                "expires": {"days": 7, "after": "shared", "note": "the link has run out"},
            },
        )
        shared = tick(definition, run(), "shared")
        assert states(definition, shared, at(6.9))["used"] == "todo"
        late = checklist.find(definition, shared, at(8), "used")
        assert (late.state, late.why_not) == ("expired", "the link has run out")
        with pytest.raises(Refused, match="Used: the link has run out"):
            tick(definition, shared, "used", moment=at(8))
        anew = tick(definition, checklist.repeat(definition, shared, "shared"), "shared", moment=at(8))
        assert states(definition, anew, at(9))["used"] == "todo"

    def test_days_are_days_on_the_wall_across_daylight_saving(self) -> None:
        """The clocks of Los Angeles go forward on 8 March 2026: 7 days later is the same wall time, an hour earlier in UTC."""
        definition = made({"key": "a"}, {"key": "b", "expires": {"days": 7, "after": "a"}})
        assert checklist.find(definition, tick(definition, run(), "a"), at(), "b").expires == datetime(
            2026, 3, 11, 16, 0, tzinfo=UTC
        )

    def test_a_field_with_a_date_counts_to_the_end_of_its_day_in_the_teams_zone(self) -> None:
        definition = made(
            {"key": "note", "fields": [{"key": "until", "label": "Until", "type": "date"}]},
            {"key": "extend", "expires": {"days": 0, "field": "until"}},
        )
        filled = checklist.fill(definition, run(), "until", "2026-03-05")
        assert checklist.find(definition, filled, at(), "extend").expires == datetime(
            2026, 3, 6, 8, 0, tzinfo=UTC
        )
        assert states(definition, filled, at(1))["extend"] == "todo"
        assert states(definition, filled, at(2))["extend"] == "expired"
        assert checklist.find(definition, run(), at(), "extend").expires is None

    def test_a_wait_for_a_field_that_is_empty_asks_for_it(self) -> None:
        definition = made(
            {"key": "note", "fields": [{"key": "until", "label": "Until", "type": "date"}]},
            {"key": "b", "wait": {"days": 0, "field": "until"}},
        )
        assert checklist.find(definition, run(), at(), "b").why_not == "fill in first: Until"

    def test_what_is_due_becomes_late_but_can_still_be_done(self) -> None:
        definition = made(
            {"key": "a", "due": {"hours": 5}}, {"key": "g", "due": {"days": 1}, "steps": [{"key": "b"}]}
        )
        shown = checklist.find(definition, run(), at(1), "a")
        assert (shown.late, shown.state, shown.due) == (True, "todo", START + timedelta(hours=5))
        assert checklist.find(definition, run(), at(1), "g").late
        assert not checklist.find(definition, tick(definition, run(), "g"), at(1), "g").late


class TestTurns:
    LIST = made(
        {
            "key": "sales",
            "owner": "AE",
            "steps": [{"key": "order"}, {"key": "sign", "owner": "BizOps", "needs": ["order"]}],
        },
        {"key": "welcome", "owner": "CSM", "needs": ["sales"]},
        {"key": "extra", "owner": "SC", "optional": True},
    )

    def turns(self, before: Run) -> list[tuple[str, str, tuple[str, ...]]]:
        return [
            (turn.owner, turn.who, turn.keys)
            for turn in checklist.whose_turn(checklist.view(self.LIST, before, at()))
        ]

    def test_the_turn_goes_from_role_to_role(self) -> None:
        assert self.turns(run()) == [("AE", "", ("order",))]
        assert self.turns(tick(self.LIST, run(), "order")) == [("BizOps", "", ("sign",))]
        assert self.turns(tick(self.LIST, run(), "order", "sign")) == [("CSM", "", ("welcome",))]
        assert self.turns(tick(self.LIST, run(), "order", "sign", "welcome")) == []

    def test_a_role_is_played_by_somebody_and_a_step_is_handed_over(self) -> None:
        cast = checklist.assign_role(run(), "AE", "brad")
        assert self.turns(cast) == [("AE", "brad", ("order",))]
        assert checklist.find(self.LIST, cast, at(), "sign").who == ""
        given_ = checklist.hand_over(self.LIST, cast, "order", "alex")
        assert self.turns(given_) == [("AE", "alex", ("order",))]
        group = checklist.hand_over(self.LIST, run(), "sales", "alex")
        assert self.turns(group) == [("AE", "alex", ("order",))]
        assert checklist.find(self.LIST, group, at(), "sign").who == ""
        assert checklist.hand_over(self.LIST, given_, "order", "").owners == {}


class TestMistakes:
    @pytest.mark.parametrize(
        ("steps", "path", "what"),
        [
            ([{"key": "a"}, {"key": "a"}], "steps[1].key", "already at steps[0].key"),
            ([{"key": " "}], "steps[0].key", "needs a name"),
            ([{"key": "a", "label": ""}], "steps[0].label", "is empty"),
            ([{"key": "a", "needs": ["x"]}], "steps[0].needs[0]", "no step is called 'x'"),
            ([{"key": "a", "needs": ["a"]}], "steps[0].needs", "needs itself"),
            ([{"key": "a", "needs": ["b"]}, {"key": "b", "needs": ["a"]}], "steps[1].needs", "needs itself"),
            ([{"key": "g", "steps": [{"key": "a", "needs": ["g"]}]}], "steps[0].steps[0].needs", "needs itself"),
            ([{"key": "a", "when": {"fact": "x", "is": True}}], "steps[0].when.fact", "no fact is called 'x'"),
            ([{"key": "a", "when": {}}], "steps[0].when", "one of fact, any, all and not"),
            ([{"key": "a", "when": {"fact": "docusign"}}], "steps[0].when", "either is, or over"),
            ([{"key": "a", "when": {"fact": "docusign", "is": "yes"}}], "steps[0].when.is", "can never be"),
            ([{"key": "a", "when": {"fact": "phone", "is": "pager"}}], "steps[0].when.is", "can never be"),
            ([{"key": "a", "when": {"fact": "docusign", "over": 3}}], "steps[0].when", "is not a number"),
            ([{"key": "a", "when": {"any": [{"fact": "x", "is": 1}]}}], "steps[0].when.any[0].fact", "no fact"),
            ([{"key": "a", "when": {"not": {"fact": "x", "is": 1}}}], "steps[0].when.not.fact", "no fact"),
            ([{"key": "a", "wait": {"days": 1, "after": "x"}}], "steps[0].wait.after", "no step is called 'x'"),
            ([{"key": "a", "wait": {"after": "a"}}], "steps[0].wait", "one of business_days, days and hours"),
            ([{"key": "a", "due": {"days": 99999}}], "steps[0].due", "between 0 and 3,660"),
            ([{"key": "a", "expires": {"days": 1, "field": "x"}}], "steps[0].expires.field", "no field of the type 'date'"),
            ([{"key": "g", "steps": [{"key": "a"}], "approval": {"by": "CRO"}}], "steps[0].approval", "a group"),
            ([{"key": "a", "fields": [{"key": "f", "label": "F", "type": "choice"}]}], "steps[0].fields[0].choices", "together"),
        ],
    )  # fmt: skip
    def test_a_mistake_is_named_with_its_path(
        self, steps: list[dict[str, Any]], path: str, what: str
    ) -> None:
        raw = {"facts": [DOCUSIGN, HOSTS, PHONE], "steps": [_labelled(step) for step in steps]}
        mistakes = dict(checklist_mistakes(msgspec.convert(raw, Checklist)))
        assert what in mistakes[path]


KEYS = "abcdefgh"


@st.composite
def definitions(draw: st.DrawFn) -> Checklist:
    """Lists of up to eight steps, nested, conditional, ordered, with approvals: what needs another comes later."""

    def step(number: int) -> dict[str, Any]:
        made_: dict[str, Any] = {"key": KEYS[number], "label": KEYS[number], "optional": draw(st.booleans())}
        if draw(st.booleans()):
            made_["when"] = {"fact": draw(st.sampled_from(["docusign", "other"])), "is": draw(st.booleans())}
        if number and draw(st.booleans()):
            made_["needs"] = [KEYS[draw(st.integers(0, number - 1))]]
        if draw(st.integers(0, 4)) == 0:
            made_["approval"] = {"by": "CRO"}
        return made_

    steps = [step(number) for number in range(draw(st.integers(1, 8)))]
    if len(steps) > 3:
        inner = steps[-2:]
        steps = [*steps[:-2], {"key": "group", "label": "group", "steps": inner}]
    facts = [DOCUSIGN, {"key": "other", "question": "Other?"}]
    return msgspec.convert({"facts": facts, "steps": steps}, Checklist)


MOVES = st.lists(
    st.tuples(st.sampled_from(["tick", "untick", "skip", "yes", "no", "forget"]), st.integers(0, 8)),
    max_size=25,
)


def moved(definition: Checklist, before: Run, move: str, number: int) -> Run:
    keys = [step.key for step in checklist.every_step(definition.steps)]
    key, fact = keys[number % len(keys)], ("docusign", "other")[number % 2]
    try:
        if move == "tick":
            return checklist.tick(definition, before, key, "kathy", at())
        if move == "untick":
            return checklist.untick(definition, before, key)
        if move == "skip":
            return checklist.skip(definition, before, key, "kathy", at(), why="x")
        return checklist.answer(definition, before, fact, {"yes": True, "no": False}.get(move))
    except Refused:
        return before


@given(definitions(), MOVES)
def test_whatever_is_done_the_view_agrees_with_itself(
    definition: Checklist, moves: list[tuple[str, int]]
) -> None:
    current = run()
    for move, number in moves:
        current = moved(definition, current, move, number)
    views = checklist.view(definition, current, at())
    leaves = list(checklist.leaves(views))
    approvals = [leaf for leaf in leaves if leaf.step.approval]
    assert status.approvals(definition, current, at()) == approvals, "alone they stand as among all steps"
    progress = checklist.progress(views)
    assert 0 <= progress.done <= progress.of
    assert set(current.marks) <= {leaf.key for leaf in leaves}, "only leaves are marked"
    for shown in every(views):
        assert bool(shown.why_not) or shown.state in ("todo", "done"), "every other state has its reason"
    for leaf in leaves:
        if leaf.state == "todo":
            after = checklist.tick(definition, current, leaf.key, "kathy", at())
            assert checklist.find(definition, after, at(), leaf.key).state == "done"
    turn = {key for turn_ in checklist.whose_turn(views) for key in turn_.keys}
    if progress.finished:
        assert not turn
    # What is kept can be written down and read again.
    assert msgspec.json.decode(msgspec.json.encode(current), type=Run) == current


@given(definitions(), MOVES)
def test_nothing_passes_an_approval_that_was_not_given(
    definition: Checklist, moves: list[tuple[str, int]]
) -> None:
    """As long as nobody ticks the approval, no step after it is done that was not before."""
    approvals = {step.key for step in checklist.every_step(definition.steps) if step.approval}
    current = checklist.answer(
        definition, checklist.answer(definition, run(), "docusign", True), "other", True
    )
    for move, number in moves:
        if move in ("tick", "skip"):
            after = moved(definition, current, move, number)
            current = current if approvals & set(after.marks) else after
    _check_siblings(checklist.view(definition, current, at()))


def _check_siblings(views: tuple[StepView, ...]) -> None:
    held = False
    for shown in views:
        if held:
            assert all(leaf.state != "done" for leaf in checklist.leaves((shown,)))
        held = held or (shown.step.approval is not None and shown.state not in ("done", "not applicable"))
        _check_siblings(shown.steps)
