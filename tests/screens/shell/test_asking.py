"""What only files or a server know is asked for beside the event loop: the screen waits for nothing and is filled in later."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fleettui.store.tinydb.store import TinyDBStore
from fleettui.workspace.workspace import Workspace
from screens.dialogs.texts import taken_back
from screens.shell.asking import KEPT, Asked
from screens.widgets.page import Page
from tests.screens.conftest import SMALL, see, wait_until
from tests.screens.triage.conftest import WIDE, acme, at_work, press_and_see, queue, text_typed
from tests.support.loop_guard import Guard

__all__ = ("acme", "queue")  # fixtures


class SlowHistory:
    """The store answers questions about a history when it is let go."""

    def __init__(self) -> None:
        self._may_answer = threading.Event()
        self._may_answer.set()
        self.asked: list[str] = []

    def hold(self) -> None:
        self._may_answer.clear()

    def let_go(self) -> None:
        self._may_answer.set()

    def slowed(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def find_history(store: TinyDBStore, collections: Any, id_: str) -> Any:
            self.asked.append(id_)
            assert self._may_answer.wait(60)
            return original(store, collections, id_)

        return find_history


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowHistory]:
    slow = SlowHistory()
    monkeypatch.setattr(TinyDBStore, "find_history", slow.slowed(TinyDBStore.find_history))
    yield slow
    slow.let_go()


async def test_a_page_is_there_before_its_history_and_keeps_its_place_when_that_comes(
    queue: Workspace, slow: SlowHistory
) -> None:
    queue.tickets.note("T-1001", "\n".join(f"line {number}" for number in range(40)))
    queue.tickets.label(["T-1001"], ["bug"])
    app = at_work(queue)
    async with app.run_test(size=SMALL) as pilot:
        await see(pilot, "T-1001")
        slow.hold()
        await pilot.press("enter", "j", "j")
        await wait_until(pilot, lambda: slow.asked == ["T-1001"])
        page = app.screen.query_one(Page)
        assert "Timeline, newest first" in page.lines
        top, shown = page.top, list(page.lines)
        assert top == 2 and not any("labels" in line for line in shown)
        slow.let_go()
        await wait_until(pilot, lambda: any("bug" in line and "Kathy" in line for line in page.lines))
        assert page.top == top


async def test_a_page_that_was_left_meanwhile_is_not_filled(queue: Workspace, slow: SlowHistory) -> None:
    for label, id_ in (("first", "T-1001"), ("other", "T-1003")):
        queue.tickets.label([id_], [label])
    app = at_work(queue)
    async with app.run_test(size=WIDE) as pilot:
        await see(pilot, "T-1003")
        await wait_until(pilot, lambda: slow.asked == ["T-1001"])
        slow.hold()
        await pilot.press("j")
        await wait_until(pilot, lambda: slow.asked == ["T-1001", "T-1003"])
        await pilot.press("k")
        page = app.screen.query_one(Page)
        await wait_until(pilot, lambda: any("first" in line and "Kathy" in line for line in page.lines))
        before = page.lines
        slow.let_go()
        await pilot.pause(0.1)
        assert page.lines == before
        await pilot.press("j")
        await wait_until(pilot, lambda: any("other" in line and "Kathy" in line for line in page.lines))


async def test_what_is_known_stays_to_be_seen_until_there_is_news(
    queue: Workspace, slow: SlowHistory
) -> None:
    queue.tickets.label(["T-1001"], ["bug"])
    app = at_work(queue)
    async with app.run_test(size=WIDE) as pilot:
        page = app.screen.query_one(Page)
        await wait_until(pilot, lambda: any("bug" in line and "Kathy" in line for line in page.lines))
        slow.hold()
        other = Workspace.open(queue.home, clock=queue.clock, login="zay")
        other.tickets.label(["T-1001"], ["sso"])
        await wait_until(pilot, lambda: len(slow.asked) == 2)
        assert any("bug" in line and "Kathy" in line for line in page.lines)
        slow.let_go()
        await wait_until(pilot, lambda: any("sso" in line and "Zay" in line for line in page.lines))


async def test_what_was_typed_before_an_answer_that_was_taken_back_stays(
    acme: Workspace, slow: SlowHistory
) -> None:
    acme.tickets.reply("T-1001", "On it")
    acme.history.undo(sure=True)
    app = at_work(acme)
    async with app.run_test(size=SMALL) as pilot:
        slow.hold()
        await press_and_see(pilot, "Answer T-1001", "r", *"Mine")
        slow.let_go()
        await pilot.pause(0.1)
        assert text_typed(app) == "Mine"


async def test_an_archive_that_cannot_be_read_is_said_on_the_page(
    queue: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fleettui.errors import Unusable

    def damaged(*_: Any) -> Any:
        raise Unusable("people.json, line 3: it was cut off")

    monkeypatch.setattr(TinyDBStore, "find_history", damaged)
    app = at_work(queue)
    async with app.run_test(size=WIDE) as pilot:
        await see(pilot, "people.json, line 3: it was cut off")


class Front:
    """As much of a screen as `Asked` knows."""

    def __init__(self) -> None:
        self.stale, self.drawn = False, 0
        self.questions: list[tuple[Any, ...]] = []
        self.fleettui: Any = self
        self.has_screens, self.base_screen = True, self

    def read(self, *question: Any) -> None:
        self.questions.append(question)

    def show_page(self) -> None:
        self.drawn += 1

    def answer(self) -> None:
        action, then, failed = self.questions.pop(0)
        try:
            value = action()
        except Exception as error:
            failed(error)
        else:
            then(value)


def test_a_question_is_asked_once_until_something_changes() -> None:
    front: Any = Front()
    asked = Asked(front)
    answers = iter("ab")
    assert [asked.of("key", lambda: next(answers), "") for _ in range(2)] == ["", ""]
    assert len(front.questions) == 1
    front.answer()
    assert (asked.of("key", lambda: next(answers), ""), front.drawn, front.questions) == ("a", 1, [])
    asked.renew()
    assert asked.of("key", lambda: next(answers), "") == "a"
    front.answer()
    assert asked.of("key", lambda: next(answers), "") == "b"


def test_a_screen_that_is_not_in_front_is_filled_when_it_is() -> None:
    front: Any = Front()
    asked = Asked(front)
    asked.of("key", lambda: 1, 0)
    front.base_screen = None
    front.answer()
    assert (front.stale, front.drawn) == (True, 0)


def test_a_failure_is_the_answer_until_something_changes() -> None:
    front: Any = Front()
    asked = Asked(front)

    def fails() -> int:
        raise OSError("cut off")

    asked.of("key", fails, 0)
    front.answer()
    with pytest.raises(OSError, match="cut off"):
        asked.of("key", fails, 0)


def test_a_session_keeps_few_answers() -> None:
    front: Any = Front()
    asked = Asked(front)
    for number in range(KEPT * 3):
        asked.of(number, lambda: "x", "")
        front.answer()
    assert len(asked._answers) == KEPT and not asked._asking


async def test_promise_6_the_guard_sees_a_question_that_may_wait(
    queue: Workspace, nothing_waits_on_the_loop: Guard
) -> None:
    app = at_work(queue)
    async with app.run_test(size=SMALL) as pilot:
        await see(pilot, "T-1001")
        assert nothing_waits_on_the_loop.waits == []
        taken_back(app.workspace, queue.tickets.find("T-1001"))
    (wait,) = nothing_waits_on_the_loop.waits
    assert wait.startswith("find_history") and "screens/dialogs/texts.py" in wait
    nothing_waits_on_the_loop.waits.clear()
