"""The things that a support team does all day, in keys: before one letter meant one thing everywhere, and now.

docs/keys.md shows them. The keys are taken from the catalogue and from the preset `before`, so they are what is pressed.
"""

from __future__ import annotations

import msgspec

from screens.commands.by_screen import BY_SCREEN
from screens.commands.command import key_word
from screens.commands.everywhere import EVERYWHERE
from screens.commands.presets import BEFORE

KEYS = {command.id: command.keys for command in EVERYWHERE + BY_SCREEN}
TYPED = '"'
"""Before what is typed as text."""


class Act(msgspec.Struct, frozen=True):
    """Ids of commands one after the other; what is typed begins with a quotation mark."""

    name: str
    steps: tuple[str, ...]
    before: tuple[str, ...] = ()
    """Where other commands did it; empty: the same."""

    def keys_now(self) -> list[str]:
        return _pressed(self.steps, KEYS)

    def keys_before(self) -> list[str]:
        return _pressed(self.before or self.steps, {**KEYS, **BEFORE})


def _pressed(steps: tuple[str, ...], keys: dict[str, str]) -> list[str]:
    pressed: list[str] = []
    for step in steps:
        if step.startswith(TYPED):
            pressed += step[len(TYPED) :]
        else:
            pressed.append(key_word(keys[step].split(",")[0]))
    return pressed


def strokes(pressed: list[str]) -> int:
    """Shift and Ctrl are keys, too."""
    return sum(1 + key.count("+") * (len(key) > 1) + (len(key) == 1 and _needs_shift(key)) for key in pressed)


def _needs_shift(key: str) -> bool:
    """On the American keyboard."""
    return key.isupper() or key in '~!@#$%^&*()_+{}|:"<>?'


DAILY_ACTS = (
    Act("tick a ritual", ("go.rituals", "rituals.tick")),
    Act(
        "take the next ticket and answer it with a ready text",
        (
            *("go.triage", "triage.next", "triage.take", "triage.reply"),
            *("composer.template", '"fol', "picker.choose", "composer.send"),
        ),
    ),
    Act("write a note", ("triage.note", '"seen', "composer.send")),
    Act("put a ticket away for three days", ("triage.snooze", '"3d', "picker.choose")),
    Act("resolve a ticket", ("triage.resolve", "picker.choose")),
    Act("do a step of a call", ("go.calls", "list.open", "calls.tick")),
    Act("a call is over, with notes", ("go.calls", "calls.over", '"fine', "form.save")),
    Act("nobody came to a call", ("go.calls", "calls.nobody")),
    Act("give a call another time", ("go.calls", "calls.rebook", "picker.choose")),
    Act("begin a playbook", ("go.playbooks", "playbooks.begin")),
    Act(
        "find a customer, from anywhere",
        ("app.palette", '"nor', "picker.choose"),
        ("go.customers", "board.filter", '"nor', "filter.done", "list.open"),
    ),
)
