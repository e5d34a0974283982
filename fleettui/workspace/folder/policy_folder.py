"""The `handbook/` folder of a workspace as the source of its policy."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fleettui.errors import FleettuiError

if TYPE_CHECKING:
    from fleettui.policy.files import Stamp
    from fleettui.policy.handbook import Handbook
    from fleettui.policy.last_good import LastGood
    from fleettui.time.business import Calendar

LOOK_EVERY = 2.0
"""In seconds: a look costs a stat of many files, which are seldom edited."""
SETTLED = 1.0
"""For how many seconds a template is left in peace before it counts: half of a template is one, too."""
PATIENCE = 3.0
"""For how many seconds a file that cannot be read is taken for one that is still being written: many editors empty it first."""


class PolicyFolder:
    """Read when it is first asked for, since many commands do without it, and again once it was edited. A mistake leaves the
    last good version of its file in force."""

    def __init__(self, folder: Path, home: Path | None = None) -> None:
        """Copies of what was read without mistakes are kept in `home`."""
        self._folder, self._home = folder, home
        self._handbook: Handbook | None = None
        self._looked = 0.0
        self._examined = False
        self._edited: Stamp = ()
        """The stamp of an edit that does not count yet, and since when it has not changed."""
        self._since = 0.0
        self._shown: tuple[str, ...] = ()
        """The troubles that `refresh` has reported last."""
        self._gone = ""
        """Why the folder cannot be read any more."""

    @property
    def handbook(self) -> Handbook:
        if self._handbook is None:
            from fleettui.policy.handbook import load

            self._handbook = load(self._folder, self._last_good())
        return self._handbook

    def _last_good(self) -> LastGood:
        from fleettui.policy.last_good import LastGood

        kept = self._handbook.last_good if self._handbook is not None else None
        return kept or LastGood(self._home)

    @property
    def zone(self) -> ZoneInfo:
        return self.handbook.zone

    @property
    def calendar(self) -> Calendar:
        return self.handbook.calendar

    @property
    def troubles(self) -> tuple[str, ...]:
        """The mistakes in what was read, and what counts until they are mended, in words."""
        if self._handbook is None:
            return ()
        gone = (f"{self._gone}; what was read before counts",) if self._gone else ()
        return (*gone, *(trouble.in_words for trouble in self._handbook.troubles))

    def examine(self) -> None:
        """Look for mistakes also in what nobody has asked for yet, where that is quick: in files that were edited since somebody
        has read them without a mistake."""
        kept = self.handbook.last_good
        if kept is not None and kept.is_kept:
            examine_files(self.handbook)

    def refresh(self) -> bool:
        """Whether there is something new: an edit that counts from now on, a mistake, or one that was mended."""
        if self._handbook is None or monotonic() < self._looked + (0 if self._edited else LOOK_EVERY):
            return False
        self._looked = monotonic()
        if not self._examined:
            self._examined = True
            examine_files(self._handbook)
        is_new = self._look(self._handbook) or self._shown != self.troubles
        self._shown = self.troubles
        return is_new

    def _look(self, before: Handbook) -> bool:
        """Whether the handbook is another one now."""
        if not before.changed():
            self._edited, self._gone = (), ""
            return False
        from fleettui.policy import files
        from fleettui.policy.handbook import load

        now, stamp = monotonic(), files.stamp(self._folder)
        if stamp != self._edited:
            self._edited, self._since = stamp, now
        edited = {row[0] for row in set(stamp) ^ set(before.stamp)}
        if now - self._since < SETTLED and any(name.startswith(files.TEMPLATES) for name in edited):
            return False
        try:
            after = load(self._folder, self._last_good())
        except FleettuiError as error:
            self._gone = str(error)
            return False
        read_again(after, before)
        broken = {trouble.in_words for trouble in after.troubles} - set(self.troubles)
        if broken and now - self._since < PATIENCE:
            return False
        self._handbook, self._edited, self._gone = after, (), ""
        return True


def read_again(after: Handbook, before: Handbook) -> None:
    """All that was edited, and what is in use: here, so that no screen has to wait for it."""
    examine_files(after)
    for name in list(vars(before)):
        if not name.startswith("_") and name in type(after).__dict__:
            with suppress(FleettuiError):
                getattr(after, name)


def examine_files(handbook: Handbook) -> None:
    from fleettui.policy.shapes import examine  # late: only where the files are looked at as a whole

    examine(handbook)
