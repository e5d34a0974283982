"""Textual's driver for a terminal, sending only what changed (wire.py)."""

from __future__ import annotations

import os
import select
import signal
from codecs import getincrementaldecoder
from threading import Thread, current_thread
from typing import ClassVar

# Private, because Textual has no public way to read Esc and the next key of one packet as two: what it hands on
# (`process_message`) are keys already, and its own thread makes its parser itself. What is used of it is held by
# tests/screens/terminal/test_driver.py, which says with which versions.
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from screens.terminal.wire import Wire

LINE_EVERY = 500
"""Milliseconds between two looks, where the kernel does not tell."""
INPUT_EVERY = 100
"""Milliseconds after which an Esc that nothing follows is a key."""
MOST_INPUT = 4096
"""Bytes that are read at once."""
KEEP_TITLE, TITLE_OF_BEFORE = "\x1b[22;2t", "\x1b[23;2t"
"""Puts the title of the window on the terminal's stack, and takes it back from there."""

ESC = "\x1b"
PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"
APART = PASTE_ENDS
"""The end of a paste that never began: what is before it is over, and it means nothing itself."""
GOES_ON = f"[O{ESC}"
"""After Esc these begin what a terminal sends for one key, or are an Esc of their own."""
OPTION_KEYS = "bf\x7f"
"""After Esc these are what terminals on a Mac send for Option with an arrow or Backspace: a word back, forth, away. Who edits
a text there would leave it otherwise."""


class EscApart:
    """What a terminal sends, part by part, with a mark after each Esc that is a key of its own, also where a slow line brings the
    next key with it. For Textual they are one: a special character for a digit (Esc and 6 are §), the second key alone for most
    others. Pasted text stays as it is."""

    def __init__(self) -> None:
        self._last, self._is_paste = "", False

    def marked(self, text: str) -> str:
        if ESC not in text and not self._last.startswith(ESC):
            return text
        parts = []
        for character in text:
            if self._last == ESC and not self._is_paste and character not in GOES_ON + OPTION_KEYS:
                parts.append(APART)
            parts.append(character)
            self._last = ESC if character == ESC else (self._last + character)[: len(PASTE_BEGINS)]
            if self._last in (PASTE_BEGINS, PASTE_ENDS):
                self._is_paste = self._last == PASTE_BEGINS
        return "".join(parts)


class LeanDriver(LinuxDriver):
    """Textual's driver with a `Wire` before the terminal."""

    wire = Wire()
    """One for the process, as there is one terminal."""

    is_drawing: ClassVar[bool] = False
    """Whether the terminal is the app's now: no echo, its second screen, no cursor."""

    has_titled: ClassVar[bool] = False
    """Whether the window has a title of ours, and the one of before is on the terminal's stack."""

    is_linear: ClassVar[bool] = False
    """Whether the terminal gets lines alone: then it is as before in all but its keys."""

    in_front: ClassVar[LeanDriver | None] = None

    watching: ClassVar[Thread | None] = None
    """Each time that the terminal is taken has its own thread: the one of before may not have noticed yet."""

    @classmethod
    def send(cls, sequence: str) -> None:
        """To the terminal, what draws nothing; nowhere, while none is ours."""
        if LeanDriver.in_front is not None:
            LeanDriver.in_front.write(sequence)

    @classmethod
    def retitle(cls, title: str) -> None:
        """Give the window a title; the one of before comes back at the end."""
        if LeanDriver.in_front is not None:
            cls.send(f"{'' if LeanDriver.has_titled else KEEP_TITLE}\x1b]2;{title}\x1b\\")
            LeanDriver.has_titled = True

    def start_application_mode(self) -> None:
        LeanDriver.is_drawing, LeanDriver.in_front = True, self
        super().start_application_mode()  # type: ignore[no-untyped-call]
        LeanDriver.watching = Thread(target=self._watch_the_line, name="fleettui-line", daemon=True)
        LeanDriver.watching.start()

    def stop_application_mode(self) -> None:
        if LeanDriver.has_titled:
            self.write(TITLE_OF_BEFORE)
        LeanDriver.in_front, LeanDriver.has_titled = None, False
        super().stop_application_mode()
        LeanDriver.is_drawing = False

    def run_input_thread(self) -> None:
        """As Textual's, but for what `EscApart` marks."""
        parser, apart = XTermParser(), EscApart()
        decode = getincrementaldecoder("utf-8")("replace").decode
        keyboard = select.poll()
        keyboard.register(self.fileno, select.POLLIN)
        while not self.exit_event.is_set():
            if keyboard.poll(INPUT_EVERY):
                text = apart.marked(decode(os.read(self.fileno, MOST_INPUT)))
                # The parser takes nothing for its end, but the terminal may come back.
                for message in parser.feed(text) if text else ():
                    self.process_message(message)
            for message in parser.tick():
                self.process_message(message)

    def _watch_the_line(self) -> None:
        """A terminal that is gone is a connection that dropped, whether somebody tells us so or not. Textual would read its end
        over and over."""
        line = select.poll()
        line.register(self.fileno, 0)  # nothing but its end
        while LeanDriver.is_drawing and LeanDriver.watching is current_thread():
            if line.poll(LINE_EVERY):
                os.kill(os.getpid(), signal.SIGHUP)
                return

    def write(self, data: str) -> None:
        """Nothing while another program has the terminal: there is no thread then that would take it."""
        if not LeanDriver.is_drawing:
            return
        thinned = self.wire.thin(data, self._terminal())
        if thinned:
            super().write(thinned)

    def _terminal(self) -> tuple[int, int]:
        """Asked each time: after a change of size nothing that was known holds."""
        try:
            columns, lines = os.get_terminal_size(self.fileno)
        except OSError:
            return (0, 0)
        return columns, lines
