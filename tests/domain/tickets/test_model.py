"""A support request: its debt, its messages, its flow. Rules SLA-15 and SUP-5, SUP-8, SUP-9, SUP-12."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fleettui.domain.tickets import lifecycle, messages
from fleettui.domain.tickets import model as tickets
from fleettui.domain.tickets.arrivals import Arrival, opened
from fleettui.domain.tickets.messages import NewMessage, Overtaken
from fleettui.domain.tickets.model import Ticket
from fleettui.errors import Refused

NOW = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
PLUS = "+"


def after(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def written(direction: Any, at: datetime, body: str = "text", **more: Any) -> NewMessage:
    return NewMessage(at=at, by=more.pop("by", "Dana"), direction=direction, body=body, **more)


def kept(ticket: Ticket) -> Ticket:
    """As the store gives it back: one revision on."""
    return replace(ticket, rev=ticket.rev + 1)


def a_ticket(id_: str = "T-1001", at: datetime = NOW, **more: Any) -> Ticket:
    usual = {"at": at, "by": "Dana", "body": "text", "thread": "", "subject": "500 error"}
    whose = {"customer": "Acme", "tier": "Premium", "priority": "P2"}
    labels = more.pop("labels", ())
    return kept(opened(id_, Arrival(**{**usual, **whose, **more}), labels=labels))


def received(ticket: Ticket, at: datetime, body: str = "more", **more: Any) -> Ticket:
    return kept(messages.received(ticket, written("in", at, body, **more), PLUS))


def replied(ticket: Ticket, at: datetime, **options: Any) -> Ticket:
    return kept(messages.replied(ticket, written("out", at, by="kathy"), **options))


def resolved(ticket: Ticket, at: datetime = NOW) -> Ticket:
    return kept(lifecycle.resolved(ticket, at, prefix=PLUS, unanswered=True))


def owed(ticket: Ticket) -> datetime | None:
    return tickets.owed_since(ticket, PLUS)


def test_sla_15_the_oldest_unanswered_message_is_owed_an_answer() -> None:
    ticket = a_ticket()
    assert owed(ticket) == NOW
    ticket = received(ticket, after(1))
    assert owed(ticket) == NOW
    ticket = replied(ticket, after(2))
    assert owed(ticket) is None
    assert owed(received(ticket, after(3))) == after(3)


def test_sla_15_a_note_or_an_automatic_answer_is_no_answer() -> None:
    ticket = kept(messages.noted(a_ticket(), written("note", after(1))))
    ticket = kept(messages.replied(ticket, written("out", after(1), automatic=True)))
    assert owed(ticket) == NOW


def test_sla_15_what_is_delivered_late_was_not_answered_before() -> None:
    """Written at nine, delivered after we had answered at ten: nobody here had seen it."""
    ticket = replied(a_ticket(), after(2))
    assert owed(received(ticket, after(1))) == after(1)


def test_sup_12_a_plus_label_clears_the_debt_and_goes_when_they_write() -> None:
    ticket = kept(lifecycle.labelled(a_ticket(), ["+more info please", "bug"]))
    assert owed(ticket) is None
    ticket = received(ticket, after(5))
    assert ticket.labels == ("bug",)
    assert owed(ticket) == after(5)


def test_sup_12_a_plus_label_that_is_taken_off_again_leaves_the_debt_as_it_was() -> None:
    ticket = lifecycle.labelled(a_ticket(), ["+more info please"])
    assert owed(lifecycle.labelled(ticket, drop=["+MORE info please"])) == NOW


@pytest.mark.parametrize(
    "goes_on",
    [lifecycle.waiting, lambda ticket: lifecycle.snoozed(ticket, after(9), NOW)],
    ids=["wait", "snooze"],
)
def test_what_is_resolved_neither_waits_nor_sleeps_before_it_is_reopened(goes_on: Any) -> None:
    done = resolved(a_ticket())
    with pytest.raises(Refused, match="T-1001 is resolved; reopen it first"):
        goes_on(done)
    assert goes_on(lifecycle.reopened(done)).status in ("waiting", "snoozed")


def test_resolving_what_was_merged_says_where_it_went() -> None:
    gone = lifecycle.merged(a_ticket(), "T-7", NOW)
    with pytest.raises(Refused, match="merged into T-7; go on there"):
        resolved(gone)


def test_sup_8_a_direct_message_is_not_finished_without_its_summary() -> None:
    ticket = a_ticket(by_dm=True)
    with pytest.raises(Refused, match="channel_summary"):
        resolved(ticket)
    done = resolved(replace(ticket, channel_summary="Told the channel."))
    assert (done.status, done.resolved_at) == ("resolved", NOW)


@pytest.mark.parametrize(
    ("answer", "kept_as"),
    [
        ("no", ("no", "")),
        ("Yes", ("yes", "")),
        ("yes: how to rotate keys", ("yes", "how to rotate keys")),
        ("how to rotate keys", ("yes", "how to rotate keys")),
    ],
)
def test_sup_9_the_documentation_question_is_answered_in_a_word_or_in_what_to_write(
    answer: str, kept_as: tuple[str, str]
) -> None:
    kept_answer = lifecycle.documentation(answer, NOW, "kathy")
    assert (kept_answer.answer, kept_answer.what) == kept_as


def test_a_new_message_reopens_wakes_and_ends_the_waiting() -> None:
    for asleep in (
        resolved(a_ticket()),
        lifecycle.waiting(a_ticket()),
        lifecycle.snoozed(a_ticket(), after(48), NOW),
    ):
        ticket = received(asleep, after(1))
        assert (ticket.status, ticket.snooze_until, ticket.resolved_at) == ("open", None, None)


def test_a_snooze_ends_by_itself_and_never_hides_a_debt() -> None:
    ticket = lifecycle.snoozed(a_ticket(), after(2), NOW)
    assert tickets.status_at(ticket, after(1)) == "snoozed"
    assert tickets.status_at(ticket, after(2)) == "open"
    assert owed(ticket) == NOW
    with pytest.raises(Refused, match="until: "):
        lifecycle.snoozed(ticket, NOW, NOW)


def test_a_reply_is_stopped_by_what_came_since_the_draft_was_begun() -> None:
    ticket = a_ticket()
    draft = ticket.rev
    ticket = received(ticket, after(1), "it is worse now")
    with pytest.raises(Overtaken) as stopped:
        messages.replied(ticket, written("out", after(2)), since=draft)
    assert [message.body for message in stopped.value.news] == ["it is worse now"]
    assert "Dana wrote 'it is worse now'" in str(stopped.value)
    assert owed(replied(ticket, after(2), since=ticket.rev)) is None


def test_a_reply_is_stopped_when_the_message_it_answers_was_edited_or_taken_back() -> None:
    ticket = received(a_ticket(), after(1), "see x", external="C1/7")
    draft = ticket.rev
    for changed in (
        messages.edited(ticket, "C1/7", "see y", after(2)),
        messages.deleted(ticket, "C1/7", after(2)),
    ):
        with pytest.raises(Overtaken):
            messages.replied(kept(changed), written("out", after(3)), since=draft)


def test_a_reply_is_not_stopped_by_a_note() -> None:
    ticket = a_ticket()
    noted = kept(messages.noted(ticket, written("note", after(1))))
    assert owed(replied(noted, after(2), since=ticket.rev)) is None


def test_what_its_author_took_back_owes_no_answer() -> None:
    ticket = replied(a_ticket(), after(1))
    ticket = received(ticket, after(2), external="C1/8")
    assert owed(messages.deleted(ticket, "C1/8", after(3))) is None


def merge(gone: Ticket, stays: Ticket) -> tuple[Ticket, Ticket]:
    return kept(lifecycle.merged(gone, stays.id, NOW)), kept(lifecycle.absorbed(stays, gone, PLUS))


def test_a_merge_keeps_the_older_debt_whoever_owed_it() -> None:
    gone, stays = a_ticket("T-1", NOW), replied(a_ticket("T-2", after(1)), after(2))
    merged, survivor = merge(gone, stays)
    assert (merged.status, merged.merged_into, owed(merged)) == ("resolved", "T-2", None)
    # The answer in T-2 was to something else.
    assert owed(survivor) == NOW
    assert owed(replied(survivor, after(3))) is None


def test_an_answer_in_the_merged_one_does_not_answer_the_survivor() -> None:
    gone, stays = replied(a_ticket("T-1", NOW), after(3)), a_ticket("T-2", after(1))
    _, survivor = merge(gone, stays)
    assert owed(survivor) == after(1)


def test_a_merge_wakes_the_survivor_only_if_something_is_owed() -> None:
    done = resolved(replied(a_ticket("T-2"), after(1)), after(1))
    assert merge(a_ticket("T-1"), done)[1].status == "open"
    assert merge(replied(a_ticket("T-1"), after(1)), done)[1].status == "resolved"


def test_sla_15_an_unanswered_customer_is_left_without_an_answer_only_on_purpose() -> None:
    with pytest.raises(Refused, match="no answer yet; answer first, or resolve it with --unanswered"):
        lifecycle.resolved(a_ticket(), NOW, prefix=PLUS)
    answered, waiting = replied(a_ticket(), after(1)), a_ticket(labels=("+more info",))
    for ticket in (answered, waiting):
        assert lifecycle.resolved(ticket, after(2), prefix=PLUS).status == "resolved"


def test_sla_15_reopened_by_hand_the_same_answer_is_owed_and_the_customers_next_word_starts_a_new_debt() -> (
    None
):
    done = resolved(a_ticket(), after(1))
    assert owed(done) is None
    assert owed(kept(lifecycle.reopened(done))) == NOW
    assert owed(received(done, after(5))) == after(5)
    # Whatever was settled stays so.
    assert owed(kept(lifecycle.reopened(resolved(received(done, after(5)), after(6))))) == after(5)


def test_sla_15_the_oldest_message_is_the_oldest_by_its_time_also_where_it_came_late() -> None:
    assert owed(received(a_ticket(at=after(2)), after(1))) == after(1)
    merged_in, stays = a_ticket("T-1", NOW), a_ticket("T-2", after(1))
    assert owed(merge(merged_in, stays)[1]) == NOW


def test_merging_has_no_cycles() -> None:
    gone, stays = merge(a_ticket("T-1"), a_ticket("T-2"))
    with pytest.raises(Refused, match="merged into T-2"):
        lifecycle.absorbed(gone, stays, PLUS)
    with pytest.raises(Refused, match="itself"):
        lifecycle.merged(stays, "T-2", NOW)


@given(st.lists(st.tuples(st.sampled_from(["in", "out", "note"]), st.booleans()), max_size=12))
def test_sla_15_as_a_slow_reader_would_say_it(steps: list[tuple[str, bool]]) -> None:
    """Every customer message that no answer follows is unanswered; the oldest of them is the debt."""
    ticket, came = a_ticket(), [("in", NOW)]
    for number, (direction, _) in enumerate(steps, start=1):
        at = after(number)
        came.append((direction, at))
        if direction == "in":
            ticket = received(ticket, at)
        elif direction == "out":
            ticket = replied(ticket, at)
        else:
            ticket = kept(messages.noted(ticket, written("note", at)))
    unanswered = [
        at
        for place, (direction, at) in enumerate(came)
        if direction == "in" and all(later != "out" for later, _ in came[place:])
    ]
    assert owed(ticket) == min(unanswered, default=None)


@given(
    st.lists(st.sampled_from(["in", "out"]), max_size=6), st.lists(st.sampled_from(["in", "out"]), max_size=6)
)
def test_a_merge_never_loses_or_adds_a_debt(merged_steps: list[str], other: list[str]) -> None:
    def grown(id_: str, first: datetime, steps: list[str]) -> Ticket:
        ticket = a_ticket(id_, first)
        for number, direction in enumerate(steps, start=1):
            at = first + timedelta(hours=number)
            ticket = received(ticket, at) if direction == "in" else replied(ticket, at)
        return ticket

    gone, stays = grown("T-1", NOW, merged_steps), grown("T-2", after(0.5), other)
    debts = [at for at in (owed(gone), owed(stays)) if at is not None]
    survivor = merge(gone, stays)[1]
    if owed(gone) is None:
        assert owed(survivor) == owed(stays)
    elif debts:
        assert owed(survivor) in debts
    assert (owed(survivor) is None) == (not debts)


@pytest.mark.parametrize(
    ("directions", "since"),
    [
        ("", None),
        ("in", 0),
        ("in in", 0),  # the oldest one not answered
        ("in out", None),
        ("in out in in", 2),  # a new debt
        ("out", None),
        ("in note", 0),  # a note answers nobody
        ("note in out note", None),
    ],
)
def test_sla_15_owed_from_the_oldest_message_not_answered(directions: str, since: int | None) -> None:
    hour = [datetime(2026, 6, 10, number, tzinfo=UTC) for number in range(10)]
    ticket = replace(a_ticket(), messages=())
    for at, direction in zip(hour, directions.split(), strict=False):
        ticket = kept(messages.with_message(ticket, written(direction, at)))
    assert owed(ticket) == (None if since is None else hour[since])


HOSTILE = "\x1b]0;pwned\x07[@click=app.quit]x[/]\u202eevil\x00\ud800 \x9b31m"


def test_hostile_text_is_harmless_once_it_is_in() -> None:
    arrival = Arrival(
        thread=HOSTILE,
        at=NOW,
        by=HOSTILE,
        body=HOSTILE * 10_000,
        files=(HOSTILE,) * 1000,
        external=HOSTILE,
        subject=HOSTILE + "s" * 1_000_000,
        customer=HOSTILE,
        tier="Premium",
        priority="P2",
    )
    ticket = opened("T-1", arrival, labels=(HOSTILE,))
    message = ticket.messages[0]
    kept = (
        ticket.subject,
        ticket.customer,
        ticket.thread,
        *ticket.labels,
        message.by,
        message.body,
        *message.files,
    )
    for text in kept:
        assert not set(text) & set("\x1b\x00\x07\x9b\u202e\ud800")
        assert text.encode()
    assert len(ticket.subject) <= 500
    assert len(message.body) <= 100_000
    assert len(message.files) <= 100


def test_ten_thousand_labels_are_refused_and_not_kept() -> None:
    with pytest.raises(Refused, match="labels: 10,000 are too many"):
        lifecycle.labelled(a_ticket(), [f"l{number}" for number in range(10_000)])


def test_sup_5_the_names_of_files_stay_though_the_files_do_not_come() -> None:
    ticket = received(a_ticket(), after(1), "", files=("debug.zip",))
    assert ticket.messages[-1].files == ("debug.zip",)
    with pytest.raises(Refused, match="body: "):
        messages.received(a_ticket(), written("in", NOW, " "), PLUS)
