"""Calls: those to come and what prepares them; inside one, its steps, the ladder when nobody comes, and what was agreed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from textual import on
from textual.timer import Timer

from fleettui.domain.calls.model import Call
from fleettui.domain.calls.stages import CallView, next_change
from fleettui.domain.checklists.model import StepView
from fleettui.errors import Refused
from fleettui.time.typed import a_day, a_time
from screens.calls import bell
from screens.calls.wording import CallWords
from screens.commands.catalogue import bindings
from screens.dialogs.form import Form, FormField, Values
from screens.shell.board import Board
from screens.widgets.columns import Column
from screens.widgets.filter_line import FilterLine
from screens.widgets.page import Para
from screens.widgets.row import Row
from screens.widgets.rows import Rows

CALL, STEP, NEXT = "call ", "step ", "next "
"""How the keys of rows begin."""
CALL_COLUMNS = (
    Column("who", width=18, grow=3),
    Column("when", width=12),
    Column("left", width=11, hide=1),
    Column("stage", width=16),
)
STEP_COLUMNS = (Column("step", width=30, grow=3), Column("about", width=22, grow=1, hide=1))
PAST_SHOWN = 200
NEEDS_CALL = "Put the cursor on a call; a plans one, i takes in a calendar file."
NEEDS_STEP = "Put the cursor on a step: Enter on a call shows them."


class CallsScreen(Board):
    NAME = "calls"
    CONCERNS = frozenset({"calls", "customers", "people", "handbook"})
    CSS_PATH = "screen.tcss"
    BINDINGS = bindings("calls")
    COLUMNS = CALL_COLUMNS
    EMPTY = (
        "No call is planned. a plans one by hand (tomorrow 10:00 will do); i takes in a calendar file with invites, "
        "answers and cancellations."
    )

    def __init__(self) -> None:
        super().__init__()
        self._inside = ""
        """The id of the call whose steps are shown; empty: the list."""
        self._past_too = False
        self._turning: Timer | None = None

    # The list

    def fill(self) -> None:
        columns = STEP_COLUMNS if self._inside else CALL_COLUMNS
        self.rows.set_columns(columns)
        super().fill()
        self._wake_at_next_change()

    def rows_now(self) -> Sequence[Row]:
        words = CallWords(self.workspace)
        if self._inside:
            return list(self._inside_rows(words, self._call()))
        coming = self.workspace.calls.all()
        past = self.workspace.calls.all(past=True)[:PAST_SHOWN] if self._past_too else []
        return [
            *(words.row(one, CALL) for one in coming),
            *([Row("heading past", ("Over",), heading=True)] if past else []),
            *(words.row(one, CALL) for one in past),
        ]

    def _wake_at_next_change(self) -> None:
        """A stage changes by the clock alone: be there when it does."""
        if self._turning is not None:
            self._turning.stop()
        now, verbs = self.workspace.now(), self.workspace.calls
        rules = verbs.rules()
        moments = [at for one in verbs.all() if (at := next_change(one, now, rules)) is not None]
        if moments:
            seconds = (min(moments) - now).total_seconds()
            self._turning = self.set_timer(min(max(0.1, seconds), 3600), self.refill)

    def minute(self) -> None:
        self.fill()

    # Inside a call

    def _call(self) -> Call:
        return self.workspace.calls.find(self._inside)

    def _inside_rows(self, words: CallWords, call: Call) -> Iterator[Row]:
        view = self.workspace.calls.view(call)
        name = f"{call.customer} ({words.company(call)}) · {words.when(call.start)} · {view.stage}"
        yield Row("heading call", (name,), heading=True)
        for top in self._in_order(view):
            yield from self._step_rows(words, view, top, 0)
        if call.next_steps:
            yield Row("heading next", ("Next steps",), heading=True)
        for one in call.next_steps:
            yield words.next_row(one, NEXT)

    def _in_order(self, view: CallView) -> list[StepView]:
        """Where somebody is missed, the ladder stands first."""
        group = self.workspace.handbook.calls.missed.group
        first = [one for one in view.steps if one.key == group and view.call.missed_at is not None]
        return [*first, *(one for one in view.steps if one not in first)]

    def _step_rows(self, words: CallWords, view: CallView, shown: StepView, depth: int) -> Iterator[Row]:
        yield words.step_row(view, shown, depth, STEP)
        if shown.state == "not applicable":  # one reason is enough for all that is in it
            return
        for one in shown.steps:
            yield from self._step_rows(words, view, one, depth + 1)

    def page_of(self, key: str) -> Sequence[Para]:
        kind, _, name = key.partition(" ")
        words, verbs = CallWords(self.workspace), self.workspace.calls
        if kind == "call":
            return words.page(verbs.find(name))
        call = self._call()
        if kind != "step":
            return words.page(call)
        shown = verbs.view(call).step(name)
        rungs = {one.key: one for one in (*verbs.ladder(call), *verbs.confirming(call))}
        return words.step_page(call, shown, rungs.get(name)) if shown is not None else ()

    def to_copy(self) -> str:
        """The text of a step; else what the page says."""
        step, call = self._step(), self._call_here()
        text = self.workspace.calls.text_of(call, step.key) if step is not None and call is not None else ""
        return text or super().to_copy()

    def looking_at(self, key: str) -> str | None:
        return self._inside or key.removeprefix(CALL)

    def customer_here(self) -> str:
        call = self._call_here()
        return call.account if call else ""

    # Going in and out

    @on(Rows.Opened)
    def _go_in(self, event: Rows.Opened) -> None:
        if event.row.key.startswith(CALL):
            event.prevent_default()
            self.enter(event.row.key.removeprefix(CALL))

    def enter(self, id_: str, step: str = "") -> None:
        """Show the steps of a call, the cursor on this one or on the first that can be done."""
        self._inside = self.workspace.calls.find(id_).id
        self.remove_class("-open")
        self.fill()
        view = self.workspace.calls.view(self._call())
        first = step or _first_open(self._in_order(view))
        if first:
            self.rows.go_to(STEP + first)
        self.rows.focus()
        self.tell()
        self.fleettui.present(self.NAME, self._inside)

    def reveal(self, id_: str, step: str = "") -> None:
        self.enter(id_, step)

    async def do_back(self) -> None:
        if self._inside and not any(line.display for line in self.query(FilterLine)):
            was, self._inside = self._inside, ""
            self.fill()
            self.rows.go_to(CALL + was)
            self.fleettui.present(self.NAME)
        else:
            await super().do_back()

    # What the cursor is on

    def _call_here(self) -> Call | None:
        if self._inside:
            return self._call()
        key = self.rows.key or ""
        return self.workspace.calls.find(key.removeprefix(CALL)) if key.startswith(CALL) else None

    def _step(self) -> StepView | None:
        key = self.rows.key or ""
        if not (self._inside and key.startswith(STEP)):
            return None
        return self.workspace.calls.view(self._call()).step(key.removeprefix(STEP))

    def why_not(self, command_id: str) -> str | None:
        scope, _, verb = command_id.rpartition(".")
        if scope != "calls" or verb in ("add", "take_in", "past", "bell"):
            return super().why_not(command_id)
        if self._call_here() is None:
            return NEEDS_CALL
        if verb in ("proof", "skip") and self._step() is None:
            return NEEDS_STEP
        return None

    @property
    def _here(self) -> Call:
        call = self._call_here()
        if call is None:
            raise Refused(NEEDS_CALL)
        return call

    # Steps

    def do_tick(self) -> None:
        key, step = self.rows.key or "", self._step()
        call, verbs = self._here, self.workspace.calls
        if key.startswith(NEXT):
            number = key.removeprefix(NEXT)
            self._write(partial(verbs.next_step_done, call.id, number), "Done.")
        elif step is None:
            self.enter(call.id)
        elif step.state in ("done", "skipped"):
            self._write(partial(verbs.uncheck, call.id, step.key), f"{step.label}: open again.")
        else:
            self._tick(call, step)

    def _tick(self, call: Call, step: StepView) -> None:
        """The link and the documents are tried by the product; everything else is said by a person."""
        verbs = self.workspace.calls
        if step.key == "link" and call.join_url:
            self._try(partial(verbs.test_link, call.id), step)
        elif step.key == "documents-open" and any(one.url for one in call.documents):
            self._try(partial(verbs.test_documents, call.id), step)
        else:
            self._write(partial(verbs.check, call.id, step.key), f"Done: {step.label}.", go_on=True)

    def _try(self, test: Callable[[], Any], step: StepView) -> None:
        self.fleettui.say(f"{step.label}: trying … (p ticks it by hand)", seconds=10)
        self.run_worker(self._tried(test), group="links", exit_on_error=False)

    async def _tried(self, test: Callable[[], Any]) -> None:
        """In a thread of its own: what is being saved must not wait for a slow link."""
        import asyncio

        try:
            answers = await asyncio.to_thread(test)
        except Exception as error:
            self.fleettui.report(error, "trying the link")
            return
        found = answers if isinstance(answers, list) else [answers]
        bad = [one for one in found if not one.works]
        told = "; ".join(f"{one.url}: {one.told}" if len(found) > 1 else one.told for one in bad or found)
        self.fleettui.everything_changed()
        self.fleettui.say(("✗ " if bad else "✓ ") + told, "warning" if bad else "information", 10)

    def do_proof(self) -> None:
        call, step = self._here, self._step()
        if step is not None:
            hint = step.step.evidence.what if step.step.evidence else "what proves it, in a few words"
            self._form(
                f"By hand: {step.label}",
                [FormField("evidence", "Proof", hint=hint)],
                f"calls proof {call.id} {step.key}",
                lambda typed: self.workspace.calls.check(call.id, step.key, typed.get("evidence", "")),
                "Done.",
            )

    def do_skip(self) -> None:
        call, step = self._here, self._step()
        if step is not None:
            self._form(
                f"Leave out: {step.label}",
                [FormField("why", "Why", hint="in a few words, for the others")],
                f"calls skip {call.id} {step.key}",
                lambda typed: self.workspace.calls.skip(call.id, step.key, typed.get("why", "")),
                "Left out.",
            )

    # What happens

    def do_nobody(self) -> None:
        """Opens the ladder, the cursor on its first rung: y copies the message, Space logs it."""
        call = self._here

        def opened(made: Call) -> None:
            self.enter(made.id)
            self.fleettui.say("y copies the message, Space logs it, J when they came.", seconds=8)

        self.fleettui.write(partial(self.workspace.calls.missed, call.id), opened, doing="missed")

    def do_here(self) -> None:
        call = self._here
        self._write(partial(self.workspace.calls.joined, call.id), f"{call.customer} is here.")

    def do_over(self) -> None:
        call = self._here
        fields = [
            FormField("why", "How it went", hint="in a line"),
            FormField("notes", "Notes", call.notes),
            FormField("what", "Next step", hint="what is to be done; n adds more"),
            FormField("owner", "Who", hint="one of us, or of theirs"),
            FormField("due", "Until", hint="friday, tomorrow, 2026-03-12"),
        ]
        zone, now = self.workspace.zone, self.workspace.now

        def save(typed: Values) -> Call:
            steps: tuple[tuple[str, str, date], ...] = ()
            if typed.get("what") or typed.get("owner") or typed.get("due"):
                due = a_day(typed.get("due", ""), "due", now(), zone)
                steps = ((typed.get("what", ""), typed.get("owner", ""), due),)
            return self.workspace.calls.done(
                call.id, why=typed.get("why", ""), notes=typed.get("notes", ""), next_steps=steps
            )

        self._form(f"Over: {call.customer}", fields, f"calls over {call.id}", save, "Over.")

    def do_agree(self) -> None:
        call = self._here
        zone, now = self.workspace.zone, self.workspace.now
        fields = [
            FormField("what", "Next step", hint="what is to be done"),
            FormField("owner", "Who", hint="one of us, or of theirs"),
            FormField("due", "Until", hint="friday, tomorrow, 2026-03-12"),
        ]

        def save(typed: Values) -> Call:
            due = a_day(typed.get("due", ""), "due", now(), zone)
            return self.workspace.calls.agree(call.id, typed.get("what", ""), typed.get("owner", ""), due)

        self._form(f"Next step with {call.customer}", fields, f"calls agree {call.id}", save, "Written down.")

    def do_cancel(self) -> None:
        call = self._here
        self._form(
            f"Will not take place: {call.title}",
            [FormField("why", "Why", hint="in a few words")],
            f"calls cancel {call.id}",
            lambda typed: self.workspace.calls.cancel(call.id, typed.get("why", "")),
            "Cancelled.",
        )

    # Making and changing

    def do_add(self) -> None:
        fields = [
            FormField("customer", "Customer", hint="one of the list, or any company"),
            FormField("start", "When", hint="tomorrow 10:00, fri 9:30, 2026-03-12T10:00"),
            FormField("minutes", "Minutes", hint="30"),
            FormField("attendees", "Invited", hint="e-mail addresses, with commas"),
            FormField("join_url", "Video link", hint="https://…"),
            FormField("kind", "Kind", hint="customer, handoff, kick-off, check-in"),
        ]
        zone, now = self.workspace.zone, self.workspace.now

        def save(typed: Values) -> Call:
            people = [part.strip() for part in typed.get("attendees", "").split(",") if part.strip()]
            return self.workspace.calls.new(
                typed.get("customer", ""),
                a_time(typed.get("start", ""), "start", now(), zone),
                minutes=typed.get("minutes"),
                kind=typed.get("kind", ""),
                attendees=people,
                fields={"join_url": typed["join_url"]} if typed.get("join_url") else {},
            )

        self._form("Plan a call", fields, "calls add", save, "Planned.")

    def do_edit(self) -> None:
        call, zone, now = self._here, self.workspace.zone, self.workspace.now
        start = f"{call.start.astimezone(zone):%Y-%m-%d %H:%M}"
        fields = [
            FormField("title", "Title", call.title),
            FormField("customer", "Person", call.customer),
            FormField("company", "Company", call.company),
            FormField("start", "When", start, "tomorrow 10:00, 2026-03-12 10:00"),
            FormField("minutes", "Minutes", str(call.minutes)),
            FormField("join_url", "Video link", call.join_url),
            FormField("host", "Leads", call.host),
            FormField("notes", "Notes", call.notes),
        ]

        def save(typed: Values) -> Call:
            changed: dict[str, Any] = dict(typed)
            if "start" in changed:
                changed["start"] = a_time(changed["start"], "start", now(), zone)
            return self.workspace.calls.edit(call.id, changed, seen=call.rev)

        self._form(f"Change {call.title}", fields, f"calls edit {call.id}", save, "Saved.")

    def do_attach(self) -> None:
        call = self._here
        self._form(
            "A document for the agenda",
            [FormField("url", "Link", hint="https://…"), FormField("title", "Called")],
            f"calls attach {call.id}",
            lambda typed: self.workspace.calls.attach(call.id, typed.get("url", ""), typed.get("title", "")),
            "Attached.",
        )

    def do_take_in(self) -> None:
        def save(typed: Values) -> Any:
            file = Path(typed.get("file", "")).expanduser()
            try:
                content = file.read_bytes()
            except OSError as error:
                raise Refused(f"it cannot be read: {error.strerror}", field="file") from None
            return self.workspace.calls.import_file(content)

        form = Form(
            "Take in a calendar file",
            [FormField("file", "File", hint="invite.ics on this box")],
            about="calls take in",
            save=save,
            saved=lambda imported: self.fleettui.say(
                "\n".join([imported.summary, *imported.problems[:3]]), seconds=10
            ),
        )
        self.fleettui.push_screen(form)

    # Copying

    def do_notes_name(self) -> None:
        """CALL-2: title and heading of the notes document."""
        call, verbs = self._here, self.workspace.calls
        self._copy(f"{verbs.notes_title(call)}\n{verbs.notes_heading(call)}")

    def do_link(self) -> None:
        call = self._here
        if not call.join_url:
            raise Refused("No link is known. e adds one.")
        self._copy(call.join_url)

    def do_slots(self) -> None:
        """Other times: the message with two or three of them."""
        call, verbs = self._here, self.workspace.calls
        note = verbs.slots(call).note
        self._copy(verbs.message(call, "call-slots"), note)

    def do_slots_file(self) -> None:
        call = self._here
        file = Path.home() / f"other-times-{call.id}.ics"

        def write() -> Path:
            content = self.workspace.calls.slots_file(call)
            try:
                file.write_bytes(content)
            except OSError as error:
                raise Refused(f"{file}: cannot be written: {error.strerror}") from None
            return file

        self.fleettui.write(write, lambda made: self.fleettui.say(f"To attach: {made}", seconds=10))

    def _copy(self, text: str, note: str = "") -> None:
        self.fleettui.copy_to_clipboard(text)
        self.fleettui.say(
            "\n".join(filter(None, ["Copied, if your terminal allows it:", note, text])), seconds=10
        )

    # The rest

    def do_past(self) -> None:
        self._past_too = not self._past_too
        self._inside = ""
        self.fill()
        self.fleettui.say("With those that are over." if self._past_too else "Only those to come.")

    def do_bell(self) -> None:
        silent = not bell.is_silent()
        bell.silence(silent)
        self.fleettui.say(
            "The bell is silent; join times are still shown." if silent else "The bell rings at join time."
        )

    def _write(self, verb: Callable[[], Any], said: str, *, go_on: bool = False) -> None:
        def then(_: object) -> None:
            self.fleettui.say(said)
            if go_on:
                self.rows.do_down()

        self.fleettui.write(verb, then)

    def _form(
        self,
        name: str,
        fields: Sequence[FormField],
        about: str,
        save: Callable[[Values], Any],
        said: str,
    ) -> None:
        form = Form(name, fields, about=about, save=save, saved=lambda _: self.fleettui.say(said))
        self.fleettui.push_screen(form)


def _first_open(views: Sequence[StepView]) -> str:
    for one in views:
        if one.steps:
            found = _first_open(one.steps)
            if found:
                return found
        elif one.state == "todo":
            return one.key
    return ""
