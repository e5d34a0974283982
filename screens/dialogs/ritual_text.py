"""The text of a ritual: drafted from the work, changed here, copied, and kept as a draft until the ritual is ticked with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from fleettui.text.gaps import gap_names, gaps_in
from screens.commands.effective import key_of, with_keys
from screens.dialogs.copied import copy
from screens.dialogs.form import Form, FormField
from screens.widgets.page import BLANK, Page, Para, heading, step

if TYPE_CHECKING:
    from datetime import date

    from fleettui.workspace.rituals.texts import RitualText, RitualTexts
    from screens.commands.host import Host

PROOF_NOTE = "Copied, and kept as a draft. [rituals.note] on Rituals ticks it with this text as proof."


def open_text(host: Host, ritual: str, on: date | None = None) -> None:
    """Drafted in the writing thread: it reads tickets and calls of weeks."""
    texts = host.workspace.ritual_texts
    text = partial(texts.of, ritual, on)
    host.write(text, partial(_open, host), doing="drafting the text", keys_wait=True)


def _open(host: Host, text: RitualText) -> None:
    host.announce("rituals", text.ritual, typing=True)
    host.push_screen(RitualTextForm(host.workspace.ritual_texts, text))


class WhoAsked(Page):
    """Beside a text that goes to customers: whom it concerns. It is copied with nothing."""

    def __init__(self, asked: tuple[str, ...]) -> None:
        super().__init__()
        self._asked = asked

    def on_mount(self) -> None:
        self.show(
            [
                heading("Who asked"),
                Para("For you: none of it is in the text.", "muted"),
                BLANK,
                *(step("·", row) for row in self._asked),
            ]
        )


class RitualTextForm(Form):
    """One long field. Saving copies; the draft stays."""

    AROUND_FIELDS = 5

    def __init__(self, texts: RitualTexts, text: RitualText) -> None:
        super().__init__(
            text.name,
            [FormField("text", "Text", text.text, long=True)],
            about=texts.draft_name(text.period),
            save=lambda typed: None,
            beside=WhoAsked(text.asked) if text.asked else None,
        )
        self._ritual_texts, self._ritual_text = texts, text
        self.add_class("-text")

    def on_mount(self) -> None:
        self._note(f"{key_of('composer.send')} copies it, and keeps it as a draft.")

    def _keeper(self) -> Callable[[], None]:
        """Unlike a form's, what was there before is not kept: the facts change all week."""
        typed, texts, period = self._changes(), self._ritual_texts, self._ritual_text.period
        if self._values()["text"] == self._ritual_text.draft:
            return lambda: None
        if not typed:
            return lambda: texts.drop(period)
        return partial(texts.keep, period, typed["text"])

    def do_save(self) -> None:
        written = self._values()["text"].strip()
        gaps = gaps_in(written)
        if gaps or not written:
            self._note(
                f"Still to be filled in: {gap_names(gaps)}." if gaps else "There is nothing to copy yet."
            )
            return
        host = self.fleettui
        self._keeping.stop()

        def kept(_: None) -> None:
            self.dismiss()
            copy(host, written, with_keys(PROOF_NOTE), goes_to=self._ritual_text.goes_to)

        host.write(
            partial(self._ritual_texts.keep, self._ritual_text.period, written),
            kept,
            doing="keeping the text",
            keys_wait=True,
        )
