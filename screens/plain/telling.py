"""What is said in the plain mode, and when: after each key what it changed, and what others do, each in one line.

It looks at the screen a moment after something has been drawn (`scene_of`), and tells what is another than at the last look.
While letters are typed only they are written; what follows from them is told when the fingers rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from msgspec.structs import replace

from fleettui.text.cleaning import width_of
from screens.plain.reading import (
    At,
    Scene,
    keys_of,
    numbered_rows,
    row_text,
    rows_of,
    scene_of,
    standing_news,
    standing_words,
    whole_text,
)
from screens.plain.voice import Voice
from screens.plain.words import joined, lasting, sentence, spoken
from screens.shell.board import Board

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

    from screens.commands.host import HeaderLine

SETTLES = 0.05
"""Seconds after something was drawn; what a key does is mostly drawn in several goes."""
RESTS = 0.6
"""Seconds after the last letter until what follows from it is told."""
LONGEST_WAIT = 0.8
"""Seconds that a look waits for what is being saved or opened."""
BY_ME = 3.0
"""Seconds after a key in which what changes is taken for what it did."""
NOTHING_CHANGED = 0.5
"""Seconds after a key that changed nothing until the row is said again."""
MOST_ROWS, MOST_LINES, MOST_NEWS = 200, 200, 12


class Told(Protocol):
    """What is asked of the app."""

    @property
    def has_screens(self) -> bool: ...

    @property
    def screen(self) -> Screen[Any]: ...

    @property
    def header(self) -> HeaderLine: ...

    @property
    def is_under_way(self) -> bool:
        """Something is being saved, or is opening: what it comes to is soon to be told."""

    def set_timer(self, delay: float, callback: Callable[[], Any] | None = None) -> Timer: ...


class Telling:
    """Of one app, to one voice."""

    def __init__(self, app: Told, voice: Voice) -> None:
        self._app, self._voice = app, voice
        self._before: Scene | None = None
        self._known_of: dict[str, dict[str, str]] = {}
        self._known: dict[str, str] = {}
        """The texts of the screen as they were told; those of the seven screens are kept."""
        self._left: At | None = None
        """The row on which the cursor stood before."""
        self._messages: list[str] = []
        self._timer: Timer | None = None
        self._due = 0.0
        self._waits_since: float | None = None
        self._was: Screen[Any] | None = None
        """The one of the seven screens that was told of last."""
        self._key_at = 0.0
        self._is_key_answered = True

    # What happens

    def key(self) -> None:
        """A key came in."""
        self._key_at, self._is_key_answered = time.monotonic(), False
        self.look_soon()

    def message(self, text: str) -> None:
        """The app says something."""
        self._messages += [spoken(line) for line in text.split("\n") if line.strip()]
        self.look_soon()

    def end(self) -> None:
        """What comes next on the terminal is not ours."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._voice.leave()

    def begin_again(self) -> None:
        """The terminal is ours again: where one is."""
        self._before = None
        self.look_soon()

    def look_soon(self, after: float = SETTLES) -> None:
        """Something may have changed. A look that is due later gives way."""
        due = time.monotonic() + after
        if self._timer is not None and self._due <= due:
            return
        if self._timer is not None:
            self._timer.stop()
        self._timer, self._due = self._app.set_timer(after, self._look), due

    def _look(self) -> None:
        self._timer = None
        if not self._app.has_screens:
            return
        if self._app.is_under_way and self._may_wait():
            self.look_soon()
            return
        self._waits_since = None
        scene = self._scene()
        if self._is_typing(scene):
            return
        self._tell(scene)
        if not self._is_key_answered:
            self._answer_again(scene)

    def _scene(self) -> Scene:
        return scene_of(self._app.screen, self._app.header)

    def _may_wait(self) -> bool:
        now = time.monotonic()
        self._waits_since = self._waits_since or now
        return now - self._waits_since < LONGEST_WAIT

    # Typing

    def _is_typing(self, scene: Scene) -> bool:
        """Letters go on in the same line: they are written at once, all else waits."""
        before = self._before
        if before is None or before.typed is None or scene.typed is None or scene.screen is not before.screen:
            return False
        if scene.typed.name != before.typed.name or self._rests:
            return False
        if scene.typed != before.typed:
            self._is_key_answered = True
            self._voice.show(scene.typed)
            self._before = replace(before, typed=scene.typed)
        elif scene == before and not self._messages:
            return False
        elif not self._is_key_answered:
            return False  # an arrow, Enter: what it did is told now
        self.look_soon(RESTS)
        return True

    @property
    def _rests(self) -> bool:
        return time.monotonic() - self._key_at >= RESTS - SETTLES

    # Telling

    def _tell(self, scene: Scene) -> None:
        before, self._before = self._before, scene
        messages, self._messages = self._messages, []
        by_me = time.monotonic() - self._key_at < BY_ME
        if before is None or before.screen is not scene.screen:
            texts, self._left = self._arrival(scene, before), None
            is_board = isinstance(scene.screen, Board)
            self._known = self._known_of.setdefault(scene.title, {}) if is_board else {}
        else:
            texts = scene.changed_since(self._known, by_me=by_me) + self._page_news(scene, before)
            texts += self._what_became_of(scene, before) if by_me else []
        if before is not None:
            texts = [*filter(None, standing_news(scene.header, before.header)), *texts]
        at = self._at(scene, before, by_me=by_me)
        if at is None and scene.at is not None and scene.typed is None and (texts or messages):
            at = scene.at
        self._known.update(scene.texts)
        above = before.at.heading if before is not None and before.at is not None else ""
        if at is not None and at.heading and lasting(at.heading) != lasting(above):
            texts.append(f"## {at.heading}")
        texts += self._in_one_line([" ".join(map(sentence, messages)), at.line if at else ""])
        self._say(texts, scene, before, is_row=at is not None)

    def _in_one_line(self, texts: list[str]) -> list[str]:
        """What is said and the row, where there is room for both: the cursor is to stand on the row."""
        line = joined(texts, " ")
        return [line] if line and width_of(line) <= self._voice.room else [text for text in texts if text]

    def _say(self, texts: list[str], scene: Scene, before: Scene | None, *, is_row: bool) -> None:
        came = before is None or before.focused is not scene.focused
        if scene.typed is not None and came:
            texts += [line or " " for line in whole_text(scene.focused)]
        typed = scene.typed
        if typed is not None and is_row and not came and before is not None and before.typed != typed:
            self._voice.show(typed)  # letters that came while the fingers rested
        if texts:
            self._is_key_answered = True
            self._voice.tell(texts)
        if typed is None or is_row:
            return
        is_same = before is not None and before.typed == typed
        if texts or not is_same:
            if not is_same and not came and width_of(typed.text) > self._voice.room:
                self._voice.tell([typed.value])
            self._is_key_answered = True
            self._voice.show(typed)

    def _arrival(self, scene: Scene, before: Scene | None) -> list[str]:
        """On a screen: what it is, and what stands on it. Back from a dialog, its name is enough."""
        texts = [text for text in scene.changed_since({}, by_me=True) if text != scene.title]
        if not isinstance(scene.screen, Board):
            return [f"# {scene.title}", *texts, *_readable(scene.page), f"Keys: {keys_of(scene.screen)}"]
        was, self._was = self._was, scene.screen
        if was is scene.screen:
            return [f"# {scene.title}"]
        first = [] if before else [*filter(None, standing_words(scene.header))]
        return [
            *first,
            f"# {joined((scene.title, *texts[:1]), ': ')}",
            *texts[1:],
            *_readable(scene.page),
        ]

    def _at(self, scene: Scene, before: Scene | None, *, by_me: bool) -> At | None:
        """The row or line, where it is to be told."""
        at = scene.at
        if at is None or before is None or before.screen is not scene.screen or before.at is None:
            return at if scene.typed is None or before is None or before.at != at else None
        if scene.typed is not None and before.focused is not scene.focused:
            return None  # a line to type in has just opened over the list
        if before.focused is not scene.focused or before.at.key != at.key:
            return at
        is_same = before.at.line == at.line if by_me else lasting(before.at.text) == lasting(at.text)
        return None if is_same else at

    def _what_became_of(self, scene: Scene, before: Scene) -> list[str]:
        """The row that one has left, where a key did something to it and went on."""
        if scene.at is not None and before.at is not None and scene.at.key != before.at.key:
            self._left = before.at
        rows = rows_of(scene.screen)
        text = row_text(rows, self._left.key) if rows is not None and self._left is not None else ""
        if not text or self._left is None or text == self._left.text:
            return []
        self._left = replace(self._left, text=text)
        return [text]

    def _page_news(self, scene: Scene, before: Scene) -> list[str]:
        """A text that has just been opened, whole; of one that is open what is new in it."""
        if scene.page and before.focused is not scene.focused:
            return _readable(scene.page)
        known = {lasting(line) for line in before.page}
        news = [line for line in scene.page if line.strip() and lasting(line) not in known]
        return _readable(news[:MOST_NEWS]) if before.page else []

    def _answer_again(self, scene: Scene) -> None:
        """A key that changed nothing: where one is."""
        if scene.at is None or scene.typed is not None:
            self._is_key_answered = True
        elif time.monotonic() - self._key_at < NOTHING_CHANGED:
            self.look_soon(NOTHING_CHANGED)
        else:
            self._is_key_answered = True
            self._voice.tell([scene.at.line])

    # All of it

    def read_all(self) -> None:
        """The whole screen from its top."""
        scene = self._scene()
        rows = rows_of(scene.screen)
        texts = [*standing_words(scene.header), f"# {scene.title}"]
        texts += [text for text in scene.texts.values() if text != scene.title]
        texts += numbered_rows(rows, MOST_ROWS) if rows is not None else ()
        texts += _readable(scene.page)
        texts.append(f"Keys: {keys_of(scene.screen)}")
        if scene.typed is None and scene.at is not None:
            texts.append(scene.at.line)
        self._before, self._is_key_answered = scene, True
        self._voice.tell([text for text in texts if text])
        if scene.typed is not None:
            self._voice.show(scene.typed)


def _readable(lines: tuple[str, ...] | list[str]) -> list[str]:
    """The lines that have words, as far as they can be read at once."""
    words = [text for text in map(spoken, lines) if text]
    more = len(words) - MOST_LINES
    return [*words[:MOST_LINES], f"… and {more} more lines"] if more > 0 else words
