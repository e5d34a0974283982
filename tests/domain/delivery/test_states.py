"""How an order goes on: as a machine of states that is given any steps in any order."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from fleettui.domain.delivery import states
from fleettui.domain.delivery.model import Delivery
from fleettui.domain.delivery.wording import seconds_left, state_words, why_not_taken_back
from fleettui.errors import Refused
from fleettui.time.zones import zone_named

NOW = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
UNDO = timedelta(seconds=20)
MOST_TRIES = 3
MOST_REPEATS = 2


def queued() -> Delivery:
    return states.queued("mail", ["jo@acme.example"], NOW + UNDO, external="<t-1042.m7@fleet.example>")


def sending() -> Delivery:
    return states.begun(queued(), NOW + UNDO)


class AnyLife(RuleBasedStateMachine):
    """Whatever service, restart and people do: an order is sent at most once without anybody having said so again. What the other
    side shows once may be repeated, as often as the policy says."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.delivery = NOW, queued()
        self.on_the_other_side = 0
        self.allowed = 1

    @rule(seconds=st.integers(1, 300))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(gets_through=st.booleans(), is_known=st.booleans(), is_lasting=st.booleans(), is_same=st.booleans())
    def the_service_tries(self, gets_through: bool, is_known: bool, is_lasting: bool, is_same: bool) -> None:
        if not self.delivery.is_due(self.now):
            return
        self.delivery = states.begun(self.delivery, self.now)
        self.on_the_other_side += gets_through
        if not is_known and is_same:
            later = self.now + timedelta(minutes=1)
            self.delivery = states.repeated(self.delivery, "timed out", later, MOST_REPEATS)
            self.allowed += self.delivery.state == "queued"
        elif not is_known:
            self.delivery = states.unknown(self.delivery, "timed out")
        elif gets_through:
            self.delivery = states.sent(self.delivery, self.now, "17.1")
        elif is_lasting:
            self.delivery = states.given_up(self.delivery, "channel_not_found")
        else:
            self.delivery = states.put_off(
                self.delivery, "refused", self.now + timedelta(minutes=1), MOST_TRIES
            )

    @rule()
    def a_person_says_again(self) -> None:
        with suppress(Refused):
            was = self.delivery.state
            self.delivery = states.again(self.delivery, self.now)
            self.allowed += was == "uncertain"

    @rule(name=st.sampled_from(["put_off", "given_up", "unknown", "repeated"]))
    def a_late_word_of_an_old_try_is_refused(self, name: str) -> None:
        more = (NOW, MOST_TRIES) if name in ("put_off", "repeated") else ()
        with pytest.raises(Refused):
            getattr(states, name)(self.delivery, "late", *more)

    @invariant()
    def it_is_there_at_most_as_often_as_people_allowed(self) -> None:
        assert self.on_the_other_side <= self.allowed

    @invariant()
    def what_is_sent_is_there_and_stays_sent(self) -> None:
        if self.delivery.state == "sent":
            assert self.on_the_other_side
            assert states.sent(self.delivery, self.now, "other") == self.delivery

    @invariant()
    def undo_is_for_what_was_never_tried(self) -> None:
        if self.delivery.is_untried:
            assert self.on_the_other_side == 0

    @invariant()
    def everything_can_be_said_in_a_line(self) -> None:
        assert "\n" not in state_words(self.delivery, self.now, zone_named("America/New_York"))
        assert why_not_taken_back(self.delivery, self.now, zone_named("America/New_York"))

    @invariant()
    def nobody_tries_without_end(self) -> None:
        assert self.delivery.tries <= MOST_TRIES + MOST_REPEATS

    @invariant()
    def what_may_be_there_is_never_called_failed(self) -> None:
        assert not (self.delivery.state == "failed" and self.delivery.unsure)


AnyLife.TestCase.settings = settings(max_examples=60, stateful_step_count=25)
TestAnyLife = AnyLife.TestCase


def test_nothing_leaves_before_its_time() -> None:
    with pytest.raises(Refused, match="its time has not come yet"):
        states.begun(queued(), NOW + timedelta(seconds=19))
    assert sending().tries == 1


def test_one_try_at_a_time() -> None:
    with pytest.raises(Refused, match="being sent"):
        states.begun(sending(), NOW + timedelta(hours=1))


def test_the_last_try_gives_up_and_says_how_many_there_were() -> None:
    delivery, now = queued(), NOW + UNDO
    for _ in range(MOST_TRIES):
        delivery = states.put_off(states.begun(delivery, now), "421 busy", now, MOST_TRIES)
    assert (delivery.state, delivery.why) == ("failed", "421 busy (3 tries)")
    again = states.again(delivery, now)
    assert (again.state, again.tries, again.is_untried) == ("queued", 0, False)


def test_after_an_unknown_outcome_the_sender_looks_first_also_when_a_person_said_again() -> None:
    delivery = states.unknown(sending(), "timed out after the data")
    assert states.again(delivery, NOW).unsure
    assert not states.sent(delivery, NOW, "17.1").unsure


def test_a_mail_of_unknown_outcome_is_repeated_as_the_same_and_then_a_person_is_asked() -> None:
    delivery, now, zone = queued(), NOW + UNDO, zone_named("UTC")
    for _ in range(MOST_REPEATS):
        delivery = states.repeated(states.begun(delivery, now), "timed out", now, MOST_REPEATS)
        assert (delivery.state, delivery.external) == ("queued", queued().external)
        assert state_words(delivery, now, zone) == "it may be there: timed out; the same is sent again now"
        assert "it may have left" in why_not_taken_back(delivery, now, zone)
    delivery = states.repeated(states.begun(delivery, now), "timed out", now, MOST_REPEATS)
    assert (delivery.state, delivery.why) == ("uncertain", "timed out (sent 3 times as the same mail)")
    assert states.again(delivery, now).repeats == 0
    asked_at_once = states.repeated(sending(), "timed out", now, 0)
    assert (asked_at_once.state, asked_at_once.why) == ("uncertain", "timed out")


def test_a_refusal_after_an_unknown_outcome_leaves_it_uncertain() -> None:
    delivery = states.repeated(sending(), "timed out", NOW + UNDO, MOST_REPEATS)
    refused = states.given_up(states.begun(delivery, NOW + UNDO), "550 no such user")
    assert (refused.state, refused.unsure) == ("uncertain", True)
    assert refused.why == "an earlier try may have got through; the last one did not: 550 no such user"


@pytest.mark.parametrize("delivery", [sending(), states.sent(sending(), NOW)])
def test_what_is_on_its_way_or_there_is_neither_dropped_nor_sent_again(delivery: Delivery) -> None:
    with pytest.raises(Refused, match="cannot be dropped"):
        states.refuse_drop(delivery)
    with pytest.raises(Refused, match="cannot be sent again"):
        states.again(delivery, NOW)


def test_how_it_stands_is_said_with_what_helps() -> None:
    zone = zone_named("UTC")
    at = NOW + UNDO
    assert state_words(queued(), NOW + timedelta(seconds=8), zone) == "queued, leaves in 12 s"
    assert seconds_left(queued(), NOW + timedelta(seconds=19.5)) == 1
    assert state_words(queued(), at, zone) == "queued, leaves now"
    assert state_words(states.sent(sending(), at), at, zone) == "sent 16:00"
    assert (
        state_words(states.given_up(sending(), "channel_not_found"), at, zone) == "failed: channel_not_found"
    )
    later = states.put_off(sending(), "421 busy", at + timedelta(minutes=5), MOST_TRIES)
    assert state_words(later, at, zone) == "not sent yet: 421 busy; tried again 16:05"
    assert (
        why_not_taken_back(states.sent(sending(), at), at, zone)
        == "it left at 16:00 and cannot be taken back"
    )
