"""What is done to all marked rows: one change, one undo, and by name what could not be done. Marks stay where it could not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from screens.commands.effective import with_keys
from screens.commands.host import Owner
from screens.terminal.text import one_line

if TYPE_CHECKING:
    from fleettui.errors import FleettuiError
    from fleettui.workspace.together import Outcome
    from fleettui.workspace.workspace import Workspace
    from screens.dialogs.form import FormField, Values

FEW = 2
"""As many refusals stand in the message; more on a page."""
SECONDS = 8
SINGULAR = {"people": "person"}


class MarkedBoard(Owner, Protocol):
    """What is asked of the screen."""

    def marked(self) -> list[Any]: ...

    def unmark(self, keys: Sequence[Any]) -> None: ...

    def row_name(self, key: Any) -> str: ...


class Several:
    """Acts on the marked rows of a board. `act` is given a workspace to act in, and the key of a row."""

    def __init__(self, board: MarkedBoard, things: str = "rows") -> None:
        """`things`: what several of them are called."""
        self._board, self._things = board, things

    def do(self, act: Callable[[Workspace, Any], object], done: str, *, undone: bool = True) -> None:
        """`done`: what they are then, "ticked". `undone`: whether undo takes it back."""
        host, keys, names = self._board.fleettui, self._board.marked(), self._names()
        host.write(
            lambda: self._each(keys, act),
            lambda outcome: self._tell(outcome, names, done, undone),
            doing=done,
            keys_wait=True,
        )

    def ask(
        self,
        title: str,
        fields: Sequence[FormField],
        act: Callable[[Workspace, Any, Values], object],
        done: str,
    ) -> None:
        """A form whose values are for all of them. `title` has {} for how many they are."""
        from screens.dialogs.form import Form

        host, keys, names = self._board.fleettui, self._board.marked(), self._names()
        host.push_screen(
            Form(
                title.format(self.count_words(len(keys))),
                fields,
                about=f"several {title}",
                save=lambda typed: self._each(keys, lambda within, key: act(within, key, typed)),
                saved=lambda outcome: self._tell(outcome, names, done, True),
            )
        )

    def ask_why(self, title: str, act: Callable[[Workspace, Any, str], object], done: str, hint: str) -> None:
        """One reason for all."""
        from screens.dialogs.form import FormField

        field = FormField("why", "Why", hint=hint)
        self.ask(title, [field], lambda within, key, typed: act(within, key, typed.get("why", "")), done)

    def edit(
        self,
        fields: Sequence[FormField],
        values_of: Callable[[Any], Mapping[str, str]],
        save: Callable[[Workspace, Any, Values], object],
    ) -> None:
        """One of the fields, the same value for all. `values_of` a row; a row that has none of them is refused by `save`."""
        from screens.dialogs.one_field import FieldPicker, with_common

        keys = self._board.marked()
        offered = with_common(fields, [values for values in map(values_of, keys) if values])

        def chosen(name: str | None) -> None:
            field = next((field for field in offered if field.name == name), None)
            if field is not None:
                self.ask(f"{field.label} of {{}}", [field], save, "changed")

        self._board.fleettui.push_screen(FieldPicker(offered, self.count_words(len(keys))), chosen)

    def count_words(self, count: int) -> str:
        thing = SINGULAR.get(self._things) or self._things.removesuffix("s")
        return f"{count:,} {thing if count == 1 else self._things}"

    def _names(self) -> dict[Any, str]:
        return {key: self._board.row_name(key) for key in self._board.marked()}

    def _each(self, keys: Sequence[Any], act: Callable[[Workspace, Any], object]) -> Outcome[Any, object]:
        from fleettui.workspace.together import each  # late: with the first marks

        return each(self._board.workspace, keys, act)

    def _tell(self, outcome: Outcome[Any, object], names: Mapping[Any, str], done: str, undone: bool) -> None:
        board, host = self._board, self._board.fleettui
        board.unmark(list(outcome.done))
        back = with_keys(" [app.undo] takes it back.") if undone else ""
        text = f"{self.count_words(len(outcome.done))} {done}.{back}"
        if not outcome.refused:
            host.say(text, seconds=SECONDS)
            return
        lines = refusal_lines(outcome.refused, names)
        if len(lines) <= FEW:
            host.say("\n".join([text, *lines]), "warning", SECONDS)
            return
        from screens.dialogs.text_dialog import TextDialog
        from screens.widgets.page import BLANK, Para, title

        head = title(f"{text} {self.count_words(len(lines))} could not be; they are still marked")
        host.push_screen(TextDialog([head, BLANK, *(Para(line, "warn") for line in lines)]))


def refusal_lines(refused: Mapping[Any, FleettuiError], names: Mapping[Any, str]) -> list[str]:
    """One for each: its name, and why."""
    return [_named(names.get(key, ""), error) for key, error in refused.items()]


def _named(name: str, error: FleettuiError) -> str:
    text = one_line(str(error))
    return text if not name or text.startswith(name) else f"{name}: {text}"
