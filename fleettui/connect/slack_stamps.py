"""Up to which moment the messages of each channel were taken in: a small file that may be old, or lost."""

from __future__ import annotations

import contextlib
import re

import msgspec

from fleettui.documents import UNREADABLE
from fleettui.errors import Unusable
from fleettui.places import Place
from fleettui.store import files

NAME = "slack.json"
_STAMP = re.compile(r"[0-9]{1,10}\.[0-9]{6}")


def is_stamp(text: str) -> bool:
    """Whether it is a moment as Slack writes it: it has always the same number of digits after the point."""
    return _STAMP.fullmatch(text) is not None


def stamp_of(seconds: float) -> str:
    return f"{max(seconds, 0):.6f}"


def later(stamp: str, other: str) -> str:
    """The later of two; an empty one is before all."""
    return max(stamp, other, key=seconds_of)


def seconds_of(stamp: str) -> float:
    return float(stamp) if is_stamp(stamp) else 0.0


class SeenStamps:
    """By channel. What is noted while something older is still missing counts only when that was read, too: whoever is killed
    in between reads it again."""

    def __init__(self, folder: Place, modes: files.Modes) -> None:
        """`folder`: the service's own, in the workspace."""
        self._file, self._mode = folder / NAME, modes.file
        self._seen = self._read()
        self._noted: dict[str, str] = {}
        self._is_saved = True

    def of(self, channel: str) -> str:
        """Empty where it is not known."""
        return self._seen.get(channel, "")

    def begin(self, channel: str, stamp: str) -> None:
        """Where nothing is known of a channel."""
        self._seen[channel] = stamp
        self._is_saved = False

    def note(self, channel: str, stamp: str) -> None:
        if is_stamp(stamp):
            self._noted[channel] = later(stamp, self._noted.get(channel, ""))

    def count_noted(self) -> None:
        """Nothing older is missing."""
        noted, self._noted = self._noted, {}
        for channel, stamp in noted.items():
            if seconds_of(stamp) > seconds_of(self.of(channel)):
                self._seen[channel] = stamp
                self._is_saved = False

    def save(self) -> None:
        """A courtesy to the next start: where it cannot be written, more is read again then."""
        if self._is_saved:
            return
        with contextlib.suppress(OSError, Unusable):
            files.write_atomic(self._file, msgspec.json.encode(self._seen) + b"\n", self._mode)
            self._is_saved = True

    def _read(self) -> dict[str, str]:
        try:
            seen = msgspec.json.decode(files.read_file(self._file), type=dict[str, str])
        except (OSError, Unusable, *UNREADABLE):
            return {}
        return {channel: stamp for channel, stamp in seen.items() if is_stamp(stamp)}
