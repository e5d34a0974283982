"""The one thread that writes: in order, with what it returns or raises, and nobody waits for ever."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest

from fleettui.connect.desk import Stopped, WorkDesk
from fleettui.errors import Refused


def beside(work: object) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)  # type: ignore[arg-type]
    thread.start()
    return thread


def test_what_is_asked_is_done_in_the_serving_thread() -> None:
    desk, threads = WorkDesk(), []
    asking = beside(lambda: threads.append(desk.do(threading.current_thread)))
    while not threads:
        desk.serve(0.05)
    asking.join()
    assert threads == [threading.current_thread()]


def test_an_error_reaches_who_asked() -> None:
    desk, errors = WorkDesk(), []

    def fail() -> None:
        raise Refused("no")

    def ask() -> None:
        try:
            desk.do(fail)
        except Refused as error:
            errors.append(str(error))

    asking = beside(ask)
    while not errors:
        desk.serve(0.05)
    asking.join()
    assert errors == ["no"]


def test_only_what_writes_is_news() -> None:
    """Else two senders that look would wake each other for ever."""
    desk = WorkDesk()
    for ask, is_news in ((desk.look, False), (desk.do, True)):
        asking = beside(lambda ask=ask: ask(lambda: 1))
        heard = [desk.serve(0.2)]
        while asking.is_alive():
            heard.append(desk.serve(0.05))
        assert any(heard) is is_news


def test_a_closed_desk_lets_everybody_go() -> None:
    desk, gone = WorkDesk(), threading.Event()

    def ask() -> None:
        with suppress(Stopped):
            desk.do(lambda: None)
        gone.set()

    asking = beside(ask)
    desk.close()
    assert gone.wait(60)
    asking.join()
    with pytest.raises(Stopped):
        desk.do(lambda: None)
