"""Calls: those to come and what prepares them; inside one, its steps, the ladder when nobody comes, and what was agreed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from textual import on
from textual.timer import Timer

from fleettui import access
from fleettui.domain.calls.model import Call
from fleettui.domain.calls.stages import CallView, next_change
from fleettui.domain.checklists.model import StepView
from fleettui.workspace.damaged import Sieve
from screens.calls import bell
from screens.calls.actions.asking import NEEDS_CALL, NEEDS_STEP
from screens.calls.actions.copying import CallTexts
from screens.calls.actions.events import CallEvents
from screens.calls.actions.planning import CallPlanning
from screens.calls.actions.several import ALONE, SeveralCalls
from screens.calls.actions.steps import StepActions
from screens.calls.page import CallPage
from screens.calls.row_keys import CallKey, Key, StepKey
from screens.calls.rows import CALL_COLUMNS, STEP_COLUMNS, CallWords
from screens.commands.catalogue import bindings
from screens.commands.effective import with_keys
from screens.shell.board import Board
from screens.shell.damaged import makes_sense
from screens.shell.history import stories
from screens.shell.links import end_filters
from screens.widgets.page import Para
from screens.widgets.row import Row
from screens.widgets.rows import Rows
from screens.widgets.sections import heading_row, section

PAST_SHOWN = 200


class CallsScreen(Board[Key]):
    NAME = "calls"
    CONCERNS = frozenset({"calls", "customers", "people", "handbook", "views"})
    CHANGES = frozenset({"calls", "letters", "views"})
    CSS_PATH = "screen.tcss"
    BINDINGS = bindings("calls")
    ALONE = ALONE
    COLUMNS, INSIDE_COLUMNS = CALL_COLUMNS, STEP_COLUMNS
    OUTSIDE = "all calls"
    EMPTY = (
        "No call is planned. [calls.add] plans one by hand (tomorrow 10:00 will do); [calls.take_in] takes in "
        "a calendar file with invites, answers and cancellations."
    )

    def __init__(self) -> None:
        super().__init__()
        self._story = stories(self.workspace, self.asked)
        planning = CallPlanning(self)
        self.actions = (
            StepActions(self),
            CallEvents(self),
            planning,
            CallTexts(self),
            SeveralCalls(self, planning),
        )
        self._inside = ""
        """The id of the call whose steps are shown; empty: the list."""
        self._past_too = False
        self._mine_only = False
        self._turning: Timer | None = None
        self.searcher = lambda: self.workspace.searches.calls
        self.document_of = lambda key: self.workspace.calls.get(key.id) if isinstance(key, CallKey) else None

    # The list

    def fill(self) -> None:
        super().fill()
        self._wake_at_next_change()

    def rows_now(self) -> Sequence[Row[Key]]:
        words = CallWords(self.workspace)
        if self._inside:
            return list(self._inside_rows(words, self._call()))
        coming = self._chosen(self.workspace.calls.all())
        past = self._chosen(self._past())[:PAST_SHOWN] if self._past_too else []
        over = section("Over", self.rows_of(past, words.call_row))
        rows = [*self.rows_of(coming, words.call_row), *over]
        if self._mine_only and not rows:
            return [heading_row("mine", with_keys("You lead none of them; [calls.mine] shows everybody's"))]
        return rows

    def _past(self) -> list[Call]:
        """Those of the archive, too."""
        return self.asked.of("past", partial(self.workspace.calls.all, past=True), [], self.fill)

    def _chosen(self, calls: list[Call]) -> list[Call]:
        me = self.workspace.me.login
        return [call for call in calls if call.host == me] if self._mine_only else calls

    def _wake_at_next_change(self) -> None:
        """A stage changes by the clock alone: be there when it does."""
        if self._turning is not None:
            self._turning.stop()
        now, calls = self.workspace.now(), self.workspace.calls
        rules = calls.rules()
        changes = Sieve().each(calls.all(), lambda call: [next_change(call, now, rules)])
        moments = [at for at in changes if at is not None]
        if moments:
            seconds = (min(moments) - now).total_seconds()
            self._turning = self.set_timer(min(max(0.1, seconds), 3600), self.refill)

    def minute(self) -> None:
        self.fill()

    # Inside a call

    def _call(self) -> Call:
        return self.workspace.calls.find(self._inside)

    def _inside_rows(self, words: CallWords, call: Call) -> Iterator[Row[Key]]:
        view = self.workspace.calls.view(call)
        name = f"{call.customer} ({words.company(call)}) · {words.when(call.start)} · {view.stage}"
        yield heading_row("call", name)
        for top in self._in_order(view):
            yield from self._step_rows(words, view, top, 0)
        yield from section("Next steps", map(words.next_step_row, call.next_steps))

    def _in_order(self, view: CallView) -> list[StepView]:
        """When nobody came, the ladder is first."""
        group = self.workspace.handbook.calls.missed.group
        if view.call.missed_at is None:
            return list(view.steps)
        return sorted(view.steps, key=lambda top: top.key != group)

    def _step_rows(self, words: CallWords, view: CallView, shown: StepView, depth: int) -> Iterator[Row[Key]]:
        yield words.step_row(view, shown, depth)
        if shown.state == "not applicable":  # one reason is enough for all that is in it
            return
        for inner in shown.steps:
            yield from self._step_rows(words, view, inner, depth + 1)

    def page_of(self, key: Key) -> Sequence[Para]:
        calls = self.workspace.calls
        if isinstance(key, CallKey):
            return CallPage(self.workspace, calls.find(key.id), self._story).paras()
        call = self._call()
        page = CallPage(self.workspace, call, self._story)
        if not isinstance(key, StepKey):
            return page.paras()
        shown = page.view.step(key.step)
        contacts = {contact.key: contact for contact in (*calls.ladder(call), *calls.confirming(call))}
        return page.step_paras(shown, contacts.get(key.step)) if shown is not None else ()

    def to_copy(self) -> str:
        """The text of a step; else what the page says."""
        step, call = self.step_here(), self.call_here()
        text = (
            self.workspace.calls.texts.of_step(call, step.key)
            if step is not None and call is not None
            else ""
        )
        return text or super().to_copy()

    def looking_at(self, key: Key) -> str | None:
        return self._inside or (key.id if isinstance(key, CallKey) else None)

    def key_of(self, id_: str) -> Key:
        return CallKey(id_)

    def links_here(self) -> Sequence[str]:
        """The one to join comes first."""
        call, others = self.call_here(), super().links_here()
        return [call.join_url, *others] if call and call.join_url else others

    def customer_here(self) -> str:
        call = self.call_here()
        return call.account if call else ""

    # Going in and out

    @on(Rows.Opened)
    def _go_in(self, event: Rows.Opened) -> None:
        if isinstance(event.row.key, CallKey):
            event.prevent_default()
            self.enter(event.row.key.id)

    def enter(self, id_: str, step: str = "") -> None:
        """Show the steps of a call, the cursor on this one or on the first that can be done."""
        call = self.workspace.calls.find(id_)
        if not makes_sense(
            self.fleettui, call.id, lambda: self._inside_rows(CallWords(self.workspace), call)
        ):
            return
        end_filters(self)
        self._inside = call.id
        self.remove_class("-open")
        self.fill()
        first = step or _first_open(self._in_order(self.workspace.calls.view(self._call())))
        if first:
            self.rows.go_to(StepKey(first))
        self.rows.focus()
        self.show_page()
        self.fleettui.announce(self.NAME, self._inside)

    def leave_call(self, goes_to: str) -> None:
        """Back to the list, the cursor on this call."""
        end_filters(self)
        self._inside = ""
        self.fill()
        self.rows.go_to(CallKey(goes_to))

    @property
    def inside(self) -> str:
        return self._inside

    def go_inside(self, id_: str) -> None:
        if id_:
            self.enter(id_)
        else:
            self._inside = ""
            self.fill()

    def reveal(self, id_: str, step: str = "") -> None:
        self.enter(id_, step)

    async def do_back(self) -> None:
        if self._inside and not self.is_filtering:
            left, self._inside = self._inside, ""
            self.fill()
            self.rows.go_to(CallKey(left))
            self.fleettui.announce(self.NAME)
        else:
            await super().do_back()

    # What the cursor is on

    def call_here(self) -> Call | None:
        if self._inside:
            return self._call()
        return self.workspace.calls.find(self.key.id) if isinstance(self.key, CallKey) else None

    def step_here(self) -> StepView | None:
        if not (self._inside and isinstance(self.key, StepKey)):
            return None
        return self.workspace.calls.view(self._call()).step(self.key.step)

    def go_on(self) -> None:
        self.rows.do_down()

    def why_not(self, command_id: str) -> str | None:
        scope, _, verb = command_id.rpartition(".")
        if verb in ("take_in", "slots_file") and scope == "calls" and access.current().why_no_files:
            return access.current().why_no_files
        if scope != "calls" or verb in ("add", "take_in", "past", "mine", "bell"):
            return super().why_not(command_id)
        if self.call_here() is None:
            return with_keys(NEEDS_CALL)
        if verb in ("proof", "skip") and self.step_here() is None:
            return with_keys(NEEDS_STEP)
        return None

    # The rest

    def do_past(self) -> None:
        self._past_too = not self._past_too
        self._inside = ""
        self.fill()
        self.fleettui.say("With those that are over." if self._past_too else "Only those to come.")

    def do_mine(self) -> None:
        self._mine_only = not self._mine_only
        self._inside = ""
        self.fill()
        self.fleettui.say("Only the calls that you lead." if self._mine_only else "Everybody's calls.")

    def do_bell(self) -> None:
        silent = not bell.is_silent()
        bell.silence(silent)
        self.fleettui.say(
            "The bell is silent; join times are still shown." if silent else "The bell rings at join time."
        )


def _first_open(views: Sequence[StepView]) -> str:
    """The key of the first step that can be done now."""
    for shown in views:
        if shown.steps:
            inner = _first_open(shown.steps)
            if inner:
                return inner
        elif shown.state == "todo":
            return shown.key
    return ""
